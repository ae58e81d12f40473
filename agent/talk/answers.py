"""Answers to questions that change nothing: how far, how much, what is in shot three, where is the film.

Knows the floor and its words; knows nothing about how turns are heard or films are made.
"""

import os
import shutil
from pathlib import Path

from ...memory.assets import AssetStore
from ..settings import Settings
from .floor import Floor
from .lexis import Phrases
from .meaning import Expecting, Meaning
from .telling import Teller, file_of

_KIND: dict[Expecting, str] = {
    "topic": "asking", "content": "asking", "details": "asking", "agree": "agreeing", "confirm": "agreeing",
    "making": "making", "made": "made", "stopped": "stopped",
}  # fmt: skip


class Answers:
    """What is answered, by intent."""

    def __init__(self, floor: Floor, say: Phrases, teller: Teller, folder: Path, settings: Settings) -> None:
        self._floor, self._say, self._teller = floor, say, teller
        self._folder, self._settings = folder, settings

    def to(self, meaning: Meaning) -> str | None:
        """The answer, or None where the intent is no question."""
        plain = {"status": self.status, "cost": self.cost, "time": self.time, "plan": self.plan, "who": self.who}
        plain |= {"where": self.where, "help": self.help, "hello": self.hello, "thanks": self.thanks}
        if meaning.intent in plain:
            return plain[meaning.intent]()
        if meaning.intent == "describe":
            return self.describe(meaning.number, meaning.scene)
        return self._say("publish") if meaning.intent == "publish" else None

    def miss(self) -> str:
        """Not understood, and what could be said instead."""
        return self._say(f"miss_{_KIND[self._floor.stage]}")

    def help(self) -> str:
        """What could be said now."""
        name = f"help_{_KIND[self._floor.stage]}"
        return self._say(name, question=self._floor.question) if name == "help_asking" else self._say(name)

    def hello(self) -> str:
        """A greeting, and back to the question."""
        return self._say("hi", question=self._question())

    def thanks(self) -> str:
        """Politeness."""
        return self._say("welcome")

    def status(self) -> str:
        """How far it is."""
        floor = self._floor
        if floor.doing == "plan":
            return self._say("status_plan")
        if floor.doing == "film" and floor.progress is not None:
            return floor.progress.status(floor.left)
        if floor.stage == "made":
            return self._say("status_done", file=file_of(self._folder))
        if floor.stage == "stopped":
            return self._say("status_stopped")
        return self._say("status_idle", question=self._question())

    def cost(self) -> str:
        """What it costs: what was spent, or the most that may be."""
        record = self._floor.record
        if record is not None and record.money:
            return self._say("spent", money=self._say.money(record.money))
        if record is not None and self._floor.stage in {"made", "stopped"}:
            return self._say("spent_free")
        most = self._settings.budget.money
        return self._say("costs", money=self._say.money(most)) if most else self._say("free")

    def time(self) -> str:
        """How long it takes, or will still take."""
        floor = self._floor
        if floor.doing == "film":
            left = floor.left
            return self._say("left", time=self._say.length(left)) if left > 5 else self._say("left_soon")
        if floor.stage == "made":
            return self._say("time_done")
        if floor.brief is None:
            return self._say("time_unknown")
        return self._say("time", time=self._teller.about(floor.expected))

    def plan(self) -> str:
        """How the plan's scenes begin."""
        return self._teller.scenes(self._floor.plan) if self._floor.plan else self._say("no_plan")

    def describe(self, number: int, scene: bool) -> str:
        """One shot or scene."""
        plan, brief = self._floor.plan, self._floor.brief
        if plan is None or brief is None:
            return self._say("no_plan")
        return self._teller.scene(plan, number) if scene else self._teller.shot(plan, brief.rate, number)

    def who(self) -> str:
        """Who reads."""
        floor = self._floor
        if floor.plan is not None and not floor.plan.script.narrated:
            return self._say("who_nobody")
        if floor.brief is not None and floor.brief.voice:
            return self._say("who", voice=floor.brief.voice)
        spoken = [sound for sound in (floor.record.sound if floor.record else {}).values() if sound.speech]
        return (
            self._say("who", voice=spoken[0].tool.partition(".")[2].capitalize()) if spoken else self._say("who_none")
        )

    def where(self) -> str:
        """The file."""
        film = self._floor.record is not None and self._floor.record.film is not None
        return self._say("file", file=file_of(self._folder)) if film else self._say("no_file")

    def other_take(self, number: int) -> tuple[str, str, Path] | None:
        """A shot that looked otherwise before a revision: its id, its number in words, and that take as a file.

        Args:
            number: of the shot; 0 takes the first shot that has another take, -1 is the last shot.
        """
        floor = self._floor
        record = floor.record
        if record is None or record.plan is None:
            return None
        shots = list(enumerate(record.plan.shots, start=1))
        wanted = shots if number == 0 else shots[-1:] if number == -1 else shots[number - 1 : number]
        for at, shot in wanted:
            now = record.takes.get(shot.id)
            for older in reversed(floor.history):
                take = older.takes.get(shot.id)
                if take and take.asset and now and now.asset and take.asset.id != now.asset.id:
                    store = AssetStore(self._folder / "assets")
                    name = f"{shot.id}-other.{take.asset.format}"
                    return shot.id, self._say.count(at), _beside(store.path(take.asset.id), self._folder / "out" / name)
        return None

    def _question(self) -> str:
        return self._floor.question or self._say("what_else")


def _beside(path: Path, target: Path) -> Path:
    """The file under a name that people can open."""
    target.unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(path, target)
    except OSError:
        shutil.copyfile(path, target)
    return target
