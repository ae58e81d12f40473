"""Where to crop: what draws the eye in a clip, as few points as keep it in view, held steady.

Knows nothing about films or ffmpeg's graphs: it sees a few small frames. Faces count most where somebody finds them.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from ..timeline import Focus

Plane = npt.NDArray[np.float64]
Faces = Callable[[npt.NDArray[np.uint8]], Sequence[tuple[float, float, float, float]]]
"""Boxes of faces in a picture: left, top, width, height, each a part of the picture's."""
WIDE = 96
"""Width of the frames that are looked at."""
_LOOKS, _STEP = 40, 0.2
"""How many frames of a shot are weighed, and the seconds between them at least."""
_CUT = 14.0
"""Mean difference of two frames, of 255, below which nothing is a cut."""
_GRID = 48
"""Places of the crop that are compared."""
_REST = 0.12
"""What it costs to leave a place, as a part of all that is to be seen."""
_WAY = 0.5
"""What moving costs, over the whole frame."""
_ENOUGH = 0.85
"""A crop that never moves is kept while it shows this part of what the best moving one shows."""
_MOVE = 1.0
"""Seconds that a move takes at least."""


def focus(
    frames: npt.NDArray[np.uint8], rate: float, part: float, across: bool, faces: Faces | None = None
) -> tuple[Focus, ...]:
    """What to keep in view, shot by shot: at a cut the crop jumps with the picture, within a shot it eases.

    Args:
        frames: every frame at `rate`, small, RGB.
        part: how much of the picture's width (of its height where not `across`) the crop shows.
    """
    rows: list[Focus] = []
    for first, last in pairwise([0, *cuts(frames), len(frames)]):
        step = max(1, round(max(_STEP * rate, (last - first) / _LOOKS)))
        points = _shot(frames[first:last:step], step, rate, part, across, faces)
        if rows:
            rows.append(rows[-1].model_copy(update={"frame": first - 1}))
        rows += [point.model_copy(update={"frame": min(point.frame, last - first - 1) + first}) for point in points]
    return tuple(rows) if len({(row.x, row.y) for row in rows}) > 1 else tuple(rows[:1])


def cuts(frames: npt.NDArray[np.uint8]) -> list[int]:
    """Frames that begin another picture: they differ from the one before as none around them do."""
    if len(frames) < 3:
        return []
    tiny = frames[:, ::4, ::4].astype(np.float32)
    step = np.abs(np.diff(tiny, axis=0)).mean(axis=(1, 2, 3))
    around = np.array([np.median(step[max(0, at - 4) : at + 5]) for at in range(len(step))])
    return [int(at) + 1 for at in np.flatnonzero((step > _CUT) & (step > 4 * around))]


def _shot(
    frames: npt.NDArray[np.uint8], step: int, rate: float, part: float, across: bool, faces: Faces | None
) -> tuple[Focus, ...]:
    profiles = np.stack([plane.sum(axis=0 if across else 1) for plane in maps(frames, faces)])
    seen = _shown(profiles, part)
    fixed = int(seen.sum(axis=0).argmax())
    places = _path(seen)
    moving = seen[np.arange(len(seen)), places]
    steady = seen[:, fixed]
    if len(seen) < 3 or (steady.sum() >= _ENOUGH * moving.sum() and (steady >= 0.5 * moving).all()):
        return (_point(0, _middle(fixed, part), across),)
    return _points(places, part, step / rate, rate, across)


def maps(frames: npt.NDArray[np.uint8], faces: Faces | None = None) -> list[Plane]:
    """How much every place of every frame draws the eye; each sums to 1."""
    grey = [frame @ np.array([0.299, 0.587, 0.114]) for frame in frames]
    moved = [np.zeros_like(grey[0]), *(_motion(before, after) for before, after in pairwise(grey))]
    if len(moved) > 1:
        moved[0] = moved[1]
    rows = []
    for frame, motion in zip(frames, moved, strict=True):
        still = _still(frame.astype(np.float64))
        whole = still / still.sum()
        if motion.sum() > 0:
            whole = 0.4 * whole + 0.6 * motion / motion.sum()
        whole = whole * _centre(whole.shape)
        whole = whole / whole.sum()
        boxes = faces(frame) if faces else ()
        if boxes:
            whole = 0.3 * whole + 0.7 * _boxed(whole.shape, boxes)
        rows.append(whole)
    return rows


def _still(frame: Plane) -> Plane:
    """Spectral residual (Hou and Zhang, 2007) of light and two opponent colours: what breaks a picture's own rule."""
    red, green, blue = (frame[..., at] for at in range(3))
    total = np.zeros(frame.shape[:2])
    for plane in ((red + green + blue) / 3, red - green, blue - (red + green) / 2):
        contrast = float(plane.std())
        if contrast < 2:
            continue
        wave = np.fft.fft2((plane - plane.mean()) * np.outer(*(_taper(side) for side in plane.shape)))
        size = np.log(np.abs(wave) + 1e-6)
        odd = np.abs(np.fft.ifft2(np.exp(size - _boxblur(size) + 1j * np.angle(wave)))) ** 2
        odd = _soft(odd, frame.shape[1] / 24)
        total += contrast * odd / max(float(odd.sum()), 1e-12)
    # What stands out stands out more: else a busy ground outweighs a small subject.
    total = np.maximum(total - np.median(total), 0) ** 1.5
    return total if total.sum() > 0 else np.ones_like(total)


