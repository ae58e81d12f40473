"""The listing says what the film says: title, description, hashtags, chapters, within the platforms' limits."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from langchain_core.language_models.fake_chat_models import FakeListChatModel

from reelwright import Brief, Settings, Studio
from reelwright.agent.listing import chapters, listing, markdown, offline
from reelwright.agent.model import Line, Reference, Scene, Script, Shot
from reelwright.agent.planner.language import language
from reelwright.agent.planner.offline import Offline
from reelwright.agent.planner.tags import hashtags

HONEY = """# How bees make honey

A jar of honey starts with two million flowers.

Bees sip the nectar and carry it home.

Nectar is 70 percent water. Honey is only 18 percent.
"""
RATE = Fraction(30)


def planned(text: str = HONEY, **changes: object) -> tuple[Brief, Script, tuple[Shot, ...]]:
    brief = Brief.model_validate({"text": text, **changes})
    script = Offline().write(brief)
    return brief, script, Offline().direct(brief, script)


def film(*seconds: float) -> tuple[Script, list[Shot]]:
    scenes = tuple(
        Scene(id=f"s{at}", heading=f"Part {at}", lines=(Line(id=f"l{at}", text="Words."),))
        for at in range(len(seconds))
    )
    shots = [
        Shot(id=f"a{at}{half}", scene=f"s{at}", lines=(f"l{at}",), frames=round(length * 15))
        for at, length in enumerate(seconds)
        for half in range(2)
    ]
    return Script(title="Whole", scenes=scenes), shots


def test_it_says_nothing_that_the_film_does_not_say() -> None:
    brief, script, shots = planned(references=(Reference(name="notes.pdf"),))
    listed = offline(brief, script, shots, label="Synthetic voice")
    assert listed.title == "How bees make honey"
    assert listed.description.startswith("A jar of honey starts with two million flowers.")
    known = HONEY.lower()
    assert all(tag.lower() in known for tag in listed.hashtags)
    text = markdown(listed)
    assert text.index("Sources:\n- notes.pdf") < text.index("Synthetic voice") < text.index("#honey")


@pytest.mark.parametrize(
    ("title", "lines", "wanted", "unwanted"),
    [
        (
            "The keeper of Eddystone",
            ["In 1698 Henry Winstanley lit the lighthouse.", "The storm came in November, and the tower fell."],
            {"Eddystone", "HenryWinstanley", "lighthouse", "storm", "tower"},
            {"november", "lit", "the"},
        ),
        (
            "Wie der Nachtzug zurückkam",
            ["Ein Schlafwagen hat zwölf Abteile.", "Am Abend steigen die Gäste in Wien ein, vor zehn Jahren."],
            {"Nachtzug", "Schlafwagen", "Abteile", "Abend", "Wien"},
            {"jahren", "steigen", "zwölf"},
        ),
        ("蜜蜂如何酿蜜", ["蜜蜂采集花蜜。", "蜜蜂回到蜂巢。", "蜂巢很热。"], {"蜜蜂", "蜂巢"}, {"采集"}),
    ],
)
def test_hashtags_are_things(title: str, lines: list[str], wanted: set[str], unwanted: set[str]) -> None:
    code = {"W": "de", "蜜": "zh"}.get(title[0], "en")
    tags = hashtags(title, lines, language(code))
    assert wanted <= {*tags}
    assert not unwanted & {tag.lower() for tag in tags}
    assert len(tags) <= 8


def test_chapters_start_at_zero_and_last_ten_seconds() -> None:
    script, shots = film(12, 4, 7, 15, 3)
    marks = chapters(script, shots, RATE)
    assert [(mark.frame, mark.name, mark.kind) for mark in marks] == [
        (0, "Part 0", "chapter"),
        (360, "Part 1", "chapter"),
        (690, "Part 3", "chapter"),
    ]


@pytest.mark.parametrize("seconds", [(30,), (9, 9, 9), (12, 12), ()])
def test_a_short_film_has_no_chapters(seconds: tuple[float, ...]) -> None:
    assert chapters(*film(*seconds), RATE) == ()


def test_long_texts_are_cut_between_words() -> None:
    brief, script, shots = planned()
    script = script.model_copy(update={"title": "word " * 60, "logline": "more " * 200})
    listed = offline(brief, script, shots)
    assert len(listed.title) <= 100
    assert len(listed.description) <= 400
    assert listed.title.endswith("word…")


def draft(**changes: object) -> str:
    plain = {"title": "Bees", "description": "Two million flowers.", "hashtags": ["bees", "#honey", "a b", "c", "d"]}
    return json.dumps({**plain, **changes})


def asked(folder: Path, *answers: str) -> tuple[Studio, Brief]:
    model = FakeListChatModel(responses=list(answers))
    return Studio.open(folder, Settings(cache=None), model=model), Brief(text=HONEY)


def test_the_models_listing_is_tidied(tmp_path: Path) -> None:
    studio, brief = asked(tmp_path / "film", "Here it is:\n```json\n" + draft() + "\n```")
    listed = listing(studio, *planned())
    assert (listed.title, listed.description) == ("Bees", "Two million flowers.")
    assert listed.hashtags == ("bees", "honey", "ab", "c", "d")
    assert listed.by == studio.planner.name != "offline"
    assert brief.text == HONEY


@pytest.mark.parametrize(
    "wrong",
    [
        draft(title="x" * 101),
        draft(hashtags=["one"]),
        draft(description="99 bees."),
        "no JSON",
        draft(title="See www.x.y"),
    ],
)
def test_what_does_not_fit_is_mended_or_not_taken(wrong: str, tmp_path: Path) -> None:
    studio, _ = asked(tmp_path / "mended", wrong, draft())
    assert listing(studio, *planned()).title == "Bees"
    studio, _ = asked(tmp_path / "never", wrong, wrong, wrong)
    assert listing(studio, *planned()).by == "offline"
    assert [warning.target for warning in studio.log.warnings if warning.target != "budget"] == ["listing"]
