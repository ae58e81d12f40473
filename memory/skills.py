"""Skills: programs that drew well once, kept for the next film, the best judged first.

Knows programs and verdicts; knows nothing about sandboxes, shots or who wrote them.
"""

import hashlib
from pathlib import Path

from pydantic import Field, ValidationError

from ..tools.code.skills import Skill
from ..tools.media import Frozen
from .project import write_whole

FALLEN = 2
"""More verdicts against a program than for it, from which it is no longer offered."""


class Kept(Frozen):
    """A skill and how films judged it."""

    skill: Skill
    good: int = Field(default=0, ge=0)
    bad: int = Field(default=0, ge=0)


class SkillShelf:
    """Programs by their own hash, one file each, in the user's cache folder; without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def kept(self) -> tuple[Kept, ...]:
        """Every program that is kept, the best judged first; a damaged file is passed over."""
        if self._folder is None or not self._folder.is_dir():
            return ()
        found = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                found.append(Kept.model_validate_json(path.read_text("utf-8")))
            except (OSError, UnicodeDecodeError, ValidationError):
                continue
        return tuple(sorted(found, key=lambda each: each.bad - each.good))

    def ranked(self, shipped: tuple[Skill, ...]) -> tuple[Skill, ...]:
        """What may be drawn with: kept and shipped programs by their verdicts, without those that fell."""
        rows = {digest(each.skill.program): each for each in self.kept()}
        fresh = [Kept(skill=skill) for skill in shipped if digest(skill.program) not in rows]
        standing = [each for each in [*rows.values(), *fresh] if each.bad - each.good < FALLEN]
        return tuple(each.skill for each in sorted(standing, key=lambda each: each.bad - each.good))

    def judge(self, skill: Skill, *, good: bool) -> None:
        """Add a verdict; a program that is new is kept with it."""
        if self._folder is None:
            return
        path = self._folder / f"{digest(skill.program)[:32]}.json"
        known = next((each for each in self.kept() if each.skill.program == skill.program), None)
        row = known or Kept(skill=skill)
        row = row.model_copy(update={"good": row.good + good, "bad": row.bad + (not good)})
        write_whole(path, row.model_dump_json())


def digest(program: str) -> str:
    """What a program goes by."""
    return hashlib.sha256(program.encode()).hexdigest()
