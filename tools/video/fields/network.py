"""The network of our motion fields: a space-time U-Net, and nothing about how it is trained or sampled.

Down-sampling in space and in time follows Lumiere (Bar-Tal et al. 2024); a block is a convolution over space and then
one over time, whose padding is circular, so that a clip has no first frame. Torch is needed; the ONNX export is not.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

CHANNELS = 3
"""Density, flow across, flow down."""
GUIDES = 7
"""The first frame's three channels, where it stands, where it is to be calm, and places across and down (guide.py)."""
TEXT = 384
"""Numbers of a MiniLM embedding."""
NUMBERS = 6
"""Speed, scale and density, and whether each is given."""
ASKED = {
    "motif": 18, "second": 19, "speed": 3, "scale": 3, "density": 3, "contrast": 3, "turbulence": 3, "way": 5,
    "turning": 3, "mirrored": 2,
}  # fmt: skip
"""What a caption may ask for, and among how many answers (examples/train_fields/captions.py has their order)."""
ALIKE = ("told.caption.", "told.words.", "told.much.", "told.long.", "told.together.")
"""What a student has from its teacher unchanged, and the file of weights has once: what words and numbers mean."""


def circular(values: Tensor) -> Tensor:
    """(B, C, T, H, W) with the last frame before the first, and the first behind the last."""
    return torch.cat((values[:, :, -1:], values, values[:, :, :1]), dim=2)


class Caption(nn.Module):
    """What a caption asks for, read from its vector: the probabilities of every answer of ASKED.

    It is taught beside the diffusion, from captions alone, and stands still in it: a network that has to find out from
    pictures alone that "leftwards" and "rightwards" differ, which MiniLM puts side by side, does not.
    """

    def __init__(self, wide: int = 160) -> None:
        super().__init__()
        self.enter = nn.Linear(TEXT, wide)
        self.leave = nn.Linear(wide, sum(ASKED.values()))

    def answers(self, text: Tensor) -> list[Tensor]:
        """Logits (B, n) of each question."""
        said = text * TEXT**0.5  # a unit vector, brought to numbers of about one
        return list(self.leave(functional.silu(self.enter(said))).split(list(ASKED.values()), dim=1))

    def forward(self, text: Tensor) -> Tensor:
        """(B, 384) to (B, 62); no words, a row of zeros, ask for nothing."""
        given = (text.abs().sum(dim=1, keepdim=True) != 0).to(text.dtype)
        return torch.cat([each.softmax(dim=1) for each in self.answers(text)], dim=1) * given


class Condition(nn.Module):
    """Time, words, numbers and the loop's length as one vector, which every block is scaled and shifted by."""

    def __init__(self, wide: int) -> None:
        super().__init__()
        self.caption = Caption()
        self.words = perceptron(sum(ASKED.values()), wide)
        self.when = perceptron(128, wide)
        self.much = perceptron(NUMBERS, wide)
        self.long = silent(nn.Linear(2, wide))
        self.together = nn.Sequential(nn.Linear(wide, wide), nn.SiLU(), silent(nn.Linear(wide, wide)))

    def forward(self, time: Tensor, text: Tensor, numbers: Tensor, noisy: Tensor) -> Tensor:
        """(B, wide): a sum, and what its parts mean together, as "fast" is other for rain than for clouds."""
        rate = torch.exp(torch.arange(64, dtype=time.dtype, device=time.device) * (-math.log(1000.0) / 64))
        angle = time[:, None] * rate[None] * 1000.0
        clock = torch.cat((angle.sin(), angle.cos()), dim=1).to(text.dtype)
        told = self.words(self.caption(text)) + self.when(clock) + self.much(numbers) + self.long(lengths(noisy))
        return functional.silu(told + self.together(functional.silu(told)))


def perceptron(wide: int, out: int) -> nn.Sequential:
    """Two layers."""
    return nn.Sequential(nn.Linear(wide, out), nn.SiLU(), nn.Linear(out, out))


