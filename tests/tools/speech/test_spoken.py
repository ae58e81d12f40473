import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright.tools.speech import numbers, spoken
from reelwright.tools.speech.numbers import cardinal, ordinal
from reelwright.tools.speech.spoken import speakable
from reelwright.tools.speech.spoken import spoken as say


def said(text: str) -> str:
    return " ".join(token.said for token in say(text) if token.said)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("70 percent, 70% or 70 %", "seventy percent, seventy percent or seventy percent"),
        ("two-million", "two-million"),
        ("3.5 and -2.05", "three point five and minus two point zero five"),
        ("$5, $1 and $1.50", "five dollars, one dollar and one dollar fifty cents"),
        ("$2 million, €3.2bn", "two million dollars, three point two billion euros"),
        ("1/12 and 3/4, 1½", "one twelfth and three quarters, one and a half"),
        ("1,234,567", "one million two hundred thirty-four thousand five hundred sixty-seven"),
        ("in 1999, 2026 and the 1990s", "in nineteen ninety-nine, twenty twenty-six and the nineteen nineties"),
        ("the 2nd at 10:30 or 9:05", "the second at ten thirty or nine oh five"),
        (
            "5 km, 1 kg, 20°C, 60 km/h",
            "five kilometers, one kilogram, twenty degrees Celsius, sixty kilometers an hour",
        ),
        ("10–20 and 2019-2021", "ten to twenty and twenty nineteen to twenty twenty-one"),
        ("Dr. Smith, e.g. Mrs. Ng etc.", "Doctor Smith, for example Missus Ng et cetera"),
        ("R&D and/or A/B", "R and D and or A or B"),
        ("“quoted” (really) so", "quoted, really, so"),
        ("wings — fan – it … away", "wings; fan; it; away"),
        ("wings—fan", "wings; fan"),
        ("it's O’Brien's", "it's O’Brien's"),
        ("[[hack]] {\\pos} <b>", "hack pos b"),
        ("007 and COVID-19", "zero zero seven and COVID nineteen"),
        ("Honey 😀 ends.", "Honey ends."),
        ("5 km² or 3x", "five square kilometers or three times"),
        ("See example.com!", "See example dot com!"),
    ],
)
def test_reads_as_a_narrator_does(written: str, read: str) -> None:
    assert said(written) == read


@given(st.text(max_size=80))
def test_every_written_word_is_one_token(text: str) -> None:
    tokens = say(text)
    assert [token.text for token in tokens] == text.split()
    assert not any(mark in token.said for token in tokens for mark in "[]{}<>\\|")


@given(st.from_regex(r"[-$€#]?[0-9][0-9.,:/%–½kmst-]{0,9}", fullmatch=True))
def test_any_number_leaves_no_digit(text: str) -> None:
    assert not any(mark in "0123456789" for mark in said(text))


@given(st.integers(0, 10**18 + 5))
def test_numbers_have_words(number: int) -> None:
    assert cardinal(number).replace("-", " ").replace(" ", "").isalpha()
    assert ordinal(number).endswith(("st", "nd", "rd", "th"))


def test_only_latin_letters_can_be_said_in_english() -> None:
    assert speakable(say("70%"))
    assert not speakable(say("蜂蜜"))
    assert not speakable(say("— …"))


@pytest.mark.parametrize("module", [numbers, spoken])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


def test_a_lexicon_says_how_a_word_is_said() -> None:
    tokens = say("Ask Nguyen, please.", (("nguyen", "win"),))
    assert [(token.text, token.said) for token in tokens] == [
        ("Ask", "Ask"),
        ("Nguyen,", "win,"),
        ("please.", "please."),
    ]
