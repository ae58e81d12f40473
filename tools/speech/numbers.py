"""Numbers in English words, as a narrator reads them.

Knows nothing about sentences: one number in, its words out.
"""

import re

_ONES = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
]
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("", "thousand", "million", "billion", "trillion", "quadrillion")
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
LARGEST = 10**18 - 1
"""Longer strings of digits are read digit by digit."""


def cardinal(number: int) -> str:
    """A whole number in words.

    >>> cardinal(1_234_567)
    'one million two hundred thirty-four thousand five hundred sixty-seven'
    """
    if number < 0:
        return f"minus {cardinal(-number)}"
    if number > LARGEST:
        return digits(str(number))
    if number == 0:
        return "zero"
    groups: list[str] = []
    for scale in _SCALES:
        number, rest = divmod(number, 1000)
        if rest:
            groups.append(f"{_below_thousand(rest)} {scale}".strip())
    return " ".join(reversed(groups))


def ordinal(number: int) -> str:
    """A place in a row: 12 is twelfth.

    >>> ordinal(21)
    'twenty-first'
    """
    head, dash, last = cardinal(number).rpartition("-") if number % 100 > 20 else ("", "", cardinal(number))
    front, space, tail = last.rpartition(" ")
    tail = _ORDINALS.get(tail) or (f"{tail[:-1]}ieth" if tail.endswith("y") else f"{tail}th")
    return f"{head}{dash}{front}{space}{tail}"


def digits(text: str) -> str:
    """Digit by digit.

    >>> digits("007")
    'zero zero seven'
    """
    return " ".join(_ONES[int(digit)] for digit in text if digit in "0123456789")


def decimal(text: str) -> str:
    """A number as written, with commas or a decimal point.

    >>> decimal("1,200.05")
    'one thousand two hundred point zero five'
    """
    whole, _, part = text.replace(",", "").partition(".")
    words = cardinal(int(whole or "0")) if len(whole) < 2 or not whole.startswith("0") else digits(whole)
    return f"{words} point {digits(part)}" if part else words


def year(number: int) -> str:
    """Four digits as a year is read: in pairs where that is how people say it.

    >>> year(1999), year(2005), year(2026), year(1500)
    ('nineteen ninety-nine', 'two thousand five', 'twenty twenty-six', 'fifteen hundred')
    """
    century, rest = divmod(number, 100)
    if not 11 <= century <= 20 or 2000 <= number < 2010:
        return cardinal(number)
    if rest == 0:
        return f"{cardinal(century)} hundred"
    return f"{cardinal(century)} {'oh ' if rest < 10 else ''}{cardinal(rest)}"


def fraction(top: int, bottom: int) -> str:
    """A common fraction.

    >>> fraction(1, 12), fraction(3, 4), fraction(1, 2)
    ('one twelfth', 'three quarters', 'one half')
    """
    name = {2: "half", 4: "quarter"}.get(bottom) or ordinal(bottom)
    if top == 1:
        return f"one {name}"
    return f"{cardinal(top)} {'halves' if bottom == 2 else name + 's'}"


def plural(words: str) -> str:
    """The nineties, from ninety.

    >>> plural("nineteen ninety")
    'nineteen nineties'
    """
    return re.sub(r"y$", "ie", re.sub(r"six$", "sixe", words)) + "s"


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    parts = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        parts.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    elif rest:
        parts.append(_ONES[rest])
    return " ".join(parts)
