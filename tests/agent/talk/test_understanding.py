"""The same talk with a model: what people say in other words becomes the same meanings."""

from pathlib import Path
from typing import Any

import pytest

from reelwright import Brief, Settings
from reelwright.agent.talk import Heard
from reelwright.agent.talk.partner import FilmPartner
from reelwright.agent.talk.studios import Studios
from reelwright.agent.talk.transcript import forget

ANYTHING = {"intent": "unclear"}


@pytest.fixture
def partner(endpoint: Any, tmp_path: Path, small: Brief) -> FilmPartner:
    """A talk whose model is a server on this machine that speaks the OpenAI protocol."""
    minds = {"default": {"base_url": f"{endpoint.url}/v1", "timeout": 5}}
    settings = Settings.model_validate({"cache": tmp_path / "cache", "model": "openai:m", "minds": minds})
    studios = Studios(tmp_path / "film", settings)
    return FilmPartner(studios, small, mind=studios.private().mind("writer"))


def said(partner: FilmPartner, text: str) -> str:
    return " ".join(reply.text for reply in partner.hear(Heard(text=text)))


def test_other_words_mean_the_same(partner: FilmPartner, endpoint: Any) -> None:
    endpoint.script = [{"intent": "details", "topic": "Tea", "seconds": 5, "audience": "beginners"}, ANYTHING]
    partner.open()
    assert "Where will people watch it" in said(partner, "So my gran keeps asking what goes on in her pot, quickly")
    assert "what goes on in her pot" in endpoint.prompts()[0]
    assert "Last asked: What should the film be about?" in endpoint.prompts()[0]


def test_a_stop_needs_no_model(partner: FilmPartner, endpoint: Any) -> None:
    endpoint.script = [ANYTHING]
    partner.open()
    said(partner, "stop")
    said(partner, "help")
    assert not endpoint.asked


def test_where_the_model_fails_the_grammar_reads(partner: FilmPartner, endpoint: Any) -> None:
    endpoint.script = ["no JSON at all"]
    partner.open()
    assert "How long" in said(partner, "a film about tea")


def test_what_was_said_to_a_model_is_forgotten_too(partner: FilmPartner, endpoint: Any, tmp_path: Path) -> None:
    endpoint.script = [{"intent": "details", "topic": "Grandmother"}]
    partner.open()
    said(partner, "it is about my grandmother Wilhelmina")
    forget(tmp_path / "film")
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or b"Wilhelmina" not in path.read_bytes(), path
