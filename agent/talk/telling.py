"""Telling of a film in words that can be listened to: its plan, a shot, how far it is, how it ended.

Knows plans and events; knows nothing about who listens or what they want.
"""

from fractions import Fraction
from pathlib import Path

from ...tools.media import seconds_of
from ..errors import BriefError, BudgetExceeded, DiskFull, ReelwrightError, Refused, Stopped, ToolError
from ..events import Event, Finished, Planned, Reviewed, Took, Working
from ..model import Brief, Plan, Scene, Shot
from ..planner.text import sentence
from .lexis import Lexis, Phrases

WALL = 2.2
"""Wall seconds a second of film at 1080x1920 and 30 frames a second takes on two cores (README, "wall clock")."""
LEAST = 8.0
"""Wall seconds of the smallest film: the voice loads, the film is measured."""
FULL = 1080 * 1920 * 30
LONG = 160
"""Characters that are read out of one line of a plan."""


def time_to_make(brief: Brief, seconds: float) -> float:
    """Wall seconds that making a film is expected to take."""
    pixels = brief.size.width * brief.size.height * float(brief.rate)
    return LEAST + seconds * WALL * pixels / FULL


class Progress:
    """Follows the events of one film: which milestones were passed, and how far it is."""

    def __init__(self, say: Phrases, words: Lexis) -> None:
        self._say, self._words = say, words
        self._told: set[str] = set()
        self._seconds = 0.0
        self.lines = self.shots = 0
        self._ids: set[str] = set()
        self.spoken: set[str] = set()
        self.drawn: set[str] = set()
        self.stage = "write"
        self.finished: Finished | None = None

    def take(self, event: Event) -> str:
        """What the event is worth telling, or nothing."""
        if isinstance(event, Planned):
            self.lines, self.shots, self._seconds = event.lines, event.shots, event.seconds
        elif isinstance(event, Working):
            return self._working(event)
        elif isinstance(event, Took) and event.target in self._ids:
            self.stage = "shoot"
            self.drawn.add(event.target)
            return self._drawn()
        elif isinstance(event, Reviewed):
            self.stage = "cut"
            return self._once(f"mending{event.round}", "mending") if event.critique.verdict == "again" else ""
        elif isinstance(event, Finished):
            self.finished = event
        return ""

    def planned(self, plan: Plan) -> None:
        """The plan that is being carried out."""
        self.lines, self.shots = len(plan.script.lines), len(plan.shots)
        self._ids = {shot.id for shot in plan.shots}

    def _working(self, event: Working) -> str:
        if event.stage == "sound" and event.target:
            self.stage = "sound"
            self.spoken.add(event.target)
            return self._once("voice", "voice") if self.lines and len(self.spoken) >= self.lines else ""
        if event.stage == "cut":
            self.stage = "cut"
            return self._once("pictures", "pictures") if self.shots else ""
        if event.stage == "review":
            self.stage = "cut"
            return self._once("checking", "checking")
        return ""

    def _drawn(self) -> str:
        part = len(self.drawn) / max(self.shots, 1)
        for least, name in ((0.85, "most"), (0.5, "half_done"), (0.25, "quarter")):
            if least <= part < 1 and self.shots >= 4:
                return self._once(name, name)
        return ""

    def _once(self, key: str, name: str) -> str:
        if key in self._told:
            return ""
        self._told.add(key)
        return self._say(name)

    def status(self, left: float) -> str:
        """How far it is, and about how long it will still take."""
        rest = self._say("left", time=self._say.length(left)) if left > 5 else self._say("left_soon")
        if self.stage == "cut":
            return self._say("status_cut")
        if self.stage == "shoot":
            done, total = self._say.count(len(self.drawn)), self._say.count(max(self.shots, len(self.drawn)))
            return sentence(self._say("status_pictures", done=done, total=total, part=rest))
        return self._say("status_voice", part=rest)


