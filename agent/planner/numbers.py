"""Numbers in a sentence that are worth a card of their own: how many, how much, what share.

Knows nothing about shots. Years, dates, times, ordinals and versions are numbers that nobody counts up to.
"""

import re

from ...tools.media import Frozen
from ...tools.video import Figure
from .language import Language
from .text import bare, ends_clause

_DIGITS = re.compile(
    r"^[(\"“]?(?P<prefix>[$€£¥]|[~≈+−-])?(?P<number>\d+(?:[.,'’ ]\d+)*)(?P<suffix>%|°[CF]?|[kKMB](?!\w)|×|x(?!\w))?"
    r"(?P<unit>[a-zµ]{1,3}(?:/[a-z]+)?|€)?[.,;:!?)\"”…]*$"
)
_CLOCK_OR_DATE = re.compile(r"^\d{1,2}([:/]\d{1,2}([:/]\d+)?|\.\d{1,2}\.(\d+)?)\W*$|^\d+(st|nd|rd|th)\W*$|^\d+[-–/]\d+")
_UNIT = re.compile(
    r"^(°[CF]?|[kmcµ]?m[²³]?|km/h|mph|m/s|[km]?g|[kMGT]?Wh?|[kMGT]?B|[kMG]?Hz|m?l|ft|lbs?|€|kcal)[.,;:!?)]*$"
)
_EDGES = '.,;:!?…()"“”'
RATES = frozenset({"a", "an", "per", "pro", "par"})
"""Small words by which a number is a rate: `$3.50 a day`."""
SCALE = {"k": 1e3, "K": 1e3, "M": 1e6, "B": 1e9}


class Count(Frozen):
    """A number found at words `start` to `end` (exclusive) of a sentence."""

    start: int
    end: int
    figure: Figure
    written: bool = True
    """In digits, or with a scale or a unit: a bare number word such as "two" is weaker."""


def count(words: list[str], tongue: Language) -> Count | None:
    """The number that a sentence is about: its largest that is a quantity.

    >>> from .language import language
    >>> count("Fresh nectar is 70 percent water.".split(), language("en")).figure.suffix
    '%'
    """
    return max(counts(words, tongue), key=lambda each: (each.written, each.figure.value), default=None)


def alike(one: Count, other: Count) -> bool:
    """Whether two numbers count the same kind of thing, so that they can be compared."""
    first, second = one.figure, other.figure
    if (first.prefix.strip("-−+~≈"), first.suffix) != (second.prefix.strip("-−+~≈"), second.suffix):
        return False
    return (
        bool(first.suffix or first.prefix)
        or first.label.split()[:1] == second.label.split()[:1]
        or not (first.label and second.label)
    )


def turn(words: list[str], tongue: Language) -> int:
    """Where a sentence turns from one number to another of its kind; 0 if it does not.

    >>> from .language import language
    >>> turn("Nights fall to 5 °C, while days reach 45 °C.".split(), language("en"))
    5
    """
    found = counts(words, tongue)
    if len(found) != 2 or not found[0].written or not found[1].written or not alike(*found):
        return 0
    between = range(found[0].end, found[1].start)
    return next((at for at in between if ends_clause(words[at - 1]) or bare(words[at]) in tongue.breaks), 0)


def counts(words: list[str], tongue: Language) -> list[Count]:
    """All quantities of a sentence, in order."""
    return [each for at in range(len(words)) if (each := _at(words, at, tongue))]


