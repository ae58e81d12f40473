"""Burnt-in text: a few frames of every shot are read, and each text is followed to where it comes and goes.

Knows nothing about what the text should say. Reads with rapidocr, which the `ocr` extra brings.
"""

import importlib.util
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import ToolMissing
from ..ffmpeg import probe
from ..probe import VideoStream
from . import PlacedText
from .cues import CaptionCue
from .frames import BLOCK, Picture, Plane, blocks
from .stills import full_frame
from .text import Seen, text_contrast
from .timing import plain

Shots = Sequence[tuple[int, int]]
Frame = NDArray[np.uint8]
Bytes = NDArray[np.uint8]

_EDGES = ("left", "top", "right", "bottom")

MOST = 40
"""Frames that are read of a film, the longest stretches not yet read first."""
_SHORTEST, _LONGEST = 0.4, 3.0
"""Seconds of a stretch that is worth a look, and for which one look is trusted."""
_SIDE = 720
"""Pixels of the shorter side that text is read at."""
_SURE = 0.75
"""How sure the reader must be of a text."""
_PADDED = (0.12, 0.07)
"""Parts of a line's height that the reader's boxes stand off its letters, aside and above."""
_BRIEF = 0.25
"""Seconds under which a text is on its way in or out, or counts up: nobody is meant to read it."""
_STEP, _OVER = 6.0, 2.5
"""Levels that a text's blocks change by when it comes or goes, and how much more than the rest of the frame."""
_BAND = 0.03
"""Part of the frame's height within which texts stand on one line."""


