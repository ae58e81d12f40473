"""The other network of the comparison: a space-time patch transformer with windows, as in W.A.L.T.

Gupta et al. 2023: blocks look in turn within a frame and within a window of space and time. A convolutional stem makes
the tokens; an option turns the field into Haar wavelets first (WF-VAE, Li et al. 2024).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from reelwright.tools.video.fields.network import CHANNELS, GUIDES, Condition, circular


class Layer(nn.Module):
    """Attention within windows, then a perceptron, both modulated by the condition (adaLN, Peebles and Xie 2022)."""

    def __init__(self, wide: int, heads: int, condition: int, window: tuple[int, int, int]) -> None:
        super().__init__()
        self.heads, self.window = heads, window
        self.norm1, self.norm2 = (
            nn.LayerNorm(wide, elementwise_affine=False),
            nn.LayerNorm(wide, elementwise_affine=False),
        )
        self.project, self.out = nn.Linear(wide, 3 * wide), nn.Linear(wide, wide)
        self.think = nn.Sequential(nn.Linear(wide, 4 * wide), nn.GELU(approximate="tanh"), nn.Linear(4 * wide, wide))
        self.modulate = nn.Linear(condition, 6 * wide)
        nn.init.zeros_(self.modulate.weight)
        nn.init.zeros_(self.modulate.bias)

    def forward(self, tokens: Tensor, condition: Tensor) -> Tensor:
        """(B, T, H, W, C) to the same."""
        a, b, gate, c, d, gate2 = self.modulate(condition)[:, None, None, None].chunk(6, dim=-1)
        tokens = tokens + gate * self._look(self.norm1(tokens) * (1 + a) + b)
        thought: Tensor = tokens + gate2 * self.think(self.norm2(tokens) * (1 + c) + d)
        return thought

    def _look(self, tokens: Tensor) -> Tensor:
        batch, frames, rows, columns, wide = tokens.shape
        t, h, w = (
            side if not size or side % size else size
            for side, size in zip((frames, rows, columns), self.window, strict=True)
        )
        cut = tokens.reshape(batch, frames // t, t, rows // h, h, columns // w, w, wide).permute(0, 1, 3, 5, 2, 4, 6, 7)
        flat = self.project(cut.reshape(-1, t * h * w, wide))
        query, key, value = (
            part.reshape(-1, t * h * w, self.heads, wide // self.heads).transpose(1, 2)
            for part in flat.chunk(3, dim=-1)
        )
        seen = functional.scaled_dot_product_attention(query, key, value).transpose(1, 2).reshape(-1, t * h * w, wide)
        whole = self.out(seen).reshape(batch, frames // t, rows // h, columns // w, t, h, w, wide)
        back: Tensor = whole.permute(0, 1, 4, 2, 5, 3, 6, 7).reshape(batch, frames, rows, columns, wide)
        return back


class DiT(nn.Module):
    """Velocity of a noisy field, with the same arguments as STUNet."""

    def __init__(
        self, wide: int = 160, depth: int = 7, condition: int = 192, *, wavelets: bool = False, causal: bool = False
    ) -> None:
        super().__init__()
        self.condition, self.wavelets, self.causal = condition, wavelets, causal
        self.told = Condition(condition)
        self.stem1 = nn.Conv3d(CHANNELS + GUIDES, 64, (3, 3, 3), padding=(0, 1, 1))
        self.stem2 = nn.Conv3d(64, wide, (1, 4, 4), stride=(1, 4, 4))
        self.place = nn.Linear(4, wide)
        windows = ((1, 0, 0), (0, 3, 3))  # 0 is the whole side
        self.layers = nn.ModuleList([Layer(wide, 5, condition, windows[index % 2]) for index in range(depth)])
        self.norm = nn.LayerNorm(wide)
        self.leave = nn.Linear(wide, CHANNELS * 16)
        self.smooth = nn.Conv3d(CHANNELS + 64, CHANNELS, (3, 3, 3), padding=(0, 1, 1))

    def forward(self, noisy: Tensor, time: Tensor, text: Tensor, numbers: Tensor, guide: Tensor) -> Tensor:
        """Velocity (B, 3, T, H, W)."""
        batch, _, frames, rows, columns = noisy.shape
        condition = self.told(time, text, numbers, noisy)
        shown = haar(noisy) if self.wavelets else noisy
        fine = functional.silu(self.stem1(self._around(torch.cat((shown, guide), dim=1))))
        tokens = self.stem2(fine).permute(0, 2, 3, 4, 1)
        tokens = tokens + self.place(places(frames, rows // 4, columns // 4, self.causal).to(tokens.dtype))
        for layer in self.layers:
            tokens = layer(tokens, condition)
        patches = self.leave(self.norm(tokens)).reshape(batch, frames, rows // 4, columns // 4, CHANNELS, 4, 4)
        coarse = patches.permute(0, 4, 1, 2, 5, 3, 6).reshape(batch, CHANNELS, frames, rows, columns)
        velocity: Tensor = coarse + self.smooth(self._around(torch.cat((coarse, fine), dim=1)))
        return haar(velocity, back=True) if self.wavelets else velocity

    def _around(self, values: Tensor) -> Tensor:
        if not self.causal:
            return circular(values)
        return torch.cat((values[:, :, :1], values[:, :, :1], values), dim=2)


def places(frames: int, rows: int, columns: int, causal: bool) -> Tensor:
    """(1, T, H, W, 4): an angle of the loop, or a time, and where a token stands."""
    turn = torch.arange(frames) / frames * 6.2832
    clock = (turn, torch.zeros(frames)) if causal else (turn.sin(), turn.cos())
    short = min(rows, columns)
    y = (torch.arange(rows) * 2 - rows + 1) / short
    x = (torch.arange(columns) * 2 - columns + 1) / short
    parts = (clock[0][:, None, None], clock[1][:, None, None], y[None, :, None], x[None, None, :])
    return torch.stack([part.expand(frames, rows, columns) for part in parts], dim=-1)[None]


def haar(field: Tensor, back: bool = False) -> Tensor:
    """One level of Haar wavelets over pairs of frames, in place of them: sums, then differences; its own inverse."""
    if field.shape[2] == 1:
        return field
    half = field.shape[2] // 2
    one, other = (field[:, :, :half], field[:, :, half:]) if back else (field[:, :, ::2], field[:, :, 1::2])
    total, gap = (one + other) * 0.5**0.5, (one - other) * 0.5**0.5
    if not back:
        return torch.cat((total, gap), dim=2)
    return torch.stack((total, gap), dim=3).flatten(2, 3)
