"""CLIP and SigLIP: what a picture means, in the same numbers as what a text means.

Knows nothing about indexes. Loaded from a local folder of safetensors, offline and without remote code; nobody can say
here by which hash, so the folder is the user's own (the option `folder` of `stock.clip`), not a row of the lock.
"""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import Refused, ToolMissing
from .vectors import Pixels, Vectors

BATCH = 16


class Clip:
    """An Embedder of texts that also sees. Its weights are read when it is first asked."""

    span = (0.12, 0.36)
    """Cosines of a text and a picture that have nothing and everything in common: Radford et al. 2021 train with a
    temperature of 0.01, under which a fit stands at about 0.3 and chance at 0.15."""

    def __init__(self, folder: Path) -> None:
        """`folder` holds config.json, model.safetensors and the files of tokenizer and image processor.

        Raises:
            Refused: it holds no safetensors.
        """
        if not any(folder.glob("*.safetensors")):
            raise Refused(f"{folder} holds no safetensors.", "Save the model in that form: pickles are not loaded.")
        self._folder = folder
        self.name = f"clip-{folder.name}".lower().replace("_", "-")
        self.size = _width(folder / "config.json")

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text."""
        return self._batches(texts, self._read)

    def see(self, pictures: Sequence[Pixels]) -> Vectors:
        """A row for each RGB picture."""
        return self._batches(pictures, self._look)

    def _batches(self, things: Sequence[Any], work: Any) -> Vectors:
        rows = [work(things[first : first + BATCH]) for first in range(0, len(things), BATCH)]
        whole: Vectors = np.concatenate(rows) if rows else np.zeros((0, self.size), np.float32)
        return whole

    def _read(self, texts: Sequence[str]) -> Vectors:
        import torch

        model, processor = self._loaded
        asked = processor(text=list(texts), return_tensors="pt", padding="max_length", truncation=True)
        with torch.inference_mode():
            return _unit(model.get_text_features(**asked))

    def _look(self, pictures: Sequence[Pixels]) -> Vectors:
        import torch

        model, processor = self._loaded
        shown = processor(images=[np.ascontiguousarray(picture) for picture in pictures], return_tensors="pt")
        with torch.inference_mode():
            return _unit(model.get_image_features(**shown))

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            from transformers import AutoModel, AutoProcessor
        except ImportError as error:
            raise ToolMissing(
                "transformers is not installed.", "Install it: pip install transformers torch."
            ) from error
        given = {"local_files_only": True, "trust_remote_code": False}
        try:
            model = AutoModel.from_pretrained(self._folder, use_safetensors=True, **given)
            processor: Any = AutoProcessor
            return model.eval(), processor.from_pretrained(self._folder, **given)
        except (OSError, ValueError) as error:
            raise Refused(f"{self._folder} cannot be loaded: {error}.", "Download the model again.") from error


def _width(config: Path) -> int:
    """Numbers in a vector: CLIP projects both towers, SigLIP's have one width."""
    try:
        told = json.loads(config.read_text("utf-8"))
        return int(told.get("projection_dim") or told["text_config"]["hidden_size"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"{config} describes no CLIP or SigLIP model.", "Download the model again.") from error


def _unit(features: Any) -> Vectors:
    # Newer releases answer with an object, older ones with the tensor itself.
    tensor = getattr(features, "pooler_output", features)
    rows = tensor.float().numpy()
    unit: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit
