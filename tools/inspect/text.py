"""Text on the picture: inside the safe area, and told apart from the pixels that are really behind it.

Knows nothing about fonts or about who put the text there.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..media import Size
from ..probe import VideoStream
from ..profiles import Profile
from . import Check, PlacedText, Span
from .cues import Script
from .flash import LINEAR

Luma = NDArray[np.uint8]
Bools = NDArray[np.bool_]
FRAMES = 40
"""Frames that are kept whole to look at text; where there are more texts, as many are chosen evenly."""
_SLACK = 2
"""Pixels of anti-aliasing that may touch the margin."""
_SOURCE = "WCAG 2 1.4.3"


def safe_area_check(boxes: Sequence[PlacedText], script: Script | None, video: VideoStream, profile: Profile) -> Check:
    """No text where the platform's interface covers it; places come from the renderer, else from an .ass script."""
    step = float(1 / video.rate)
    placed: list[tuple[str, float, float, float, float, float, float]] = [
        (box.text, box.left, box.top, box.right, box.bottom, box.start * step, box.end * step) for box in boxes
    ]
    across, down = (video.width / script.width, video.height / script.height) if script else (1.0, 1.0)
    if script:
        placed += [
            (" ".join(e.lines), e.left * across, e.top * down, e.right * across, e.bottom * down, e.start, e.end)
            for e in script.events
        ]
    safe = profile.safe_box(Size(width=video.width // 2 * 2, height=video.height // 2 * 2))
    target = f"inside {safe.left},{safe.top} to {safe.right},{safe.bottom} ({profile.name})"
    if not placed:
        return Check(name="safe_area", value="places of text not known", target=target, verdict="skip")
    wrong, spans = list[str](), list[Span]()
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
    return Check(
        name="safe_area",
        value="; ".join(wrong[:3]) or f"{len(placed)} texts inside",
        target=target,
        verdict="fail" if wrong else "pass",
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
    chain = (
        f"[more]select='{wanted}',scale={video.width}:{video.height}:out_color_matrix=bt709:out_range=pc,"
        "format=rgb24[extra]"
    )
    return chain, ["-map", "[extra]", "-fps_mode", "passthrough", "-f", "rawvideo", f"file:{output.resolve()}"]


def contrast_check(
    kept: Path | None, texts: dict[int, list[PlacedText]], video: VideoStream, profile: Profile
) -> Check:
    """Each text against the pixels round its letters, on the frame in the middle of its time."""
    limits = profile.limits
    target = f"≥ {limits.contrast:g}:1, {limits.contrast_large:g}:1 where large"
    if kept is None or not texts:
        return Check(name="contrast", value="places of text not known", target=target, verdict="skip")
    pixels = np.memmap(kept, np.uint8, "r").reshape(-1, video.height, video.width, 3)
    step, found = float(1 / video.rate), list[tuple[float, float, PlacedText]]()
    for frame, boxes in zip(pixels, texts.values(), strict=False):
        for box in boxes:
            ratio = text_contrast(np.asarray(frame), box)
            if ratio is not None:
                found.append((ratio, _wanted(box, video, profile), box))
    if not found:
        return Check(name="contrast", value="no text seen where it should be", target=target, verdict="skip")
    weak = [row for row in found if row[0] < row[1]]
    worst = min(found, key=lambda row: row[0] / row[1])
    return Check(
        name="contrast",
        value=f"lowest {worst[0]:.1f}:1 (“{worst[2].text[:24]}”), {len(found)} texts",
        target=target,
        verdict="fail" if weak else "pass",
        spans=tuple(Span(start=box.start * step, end=box.end * step) for _, _, box in weak),
        source=_SOURCE,
    )


def text_contrast(frame: NDArray[np.uint8], box: PlacedText) -> float | None:
    """Ratio between the letters and what touches them, in the tenth of their edge that is worst; None without text.

    Letters are the one of two clusters that keeps away from the region's border. An outline or a box behind the
    text counts: the best ring round the letters, up to an eighth of a line away, is what the eye tells them from.
    """
    line = max((box.bottom - box.top) // max(box.text.count("\n") + 1, 1), 4)
    pad = max(line // 10, 2)
    region = frame[max(box.top - pad, 0) : box.bottom + pad, max(box.left - pad, 0) : box.right + pad]
    if min(region.shape[:2], default=0) < 4:
        return None
    light = LINEAR[region] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    grey = np.sqrt(light)
    cut = _otsu(grey)
    bright = grey > cut
    if not bright.any() or bright.all() or grey[bright].mean() - grey[~bright].mean() < 0.08:
        return None
    rim = np.concatenate([bright[0], bright[-1], bright[:, 0], bright[:, -1]]).mean()
    letters = bright if rim < 0.5 else ~bright
    level = float(np.percentile(light[letters], 75 if rim < 0.5 else 25))
    core = letters & (np.abs(grey - np.sqrt(level)) < 0.25 * abs(grey[bright].mean() - grey[~bright].mean()))
    best, inner = 0.0, core
    for _ in range(max(line // 8, 2)):
        outer = _grown(inner)
        ring = outer & ~inner
        if ring.any():
            pixels = light[ring]
            ratios = (np.maximum(pixels, level) + 0.05) / (np.minimum(pixels, level) + 0.05)
            best = max(best, float(np.percentile(ratios, 10)))
        inner = outer
    return best


def _wanted(box: PlacedText, video: VideoStream, profile: Profile) -> float:
    limits = profile.limits
    line = (box.bottom - box.top) / max(box.text.count("\n") + 1, 1)
    large = line >= limits.large_text * min(video.width, video.height) / 1080
    return limits.contrast_large if large else limits.contrast


def _otsu(grey: NDArray[np.float32]) -> float:
    """The level that parts the pixels into the two clusters farthest apart."""
    counts, edges = np.histogram(grey, 64, (0.0, 1.0))
    centres = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * centres)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(edges[1 + int(np.nanargmax(np.where(np.isfinite(between), between, -1)))])


def _grown(mask: Bools) -> Bools:
    """The mask and the pixels next to it."""
    grown = mask.copy()
    grown[1:] |= mask[:-1]
    grown[:-1] |= mask[1:]
    grown[:, 1:] |= mask[:, :-1]
    grown[:, :-1] |= mask[:, 1:]
    return grown
