"""Beat structures as data: what a kind of film tells, in which order, for both planners.

Knows topics and shares; knows nothing about sentences.
"""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import Field

from ...tools.media import Frozen
from ...tools.music import Mood
from ..errors import BriefError


class Turn(Frozen):
    """One beat: its name, what it tells, and its share of the film."""

    name: str
    tells: str
    share: float = Field(gt=0, le=1)


class Structure(Frozen):
    """A kind of film."""

    name: str
    topics: tuple[str, ...]
    mood: Mood
    beats: tuple[Turn, ...]
    narrated: bool = True
    longest: int = 0
    """Words of its longest sentence; 0 for no limit."""


@cache
def structures() -> dict[str, Structure]:
    """All of them by name, as structures.toml has them."""
    rows = tomllib.loads((files(__package__) / "structures.toml").read_text("utf-8"))
    return {name: Structure.model_validate({"name": name, **row}) for name, row in rows.items()}


def structure(wanted: str, kind: str = "") -> Structure:
    """The structure that was asked for by name, else the one for a kind of topic, else an explainer.

    >>> structure("montage").narrated, structure("", "tutorial").name, structure("").name
    (False, 'tutorial', 'explainer')
    """
    if wanted:
        if wanted not in structures():
            raise BriefError(f"{wanted!r} is not a structure.", f"Use {', '.join(structures())}.")
        return structures()[wanted]
    return next((each for each in structures().values() if kind in each.topics), structures()["explainer"])


def outline(chosen: Structure, seconds: float) -> str:
    """The beats as a list for a prompt, with their seconds.

    >>> outline(structure("list"), 20).splitlines()[0]
    '- promise (3 s): what the list is of, and for whom'
    """
    return "\n".join(f"- {beat.name} ({beat.share * seconds:.0f} s): {beat.tells}" for beat in chosen.beats)
