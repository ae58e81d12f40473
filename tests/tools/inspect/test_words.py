"""Pace, words and ledger: measured from what is handed in, skipped where nothing is."""

from pathlib import Path

import pytest

from reelwright.tools.base import Job
from reelwright.tools.inspect import InspectRequest, LedgerRow, Span, SpokenWord, StillsRequest
from reelwright.tools.inspect.facts import Facts
from reelwright.tools.inspect.film import inspect
from reelwright.tools.inspect.ledger import ledger_check
from reelwright.tools.inspect.provider import Inspector, Photographer
from reelwright.tools.inspect.speech import pace_check, words_check
from reelwright.tools.profiles import profiles

PROFILE = profiles()["shorts"]
WORDS = "one two three four five six seven eight nine ten " * 3


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [(12.0, "pass"), (11.0, "pass"), (10.0, "warn"), (14.0, "warn"), (8.0, "fail"), (20.0, "fail")],
)
def test_pace(seconds: float, verdict: str) -> None:
    speech = (Span(start=1, end=1 + seconds / 2), Span(start=20, end=20 + seconds / 2))
    assert pace_check(WORDS, (), speech, PROFILE, "en").verdict == verdict


def test_pace_has_no_norm_for_other_languages() -> None:
    check = pace_check(WORDS, (), (Span(start=0, end=12),), PROFILE, "de")
    assert (check.verdict, "de" in check.value) == ("skip", True)


def test_words_heard_against_the_script() -> None:
    said = "A honeybee visits 100 flowers, then flies home to the hive with fresh nectar for all of the others."
    assert words_check(said, said.replace("100", "a hundred"), PROFILE, "").verdict in {"pass", "fail"}
    assert (
        words_check(
            said,
            "a honey bee visits one hundred flowers then flies home to the hive with fresh nectar for "
            "all of the others",
            PROFILE,
            "",
        ).verdict
        == "pass"
    )
    assert words_check(said, "nothing of the kind", PROFILE, "").verdict == "fail"
    assert words_check(said, None, PROFILE, "nobody listens").value == "nobody listens"


def test_ledger_rows_need_licence_and_source() -> None:
    whole, bare = (
        LedgerRow(asset="a" * 64, licence="CC0-1.0", origin="joe"),
        LedgerRow(asset="b" * 64, licence="unknown", origin="x"),
    )
    assert ledger_check([whole]).verdict == "pass"
    assert ledger_check([whole, bare]).verdict == "fail"
    assert ledger_check(None).verdict == "skip"


def test_a_listener_is_asked_only_for_a_script(clean: Path) -> None:
    asked: list[Path] = []

    def hear(path: Path) -> tuple[SpokenWord, ...]:
        asked.append(path)
        return (SpokenWord(text="Good", start=0.5, end=0.8), SpokenWord(text="words", start=0.9, end=1.2))

    assert {check.name: check.verdict for check in inspect(clean, hear=hear).checks}["words"] == "skip"
    found = {check.name: check.verdict for check in inspect(clean, Facts(script="Good words."), hear=hear).checks}
    assert (found["words"], asked) == ("pass", [clean])


def test_the_tools_measure_and_photograph_assets(clean: Path, job: Job) -> None:
    copy = job.scratch / "film.mp4"
    copy.write_bytes(clean.read_bytes())
    film = job.save(copy, "video", licence="CC0-1.0", origin="the bench")
    inspection = Inspector().run(InspectRequest(film=film, seconds=6.8), job)
    assert [check.name for check in inspection.checks if check.verdict in {"fail", "warn"}] == []
    stills = Photographer().run(StillsRequest(film=film, seconds=(0.5, 3.0), width=90), job)
    assert [(image.format, image.size.width if image.size else 0) for image in stills.images] == [
        ("jpg", 90),
        ("jpg", 90),
    ]
