"""Words that no dictionary has still get sounds."""

import pytest

from reelwright.tools.align.pronunciation import plain_letters, pronounce

KNOWN = {"honey": "HH AH N IY", "verse": "V ER S", "comb": "K OW M"}.get
PHONES = "AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH"


def unknown(word: str) -> str | None:
    """A dictionary without words."""
    return None


def test_compounds_are_their_parts() -> None:
    assert pronounce("honeycomb", KNOWN) == "HH AH N IY K OW M"
    assert pronounce("honeyverse's", KNOWN) == "HH AH N IY V ER S Z"


@pytest.mark.parametrize(("word", "phones"), [("nxt", "EH N EH K S T IY"), ("kniff", "N IH F"), ("blaze", "B L AE Z")])
def test_letters_become_sounds(word: str, phones: str) -> None:
    assert pronounce(word, unknown) == phones


@pytest.mark.parametrize("word", ["Xylocopa", "Ångström", "Škoda", "æther", "ß", "qqq", "O'Neill", "y", "tschüß"])
def test_every_latin_word_gets_phones_of_the_model(word: str) -> None:
    phones = pronounce(plain_letters(word), unknown).split()
    assert phones
    assert set(phones) <= set(PHONES.split())


def test_other_scripts_have_no_latin_letters() -> None:
    assert plain_letters("蜂蜜 мёд 🐝") == ""
