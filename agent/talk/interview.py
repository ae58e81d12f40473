"""The flow of a talk: asks for what the brief lacks, takes answers and corrections, and says goodbye.

Knows what is meant by each turn; the production beside it does what is asked.
"""

from collections.abc import Callable

from ..model import Brief
from ..record import Record
from .answers import Answers
from .draft import Draft, draft_of
from .floor import Floor
from .lexis import Lexis, Phrases
from .meaning import Meaning
from .production import Production, Texts
from .studios import Studios
from .telling import file_of
from .transcript import forget


class Interview:
    """Decides what each turn leads to."""

    def __init__(
        self,
        floor: Floor,
        production: Production,
        answers: Answers,
        say: Phrases,
        words: Lexis,
        studios: Studios,
        default: Brief,
        *,
        inventive: bool,
    ) -> None:
        """`inventive`: a model writes what the film says, so that the person need not be asked for it."""
        self._floor, self._production, self._answers = floor, production, answers
        self._say, self._words, self._studios, self._default = say, words, studios, default
        self._inventive = inventive

    def begin(self, record: Record | None) -> Texts:
        """The first words, or where the last talk ended."""
        floor = self._floor
        if record is None:
            first = self._next(() if floor.draft.topic else (self._say("hello"),))
            floor.question = floor.question if floor.draft.topic else self._say("ask_topic")
            return first
        floor.record, floor.brief, floor.plan = record, record.brief, record.plan
        floor.draft = draft_of(record.brief)
        title = record.plan.script.title if record.plan else floor.draft.topic
        if record.film is not None and record.status == "finished":
            floor.stage = "made"
            return (self._say("back", title=title),)
        if record.plan is not None and not record.takes and record.status == "asking":
            return self._production.read_back()
        floor.stage = "stopped"
        return (self._say("back_open", title=title),)

    def answer(self, meaning: Meaning, text: str) -> Texts:
        """What a turn leads to."""
        floor = self._floor
        if floor.stage == "confirm" and meaning.intent in {"yes", "no", "stop"}:
            return self._confirmed(meaning.intent == "yes")
        if floor.stage == "confirm":
            floor.stage, floor.pending = floor.before, None
        said = self._answers.to(meaning)
        if said is not None:
            return (said,)
        acts: dict[str, Callable[[], Texts]] = {
            "stop": self._production.stop,
            "go": self._production.go,
            "undo": self._production.undo,
            "take": lambda: self._production.take(meaning.number),
            "bye": self.bye,
            "forget": lambda: self._production.ask(self._say("confirm_forget"), self._forget),
            "yes": self._yes,
            "no": self._no,
            "default": self._defaults,
            "details": lambda: self._details(meaning, text),
            "revise": lambda: self._revise(meaning.request or text),
        }
        return acts.get(meaning.intent, self._miss)()

    def _next(self, first: Texts = ()) -> Texts:
        """The next question; where nothing is left to ask, the plan."""
        floor, draft = self._floor, self._floor.draft
        if not draft.topic:
            floor.stage = "topic"
            return self._asking(first or (self._say("ask_topic"),))
        if not draft.content and not self._inventive and floor.stage == "topic":
            floor.stage = "content"
            return self._asking((*first, self._say("ask_content", topic=_inside(draft.topic))))
        if draft.lacking and floor.stage != "details" and not (floor.stage == "content" and not draft.content):
            floor.stage = "details"
            return self._asking((*first, self._say("ask_" + "_".join(draft.lacking))))
        defaults = self._taken(draft)
        return (*first, *defaults, *self._production.plan(draft.brief(self._default)))

    def _asking(self, texts: Texts) -> Texts:
        self._floor.question = texts[-1]
        return texts

    def _taken(self, draft: Draft) -> Texts:
        """What is taken where nothing was said: named once, so that it can be corrected."""
        told = {"seconds": self._say("default_seconds", length=self._say.length(self._default.seconds))}
        told["size"] = self._say("default_size", shape=self._words.shape(self._default.size))
        said = [told[name] for name in draft.lacking if name in told]
        if not draft.content and not self._inventive:
            said.append(self._say("default_content"))
        self._floor.draft = draft.model_copy(update={"asked": ("seconds", "size", "audience")})
        return (" ".join(said),) if said else ()

    def _details(self, meaning: Meaning, text: str) -> Texts:
        floor = self._floor
        if floor.stage == "made" and meaning.topic and floor.plan is not None:
            return (self._say("other_film", title=floor.plan.script.title),)
        if floor.stage in {"making", "made", "stopped"} or (floor.stage == "agree" and floor.edited):
            return self._revise(text)
        long = bool(meaning.seconds) and not 2 <= meaning.seconds <= 600
        floor.draft = floor.draft.with_(meaning, self._words, self._default.size)
        length = self._say.length(floor.draft.seconds or self._default.seconds)
        first = (self._say("too_long", length=length),) if long else ()
        if floor.stage == "agree":
            return self._production.plan(floor.draft.brief(self._default), " ".join((*first, self._changed(meaning))))
        return self._next(first)

    def _changed(self, meaning: Meaning) -> str:
        """What was corrected, in a sentence each."""
        draft, said = self._floor.draft, []
        if meaning.topic:
            said.append(self._say("changed_topic", topic=_inside(draft.topic)))
        if meaning.seconds:
            said.append(self._say("changed_seconds", length=self._say.length(draft.seconds or 0)))
        if meaning.shape:
            said.append(self._say("changed_size", shape=self._words.shape(draft.size or self._default.size)))
        if meaning.audience:
            said.append(self._say("changed_audience", who=draft.audience))
        if meaning.content:
            said.append(self._say("changed_content"))
        return " ".join(said)

    def _revise(self, request: str) -> Texts:
        floor = self._floor
        if floor.stage in {"topic", "content", "details"}:
            return self._miss()
        return self._production.revise(request)

    def _yes(self) -> Texts:
        floor = self._floor
        if floor.stage == "agree":
            return self._production.make(self._say("start"))
        if floor.stage == "stopped":
            return self._production.go() if floor.plan else self._production.plan(floor.draft.brief(self._default))
        if floor.stage == "details":
            return self._next()
        if floor.stage == "making":
            return (self._say("already"),)
        return (self._say("yes_what", question=floor.question or self._say("what_else")),)

    def _no(self) -> Texts:
        floor = self._floor
        if floor.stage in {"agree", "made"}:
            return (self._say("what_else"),)
        if floor.stage in {"content", "details"}:
            return self._defaults()
        return (self._say("waiting"),)

    def _defaults(self) -> Texts:
        if self._floor.stage == "topic":
            return (self._say("no_topic"),)
        return self._next() if self._floor.stage in {"content", "details"} else self._miss()

    def _confirmed(self, yes: bool) -> Texts:
        floor = self._floor
        pending, floor.pending, floor.stage = floor.pending, None, floor.before
        return pending() if yes and pending else (self._say("unchanged"),)

    def _forget(self) -> Texts:
        forget(self._studios.folder)
        self._floor.forgotten = True
        return (self._say("forgotten"),)

    def bye(self) -> Texts:
        """Goodbye; what runs is finished first."""
        floor = self._floor
        floor.leaving = True
        if floor.work is not None:
            return (self._say("bye_later"),)
        floor.gone = True
        if floor.stage == "made":
            return (self._say("bye_film", file=file_of(self._studios.folder)),)
        return (self._say({"agree": "bye_unmade", "stopped": "bye_stopped"}.get(floor.stage, "bye_nothing")),)

    def _miss(self) -> Texts:
        return (self._answers.miss(),)


def _inside(topic: str) -> str:
    """A topic in the middle of a sentence: small, unless its first word is a name or letters."""
    return topic if topic[:2].isupper() or not topic else topic[0].lower() + topic[1:]
