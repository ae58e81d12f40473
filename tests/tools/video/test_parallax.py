"""A still gets depth: its bottom moves further than its top, and the view never leaves the picture."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.media import Size
from reelwright.tools.video import FootageRequest
from reelwright.tools.video.footage import Footage
from reelwright.tools.video.parallax import passing, wanted

SIZE, ROOM = Size(width=160, height=120), Size(width=172, height=128)


@pytest.mark.parametrize("seed", range(6))
def test_the_view_stays_inside_and_the_near_moves_further(seed: int) -> None:
    view = passing(ROOM, SIZE, seed)
    for part in np.linspace(0, 1, 9):
        quad = view(float(part))
        assert min(quad) >= -1e-9
        assert max(quad[::2]) <= ROOM.width + 1e-9
        assert max(quad[1::2]) <= ROOM.height + 1e-9
    begin, end = view(0.0), view(1.0)
    top, bottom = abs(end[0] - begin[0]), abs(end[2] - begin[2])
    assert bottom > 1.8 * top > 0


def test_some_stills_are_passed_and_some_pushed() -> None:
    assert 4 <= sum(wanted(seed) for seed in range(20)) <= 14


def test_a_passed_still_moves_in_every_frame_and_more_below(job: Job, tmp_path: Path) -> None:
    stripes = np.tile((np.arange(480) // 6 % 2 * 200 + 20).astype(np.uint8)[None, :, None], (360, 1, 3))
    Image.fromarray(stripes).save(tmp_path / "still.png")
    still = job.save(tmp_path / "still.png", "image", licence="own", origin="still.png")
    seed = next(seed for seed in range(50) if wanted(seed))
    picture = Footage().run(FootageRequest(asset=still, size=SIZE, frames=24, seed=seed), job)
    options = ["-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo"]
    data = b"".join(ffmpeg.decode(ffmpeg.Input(job.path(picture.video.id)), "", options))
    seen = np.frombuffer(data, np.uint8).reshape(-1, SIZE.height, SIZE.width).astype(int)
    step = np.abs(np.diff(seen, axis=0))
    assert step.mean(axis=(1, 2)).min() > 0.05
    assert step[:, -20:].mean() > 1.3 * step[:, :20].mean()
