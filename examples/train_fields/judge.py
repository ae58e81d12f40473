"""Judges field models: `python examples/train_fields/judge.py runs/judge quick.onnx:8,1,1 runs/dit:20,1.4,1 …`.

A model is a shipped graph or the folder of a run, with steps, guidance and bend.

A small classifier learns motifs and parameters from clips of the teacher; then it reads what the models made of
captions that it never saw, taught ones with numbers for speed, scale and density, held-out ones by words alone. Prints
one row a model: accuracy, correlation, Fréchet distance (Heusel et al. 2017, in
this classifier's features), diversity, nearest training clip, loop seam.
"""

import json
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from captions import WAYS
from data import Bank, Batch, bank, draw
from numpy.typing import NDArray
from teacher import MOTIFS
from torch import Tensor, nn
from torch.nn import functional
from train import NETWORKS

from reelwright.tools.video.fields.codec import decode
from reelwright.tools.video.fields.engine import Engine
from reelwright.tools.video.fields.network import circular
from reelwright.tools.video.fields.sampler import Plan, Velocity, noise, sample

Array = NDArray[np.float32]
SHAPE, MANY = (16, 24, 24), 16
"""Frames, rows and columns of what is judged, and how many clips are made at once."""
NAMES = list(MOTIFS)
MOVING = {"speed": 0, "scale": 1, "across": 2, "down": 3}


class Reader(nn.Module):
    """Reads the motif and the parameters of a clip; `features` are 96 numbers.

    Each motif has its own scale of parameters: fast rain and fast clouds are not equally fast.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 96)
        self.space = nn.ModuleList([nn.Conv3d(a, b, (1, 3, 3), padding=(0, 1, 1)) for a, b in pairwise(widths)])
        self.time = nn.ModuleList([nn.Conv3d(b, b, (3, 1, 1)) for b in widths[1:]])
        self.norm = nn.ModuleList([nn.GroupNorm(8, b) for b in widths[1:]])
        self.think = nn.Sequential(nn.Linear(2 * widths[-1], 128), nn.SiLU())
        self.motif, self.numbers = nn.Linear(128, len(NAMES)), nn.Linear(128, len(NAMES) * len(MOVING))

    def features(self, clip: Tensor) -> Tensor:
        """(B, 96) of (B, 3, T, H, W)."""
        return self._seen(clip).mean(dim=(2, 3, 4))

    def forward(self, clip: Tensor) -> tuple[Tensor, Tensor]:
        """Motif logits (B, motifs), and numbers as each motif would have them, (B, motifs, 4)."""
        values = self._seen(clip)
        known = self.think(torch.cat((values.mean(dim=(2, 3, 4)), values.std(dim=(2, 3, 4))), dim=1))
        return self.motif(known), self.numbers(known).view(-1, len(NAMES), len(MOVING))

    def _seen(self, clip: Tensor) -> Tensor:
        values = clip
        for space, time, norm, pool in zip(self.space, self.time, self.norm, (1, 1, 2), strict=True):
            values = functional.silu(norm(time(circular(space(values)))))
            values = functional.avg_pool3d(values, (pool, 2, 2))
        return values


def truth(batch: Batch) -> tuple[Tensor, Tensor]:
    """Motif numbers and parameters; a direction counts only where the motif has several."""
    motifs = torch.tensor([NAMES.index(wished.motif) for wished, _ in batch.asked])
    rows = []
    for wished, p in batch.asked:
        free = len(WAYS.get(wished.motif, ())) > 1 and not p.mirrored
        rows.append((p.speed, p.scale, float(np.cos(p.way)) if free else 0.0, float(np.sin(p.way)) if free else 0.0))
    return motifs, torch.tensor(rows, dtype=torch.float32)


def read(reader: Reader, clips: Tensor, motifs: Tensor) -> tuple[Tensor, Tensor]:
    """Motif logits, and the numbers by the scale of the motif that was asked for."""
    guess, much = reader(clips)
    return guess, much[torch.arange(len(clips)), motifs]


def learn(folder: Path, source: Bank, steps: int = 1500) -> Reader:
    """A trained reader, kept in `folder`."""
    torch.manual_seed(5)
    reader, kept = Reader(), folder / "reader.pt"
    if kept.exists():
        reader.load_state_dict(torch.load(kept, weights_only=True))
        return reader.eval()
    optimiser = torch.optim.AdamW(reader.parameters(), 2e-3)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1.0, (steps - step) / (0.5 * steps))
        batch = draw(source, 500_000_000 + step, 24, *shape_of(), plain=True)
        motifs, numbers = truth(batch)
        guess, much = read(reader, batch.field, motifs)
        loss = functional.cross_entropy(guess, motifs) + 4 * functional.mse_loss(much, numbers)
        loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 100 == 0:
            print(step, round(float(loss.detach()), 3), flush=True)
    torch.save(reader.state_dict(), kept)
    return reader.eval()


def shape_of() -> tuple[int, tuple[int, int]]:
    """Frames, and rows and columns, of what is judged."""
    return SHAPE[0], SHAPE[1:]


def single(source: Bank) -> Bank:
    """The captions that name one motif and no symmetry."""
    kept = [index for index, each in enumerate(source.wishes) if not each.second and not each.mirrored]
    return Bank(tuple(source.wishes[index] for index in kept), source.vectors[kept])


@dataclass(frozen=True)
class Made:
    """Clips of a model for captions, coded, with what was asked."""

    clips: Array
    batch: Batch


def make(velocity: Velocity, batch: Batch, plan: Plan, seed: int, *, counted: bool = False) -> Made:
    """What a model makes of a batch's captions, `counted` of their numbers too."""
    clips = []
    for first in range(0, len(batch.field), MANY):
        text = batch.text[first : first + MANY].numpy()
        start = np.concatenate([noise((1, 3, *SHAPE), seed + first + index) for index in range(len(text))])
        guide = batch.guide[: len(text)].numpy()
        numbers = batch.numbers[first : first + MANY].numpy() * np.float32(counted)
        clips.append(sample(velocity, start, text, numbers, guide, plan))
    return Made(np.concatenate(clips), batch)


