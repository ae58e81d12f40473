"""A minute in one shot: made in passes, never all of it in memory, and its seams are no rougher than the rest."""

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reelwright.tools.media import Asset, Size
from reelwright.tools.video.diffusion import Generated
from reelwright.tools.video.diffusion.chain import OVERLAP, anchored, chained

pytestmark = pytest.mark.xdist_group("diffusion")
Generate = Callable[..., Generated]
Seen = Callable[[Asset], NDArray[np.int16]]
LONGEST = 81
"""Frames in one pass here."""


@pytest.mark.slow
def test_a_minute_is_made_in_bounded_memory_with_seams_no_rougher_than_the_mean_step(
    generate: Generate, pixels: Seen, local: Any
) -> None:
    one_step = {"steps": "1"}
    session = local("ltx", "ltx-video", frozenset(one_step.items()))._opened()
    session.family = session.family.model_copy(update={"longest": LONGEST})
    peaks, clips = list[int](), list[Generated]()
    for seconds in (6, 60):
        tracemalloc.start()
        clips.append(generate("ltx", "ltx-video", one_step, frames=24 * seconds, size=Size(width=32, height=32)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]
    minute = clips[1]
    assert minute.video.frames == 1440
    assert minute.notes == ()
    seen = pixels(minute.video)
    steps = np.abs(np.diff(seen, axis=0)).mean(axis=(1, 2, 3))
    period = LONGEST - 1 - OVERLAP
    seams = [steps[at - 1 : at + OVERLAP + 1].mean() for at in range(LONGEST - OVERLAP, 1440 - OVERLAP, period)]
    assert len(seams) >= 18
    assert np.mean(seams) <= steps.mean()
    assert max(seams) <= 1.5 * steps.mean()


def test_only_one_pass_is_held_while_a_chain_grows() -> None:
    def after(start: NDArray[np.uint8], more: int, number: int) -> NDArray[np.uint8]:
        return np.full((min(more, 17), 4, 4, 3), number, np.uint8)

    sizes = [len(part) for part in chained(np.zeros((17, 4, 4, 3), np.uint8), 100, after)]
    assert sum(sizes) == 100
    assert max(sizes) <= 17


def test_a_chain_that_cannot_go_on_ends_where_it_is() -> None:
    parts = list(chained(np.zeros((9, 4, 4, 3), np.uint8), 100, lambda start, more, number: start[None]))
    assert sum(len(part) for part in parts) == 9


def test_the_ends_of_a_clip_are_pulled_onto_pictures_and_its_middle_is_left() -> None:
    clip = np.full((21, 4, 4, 3), 100, np.uint8)
    first, last = np.full((4, 4, 3), 130, np.uint8), np.full((4, 4, 3), 60, np.uint8)
    found = anchored(clip, first, last)[:, 0, 0, 0].tolist()
    assert found == [130, 124, 118, 112, 106, *[100] * 11, 92, 84, 76, 68, 60]
    assert (anchored(clip, None, None) == clip).all()
    assert anchored(clip[:2], first, last)[:, 0, 0, 0].tolist() == [130, 60]
