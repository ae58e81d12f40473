"""A classifier that reads the motif and the parameters of a clip: the judge's eye, taught on the teacher's own clips.

Knows fields and what was asked for; knows nothing about the models that are judged.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from captions import WAYS
from data import Bank, Batch, draw
from teacher import MOTIFS
from torch import Tensor, nn
from torch.nn import functional

from reelwright.tools.video.fields.network import circular

SHAPE = (16, 24, 24)
"""Frames, rows and columns of what is judged."""
NAMES = list(MOTIFS)
SPECTRA, FLOOR, ROUGH = 24, 0.01, 0.15
"""Numbers of the spectra; the share of their sum below which nothing is heard; the noise on clips that teach the heads:
a teacher's clip has none, and a reader that knows only such clips takes the least noise for another motif."""
MOVING = {"speed": 0, "scale": 1, "across": 2, "down": 3}


class Reader(nn.Module):
    """Reads the motif and the parameters of a clip from convolutions and from its spectra; `features` are 96 numbers.

    Each motif has its own scale of parameters: fast rain and fast clouds are not equally fast.
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 96)
        self.space = nn.ModuleList([nn.Conv3d(a, b, (1, 3, 3), padding=(0, 1, 1)) for a, b in pairwise(widths)])
        self.time = nn.ModuleList([nn.Conv3d(b, b, (3, 1, 1)) for b in widths[1:]])
        self.norm = nn.ModuleList([nn.GroupNorm(8, b) for b in widths[1:]])
        self.first = heads(2 * widths[-1], 128)
        self.heads = heads(2 * widths[-1] + SPECTRA, 384)
        self.register_buffer("usual", torch.zeros(2, 2 * widths[-1] + SPECTRA))

    def features(self, clip: Tensor) -> Tensor:
        """(B, 96) of (B, 3, T, H, W)."""
        return self._seen(clip).mean(dim=(2, 3, 4))

    def forward(self, clip: Tensor) -> tuple[Tensor, Tensor]:
        """Motif logits (B, motifs), and numbers as each motif would have them, (B, motifs, 4)."""
        return self.told(self.known(clip))

    def known(self, clip: Tensor) -> Tensor:
        """All that the heads are given, (B, 192 + 24)."""
        return torch.cat((self.moments(clip), spectra(clip)), dim=1)

    def told(self, known: Tensor) -> tuple[Tensor, Tensor]:
        """What `forward` says, of what is known of clips."""
        return parted(self.heads((known - self.usual[0]) / self.usual[1]))

    def moments(self, clip: Tensor) -> Tensor:
        """(B, 192), the mean and the spread of each channel."""
        values = self._seen(clip)
        return torch.cat((values.mean(dim=(2, 3, 4)), values.std(dim=(2, 3, 4))), dim=1)

    def _seen(self, clip: Tensor) -> Tensor:
        values = clip
        for space, time, norm, pool in zip(self.space, self.time, self.norm, (1, 1, 2), strict=True):
            values = functional.silu(norm(time(circular(space(values)))))
            values = functional.avg_pool3d(values, (pool, 2, 2))
        return values


def heads(wide: int, hidden: int) -> nn.Sequential:
    """A perceptron whose answer `parted` parts."""
    return nn.Sequential(nn.Linear(wide, hidden), nn.SiLU(), nn.Linear(hidden, len(NAMES) * (1 + len(MOVING))))


def parted(answer: Tensor) -> tuple[Tensor, Tensor]:
    """Logits (B, motifs) and numbers (B, motifs, 4)."""
    return answer[:, : len(NAMES)], answer[:, len(NAMES) :].view(-1, len(NAMES), len(MOVING))


def spectra(clip: Tensor) -> Tensor:
    """(B, 24): how strongly density changes at 8 rates of time and at 12 sizes in space, and its flow."""
    density = clip[:, 0] - clip[:, 0].mean(dim=(1, 2, 3), keepdim=True)
    rates = torch.fft.rfft(density, dim=1).abs().square().mean(dim=(2, 3))[:, 1:9]
    power = torch.fft.fft2(density).abs().square().mean(dim=1)
    rows, columns = (torch.fft.fftfreq(side, 1 / side) for side in power.shape[1:])
    size = torch.hypot(rows[:, None], columns[None]).round().long().clamp(max=12).flatten()
    sizes = torch.zeros(len(clip), 13).index_add_(1, size, power.flatten(1))[:, 1:]
    flow = clip[:, 1:].mean(dim=(2, 3, 4)), clip[:, 1:].abs().mean(dim=(2, 3, 4))
    rates, sizes = (torch.log(1e-4 + power + FLOOR * power.sum(dim=1, keepdim=True)) for power in (rates, sizes))
    return torch.cat((rates, sizes, *flow), dim=1)


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


def wrong(answer: tuple[Tensor, Tensor], motifs: Tensor, numbers: Tensor) -> Tensor:
    """The loss of what was read."""
    guess, much = answer
    own = much[torch.arange(len(motifs)), motifs]
    return functional.cross_entropy(guess, motifs) + 4 * functional.mse_loss(own, numbers)


def learn(folder: Path, source: Bank) -> Reader:
    """A trained reader, kept in `folder`: convolutions first, then heads on many clips' features."""
    torch.manual_seed(5)
    reader, kept = Reader(), folder / "reader.pt"
    if kept.exists():
        reader.load_state_dict(torch.load(kept, weights_only=True))
        return reader.eval()
    convolutions(reader, source)
    known, motifs, numbers = bank_of_features(reader, source)
    reader.usual.copy_(torch.stack((known.mean(0), known.std(0) + 1e-3)))
    optimiser = torch.optim.AdamW(reader.heads.parameters(), 1e-3, weight_decay=0.05)
    for step in range(6000):
        optimiser.param_groups[0]["lr"] = 1e-3 * min(1.0, 2 - step / 3000)
        chosen = torch.randint(len(known), (256,))
        wrong(reader.told(known[chosen]), motifs[chosen], numbers[chosen]).backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
    torch.save(reader.state_dict(), kept)
    return reader.eval()


