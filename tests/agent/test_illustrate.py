"""Key phrases find icons by what they mean; what the planner chose stays."""

import numpy as np
import pytest

from reelwright.agent.illustrate import illustrate
from reelwright.agent.model import Script, Shot
from reelwright.tools.errors import ToolMissing
from reelwright.tools.models import Models
from reelwright.tools.stock.minilm import MODEL, MiniLM
from reelwright.tools.video import Card

SCRIPT = Script(title="Moving", scenes=())


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    try:
        return MiniLM(Models.installed(None).path(MODEL))
    except ToolMissing:
        pytest.skip("MiniLM's weights are not installed (extra stock)")


def shot(name: str, **card: object) -> Shot:
    return Shot(id=name, scene="a", lines=("l1",), card=Card.model_validate(card))


def test_an_icon_that_no_icon_is_called_is_found_by_meaning(minilm: MiniLM) -> None:
    (found,) = illustrate((shot("s1", headline="Tea", icons=("kettle",)),), SCRIPT, minilm)
    assert found.card.icons == ("emoji:1fad6",)


def test_a_key_phrase_gets_its_picture_once(minilm: MiniLM) -> None:
    shots = tuple(shot(f"s{n}", headline="The human brain sleeps.", accent="human brain") for n in range(2))
    first, second = illustrate(shots, SCRIPT, minilm)
    assert first.card.icons == ("brain",)
    assert second.card.icons == ()


def test_a_phrase_that_nothing_shows_stays_without(minilm: MiniLM) -> None:
    plain = shot("s1", headline="A rule of thumb", accent="rule of thumb")
    assert illustrate((plain,), SCRIPT, minilm) == (plain,)


def test_without_the_model_or_in_another_language_nothing_changes(minilm: MiniLM) -> None:
    shots = (shot("s1", headline="Kessel", icons=("kettle",)),)
    assert illustrate(shots, SCRIPT, None) is shots
    assert illustrate(shots, SCRIPT.model_copy(update={"language": "de"}), minilm) is shots
    assert np.isfinite(minilm.embed(["Kessel"])).all()
