"""Golden frames guard how layouts, backgrounds and sheets look; and what is written reads, measured on pixels.

Where a change is meant, look at the gallery, then draw them anew: python tests/tools/video/test_golden_frames.py
"""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from reelwright.tools.video import MotionRequest
from reelwright.tools.video.motion.renderer import compose
from reelwright.tools.video.motion.samples import SHOWN, Sample, samples
from reelwright.tools.video.motion.stills import frames

GOLDEN = Path(__file__).parents[2] / "golden" / "motion.webp"
WIDE, HIGH, COLUMNS = 54, 96, 12
MEAN, SPOT = 2.5, 24.0
"""Tolerance in 8-bit levels on frames of 54 x 96: of the mean over all pixels, and of the worst 6 x 6 block.

A shift of the headline by one line is 40 levels in a block; another build of libass or x86 is below 1.
"""


def small(sample: Sample, scratch: Path) -> NDArray[np.uint8]:
    """The sample's frame, 540 x 960, brought down to what the golden picture keeps."""
    picture = frames(sample.request("9x16", 540), SHOWN, 1, scratch)[0]
    return np.asarray(Image.fromarray(picture).resize((WIDE, HIGH), Image.Resampling.BOX))


def kept(at: int) -> NDArray[np.uint8]:
    """The golden frame of sample number `at`."""
    top, left = at // COLUMNS * HIGH, at % COLUMNS * WIDE
    with Image.open(GOLDEN) as sheet:
        return np.asarray(sheet.convert("RGB"))[top : top + HIGH, left : left + WIDE]


@pytest.mark.parametrize("at", range(len(samples())), ids=[f"{each.kind}-{each.name}" for each in samples()])
def test_it_looks_as_it_did(at: int, tmp_path: Path) -> None:
    now, then = (each.astype(np.float32) for each in (small(samples()[at], tmp_path), kept(at)))
    off = np.abs(now - then).mean(axis=2)
    assert off.mean() <= MEAN
    assert off.reshape(HIGH // 6, 6, WIDE // 6, 6).mean(axis=(1, 3)).max() <= SPOT


def light(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    """WCAG 2 relative luminance."""
    part = pixels / 255
    linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    found: NDArray[np.float64] = linear @ np.array([0.2126, 0.7152, 0.0722])
    return found


LAYOUTS = [each for each in samples() if each.kind == "layout"]


@pytest.mark.parametrize("sample", LAYOUTS, ids=[each.name for each in LAYOUTS])
def test_every_word_reads_on_what_is_behind_it(sample: Sample, tmp_path: Path) -> None:
    reads(sample.request("9x16", 540), tmp_path)


@pytest.mark.parametrize("sample", LAYOUTS[::3], ids=[each.name for each in LAYOUTS[::3]])
def test_words_read_on_the_accent_colour_too(sample: Sample, tmp_path: Path) -> None:
    for shape, palette in (("1x1", "honey"), ("16x9", "slate")):
        reads(sample.request(shape, 540).model_copy(update={"bright": True, "palette": palette}), tmp_path)


@pytest.mark.parametrize("sample", LAYOUTS, ids=[each.name for each in LAYOUTS])
def test_no_second_is_like_the_one_before(sample: Sample, tmp_path: Path) -> None:
    seen = frames(sample.request("1x1", 160), 25, 61, tmp_path)[::30].astype(np.int16)
    assert np.abs(np.diff(seen, axis=0)).mean(axis=(1, 2, 3)).min() > 0.25


def reads(request: MotionRequest, tmp_path: Path) -> None:
    """Every word that stands in the frame SHOWN has 4.5:1 against what is behind it."""
    shown, bare = (frames(request, SHOWN, 1, tmp_path, text=text)[0].astype(np.float64) for text in (True, False))
    measured = 0
    for box in compose(request).boxes:
        part = slice(box.top, box.bottom), slice(box.left, box.right)
        off = np.abs(shown[part] - bare[part]).sum(axis=2)
        if not box.start <= SHOWN < box.end or off.max() < 60:
            continue
        # The middle of the strokes: where letters are half a pixel thin there is nothing to measure.
        core = off >= 0.92 * np.percentile(off[off > 40], 97)
        words, behind = light(shown[part])[core], light(bare[part])[core]
        ratio = (np.maximum(words, behind) + 0.05) / (np.minimum(words, behind) + 0.05)
        assert np.percentile(ratio, 5) >= 4.5, box.text
        measured += 1
    assert measured >= 1


if __name__ == "__main__":
    rows = -(-len(samples()) // COLUMNS)
    whole = Image.new("RGB", (COLUMNS * WIDE, rows * HIGH))
    with tempfile.TemporaryDirectory() as folder:
        for number, each in enumerate(samples()):
            whole.paste(Image.fromarray(small(each, Path(folder))), (number % COLUMNS * WIDE, number // COLUMNS * HIGH))
    whole.save(GOLDEN, lossless=True, method=6)
