"""English text as it is said: each written word with the words a narrator says for it.

Knows nothing about voices. Word for word, so that times found for what is said are times of what is written.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from .numbers import cardinal, decimal, digits, fraction, ordinal, plural, year

_ABBREVIATIONS = {
    "dr.": "Doctor",
    "mr.": "Mister",
    "mrs.": "Missus",
    "ms.": "Miz",
    "st.": "Saint",
    "vs.": "versus",
    "etc.": "et cetera",
    "e.g.": "for example",
    "i.e.": "that is",
    "approx.": "approximately",
    "co.": "Co",
    "inc.": "Inc",
    "ltd.": "Limited",
    "jr.": "Junior",
    "prof.": "Professor",
    "&": "and",
    "+": "plus",
    "=": "equals",
    "%": "percent",
    "@": "at",
}
_UNITS = {
    "%": "percent",
    "km/h": "kilometers an hour",
    "mph": "miles an hour",
    "km": "kilometers",
    "km²": "square kilometers",
    "m²": "square meters",
    "m³": "cubic meters",
    "cm": "centimeters",
    "mm": "millimeters",
    "m": "meters",
    "kg": "kilograms",
    "mg": "milligrams",
    "g": "grams",
    "lb": "pounds",
    "lbs": "pounds",
    "oz": "ounces",
    "ft": "feet",
    "ml": "milliliters",
    "l": "liters",
    "°c": "degrees Celsius",
    "°f": "degrees Fahrenheit",
    "°": "degrees",
    "hz": "hertz",
    "khz": "kilohertz",
    "mhz": "megahertz",
    "ghz": "gigahertz",
    "kb": "kilobytes",
    "mb": "megabytes",
    "gb": "gigabytes",
    "tb": "terabytes",
    "kw": "kilowatts",
    "kwh": "kilowatt hours",
    "x": "times",
    "k": "thousand",
    "bn": "billion",
}
_ONE_OF = {"feet": "foot", "kilometers an hour": "kilometer an hour", "miles an hour": "mile an hour"}
_NEVER_ALONE = {"x", "k", "m", "g", "l", "mb", "kb", "°"}
_MONEY = {"$": ("dollar", "cent"), "€": ("euro", "cent"), "£": ("pound", "penny"), "¥": ("yen", "sen")}
_PAUSES = str.maketrans("…)—–", ",,;;")
_SCALES = {"thousand", "million", "billion", "trillion"}
_VULGAR = {"½": "a half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds", "⅛": "an eighth"}
_TOKEN = re.compile(r"^([^\w$€£¥#&%+=@°½¼¾⅓⅔⅛.-]*)(.*?)([^\w%°½¼¾⅓⅔⅛²³+&=@]*)$", re.DOTALL)
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_QUANTITY = re.compile(rf"^(-|−)?([$€£¥])?({_NUMBER})(.*)$")


@dataclass(frozen=True)
class Token:
    """A written word, split on white space, and what is said for it (empty for a bare dash or an emoji)."""

    text: str
    said: str


def spoken(text: str, lexicon: Sequence[tuple[str, str]] = ()) -> tuple[Token, ...]:
    """One token for every word of `text.split()`; the lexicon says how some are to be said.

    >>> " ".join(token.said for token in spoken("Fresh nectar is 70% water, $5 a jar."))
    'Fresh nectar is seventy percent water, five dollars a jar.'
    """
    words = text.split()
    said: list[str] = []
    known = {written.casefold(): saying for written, saying in lexicon}
    owed = ""
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        lead, core, trail = _parts(word)
        if core.casefold() in known:
            core, owes = known[core.casefold()], ""
        else:
            core, owes = _read(core, trail, words[index - 1] if index else "", following)
        if owed:
            core, owed = f"{core} {owed}", ""
        owed = owes
        said.append(_punctuate(lead, core, trail, said))
    return tuple(Token(word, phrase) for word, phrase in zip(words, said, strict=True))


def _parts(word: str) -> tuple[str, str, str]:
    if word.lower() in _ABBREVIATIONS:
        return "", word, ""
    found = _TOKEN.match(word)
    assert found is not None
    lead, core, trail = found.groups()
    if (core + ".").lower() in _ABBREVIATIONS and trail.startswith("."):
        return lead, f"{core}.", trail[1:]
    return lead, core, trail


def _punctuate(lead: str, core: str, trail: str, before: list[str]) -> str:
    """Keep the marks that a voice pauses at; a bare dash pauses after the word before it."""
    core = " ".join(core.split())
    if not core:
        if before and before[-1] and re.search(r"[-–—:…]", lead + trail) and before[-1][-1].isalnum():
            before[-1] += ";"
        return ""
    if re.search(r"[(—–]", lead) and before and before[-1] and before[-1][-1].isalnum():
        before[-1] += ","
    mark = re.search(r"[.!?,;:…)—–]", trail)
    if mark is None:
        return core
    stop = re.search(r"[.!?](?!\.)", trail) if "..." not in trail else None
    return core + (stop or mark)[0].translate(_PAUSES)


def _read(core: str, trail: str, previous: str, following: str) -> tuple[str, str]:
    """What is said for the bare word, and what the next word has to say for it (dollars, after a million)."""
    low = core.lower()
    if low in _ABBREVIATIONS:
        return _ABBREVIATIONS[low], ""
    if low in _UNITS and low not in _NEVER_ALONE and re.search(r"\d$", previous):
        return _counted(_UNITS[low], previous), ""
    if low in {"m", "g", "l", "mb", "kb"} and re.fullmatch(_NUMBER, previous):
        return _counted(_UNITS[low], previous), ""
    if found := re.fullmatch(r"(\d*)([½¼¾⅓⅔⅛])", core):
        part = _VULGAR[found[2]]
        return (f"{cardinal(int(found[1]))} and {part}" if found[1] else part), ""
    if re.search(r"\d", core):
        return _numeric(core, trail, following)
    return _letters(core), ""


def _numeric(core: str, trail: str, following: str) -> tuple[str, str]:
    for shape, read in _SHAPES:
        if found := re.fullmatch(shape, core, re.IGNORECASE):
            return read(found), ""
    found = _QUANTITY.match(core)
    if found is None:
        return " ".join(_mixed(part) for part in re.findall(r"\d+|[^\d]+", core)), ""
    minus, currency, number, rest = found.groups()
    sign = "minus " if minus else ""
    if currency:
        words, owed = _money(currency, number, rest, trail, following)
        return sign + words, owed
    if not rest:
        return sign + _plain(number), ""
    if rest.lower() in _UNITS:
        return f"{sign}{decimal(number)} {_counted(_UNITS[rest.lower()], number)}", ""
    if rest[0] in "-–":
        tail = rest[1:]
        return f"{sign}{_plain(number)}{' to' if tail[:1].isdigit() else ''} {_read(tail, trail, '', following)[0]}", ""
    return f"{sign}{_plain(number)} {_letters(rest)}", ""


def _plain(number: str) -> str:
    """A bare number: four digits without a comma are read as a year."""
    if re.fullmatch(r"(1[1-9]|20)\d\d", number):
        return year(int(number))
    return decimal(number)


def _money(currency: str, number: str, rest: str, trail: str, following: str) -> tuple[str, str]:
    unit, small = _MONEY[currency]
    units = unit if number == "1" or unit == "yen" else f"{unit}s"
    scale = {"k": "thousand", "m": "million", "bn": "billion", "b": "billion"}.get(rest.lower(), "")
    if scale:
        return f"{decimal(number)} {scale} {unit}s", ""
    if not trail and not rest and re.sub(r"\W", "", following).lower() in _SCALES:
        return decimal(number), f"{unit}s"
    whole, _, part = number.replace(",", "").partition(".")
    if len(part) == 2 and int(part):
        cents = (
            f"{cardinal(int(part))} {small if int(part) == 1 else {'penny': 'pence', 'sen': 'sen'}.get(small, 'cents')}"
        )
        money = f"{cardinal(int(whole))} {unit if whole == '1' else units} {cents}" if int(whole or "0") else cents
        return f"{money} {_letters(rest)}".strip(), ""
    amount = cardinal(int(whole)) if len(part) == 2 else decimal(number)
    return f"{amount} {units} {_letters(rest)}".strip(), ""


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    if minute == 0:
        return f"{cardinal(hour)} o'clock"
    return f"{cardinal(hour)} {'oh ' if minute < 10 else ''}{cardinal(minute)}"


def _ratio(found: re.Match[str]) -> str:
    top, bottom = int(found[1]), int(found[2])
    if 0 < top < bottom <= 1000:
        return fraction(top, bottom)
    return f"{cardinal(top)} {cardinal(bottom)}"


_SHAPES = (
    (r"(\d{1,2}):([0-5]\d)", _clock),
    (r"(\d{1,4})[/⁄](\d{1,4})", _ratio),
    (r"(\d+)(?:st|nd|rd|th)", lambda found: ordinal(int(found[1]))),
    (r"'?(\d*[1-9]0)'?s", lambda found: plural(_plain(found[1]))),
    (r"#(\d+)", lambda found: f"number {cardinal(int(found[1]))}"),
    (r"0\d+", lambda found: digits(found[0])),
)


def _mixed(part: str) -> str:
    return cardinal(int(part)) if part.isdecimal() else _letters(part)


def _counted(unit: str, number: str) -> str:
    """One meter, two meters."""
    if re.sub(r"\D", "", number) != "1":
        return unit
    return _ONE_OF.get(unit) or re.sub(r"(?<!hert)s\b(?!.*s\b)", "", unit)


def _letters(core: str) -> str:
    """A word without digits: marks that a voice would spell out are dropped or said."""
    core = re.sub(r"[—–]", "; ", core.replace("…", ", ").replace("...", ", "))
    core = re.sub(r"(?<=\w)\.(?=\w{2,})", " dot ", core) if re.search(r"\w\.\w{2,}$", core) else core
    core = (
        re.sub(r"(?<=\w)/(?=\w)", " " if "or" in core else " or ", core)
        .replace("&", " and ")
        .replace("@", " at ")
        .replace("_", " ")
    )
    core = re.sub(
        r"\d+", lambda found: f" {cardinal(int(found[0]))} ", core.replace("²", " squared").replace("³", " cubed")
    )
    kept = "".join(mark for mark in core if mark in "'’-,;. " or unicodedata.category(mark)[0] in "LMN")
    return " ".join(kept.split()).strip("-' ")


def bare(word: str) -> str:
    """A word without its punctuation, in small letters: how the lexicon knows it."""
    return word.strip("\"'“”‘’«»()[].,;:!?…").casefold()


def speakable(tokens: Sequence[Token]) -> bool:
    """True where there is at least one Latin letter to say."""
    return any(re.search(r"[A-Za-zÀ-ɏ]", token.said) for token in tokens)
