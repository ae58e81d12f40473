"""The dialogue's data: what people say and what we say, from en.toml.

Knows nothing about when it is said.
"""

import tomllib
from functools import cache
from importlib.resources import files
from string import Template

from pydantic import Field

from ...tools.media import Frozen, Size
from .meaning import Shape


class ShapeRow(Frozen):
    """A shape, how people call it, and its pixels."""

    name: Shape
    match: str
    size: tuple[int, int]


class Hear(Frozen):
    """Patterns by intent: of whole turns, and of parts of short ones."""

    whole: dict[str, str]
    part: dict[str, str]


class Describe(Frozen):
    """How people ask for a shot or a scene."""

    match: str
    scene: str
    last: str
    ordinals: str


class Audience(Frozen):
    """How people name who will watch."""

    who: str
    lead: str


class Lexis(Frozen):
    """A language of the dialogue."""

    fillers: str
    film: str
    about: str
    topic: tuple[str, ...]
    lead: str
    edges: str
    drop: str
    half: str
    second: str
    minute: str
    and_half: str
    refused: str = Field(alias="not")
    add: str
    answer: str
    numbers: dict[str, int]
    lengths: dict[str, float]
    guesses: dict[str, float]
    shapes: tuple[ShapeRow, ...]
    audience: Audience
    hear: Hear
    describe: Describe
    say: dict[str, tuple[str, ...]]
    names: dict[str, str]

    def size(self, shape: str) -> Size:
        """The pixels of a shape."""
        width, height = next(row.size for row in self.shapes if row.name == shape)
        return Size(width=width, height=height)

    def shape(self, size: Size) -> str:
        """What a size is called."""
        close = {row.name: abs(row.size[0] / row.size[1] - size.width / size.height) for row in self.shapes}
        name = min(close, key=lambda name: close[name])
        return (
            name
            if close[name] < 0.01
            else self.names["pixels"].replace("$w", str(size.width)).replace("$h", str(size.height))
        )


@cache
def lexis(language: str = "en") -> Lexis:
    """The data of a language."""
    return Lexis.model_validate(tomllib.loads((files(__package__) / f"{language}.toml").read_text("utf-8")))


class Phrases:
    """Says things in turning words: no wording comes twice in a row."""

    def __init__(self, words: Lexis) -> None:
        self._words = words
        self._turn: dict[str, int] = {}

    def __call__(self, name: str, **values: object) -> str:
        """The next wording of `name`, its `$names` filled in; an empty one leaves no gap."""
        choices = self._words.say[name]
        at = self._turn.get(name, 0)
        self._turn[name] = at + 1
        text = Template(choices[at % len(choices)]).substitute({key: str(value) for key, value in values.items()})
        return " ".join(text.split())

    def count(self, number: int) -> str:
        """A small number as a word.

        >>> Phrases(lexis()).count(3), Phrases(lexis()).count(40)
        ('three', '40')
        """
        words = self._words.names["numbers"].split()
        return words[number] if number < len(words) else str(number)

    def length(self, seconds: float) -> str:
        """A length as people say it.

        >>> [Phrases(lexis()).length(s) for s in (1, 20, 30, 60, 90, 100)]
        ['one second', '20 seconds', '30 seconds', 'a minute', 'a minute and a half', 'a minute and 40 seconds']
        """
        names, whole = self._words.names, max(round(seconds), 1)
        minutes, rest = divmod(whole, 60)
        if whole == 90:
            return names["minute_half"]
        tail = names["second"] if rest == 1 else Template(names["seconds"]).substitute(n=rest)
        if not minutes:
            return tail
        head = names["minute"] if minutes == 1 else Template(names["minutes"]).substitute(n=self.count(minutes))
        return Template(names["minute_seconds"]).substitute(m=head, s=tail) if rest else head

    def money(self, dollars: float) -> str:
        """An amount in words: `2 dollars`, `40 cents`."""
        names = self._words.names
        if dollars >= 1:
            whole = round(dollars, 2)
            return names["dollar"] if whole == 1 else Template(names["dollars"]).substitute(n=f"{whole:g}")
        cents = max(round(dollars * 100), 1)
        return names["cent"] if cents == 1 else Template(names["cents"]).substitute(n=cents)
