"""Fluids: ink that spreads in water, and the net of light at the bottom of a pool.

Knows nothing about frames or files.
"""

import numpy as np

from .canvas import Canvas, Field, Painter, Planes, smooth
from .fields import Swell, ramp


def ink(canvas: Canvas) -> Painter:
    """Ink in water: plumes that a slow current folds into each other, denser away from the text."""
    plume = Swell(canvas, wave=0.9, slope=2.3, churn=0.35)
    push = [Swell(canvas, wave=1.5, slope=2.7, churn=0.6), Swell(canvas, wave=1.5, slope=2.7, churn=0.6)]
    x, y = canvas.x / canvas.wide, canvas.y / canvas.high
    far = np.clip(0.35 * x * x + 0.9 * y * y, 0, 1).astype(np.float32)
    quiet = np.clip(np.float32(0.5) + far, 0, 1)
    dark = canvas.palette.dark
    water = (
        [canvas.colour("shade"), canvas.colour("ground")] if dark else [canvas.colour("ground"), canvas.colour("glow")]
    )
    tone = ramp(water)
    body = canvas.colour("glow") if dark else canvas.colour("accent2", 0.42)
    rim = canvas.colour("tint") if dark else canvas.colour("accent", 0.30)
    reach = np.float32(0.24 * canvas.width / (2 * canvas.wide))

    def paint(turn: float) -> Planes:
        across, down = (way(turn) * reach for way in push)
        value = _sampled(plume(turn), across, down)
        dense = smooth(-0.5, 1.9, value + np.float32(1.5) * far - np.float32(0.65))
        skin = np.exp(-(((dense - np.float32(0.30)) / np.float32(0.17)) ** 2)) * quiet
        dense *= quiet
        luma, blue, red = tone(np.clip(np.float32(0.75) - np.float32(0.35) * far + np.float32(0.1) * value, 0, 1))
        for plane, values in enumerate((luma, blue, red)):
            edge, deep = (skin, dense) if not plane else (skin[::2, ::2], dense[::2, ::2])
            values += (rim[plane] - values) * edge * np.float32(0.5)
            values += (body[plane] - values) * deep * np.float32(0.9)
        return luma, blue, red

    return paint


def _sampled(field: Field, across: Field, down: Field) -> Field:
    """The field where a current has carried each pixel from: bilinear, mirrored at the edges."""
    tall, wide = field.shape
    x = np.arange(wide, dtype=np.float32)[None, :] + across
    y = np.arange(tall, dtype=np.float32)[:, None] + down
    x, y = (np.float32(most - 1) - np.abs(np.abs(at) - np.float32(most - 1)) for at, most in ((x, wide), (y, tall)))
    x, y = np.clip(x, 0, wide - 1.001), np.clip(y, 0, tall - 1.001)
    left, top = x.astype(np.intp), y.astype(np.intp)
    right, low = x - left, y - top
    upper = field[top, left] * (1 - right) + field[top, left + 1] * right
    lower = field[top + 1, left] * (1 - right) + field[top + 1, left + 1] * right
    return np.asarray(upper * (1 - low) + lower * low, np.float32)


def caustics(canvas: Canvas) -> Painter:
    """The net of light that waves cast on the bottom of a pool, and below it the deep."""
    waves = [Swell(canvas, wave=0.52, slope=2.6, churn=0.9), Swell(canvas, wave=0.40, slope=2.6, churn=0.9)]
    depth = np.clip(canvas.y / canvas.high * 0.5 + 0.5, 0, 1) + 0 * canvas.x
    x, y = canvas.x / canvas.wide, canvas.y / canvas.high
    far = np.clip(0.30 + 0.9 * (0.35 * x * x + 0.8 * y * y), 0, 1).astype(np.float32)
    tone = ramp([canvas.colour(role) for role in ("glow", "ground", "shade")])
    light = canvas.colour("accent2", 0.7) if canvas.palette.dark else canvas.colour("glow")
    sun = canvas.colour("glow")

    def paint(turn: float) -> Planes:
        first, second = (wave(turn) for wave in waves)
        net = _net(first) * np.float32(0.65) + _net(second + np.float32(0.35) * first) * np.float32(0.55)
        luma, blue, red = tone(np.float32(0.30) + np.float32(0.62) * depth + np.float32(0.05) * first)
        fall = (np.clip(net, 0, 1) * far * (np.float32(1.0) - np.float32(0.45) * depth)).astype(np.float32)
        for plane, values in enumerate((luma, blue, red)):
            part = fall if not plane else fall[::2, ::2]
            target = sun[plane] + (light[plane] - sun[plane]) * part
            values += (target - values) * part
        return luma, blue, red

    return paint


def _net(wave: Field) -> Field:
    """Thin bright lines where a wave crosses zero, with a soft halo."""
    away = np.abs(wave)
    line: Field = np.exp(-away * np.float32(6.5)) + np.float32(0.25) * np.exp(-away * np.float32(1.8))
    return line
