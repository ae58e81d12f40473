"""Batches: captions from a bank, fields from the teacher, conditions dropped by chance; the same seed, the same batch.

Knows nothing about networks. The bank's MiniLM embeddings are made once and kept beside the run.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from captions import Wish, params, wish
from grid import Grid, Params
from numpy.typing import NDArray
from teacher import blend, teach
from torch import Tensor

from reelwright.tools.video.fields.codec import encode
from reelwright.tools.video.fields.guide import places

Array = NDArray[np.float32]
SHAPES = ((36, 20), (20, 36), (20, 20), (24, 24))
"""Rows and columns of a batch, of which one is drawn."""
LENGTHS = ((12, 0.4), (16, 0.5), (24, 0.1))
"""Frames of a batch, and how often."""
WORDLESS, COUNTED, BEGUN, CALMED = 0.1, 0.5, 0.25, 0.3
"""How often a clip has no words, each number where some are given, a first frame, and a place that is to be calm.
Two thirds of the wordless have no numbers either: what guidance leads away from."""


@dataclass(frozen=True)
class Bank:
    """Captions with their embeddings, (n, 384)."""

    wishes: tuple[Wish, ...]
    vectors: Array


def bank(folder: Path, count: int, seed: int, held: bool = False) -> Bank:
    """`count` captions, embedded by MiniLM at their first use and kept under a digest of their words."""
    chance = np.random.default_rng(seed)
    wishes = tuple(wish(chance, held) for _ in range(count))
    texts = [each.text for each in wishes]
    digest = sha256("\n".join(texts).encode()).hexdigest()[:16]
    kept = folder / f"bank-{digest}.npy"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        np.save(kept, embed(texts))
    return Bank(wishes, np.load(kept))


def embed(texts: list[str]) -> Array:
    """MiniLM's vectors of unit length, by the model lock."""
    from reelwright.tools.models import Models
    from reelwright.tools.stock.minilm import MODEL, MiniLM

    return MiniLM(Models.installed(None, ()).path(MODEL)).embed(texts)


@dataclass(frozen=True)
class Batch:
    """What the network is given: field (B, 3, T, H, W), words, numbers, guide; and what was asked for."""

    field: Tensor
    text: Tensor
    numbers: Tensor
    guide: Tensor
    asked: tuple[tuple[Wish, Params], ...]


def form(seed: int) -> tuple[int, tuple[int, int]]:
    """Frames, and rows and columns, of a batch for training."""
    chance = np.random.default_rng(seed)
    frames = int(chance.choice([length for length, _ in LENGTHS], p=[often for _, often in LENGTHS]))
    return frames, SHAPES[int(chance.integers(len(SHAPES)))]


def draw(source: Bank, seed: int, size: int, frames: int, shape: tuple[int, int], *, plain: bool = False) -> Batch:
    """A batch; `plain` keeps all words and numbers and gives no other condition, as judges want it."""
    chance = np.random.default_rng(seed)
    rows, columns = shape
    grid, drawn = Grid(frames, rows, columns), []
    if frames == 1:
        grid = Grid(4, rows, columns)  # a still is a frame of a clip
    for _ in range(size):
        index = int(chance.integers(len(source.wishes)))
        each = source.wishes[index]
        asked = params(each, chance)
        clip = teach(each.motif, asked, grid, chance)
        if each.second:
            clip = blend(clip, teach(each.second, params(each, chance, each.second), grid, chance))
        drawn.append((index, asked, np.roll(clip, int(chance.integers(grid.frames)), axis=1)[:, :frames]))
    field = torch.from_numpy(encode(np.stack([clip for _, _, clip in drawn])))
    text = torch.from_numpy(source.vectors[[index for index, _, _ in drawn]])
    numbers = torch.tensor([(p.speed, p.scale, p.density, 1.0, 1.0, 1.0) for _, p, _ in drawn], dtype=torch.float32)
    guide = torch.zeros(size, 7, frames, rows, columns)
    guide[:, 5:] = torch.from_numpy(places(rows, columns))[None, :, None]
    if not plain:
        field = _guided(field, guide, chance)
        worded = (chance.random((size, 1)) > WORDLESS).astype(np.float32)
        text = text * torch.from_numpy(worded)
        often = chance.choice((0.0, COUNTED, 1.0), (size, 1), p=(0.2, 0.3, 0.5))
        often = often * np.maximum(worded, chance.random((size, 1)) < 1 / 3)
        given = torch.from_numpy((chance.random((size, 3)) < often).astype(np.float32))
        numbers = torch.cat((numbers[:, :3] * given, given), dim=1)
    asked_all = tuple((source.wishes[index], p) for index, p, _ in drawn)
    return Batch(field, text, numbers, guide, asked_all)


def _guided(field: Tensor, guide: Tensor, chance: np.random.Generator) -> Tensor:
    """Clips with a calm place, and first frames written into their guides."""
    size, _, frames, rows, columns = field.shape
    whole = field.clone()
    for index in range(size):
        if chance.random() < CALMED:
            calm = torch.from_numpy(calm_place(rows, columns, chance))
            mean = whole[index].mean(dim=(1, 2, 3), keepdim=True)
            whole[index] = mean + (whole[index] - mean) * (1 - 0.85 * calm)
            guide[index, 4] = calm
        if frames > 1 and chance.random() < BEGUN:
            guide[index, :3] = whole[index, :, :1]
            guide[index, 3, 0] = 1.0
    return whole


def calm_place(rows: int, columns: int, chance: np.random.Generator) -> Array:
    """A soft-edged box (H, W) of 0 to 1, where words will stand."""
    high, wide = chance.uniform(0.15, 0.4), chance.uniform(0.3, 0.8)
    top, left = chance.uniform(0.05, 0.95 - high), chance.uniform(0.05, 0.95 - wide) if wide < 0.9 else 0.05
    y, x = ((np.arange(count) + 0.5) / count for count in (rows, columns))
    soft = 18.0
    inside_y = 1 / (1 + np.exp(-soft * (y - top))) * 1 / (1 + np.exp(soft * (y - top - high)))
    inside_x = 1 / (1 + np.exp(-soft * (x - left))) * 1 / (1 + np.exp(soft * (x - left - wide)))
    return (inside_y[:, None] * inside_x[None]).astype(np.float32)