def silent(layer: nn.Linear) -> nn.Linear:
    """A layer that says nothing at first."""
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Block(nn.Module):
    """Space, then time, with scale and shift by the condition."""

    def __init__(self, wide: int, out: int, condition: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(8, wide)
        self.space = nn.Conv3d(wide, out, (1, 3, 3), padding=(0, 1, 1))
        self.time = nn.Conv3d(out, out, (3, 1, 1))
        self.modulate = nn.Linear(condition, 2 * wide)
        self.skip = nn.Conv3d(wide, out, 1) if wide != out else nn.Identity()
        nn.init.zeros_(self.time.weight)
        nn.init.zeros_(self.modulate.weight)

    def forward(self, values: Tensor, condition: Tensor) -> Tensor:
        """(B, wide, T, H, W) and (B, condition) to (B, out, T, H, W)."""
        scale, shift = self.modulate(condition)[:, :, None, None, None].chunk(2, dim=1)
        hidden = self.space(functional.silu(self.norm(values) * (1 + scale) + shift))
        moved: Tensor = self.skip(values) + self.time(circular(functional.silu(hidden)))
        return moved


class Attention(nn.Module):
    """Every place of the coarsest level looks at every other, through space and time."""

    def __init__(self, wide: int, heads: int = 4) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.GroupNorm(8, wide)
        self.project = nn.Linear(wide, 3 * wide)
        self.out = nn.Linear(wide, wide)
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, values: Tensor) -> Tensor:
        """(B, C, T, H, W) to the same."""
        batch, wide, frames, rows, columns = values.shape
        tokens = self.norm(values).flatten(2).transpose(1, 2)
        query, key, value = (
            part.reshape(batch, -1, self.heads, wide // self.heads).transpose(1, 2)
            for part in self.project(tokens).chunk(3, dim=-1)
        )
        seen = functional.scaled_dot_product_attention(query, key, value)
        mixed = self.out(seen.transpose(1, 2).reshape(batch, -1, wide))
        whole: Tensor = values + mixed.transpose(1, 2).reshape(batch, wide, frames, rows, columns)
        return whole


class STUNet(nn.Module):
    """Velocity of a noisy field. T must be 1 or a multiple of 4; H and W multiples of 4."""

    def __init__(self, widths: tuple[int, int, int] = (32, 96, 160), condition: int = 192) -> None:
        super().__init__()
        self.widths, self.condition = widths, condition
        low, middle, deep = widths
        self.told = Condition(condition)
        self.enter = nn.Conv3d(CHANNELS + GUIDES, low, (1, 3, 3), padding=(0, 1, 1))
        self.down1 = nn.ModuleList([Block(low, low, condition)])
        self.down2 = nn.ModuleList([Block(low, middle, condition), Block(middle, middle, condition)])
        self.bottom1 = Block(middle, deep, condition)
        self.look1 = Attention(deep)
        self.bottom2 = Block(deep, deep, condition)
        self.look2 = Attention(deep)
        self.bottom3 = Block(deep, deep, condition)
        self.rise2, self.rise1 = nn.Conv3d(deep, middle, 1), nn.Conv3d(middle, low, 1)
        self.up2 = nn.ModuleList([Block(middle, middle, condition), Block(middle, middle, condition)])
        self.up1 = nn.ModuleList([Block(low, low, condition)])
        self.leave = nn.Sequential(
            nn.GroupNorm(8, low), nn.SiLU(), nn.Conv3d(low, CHANNELS, (1, 3, 3), padding=(0, 1, 1))
        )

    def forward(self, noisy: Tensor, time: Tensor, text: Tensor, numbers: Tensor, guide: Tensor) -> Tensor:
        """Velocity (B, 3, T, H, W).

        Args:
            noisy: (B, 3, T, H, W); time: (B,), 0 is noise and 1 a field.
            text: (B, 384) of unit length; rows of zeros stand for no words.
            numbers: (B, 6), speed, scale, density from 0 to 1, then 1 for each that is given.
            guide: (B, 7, T, H, W), see guide.py.
        """
        condition = self.told(time, text, numbers, noisy)
        first = self.enter(torch.cat((noisy, guide), dim=1))
        for block in self.down1:
            first = block(first, condition)
        second = halved(first)
        for block in self.down2:
            second = block(second, condition)
        deep = self.look1(self.bottom1(halved(second), condition))
        deep = self.bottom3(self.look2(self.bottom2(deep, condition)), condition)
        second = second + doubled(self.rise2(deep), second)
        for block in self.up2:
            second = block(second, condition)
        first = first + doubled(self.rise1(second), first)
        for block in self.up1:
            first = block(first, condition)
        velocity: Tensor = self.leave(first)
        return velocity


def lengths(clip: Tensor) -> Tensor:
    """(B, 2), of how many frames a loop is: as fast in twice as many, a thing goes half as far from one to the next.

    Nothing else tells a convolution, and noise hides it.
    """
    frames = torch.ones_like(clip[:, 0, :, 0, 0]).sum(dim=1)  # and not its shape, which an ONNX graph would hold fast
    return torch.stack((torch.log2(frames / 16), 4 / frames), dim=1)


def halved(values: Tensor) -> Tensor:
    """Half as many frames, rows and columns; a still stays one frame."""
    whole = values if values.shape[2] == 1 else (values[:, :, ::2] + values[:, :, 1::2]) / 2
    rows = whole[:, :, :, ::2] + whole[:, :, :, 1::2]
    return (rows[..., ::2] + rows[..., 1::2]) / 4


def doubled(values: Tensor, like: Tensor) -> Tensor:
    """As many frames, rows and columns as `like`."""
    return functional.interpolate(values, size=like.shape[2:], mode="nearest")
