"""One plan, several shapes: voice and music are made once, every shape is re-laid, measured and delivered."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.cli.intake import parse_codecs, parse_sizes
from reelwright.agent.cli.options import Captions
from reelwright.agent.errors import BriefError
from reelwright.agent.model import Deliverables
from reelwright.agent.record import load_record
from reelwright.agent.reframe import next_size
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import CaptionStyle
from reelwright.tools.media import Size

TALL, WIDE, SQUARE = (Size(width=w, height=h) for w, h in ((270, 480), (480, 270), (360, 360)))


def test_sizes_come_one_after_another(tea: Callable[..., Brief]) -> None:
    brief = tea(deliver=Deliverables(sizes=(WIDE, SQUARE)))
    seen = []
    while size := next_size(brief):
        brief = brief.model_copy(update={"size": size})
        seen.append(size)
    assert seen == [WIDE, SQUARE]


def test_sizes_and_codecs_are_read_from_the_command_line() -> None:
    assert [str(size) for size in parse_sizes("9:16, 16:9,9:16")] == ["1080x1920", "1920x1080"]
    assert parse_codecs("gif,h264, HEVC") == ("hevc", "gif")
    with pytest.raises(BriefError, match="'mp5' is not a codec"):
        parse_codecs("mp5")
    assert [each.value for each in Captions] == [*get_args(CaptionStyle)]


@pytest.mark.slow
def test_a_film_in_two_shapes_is_one_plan(tmp_path: Path, settings: Settings, tea: Callable[..., Brief]) -> None:
    studio = Studio.open(tmp_path / "tea", settings)
    events = list(studio.make(tea(seconds=6, seed=5, deliver=Deliverables(sizes=(WIDE,)))))
    finished = events[-1]
    assert finished.type == "finished"
    assert finished.others == (str(tmp_path / "tea" / "out" / "480x270" / "film.mp4"),)
    shapes = []
    for file in (finished.file, *finished.others):
        video = ffmpeg.probe(Path(file)).video
        assert video is not None
        shapes.append((video.width, video.height))
    assert shapes == [(270, 480), (480, 270)]
    assert len([event for event in events if event.type == "planned"]) == 1
    assert len([event for event in events if event.type == "reviewed"]) >= 2
    record = load_record(tmp_path / "tea")
    assert record.status == "finished"
    assert list(record.versions) == ["480x270"]
    assert record.film is not None
    assert record.film.timeline.size == TALL
    assert {*record.film.takes} == {*record.versions["480x270"].takes}
