"""Patterns by name: figures for the plucked part, walks for the bass, kits for the drums, cells for motifs.

Knows nothing about keys, moods or sound. Steps are sixteenths of a four-beat bar.
"""

from collections.abc import Mapping
from types import MappingProxyType

Hit = tuple[int, int, int, float]
"""Step, rung of the chord's ladder (0 lowest), length in steps, strength."""

FIGURES: Mapping[str, tuple[Hit, ...]] = MappingProxyType(
    {
        "broken": ((0, 0, 12, 0.9), (4, 2, 8, 0.6), (6, 3, 8, 0.55), (10, 4, 6, 0.6)),
        "rocking": ((0, 0, 8, 0.9), (4, 2, 6, 0.55), (6, 3, 6, 0.6), (8, 1, 8, 0.7), (12, 3, 4, 0.55), (14, 2, 4, 0.5)),
        "rolled": ((0, 0, 16, 0.8), (0, 2, 16, 0.6), (0, 4, 16, 0.65), (8, 3, 8, 0.45)),
        "picking": (
            (0, 0, 8, 0.95),
            (2, 2, 6, 0.5),
            (4, 3, 6, 0.65),
            (6, 4, 6, 0.55),
            (8, 1, 8, 0.8),
            (10, 3, 6, 0.5),
            (12, 4, 4, 0.65),
            (14, 2, 4, 0.5),
        ),
        "travis": ((0, 0, 8, 0.95), (3, 3, 5, 0.6), (4, 2, 4, 0.5), (8, 1, 8, 0.8), (11, 4, 5, 0.6), (14, 3, 4, 0.5)),
        "sparkle": (
            (0, 0, 3, 0.9),
            (2, 2, 3, 0.5),
            (4, 3, 3, 0.7),
            (6, 4, 3, 0.6),
            (8, 1, 3, 0.8),
            (10, 3, 3, 0.5),
            (12, 4, 3, 0.7),
            (14, 2, 3, 0.6),
        ),
        "offbeat": (
            (0, 0, 3, 0.7),
            (2, 2, 2, 0.8),
            (2, 3, 2, 0.6),
            (6, 2, 2, 0.8),
            (6, 3, 2, 0.6),
            (10, 2, 2, 0.8),
            (10, 4, 2, 0.6),
            (14, 2, 2, 0.8),
            (14, 3, 2, 0.5),
        ),
        "climb": ((0, 0, 4, 0.9), (3, 1, 3, 0.6), (6, 2, 3, 0.7), (8, 3, 4, 0.8), (11, 4, 3, 0.6), (14, 5, 3, 0.7)),
        "sixteen": tuple((step, (0, 2, 4, 3)[step % 4], 2, (0.9, 0.5, 0.65, 0.5)[step % 4]) for step in range(16)),
        "syncopated": tuple((step, rung, 2, 0.75) for step, rung in ((0, 0), (3, 2), (6, 3), (8, 1), (11, 4), (14, 3))),
        "gallop": tuple(
            (step, (0, 3, 2)[step % 4 % 3], 2, 0.9 if step % 4 == 0 else 0.55) for step in range(16) if step % 4 != 1
        ),
        "tolling": ((0, 0, 16, 0.9), (0, 3, 16, 0.5), (8, 2, 8, 0.45)),
        "sparse": ((0, 1, 16, 0.7), (6, 3, 10, 0.5), (12, 2, 6, 0.4)),
        "oompah": ((4, 1, 2, 0.8), (4, 3, 2, 0.6), (12, 1, 2, 0.8), (12, 3, 2, 0.6), (14, 2, 2, 0.5)),
        "hop": ((0, 0, 2, 0.8), (3, 2, 2, 0.6), (4, 3, 2, 0.8), (8, 1, 2, 0.7), (11, 3, 2, 0.6), (12, 2, 2, 0.8)),
        "skip": (
            (2, 1, 2, 0.7),
            (2, 3, 2, 0.6),
            (6, 2, 2, 0.7),
            (10, 1, 2, 0.7),
            (10, 3, 2, 0.6),
            (13, 4, 2, 0.5),
            (14, 2, 2, 0.7),
        ),
        "ostinato": tuple(
            (step, (0, 2, 1, 2)[step // 2 % 4], 2, 0.9 if step in (0, 6, 12) else 0.6) for step in range(0, 16, 2)
        ),
        "threes": tuple(
            (step, (0, 2, 3)[step % 3], 2, 0.9 if step % 6 == 0 else 0.55) for step in range(0, 15, 1) if step % 3 != 1
        ),
        "march": (
            (0, 0, 3, 0.95),
            (4, 2, 2, 0.7),
            (6, 2, 2, 0.6),
            (8, 1, 3, 0.9),
            (12, 3, 2, 0.7),
            (14, 3, 2, 0.6),
            (15, 2, 2, 0.5),
        ),
    }
)
WALKS: Mapping[str, tuple[tuple[Hit, ...], ...]] = MappingProxyType(
    # Rung 0 is the chord's bass, 1 its fifth, 2 the octave; the first variant is the plain one.
    {
        "long": (((0, 0, 16, 0.9),), ((0, 0, 10, 0.9), (10, 0, 6, 0.6))),
        "drone": (((0, 0, 16, 0.9),), ((0, 0, 16, 0.9), (12, 0, 4, 0.5))),
        "steady": (
            ((0, 0, 7, 0.95), (8, 0, 5, 0.75), (14, 1, 2, 0.55)),
            ((0, 0, 6, 0.95), (6, 0, 2, 0.6), (8, 1, 6, 0.7), (14, 0, 2, 0.6)),
        ),
        "bounce": (
            ((0, 0, 3, 0.95), (6, 0, 2, 0.7), (8, 1, 3, 0.8), (14, 0, 2, 0.7)),
            ((0, 0, 3, 0.95), (4, 0, 2, 0.6), (6, 2, 2, 0.6), (8, 0, 3, 0.85), (12, 1, 2, 0.7), (14, 0, 2, 0.6)),
        ),
        "eighths": (
            tuple((step, 0, 2, 0.95 if step % 4 == 2 else 0.75) for step in range(0, 16, 2)),
            tuple((step, 2 if step in (6, 14) else 0, 2, 0.9 if step % 4 == 2 else 0.75) for step in range(0, 16, 2)),
        ),
        "two": (
            ((0, 0, 4, 0.95), (8, 1, 4, 0.8)),
            ((0, 0, 4, 0.95), (6, 0, 2, 0.5), (8, 1, 4, 0.8), (12, 2, 3, 0.6)),
        ),
        "pedal": (((0, 0, 16, 0.95),), ((0, 0, 8, 0.95), (8, 0, 8, 0.8))),
    }
)
KITS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    # X is loud, x is soft, o is a ghost; the second row of a piece comes in when the energy is high.
    {
        "brush": {
            "kick": ("X.......x.......", "X.......x.x....."),
            "rim": ("................", "....x.......x..."),
            "shaker": ("x.o.x.o.x.o.x.o.", "xoxoxoxoxoxoxoxo"),
        },
        "pop": {
            "kick": ("X.......X.......", "X...x...X...x..."),
            "clap": ("....o.......o...", "....x.......x..."),
            "shaker": ("..x...x...x...x.", "o.x.o.x.o.x.o.xo"),
        },
        "club": {
            "kick": ("X...X...X...X...", "X...X...X...X..o"),
            "clap": ("................", "....x.......x..."),
            "hat": ("..x...x...x...x.", "o.X.o.X.o.X.o.Xo"),
            "shaker": ("................", "xoxoxoxoxoxoxoxo"),
        },
        "snaps": {
            "kick": ("x.......x.......", "X.....x.X......."),
            "snap": ("....x.......x...", "....X.......X..."),
            "shaker": ("................", "x.o.x.o.x.o.x.oo"),
            "rim": ("................", "......o...o....."),
        },
        "taiko": {
            "taiko": ("X.........x.....", "X.....x...X.x..."),
            "tom": ("......o.......o.", "...o....x.....xo"),
            "boom": ("................", "X..............."),
        },
    }
)
CELLS: tuple[tuple[tuple[float, float], ...], ...] = (
    # Motif rhythms: (beat, beats) over two bars.
    ((0, 1.5), (1.5, 0.5), (2, 2), (4, 3)),
    ((0, 1), (1, 1), (2, 1.5), (3.5, 0.5), (4, 3)),
    ((0.5, 0.5), (1, 1), (2, 2), (4, 1.5), (5.5, 2)),
    ((0, 3), (3, 0.5), (3.5, 0.5), (4, 3)),
    ((0, 1.5), (1.5, 1.5), (3, 1), (4, 2), (6, 1.5)),
    ((1, 0.5), (1.5, 0.5), (2, 1), (3, 1), (4, 3)),
)
SHAPES: tuple[tuple[int, ...], ...] = (
    # Steps of the scale from one motif note to the next.
    (1, 1, -2, 1),
    (2, -1, -1, 2),
    (-1, -1, 3, -1),
    (1, 2, -1, -2),
    (-2, 1, 1, 1),
    (3, -1, -1, -1),
)
