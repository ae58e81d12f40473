"""Measured faults become notes with a target and a remedy."""

from fractions import Fraction

from reelwright.agent.model import Brief, Shot
from reelwright.agent.review import notes_of
from reelwright.tools.inspect import Check, Span

BRIEF = Brief(text="x", rate=Fraction(30))
SHOTS = tuple(Shot(id=name, scene="s", lines=(), frames=60) for name in ("one", "two", "three"))


def check(name: str, verdict: str = "fail", *spans: tuple[float, float]) -> Check:
    places = tuple(Span(start=start, end=end) for start, end in spans)
    return Check.model_validate({"name": name, "value": "x", "target": "y", "verdict": verdict, "spans": places})


def test_a_frozen_second_is_shot_again_where_it_stands() -> None:
    notes = notes_of((check("freeze", "fail", (2.5, 3.6)),), SHOTS, BRIEF)
    assert [(note.target, note.remedy) for note in notes] == [("two", "reshoot")]


def test_a_fault_across_a_cut_names_both_shots() -> None:
    notes = notes_of((check("black", "fail", (1.9, 2.2)),), SHOTS, BRIEF)
    assert [note.target for note in notes] == ["one", "two"]


def test_a_loud_film_is_mixed_again() -> None:
    assert [note.remedy for note in notes_of((check("loudness"),), SHOTS, BRIEF)] == ["remix"]


def test_what_nothing_mends_is_told() -> None:
    assert [(note.target, note.remedy) for note in notes_of((check("pace"),), SHOTS, BRIEF)] == [("film", "none")]


def test_what_passes_or_is_skipped_leaves_no_note() -> None:
    assert notes_of((check("black", "pass"), check("words", "skip")), SHOTS, BRIEF) == ()


def test_a_warning_stays_a_warning() -> None:
    assert [note.severity for note in notes_of((check("freeze", "warn", (0, 1)),), SHOTS, BRIEF)] == ["warn"]