class BurntText:
    """Reads one film: it watches the small frames go by, and then looks at some of them closely."""

    def __init__(self) -> None:
        """Raise ToolMissing unless the `ocr` extra is installed."""
        if any(importlib.util.find_spec(name) is None for name in ("rapidocr", "cv2")):
            raise ToolMissing("rapidocr is not installed.", "Install it: pip install 'reelwright[ocr]'.")
        self._last: Plane | None = None
        self._steps: list[Bytes] = []

    def see(self, luma: Plane) -> None:
        """The next small frame: how much every block of it differs from the last, pixel by pixel."""
        if self._last is not None:
            apart = np.maximum(luma, self._last) - np.minimum(luma, self._last)
            self._steps.append(np.minimum(blocks(apart) // (BLOCK * BLOCK), 255).astype(np.uint8))
        self._last = luma

    def read(self, path: Path, picture: Picture, shots: Shots, progress: Callable[[float], None]) -> tuple[Seen, ...]:
        """Every text that stands on the frames that are read, with its frames and its contrast."""
        video = probe(path).video
        if video is None:
            return ()
        found, todo = list[Seen](), list(shots)
        for number in range(MOST):
            stretch = max(todo, key=lambda each: each[1] - each[0], default=(0, 0))
            if (stretch[1] - stretch[0]) * picture.step < _SHORTEST:
                break
            todo.remove(stretch)
            at = (stretch[0] + stretch[1]) // 2
            frame = full_frame(path, video, at)
            if frame is None:
                continue
            texts = [_follow(text, self._steps, at, stretch, video) for text in _look(frame)]
            found += [Seen(text, text_contrast(frame, text)) for text in texts]
            reach = round(_LONGEST / 2 / picture.step)
            first = max([stretch[0], at - reach, *(text.start for text in texts)])
            last = min([stretch[1], at + reach, *(text.end for text in texts)])
            todo += [(stretch[0], first), (max(last, at + 1), stretch[1])]
            progress((number + 1) / MOST)
        rows = _joined(found, picture.step)
        return _weighed([row for row in rows if (row.box.end - row.box.start) * picture.step >= _BRIEF], video)


def burnt_cues(texts: Sequence[Seen], video: VideoStream) -> tuple[CaptionCue, ...]:
    """The texts that change most often in one place, as the captions they are; empty under three."""
    bands = [[each for each in texts if _beside(each.box, text.box, video)] for text in texts]
    band = max(bands, key=lambda rows: len({row.box.text for row in rows}), default=[])
    if len({row.box.text for row in band}) < 3:
        return ()
    step = float(1 / video.rate)
    cues = [CaptionCue(row.box.start * step, row.box.end * step, (row.box.text,)) for row in band]
    return tuple(sorted(cues, key=lambda cue: cue.start))


def _look(frame: Frame) -> list[PlacedText]:
    """The texts on a frame, in its pixels, without times."""
    from PIL import Image

    scale = max(min(frame.shape[:2]) / _SIDE, 1.0)
    size = (round(frame.shape[1] / scale), round(frame.shape[0] / scale))
    small = np.asarray(Image.fromarray(frame).resize(size, Image.Resampling.BOX)) if scale > 1 else frame
    # It reads pictures as opencv holds them: blue first.
    answer = _engine()(np.ascontiguousarray(small[:, :, ::-1]), use_cls=False)
    if answer.boxes is None:
        return []
    texts = []
    for corners, words, sure in zip(answer.boxes, answer.txts, answer.scores, strict=True):
        if sure < _SURE or sum(letter.isalnum() for letter in words) < 2:
            continue
        (left, top), (right, bottom) = corners.min(axis=0) * scale, corners.max(axis=0) * scale
        aside, above = (part * (bottom - top) for part in _PADDED)
        edges = (round(float(edge)) for edge in (left + aside, top + above, right - aside, bottom - above))
        texts.append(PlacedText(text=words, **dict(zip(_EDGES, edges, strict=True)), start=0, end=1))
    return texts


def _follow(
    text: PlacedText, steps: Sequence[Bytes], at: int, stretch: tuple[int, int], video: VideoStream
) -> PlacedText:
    """The text with the frames between which its part of the picture does not suddenly change."""
    rows, columns = steps[0].shape if steps else (1, 1)
    down, across = rows / video.height, columns / video.width
    part = (
        slice(int(text.top * down), max(math.ceil(text.bottom * down), 1)),
        slice(int(text.left * across), max(math.ceil(text.right * across), 1)),
    )
    first, last = at, at + 1
    while first > stretch[0] and not _turned(steps[first - 1], part):
        first -= 1
    while last < stretch[1] and not _turned(steps[last - 1], part):
        last += 1
    return text.model_copy(update={"start": first, "end": last})


def _turned(step: Bytes, part: tuple[slice, slice]) -> bool:
    change = float(step[part].mean()) if step[part].size else 0.0
    return change >= _STEP and change >= _OVER * float(np.median(step)) + 1


def _joined(texts: Sequence[Seen], step: float) -> list[Seen]:
    """What is read again in the same place a moment later is one text."""
    rows: list[Seen] = []
    for text in sorted(texts, key=lambda each: each.box.start):
        same = next((n for n, row in enumerate(rows) if _same(row.box, text.box, _SHORTEST / step)), None)
        if same is None:
            rows.append(text)
        else:
            box = rows[same].box.model_copy(update={"end": max(rows[same].box.end, text.box.end)})
            ratios = [ratio for ratio in (rows[same].ratio, text.ratio) if ratio is not None]
            rows[same] = Seen(box, min(ratios, default=None))
    return rows


def _weighed(texts: Sequence[Seen], video: VideoStream) -> tuple[Seen, ...]:
    """Letters of the scene (a sign) are read, too: what is centred, or has its like in place, is laid over it."""
    found = []
    for text in texts:
        middle = abs(text.box.left + text.box.right - video.width) <= 2 * _BAND * video.width
        likes = any(each is not text and _beside(each.box, text.box, video) for each in texts)
        found.append(replace(text, sure=middle or likes))
    return tuple(found)


def _same(one: PlacedText, other: PlacedText, gap: float) -> bool:
    near = abs(one.left - other.left) + abs(one.top - other.top) <= one.bottom - one.top
    return near and other.start - one.end <= gap and "".join(plain(one.text)) == "".join(plain(other.text))


def _beside(one: PlacedText, other: PlacedText, video: VideoStream) -> bool:
    """On one line, and as large."""
    tall, taller = sorted((one.bottom - one.top, other.bottom - other.top))
    return abs(one.top + one.bottom - other.top - other.bottom) <= 2 * _BAND * video.height and taller <= 1.5 * tall


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={**threads, "Global.log_level": "error"})
