"""A finished film in another language: spoken, timed anew, captioned in both."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reelwright import Brief, Event, Settings, Studio
from reelwright.agent.dub import Translation, by_hand, check_language, dubbed, languages, template, translate
from reelwright.agent.errors import BriefError, PlanError
from reelwright.agent.events import Warned
from reelwright.agent.model import Line, Plan, Scene, Script, Shot
from reelwright.agent.record import load_record
from reelwright.tools.registry import Registry
from reelwright.tools.speech import Pause
from reelwright.tools.video import Card

Cli = Callable[..., tuple[int, str, str]]
SPANISH = ("Un buen té es una hoja y agua muy caliente.", "Tarda tres minutos.")
SCRIPT = Script(
    title="Tea",
    scenes=(
        Scene(
            id="s1",
            heading="Leaf",
            narrator="joe",
            lines=(
                Line(id="l1", text="Good tea is a leaf.", pauses=(Pause(before=2, seconds=0.5),), emphasis=(1,)),
                Line(id="l2", text="It takes 3 minutes, and patience too."),
            ),
        ),
    ),
)
CARD = Card(headline="A leaf", accent="leaf", items=("water", "patience"), source="Ann")
SHOTS = (
    Shot(id="a", scene="s1", lines=("l1",), frames=30),
    Shot(id="b", scene="s1", lines=("l2",), words=(0, 4), spots=(2,), frames=30),
    Shot(id="c", scene="s1", lines=("l2",), words=(4, 7), frames=30, card=CARD),
)
LINES = ("Un buen té es una hoja.", "Tarda tres minutos, y además hace falta algo de paciencia.")


PLAN = Plan(script=SCRIPT, shots=SHOTS)
SHOWN = ("Té", "Hoja", "Una hoja", "agua", "paciencia")
FRENCH = ("Le bon thé est une feuille.", "Il faut trois minutes.")
FOUND = Translation(lines=LINES)


def test_shots_keep_their_stretch_of_the_words() -> None:
    brief = Brief(text="Tea", voice="joe", cast=(("Ann", "joe"),))
    new, plan = dubbed(brief, PLAN, FOUND, "es")
    assert [line.text for line in plan.script.lines] == list(LINES)
    assert [line.original for line in plan.script.lines] == [line.text for line in SCRIPT.lines]
    assert (plan.script.language, new.language, new.voice, new.cast) == ("es", "es", "", ())
    assert plan.script.scenes[0].narrator == ""
    assert [shot.words for shot in plan.shots] == [(0, 0), (0, 6), (6, 10)]
    assert plan.shots[1].spots == (3,)
    assert plan.script.lines[0].pauses == (Pause(before=2, seconds=0.5),)
    assert plan.script.lines[0].emphasis == ()


def test_a_dub_of_a_dub_still_shows_the_first_language() -> None:
    brief = Brief(text="Tea")
    _, spanish = dubbed(brief, PLAN, FOUND, "es")
    _, french = dubbed(brief, spanish, Translation(lines=FRENCH), "fr")
    assert french.script.lines[0].original == "Good tea is a leaf."
    assert all(last - first >= 1 for first, last in (shot.words for shot in french.shots) if last)


def test_a_translation_by_hand_has_a_line_for_each() -> None:
    assert by_hand("Uno.\n\n  Dos   tres. \n", PLAN, "lines.txt") == Translation(lines=("Uno.", "Dos tres."))
    whole = by_hand("\n".join(("Uno.", "Dos.", "---", *SHOWN)), PLAN, "lines.txt")
    assert whole.shown == SHOWN
    assert template(PLAN).splitlines()[2:] == ["---", "Tea", "Leaf", "A leaf", "water", "patience"]
    with pytest.raises(BriefError, match="has 1 texts on screen, and the film has 5"):
        by_hand("Uno.\nDos.\n---\nTé", PLAN, "lines.txt")
    with pytest.raises(BriefError, match=r"has 1 lines, and the film has 2.*Good tea is a leaf"):
        by_hand("Uno.", PLAN, "lines.txt")


def test_what_stands_on_the_cards_is_translated_too() -> None:
    _, plan = dubbed(Brief(text="Tea"), PLAN, Translation(lines=LINES, shown=SHOWN), "es")
    assert (plan.script.title, plan.script.scenes[0].heading) == ("Té", "Hoja")
    card = plan.shots[2].card
    assert (card.headline, card.items, card.accent, card.source) == ("Una hoja", ("agua", "paciencia"), "", "Ann")


def minded(endpoint: Any, folder: Path) -> Studio:
    """A studio whose writer is the scripted endpoint."""
    default = {"base_url": f"{endpoint.url}/v1", "timeout": 5}
    settings = Settings.model_validate({"cache": None, "model": "openai:m", "minds": {"default": default}})
    return Studio.open(folder / "film", settings)


def test_a_model_translates_and_is_asked_for_lines_of_like_length(endpoint: Any, tmp_path: Path) -> None:
    endpoint.script = [{"lines": ["Solo una."]}, {"lines": LINES, "shown": SHOWN}]
    mind = minded(endpoint, tmp_path).mind("writer")
    assert mind is not None
    assert translate(mind, PLAN, "es") == Translation(lines=LINES, shown=SHOWN)
    asked = endpoint.prompts()
    assert "1. Good tea is a leaf." in asked[0]
    assert "about as long to say" in asked[0]
    assert len(asked) == 2  # the first answer had one line too few


def test_a_model_that_never_gives_every_line_is_no_translator(endpoint: Any, tmp_path: Path) -> None:
    endpoint.script = [{"lines": ["Solo una."]}]
    mind = minded(endpoint, tmp_path).mind("writer")
    assert mind is not None
    with pytest.raises(PlanError):
        translate(mind, PLAN, "es")


def test_a_language_that_nobody_speaks_lists_those_that_are(tmp_path: Path, settings: Settings) -> None:
    studio = Studio.open(tmp_path / "film", settings)
    assert {"en", "es"} <= set(languages(studio))
    with pytest.raises(BriefError, match=r"No voice here speaks 'tlh'.*en.*es"):
        check_language(studio, SCRIPT, "tlh")
    with pytest.raises(BriefError, match="already speaks"):
        check_language(studio, SCRIPT, "en-GB")
    mute = Registry([tool for tool in Registry.installed().tools() if tool.name == "speech.openai"])
    with pytest.raises(BriefError, match="are spoken: none"):
        check_language(Studio.open(tmp_path / "mute", settings, registry=mute), SCRIPT, "es")


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Settings) -> Cli:
    """Run a command line in this process, with the test run's cache."""
    import sys

    from reelwright.agent.cli import main

    monkeypatch.setenv("REELWRIGHT_CACHE", str(settings.cache))

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["reelwright", *words])
        with pytest.raises(SystemExit) as exit_:
            main()
        caught = capsys.readouterr()
        return int(exit_.value.code or 0), caught.out, caught.err

    return run