def convolutions(reader: Reader, source: Bank, steps: int = 2000) -> None:
    """Teach the convolutions, under heads of their own."""
    optimiser = torch.optim.AdamW(reader.parameters(), 2e-3)
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 2e-3 * min(1.0, (steps - step) / (0.5 * steps))
        batch = draw(source, 500_000_000 + step, 24, *shape_of(), plain=True)
        loss = wrong(parted(reader.first(reader.moments(batch.field))), *truth(batch))
        loss.backward()
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 100 == 0:
            print(step, round(float(loss.detach()), 3), flush=True)


@torch.no_grad()
def bank_of_features(reader: Reader, source: Bank, batches: int = 500) -> tuple[Tensor, Tensor, Tensor]:
    """What is known of 12,000 clips, their motifs and numbers."""
    rows = []
    for index in range(batches):
        batch = draw(source, 600_000_000 + index, 24, *shape_of(), plain=True)
        grain = ROUGH * torch.rand(24, 1, 1, 1, 1) * torch.randn_like(batch.field)
        rows.append((reader.known(batch.field + grain), *truth(batch)))
    known, motifs, numbers = (torch.cat(part) for part in zip(*rows, strict=True))
    return known, motifs, numbers


def shape_of() -> tuple[int, tuple[int, int]]:
    """Frames, and rows and columns, of what is judged."""
    return SHAPE[0], SHAPE[1:]


def given(batch: Batch, what: str) -> list[int]:
    """Clips that were asked for this parameter: a way by words, the others by a number."""
    if what in ("across", "down"):
        return [index for index, (wished, _) in enumerate(batch.asked) if wished.way is not None]
    return list(range(len(batch.asked)))
