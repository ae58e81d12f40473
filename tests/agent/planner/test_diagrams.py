"""Which lines become charts, timelines, maps and definitions, and which must not."""

import pytest

from reelwright import Brief
from reelwright.agent.model import Shot
from reelwright.agent.planner.offline import Offline


def shots(text: str) -> dict[str, Shot]:
    plan = Offline().plan(Brief(text=f"A plain title\n\nThis is how it all began, long ago.\n\n{text}", seconds=30))
    return {shot.layout: shot for shot in plan.shots}


def test_a_table_of_numbers_becomes_bars() -> None:
    text = "| Country | Honey |\n|-|-|\n| China | 462 tonnes |\n| Turkey | 118 tonnes |\n| Iran | 80 tonnes |\n"
    card = shots(text)["bars"].card
    assert [(datum.label, datum.value) for datum in card.data] == [("China", 462), ("Turkey", 118), ("Iran", 80)]
    assert card.unit == "tonnes"


def test_shares_of_a_whole_become_a_ring() -> None:
    card = shots("- Sugar: 80 %\n- Water: 17 %\n- The rest: 3 %\n")["ring"].card
    assert [datum.written for datum in card.data] == ["80%", "17%", "3%"]


def test_numbers_by_year_become_a_line() -> None:
    text = "".join(f"- {year}: {value} hives\n" for year, value in ((1990, 40), (2000, 55), (2010, 52), (2020, 70)))
    assert [datum.label for datum in shots(text)["line"].card.data] == ["1990", "2000", "2010", "2020"]


def test_entries_that_open_with_years_become_a_timeline() -> None:
    text = "- 1851: Langstroth finds the bee space.\n- 1865: Hruschka spins honey from the comb.\n"
    assert shots(text)["timeline"].card.items == (
        "1851: Langstroth finds the bee space",
        "1865: Hruschka spins honey from the comb",
    )


def test_a_timeline_grows_from_shot_to_shot() -> None:
    text = "".join(f"- {year}: Somebody finds out something worth knowing about bees.\n" for year in range(1850, 1854))
    plan = Offline().plan(Brief(text=f"Bees\n\n{text}", seconds=40))
    grown = [len(shot.card.items) for shot in plan.shots if shot.layout == "timeline"]
    assert grown == sorted(grown)
    assert grown[-1] == 4


def test_a_number_like_a_year_is_counted_where_it_has_a_unit() -> None:
    text = "".join(
        f"- {year}: {miles} miles\n" for year, miles in ((1830, 98), (1840, 1498), (1850, 6621), (1860, 9069))
    )
    assert [datum.value for datum in shots(text)["line"].card.data] == [98, 1498, 6621, 9069]


def test_a_chart_says_nothing_that_the_brief_did_not_say() -> None:
    text = "- Sugar beet: 80 tonnes\n- Sugar cane: 17 tonnes\n- Maple: 3 tonnes\n"
    card = shots(text)["bars"].card
    assert all(f"{datum.label}: {datum.written} {card.unit}" in text for datum in card.data)


def test_a_journey_becomes_a_map() -> None:
    shot = shots("The train runs from Bremen via Prague to Vienna every night.")["map"]
    assert shot.card.items == ("Bremen", "Prague", "Vienna")
    assert shot.spots == tuple(sorted(shot.spots))


def test_a_definition_is_its_term_and_what_it_is() -> None:
    card = shots("Nectar is a sweet liquid that flowers make.")["definition"].card
    assert (card.headline, card.body) == ("Nectar", "A sweet liquid that flowers make")


@pytest.mark.parametrize(
    ("text", "layout"),
    [
        ("It is a long way to go from here.", "definition"),
        ("This is a box that nobody has ever opened.", "definition"),
        ("They walk from home to work every single day.", "map"),
        ("- Sugar: 80 %\n- Water: 17 litres\n- Rest: 3 grams\n", "bars"),
        ("- Buy 3 eggs: they are cheap\n- Take 2 pans: hot ones\n- Wait 5 minutes: no more\n", "bars"),
        ("In 1851 there was nothing at all to see here.", "timeline"),
    ],
)
def test_what_does_not_say_so_is_not_drawn_so(text: str, layout: str) -> None:
    assert layout not in shots(text)


def test_a_long_table_is_whole_on_every_page() -> None:
    text = "".join(
        f"- Country number {name}: {value} tonnes of honey\n"
        for name, value in zip("ABCDEF", range(10, 70, 10), strict=True)
    )
    plan = Offline().plan(Brief(text=f"Honey\n\n{text}", seconds=40))
    charts = [shot for shot in plan.shots if shot.layout == "bars"]
    assert len(charts) > 1
    assert {len(shot.card.data) for shot in charts} == {6}
