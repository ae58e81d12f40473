"""The domain: from a Brief to a Film, in the field's own names.

Knows nothing about how anything is made: values only, with asset ids for media.
"""

import re
from fractions import Fraction
from typing import Literal

from pydantic import Field, field_validator, model_validator

from ..tools.assemble import CaptionStyle, Codec, Cut
from ..tools.media import Asset, Frames, Frozen, Rate, Size
from ..tools.music import Mood
from ..tools.speech import Pause, Speech
from ..tools.stock import Segment
from ..tools.timeline import Timeline
from ..tools.video import Brand, Card, Making, TextBox

Source = Literal["motion", "own", "code", "stock", "generate"]
"""Where a shot's picture comes from: motion graphics, the person's own file, a program, a library, or a video model."""
Wanted = Literal["auto", "motion", "stock", "generate"]
"""Where a person wants pictures to come from; auto weighs it shot by shot."""
Bridging = Literal["auto", "drawn", "generated"]
"""How a person wants one shot to become the next."""
LONGEST = 600
"""Seconds that a Brief may ask for."""


class Budget(Frozen):
    """Limits enforced at the door: US dollars, wall seconds of tool work, rounds of review."""

    money: float = Field(default=0.0, ge=0)
    seconds: float = Field(default=3600.0, gt=0)
    rounds: int = Field(default=2, ge=0, le=10)


class Reference(Frozen):
    """Something the brief was extracted from: a name people know it by, and its text."""

    name: str
    text: str = ""


class Deliverables(Frozen):
    """What is handed over: further shapes and codecs of the film, and what stands beside it."""

    sizes: tuple[Size, ...] = ()
    """Further sizes, made from the same plan, voice and music."""
    codecs: tuple[Codec, ...] = ()
    """Further codecs, from the same timeline; the measured film itself is H.264."""
    captions: CaptionStyle | None = None
    """How captions look; by the film's shape if not given."""
    soft: bool = False
    """Subtitles that players switch on and off, inside the film."""
    stems: bool = False
    """Voice, music and effects as FLAC."""
    effects: bool = False
    """A sound under every transition."""
    encoder: Literal["software", "auto"] = "software"
    """auto uses the machine's hardware encoder where a trial run of it succeeds."""


class Clone(Frozen):
    """A voice cloned from a person's recording, and that person's consent in words, which the ledger keeps."""

    sample: Asset
    consent: str = Field(min_length=1)


class Likeness(Frozen):
    """A picture that generated shots keep to: a character by name, or without one the look of them all."""

    name: str = ""
    picture: Asset


class Brief(Frozen):
    """What is asked for. `text` is plain text or Markdown; an empty language means detect it."""

    text: str = Field(min_length=1, max_length=100_000)
    seconds: float = Field(default=30.0, ge=2, le=LONGEST)
    size: Size = Size(width=1080, height=1920)
    rate: Rate = Fraction(30)
    language: str = ""
    style: str = ""
    structure: str = ""
    """The kind of film by name: explainer, story, list, product, news, tutorial, trailer, montage."""
    audience: str = ""
    voice: str = ""
    """The narrator's voice by name."""
    cast: tuple[tuple[str, str], ...] = ()
    """Voices of speakers who are named in the brief: (speaker, voice)."""
    clone: Clone | None = None
    recording: Asset | None = None
    """The person's own voice-over, which replaces the narrator."""
    brand: Brand | None = None
    references: tuple[Reference, ...] = ()
    assets: tuple[Asset, ...] = ()
    """The person's own pictures and clips; `origin` carries their file names and side-car text."""
    likenesses: tuple[Likeness, ...] = ()
    """Whom generated shots show, and what they look like."""
    licences: tuple[str, ...] = ()
    """Licences that footage of a library may have, such as CC0-1.0 or CC-BY-*; empty allows all."""
    seed: int = 0
    deliver: Deliverables = Deliverables()

    @field_validator("text")
    @classmethod
    def _says_something(cls, text: str) -> str:
        if not re.search(r"\w", text):
            raise ValueError("the brief says nothing")
        return text

    @property
    def frames(self) -> int:
        """Length asked for, in frames."""
        return round(Fraction(self.seconds) * self.rate)


Part = Literal["say", "lead", "item", "step", "items", "quote"]
"""What a line is in the brief: a sentence, what opens a list, an entry, a step, several entries, a quotation."""


class Line(Frozen):
    """One spoken sentence, by the narrator or the named `speaker`. `by` says whose words a quotation is, on screen."""

    id: str
    text: str
    speaker: str = ""
    part: Part = "say"
    by: str = ""
    pauses: tuple[Pause, ...] = ()
    emphasis: tuple[int, ...] = ()
    """Numbers of the words that are stressed, split at white space."""
    original: str = ""
    """What a dubbed line says in the film's first language; captions show it as the second one."""
    rest: Frames | None = Field(default=None, ge=0)
    """Frames of silence after it once it was fitted, so that a revision moves nothing it does not touch."""
    cites: tuple[str, ...] = ()
    """Names of the references that say so too."""
    spare: int = 0
    """Lines that may go where the voice takes too long, the lowest number first; 0 stays."""


class Scene(Frozen):
    """A place and mood with its lines. `heading` is shown, not spoken."""

    id: str
    heading: str
    place: str = ""
    """Where the camera is, and when, for pictures that are made from words."""
    narrator: str = ""
    """The voice that reads this scene, where it is not the film's."""
    mood: Mood = "warm"
    lines: tuple[Line, ...] = ()


Kind = Literal["motion graphics", "footage", "stills", "diagrams", "generated"]
"""A kind of picture that a treatment may promise."""