class Teller:
    """Puts plans and films into words."""

    def __init__(self, say: Phrases, words: Lexis) -> None:
        self._say, self._words = say, words

    @property
    def words(self) -> Lexis:
        """The language that it speaks."""
        return self._words

    def plan(self, brief: Brief, plan: Plan, money: float) -> dict[str, str]:
        """What reading back a plan says, by name."""
        seconds = float(seconds_of(sum(shot.frames for shot in plan.shots), brief.rate))
        audience = self._say("for", who=_theirs(brief.audience)) if brief.audience else ""
        return {
            "title": plan.script.title,
            "length": self._say.length(seconds),
            "shape": self._words.shape(brief.size),
            "audience": audience,
            "scenes": self.scenes(plan),
            "cost": self._say("costs", money=self._say.money(money)) if money else self._say("free"),
            "time": self.about(time_to_make(brief, seconds)),
        }

    def about(self, seconds: float) -> str:
        """A guess at a time: `about a minute`."""
        near = seconds if seconds < 20 else 10 * round(seconds / 10)
        return self._words.names["about"].replace("$t", self._say.length(near))

    def scenes(self, plan: Plan) -> str:
        """How many scenes there are, and how the first and the last begin."""
        told = [scene for scene in plan.script.scenes if scene.lines]
        first, last = (_opening(told[0]), _opening(told[-1])) if told else ("", "")
        if not told:
            return self._say("scenes_none")
        if len(told) == 1:
            return self._say("scenes_one", first=first)
        if len(told) == 2:
            return self._say("scenes_two", first=first, last=last)
        return self._say("scenes_many", count=self._say.count(len(told)), first=first, last=last)

    def shot(self, plan: Plan, rate: Fraction, number: int) -> str:
        """What one shot says and shows; -1 is the last."""
        count = len(plan.shots)
        at = count if number == -1 else number
        if not 1 <= at <= count:
            return self._say("no_shot", number=self._say.count(max(number, 0)), count=self._say.count(count))
        shot = plan.shots[at - 1]
        said = _words_said(plan, shot)
        return self._say(
            "shot",
            number=self._say.count(at),
            length=self._say.length(float(seconds_of(shot.frames, rate))),
            said=self._say("shot_said", words=sentence(said)) + " " if said else "",
            shown=self._shown(shot, said),
        )

    def _shown(self, shot: Shot, said: str) -> str:
        if shot.source == "own":
            return self._say("shot_own")
        card = shot.card
        text = card.headline or ", ".join(card.items) or card.body
        if text and text.rstrip(".") != said.rstrip("."):
            return self._say("shot_shown", words=sentence(text))
        return self._say("shot_plain", layout=self._words.names["quiet"])

    def scene(self, plan: Plan, number: int) -> str:
        """What one scene says; -1 is the last."""
        told = [scene for scene in plan.script.scenes if scene.lines]
        at = len(told) if number == -1 else number
        if not 1 <= at <= len(told):
            return self._say("no_scene", number=self._say.count(max(number, 0)), count=self._say.count(len(told)))
        words = " ".join(line.text for line in told[at - 1].lines)
        lines = len(told[at - 1].lines)
        if lines == 1:
            return self._say("scene_one", number=self._say.count(at), words=words)
        return self._say(
            "scene", number=self._say.count(at), count=self._say.count(lines), words=_short(words, 2 * LONG)
        )

    def done(self, film: Finished, again: bool) -> str:
        """The film is there."""
        text = self._say("done_again" if again else "done", length=self._say.length(film.seconds))
        reasons = (*film.degraded, *film.short)
        if reasons:
            text += " " + self._say("done_short", reason=_short(_first(reasons[0]), LONG))
        return f"{text} {self._say('done_next')}"

    def objection(self, error: ReelwrightError) -> str:
        """Why a request cannot be carried out."""
        return _short(_first(error.message), LONG)

    def failure(self, error: ReelwrightError) -> str:
        """What went wrong and what can be done, without commands that nobody can say."""
        reason = _short(_first(error.message), LONG)
        if isinstance(error, Stopped):
            return self._say("stopped")
        if isinstance(error, DiskFull):
            return self._say("failed_disk")
        if isinstance(error, BudgetExceeded):
            return self._say("failed_money" if "$" in error.message else "failed_budget")
        if isinstance(error, BriefError | Refused):
            return self._say("failed_brief", reason=reason)
        if isinstance(error, ToolError):
            return self._say("failed_tool", reason=reason)
        return self._say("failed", reason=reason, next=error.hint)


def _words_said(plan: Plan, shot: Shot) -> str:
    """The words that a shot covers."""
    texts = {line.id: line.text for line in plan.script.lines}
    words = " ".join(texts[line] for line in shot.lines if line in texts).split()
    first, last = shot.words
    return " ".join(words[first:last] if last else words)


def _opening(scene: Scene) -> str:
    return _short(sentence(scene.lines[0].text), LONG)


def _first(text: str) -> str:
    """The first sentence of a message."""
    return sentence(text.split(". ")[0])


def _short(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return sentence(text[:most].rsplit(" ", 1)[0].rstrip(",;:"))


def _theirs(audience: str) -> str:
    """An audience as we say it back: `my students` are `your students`."""
    words = {"my": "your", "our": "your", "me": "you", "us": "you"}
    return " ".join(words.get(word, word) for word in audience.split())


def file_of(folder: Path) -> str:
    """The finished film's file as it is named to people."""
    return str(folder / "out" / "film.mp4")
