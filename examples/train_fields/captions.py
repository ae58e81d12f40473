"""The captions: what a motion field is called, in many words for the same thing, a part of them held out.

Knows words and the parameters they stand for; knows nothing about how a field is drawn.
"""

from dataclasses import dataclass, field
from math import pi

import numpy as np
from grid import Params

Chance = np.random.Generator

NAMES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "clouds": (
        ("clouds", "a bank of clouds", "drifting cumulus", "an overcast sky", "soft cloud cover", "clouds in the sky"),
        ("fluffy white clouds", "a cloudy sky"),
    ),
    "smoke": (
        ("smoke", "plumes of smoke", "curling smoke", "wisps of vapour", "steam", "a column of smoke"),
        ("smoky haze", "rising fumes"),
    ),
    "ink": (
        ("ink in water", "drops of ink spreading in water", "liquid ink", "paint dissolving in water", "swirling ink"),
        ("dark ink blooming in a glass", "dye in water"),
    ),
    "waves": (
        (
            "waves",
            "rolling waves",
            "parallel wave fronts",
            "the swell of the sea",
            "ocean waves",
            "a wavy pattern of stripes",
        ),
        ("long sea waves", "the surf rolling in"),
    ),
    "caustics": (
        (
            "caustics",
            "light on the floor of a pool",
            "sunlight under water",
            "a net of light in shallow water",
            "underwater light",
        ),
        ("shimmering pool light", "sunbeams rippling on the sea bed"),
    ),
    "ripples": (
        ("ripples", "rings on a pond", "concentric ripples", "circles spreading on water", "a drop falling into water"),
        ("ripples on a still lake", "rings from a stone in a pond"),
    ),
    "aurora": (
        ("aurora", "northern lights", "curtains of light in the night sky", "aurora borealis", "polar lights"),
        ("the northern lights over the arctic", "glowing curtains in the sky"),
    ),
    "bokeh": (
        (
            "bokeh",
            "large soft discs of light",
            "out of focus lights",
            "blurred round lights",
            "defocused circles of light",
        ),
        ("blurry light circles", "soft bokeh lights"),
    ),
    "particles": (
        (
            "particles",
            "floating dust",
            "small glowing particles",
            "specks of dust in a light beam",
            "fireflies",
            "drifting motes",
        ),
        ("dust particles in the air", "tiny floating specks"),
    ),
    "rain": (
        ("rain", "falling rain", "a rain shower", "streaks of rain", "a downpour", "rainfall"),
        ("heavy rain falling", "raindrops streaking down"),
    ),
    "snow": (
        ("snow", "falling snow", "snowflakes", "a snowfall", "flakes of snow", "a winter flurry"),
        ("snow falling gently", "snowflakes in winter"),
    ),
    "embers": (
        (
            "embers",
            "glowing embers",
            "sparks above a fire",
            "sparks flying from a campfire",
            "burning embers",
            "fire sparks",
        ),
        ("sparks rising from the flames", "embers of a bonfire"),
    ),
    "stars": (
        (
            "stars",
            "a starry sky",
            "twinkling stars",
            "a field of stars",
            "the night sky full of stars",
            "distant stars",
        ),
        ("stars twinkling at night", "a starlit sky"),
    ),
    "lights": (
        (
            "city lights",
            "lit windows at night",
            "a skyline of windows",
            "windows of tower blocks going on and off",
            "a city at night",
        ),
        ("the lights of a city at night", "illuminated office windows"),
    ),
    "swirl": (
        ("a swirl", "a spiral", "a rotating vortex", "a whirlpool", "a spinning galaxy", "a turning spiral"),
        ("a spiral vortex", "a whirling spiral galaxy"),
    ),
    "marble": (
        ("marble", "veins of marble", "veined stone", "polished marble", "marbled stone"),
        ("a marble texture with veins", "white marble veins"),
    ),
    "dunes": (
        (
            "dunes",
            "sand dunes",
            "rolling hills",
            "layers of desert dunes",
            "hills behind hills",
            "mountain ridges in haze",
        ),
        ("the dunes of a desert", "layered hills in the distance"),
    ),
    "cells": (
        (
            "cells",
            "living cells",
            "a honeycomb of cells",
            "a network of cell walls",
            "a cellular pattern",
            "cracked cells",
        ),
        ("cells under a microscope", "a pattern of living cells"),
    ),
}
"""Words for each motif: those that are taught, and paraphrases that are held out."""

