"""Pictures that move: what a picture is asked for, and what comes back.

Knows nothing about scripts: the words on screen arrive as a Card.
"""

from fractions import Fraction

from pydantic import Field

from ..media import Asset, Frames, Frozen, Rate, Size


class Figure(Frozen):
    """A number that counts up: prefix, value, suffix, with a label under it."""

    value: float
    decimals: int = Field(default=0, ge=0, le=4)
    prefix: str = ""
    suffix: str = ""
    label: str = ""


class Datum(Frozen):
    """One value of a chart, and how its number is written; empty writes it plainly."""

    label: str
    value: float
    written: str = ""


class Round(Frozen):
    """How the values of a chart stood at one moment, in the order of its data."""

    name: str
    values: tuple[float, ...]


class Card(Frozen):
    """The words a picture puts on screen. A layout shows the parts it has room for."""

    kicker: str = ""
    """A few words above the headline: a chapter, a category."""
    headline: str = ""
    accent: str = ""
    """The words of the headline that are set off by colour; empty lets the layout choose."""
    body: str = ""
    items: tuple[str, ...] = ()
    """List entries, steps, or the two sides of a comparison."""
    figure: Figure | None = None
    icons: tuple[str, ...] = ()
    """Words to look icons up by, the best first."""
    source: str = ""
    """Who said it, or where a number is from."""
    data: tuple[Datum, ...] = ()
    """The values of a chart, in their order."""
    rounds: tuple[Round, ...] = ()
    """The same values moment by moment, the last one included: for races, stacked areas, and what was before."""
    unit: str = ""
    """What the values of a chart are counted in."""
    code: str = ""
    """Lines of code, as they are typed."""
    places: tuple[tuple[float, float], ...] = ()
    """Where the items stand on a map, across and down, 0 to 1; empty lays them along a schematic route."""


class TextBox(Frozen):
    """Where a text layer stands, in pixels, from frame `start` to `end` of the picture's asset."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    start: Frames
    end: Frames


class Brand(Frozen):
    """Somebody's own colours, typefaces and sign. What is empty stays as the style sheet has it."""

    colour: str = Field(default="", pattern=r"^(#[0-9A-Fa-f]{6})?$")
    """The main colour; a whole palette is derived from it."""
    accent: str = Field(default="", pattern=r"^(#[0-9A-Fa-f]{6})?$")
    """The colour that sets words off; else the main one."""
    light: bool = False
    """Whether text is dark on a light ground."""
    display: str = ""
    """Family of the headlines, an installed fontpkg."""
    text: str = ""
    """Family of running text."""
    logo: Asset | None = None
    """Stands on title and end cards; a PNG with a clear ground looks best."""


class MotionRequest(Frozen):
    """A motion-graphics shot.

    The asset is `handle + frames + handle` long: the handles carry the dissolves, so entrances start at the
    frame `handle` and exits end before `handle + frames`. `cues` are the frames, counted from the shot's first,
    on which the card's parts (headline or figure first, then items) are spoken.
    """

    size: Size
    rate: Rate = Fraction(30)
    frames: int = Field(gt=0)
    handle: Frames = 0
    seed: int = 0
    style: str = "clean"
    palette: str = ""
    """A palette's name, one for the whole film; empty draws one of the style's by seed."""
    bright: bool = False
    """Dark words on the accent colour, where the palette is dark: the shot that breaks the row."""
    brand: Brand | None = None
    """Overrides the style's palette and typefaces."""
    motif: str = "mesh"
    field: Asset | None = None
    """A motion field (tools/video/fields) that is coloured and moved behind the words, in place of the motif."""
    layout: str = "statement"
    card: Card = Card()
    cues: tuple[Frames, ...] = ()
    captioned: bool = True
    """Keep the caption band free."""
    final: bool = False
    """Nothing follows: the last frame keeps its words."""


class FootageRequest(Frozen):
    """A stretch of somebody's clip or still, fitted to the frame: filled by crop, stills drift slowly."""

    asset: Asset
    size: Size
    rate: Rate = Fraction(30)
    start: Frames = 0
    """First frame of the source, at `rate`."""
    within: tuple[Frames, Frames] | None = None
    """Frames of the source, at `rate`, that it keeps to, handles and all: beyond them another shot may stand."""
    frames: int = Field(gt=0)
    handle: Frames = 0
    seed: int = 0
    ground: str = Field(default="#14161C", pattern=r"^#[0-9A-Fa-f]{6}$")
    """What stands behind a transparent picture."""


class Making(Frozen):
    """How a video model made a picture, for the ledger."""

    model: str
    preset: str = ""
    steps: int = 0
    draft: bool = False
    seconds: float = Field(default=0.0, ge=0)
    """Wall seconds; 0 where it came from the cache."""
    memory: int = Field(default=0, ge=0)
    """Bytes of graphics memory at the highest; 0 on a processor."""


class Picture(Frozen):
    """A finished take: a video asset of `handle + frames + handle` frames, and where its text stands."""

    video: Asset
    boxes: tuple[TextBox, ...] = ()
    sound: Asset | None = None
    """The clip's own sound, from its first frame on."""
    making: Making | None = None
