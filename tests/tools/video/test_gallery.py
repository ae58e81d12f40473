"""The gallery shows everything there is, and its pictures are drawn by the code that draws films."""

from pathlib import Path

import numpy as np

from reelwright.agent.cli.gallery import page
from reelwright.tools.video.motion.backgrounds import motifs
from reelwright.tools.video.motion.layouts import layouts
from reelwright.tools.video.motion.samples import CARDS, SHAPES, samples
from reelwright.tools.video.motion.stills import clip, frames, still
from reelwright.tools.video.motion.styles import sheets


def test_everything_has_a_sample() -> None:
    shown = {(sample.kind, sample.name) for sample in samples()}
    assert {name for kind, name in shown if kind == "layout"} == {*layouts()}
    assert {name for kind, name in shown if kind == "background"} == {*motifs()}
    assert {name for kind, name in shown if kind == "sheet"} == {*sheets()}
    assert set(CARDS) == {*layouts()}
    assert len(layouts()) >= 16
    assert len(motifs()) >= 16


def test_a_still_is_a_frame_of_the_shot(tmp_path: Path) -> None:
    request = samples()[0].request("16x9", 180)
    picture = still(request, 60, tmp_path)
    assert picture.shape == (180, 320, 3)
    run = frames(request, 59, 3, tmp_path)
    assert np.array_equal(run[1], picture)
    assert not np.array_equal(run[0], run[1])
    bare = frames(request, 60, 1, tmp_path, words=False)[0]
    assert not np.array_equal(bare, picture)


def test_a_clip_is_a_film_a_browser_plays(tmp_path: Path) -> None:
    clip(samples()[0].request("1x1", 128).model_copy(update={"frames": 12}), tmp_path / "a.mp4", tmp_path)
    assert (tmp_path / "a.mp4").read_bytes()[4:8] == b"ftyp"


def test_the_page_stands_alone() -> None:
    html = page([("layout", "title", shape, f"layout-title-{shape}.jpg") for shape in SHAPES])
    assert html.count("<img") == len(SHAPES)
    assert "http" not in html
    assert "{sections}" not in html
