"""The field model as a diffusers pipeline: the same weights and steps as the onnxruntime engine, on torch.

Knows diffusers' formats. Plain `DiffusionPipeline.from_pretrained` cannot resolve classes outside diffusers without
`trust_remote_code`, which stays off: `FieldPipeline.opened(folder)` reads what `save_pretrained` wrote.
"""

from pathlib import Path

import numpy as np
import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.pipelines.pipeline_utils import DiffusionPipeline
from numpy.typing import NDArray
from torch import Tensor

from .codec import decode
from .guide import conditions, guides
from .network import ALIKE, STUNet
from .sampler import Plan, noise, sample

Array = NDArray[np.float32]
WEIGHTS = Path(__file__).parent / "fields.safetensors"


class FieldModel(ModelMixin, ConfigMixin):  # type: ignore[misc]  # diffusers has no types
    """STUNet with diffusers' saving and loading."""

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(self, widths: tuple[int, int, int] = (32, 96, 160), condition: int = 192) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.network = STUNet((widths[0], widths[1], widths[2]), condition)

    def forward(self, noisy: Tensor, time: Tensor, text: Tensor, numbers: Tensor, guide: Tensor) -> Tensor:
        """Velocity, as STUNet."""
        velocity: Tensor = self.network(noisy, time, text, numbers, guide)
        return velocity


class FieldPipeline(DiffusionPipeline):
    """A caption's vector to a field."""

    def __init__(self, unet: FieldModel) -> None:
        super().__init__()
        self.register_modules(unet=unet)  # type: ignore[no-untyped-call]

    @classmethod
    def shipped(cls, preset: str = "quick", weights: Path = WEIGHTS) -> "FieldPipeline":
        """The network of a preset, of those that come with the package."""
        from safetensors.torch import load_file

        held = load_file(weights)
        model = FieldModel()
        model.network.load_state_dict(
            {
                name.removeprefix(f"{preset}."): each.float()
                for name, each in held.items()
                if name.startswith((f"{preset}.", *ALIKE))
            }
        )
        return cls(model.eval())

    @classmethod
    def opened(cls, folder: Path) -> "FieldPipeline":
        """A pipeline that `save_pretrained` wrote; safetensors only."""
        return cls(FieldModel.from_pretrained(folder / "unet", use_safetensors=True, local_files_only=True).eval())

    @torch.no_grad()
    def __call__(
        self,
        text: Array,
        shape: tuple[int, int, int],
        seed: int,
        plan: Plan,
        *,
        numbers: tuple[float | None, ...] = (None, None, None),
        first: Array | None = None,
        calm: Array | None = None,
    ) -> Array:
        """A field (3, T, H, W); the arguments are Engine.draw's."""

        def velocity(*given: Array) -> Array:
            answer: Array = self.unet(*(torch.from_numpy(part) for part in given)).numpy()
            return answer

        start = noise((1, 3, *shape), seed)
        coded = sample(velocity, start, text[None], conditions(numbers), guides(shape, first, calm), plan)
        field: Array = decode(coded)[0]
        return field
