"""Horizons one before the other: hills of silk, and banks of cloud.

Knows nothing about frames or files.
"""

import numpy as np

from .canvas import Canvas, Field, Painter, Planes, limits, turns


def waves(canvas: Canvas) -> Painter:
    """Hills of silk, one behind the other: a lit crest, a shadow cast on the hill behind, and haze between."""
    chance = canvas.chance
    count = 5
    phase = turns(chance, count * 3).reshape(count, 3)
    tilt = float(chance.uniform(-0.3, 0.3))
    sky = _sky(canvas)
    shade, ground = canvas.colour("shade"), canvas.colour("ground")
    lit = [canvas.colour("tint" if each % 2 else "glow") for each in range(count)]
    body = [ground + (shade - ground) * np.float32(each / (count - 1)) for each in range(count)]
    x = canvas.x[0]

    def crest(each: int, turn: float) -> Field:
        a, b, c = phase[each]
        near = 0.6 + 0.18 * each
        line = canvas.high * (0.02 + 0.21 * each) + tilt * x * (0.5 - 0.2 * each)
        line = line + near * (0.13 * np.sin(2.1 * x + a + turn) + 0.06 * np.sin(3.7 * x + b - turn))
        line = line + near * 0.022 * np.sin(7.3 * x + c + 2 * turn)
        return np.asarray((line / (2 * canvas.high) + 0.5) * canvas.height, np.float32)

    def paint(turn: float) -> Planes:
        return _stack(canvas, sky, [crest(each, turn) for each in range(count)], body, lit)

    return paint


def clouds(canvas: Canvas) -> Painter:
    """Banks of cloud under a wide sky, each puff breathing and drifting; near banks drift further."""
    chance = canvas.chance
    count = 5
    sky = _sky(canvas)
    shade, ground = canvas.colour("shade"), canvas.colour("ground")
    lit = [canvas.colour("tint" if each in {1, 3} else "glow") for each in range(count)]
    body = [ground + (shade - ground) * np.float32(0.8 * each / (count - 1)) for each in range(count)]
    banks = [_bank(canvas, chance, each) for each in range(count)]
    x = canvas.x

    def crest(each: int, turn: float) -> Field:
        at, size, lift, phase = (part[:, None] for part in banks[each])
        at = at + (0.03 + 0.025 * each) * np.sin(turn + 0.9 * each) + 0.012 * np.sin(turn + phase)
        size = size * (1 + 0.05 * np.sin(turn + 2 * phase))
        above = size * size - (x - at) ** 2
        puffs = np.where(above > 0, lift + np.sqrt(np.maximum(above, 0)), np.float32(-9))
        rise = canvas.high * (0.12 + 0.19 * each) - puffs.max(axis=0)
        return np.asarray((rise / (2 * canvas.high) + 0.5) * canvas.height, np.float32)

    def paint(turn: float) -> Planes:
        return _stack(canvas, sky, [crest(each, turn) for each in range(count)], body, lit, flat=0.8)

    return paint


def _bank(canvas: Canvas, chance: np.random.Generator, each: int) -> tuple[Field, Field, Field, Field]:
    # Puffs stand close; a few are tall, which makes towers and saddles.
    gap = 0.060 + 0.018 * each
    count = int(2 * (canvas.wide + 0.3) / gap)
    at = -canvas.wide - 0.3 + gap * np.arange(count) + chance.uniform(-0.3, 0.3, count) * gap
    size = gap * chance.uniform(1.0, 1.8, count) ** 1.2
    swell = np.sin(2.3 * at + chance.uniform(0, 6)) + 0.6 * np.sin(5.1 * at + chance.uniform(0, 6))
    lift = gap * (0.8 * swell + chance.uniform(-0.2, 0.5, count))
    return tuple(np.asarray(part, np.float32) for part in (at, size, lift, turns(chance, count)))  # type: ignore[return-value]


