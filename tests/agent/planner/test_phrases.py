"""What may stand on a card for a sentence: a phrase it says, never its contrary, never more than it claims."""

import pytest

from reelwright.agent.planner.language import detect, language
from reelwright.agent.planner.numbers import count, turn
from reelwright.agent.planner.phrases import phrase
from reelwright.agent.planner.pictures import pictures

EN = language("en")


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Inside the hive, the work becomes a relay.", "The work becomes a relay"),
        ("and sip nectar through a long, straw-like tongue.", "Sip nectar through a long, straw-like tongue"),
        ("It wraps around the frame, clicks shut,", "Clicks shut"),
        ("So next time, thank a flower.", "Thank a flower"),
        ("The light is still burning.", "The light is still burning"),
        # a lost "not", "nobody", "never" would say the contrary
        ("We never sell your data to anyone.", "Never sell your data"),
        ("It does not forgive a dry one.", "It does not forgive a dry one"),
        ("Every third visitor this week did not have a library card before.", "Every third visitor"),
        # a lost "may" would make a possibility a fact
        ("It may cause cancer in rats.", "It may cause cancer in rats"),
        # a lost "less than" would make a bound a count
        ("Less than 12 people came.", "Less than 12 people came"),
        # a lost condition would make it an order
        ("Taste it before you add sugar.", "Taste it before you add sugar"),
        # no night sank a ship
        ("The Great Storm of that night sank hundreds of ships.", "Great Storm"),
    ],
)
def test_headlines_are_honest(sentence: str, shown: str) -> None:
    assert phrase(sentence.split(), {}, EN)[0] == shown


@pytest.mark.parametrize(
    ("sentence", "value", "prefix", "suffix", "label"),
    [
        ("A jar starts with about two million flowers.", 2_000_000, "", "", "flowers"),
        ("Fresh nectar is 70 percent water.", 70, "", "%", "water"),
        ("It costs $3.50 a day.", 3.5, "$", "", "a day"),
        ("A person needs 4 litres a day.", 4, "", "", "litres a day"),
        ("The population is 8.5 million.", 8_500_000, "", "", "population"),
        ("Nights fall to -5 °C.", 5, "-", " °C", ""),
        ("Klick weighs 180 g.", 180, "", " g", ""),
        ("It was founded in 1989 by 12 people.", 12, "", "", "people"),
    ],
)
def test_numbers_that_are_quantities(sentence: str, value: float, prefix: str, suffix: str, label: str) -> None:
    found = count(sentence.split(), EN)
    assert found
    assert (found.figure.value, found.figure.prefix, found.figure.suffix) == (value, prefix, suffix)
    assert found.figure.label == label


@pytest.mark.parametrize(
    "sentence",
    [
        "It began in 1990.",
        "On 3 October it began.",
        "Meet at 3:30 or 5 p.m. today.",
        "The 3rd one won.",
        "A twelfth of it.",
    ],
)
def test_numbers_that_nobody_counts_up_to(sentence: str) -> None:
    assert count(sentence.split(), EN) is None


def test_german_numbers_are_read_as_germans_write_them() -> None:
    found = count(["Es", "sind", "1.234,5", "km", "bis", "Wien."], language("de"))
    assert found
    assert (found.figure.value, found.figure.decimals, found.figure.suffix) == (1234.5, 1, " km")


def test_a_sentence_turns_between_two_numbers_of_a_kind() -> None:
    assert turn(["It", "was", "open", "38", "hours", "a", "week;", "now", "it", "is", "open", "84", "hours."], EN) == 7
    assert not turn(["It", "has", "3", "floors,", "and", "40", "people", "work", "there."], EN)


@pytest.mark.parametrize(
    ("sentence", "drawn"),
    [
        ("Bees sip the nectar and carry it home.", ["bee", "droplet", "house"]),
        ("They fan the water and seal the hive.", ["droplets", "hive"]),
        ("To book a train, call the station.", ["train front", "station"]),
        ("Freedom is a matter of time.", []),
    ],
)
def test_only_things_are_drawn(sentence: str, drawn: list[str]) -> None:
    assert [icon for icon in pictures(sentence.split(), EN).values()] == drawn


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("How bees make honey from the nectar of flowers.", "en"),
        ("Wie die Bienen aus dem Nektar Honig machen.", "de"),
        ("Comment les abeilles font du miel avec le nectar.", "fr"),
        ("Cómo las abejas hacen la miel con el néctar.", "es"),
        ("Espresso", "en"),
        ("蜜蜂如何酿蜜", "zh"),
        ("ミツバチの作り方", "ja"),
        ("كيف يصنع النحل العسل", "ar"),
        ("Как пчёлы делают мёд", "ru"),
    ],
)
def test_languages_are_told_by_script_and_small_words(text: str, code: str) -> None:
    assert detect(text) == code
