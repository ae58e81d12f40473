"""A brand on its way in: a TOML file with colours, typefaces and a logo, or a picture or colour to take a palette from.

Knows files; knows nothing about films. What has to be changed so that words can be read is changed, and said.
"""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..memory.assets import AssetStore
from ..tools.errors import ToolMissing
from ..tools.video import Brand
from .errors import BriefError
from .own import bring_in, bring_still

KEYS = {
    "colour": "colour", "color": "colour", "accent": "accent", "light": "light", "logo": "logo",
    "display": "display", "headline": "display", "text": "text", "body": "text",
}  # fmt: skip
"""What may stand in a brand file, and the field that it fills."""
_HEX = re.compile(r"#?([0-9A-Fa-f]{6}|[0-9A-Fa-f]{3})$")
_EXAMPLE = 'colour = "#0057B8"\naccent = "#FFD100"\ndisplay = "Montserrat"\nlogo = "logo.png"'
_LARGEST = 64_000
"""Bytes of a brand file: a page of settings."""


def branding(file: Path | None, source: str, shelf: AssetStore, tell: Callable[[str], None]) -> Brand | None:
    """The brand of a film, or None where nothing asks for one.

    Args:
        file: a brand file.
        source: a picture or a colour that the palette is taken from; the file's own colours win.
        shelf: where a logo goes.
        tell: hears what was changed so that it can be read.
    """
    brand = read_brand(file, shelf) if file else Brand()
    if source:
        colour, accent = _taken(source, shelf)
        brand = brand.model_copy(update={"colour": brand.colour or colour, "accent": brand.accent or accent})
    if brand == Brand():
        return None
    _check_fonts(brand, str(file))
    for each in _changes(brand):
        tell(each)
    return brand


def read_brand(file: Path, shelf: AssetStore) -> Brand:
    """The brand in a TOML file; BriefError where it cannot be worked with, naming the key."""
    if not file.is_file():
        raise BriefError(
            f"There is no file {file}.", f"Check what you gave to --brand. A brand file reads:\n{_EXAMPLE}"
        )
    if file.stat().st_size > _LARGEST:
        raise BriefError(f"{file} is too large for a brand file.", "Give --brand a TOML file.")
    try:
        rows = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BriefError(f"{file} is not TOML: {error}", f"A brand file reads:\n{_EXAMPLE}") from error
    fields: dict[str, Any] = {}
    for key, value in _flat(rows).items():
        if key not in KEYS:
            raise BriefError(f"{file} has {key!r}, which is no part of a brand.", f"Use {', '.join(sorted(KEYS))}.")
        fields[KEYS[key]] = _field(file, KEYS[key], value, shelf)
    return Brand(**fields)


def _flat(rows: dict[str, Any]) -> dict[str, Any]:
    """Keys with those of tables such as [colours] and [fonts] among them."""
    found: dict[str, Any] = {}
    for key, value in rows.items():
        found.update(value if isinstance(value, dict) else {key: value})
    return found


def _field(file: Path, field: str, value: object, shelf: AssetStore) -> object:
    if field == "light":
        if not isinstance(value, bool):
            raise BriefError(f"{file}: light is {value!r}.", "Write light = true for dark words on a light ground.")
        return value
    if not isinstance(value, str):
        raise BriefError(f"{file}: {field} is {value!r}.", f"Write {field} in quotes.")
    if field in ("colour", "accent"):
        return hexed(value, f"{file}: {field}")
    if field != "logo":
        return value.strip()
    path = file.parent / Path(value).expanduser()
    if not path.is_file():
        raise BriefError(f"{file}: there is no logo at {path}.", "Name it as it lies beside the brand file.")
    return bring_still(path, shelf, "logo")


def hexed(text: str, what: str) -> str:
    """A colour as we write it.

    >>> hexed("07c", "colour")
    '#0077CC'
    """
    found = _HEX.match(text.strip())
    if not found:
        raise BriefError(f"{what} is {text!r}, which is no colour.", 'Write it as "#0057B8".')
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    return f"#{digits.upper()}"


def _taken(source: str, shelf: AssetStore) -> tuple[str, str]:
    """Main colour and accent of a picture; a colour stands for itself."""
    from ..tools.video.motion.brand import pair_of, pixels_of

    if _HEX.match(source) and not Path(source).is_file():
        return hexed(source, "--palette-from"), ""
    path = Path(source).expanduser()
    if not path.is_file():
        raise BriefError(
            f"--palette-from: there is no file {source}.", 'Give a picture, or a colour such as "#0057B8".'
        )
    return pair_of(pixels_of(shelf.path(bring_in(path, shelf).id)))


def _check_fonts(brand: Brand, file: str) -> None:
    from ..tools import fonts

    for name in filter(None, (brand.display, brand.text)):
        try:
            fonts.family(name, 500)
        except ToolMissing as error:
            known = ", ".join(fonts.families())
            hint = f"Install its fontpkg package, or use one that is here: {known}."
            raise BriefError(f"{file}: the typeface {name!r} is not installed.", hint) from error


def _changes(brand: Brand) -> list[str]:
    """What of the brand's colours is shown otherwise, in words."""
    if not brand.colour:
        return []
    from ..tools.video.motion.brand import derived

    palette = derived(brand.colour, brand.accent, light=brand.light)
    asked, shown = (brand.accent or brand.colour).upper(), palette.accent
    if asked == shown:
        return []
    way = "darkened" if brand.light else "lightened"
    return [f"{asked} would not read on the brand's ground: words are set off in {shown}, the same hue {way}."]
