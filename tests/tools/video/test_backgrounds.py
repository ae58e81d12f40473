"""Every motif loops exactly, repeats by seed, keeps the ink readable on every pixel, and is always in gentle motion."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.errors import ToolFailed
from reelwright.tools.media import Size
from reelwright.tools.video.motion.backgrounds import Backdrop, backdrop, motifs
from reelwright.tools.video.motion.styles import Palette, luminance, sheet, sheets

PALETTES = {each.name: each for name in sheets() for each in sheet(name).palettes}
HONEY, LINEN = PALETTES["honey"], PALETTES["linen"]
SMALL = Size(width=216, height=384)
SLOW = Fraction(4)


def draw(back: Backdrop, rate: Fraction) -> np.ndarray:
    """The frames as a viewer gets them, RGB."""
    raw = ["-f", "rawvideo", "-pix_fmt", back.pix_fmt, "-video_size", f"{back.width}x{back.height}"]
    source = ffmpeg.Input(None, [*raw, "-framerate", str(rate)], raw=True)
    with TemporaryDirectory() as folder:
        output = Path(folder) / "frames.nut"
        options = ["-map", "[v]", "-c:v", "rawvideo", "-pix_fmt", "rgb24", "-f", "rawvideo"]
        ffmpeg.encode([source], f"[0:v]{back.graph}[v]", output, options, feed=back.blocks)
        return np.fromfile(output, np.uint8)


def frames(motif: str, palette: Palette, size: Size, count: int, seed: int = 1, rate: Fraction = SLOW) -> np.ndarray:
    back = backdrop(motif, palette, size, rate, count, seed)
    return draw(back, rate).reshape(count, size.height, size.width, 3)


def worst_contrast(seen: np.ndarray, palette: Palette) -> float:
    part = np.arange(256) / 255
    light = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    each = light[seen] @ np.array([0.2126, 0.7152, 0.0722])
    ink = luminance(palette.ink)
    edge = float(each.max() if palette.dark else each.min())
    return (max(ink, edge) + 0.05) / (min(ink, edge) + 0.05)


@pytest.mark.parametrize("motif", motifs())
def test_the_loop_closes_and_repeats_by_seed(motif: str) -> None:
    back = backdrop(motif, HONEY, SMALL, SLOW, 3, seed=7)
    loop = back.loop_frames
    whole = list(backdrop(motif, HONEY, SMALL, SLOW, loop + 2, seed=7).blocks)
    assert len(whole) == loop + 2
    assert whole[loop:] == whole[:2]
    assert whole[:3] == list(back.blocks)
    assert whole[0] != next(backdrop(motif, HONEY, SMALL, SLOW, 1, seed=8).blocks)
    depth = 3 if "444" in back.pix_fmt else 1.5
    assert all(len(block) == back.width * back.height * depth * (2 if "16" in back.pix_fmt else 1) for block in whole)


@pytest.mark.parametrize("motif", motifs())
def test_motion_is_steady_across_the_seam(motif: str) -> None:
    rate, size = Fraction(6), Size(width=108, height=192)
    count = backdrop(motif, HONEY, size, rate, 1, 2).loop_frames + 6
    seen = frames(motif, HONEY, size, count, seed=2, rate=rate).astype(np.int16)
    step = np.abs(np.diff(seen, axis=0)).mean(axis=(1, 2, 3))
    assert step[-7:].max() < 1.6 * step[:-7].max()
    second = np.abs(seen[6:] - seen[:-6]).mean(axis=(1, 2, 3))
    assert second.min() > 0.25, "something moves in every second"
    assert step.max() < 8, "and nothing jumps"


@pytest.mark.parametrize("motif", motifs())
def test_the_last_frame_leads_to_the_first(motif: str) -> None:
    rate, size, around = Fraction(30), Size(width=108, height=192), 8
    back = backdrop(motif, HONEY, size, rate, 1, 2)
    blocks = (back.frame(back.loop_frames - around + at) for at in range(2 * around))
    seen = draw(replace(back, blocks=blocks), rate).reshape(2 * around, -1).astype(np.int16)
    step = np.abs(np.diff(seen, axis=0)).mean(axis=1)
    others = np.delete(step, around - 1)
    assert step[around - 1] <= 1.1 * others.mean(), "motion neither stops nor jumps where the loop closes"


@pytest.mark.parametrize("motif", motifs())
def test_the_loop_closes_on_a_step_like_all_others(motif: str) -> None:
    for seed in (2, 5):
        back = backdrop(motif, HONEY, SMALL, Fraction(30), 1, seed)
        depth, loop = ("<i2" if "16" in back.pix_fmt else "u1"), back.loop_frames

        def seen(at: int, back: Backdrop = back, depth: str = depth) -> np.ndarray:
            return np.frombuffer(back.frame(at % back.loop_frames), depth).astype(np.int32)

        steps = [float(np.abs(seen(at) - seen(at - 1)).mean()) for at in range(0, loop, max(1, loop // 16))]
        assert steps[0] <= 1.1 * sum(steps) / len(steps), "last to first, against the mean of the whole loop"


@pytest.mark.parametrize("motif", motifs())
@pytest.mark.parametrize("name", ["honey", "slate", "linen", "lemon"])
def test_the_ink_reads_on_every_pixel(motif: str, name: str) -> None:
    seen = frames(motif, PALETTES[name], SMALL, 3, seed=3, rate=Fraction(1, 2))
    assert worst_contrast(seen, PALETTES[name]) >= 4.5


@pytest.mark.slow
@pytest.mark.parametrize("motif", motifs())
def test_the_ink_reads_in_every_palette(motif: str) -> None:
    for palette in PALETTES.values():
        assert worst_contrast(frames(motif, palette, SMALL, 3, seed=6, rate=Fraction(1, 2)), palette) >= 4.5


@pytest.mark.slow
@pytest.mark.parametrize("motif", motifs())
def test_the_ink_reads_at_full_size(motif: str) -> None:
    for palette, size in ((HONEY, Size(width=1080, height=1920)), (LINEN, Size(width=1920, height=1080))):
        seen = frames(motif, palette, size, 3, seed=5, rate=Fraction(1, 2))
        assert worst_contrast(seen, palette) >= 4.5


@pytest.mark.parametrize("motif", motifs())
def test_the_middle_is_calm(motif: str) -> None:
    size = Size(width=540, height=960)
    for palette in (HONEY, LINEN):
        seen = frames(motif, palette, size, 2, seed=4, rate=Fraction(1, 3)).astype(np.float32)
        luma = seen[:, 300:620, 60:480] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        across = np.abs(luma[:, :, 24:] - luma[:, :, :-24])
        assert np.percentile(across, 95) < 34, "no hard contrast over the width of a letter"


@pytest.mark.parametrize("size", [(320, 180), (256, 256), (256, 320), (498, 202)])
@pytest.mark.parametrize("motif", motifs())
def test_any_shape_of_frame(motif: str, size: tuple[int, int]) -> None:
    shape = Size(width=size[0], height=size[1])
    seen = frames(motif, HONEY, shape, 1)
    assert seen.shape == (1, size[1], size[0], 3)
    assert 8 < seen.mean() < 120


def test_an_unknown_motif_names_the_known_ones() -> None:
    with pytest.raises(ToolFailed, match="mesh"):
        backdrop("plasma", HONEY, SMALL, SLOW, 1, 1)


def test_every_sheet_names_motifs_that_exist() -> None:
    assert {motif for name in sheets() for motif in sheet(name).motifs} <= set(motifs())
    assert len(motifs()) >= 8
