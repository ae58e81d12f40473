"""The planner that asks models: research, treatment, script, scenes, shots. What one stage fails at is done offline.

Knows minds and the offline planner; every question goes through the door, so that it is cached, budgeted and told.
"""

from collections.abc import Callable, Sequence

from ...prompts import fence, render
from ...tools.errors import ToolError
from ..brief import kind_of, topic_of
from ..errors import BudgetExceeded, PlanError
from ..mind import Mind
from ..model import Brief, Line, Scene, Script, Shot, Treatment
from ..pace import LINE_PAUSE
from . import Planner
from .coverage import Demand, demands, missing
from .directing import directed, film_of
from .drafts import Cut, Draft, DraftScenes, DraftTreatment
from .language import Language, language
from .pace import voiced
from .research import Fact, Find, by_words, credited, own_words, research, strangers
from .structures import Structure, outline, structure
from .writing import END_CARD

WORDS_A_SECOND = 2.5
"""150 words a minute (criteria.md, "narration pace")."""
LONGER, SHORTER = 1.05, 0.75
"""How long the words may be, as parts of the film, before the script goes back: pauses stretch, words do not shrink."""
SECONDS_A_SCENE = 8
FAILURES = (PlanError, BudgetExceeded, ToolError)


class ModelPlanner:
    """Plans with a writer and a director; where one fails for good the spare planner does its work, and it is told."""

    def __init__(
        self,
        writer: Mind | None,
        director: Mind | None,
        spare: Planner,
        warn: Callable[[str], None],
        find: Find | None = None,
        lessons: Callable[[], str] = str,
    ) -> None:
        """`find` looks passages up by meaning; `lessons` are words about what was liked before, for the director."""
        self.name = (writer or director or spare).name
        self._writer, self._director, self._spare, self._warn = writer, director, spare, warn
        self._find, self._lessons = find, lessons

    def write(self, brief: Brief) -> Script:
        """The writer's script, checked; or the spare planner's, announced."""
        plain = self._spare.write(brief)
        if self._writer is None:
            return plain
        tongue = language(plain.language)
        film = structure(brief.structure, kind_of(topic_of(brief.text)))
        facts = self._facts(brief, self._writer, tongue)
        treatment = self._treatment(brief, self._writer, film, facts, plain)
        try:
            desk = Desk(brief, plain, self._spare.direct(brief, plain), treatment, facts, tongue)
            script = desk.script(self._writer, film)
        except FAILURES as error:
            self._warn(f"{self.name} wrote no script that fits ({error.message}); the offline planner wrote it.")
            return plain
        return self._scenes(brief, script)

    def direct(self, brief: Brief, script: Script) -> tuple[Shot, ...]:
        """Shots by the spare planner's rules, each with the picture that the director sees for it."""
        shots = self._spare.direct(brief, script)
        if self._director is None or not script.lines:
            return shots
        try:
            return directed(self._director, script, shots, self._lessons())
        except FAILURES as error:
            self._warn(f"{self._director.name} directed no shots that fit ({error.message}); they are planned offline.")
            return shots

    def _facts(self, brief: Brief, writer: Mind, tongue: Language) -> tuple[Fact, ...]:
        find = self._find or (lambda told, queries, most: by_words(told, queries, most, tongue))
        try:
            return research(brief, writer, find, tongue)
        except FAILURES as error:
            self._warn(f"{writer.name} found no facts in the references ({error.message}).")
            return ()

    def _treatment(
        self, brief: Brief, writer: Mind, film: Structure, facts: Sequence[Fact], plain: Script
    ) -> Treatment:
        own = plain.treatment or Treatment()
        prompt = render(
            "treatment",
            seconds=f"{brief.seconds:g}",
            audience=brief.audience or "not named",
            structure=film.name,
            beats=outline(film, brief.seconds),
            means=", ".join(own.pictures),
            brief=fence("brief", own_words(brief)),
            facts=fence("facts", _listed(facts)),
        )
        try:
            draft = writer.ask(
                prompt, DraftTreatment, target="treatment", stage="write", check=lambda one: _promises(one, own)
            )
        except FAILURES as error:
            self._warn(f"{writer.name} wrote no treatment that fits ({error.message}); the film is planned without.")
            return own
        return Treatment.model_validate(draft.model_dump() | {"structure": film.name})

    def _scenes(self, brief: Brief, script: Script) -> Script:
        """The script in the director's scenes; in the writer's where there is no director, or none that fits."""
        lines = script.lines
        if self._director is None or len(lines) < 3:
            return script
        most = max(1, min(len(lines), round(brief.seconds / SECONDS_A_SCENE)))
        numbered = "\n".join(f"{number}. {line.text}" for number, line in enumerate(lines, start=1))
        prompt = render(
            "scenes",
            treatment=film_of(script.treatment),
            seconds=f"{brief.seconds:g}",
            most=str(most),
            lines=fence("lines", numbered),
        )
        try:
            draft = self._director.ask(
                prompt, DraftScenes, target="scenes", stage="write", check=lambda one: _order(one.scenes, len(lines))
            )
        except FAILURES as error:
            self._warn(f"{self._director.name} divided nothing into scenes ({error.message}); the writer's stand.")
            return script
        ends = [*(cut.first - 1 for cut in draft.scenes[1:]), len(lines)]
        scenes = tuple(
            Scene(
                id=f"s{number:02}",
                heading=cut.heading,
                place=cut.place,
                mood=cut.mood,
                lines=lines[cut.first - 1 : end],
            )
            for number, (cut, end) in enumerate(zip(draft.scenes, ends, strict=True), start=1)
        )
        return script.model_copy(update={"scenes": scenes})


