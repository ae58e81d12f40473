import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright.tools.listen import wer
from reelwright.tools.listen.wer import word_error_rate, words_of


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("Fresh nectar is 70 percent water.", "fresh nectar is 70% water"),
        ("Fresh nectar is 70 percent water.", "Fresh nectar is 70 % water"),
        ("Fresh nectar is 70 percent water.", "Fresh nectar is seventy percent water"),
        ("100 bees", "one hundred bees"),
        ("about two million flowers", "about 2 million flowers"),
        ("two-million flowers", "2,000,000 flowers"),
        ("a straw-like tongue", "a straw -like tongue"),
        ("a honey bee", "a honeybee"),
        ("the honeybee hive", "the honey bee hive"),
        ("one twelfth", "1/12"),
        ("a twelfth", "a 12th"),
        ("$5 million", "five million dollars"),
        ("in 1969", "in nineteen sixty-nine"),
        ("It's O’Brien's café", "its obriens cafe"),
        ("Dr. Smith", "doctor smith"),
        ("the U.S.A.", "the USA"),
    ],
)
def test_spellings_of_one_thing_are_no_error(said: str, heard: str) -> None:
    assert word_error_rate(said, heard) == 0.0


@pytest.mark.parametrize(
    ("said", "heard", "rate"),
    [
        ("one two three four", "one two three", 0.25),
        ("one two three four", "one two five three four", 0.25),
        ("one two three four", "one too three four", 0.25),
        ("one two", "", 1.0),
        ("", "one", 1.0),
        ("", "", 0.0),
        ("70 percent", "17 percent", 0.5),
    ],
)
def test_counts_errors(said: str, heard: str, rate: float) -> None:
    assert word_error_rate(said, heard) == rate


@given(st.lists(st.sampled_from(["bee", "flower", "hive", "sun", "water"]), min_size=1, max_size=8), st.integers(0, 7))
def test_one_wrong_word_is_one_error(words: list[str], place: int) -> None:
    said = " ".join(words)
    assert word_error_rate(said, said) == 0.0
    wrong = [*words]
    wrong[place % len(words)] = "zebra"
    assert word_error_rate(said, " ".join(wrong)) == pytest.approx(1 / len(words))


@given(st.text(max_size=60))
def test_any_text_has_words(text: str) -> None:
    assert word_error_rate(text, text) == 0.0
    assert all(word and word == word.lower() for word in words_of(text))


def test_examples() -> None:
    assert doctest.testmod(wer).failed == 0
