"""What ASS draws besides letters: rounded boxes as paths, and colours as it writes them.

Knows nothing about words or times.
"""

from .layout import Placed
from .look import Look

_CURVE = 0.45
"""How far a corner's handles stay from it, as a part of its radius."""


def word_box(row: Placed, view: Look) -> str:
    """A rounded box behind a word."""
    across, down = 0.16 * row.em, 0.13 * row.em
    left, right = row.left + view.edge - across, row.right - view.edge + across
    top, bottom = row.top + view.edge - down, row.bottom - view.edge - 0.06 * row.em + down
    return rounded(left, top, right, bottom, 0.2 * row.em)


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> str:
    """A rectangle with round corners, clockwise."""
    r = min(radius, (right - left) / 2, (bottom - top) / 2)
    k = _CURVE * r
    corners = [(left, top, 1, 1), (right, top, -1, 1), (right, bottom, -1, -1), (left, bottom, 1, -1)]
    path = []
    for number, (x, y, across_in, down_in) in enumerate(corners):
        upright, flat = (x, y + down_in * r), (x + across_in * r, y)
        inner, outer = (x, y + down_in * k), (x + across_in * k, y)
        # Corners are entered by their upright side, then by their flat one.
        points = [upright, inner, outer, flat] if number % 2 == 0 else [flat, outer, inner, upright]
        first, *curve = (f"{px:.1f} {py:.1f}" for px, py in points)
        path.append(f"{'l' if number else 'm'} {first} b {' '.join(curve)}")
    return " ".join(path)


def colour(code: str, alpha: str = "") -> str:
    """An #RRGGBB as ASS writes it in tags, or with an alpha (00 is opaque) as in styles."""
    red, green, blue = code[1:3], code[3:5], code[5:7]
    return f"&H{alpha}{blue}{green}{red}" + ("" if alpha else "&")
