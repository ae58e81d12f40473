"""Beat structures are data that both planners read; a montage is a film that nobody speaks in."""

from pathlib import Path

import pytest

from reelwright import Brief
from reelwright.agent.brief import kind_of
from reelwright.agent.errors import BriefError
from reelwright.agent.planner.offline import Offline
from reelwright.agent.planner.structures import outline, structure, structures

BRIEFS = Path(__file__).parents[3] / "examples" / "briefs"
KINDS = ("explainer", "story", "list", "product", "news", "tutorial", "trailer", "montage")


def test_the_eight_kinds_are_there_and_their_beats_fill_the_film() -> None:
    assert tuple(structures()) == KINDS
    for each in structures().values():
        assert sum(beat.share for beat in each.beats) == pytest.approx(1.0)
        assert outline(each, 30).count("\n") == len(each.beats) - 1


@pytest.mark.parametrize(
    ("topic", "kind"),
    [
        ("How bees make honey", "explainer"),
        ("How to tie a bowline", "tutorial"),
        ("Five ways to sleep better", "list"),
        ("The library opens today", "news"),
        ("The life of a lighthouse keeper", "story"),
        ("Our new bottle", "product"),
        ("Rain", "explainer"),
    ],
)
def test_a_topic_has_its_kind(topic: str, kind: str) -> None:
    assert structure("", kind_of(topic)).name == kind


def test_a_kind_that_is_none_is_said() -> None:
    with pytest.raises(BriefError, match="Use explainer, story"):
        structure("opera")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["honey", "desert", "nachtzug"])
def test_every_kind_is_planned_offline(kind: str, name: str) -> None:
    text = (BRIEFS / f"{name}.md").read_text("utf-8")
    script = Offline().plan(Brief(text=text, seconds=30, structure=kind)).script
    assert script.narrated == (kind != "montage")
    assert script.treatment is not None
    assert script.treatment.structure == kind
    assert script.treatment.arc
    longest = structure(kind).longest
    assert not longest or all(len(line.text.split()) <= longest for line in script.lines)


def test_a_brief_without_a_kind_is_planned_as_ever() -> None:
    brief = Brief(text=(BRIEFS / "honey.md").read_text("utf-8"))
    assert Offline().write(brief).treatment.structure == ""  # type: ignore[union-attr]