class Treatment(Frozen):
    """What the film will be, before a word is written; what it promises is measured when it is made."""

    logline: str = ""
    audience: str = ""
    tone: str = ""
    structure: str = ""
    arc: tuple[str, ...] = ()
    """What each beat tells, in order."""
    moving: float = Field(default=0.0, ge=0, le=1)
    """The share of the film in which the picture moves."""
    pictures: tuple[Kind, ...] = ()


class Script(Frozen):
    """Title and scenes. `narrated` is False for a music-led film, whose lines are shown, not spoken."""

    title: str
    logline: str = ""
    scenes: tuple[Scene, ...]
    language: str = "en"
    narrated: bool = True
    pace: float = 1.0
    """How fast its lines are read: 1.0 is the voice's own speed; set by fit where the film would miss its length."""
    treatment: Treatment | None = None
    shorts: tuple[str, ...] = ()
    """What the film lacks from the brief, and why, in words for the report."""

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines in order."""
        return tuple(line for scene in self.scenes for line in scene.lines)


class Pick(Frozen):
    """Footage that may show a shot: the query that found it, and how well it answers, 0 to 1."""

    query: str
    score: float
    segment: Segment


class Shot(Frozen):
    """What the camera shows for a stretch of lines: `frames` long once fitted to the voice."""

    id: str
    scene: str
    lines: tuple[str, ...]
    words: tuple[int, int] = (0, 0)
    """First and last (exclusive) word it covers, counted over its lines' words split on white space; (0, 0) is all."""
    spots: tuple[int, ...] = ()
    """Words, counted from the shot's first, at which the card's parts are spoken; fit turns them into cues."""
    prompt: str = ""
    queries: tuple[str, ...] = ()
    camera: str = "drift"
    frames: Frames = 0
    cues: tuple[Frames, ...] = ()
    """Frames from the shot's first on which the card's parts are spoken; set by fit."""
    source: Source = "motion"
    why: str = ""
    """Why its picture comes from there, for a person to read."""
    draft: bool = False
    """A video model makes it quickly and small, to be judged; the final pass makes it in full."""
    asset: str = ""
    """The person's own file, by id, when source is `own`."""
    program: str = ""
    """What draws it when source is `code`; empty leaves the program to the director's model."""
    candidates: tuple[Pick, ...] = ()
    """Footage of a library that was weighed for it, the best first."""
    chosen: str = ""
    """The segment of the candidate that is shown, when source is `stock`."""
    follows: str = ""
    seed: int = 0
    style: str = "clean"
    palette: str = ""
    bright: bool = False
    """On the accent colour as ground, so that a run of dark shots is broken."""
    layout: str = "statement"
    motif: str = "mesh"
    card: Card = Card()
    take: int = Field(default=0, ge=0)
    """Which of its takes is wanted, counted from 0: each is another candidate for the same words."""


class Plan(Frozen):
    """What a planner returns: the script and its shots, on estimated times."""

    script: Script
    shots: tuple[Shot, ...]


class Take(Frozen):
    """One attempt at a shot. `request_key` finds it in the cache again; a failed take has no asset."""

    shot: str
    attempt: int = 0
    asset: Asset | None = None
    boxes: tuple[TextBox, ...] = ()
    sound: Asset | None = None
    """The clip's own sound, from the asset's first frame on."""
    making: Making | None = None
    """How a video model made it, where one did."""
    program: str = ""
    """What drew it, where a program did."""
    tool: str = ""
    request_key: str = ""
    seed: int = 0
    mind: str = ""
    """The model that directed the shot; empty where no model did."""
    temperature: float | None = None
    """What that model was asked at, where it was said."""
    score: float | None = None
    cost: float = 0.0
    failure: str = ""


class Sound(Frozen):
    """A line as it was spoken, or as it is paced when nobody speaks it (`speech` None)."""

    line: str
    frames: Frames
    start: Frames = 0
    """First frame on the timeline; set by fit."""
    speech: Speech | None = None
    tool: str = ""
    spare: bool = False
    """Spoken by a voice that stands in for the one that was asked for."""
    refused: tuple[str, ...] = ()
    """Providers that misread this line: they are not asked for it again."""
    misread: float = 0.0
    """Part of its words that were heard missing or wrong when it was sent back."""


Remedy = Literal[
    "reshoot", "candidate", "prompt", "source", "retime", "rewrite", "respeak", "recut", "remix", "replan", "none"
]
"""What mends a fault: another take, another candidate of a search, a new prompt, another source of the picture, a
longer shot, a new wording of the line, another voice, cut, mix or plan; or nothing that we can do."""


class Note(Frozen):
    """One fault with a remedy. The target is a shot id, a line id, `mix`, `cut`, `plan` or `film`."""

    target: str
    severity: Literal["info", "warn", "fail"]
    problem: str
    remedy: Remedy = "none"
    advice: str = ""
    """The new prompt, or the new wording of the line, where the remedy is one."""


class Critique(Frozen):
    """Notes, scores by check, and the verdict."""

    scores: dict[str, str] = Field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    verdict: Literal["good", "again", "spent"]


class Candidate(Frozen):
    """A cut with its timeline and what review said of it; the best one is kept."""

    cut: Cut
    timeline: Timeline
    takes: dict[str, Take]
    critique: Critique
    shots: tuple[Shot, ...] = ()
    sound: dict[str, Sound] = Field(default_factory=dict)


class Film(Frozen):
    """The result: what was delivered, what it took, and what is still short."""

    project: str
    title: str
    timeline: Timeline
    file: Asset
    takes: dict[str, Take]
    spent: float = 0.0
    seconds: float = 0.0
    """Wall seconds of tool work."""
    degraded: tuple[str, ...] = ()
    short: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_a_video(self) -> "Film":
        if self.file.kind != "video":
            raise ValueError("a film's file is a video")
        return self