def velocity_of(path: Path) -> Velocity:
    """What ships runs on onnxruntime; a run's average on torch, in bf16 as it was trained."""
    if path.suffix == ".onnx":
        return Engine(path)._velocity
    state = torch.load(path / "checkpoint.pt", weights_only=True)["average"]
    network = NETWORKS["stunet" if "enter.weight" in state else "dit"]()
    network.load_state_dict(state)
    network = network.eval().to(memory_format=torch.channels_last_3d)

    @torch.no_grad()
    def velocity(*given: Array) -> Array:
        parts = [torch.from_numpy(part) for part in given]
        parts[0] = parts[0].contiguous(memory_format=torch.channels_last_3d)
        with torch.autocast("cpu", torch.bfloat16):
            answer: Array = network(*parts).float().numpy()
        return answer

    return velocity


def frechet(one: Array, other: Array) -> float:
    """Distance of two sets of features as normal distributions."""
    a, b = np.cov(one.T), np.cov(other.T)
    values, vectors = np.linalg.eigh(a)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root @ b @ root), 0)).sum()
    gap = one.mean(0) - other.mean(0)
    return float(gap @ gap + np.trace(a) + np.trace(b) - 2 * cross)


@torch.no_grad()
def report(reader: Reader, made: Made, held: Made, real: Array, again: Array, taught: Array) -> dict[str, float]:
    """The row of one model."""
    row: dict[str, float] = {}
    for name, each in (("said", made), ("paraphrased", held)):
        motifs, numbers = truth(each.batch)
        guess, much = read(reader, torch.from_numpy(each.clips), motifs)
        row[f"motif, {name}"] = float((guess.argmax(1) == motifs).float().mean())
        if name == "said":
            for what, column in MOVING.items():
                asked = given(each.batch, what)
                row[f"{what} r"] = float(np.corrcoef(much[asked, column], numbers[asked, column])[0, 1])
    seen = reader.features(torch.from_numpy(made.clips)).numpy()
    true, second = (reader.features(torch.from_numpy(each)).numpy() for each in (real, again))
    row["Fréchet"] = frechet(seen, true)
    row["Fréchet, real halves"] = frechet(second, true)
    field = np.stack([decode(clip) for clip in made.clips])[:, 0]
    steps = np.abs(np.diff(field, axis=1)).mean()
    row["seam"] = float(np.abs(field[:, 0] - field[:, -1]).mean() / steps)
    flat, bank_ = made.clips.reshape(len(made.clips), -1), taught.reshape(len(taught), -1)
    other = real.reshape(len(real), -1)
    row["nearest taught / nearest of the real"] = float(np.mean(nearest(flat, bank_)) / np.mean(nearest(other, bank_)))
    return row


