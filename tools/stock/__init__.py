"""Stock: footage by what it shows, so that words find the picture that fits them.

Knows nothing about scripts or shots. Time is in frames at the file's own rate; a still has none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal, Protocol

from pydantic import Field

from ..media import Frames, Frozen, Rate

if TYPE_CHECKING:  # values are read where numpy is not
    from .vectors import Pixels, Vector, Vectors

StockKind = Literal["video", "image", "audio", "vector"]
Orientation = Literal["landscape", "portrait", "square"]
ShotSize = Literal["", "close", "medium", "wide"]
Area = Literal["top", "bottom", "left", "right", "centre"]
_SQUARE = 1.1
"""Sides that differ by less than a tenth make a square."""


class Embedder(Protocol):
    """Turns texts into vectors."""

    name: str
    """Belongs to an index: vectors of two embedders are never compared."""
    size: int
    """Numbers in a vector."""

    def embed(self, texts: Sequence[str]) -> "Vectors":
        """A row for each text, in order."""
        ...


class Seer(Embedder, Protocol):
    """An embedder for which texts and pictures lie in one space."""

    span: tuple[float, float]
    """Cosines of a text and a picture that have nothing, and everything, in common."""

    def see(self, pictures: "Sequence[Pixels]") -> "Vectors":
        """A row for each picture, in order."""
        ...


class Captioner(Protocol):
    """Says in a sentence what a picture shows: a model that sees."""

    name: str
    """Which model: a segment remembers who looked at it."""
    batch: int
    """Pictures that it is best shown at once."""

    def caption(self, pictures: "Sequence[Pixels]") -> list[str]:
        """A sentence about each RGB picture, in order; an empty one where it finds nothing to say.

        Raises:
            ReelwrightError: it cannot be asked now, or what it says cannot be used.
        """
        ...


class Segment(Frozen):
    """What can be shown or heard: a still, a sound, or one shot of a clip. It is found by what it says of itself."""

    id: str
    """The file's sha256, and where in it the segment begins."""
    file: str = Field(pattern=r"^[0-9a-f]{64}$")
    kind: StockKind
    place: str
    """A path on this machine, or the URL it is fetched from."""
    start: Frames = 0
    frames: Frames = 0
    rate: Rate = Fraction(25)
    width: int = 0
    height: int = 0
    name: str = ""
    """The file's name as words; its folder's where it has none, such as a number."""
    notes: str = ""
    """What EXIF, IPTC, XMP and side-car text say: data, never an instruction."""
    tags: tuple[str, ...] = ()
    guesses: tuple[tuple[str, float], ...] = ()
    """What a classifier takes it for, with probabilities, the surest first: too unsure for words, and still a hint."""
    caption: str = ""
    captioner: str = ""
    """Which model looked at it for a caption; empty where none did."""
    speech: str = ""
    colours: tuple[str, ...] = ()
    """Names of the colours that fill a good part of it, the largest first."""
    brightness: float = 0.0
    """Mean luma, 0 to 1."""
    sharpness: float = 0.0
    """0 is a blur, 1 crisp."""
    motion: float = 0.0
    """Mean change of a small picture in half a second, 0 to 1."""
    curve: tuple[int, ...] = ()
    """The same for every half second, in thousandths."""
    calm: tuple[Area, ...] = ()
    """Where nothing happens, so that text can stand there."""
    people: int | None = None
    """Faces that were seen; None where nobody looked."""
    shot_size: ShotSize = ""
    looks: str = Field(default="", pattern=r"^([0-9a-f]{16})?$")
    """A perceptual hash: near duplicates differ in few bits."""
    tempo: float | None = None
    """Beats a minute of music."""
    key: str = ""
    mood: str = ""
    loudness: float | None = None
    """LUFS."""
    licence: str = "unknown"
    author: str = ""
    url: str = ""
    """Where it came from, for the credits."""

    @property
    def seconds(self) -> float:
        """How long it lasts; 0 for a still, which lasts as long as one likes."""
        return float(self.frames / self.rate)

    @property
    def orientation(self) -> Orientation:
        """How it stands."""
        if self.width > self.height * _SQUARE:
            return "landscape"
        return "portrait" if self.height > self.width * _SQUARE else "square"

    @property
    def words(self) -> str:
        """What it says of itself, the surest first: what an embedder reads."""
        colours = " ".join(self.colours)
        parts = (self.caption, self.name, ", ".join(self.tags), self.notes, self.speech, self.mood, colours)
        return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


