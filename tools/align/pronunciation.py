"""Pronunciations for words that no dictionary has: names, inventions, foreign words; in ARPABET.

Knows nothing about sound. Rough is enough: an aligner that knows the text only has to tell its words apart.
"""

import re
import unicodedata
from collections.abc import Callable

Lookup = Callable[[str], str | None]
_PART = 3
"""Letters of the shortest word that a compound is made of."""
_SIGNS = {
    "tion": "SH AH N", "sion": "ZH AH N", "ture": "CH ER", "ough": "AO", "augh": "AO", "eigh": "EY", "igh": "AY",
    "sch": "SH", "tch": "CH", "dge": "JH", "ing": "IH NG", "ous": "AH S", "ck": "K", "ch": "CH", "sh": "SH",
    "th": "TH", "ph": "F", "wh": "W", "qu": "K W", "gh": "G", "ng": "NG", "oo": "UW", "ee": "IY", "ea": "IY",
    "ai": "EY", "ay": "EY", "oa": "OW", "ow": "OW", "ou": "AW", "oi": "OY", "oy": "OY", "au": "AO", "aw": "AO",
    "ie": "IY", "ei": "AY", "ue": "UW", "ew": "UW", "er": "ER", "ir": "ER", "ur": "ER", "ar": "AA R", "or": "AO R",
    "ce": "S EH", "ci": "S IH", "cy": "S IY", "ge": "JH EH", "gi": "JH IH", "a": "AE", "b": "B", "c": "K", "d": "D",
    "e": "EH", "f": "F", "g": "G", "h": "HH", "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "OW",
    "p": "P", "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S", "y": "IY", "z": "Z",
}  # fmt: skip
_FIRST = {"kn": "N", "wr": "R", "ps": "S", "gn": "N", "x": "Z", "y": "Y"}
_NAMES = {
    "a": "EY", "b": "B IY", "c": "S IY", "d": "D IY", "e": "IY", "f": "EH F", "g": "JH IY", "h": "EY CH", "i": "AY",
    "j": "JH EY", "k": "K EY", "l": "EH L", "m": "EH M", "n": "EH N", "o": "OW", "p": "P IY", "q": "K Y UW",
    "r": "AA R", "s": "EH S", "t": "T IY", "u": "Y UW", "v": "V IY", "w": "D AH B AH L Y UW", "x": "EH K S",
    "y": "W AY", "z": "Z IY",
}  # fmt: skip
_LATIN = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "þ": "th", "ð": "th", "ı": "i"})
_LONGEST = max(map(len, _SIGNS))


def pronounce(word: str, lookup: Lookup) -> str:
    """Phones of a lower-case word; empty where it has no Latin letter.

    >>> pronounce("zorble", {}.get)
    'Z AO R B L'
    """
    plain = plain_letters(word)
    if stem := re.fullmatch(r"(.+)'s", plain):
        return f"{lookup(stem[1]) or pronounce(stem[1], lookup)} Z"
    plain = plain.replace("'", "")
    if not re.search(r"[aeiouy]", plain):
        return " ".join(_NAMES[letter] for letter in plain)
    return _compound(plain, lookup) or _sounds(plain)


def plain_letters(word: str) -> str:
    """Lower-case a to z and apostrophes; accents fall."""
    flat = unicodedata.normalize("NFD", word.lower().translate(_LATIN).replace("’", "'"))
    return re.sub(r"[^a-z']", "", flat).strip("'")


def _compound(word: str, lookup: Lookup) -> str:
    """Two words of the dictionary written as one, the first as long as may be."""
    for place in range(len(word) - _PART, _PART - 1, -1):
        first, second = lookup(word[:place]), lookup(word[place:])
        if first and second:
            return f"{first} {second}"
    return ""


def _sounds(word: str) -> str:
    word = re.sub(r"([^aeiou])\1", r"\1", word)
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    phones: list[str] = []
    while word:
        table = _SIGNS if phones else {**_SIGNS, **_FIRST}
        size = next(size for size in range(_LONGEST, 0, -1) if word[:size] in table)
        phones.append(table[word[:size]])
        word = word[size:]
    return " ".join(phones)
