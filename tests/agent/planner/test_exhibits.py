"""Tables and code of a brief stand on the shot whose line is about them; the line says which chart it is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright import Brief
from reelwright.agent.brief import is_topic
from reelwright.agent.cli.intake import read_brief
from reelwright.agent.errors import BriefError
from reelwright.agent.model import Deliverables, Shot
from reelwright.agent.planner.exhibits import kind_of
from reelwright.agent.planner.offline import Offline
from reelwright.agent.planner.tables import table
from reelwright.tools.media import Size
from reelwright.tools.video import MotionRequest
from reelwright.tools.video.motion.renderer import compose

RACE = "city,2019,2020,2021\nBremen,1,4,9\nKiel,3,5,6\nTrier,2,2,2"
TIDY = "year,city,hives\n2019,Kiel,3\n2019,Trier,2\n2020,Kiel,5\n2020,Trier,1\n2021,Kiel,4\n2021,Trier,7"
YEARS = "year,hives\n2019,4\n2020,6\n2021,9\n2022,12"
SHARES = "what,share\nFructose,38%\nGlucose,31%\nWater,17%\nOther,14%"


def shots(text: str, seconds: float = 20) -> tuple[Shot, ...]:
    return Offline().plan(Brief(text=text, seconds=seconds)).shots


def charted(text: str, layout: str) -> Shot:
    found = [shot for shot in shots(text) if shot.layout == layout]
    assert found, [shot.layout for shot in shots(text)]
    return found[0]


@pytest.mark.parametrize(
    ("said", "csv", "layout"),
    [
        ("The number of hives grew every year.", YEARS, "line"),
        ("Altogether the hives made a mountain of honey.", YEARS, "area"),
        ("Honey is made of sugars and a little water.", SHARES, "ring"),
        ("Fructose is the largest of them in honey.", SHARES, "bars"),
        ("Bremen overtook all the other cities.", RACE, "race"),
        ("The bees of some cities live far apart.", "city,km\nKiel,3\nTrier,9\nBremen,5", "dots"),
        ("The cities keep many bees today.", "city,hives\nKiel,3\nTrier,9\nBremen,5", "bars"),
    ],
)
def test_the_line_says_which_chart_it_is(said: str, csv: str, layout: str) -> None:
    shot = charted(f"# Bees\n\nBees are small and busy animals.\n\n{said}\n\n```csv (FAO, 2022)\n{csv}\n```", layout)
    assert shot.card.source == "FAO, 2022"
    assert shot.card.data[0].label == csv.splitlines()[1].split(",")[0] or shot.card.rounds
    written = " ".join(box.text for box in compose(request(shot)).boxes)
    assert "FAO, 2022" in written


def request(shot: Shot) -> MotionRequest:
    size = Size(width=540, height=960)
    return MotionRequest(size=size, frames=120, layout=shot.layout, card=shot.card, cues=shot.cues)


def test_code_stands_on_the_line_before_it() -> None:
    code = "```python\nfor cell in comb:\n    print(cell)\n```"
    text = f"# Bees in code\n\nBees count in fives.\n\nA loop counts the cells.\n\n{code}"
    shot = charted(text, "code")
    assert shot.card.code == "for cell in comb:\n    print(cell)\n"
    assert shot.card.kicker == "Python"
    assert not any("print" in line.text for line in Offline().write(Brief(text=text)).lines)


def test_numbers_are_read_as_they_are_written() -> None:
    german = table("# source: Statistik\nLand;Menge\nChina;1.461,9\nTürkei;118,25")
    assert [datum.value for datum in german.data] == [1461.9, 118.25]
    assert (german.unit, german.source) == ("Menge", "Statistik")
    assert [datum.written for datum in table("what,sum\nA,$1200\nB,$30.5").data] == ["$1,200", "$30.5"]
    assert table(SHARES).whole
    assert table(YEARS).ordered
    assert [each.name for each in table(RACE).rounds] == ["2019", "2020", "2021"]
    assert table(RACE).data[0].value == 9
    turned = table(TIDY)
    assert [datum.label for datum in turned.data] == ["Kiel", "Trier"]
    assert turned.rounds[2].values == (4, 7)
    assert kind_of(turned) == "race"


@pytest.mark.parametrize(
    "text", ["", "a", "a\nb\nc", "name,words\na,b", "a,b\nx,1", '"open,1\nb,2', "1;2;3", "a,1,\n,,"]
)
def test_what_is_no_table_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        table(text)


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    try:
        found = table(text)
    except ValueError:
        return
    assert len(found.data) > 1


def brief(tmp_path: Path, text: str, *sources: Path) -> Brief:
    return read_brief(
        text, sources=[str(each) for each in sources], assets=None, out=tmp_path / "film", seconds=12, size="1:1",
        voice="", style="", language="", seed=0, deliver=Deliverables(), ask=False,
    )  # fmt: skip


def test_a_file_of_numbers_is_drawn_and_named_as_the_source(tmp_path: Path) -> None:
    (tmp_path / "bee_hives.csv").write_text(YEARS, "utf-8")
    said = "Bees\n\nThey live in hives.\n\nThe number of hives grew every year.\n\nPlant one flower today."
    asked = brief(tmp_path, said, tmp_path / "bee_hives.csv")
    shot = next(shot for shot in Offline().plan(asked).shots if shot.layout == "line")
    assert shot.lines == ("l02",), "the line that is about it, not the one that stands beside it by chance"
    assert (shot.card.headline, shot.card.source, shot.card.unit) == ("Bee hives", "bee_hives.csv", "hives")
    alone = brief(tmp_path, "Hives of a town", tmp_path / "bee_hives.csv")
    assert not is_topic(alone.text)
    assert "line" in [shot.layout for shot in Offline().plan(alone).shots]


def test_a_file_without_numbers_is_named(tmp_path: Path) -> None:
    (tmp_path / "words.csv").write_text("name,words\na,b\n", "utf-8")
    with pytest.raises(BriefError, match=r"words\.csv cannot be drawn: it has no column of numbers"):
        brief(tmp_path, "Bees fly.", tmp_path / "words.csv")
