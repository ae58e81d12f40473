"""The gate: what ships is open, what is configured holds, what cannot be read lets nothing through."""

from pathlib import Path

import pytest

from reelwright.agent.errors import BriefError, Refused
from reelwright.agent.policy import Policy, load_policy
from reelwright.tools.media import Asset
from reelwright.tools.speech import SpeechRequest


def asset(licence: str) -> Asset:
    return Asset(id="a" * 64, kind="image", format="jpg", licence=licence, origin="photo.jpg")


def test_the_policy_that_ships_labels_and_warns() -> None:
    policy = load_policy(None)
    assert policy.label.visible
    policy.admit(SpeechRequest(text="hello"), ())
    assert policy.release([asset("unknown")]) == ("the licence of photo.jpg is not known",)
    assert policy.release([asset("CC0-1.0")]) == ()


def test_an_unknown_licence_can_be_refused() -> None:
    policy = Policy.model_validate({"licence": {"unknown": "refuse"}})
    with pytest.raises(Refused, match=r"photo\.jpg"):
        policy.release([asset("unknown")])


def test_a_phrase_is_blocked_whatever_its_case() -> None:
    with pytest.raises(Refused, match="Secret Sauce"):
        Policy.model_validate({"moderation": {"blocked": ["Secret Sauce"]}}).admit(
            SpeechRequest(text="our SECRET SAUCE"), ()
        )


@pytest.mark.parametrize("text", ["not toml [", "[label]\nvisible = 'maybe'", "[unheard]\nof = 1"])
def test_a_policy_that_cannot_be_read_lets_nothing_through(text: str, tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text)
    with pytest.raises(BriefError, match="nothing is made"):
        load_policy(path)
    with pytest.raises(BriefError):
        load_policy(tmp_path / "missing.toml")
