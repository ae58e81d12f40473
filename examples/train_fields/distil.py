"""Distils a trained field model: `python examples/train_fields/distil.py runs/stunet runs/quick`.

Progressive distillation (Salimans and Ho 2022) with the guidance folded in (Meng et al. 2023): one step of the student
goes where two guided steps of the teacher go, so that eight evaluations stand for thirty-two. A second round, with
`--guidance 1` and the first round's folder as teacher, halves the steps again. Killed, it goes on.
"""

import argparse
from copy import deepcopy
from pathlib import Path

import torch
from data import Bank, Batch, bank, draw
from torch import Tensor
from train import CAPTIONS, Run, side_by_side, weighed

from reelwright.tools.video.fields.network import ALIKE, STUNet
from reelwright.tools.video.fields.sampler import Plan, times

RATE, KEEP, WARM = 5e-4, 0.99, 40
"""The student begins as its teacher: few steps of warm-up."""


class Distillation(Run):
    """A student that begins as its teacher and learns to take two of its steps in one.

    What words and numbers mean it keeps.
    """

    still, keep, warm = ALIKE, KEEP, WARM

    def __init__(self, teacher: Path, out: Path, minutes: float, size: int, plan: Plan) -> None:
        self.teacher = STUNet().to(memory_format=torch.channels_last_3d)
        self.teacher.load_state_dict(torch.load(teacher / "checkpoint.pt", weights_only=True)["average"])
        self.teacher.requires_grad_(False).eval()
        self.plan = plan
        super().__init__("stunet", out, minutes, RATE, size, seed=3)
        if not self.file.exists():
            self.network.load_state_dict(self.teacher.state_dict())
            self.average = deepcopy(self.network).requires_grad_(False)

    def loss(self, source: Bank, seed: int, generator: torch.Generator) -> Tensor:
        """How far the student's step ends from where the teacher's two end, as velocities."""
        batch = draw(source, seed, self.size, *self.form())
        grid = torch.from_numpy(times(Plan(steps=2 * self.plan.steps, bend=self.plan.bend)))
        at = 2 * torch.randint(self.plan.steps, (self.size,), generator=generator)
        begin, middle, end = grid[at], grid[at + 1], grid[at + 2]
        noise = torch.randn(batch.field.shape, generator=generator)
        here = wide(1 - begin) * noise + wide(begin) * batch.field
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            half = here + wide(middle - begin) * self.guided(here, begin, batch)
            there = half + wide(end - middle) * self.guided(half, middle, batch)
        wanted = (there - here) / wide(end - begin)
        with torch.autocast("cpu", torch.bfloat16):
            velocity = self.network(last(here), begin, batch.text, batch.numbers, batch.guide)
        return weighed(velocity.float() - wanted)

    def guided(self, here: Tensor, at: Tensor, batch: Batch) -> Tensor:
        """The teacher's velocity, led beyond what it would be without words."""
        said: Tensor = self.teacher(last(here), at, batch.text, batch.numbers, batch.guide).float()
        if self.plan.guidance == 1:
            return said
        nothing = torch.zeros_like(batch.text), torch.zeros_like(batch.numbers)
        free: Tensor = self.teacher(last(here), at, *nothing, batch.guide).float()
        return free + self.plan.guidance * (said - free)


def wide(part: Tensor) -> Tensor:
    """(B,) to (B, 1, 1, 1, 1)."""
    return part.view(-1, 1, 1, 1, 1)


def last(values: Tensor) -> Tensor:
    """In the memory format that is fast here."""
    return values.contiguous(memory_format=torch.channels_last_3d)


def distil(asked: argparse.Namespace) -> None:
    """Distil until the budget is spent."""
    plan = Plan(steps=asked.steps, guidance=asked.guidance, bend=asked.bend)
    run = Distillation(asked.teacher, asked.out, asked.cpu_minutes, asked.size, plan)
    run.until_spent(bank(asked.out.parent / "bank", CAPTIONS, 11))


def main() -> None:
    """Read what was asked for, and distil."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=8, help="Of the student; its teacher takes twice as many.")
    parser.add_argument("--guidance", type=float, default=2.2, help="1 where the teacher has it in itself.")
    parser.add_argument("--bend", type=float, default=2.0, help="Above 1, more steps near noise.")
    parser.add_argument("--cpu-minutes", type=float, default=15, help="Of all processes together.")
    parser.add_argument("--size", type=int, default=16, help="Clips a batch, of each process.")
    parser.add_argument("--processes", type=int, default=1, help="That distil as one, a core each.")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    bank(asked.out.parent / "bank", CAPTIONS, 11)
    side_by_side(distil, asked)


if __name__ == "__main__":
    main()
