"""Cut one static weight out of a variable font, under a family name of our own.

Knows HarfBuzz and the name table; knows nothing about caches or which fonts there are.
"""

import io
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .errors import ToolMissing

HINT = "Install the fonts: pip install 'reelwright[film]'"


def harfbuzz() -> Any:
    """The uharfbuzz module, or ToolMissing."""
    try:
        import uharfbuzz
    except ImportError as error:
        raise ToolMissing("uharfbuzz is not installed.", HINT) from error
    return uharfbuzz


def shaped(font: Any, text: str, features: Mapping[str, bool] = MappingProxyType({})) -> Any:
    """A buffer with the text's glyphs and their places."""
    hb = harfbuzz()
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    hb.shape(font, buffer, dict(features))
    return buffer


def cut(source: Path, index: int, family_name: str, weight: int, *, tabular: bool = False) -> bytes:
    """The font file's bytes: one weight, every letter; `tabular` gives all digits one width."""
    from fontTools.ttLib import TTFont

    hb = harfbuzz()
    face = hb.Face(hb.Blob.from_file_path(str(source)), index)
    order = hb.SubsetInput()
    order.keep_everything()
    for axis in face.axis_infos:
        # Large optical size for display weights: tighter, with finer joints.
        wanted = {"wght": weight, "opsz": 32 if weight >= 600 else 20}.get(axis.tag, axis.default_value)
        order.pin_axis_location(face, axis.tag, min(max(wanted, axis.min_value), axis.max_value))
    data = hb.subset(face, order).blob.data
    font = TTFont(io.BytesIO(data), lazy=True, recalcBBoxes=False, recalcTimestamp=False)
    for table in {"STAT", "DSIG"} & set(font.keys()):
        del font[table]
    _rename(font, family_name)
    if tabular:
        _fix_digits(font, hb.Face(data))
    out = io.BytesIO()
    font.save(out, reorderTables=None)
    return out.getvalue()


def _rename(font: Any, family_name: str) -> None:
    names = font["name"]
    names.names = [record for record in names.names if record.nameID in {0, 13, 14}]
    postscript = family_name.replace(" ", "")
    for number, text in {1: family_name, 2: "Regular", 3: postscript, 4: family_name, 6: postscript}.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = font["OS/2"].fsSelection & ~0x21 | 0x40
    font["head"].macStyle = 0


def _fix_digits(font: Any, face: Any) -> None:
    hb = harfbuzz()
    glyphs = font.getGlyphOrder()
    for digit in "0123456789":
        buffer = shaped(hb.Font(face), digit, {"tnum": True})
        for table in font["cmap"].tables:
            if ord(digit) in table.cmap:
                table.cmap[ord(digit)] = glyphs[buffer.glyph_infos[0].codepoint]
