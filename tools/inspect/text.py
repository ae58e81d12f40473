"""Text on the picture: inside the safe area, and told apart from the pixels that are really behind it.

Knows nothing about fonts or about who put the text there.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..media import Size
from ..probe import VideoStream
from ..profiles import Profile
from . import Check, PlacedText, Span
from .cues import Script
from .flash import LINEAR
from .frames import luminance

Luma = NDArray[np.uint8]
Bools = NDArray[np.bool_]
FRAMES = 40
"""Frames that are kept whole to look at text; where there are more texts, as many are chosen evenly."""
_SLACK = 2
"""Pixels of anti-aliasing that may touch the margin."""
_VISIBLE = 0.03
"""Contrast of strokes, in the square root of luminance, under which there is nothing to see."""
_SOURCE = "WCAG 2 1.4.3"


@dataclass(frozen=True)
class Seen:
    """A text with its contrast as it was seen; None where it lies outside the frame."""

    box: PlacedText
    ratio: float | None
    sure: bool = True
    """False where it may be part of the scene, such as a sign."""


def safe_area_check(
    boxes: Sequence[PlacedText],
    script: Script | None,
    video: VideoStream,
    profile: Profile,
    doubtful: Collection[PlacedText] = (),
) -> Check:
    """No text where the interface covers it; places come from the renderer or a reader, else from an .ass script.

    What is `doubtful`, for it may be part of the scene, only warns.
    """
    step = float(1 / video.rate)
    placed: list[tuple[str, float, float, float, float, float, float]] = [
        (box.text, box.left, box.top, box.right, box.bottom, box.start * step, box.end * step) for box in boxes
    ]
    across, down = (video.width / script.width, video.height / script.height) if script else (1.0, 1.0)
    if script and not placed:
        placed = [
            (" ".join(e.lines), e.left * across, e.top * down, e.right * across, e.bottom * down, e.start, e.end)
            for e in script.events
        ]
    safe = profile.safe_box(Size(width=video.width // 2 * 2, height=video.height // 2 * 2))
    target = f"inside {safe.left},{safe.top} to {safe.right},{safe.bottom} ({profile.name})"
    if not placed:
        return Check(name="safe_area", value="places of text not known", target=target, verdict="skip")
    wrong, spans, grave = list[str](), list[Span](), False
    unsure = {(box.text, box.left, box.top) for box in doubtful}
    for text, left, top, right, bottom, start, end in placed:
        over = {
            "left": safe.left - left,
            "top": safe.top - top,
            "right": right - safe.right,
            "bottom": bottom - safe.bottom,
        }
        side = max(over, key=lambda each: over[each])
        if over[side] > _SLACK:
            wrong.append(f"“{text[:24]}” {over[side]:.0f} px into the {side}")
            spans.append(Span(start=start, end=end))
            grave = grave or (text, left, top) not in unsure
    return Check(
        name="safe_area",
        value="; ".join(wrong[:3]) or f"{len(placed)} texts inside",
        target=target,
        verdict="fail" if grave else "warn" if wrong else "pass",
        spans=tuple(spans),
        source="platform guidelines",
    )


def moments(boxes: Sequence[PlacedText], frames: int) -> dict[int, list[PlacedText]]:
    """Frames to look at, in order, each with the texts that stand in it."""
    seen: dict[int, list[PlacedText]] = {}
    for box in boxes:
        at = min((box.start + box.end) // 2, frames - 1)
        seen.setdefault(at, []).append(box)
    chosen = sorted(seen)
    if len(chosen) > FRAMES:
        chosen = [chosen[round(n * (len(chosen) - 1) / (FRAMES - 1))] for n in range(FRAMES)]
    return {at: seen[at] for at in chosen}


def keeper(frames: Sequence[int], video: VideoStream, output: Path) -> tuple[str, list[str]]:
    """The chain and the output that keep the luma of these frames in a file, from the decode that runs anyway."""
    wanted = "+".join(f"eq(n\\,{at})" for at in frames)
    chain = f"[more]select='{wanted}',scale={video.width}:{video.height},format=rgb24[extra]"
    return chain, ["-map", "[extra]", "-fps_mode", "passthrough", "-f", "rawvideo", f"file:{output.resolve()}"]


def kept(path: Path, texts: dict[int, list[PlacedText]], video: VideoStream) -> tuple[Seen, ...]:
    """The contrast of every text on the frames that were kept for it."""
    pixels = np.memmap(path, np.uint8, "r").reshape(-1, video.height, video.width, 3)
    return tuple(
        Seen(box, text_contrast(np.asarray(frame), box))
        for frame, boxes in zip(pixels, texts.values(), strict=False)
        for box in boxes
    )


def contrast_check(texts: Sequence[Seen], video: VideoStream, profile: Profile) -> Check:
    """Each text against the pixels round its letters, on the frame in the middle of its time."""
    limits = profile.limits
    target = f"≥ {limits.contrast:g}:1, {limits.contrast_large:g}:1 where large"
    if not texts:
        return Check(name="contrast", value="places of text not known", target=target, verdict="skip")
    found = [
        (text.ratio, _wanted(text.box, video, profile), text.box, text.sure) for text in texts if text.ratio is not None
    ]
    if not found:
        return Check(name="contrast", value="all texts lie outside the frame", target=target, verdict="skip")
    step, weak = float(1 / video.rate), [row for row in found if row[0] < row[1]]
    worst = min(found, key=lambda row: row[0] / row[1])
    return Check(
        name="contrast",
        value=f"lowest {worst[0]:.1f}:1 (“{worst[2].text[:24]}”), {len(found)} texts",
        target=target,
        verdict="fail" if any(row[3] for row in weak) else "warn" if weak else "pass",
        spans=tuple(Span(start=box.start * step, end=box.end * step) for _, _, box, _ in weak),
        source=_SOURCE,
    )


def text_contrast(frame: NDArray[np.uint8], box: PlacedText) -> float | None:
    """Ratio between the letters and what touches them, where their edge is worst; None outside the frame.

    Letters are strokes: what vanishes when the region is opened (or closed) by more than a stroke's width. An outline
    or a box behind the text counts: the best ring round the letters, up to an eighth of a line away, is what the eye
    tells them from.
    """
    line = max((box.bottom - box.top) // max(box.text.count("\n") + 1, 1), 4)
    pad = max(line // 6, 3)
    region = frame[max(box.top - pad, 0) : box.bottom + pad, max(box.left - pad, 0) : box.right + pad]
    if min(region.shape[:2], default=0) < 4:
        return None
    light = luminance(LINEAR[region])
    # Gaps between letters are strokes, too, but run out into the background, so that their own contrast is nil.
    return max((_ring_contrast(light, *found, line) for found in _strokes(light, line)), default=1.0)


def _strokes(light: NDArray[np.float32], line: int) -> list[tuple[Bools, float]]:
    """Bright strokes and dark ones, each with their luminance, where anything stands out."""
    grey, radius, found = np.sqrt(light), max(ceil(0.15 * line), 2), list[tuple[Bools, float]]()
    opened = _repeated(_repeated(grey, np.minimum, radius), np.maximum, radius)
    closed = _repeated(_repeated(grey, np.maximum, radius), np.minimum, radius)
    for strokes, extreme in ((grey - opened, 75), (closed - grey, 25)):
        strength = float(np.percentile(strokes, 99))
        if strength >= _VISIBLE:
            core = strokes >= 0.35 * strength
            level = float(np.percentile(light[core], extreme))
            found.append((core & (np.abs(grey - np.sqrt(level)) < 0.35 * strength), level))
    return found


def _ring_contrast(light: NDArray[np.float32], letters: Bools, level: float, line: int) -> float:
    best, inner = 1.0, letters
    for _ in range(max(line // 8, 2)):
        outer = _spread(inner, np.logical_or)
        pixels = light[outer & ~inner]
        if len(pixels):
            ratios = (np.maximum(pixels, level) + 0.05) / (np.minimum(pixels, level) + 0.05)
            best = max(best, float(np.percentile(ratios, 10)))
        inner = outer
    return best


def _wanted(box: PlacedText, video: VideoStream, profile: Profile) -> float:
    limits = profile.limits
    line = (box.bottom - box.top) / max(box.text.count("\n") + 1, 1)
    large = line >= limits.large_text * min(video.width, video.height) / 1080
    return limits.contrast_large if large else limits.contrast


def _repeated(plane: NDArray[np.float32], rule: np.ufunc, times: int) -> NDArray[np.float32]:
    for _ in range(times):
        plane = _spread(plane, rule)
    return plane


def _spread(plane: NDArray[Any], rule: np.ufunc) -> NDArray[Any]:
    """Each pixel with its neighbours, by minimum, maximum or logical or."""
    tall = plane.copy()
    rule(tall[1:], plane[:-1], out=tall[1:])
    rule(tall[:-1], plane[1:], out=tall[:-1])
    wide = tall.copy()
    rule(wide[:, 1:], tall[:, :-1], out=wide[:, 1:])
    rule(wide[:, :-1], tall[:, 1:], out=wide[:, :-1])
    return wide
