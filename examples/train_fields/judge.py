"""Judges field models: `python examples/train_fields/judge.py runs/judge quick.onnx:8,1,2 runs/dit:20,2.2,2 …`.

A model is a shipped graph or the folder of a run, with steps, guidance, bend and, where asked, motion (sampler.py).

A small classifier learns motifs and parameters from clips of the teacher; then it reads what the models made of
captions that it never saw, taught ones with numbers for speed, scale and density, held-out ones by words alone. Prints
one row a model: accuracy, correlation, Fréchet distance (Heusel et al. 2017, in this classifier's features), diversity,
nearest training clip, loop seam.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from data import Bank, Batch, bank, draw
from numpy.typing import NDArray
from reader import MOVING, SHAPE, Reader, given, learn, read, shape_of, truth
from train import NETWORKS

from reelwright.tools.video.fields.codec import decode
from reelwright.tools.video.fields.engine import Engine
from reelwright.tools.video.fields.sampler import Plan, Velocity, noise, sample

Array = NDArray[np.float32]
MANY = 16
"""Clips that are made at once."""
SAID, HELD = 432, 216
"""Clips of taught captions, of which about a fifth ask for a direction, and of held-out ones."""


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
    batches = [
        draw(source, seed, count, *shape_of(), plain=True)
        for source, seed, count in ((said, 1, SAID), (held, 2, HELD), (said, 3, SAID), (said, 4, SAID))
    ]
    taught = draw(said, 5, 2 * SAID, *shape_of(), plain=True).field.numpy()
    for name in sys.argv[2:]:
        path, _, options = name.partition(":")
        velocity = velocity_of(Path(path))
        steps, guidance, bend, motion = (float(part) for part in f"{options or '8,1,2'},1".split(",")[:4])
        plan = Plan(steps=int(steps), guidance=guidance, bend=bend, motion=motion)
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