WAYS: dict[str, tuple[float, ...]] = {
    **dict.fromkeys(("clouds", "waves", "particles", "bokeh", "marble"), (0.0, pi, pi / 2, -pi / 2)),
    **dict.fromkeys(("aurora", "dunes"), (0.0, pi)),
    **dict.fromkeys(("rain", "snow"), (pi / 2,)),
    **dict.fromkeys(("smoke", "embers"), (-pi / 2,)),
    "ink": (pi / 2,),
}
"""Where each motif may move; the others stay."""
TOWARDS = {
    0.0: ("to the right", "from left to right", "rightwards"),
    pi: ("to the left", "from right to left", "leftwards"),
    pi / 2: ("downwards", "from top to bottom", "down"),
    -pi / 2: ("upwards", "from bottom to top", "rising"),
}
TURNING = {
    ("swirl", 1): ("clockwise",),
    ("swirl", -1): ("counterclockwise", "anticlockwise"),
    ("ripples", 1): ("running outward", "spreading out"),
    ("ripples", -1): ("running inward", "closing in"),
}
LEVELS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "speed": (("slow", "slowly moving", "calm", "gentle"), ("fast", "quick", "rapid", "hurried")),
    "scale": (("fine", "small", "delicate"), ("large", "big", "broad")),
    "density": (("sparse", "few", "thin"), ("dense", "many", "thick")),
    "contrast": (("faint", "pale", "subtle"), ("bold", "strong", "vivid")),
    "turbulence": (("orderly", "smooth"), ("turbulent", "wild", "restless")),
}
"""Words for the lower and the upper third of a parameter."""
FRAMES = (
    "{}", "{}", "{}", "{}", "a background of {}", "{} in motion", "an animation of {}", "a loop of {}", "footage of {}",
    "a clip of {}", "{} on a screen", "an abstract picture of {}", "show {}", "{}, filmed closely", "a scene with {}",
)  # fmt: skip
HELD_FRAMES = ("a film of {}", "we see {}", "moving picture of {}")


@dataclass(frozen=True)
class Wish:
    """A caption and what it says: motifs, and the parameters that it names, each with its range."""

    text: str
    motif: str
    second: str = ""
    named: dict[str, tuple[float, float]] = field(default_factory=dict)
    way: float | None = None
    turning: int = 0
    mirrored: bool | None = None


def wish(chance: Chance, held: bool = False, motif: str = "") -> Wish:
    """A caption; a `held` one uses paraphrases and a frame that no training caption has."""
    motif = motif or str(chance.choice(list(NAMES)))
    known, unseen = NAMES[motif]
    name = str(chance.choice(unseen if held else known))
    named: dict[str, tuple[float, float]] = {}
    adjectives: list[str] = []
    for _ in range(int(chance.choice(4, p=(0.35, 0.35, 0.22, 0.08)))):
        what = str(chance.choice(list(LEVELS)))
        if what not in named:
            high = bool(chance.integers(2))
            named[what] = (0.67, 1.0) if high else (0.0, 0.33)
            adjectives.append(str(chance.choice(LEVELS[what][high])))
    way, after, turning = None, "", 0
    if motif in WAYS and len(WAYS[motif]) > 1 and chance.random() < 0.6:
        way = float(chance.choice(WAYS[motif]))
        after = str(chance.choice((" moving ", " moving ", " drifting ", " going ", " "))) + str(
            chance.choice(TOWARDS[way])
        )
    elif motif in ("swirl", "ripples") and chance.random() < 0.5:
        turning = int(chance.choice((1, -1)))
        after = " " + str(chance.choice(TURNING[motif, turning]))
    mirrored = None
    if chance.random() < 0.08:
        mirrored, after = True, after + str(chance.choice((", mirrored", ", symmetrical", ", in perfect symmetry")))
    second = ""
    if chance.random() < 0.10:
        second = str(chance.choice([other for other in NAMES if other != motif]))
        after += " with " + str(chance.choice(NAMES[second][held]))
    frame = str(chance.choice(HELD_FRAMES if held else FRAMES))
    words = (
        ", ".join(adjectives) + " " + name
        if adjectives and chance.random() < 0.8
        else f"{name}, {', '.join(adjectives)}".rstrip(", ")
    )
    return Wish(frame.format(words.strip() + after), motif, second, named, way, turning, mirrored)


def params(wished: Wish, chance: Chance, motif: str = "") -> Params:
    """Parameters as the caption says, the others by chance."""
    motif = motif or wished.motif
    values = {name: float(chance.uniform(*wished.named.get(name, (0.0, 1.0)))) for name in LEVELS}
    ways = WAYS.get(motif, (0.0,))
    way = wished.way if wished.way is not None and wished.way in ways else float(chance.choice(ways))
    turning = wished.turning or int(chance.choice((1, -1)))
    mirrored = wished.mirrored if wished.mirrored is not None else False
    return Params(**values, way=way, turning=turning, mirrored=mirrored)


def answers(wished: Wish) -> tuple[int, ...]:
    """What a caption asks for, in the order of the network's ASKED; nought where it does not say, but for the motif."""
    names, ways = list(NAMES), list(TOWARDS)
    levels = [0 if name not in wished.named else 1 + (wished.named[name][0] > 0.5) for name in LEVELS]
    return (
        names.index(wished.motif),
        names.index(wished.second) + 1 if wished.second else 0,
        *(int(level) for level in levels),
        0 if wished.way is None else ways.index(wished.way) + 1,
        (0, 1, 2)[wished.turning],
        int(bool(wished.mirrored)),
    )