def _taper(side: int) -> Plane:
    """Ends that fade, or the frame's own edges stand out most."""
    at = np.minimum(np.arange(side), np.arange(side)[::-1]) + 0.5
    rows: Plane = np.sin(np.clip(at / (0.12 * side), 0, 1) * np.pi / 2) ** 2
    return rows


def _motion(before: Plane, after: Plane) -> Plane:
    """What moves otherwise than the camera does."""
    cross = np.fft.fft2(after - after.mean()) * np.conj(np.fft.fft2(before - before.mean()))
    peak = np.fft.ifft2(cross / np.maximum(np.abs(cross), 1e-6)).real
    down, right = (int(at) for at in np.unravel_index(int(peak.argmax()), peak.shape))
    height, width = after.shape
    down, right = down - height * (down > height // 2), right - width * (right > width // 2)
    turned = np.abs(after - np.roll(before, (down, right), (0, 1)))
    # A subject that moves over a plain ground looks like a camera that does: median, for it is the smaller part.
    if max(abs(down) / height, abs(right) / width) > 1 / 6 or np.median(turned) > 0.8 * np.median(
        np.abs(after - before)
    ):
        down, right, turned = 0, 0, np.abs(after - before)
    rest = _soft(turned, width / 40)
    rest[: max(down, 0)] = rest[height + min(down, 0) :] = 0
    rest[:, : max(right, 0)] = rest[:, width + min(right, 0) :] = 0
    rest = np.maximum(rest - max(1.5, 1.5 * float(np.median(rest))), 0)
    # Flicker everywhere is no subject.
    return rest if rest.max() > 4 else np.zeros_like(rest)


def _soft(plane: Plane, sigma: float) -> Plane:
    down, across = (_kernel(side, sigma) for side in plane.shape)
    soft: Plane = down @ plane @ across.T
    return soft


def _kernel(side: int, sigma: float) -> Plane:
    at = np.arange(side)
    rows = np.exp(-((at[:, None] - at[None, :]) ** 2) / (2 * sigma**2))
    kernel: Plane = rows / rows.sum(axis=1, keepdims=True)
    return kernel


def _boxblur(plane: Plane) -> Plane:
    around = [np.roll(plane, (down, right), (0, 1)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
    mean: Plane = np.mean(around, axis=0)
    return mean


def _centre(shape: tuple[int, ...]) -> Plane:
    """Cameramen put what matters near the middle."""
    down, across = (np.linspace(-1, 1, side) for side in shape[:2])
    prior: Plane = 0.45 + 0.55 * np.exp(-(down[:, None] ** 2) / 1.2 - across[None, :] ** 2 / 0.7)
    return prior


def _boxed(shape: tuple[int, ...], boxes: Sequence[tuple[float, float, float, float]]) -> Plane:
    plane = np.full(shape[:2], 1e-9)
    for left, top, width, height in boxes:
        rows = slice(int(top * shape[0]), max(int((top + height) * shape[0]), int(top * shape[0]) + 1))
        columns = slice(int(left * shape[1]), max(int((left + width) * shape[1]), int(left * shape[1]) + 1))
        plane[rows, columns] += 1
    shares: Plane = plane / plane.sum()
    return shares


def _shown(profiles: Plane, part: float) -> Plane:
    """How much of every frame a crop shows at every place of the grid; its edges count less than its middle."""
    count = profiles.shape[1]
    at = (np.arange(count) + 0.5) / count
    middles = np.array([_middle(place, part) for place in range(_GRID)])
    near = np.abs(at[None, :] - middles[:, None]) / (part / 2)
    weight = np.clip((1.05 - near) / 0.35, 0, 1)
    seen: Plane = profiles @ weight.T
    return seen


def _middle(place: int, part: float) -> float:
    return part / 2 + (1 - part) * place / (_GRID - 1)


def _path(seen: Plane) -> npt.NDArray[np.intp]:
    """The place at every step that shows most, less what moving costs (Viterbi)."""
    way = np.abs(np.subtract.outer(np.arange(_GRID), np.arange(_GRID))) / (_GRID - 1)
    price = _WAY * way + _REST * (way > 0)
    best, back = seen[0], []
    for row in seen[1:]:
        choices = best[None, :] - price
        back.append(choices.argmax(axis=1))
        best = row + choices.max(axis=1)
    places = [int(best.argmax())]
    for row in back[::-1]:
        places.append(int(row[places[-1]]))
    return np.array(places[::-1])


def _points(places: npt.NDArray[Any], part: float, step: float, rate: float, across: bool) -> tuple[Focus, ...]:
    """Hold, move, hold: a move begins early enough to last its time, and never before the one before has ended."""
    changes = [at for at in range(1, len(places)) if places[at] != places[at - 1]]
    rows = [_point(0, _middle(int(places[0]), part), across)]
    for at in changes:
        before, after = (_middle(int(places[number]), part) for number in (at - 1, at))
        start = max(round((at * step - _MOVE / 2) * rate), rows[-1].frame)
        end = max(round((at * step + _MOVE / 2) * rate), start + round(_MOVE * rate / 2))
        if len(rows) > 1 and start == rows[-1].frame and rows[-1].frame > 0:
            # One move runs into the next: they are one.
            rows[-1] = _point(end, after, across)
            continue
        rows += [_point(start, before, across), _point(end, after, across)]
    return tuple(rows)


def _point(frame: int, middle: float, across: bool) -> Focus:
    x, y = (middle, 0.5) if across else (0.5, middle)
    return Focus(frame=frame, x=round(min(max(x, 0), 1), 4), y=round(min(max(y, 0), 1), 4))
