"""Sample shots: one for every style sheet, background and layout, in three shapes, for the gallery and its tests.

Knows nothing about pictures or pages.
"""

from typing import Literal

from ...media import Frozen, Size
from .. import Card, Datum, Figure, MotionRequest, Round
from .backgrounds import motifs
from .layouts import layouts
from .styles import sheet, sheets

Kind = Literal["sheet", "background", "layout"]
SHAPES = {"9x16": (9, 16), "16x9": (16, 9), "1x1": (1, 1)}
FRAMES, SHOWN = 120, 100
"""Length of a sample at 30 a second, and the frame on which everything has come."""


class Sample(Frozen):
    """What is shown, under which name."""

    kind: Kind
    name: str
    style: str
    palette: str
    motif: str
    layout: str

    def request(self, shape: str, short: int) -> MotionRequest:
        """The shot in a shape, its short side `short` pixels."""
        wide, high = SHAPES[shape]
        unit = min(wide, high)
        size = Size(width=round(short * wide / unit / 2) * 2, height=round(short * high / unit / 2) * 2)
        card = CARDS.get(self.layout, CARDS["statement"])
        if self.kind == "background":
            card = Card(kicker="Background", headline=self.name.capitalize())
        return MotionRequest(
            size=size, frames=FRAMES, seed=_SEED + len(self.name) % 3, style=self.style, palette=self.palette,
            motif=self.motif, layout=self.layout, card=card,
        )  # fmt: skip


_SEED = 3
_PALETTES = (
    "honey",
    "lagoon",
    "slate",
    "dusk",
    "linen",
    "forest",
    "berry",
    "mist",
    "ember",
    "cosmos",
    "peach",
    "indigo",
)
_FITTING = {
    "paper": "linen", "clouds": "dusk", "waves": "lagoon", "aurora": "cosmos", "honeycomb": "honey", "snow": "mist",
    "rain": "slate", "embers": "ember", "starfield": "cosmos", "city": "dusk", "ink": "indigo", "caustics": "lagoon",
    "contours": "forest", "bokeh": "ember", "silk": "berry", "grid": "indigo", "mesh": "dusk", "particles": "slate",
}  # fmt: skip
"""A palette that shows a background well."""


def samples() -> tuple[Sample, ...]:
    """Every sheet, background and layout, once."""
    return (*_sheets(), *_backgrounds(), *_layouts())


def _sheets() -> list[Sample]:
    found, used = [], set[str]()
    for name in sheets():
        of = sheet(name)
        palette = next((each.name for each in of.palettes if each.name not in used), of.palettes[0].name)
        used.add(palette)
        motif = of.motifs[0]
        found.append(Sample(kind="sheet", name=name, style=name, palette=palette, motif=motif, layout="statement"))
    return found


def _backgrounds() -> list[Sample]:
    return [
        Sample(kind="background", name=name, style="clean", palette=_palette("clean", _FITTING.get(name, "dusk")),
               motif=name, layout="chapter")
        for name in motifs()
    ]  # fmt: skip


def _layouts() -> list[Sample]:
    found = []
    for at, name in enumerate(layouts()):
        style = sheets()[at % len(sheets())]
        of = sheet(style)
        palette = _palette(style, _PALETTES[at % len(_PALETTES)])
        motif = of.motifs[at % 3]
        found.append(Sample(kind="layout", name=name, style=style, palette=palette, motif=motif, layout=name))
    return found


def _palette(style: str, wanted: str) -> str:
    names = [each.name for each in sheet(style).palettes]
    return wanted if wanted in names else names[len(wanted) % len(names)]


def _data(*rows: tuple[str, float, str]) -> tuple[Datum, ...]:
    return tuple(Datum(label=label, value=value, written=written) for label, value, written in rows)


def _rounds(names: str, *values: tuple[float, ...]) -> tuple[Round, ...]:
    return tuple(Round(name=name, values=row) for name, row in zip(names.split(), values, strict=True))


