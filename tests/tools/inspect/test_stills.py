"""Stills are the frames asked for, however they are reached."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright.tools.errors import Refused
from reelwright.tools.ffmpeg import encode
from reelwright.tools.inspect.stills import contact_sheet, frames_at


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds whose grey rises by two levels a frame, beginning again after 110 frames."""
    path = tmp_path_factory.mktemp("stills") / "counted.mp4"
    graph = "color=c=black:s=64x36:r=30,format=gray,geq=lum='16+mod(N\\,110)*2',trim=end_frame=300,format=yuv420p[v]"
    encode([], graph, path, ["-map", "[v]", "-c:v", "libx264", "-crf", "10", "-g", "30", "-pix_fmt", "yuv420p"])
    return path


def number(image: Any) -> int:
    return round((float(np.asarray(image.convert("L")).mean()) - 16) / 2)


@pytest.mark.parametrize("seconds", [(2.5,), (9.99, 0.0, 5.0), tuple(n / 4 for n in range(40))])
def test_frames_at_their_seconds(counted: Path, seconds: tuple[float, ...]) -> None:
    frames = [number(image) for image in frames_at(counted, seconds, 64)]
    for second, frame in zip(seconds, frames, strict=True):
        assert abs(frame - int(second * 30 + 1e-6) % 110) <= 1


def test_times_outside_are_kept_inside(counted: Path) -> None:
    before, after = frames_at(counted, [-5.0, 500.0], 32)
    assert before.size == (32, 18)
    assert (number(before), number(after)) == pytest.approx((0, 299 % 110), abs=1)


def test_seconds_may_be_asked_for_twice_or_not_at_all(counted: Path) -> None:
    one, other = frames_at(counted, [1.0, 1.0], 64)
    assert one.tobytes() == other.tobytes()
    assert frames_at(counted, [], 64) == []


def test_a_contact_sheet_is_in_reading_order(counted: Path) -> None:
    sheet = contact_sheet(counted, columns=3, rows=2, width=400)
    assert sheet.width == 400
    first, last = sheet.getpixel((60, 20)), sheet.getpixel((60, sheet.height - 20))
    assert first != last


def test_sound_has_no_stills(bench: Any) -> None:
    with pytest.raises(Refused):
        frames_at(bench.voice, [0.0])
