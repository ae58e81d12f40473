"""Trains a field model: `python examples/train_fields/train.py --out runs/stunet --cpu-minutes 180 --processes 2`.

Rectified flow (Liu et al. 2022) with a velocity target and logit-normal times (Esser et al. 2024). A process has one
thread, which is fastest; several share their gradients, each with batches of its own. Killed, it goes on from its last
checkpoint.
"""

import argparse
import json
import math
import time
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch
from caption import read, score
from data import Bank, Batch, bank, draw, form
from dit import DiT
from torch import Tensor, distributed, multiprocessing, nn
from torch.nn import functional

from reelwright.tools.video.fields.codec import decode
from reelwright.tools.video.fields.guide import guides
from reelwright.tools.video.fields.network import NUMBERS, STUNet
from reelwright.tools.video.fields.sampler import Array, Plan, noise, sample

NETWORKS = {"stunet": STUNet, "dit": DiT}
CAPTIONS, KEEP, EVERY = 40_000, 0.998, 180.0
"""Captions of the bank; how much the average keeps a step; seconds between checkpoints."""
SHOWN = 1000
"""Steps between sheets of samples."""
DECAY, WARM = 0.4, 200
"""Warm-up, stable, decay: the last 40 % of the budget fall to nothing, the first 200 steps rise."""
LEAN, SPREAD = -1.1, 1.3
"""Of the logit-normal times: towards noise, since what is as smooth as a field shows through much of it, and where its
rings and fronts run is settled early (the resolution shift of Hoogeboom et al. 2023 and Esser et al. 2024)."""
FAR = 2.0
"""How much the mean of 4 x 4 cells counts, in which the noise of single cells does not drown where fronts run (the
multiscale loss of Hoogeboom et al. 2023)."""
WEIGHTS = torch.tensor([1.5, 0.75, 0.75]).view(1, 3, 1, 1, 1)
"""Density weighs twice what flow does."""


def loss_of(network: nn.Module, batch: Batch, generator: torch.Generator) -> Tensor:
    """How wrong the velocity is at times and noises drawn by chance."""
    field = batch.field
    size = field.shape[0]
    noise = torch.randn(field.shape, generator=generator)
    time_ = torch.sigmoid(LEAN + SPREAD * torch.randn(size, generator=generator))
    part = time_.view(-1, 1, 1, 1, 1)
    mixed = ((1 - part) * noise + part * field).contiguous(memory_format=torch.channels_last_3d)
    with torch.autocast("cpu", torch.bfloat16):
        velocity = network(mixed, time_, batch.text, batch.numbers, batch.guide)
    return weighed(velocity.float() - (field - noise))


def weighed(error: Tensor) -> Tensor:
    """The mean square of an error (B, 3, T, H, W), of each cell and of the mean of 4 x 4 cells."""
    far = functional.avg_pool3d(error, (1, 4, 4))
    return (error**2 * WEIGHTS).mean() + FAR * (far**2 * WEIGHTS).mean()


@torch.no_grad()
def samples(network: nn.Module, source: Bank, target: Path, count: int = 24) -> None:
    """A sheet of what the network makes of the first captions, two moments of each side by side."""
    from PIL import Image

    def velocity(*given: Array) -> Array:
        with torch.autocast("cpu", torch.bfloat16):
            answer: Array = network(*(torch.from_numpy(part) for part in given)).float().numpy()
        return answer

    shape = (12, 20, 20)
    conditions = (
        source.vectors[:count],
        np.zeros((count, NUMBERS), np.float32),
        np.tile(guides(shape, None, None), (count, 1, 1, 1, 1)),
    )
    made = decode(sample(velocity, noise((count, 3, *shape), 1), *conditions, Plan(steps=12)))[:, 0]
    pairs = np.concatenate((made[:, 0], made[:, 4]), axis=2)
    rows = [np.concatenate(list(pairs[at : at + 6]), axis=1) for at in range(0, count, 6)]
    Image.fromarray((np.concatenate(rows) * 255).astype(np.uint8)).resize((6 * 240, 4 * 120), 0).save(target)


