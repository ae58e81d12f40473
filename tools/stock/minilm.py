"""MiniLM: the meaning of a sentence in 384 numbers, by numpy alone.

Knows nothing about indexes. Wang et al. 2020, "MiniLM"; the weights are sentence-transformers/all-MiniLM-L6-v2, mean
pooling over the words and unit length as its card says.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import ToolMissing
from .vectors import Vectors

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = "minilm"
"""In the model lock."""
LAYERS, HEADS, LONGEST, BATCH = 6, 12, 256, 32
_ROOT_OF_TWO_OVER_PI = 0.7978845608
_Weights = dict[str, NDArray[np.float32]]


class MiniLM:
    """An Embedder. Its weights are read when it is first asked."""

    name = "minilm-l6-v2"
    size = 384

    def __init__(self, folder: Path) -> None:
        """`folder` holds model.safetensors and tokenizer.json, as the lock names them."""
        self._folder = folder

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A row for each text; of a text longer than 256 tokens the rest is not read. 11 CPU ms a short one."""
        rows = np.zeros((len(texts), self.size), np.float32)
        # Sentences of like length side by side: padding is work for nothing.
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            rows[batch] = self._forward([texts[index] for index in batch])
        return rows

    def _forward(self, texts: Sequence[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(list(texts))
        ids = np.array([row.ids for row in encoded])
        mask = np.array([row.attention_mask for row in encoded], np.float32)
        weights = self._weights
        hidden = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        hidden = self._norm(hidden, "embeddings.LayerNorm")
        unseen = (1 - mask)[:, None, None, :] * np.float32(-1e4)
        for layer in range(LAYERS):
            hidden = self._layer(hidden, unseen, f"encoder.layer.{layer}")
        mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        unit: Vectors = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit

    def _layer(self, hidden: Vectors, unseen: Vectors, name: str) -> Vectors:
        count, length, width = hidden.shape

        def heads(part: str) -> Vectors:
            projected = self._linear(hidden, f"{name}.attention.self.{part}")
            return projected.reshape(count, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)

        scores = heads("query") @ heads("key").transpose(0, 1, 3, 2) / np.sqrt(np.float32(width / HEADS)) + unseen
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ heads("value")
        mixed = mixed.transpose(0, 2, 1, 3).reshape(count, length, width)
        hidden = self._norm(
            hidden + self._linear(mixed, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm"
        )
        wide = _gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._norm(hidden + self._linear(wide, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _linear(self, values: Vectors, name: str) -> Vectors:
        product: Vectors = values @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return product

    def _norm(self, values: Vectors, name: str) -> Vectors:
        centred = values - values.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + 1e-12)
        normal: Vectors = centred / spread * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return normal

    @cached_property
    def _weights(self) -> _Weights:
        try:
            from safetensors.numpy import load_file
        except ImportError as error:
            raise ToolMissing(
                "safetensors is not installed.", "Install it: pip install 'reelwright[stock]'."
            ) from error
        weights: _Weights = load_file(self._folder / "model.safetensors")
        return weights

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        try:
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ToolMissing("tokenizers is not installed.", "Reinstall reelwright.") from error
        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.enable_truncation(LONGEST)
        tokenizer.enable_padding()
        return tokenizer


def _gelu(values: Vectors) -> Vectors:
    """The tanh form (Hendrycks and Gimpel 2016); at most 0.001 from the exact one."""
    inner = _ROOT_OF_TWO_OVER_PI * (values + np.float32(0.044715) * values * values * values)
    curve: Vectors = np.float32(0.5) * values * (1 + np.tanh(inner))
    return curve
