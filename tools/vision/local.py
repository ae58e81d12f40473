"""vision.transformers: image-text-to-text models from a folder on this machine, by Hugging Face transformers.

Knows how such a model is loaded and asked; knows nothing about which one it is: decoder-only models (LLaVA, Qwen-VL),
those with cross-attention (Llama Vision) and those that resample (Idefics, SmolVLM) answer the same call.
"""

import hashlib
import importlib.util
import threading
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from ..base import Cost, Device, Job
from ..errors import ToolFailed, ToolMissing
from . import VisionAnswer, VisionRequest

NAME = "vision.transformers"
PACKAGES = ("torch", "transformers")
_SETTING = f'Set model = "/folder/of/the/model" under [tools."{NAME}"] in reelwright.toml.'
_LOADING = (OSError, ValueError, RuntimeError, KeyError, ImportError, AttributeError, TypeError, IndexError)
"""What transformers raises for folders that are no model, or not one of this kind."""


class Loaded(NamedTuple):
    """A model that is ready to be asked."""

    processor: Any
    model: Any


class Local:
    """vision.transformers: safetensors from a local folder; no network, no code of the model's own."""

    name = NAME
    models: tuple[str, ...] = ()
    result = VisionAnswer

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._folder = Path(options["model"]).expanduser() if options.get("model") else None
        self._where, self._dtype = options.get("device", "cpu"), options.get("dtype", "auto")
        self.device: Device = "cpu" if self._where == "cpu" else "gpu"
        self._loaded: Loaded | None = None
        self._guard = threading.Lock()

    @cached_property
    def version(self) -> str:
        """Ours, and which model it is: its answers are cached by both."""
        if self._folder is None or not self._folder.is_dir():
            return "1"
        rows = [f"{path.name} {path.stat().st_size}" for path in sorted(self._folder.iterdir()) if path.is_file()]
        config = self._folder / "config.json"
        rows.append(config.read_text("utf-8", "replace") if config.is_file() else "")
        return f"1+{hashlib.sha256(chr(10).join(rows).encode()).hexdigest()[:16]}"

    def ready(self) -> None:
        """Torch and transformers are installed and a folder with a model is named, or ToolMissing."""
        if self._folder is None:
            raise ToolMissing("No vision model is named.", _SETTING)
        missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
        if missing:
            raise ToolMissing(f"{' and '.join(missing)} not installed.", "Install the extra: reelwright[vision].")
        if not (self._folder / "config.json").is_file():
            raise ToolMissing(f"{self._folder} holds no model: there is no config.json.", _SETTING)
        if not any(self._folder.glob("*.safetensors")):
            raise ToolMissing(f"{self._folder} holds no safetensors; pickles are not opened.", "Convert the weights.")

    def quote(self, request: VisionRequest) -> Cost:
        """A guess for a small model on a CPU: a few seconds a picture, and some tokens a second."""
        return Cost(seconds=3.0 * len(request.images) + 0.1 * request.tokens)

    def run(self, request: VisionRequest, job: Job) -> VisionAnswer:
        """Ask once, greedily: the same question has the same answer.

        Raises:
            ToolFailed: the folder is no vision model, or the question does not fit into it.
        """
        from PIL import Image

        assert self._folder is not None
        pictures = []
        for asset in request.images:
            with Image.open(job.path(asset.id)) as image:
                pictures.append(image.convert("RGB"))
        with self._guard:  # one question at a time: a second copy of the activations may not fit
            loaded = self._load()
            try:
                text = _asked(loaded, pictures, request)
            except _LOADING as error:
                hint = "Ask with fewer pictures, or name another model."
                raise ToolFailed(f"{self._folder.name} could not answer: {error}", hint) from error
        return VisionAnswer(text=text, model=self._folder.name)

    def _load(self) -> Loaded:
        if self._loaded is None:
            import torch
            import transformers

            hub: Any = transformers
            here: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
            try:
                processor = hub.AutoProcessor.from_pretrained(self._folder, **here)
                dtype = self._dtype if self._dtype == "auto" else getattr(torch, self._dtype)
                model = hub.AutoModelForImageTextToText.from_pretrained(
                    self._folder, use_safetensors=True, dtype=dtype, **here
                )
            except _LOADING as error:
                raise ToolFailed(f"{self._folder} is no vision model that can be loaded: {error}", _SETTING) from error
            self._loaded = Loaded(processor, model.eval().to(self._where))
        return self._loaded


def _asked(loaded: Loaded, pictures: list[Any], request: VisionRequest) -> str:
    import torch

    processor, model = loaded
    if getattr(processor, "chat_template", None):
        turns = [{"type": "image", "image": picture} for picture in pictures]
        talk = [{"role": "user", "content": [*turns, {"type": "text", "text": request.question}]}]
        words = processor.apply_chat_template(talk, add_generation_prompt=True, tokenize=False)
    else:  # a base model: pictures, then words
        words = getattr(processor, "image_token", "<image>") * len(pictures) + "\n" + request.question
    given = processor(images=[pictures], text=[words], return_tensors="pt", padding=True).to(model.device)
    torch.manual_seed(request.seed)
    with torch.inference_mode():
        tokens = model.generate(**given, max_new_tokens=request.tokens, do_sample=False)
    start = given["input_ids"].shape[1]
    return str(processor.batch_decode(tokens[:, start:], skip_special_tokens=True)[0]).strip()