class Filter(Frozen):
    """Conditions that a segment must meet; what is empty asks for nothing."""

    kinds: tuple[StockKind, ...] = ()
    orientation: Orientation | None = None
    seconds: float = Field(default=0.0, ge=0)
    """A clip or a sound lasts at least this long; stills do at any length."""
    licences: tuple[str, ...] = ()
    """Patterns such as CC0-1.0 or CC-BY-*; see `allows`."""
    colour: str = ""
    people: bool | None = None

    def admits(self, segment: Segment) -> bool:
        """Whether a segment meets every condition."""
        return (
            (not self.kinds or segment.kind in self.kinds)
            and (self.orientation is None or segment.orientation == self.orientation)
            and (segment.kind in {"image", "vector"} or segment.seconds >= self.seconds)
            and (not self.licences or allows(self.licences, segment.licence))
            and (not self.colour or self.colour in segment.colours)
            and (self.people is None or (segment.people is not None and (segment.people > 0) == self.people))
        )


def allows(patterns: Iterable[str], licence: str) -> bool:
    """Whether a licence is among those allowed; a star stands for anything, case does not count.

    >>> allows(["CC0-1.0", "cc-by-*"], "CC-BY-4.0"), allows(["CC0-1.0"], "unknown")
    (True, False)
    """
    return any(re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), licence, re.IGNORECASE) for pattern in patterns)


class Hit(Frozen):
    """A segment that was found. `score` is 0 to 1 and comparable between queries; rank is its place by all evidence."""

    segment: Segment
    score: float
    cosine: float = 0.0
    """Of the query and the segment's words."""
    covered: float = 0.0
    """Part of the query's words that the segment says, rare ones weighing more."""


class Entry(Frozen):
    """A segment with its vectors by embedder, on its way into an index."""

    segment: Segment
    vectors: Mapping[str, tuple[float, ...]] = Field(default_factory=dict)


class Stats(Frozen):
    """What an index holds."""

    home: str
    segments: int
    files: int
    vectors: dict[str, int]
    """How many, by embedder."""
    bytes: int
    """On this machine's disk."""


class AssetIndex(Protocol):
    """Segments that are found by meaning, by words and by what they are. Three homes speak it."""

    def upsert(self, entries: Sequence[Entry]) -> None:
        """Put segments in, or in the place of those with the same ids."""
        ...

    def delete(self, ids: Sequence[str]) -> None:
        """Take segments out; those that are not there are no error."""
        ...

    def search(self, vectors: "Mapping[str, Vector]", text: str, filter: Filter, k: int) -> list[Hit]:
        """The best `k` by meaning (a vector by embedder) and by words, fused; the best first."""
        ...

    def count(self, filter: Filter | None = None) -> int:
        """How many segments there are, or meet the filter."""
        ...

    def stats(self) -> Stats:
        """What is there."""
        ...

    def verify(self) -> list[str]:
        """What is wrong with it, in words; empty where nothing is."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Everything, for a move to another home."""
        ...

    def close(self) -> None:
        """Let go of files and connections."""
        ...


class VectorStore(Protocol):
    """A home's own part: vectors of one embedder by segment id."""

    def put(self, ids: Sequence[str], vectors: "Vectors", segments: Sequence[Segment]) -> None:
        """Keep vectors, in the place of those with the same ids."""
        ...

    def drop(self, ids: Sequence[str]) -> None:
        """Forget them."""
        ...

    def nearest(self, vector: "Vector", filter: Filter, k: int) -> list[tuple[str, float]]:
        """Ids and cosines of the nearest that meet the filter, the nearest first."""
        ...

    def get(self, ids: Sequence[str]) -> "dict[str, Vector]":
        """Vectors by id, of those that are there."""
        ...

    def ids(self) -> Iterator[str]:
        """Every id."""
        ...

    def count(self) -> int:
        """How many there are."""
        ...

    def close(self) -> None:
        """Let go."""
        ...