def _at(words: list[str], at: int, tongue: Language) -> Count | None:
    if at and _number(words, at - 1, tongue) is not None and not ends_clause(words[at - 1]):
        return None
    first = _number(words, at, tongue)
    if first is None:
        return None
    value, decimals, prefix, suffix = first
    end, written = at + 1, words[at][:3].strip('($€£¥~"“')[:1].isdigit() or words[at][:1].isdigit()
    while end < len(words) and not ends_clause(words[end - 1]) and bare(words[end]) in tongue.scales:
        value, decimals, end, written = value * tongue.scales[bare(words[end])], 0, end + 1, True
    if end < len(words) and not ends_clause(words[end - 1]) and bare(words[end]) in tongue.percent:
        suffix, end, written = "%", end + 1, True
    if _is_date(words, at, end, value, suffix or prefix, tongue) or value >= 1e13:
        return None
    if not suffix and end < len(words) and not ends_clause(words[end - 1]) and _UNIT.match(words[end]):
        suffix, end, written = f" {_UNIT.match(words[end])[1]}", end + 1, True  # type: ignore[index]
    label = _label(words, at, end, tongue)
    figure = Figure(value=value, decimals=decimals, prefix=prefix, suffix=suffix, label=label)
    return Count(start=at, end=end, figure=figure, written=written)


def _number(words: list[str], at: int, tongue: Language) -> tuple[float, int, str, str] | None:
    """Value, decimals, prefix and suffix of one word."""
    word = words[at]
    if bare(word) in tongue.numbers:
        return float(tongue.numbers[bare(word)]), 0, "", ""
    found = _DIGITS.match(word)
    if not found or _CLOCK_OR_DATE.match(word) or len(found["number"]) > 20:
        return None
    value, decimals = _value(found["number"], tongue.code)
    scale = SCALE.get(found["suffix"] or "", 1.0)
    suffix = (found["suffix"] or "") if scale == 1.0 else ""
    unit = f" {found['unit']}" if found["unit"] else ""
    return value * scale, decimals if scale == 1.0 else 0, found["prefix"] or "", suffix + unit


def _value(digits: str, code: str) -> tuple[float, int]:
    """A number as its language writes it: 1,234.5 in English, 1.234,5 in German.

    >>> _value("1,234.5", "en"), _value("1.234,5", "de"), _value("3.5", "de")
    ((1234.5, 1), (1234.5, 1), (3.5, 1))
    """
    digits = re.sub(r"['’ ]", "", digits)
    point = "." if code in ("en", "zh", "ja", "ko", "he", "hi", "th") else ","
    other = "," if point == "." else "."
    if re.fullmatch(rf"\d+\{other}\d{{1,2}}", digits):
        point, other = other, point
    whole, _, part = digits.replace(other, "").partition(point)
    part = part if part.isdigit() else ""
    return float(f"{whole}.{part or 0}"), min(4, len(part))


def _is_date(words: list[str], at: int, end: int, value: float, unit: str, tongue: Language) -> bool:
    near = {bare(word) for word in words[max(0, at - 1) : end + 1]}
    plain = words[at].strip('(,.;:!?)"”')
    year = re.fullmatch(r"1[0-9]{3}|20[0-9]{2}", plain) and not unit and end == at + 1
    clock = near & {"uhr", "a.m", "p.m", "am", "pm", "o'clock"}
    return bool(near & tongue.months or year or (clock and value <= 24))


def _label(words: list[str], start: int, end: int, tongue: Language) -> str:
    """What is counted: the words after the number, else the ones before the verb."""
    label: list[str] = []
    if not ends_clause(words[end - 1]):
        for word in words[end : end + 5]:
            plain = bare(word)
            if plain in RATES:
                return " ".join((*label, *words[end + len(label) : end + len(label) + 2])).strip(_EDGES)
            if plain in tongue.stop and not (not label and (plain == "of" or plain in tongue.determiners)):
                break
            if plain not in tongue.stop:
                label.append(word)
            if ends_clause(word) or len(label) == 3:
                break
    if not label:
        label = _subject(words[:start], tongue)
    return " ".join(label).strip(_EDGES)


def _subject(before: list[str], tongue: Language) -> list[str]:
    run: list[str] = []
    for word in before:
        plain = bare(word)
        if plain in tongue.auxiliaries and run:
            return run[-3:]
        run = [] if ends_clause(word) or plain in tongue.stop else [*run, word]
    return []