def given(batch: Batch, what: str) -> list[int]:
    """Clips that were asked for this parameter: a way by words, the others by a number."""
    if what in ("across", "down"):
        return [index for index, (wished, _) in enumerate(batch.asked) if wished.way is not None]
    return list(range(len(batch.asked)))


def nearest(clips: Array, others: Array) -> Array:
    """The root mean square distance of each clip to the nearest of the others."""
    far = (clips**2).sum(1)[:, None] + (others**2).sum(1)[None] - 2 * clips @ others.T
    closest: Array = np.sqrt(np.maximum(far, 0).min(axis=1) / clips.shape[1])
    return closest


def spread(velocity: Velocity, source: Bank, plan: Plan, each: int = 6, captions: int = 16) -> float:
    """Mean distance of clips of one caption, over that of the teacher's for it."""
    made, real = [], []
    for index in range(captions):
        one = Bank((source.wishes[index],), source.vectors[index : index + 1])
        batch = draw(one, 900 + index, each, *shape_of(), plain=True)
        clips = make(velocity, batch, plan, 7000 + 50 * index).clips
        for kept, values in ((made, clips), (real, batch.field.numpy())):
            flat = values.reshape(each, -1)
            kept.append(np.mean([np.linalg.norm(flat[a] - flat[b]) for a in range(each) for b in range(a)]))
    return float(np.mean(made) / np.mean(real))


def main() -> None:
    """Judge every model that is named, at several numbers of steps."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    said, held = single(bank(folder, 3000, 23)), single(bank(folder, 600, 29, held=True))
    reader = learn(folder, said)
    count = 216
    batches = [
        draw(source, seed, count, *shape_of(), plain=True)
        for source, seed in ((said, 1), (held, 2), (said, 3), (said, 4))
    ]
    taught = draw(said, 5, 4 * count, *shape_of(), plain=True).field.numpy()
    for name in sys.argv[2:]:
        path, _, options = name.partition(":")
        velocity = velocity_of(Path(path))
        steps, guidance, bend = (float(part) for part in (options or "8,1,1").split(","))
        plan = Plan(steps=int(steps), guidance=guidance, bend=bend)
        made = make(velocity, batches[0], plan, 10_000, counted=True)
        kept = make(velocity, batches[1], plan, 20_000)
        row = report(reader, made, kept, batches[2].field.numpy(), batches[3].field.numpy(), taught)
        row["diversity"] = spread(velocity, said, plan)
        print(json.dumps({"model": name, **{key: round(value, 3) for key, value in row.items()}}), flush=True)
    motifs, numbers = truth(batches[2])
    guess, much = read(reader, batches[2].field, motifs)
    accuracy = float((guess.argmax(1) == motifs).float().mean())
    agreed = [
        np.corrcoef(much[asked, column].detach(), numbers[asked, column])[0, 1]
        for what, column in MOVING.items()
        for asked in (given(batches[2], what),)
    ]
    print("the reader on the teacher's own:", round(accuracy, 3), np.round(agreed, 2))


if __name__ == "__main__":
    main()