CARDS = {
    "title": Card(
        kicker="A short film", headline="How bees make honey", accent="honey", body="From flower to jar",
        icons=("bee",),
    ),
    "chapter": Card(kicker="Chapter two", headline="Inside the hive", icons=("hive",)),
    "end": Card(headline="How bees make honey", accent="honey", body="Plant one flower today", icons=("bee",)),
    "statement": Card(
        kicker="At dawn", headline="A single jar of honey starts with two million flowers", icons=("flower",),
        accent="two million flowers",
    ),
    "definition": Card(
        kicker="A word for it", headline="Trophallaxis", icons=("bee",),
        body="The passing of food from mouth to mouth between the members of a colony.",
    ),
    "quote": Card(
        headline="The bee collects honey from flowers in such a way as to do the least damage",
        source="Saint Francis de Sales", accent="least damage",
    ),
    "figure": Card(
        kicker="For a single jar", figure=Figure(value=2_000_000, label="flowers are visited"), icons=("flower",),
    ),
    "ring": Card(
        headline="What honey is made of", source="USDA FoodData Central",
        data=_data(("Fructose", 38, "38%"), ("Glucose", 31, "31%"), ("Water", 17, "17%"), ("Other sugars", 14, "14%")),
    ),
    "bars": Card(
        headline="Honey made in a year", unit="thousand tonnes", source="FAO, 2022",
        data=_data(("China", 462, ""), ("Turkey", 118, ""), ("Iran", 80, ""), ("India", 75, ""), ("USA", 57, "")),
    ),
    "line": Card(
        headline="Sugar in the comb", unit="percent, day by day",
        data=_data(*((f"Day {day}", value, f"{value}%") for day, value in enumerate((30, 42, 55, 66, 74, 79, 82), 1))),
    ),
    "area": Card(
        headline="Honey on the shelves", unit="thousand tonnes", source="Sample figures",
        data=_data(("Asia", 901, ""), ("Europe", 412, ""), ("America", 303, "")),
        rounds=_rounds("2000 2004 2008 2012 2016 2020", (462, 260, 250), (540, 290, 300), (610, 330, 310),
                       (720, 370, 330), (830, 390, 320), (901, 412, 303)),
    ),
    "dots": Card(
        headline="How far a bee flies", unit="kilometres from the hive", source="Sample figures",
        data=_data(("Bumblebee", 1.5, "1.5 km"), ("Mason bee", 0.6, "0.6 km"), ("Honeybee", 6, "6 km"),
                   ("Carpenter bee", 3.2, "3.2 km"), ("Sweat bee", 0.3, "0.3 km")),
    ),
    "race": Card(
        headline="Who keeps the most hives", unit="million hives", source="Sample figures",
        data=_data(("India", 12.5, ""), ("China", 9.4, ""), ("Turkey", 8.7, ""), ("Iran", 7.6, ""),
                   ("Russia", 3.1, "")),
        rounds=_rounds("1990 2000 2010 2020", (5.2, 7.5, 3.3, 2.2, 4.5), (7.3, 7.1, 4.3, 3.2, 3.5),
                       (10.1, 8.9, 5.6, 5.1, 3.0), (12.5, 9.4, 8.7, 7.6, 3.1)),
    ),
    "comparison": Card(headline="Water, before and after", items=("Nectar: 70%", "Honey: 18%"), icons=("water",)),
    "list": Card(
        headline="What a bee carries home", icons=("droplet", "flower", "water", "tree"),
        items=("nectar from flowers", "pollen on her legs", "water for the hive", "resin from buds"),
    ),
    "steps": Card(
        headline="From flower to jar", icons=("flower", "repeat", "fan", "hexagon"),
        items=("Sip the nectar", "Pass it on", "Fan it dry", "Seal the cell"),
    ),
    "timeline": Card(
        headline="How the hive was tamed",
        items=("2400 BC: Egyptians keep bees in clay tubes", "1851: Langstroth finds the bee space",
               "1865: Hruschka spins honey from the comb", "1973: Frisch is honoured for the dance"),
    ),
    "map": Card(headline="A journey of bees", items=("Bremen", "Prague", "Vienna", "Ljubljana")),
    "code": Card(
        kicker="In Python", headline="A few lines are enough",
        code='from reelwright import Brief, Studio\n\nstudio = Studio.open("honey")\n'
             'for event in studio.make(Brief(text="Honey")):\n    print(event)  # live',
    ),
    "icons": Card(headline="Bees, flowers and rain", accent="flowers", icons=("bee", "flower", "rain")),
}  # fmt: skip
