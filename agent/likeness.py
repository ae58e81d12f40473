"""Likenesses: pictures of a character or a look that generated shots keep to.

Knows names, words and colours; knows nothing about which model takes a picture.
"""

import re
from collections.abc import Iterable, Mapping
from math import isqrt
from pathlib import Path

from ..memory.assets import AssetStore
from ..tools.base import Shelf
from ..tools.media import Asset
from .errors import BriefError
from .model import Brief, Likeness
from .own import bring_still

STYLE = "style"
"""What `--reference` calls the look of them all."""
MOST = 12
"""Pictures of a film."""
_TINTS = 3
_DARK, _LIGHT = 0.3, 0.7
"""Mean brightness below and above which a look is called so."""


def read_likenesses(said: Iterable[str], shelf: AssetStore) -> tuple[Likeness, ...]:
    """The pictures of `Ada=ada.png` and `style=mood.jpg`, checked by the ffmpeg door and kept on the shelf.

    Raises:
        BriefError: one is no such pair, stands twice, or is no still; or there are too many.
        Refused: the file is broken or hostile.
    """
    found: dict[str, Likeness] = {}
    for each in said:
        name, equals, place = (part.strip() for part in each.partition("="))
        if not (name and equals and place):
            raise BriefError(f"--reference {each!r} names no picture.", "Write NAME=FILE, or style=FILE.")
        if name.casefold() in found:
            raise BriefError(f"--reference names {name!r} twice.", "Give each name one picture.")
        found[name.casefold()] = Likeness(name="" if name.casefold() == STYLE else name, picture=_still(place, shelf))
    if len(found) > MOST:
        raise BriefError(f"{len(found)} reference pictures are too many.", f"Give at most {MOST}.")
    return tuple(found.values())


def from_settings(brief: Brief, pictures: Mapping[str, Path], shelf: AssetStore) -> Brief:
    """The brief with the pictures of the settings that it does not name itself."""
    known = {likeness.name.casefold() or STYLE for likeness in brief.likenesses}
    missing = [f"{name}={path.expanduser()}" for name, path in pictures.items() if name.casefold() not in known]
    if not missing:
        return brief
    return brief.model_copy(update={"likenesses": (*brief.likenesses, *read_likenesses(missing, shelf))})


def shown(brief: Brief, words: str) -> Likeness | None:
    """The character that the words name first; None where they name nobody.

    >>> from ..tools.media import Asset
    >>> ada = Likeness(name="Ada", picture=Asset(id="0" * 64, kind="image", format="png"))
    >>> brief = Brief(text="Ada sails.", likenesses=(ada,))
    >>> shown(brief, "Old ada mends a net") == ada, shown(brief, "Adamant waves")
    (True, None)
    """
    places = [
        (found.start(), at)
        for at, likeness in enumerate(brief.likenesses)
        if likeness.name and (found := re.search(rf"(?<!\w){re.escape(likeness.name)}(?!\w)", words, re.IGNORECASE))
    ]
    return brief.likenesses[min(places)[1]] if places else None


def tint_of(brief: Brief, shelf: Shelf) -> str:
    """The look of the style picture in words: its colours and how bright it is; empty without one.

    No family that we drive takes a style picture, so every prompt says what can be said.
    """
    from ..tools.stock.look import brightness, colours
    from ..tools.video.motion.brand import pixels_of

    style = next((likeness for likeness in brief.likenesses if not likeness.name), None)
    if style is None:
        return ""
    pixels = pixels_of(shelf.path(style.picture.id))
    side = isqrt(len(pixels))
    pixels = pixels.reshape(side, side, 3)
    named, level = colours(pixels)[:_TINTS], brightness(pixels)
    bright = "dark" if level < _DARK else "light" if level > _LIGHT else ""
    return " ".join(part for part in (bright, f"palette of {', '.join(named)}" if named else "palette") if part)


def _still(place: str, shelf: AssetStore) -> Asset:
    path = Path(place).expanduser()
    if not path.is_file():
        raise BriefError(f"--reference: there is no file {place}.", "Check its name.")
    return bring_still(path, shelf, "reference picture")
