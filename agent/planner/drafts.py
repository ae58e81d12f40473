"""What a model answers at each stage of planning, as it writes it: bounded, and checked before it becomes ours.

Knows shapes; knows nothing about who is asked.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from ...tools.media import Frozen
from ...tools.music import Mood
from ..model import LONGEST, Kind

MOST_SCENES, MOST_LINES = 40, 60
"""Scenes of a script, and lines of a scene: together more than ten minutes hold at a line every two seconds."""
MOST_SHOTS = 12
"""Shots that are directed by one answer: more, and models begin to skip."""
ON_SCREEN = 48
"""Letters that a picture holds at a size that reads on a phone."""
MOST_FACTS = 24
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]
Camera = Literal["hold", "drift", "push", "pull", "pan"]


class DraftLine(Frozen):
    """One spoken sentence; a bare text is one too."""

    text: Text
    cites: tuple[int, ...] = ()
    spare: bool = False

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value


class DraftScene(Frozen):
    """A scene as a model writes it."""

    heading: str = Field(default="", max_length=120)
    mood: Mood = "warm"
    lines: tuple[DraftLine, ...] = Field(min_length=1, max_length=MOST_LINES)


class Draft(Frozen):
    """A script as a model writes it: spoken sentences, nothing else."""

    title: str = Field(min_length=1, max_length=120)
    logline: str = Field(default="", max_length=400)
    scenes: tuple[DraftScene, ...] = Field(min_length=1, max_length=MOST_SCENES)

    @property
    def lines(self) -> tuple[DraftLine, ...]:
        """All lines in order."""
        return tuple(line for scene in self.scenes for line in scene.lines)


class DraftTreatment(Frozen):
    """A treatment as a model writes it."""

    logline: Text
    audience: str = Field(default="", max_length=200)
    tone: str = Field(default="", max_length=200)
    arc: tuple[Text, ...] = Field(min_length=1, max_length=12)
    moving: float = Field(ge=0, le=1)
    pictures: tuple[Kind, ...] = Field(min_length=1, max_length=5)


class Cut(Frozen):
    """Where a scene begins, and what it looks like."""

    first: int = Field(ge=1)
    heading: str = Field(default="", max_length=60)
    place: str = Field(default="", max_length=300)
    mood: Mood = "warm"


class DraftScenes(Frozen):
    """The script divided into scenes."""

    scenes: tuple[Cut, ...] = Field(min_length=1, max_length=MOST_SCENES)


class DraftShot(Frozen):
    """What the camera shows for words that stand already."""

    id: str
    prompt: Text
    queries: tuple[Annotated[str, StringConstraints(min_length=1, max_length=80)], ...] = Field(
        min_length=1, max_length=6
    )
    camera: Camera = "drift"
    source: str = ""
    follows: str = ""
    on_screen: str = Field(default="", max_length=ON_SCREEN)


class DraftShots(Frozen):
    """The shots of one answer."""

    shots: tuple[DraftShot, ...] = Field(min_length=1, max_length=MOST_SHOTS)


class DraftFact(Frozen):
    """A sentence, and the passage that says so."""

    text: Text
    passage: int = Field(ge=1)


class DraftFacts(Frozen):
    """What the references hold for this film."""

    facts: tuple[DraftFact, ...] = Field(max_length=MOST_FACTS)


assert LONGEST <= MOST_SCENES * MOST_LINES