def _sky(canvas: Canvas) -> Planes:
    # Light stands low on the horizon; chroma at half size from here on.
    part = np.clip(canvas.y / canvas.high + 1, 0, 1) ** 1.6
    part = part * (1 - 0.25 * (canvas.x / canvas.wide) ** 2)
    shade, glow = canvas.colour("shade"), canvas.colour("glow")
    luma = shade[0] + (glow[0] - shade[0]) * part * 0.9
    coarse = part[::2, ::2]
    blue, red = (shade[plane] + (glow[plane] - shade[plane]) * coarse * 0.9 for plane in (1, 2))
    return luma.astype(np.float32), blue.astype(np.float32), red.astype(np.float32)


def _stack(
    canvas: Canvas, sky: Planes, lines: list[Field], body: list[Field], lit: list[Field], flat: float = 0.0
) -> Planes:
    # `flat` is how far the light ignores the crest's form: a puff lit along its rim alone looks like a pipe.
    luma, blue, red = (plane.copy() for plane in sky)
    planes = luma, blue, red
    depth = 0.30 if canvas.palette.dark else 0.15
    for each, line in enumerate(lines):
        last = lines[each + 1].max() + 2 if each + 1 < len(lines) else canvas.height
        top = line + np.float32(flat) * (_eased(line) - line)
        cast = depth * (1 - 0.4 * flat) if each else 0.0
        _hill(canvas, planes, line, top, int(last), (body[each], lit[each]), 0.95 - 0.07 * each, cast)
    return planes


def _eased(line: Field) -> Field:
    reach = max(3, len(line) // 5) | 1
    wide = np.pad(line, reach // 2, mode="edge")
    total = np.cumsum(np.concatenate([[0.0], wide]))
    return np.asarray((total[reach:] - total[:-reach]) / reach, np.float32)


def _hill(
    canvas: Canvas,
    planes: Planes,
    line: Field,
    top: Field,
    last: int,
    colours: tuple[Field, Field],
    amount: float,
    cast: float,
) -> None:
    """Paint one hill from its crest `line` down to row `last`, lit from `top` down, and its shadow behind it."""
    reach = canvas.height * 0.10
    low = np.float32((limits(canvas.palette)[0] - 16) / 219)
    body, lit = colours
    # Across a steep slope a pixel is thin: the edge softens along its normal, not straight down.
    steep = np.float32(1) / np.sqrt(1 + np.minimum(np.abs(np.gradient(line)), 6) ** 2)
    for plane, values in enumerate(planes):
        step = 2 if plane else 1
        crest, slope = line[::step] / step, steep[::step]
        ends = max(0, int(crest.min() - reach * 0.5 / step)), int(crest.max()) + 3, last // step + 1
        first, full, end = (min(row, values.shape[0]) for row in ends)
        full = min(full, end)
        rise: Field = top[::step] / np.float32(step)
        lift: Field = (lit[plane] - body[plane]) * np.float32(amount)
        light = rise, np.float32(step / (2.6 * reach)), lift
        # Below the lowest point of the crest there is nothing behind to blend with.
        _light(values[full:end], full, light, body[plane])
        part = values[first:full]
        depth = np.arange(first, full, dtype=np.float32)[:, None] - crest[None, :]
        if plane == 0 and cast:
            shadow = np.clip(1 + depth / np.float32(reach * 0.5), 0, 1)
            part -= part * (shadow * shadow * np.float32(cast))
            np.maximum(part, low, out=part)
        colour = np.empty_like(part)
        _light(colour, first, light, body[plane])
        depth *= slope[None, :]
        depth += np.float32(0.5)
        colour -= part
        colour *= np.clip(depth, 0, 1, out=depth)
        part += colour


def _light(target: Field, first: int, light: tuple[Field, np.float32, Field], body: Field) -> None:
    """Fill `target`, whose first row is `first`, with the body's colour, lit from the hill's top down."""
    top, fade, lift = light
    rows = np.arange(first, first + target.shape[0], dtype=np.float32)[:, None]
    np.subtract((1 + top * fade)[None, :], rows * fade, out=target)
    np.clip(target, 0, 1, out=target)
    target *= target
    target *= lift
    target += body
