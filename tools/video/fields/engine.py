"""The field model on onnxruntime: words, numbers and guides in, a field out. No torch.

Knows the shipped model's file; knows nothing about palettes or shots.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...errors import ToolMissing
from ...media import Size
from .codec import decode
from .guide import conditions, guides
from .sampler import Plan, Velocity, noise, sample

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

Array = NDArray[np.float32]
FOLDER = Path(__file__).parent
SHORT = 20
"""Rows or columns along the short side, as trained."""
NUMBERS = 3
PRESETS = {"quick": Plan(steps=8, bend=2), "final": Plan(steps=20, guidance=2.2, bend=2)}
"""Steps of each preset, whose network has its name; the model card has the figures behind them."""


def lattice(size: Size) -> tuple[int, int]:
    """Rows and columns of a field for a film's shape, multiples of four.

    >>> lattice(Size(width=1080, height=1920))
    (36, 20)
    """
    short = min(size.width, size.height)
    rows, columns = (4 * round(SHORT * side / short / 4) for side in (size.height, size.width))
    return rows, columns


def graph(preset: str) -> Path:
    """The network of a preset: a graph beside the weights that it points into."""
    return FOLDER / f"{preset}.onnx"


class Engine:
    """One network, loaded when it is first asked. Its threads are few: shots run side by side."""

    def __init__(self, model: Path, threads: int = 1) -> None:
        self._model, self._threads = model, threads

    def draw(
        self,
        text: Array,
        shape: tuple[int, int, int],
        seed: int,
        plan: Plan,
        *,
        numbers: Sequence[float | None] = (None,) * NUMBERS,
        first: Array | None = None,
        calm: Array | None = None,
        told: Callable[[int, Array], None] = lambda step, field: None,
    ) -> Array:
        """A field (3, T, H, W) for a caption's vector (384).

        Args:
            shape: frames, rows and columns.
            numbers: speed, scale and density, where they are asked for.
            first: (3, H, W), what the loop begins with; calm: (H, W), 0 to 1, where little is to move.
        """
        start = noise((1, 3, *shape), seed)
        coded = sample(
            self._velocity, start, text[None], conditions(numbers), guides(shape, first, calm), plan,
            lambda step, guess: told(step, decode(guess)[0]),
        )  # fmt: skip
        field: Array = decode(coded)[0]
        return field

    @cached_property
    def _velocity(self) -> Velocity:
        session = self._session

        def velocity(noisy: Array, time: Array, text: Array, numbers: Array, guide: Array) -> Array:
            given = {"noisy": noisy, "time": time, "text": text, "numbers": numbers, "guide": guide}
            answer: Array = np.asarray(session.run(None, given)[0], np.float32)
            return answer

        return velocity

    @cached_property
    def _session(self) -> "InferenceSession":
        try:
            import onnxruntime
        except ImportError as error:
            raise ToolMissing("onnxruntime is not installed.", "Reinstall reelwright.") from error
        if not self._model.exists():
            raise ToolMissing(f"The field model {self._model.name} is missing.", "Reinstall reelwright.")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        return onnxruntime.InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])
