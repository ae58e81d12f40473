import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.media import Size
from reelwright.tools.video import Card, Figure, MotionRequest, Picture
from reelwright.tools.video.motion.ass import filter_path
from reelwright.tools.video.motion.layouts import layouts
from reelwright.tools.video.motion.renderer import Motion

SMALL = Size(width=270, height=480)


def request(**fields: object) -> MotionRequest:
    card = Card(
        headline="How bees make honey", icons=("bee", "flower"), items=("one 1", "two 2"), figure=Figure(value=12)
    )
    return MotionRequest.model_validate(
        {"size": SMALL, "frames": 40, "handle": 6, "layout": "title", "card": card, "seed": 2, **fields}
    )


def pictures(job: Job, picture: Picture) -> NDArray[np.uint8]:
    options = ["-map", "0:v", "-pix_fmt", "gray", "-f", "rawvideo"]
    data = b"".join(ffmpeg.decode(ffmpeg.Input(job.path(picture.video.id)), "", options))
    size = picture.video.size
    assert size is not None
    return np.frombuffer(data, np.uint8).reshape(-1, size.height, size.width)


def test_a_shot_is_exactly_as_long_and_large_as_asked(job: Job) -> None:
    picture = Motion().run(request(rate=Fraction(24000, 1001)), job)
    assert picture.video.frames == 52
    assert pictures(job, picture).shape == (52, 480, 270)
    log = ffmpeg.measure([ffmpeg.Input(job.path(picture.video.id))], "", ["-map", "0:v"]).log
    assert "yuv420p(tv, bt709" in log
    assert "23.98 fps" in log


def test_the_handles_show_only_the_background(job: Job) -> None:
    frames = pictures(job, Motion().run(request(motif="mesh"), job)).astype(int)
    plain = pictures(job, Motion().run(request(motif="mesh", layout="statement", card=Card(headline=" ")), job)).astype(
        int
    )
    changed = (abs(frames - plain) > 40).mean(axis=(1, 2))
    assert changed[:6].max() < 0.001
    assert changed[46:].max() < 0.001
    assert changed[25] > 0.01


def test_the_same_request_gives_the_same_file(job: Job) -> None:
    first, second = (Motion().run(request(), job) for _ in range(2))
    assert first.video.id == second.video.id


@pytest.mark.parametrize("name", layouts())
def test_something_moves_all_the_time(name: str, job: Job) -> None:
    frames = pictures(job, Motion().run(request(layout=name, motif="mesh"), job)).astype(int)
    moves = abs(np.diff(frames, axis=0)).mean(axis=(1, 2))
    assert moves[6:46].min() > 0.01


@pytest.mark.parametrize("handle", [0, 7, 12])
def test_a_key_frame_stands_where_the_shot_begins(handle: int, job: Job) -> None:
    picture = Motion().run(request(handle=handle), job)
    source = ffmpeg.Input(job.path(picture.video.id))
    log = ffmpeg.measure([source], "[0:v]showinfo[v]", ["-map", "[v]"]).log
    keys = [int(hit[1]) for hit in re.finditer(r" n:\s*(\d+) .*iskey:1", log)]
    assert handle in keys


def test_hostile_words_reach_the_screen_and_nothing_else(job: Job, tmp_path: Path) -> None:
    text = r"{\pos(0,0)}\N':textfile=/etc/passwd;[v]movie=x" + "\n\x00‮"
    picture = Motion().run(request(card=Card(headline=text, kicker=text, body=text)), job)
    assert picture.boxes
    assert pictures(job, picture).shape[0] == 52


def test_paths_are_escaped_for_the_graph() -> None:
    assert filter_path(Path("/tmp/it's [a], b:c;")) == r"/tmp/it\\\'s \[a\]\, b\\:c\;"


def test_a_scratch_folder_may_have_any_name(job: Job) -> None:
    job.scratch = job.scratch / "it's [a], b:c; %d"
    job.scratch.mkdir()
    shown = pictures(job, Motion().run(request(layout="statement"), job))
    assert (shown[25] > 200).mean() > 0.005


def test_progress_reaches_one_and_the_quote_grows(job: Job) -> None:
    seen: list[float] = []
    job.progress = seen.append
    Motion().run(request(), job)
    assert seen
    assert seen[-1] == 1.0
    motion = Motion()
    assert motion.quote(request(frames=400)).seconds > motion.quote(request()).seconds
