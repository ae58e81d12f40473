"""What services offer: rows of sizes, lengths and prices, and the choice among them.

Knows data, and the options that overrule it; asks nobody.
"""

import json
import tomllib
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import log
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from pydantic import Field, ValidationError

from ...errors import ToolFailed
from ...media import Frozen
from .wire import near

SHORT_SIDE = 720
"""Pixels that the shorter side of a shape is taken to have where the service names no pixels."""


class Shape(NamedTuple):
    """A size as the service writes it, and its pixels."""

    name: str
    width: int
    height: int


class Offer(Frozen):
    """One model of a service."""

    model: str
    title: str
    sizes: tuple[str, ...] = Field(min_length=1)
    """Pixels (1280x720), or shapes where the service names no pixels (16:9)."""
    seconds: tuple[int, ...] = Field(min_length=1)
    """The lengths it makes, the shortest first."""
    letters: int = Field(default=2000, ge=50)
    """The longest prompt."""
    first: str = ""
    """The field that takes a picture to begin with; empty where it takes none."""
    first_model: str = ""
    """The model that begins from a picture, where it is another one."""
    sound: bool = False
    rate: int = Field(default=24, ge=1)
    """Frames a second."""
    fields: dict[str, str] = Field(default_factory=dict)
    """What it calls duration, aspect, negative, seed and sound, where models differ; what is absent is not sent."""
    spelled: bool = False
    """It wants the duration as text."""
    extra: dict[str, Any] = Field(default_factory=dict)
    """Further fields, as they are."""
    price: float | None = Field(default=None, ge=0)
    """US dollars for a second of video; None where nobody knows."""
    prices: dict[str, float] = Field(default_factory=dict)
    """The same by size, where it differs."""
    price_clip: float | None = Field(default=None, ge=0)
    """US dollars for a clip, whatever its length."""
    source: str = ""
    """Where the price is from, and when."""

    def shape(self, width: int, height: int, small: bool = False) -> Shape:
        """The size nearest in shape to a film's: the smallest that covers it, else the largest.

        Args:
            small: the smallest, for drafts.

        >>> offer("openai", "sora-2", {}).shape(1080, 1920).name, offer("fal", "", {}).shape(1080, 1080).name
        ('720x1280', '1:1')
        """
        shapes = [_shape(name) for name in self.sizes]
        wanted = log(width / height)
        apart = min(abs(log(each.width / each.height) - wanted) for each in shapes)
        near = [each for each in shapes if abs(log(each.width / each.height) - wanted) < apart + 0.02]
        near.sort(key=lambda each: each.width * each.height)
        if small:
            return near[0]
        return next((each for each in near if each.width >= width and each.height >= height), near[-1])

    def length(self, seconds: Fraction) -> int:
        """The shortest length that holds so many seconds, else the longest.

        >>> offer("openai", "sora-2", {}).length(Fraction(9, 2)), offer("openai", "sora-2", {}).length(Fraction(60))
        (8, 12)
        """
        return next((each for each in self.seconds if each >= seconds), self.seconds[-1])

    def money(self, shape: Shape, seconds: int) -> float | None:
        """US dollars for a clip; None where nobody knows.

        >>> round(offer("openai", "sora-2-pro", {}).money(Shape("1024x1792", 1024, 1792), 4), 2)
        2.0
        """
        if self.price_clip is not None:
            return self.price_clip
        rate = self.prices.get(shape.name, self.price)
        return None if rate is None else rate * seconds


def _shape(name: str) -> Shape:
    """Pixels of a size or shape; even ones."""
    pixels = "x" in name
    across, down = (int(part) for part in name.split("x" if pixels else ":"))
    if min(across, down) < 1:
        raise ValueError(f"{name} is no size")
    if pixels:
        return Shape(name, across, down)
    factor = SHORT_SIDE / min(across, down)
    return Shape(name, 2 * round(across * factor / 2), 2 * round(down * factor / 2))


@cache
def table() -> dict[str, dict[str, dict[str, Any]]]:
    """Rows by service and model; the first model of a service is the one it makes when none is named."""
    return tomllib.loads((files(__package__) / "offers.toml").read_text("utf-8"))


def offer(service: str, model: str, options: Mapping[str, str]) -> Offer:
    """What the service is asked for: the row of that model, overruled by the options.

    A model that no row knows is made like the service's first one, at a price that the options must name. A price of
    the table is its own house's: for another server that speaks its protocol the options name it, and one on this
    machine or in its own network costs nothing.

    Raises:
        ToolFailed: an option cannot be read.
    """
    rows = table()[service]
    name = model or next(iter(rows))
    row = dict(rows.get(name, next(iter(rows.values())))) | {"model": name}
    if name not in rows:
        row |= {"title": name, "price": None, "prices": {}, "price_clip": None, "source": "", "first_model": ""}
    where = options.get("base_url", "")
    if where:
        at_home = near(urlsplit(where).hostname or "")
        row |= {"price": 0.0 if at_home else None, "prices": {}, "price_clip": None, "source": "another server"}
    try:
        return Offer.model_validate(row | _told(options))
    except (ValidationError, ValueError) as error:
        said = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        hint = f'Correct sizes, seconds, price, price_clip, first or input under [tools."video.generate.{service}"].'
        raise ToolFailed(f"An option of video.generate.{service} cannot be read: {said}.", hint) from error


def _told(options: Mapping[str, str]) -> dict[str, Any]:
    """What options say about an offer."""
    found: dict[str, Any] = {
        name: options[name] for name in ("first", "first_model", "letters", "rate", "title") if name in options
    }
    if "sizes" in options:
        found["sizes"] = tuple(_shape(part.strip()).name for part in options["sizes"].split(","))
    if "seconds" in options:
        found["seconds"] = tuple(sorted(int(part) for part in options["seconds"].split(",")))
    if "input" in options:
        found["extra"] = json.loads(options["input"])
    if {"price", "price_clip"} & set(options):
        found |= {"price": None, "prices": {}, "price_clip": None, "source": "reelwright.toml"}
        found |= {name: options[name] for name in ("price", "price_clip") if name in options}
    return found