class Desk:
    """Where one script is written: what it must have, and what is wrong with a draft."""

    def __init__(
        self,
        brief: Brief,
        plain: Script,
        shots: Sequence[Shot],
        treatment: Treatment,
        facts: Sequence[Fact],
        tongue: Language,
    ) -> None:
        """`plain` and `shots` are the offline plan: what it finds room for, a model finds room for too."""
        self._brief, self._plain, self._treatment, self._facts = brief, plain, treatment, facts
        self._tongue = tongue
        all_of_it = demands(own_words(brief), tongue)
        left_out = missing(all_of_it, plain, shots, tongue)
        self._wanted = tuple(each for each in all_of_it if each not in left_out)
        self._known = "\n".join([brief.text, *(fact.text for fact in facts)])
        self._usable: Draft | None = None

    def script(self, writer: Mind, film: Structure) -> Script:
        """The writer's script; one that only lacks something is taken in the end, and says what it lacks."""
        brief = self._brief
        prompt = render(
            "write",
            treatment=film_of(self._treatment),
            beats=outline(film, brief.seconds),
            seconds=f"{brief.seconds:g}",
            words=str(round(brief.seconds * WORDS_A_SECOND * 0.9)),
            brief=fence("brief", own_words(brief)),
            facts=fence("facts", _listed(self._facts)),
        )
        try:
            draft = writer.ask(prompt, Draft, target="script", stage="write", check=self._objection)
        except PlanError:
            if self._usable is None:
                raise
            draft = self._usable
        script = self._script(draft, film)
        lacking = self._lacking(script)
        if lacking:
            shorts = (f"The film does not have what the brief asks for: {_named(lacking)}.",)
            script = script.model_copy(update={"shorts": shorts})
        return script

    def _objection(self, draft: Draft) -> str:
        """In a sentence, what is wrong with a draft: first what may not stand, then what is too much or missing."""
        for line in draft.lines:
            if wrong := strangers(line.text, self._known):
                return f"{wrong} stands in no brief and no fact"
        self._usable = draft
        took = sum(voiced(line.text) + LINE_PAUSE for line in draft.lines) + END_CARD
        asked = self._brief.seconds
        if took > asked * LONGER:
            return f"it takes {took:.0f} s to say and the film has {asked:g} s: leave out {_words(took - asked)} words"
        lacking = self._lacking(self._script(draft, structure("")))
        if lacking:
            return f"the brief asks for what the script does not have: {_named(lacking)}"
        if took < asked * SHORTER and not self._plain.shorts:
            return f"it takes {took:.0f} s to say and the film has {asked:g} s: say {_words(asked - took)} more words"
        return ""

    def _lacking(self, script: Script) -> tuple[Demand, ...]:
        return missing(self._wanted, script, (), self._tongue)

    def _script(self, draft: Draft, film: Structure) -> Script:
        number, scenes, last = 0, [], len(draft.lines)
        spare = 0
        for index, scene in enumerate(draft.scenes, 1):
            lines = []
            for line in scene.lines:
                number += 1
                goes = line.spare and 1 < number < last and spare < last // 3
                spare += goes
                cites = tuple(credited(line.text, line.cites, self._facts, self._brief.references))
                text = " ".join(line.text.split())
                lines.append(Line(id=f"l{number:02}", text=text, cites=cites, spare=spare if goes else 0))
            scenes.append(Scene(id=f"s{index:02}", heading=scene.heading, mood=scene.mood, lines=tuple(lines)))
        return Script(
            title=draft.title,
            logline=draft.logline or self._treatment.logline,
            scenes=tuple(scenes),
            language=self._plain.language,
            narrated=film.narrated,
            treatment=self._treatment,
        )


def _promises(draft: DraftTreatment, means: Treatment) -> str:
    """A promise that cannot be kept here."""
    wrong = [kind for kind in draft.pictures if kind not in means.pictures and kind != "diagrams"]
    return f"{wrong[0]} cannot be had here, only {', '.join(means.pictures)}" if wrong else ""


def _order(cuts: Sequence[Cut], lines: int) -> str:
    firsts = [cut.first for cut in cuts]
    if firsts[0] != 1:
        return "the first scene does not begin with line 1"
    if firsts != sorted(set(firsts)) or firsts[-1] > lines:
        return f"the scenes do not begin at lines in order, from 1 to {lines}"
    return ""


def _listed(facts: Sequence[Fact]) -> str:
    return "\n".join(f"{number}. {fact.text} ({fact.source})" for number, fact in enumerate(facts, start=1)) or "none"


def _named(lacking: Sequence[Demand]) -> str:
    return ", ".join(str(each) for each in lacking[:8])


def _words(seconds: float) -> int:
    return max(1, round(seconds * WORDS_A_SECOND))
