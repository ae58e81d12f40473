"""Edits: all that a revision can do to a film, as one closed union of values.

Knows what may be changed; knows nothing about how words become an edit, nor about how an edit is carried out.
"""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from ...tools.assemble import CaptionStyle
from ...tools.media import Frozen, Size
from ...tools.music import Mood
from ..model import LONGEST

Text = Annotated[str, Field(min_length=1, max_length=2000)]


class Place(Frozen):
    """What an edit is about: the whole film, its title, or a scene, line or shot by its id."""

    of: Literal["film", "title", "scene", "line", "shot"]
    id: str = ""


FILM = Place(of="film")


class Cut(Frozen):
    """Leave these scenes, lines and shots out."""

    kind: Literal["cut"] = "cut"
    at: tuple[Place, ...] = Field(min_length=1)


class Shorten(Frozen):
    """Say less: fewer words in a line, fewer lines in a scene or film; a card stands for less time."""

    kind: Literal["shorten"] = "shorten"
    at: Place
    seconds: float | None = Field(default=None, gt=0, le=LONGEST)
    """By how much; without it by about a quarter."""


class Lengthen(Frozen):
    """Give more time: longer rests in a line or scene, sentences of the brief brought back into the film."""

    kind: Literal["lengthen"] = "lengthen"
    at: Place
    seconds: float | None = Field(default=None, gt=0, le=LONGEST)


class Rewrite(Frozen):
    """Other words: what a line says, what a scene's heading, a shot's headline or the title reads."""

    kind: Literal["rewrite"] = "rewrite"
    at: Place
    text: Text


class Replace(Frozen):
    """Some words for others, wherever they are said at that place."""

    kind: Literal["replace"] = "replace"
    old: Text
    new: Text
    at: Place = FILM


class Insert(Frozen):
    """A new line: after a line or shot, or at the end of a scene or the film; with `before`, ahead of it."""

    kind: Literal["insert"] = "insert"
    at: Place
    text: Text
    before: bool = False


class Picture(Frozen):
    """Show something else: a thing, a background by name, or one of the person's own files."""

    kind: Literal["picture"] = "picture"
    at: Place
    text: Text


class UseTake(Frozen):
    """Use that take of a shot, counted from 0; one that was made before costs nothing."""

    kind: Literal["take"] = "take"
    shot: str
    take: int = Field(ge=0, le=99)


class UseChoice(Frozen):
    """Show another one of the footage that was weighed for a shot, counted from 0 as `show` lists it."""

    kind: Literal["choice"] = "choice"
    shot: str
    choice: int = Field(ge=0, le=99)


class Voice(Frozen):
    """Who speaks: the film, one of its speakers, or one scene."""

    kind: Literal["voice"] = "voice"
    name: Text
    speaker: str = ""
    scene: str = ""


class Music(Frozen):
    """The mood of the music."""

    kind: Literal["music"] = "music"
    mood: Mood


class Style(Frozen):
    """The style sheet, a palette, or both."""

    kind: Literal["style"] = "style"
    sheet: str = ""
    palette: str = ""


class Captions(Frozen):
    """How captions look, or none."""

    kind: Literal["captions"] = "captions"
    style: CaptionStyle


class Sizes(Frozen):
    """The film's shape; what follows the first is made beside it from the same plan."""

    kind: Literal["size"] = "size"
    sizes: tuple[Size, ...] = Field(min_length=1)


class Tongue(Frozen):
    """Another language, with the words in it: the title, headings by scene and texts by line."""

    kind: Literal["language"] = "language"
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    title: Text
    headings: dict[str, str] = Field(default_factory=dict)
    lines: dict[str, Text]


class Length(Frozen):
    """So many seconds for the whole film."""

    kind: Literal["seconds"] = "seconds"
    seconds: float = Field(ge=2, le=LONGEST)


class Swap(Frozen):
    """Two scenes or two lines change places."""

    kind: Literal["swap"] = "swap"
    one: Place
    other: Place


class Move(Frozen):
    """A scene or line goes after another one, or with `before` ahead of it."""

    kind: Literal["move"] = "move"
    at: Place
    to: Place
    before: bool = False


Edit = Annotated[
    Cut | Shorten | Lengthen | Rewrite | Replace | Insert | Picture | UseTake | UseChoice | Voice | Music | Style
    | Captions | Sizes | Tongue | Length | Swap | Move,
    Field(discriminator="kind"),
]  # fmt: skip
EDIT: TypeAdapter[Edit] = TypeAdapter(Edit)
"""Reads one edit back from its JSON."""
