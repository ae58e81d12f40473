"""A drawing (SVG) becomes a picture: by resvg, with nothing that it names outside itself.

Knows nothing about indexes.
"""

import re
from pathlib import Path

from ..errors import Refused

LARGEST = 5_000_000
"""Bytes of a drawing."""
WIDE = 1600
"""Pixels across."""
_OUTSIDE = re.compile(r"""(?:href|src)\s*=\s*["']\s*(?!#|data:image/(?:png|jpeg|webp);)[^"']""", re.IGNORECASE)
_ENTITY = re.compile(r"<!ENTITY|<!DOCTYPE[^>]*\[", re.IGNORECASE)


def drawn(path: Path, target: Path) -> None:
    """Write the drawing as a PNG.

    Raises:
        Refused: it is no SVG, too large, or it names files, addresses or entities.
    """
    if path.stat().st_size > LARGEST:
        raise Refused(f"it has more than {LARGEST:,} bytes.", "Simplify the drawing, or save it as PNG.")
    text = path.read_text("utf-8", errors="replace")
    if _ENTITY.search(text):
        raise Refused("it declares entities.", "Save it as plain SVG.")
    # Links that are only clicked do no harm; pictures and styles that are loaded would.
    if any(_OUTSIDE.search(tag) for tag in re.findall(r"<(?!a[\s>])[\w:]+[^>]*>", text)):
        raise Refused("it names something outside itself.", "Embed its pictures, or save it as PNG.")
    import resvg_py

    try:
        target.write_bytes(bytes(resvg_py.svg_to_bytes(svg_string=text, width=WIDE, skip_system_fonts=False)))
    except (ValueError, RuntimeError, OverflowError) as error:
        raise Refused(f"it cannot be drawn: {error}.", "Save it as PNG.") from error