class Run:
    """One training: network, its average, optimiser, and how much of the budget is spent."""

    still: tuple[str, ...] = ("told.caption.",)
    """Parts that are not taught."""
    keep, warm = KEEP, WARM

    def __init__(self, name: str, out: Path, minutes: float, rate: float, size: int, seed: int) -> None:
        torch.manual_seed(seed)
        self.out, self.budget, self.rate, self.size, self.seed = out, minutes * 60, rate, size, seed
        self.many = distributed.get_world_size() if distributed.is_initialized() else 1
        self.rank = distributed.get_rank() if self.many > 1 else 0
        self.network = NETWORKS[name]().to(memory_format=torch.channels_last_3d)
        for part, weight in self.network.named_parameters():
            weight.requires_grad_(not part.startswith(self.still))
        self.average = deepcopy(self.network).requires_grad_(False)
        self.taught = [weight for weight in self.network.parameters() if weight.requires_grad]
        decayed = [weight for weight in self.taught if weight.ndim > 1]
        plain = [weight for weight in self.taught if weight.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}]
        self.optimiser = torch.optim.AdamW(groups, rate, betas=(0.9, 0.99))
        self.step, self.spent, self.clock = 0, 0.0, time.process_time()
        self.file = out / "checkpoint.pt"
        if self.file.exists():
            self._load()

    def advance(self, source: Bank) -> float:
        """One step, and its loss."""
        turn = self.step * self.many + self.rank
        generator = torch.Generator().manual_seed(self.seed * 1_000_003 + turn)
        for group in self.optimiser.param_groups:
            group["lr"] = self.rate * self._pace()
        loss = self.loss(source, self.seed * 7_919 + turn * 2, generator)
        loss.backward()
        mean = self._shared(float(loss.detach()))
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        keep = min(self.keep, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for average, now in zip(self.average.parameters(), self.network.parameters(), strict=True):
                average.lerp_(now, 1 - keep)
        self.step += 1
        return mean

    def _shared(self, loss: float) -> float:
        """The loss, after gradients and CPU seconds are told to the other processes: all go on as one."""
        now = time.process_time()
        seconds, self.clock = now - self.clock, now
        if self.many > 1:
            gradients = [weight.grad for weight in self.taught if weight.grad is not None]
            told = torch.cat([each.flatten() for each in gradients] + [torch.tensor([loss, seconds])])
            distributed.all_reduce(told)
            parts = (told / self.many).split([each.numel() for each in gradients] + [2])
            for each, part in zip(gradients, parts, strict=False):
                each.copy_(part.view_as(each))
            loss, seconds = parts[-1].tolist()
        self.spent += seconds * self.many
        return loss

    def loss(self, source: Bank, seed: int, generator: torch.Generator) -> Tensor:
        """Over a batch of clips, and a tenth of it over one of stills: one model for both."""
        frames, shape = self.form()
        clips = draw(source, seed, self.size, frames, shape)
        stills = draw(source, seed + 1, max(1, self.size // 4), 1, shape)
        return loss_of(self.network, clips, generator) + 0.1 * loss_of(self.network, stills, generator)

    def form(self) -> tuple[int, tuple[int, int]]:
        """Of this step's clips, alike in all processes: none waits for another's longer ones."""
        return form(self.seed * 7_919 + self.step)

    def until_spent(self, source: Bank) -> None:
        """Steps, a log every 50 of them and a checkpoint every few minutes, until the budget is spent."""
        saved, losses = time.monotonic(), []
        self.clock = time.process_time()
        while self.spent < self.budget:
            losses.append(self.advance(source))
            if not math.isfinite(losses[-1]):
                raise SystemExit("The loss is no number; lower the rate.")
            if self.rank:
                losses.clear()
                continue
            if self.step % 50 == 0:
                row = {"step": self.step, "cpu_seconds": round(self.spent), "loss": round(float(np.mean(losses)), 4)}
                with (self.out / "log.jsonl").open("a") as log:
                    log.write(json.dumps(row) + "\n")
                print(row, flush=True)
                losses = []
            if self.step % SHOWN == 0:
                samples(self.average, source, self.out / f"samples-{self.step}.png")
            if time.monotonic() - saved > EVERY:
                self.save()
                saved = time.monotonic()
        if not self.rank:
            self.save()

    def begin(self, weights: Path) -> None:
        """Go on from the undistilled network of a file of weights, as far as its parts still have the same shapes."""
        from safetensors.torch import load_file

        own = self.network.state_dict()
        held = {name.removeprefix("final."): each.float() for name, each in load_file(weights).items()}
        own |= {name: each for name, each in held.items() if name in own and own[name].shape == each.shape}
        self._take(own)

    def teach(self, source: Bank, kept: Path) -> None:
        """Give the network its reader of captions."""
        self._take(
            self.network.state_dict() | {f"told.caption.{n}": w for n, w in read(source, kept).state_dict().items()}
        )

    def _take(self, state: dict[str, Tensor]) -> None:
        self.network.load_state_dict(state)
        self.average.load_state_dict(state)

    def save(self) -> None:
        """The checkpoint, by rename."""
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "spent": self.spent,
        }
        torch.save(state, self.file.with_suffix(".part"))
        self.file.with_suffix(".part").replace(self.file)

    def _pace(self) -> float:
        part = self.spent / self.budget
        return min(1.0, (self.step + 1) / self.warm, max(0.0, (1 - part) / DECAY))

    def _load(self) -> None:
        state = torch.load(self.file, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.step, self.spent = state["step"], state["spent"]


def side_by_side(work: Callable[[argparse.Namespace], None], asked: argparse.Namespace) -> None:
    """`work` in as many processes as were asked for, which share their gradients."""
    torch.set_num_threads(1)
    if asked.processes == 1:
        work(asked)
        return
    with TemporaryDirectory() as folder:
        multiprocessing.spawn(_begun, (work, asked, f"file://{folder}/meeting"), asked.processes)


def _begun(rank: int, work: Callable[[argparse.Namespace], None], asked: argparse.Namespace, meeting: str) -> None:
    torch.set_num_threads(1)
    distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=asked.processes)
    work(asked)
    distributed.destroy_process_group()


def reader_of(out: Path) -> Path:
    """Where the reader of captions is kept, beside the bank."""
    return out.parent / "bank" / "caption.pt"


def train(asked: argparse.Namespace) -> None:
    """Train until the budget is spent."""
    source = bank(asked.out.parent / "bank", CAPTIONS, 11)
    run = Run(asked.network, asked.out, asked.cpu_minutes, asked.rate, asked.size, asked.seed)
    if not run.step:
        if asked.begin:
            run.begin(asked.begin)
        run.teach(source, reader_of(asked.out))
    if not run.rank:
        parameters = sum(weight.numel() for weight in run.network.parameters())
        print("captions read:", score(run.network.told.caption, source), flush=True)
        print(f"{asked.network}: {parameters / 1e6:.2f} M parameters, from step {run.step}", flush=True)
    run.until_spent(source)


def main() -> None:
    """Read what was asked for, and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--network", choices=sorted(NETWORKS), default="stunet")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cpu-minutes", type=float, default=90, help="Of all processes together.")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--size", type=int, default=16, help="Clips a batch, of each process.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1, help="That train as one, a core each.")
    parser.add_argument("--begin", type=Path, help="Weights that ship (fields.safetensors) to go on from.")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    # Captions are embedded, and their reader is taught, once: before there are several processes to want them.
    read(bank(asked.out.parent / "bank", CAPTIONS, 11), reader_of(asked.out))
    side_by_side(train, asked)


if __name__ == "__main__":
    main()