@pytest.mark.media
@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="no voice here is sure to speak Spanish: espeak-ng")
def test_the_film_speaks_spanish_over_the_same_shots(
    cli: Cli, studio: Studio, events: list[Event], tmp_path: Path
) -> None:
    first = load_record(studio.folder)
    assert first.plan is not None
    assert first.film is not None
    (tmp_path / "lines.txt").write_text("\n".join(SPANISH), "utf-8")
    out = tmp_path / "te"
    words = ("dub", str(studio.folder), "--language", "es", "--script", str(tmp_path / "lines.txt"), "--out", str(out))
    code, _, errors = cli(*words)
    assert code == 0, errors
    made = load_record(out)
    assert made.plan is not None
    assert made.film is not None
    assert {sound.tool for sound in made.sound.values()} <= {"speech.espeak-ng", "speech.kokoro"}
    assert [shot.id for shot in made.plan.shots] == [shot.id for shot in first.plan.shots]
    assert made.film.timeline.frames == sum(shot.frames for shot in made.plan.shots)
    assert [(cue.text, cue.second) for cue in made.film.timeline.cues] == [
        (spanish, line.text) for spanish, line in zip(SPANISH, first.plan.script.lines, strict=True)
    ]
    assert SPANISH[1] in (out / "out" / "film.srt").read_text("utf-8")
    report = json.loads((out / "out" / "report.json").read_text("utf-8"))
    assert report["checks"]["words"].startswith(("pass", "warn", "skip"))


def test_without_a_translation_the_command_says_how_to_give_one(
    cli: Cli, studio: Studio, events: list[Event], tmp_path: Path
) -> None:
    code, _, errors = cli("dub", str(studio.folder), "--language", "es", "--out", str(tmp_path / "te"))
    assert code == 2
    assert "no model here that translates" in errors
    assert (studio.folder / "lines.txt").read_text("utf-8").splitlines()[1] == "It takes 3 minutes."
    assert not (tmp_path / "te").exists()
    for words, says in (
        (("--script", "missing.txt"), "no file missing.txt"),
        (("--script", str(studio.folder / "project.json")), "lines, and the film has 2"),
    ):
        code, _, errors = cli("dub", str(studio.folder), "--language", "es", "--out", str(tmp_path / "te"), *words)
        assert code == 2
        assert says in errors
    code, _, errors = cli("dub", str(tmp_path), "--language", "es")
    assert code == 2
    assert not [event for event in events if isinstance(event, Warned) and event.degraded]
