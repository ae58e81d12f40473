"""The partner: asks for what the brief lacks, reads the plan back, makes the film beside the talk, takes revisions.

Knows what is said as text; knows nothing about sound, terminals or how pictures are made.
"""

import threading

from ..mind import Mind
from ..model import Brief
from ..studio import Studio
from . import Heard, Reply
from .answers import Answers
from .draft import Draft
from .floor import Floor
from .grammar import Grammar
from .interview import Interview
from .lexis import Phrases, lexis
from .meaning import Reader
from .production import Production
from .studios import Studios
from .telling import Teller
from .transcript import Transcript
from .understanding import Understanding

SURE = 0.55
"""Confidence below which a turn is asked for again. Measured with tiny.en on Piper's speech: plain sentences in noise
0.62 to 0.97, mumbled or hurried ones 0.30 to 0.52, voices of several people at once 0.36 to 0.43."""
UNSURE = 2
"""Times it is asked for again before typing is suggested."""
MOST = 8000
"""Characters of a turn; what is beyond is not taken."""


class FilmPartner:
    """One person's talk about one film in one folder."""

    def __init__(
        self,
        studios: Studios,
        default: Brief,
        draft: Draft | None = None,
        *,
        reader: Reader | None = None,
        mind: Mind | None = None,
    ) -> None:
        """A talk in the studios' folder.

        Args:
            default: what a brief is like where nothing was said: length, size, rate.
            draft: what is known already, such as from the command line.
            reader: who finds out what is meant; the mind, and without one the grammar, if not given.
            mind: the model that reads turns and requests, and that writes what the person did not say.
        """
        words = lexis()
        self._say = Phrases(words)
        self._floor = floor = Floor(draft or Draft())
        grammar = Grammar(words)
        self._reader = reader or (Understanding(mind, grammar, self._scene) if mind else grammar)
        self._studios = studios
        teller = Teller(self._say, words)
        answers = Answers(floor, self._say, teller, studios.folder, studios.settings)
        self._production = Production(floor, studios, self._say, teller, answers, mind)
        self._interview = Interview(
            floor, self._production, answers, self._say, words, studios, default, inventive=mind is not None
        )
        self._transcript = Transcript(studios.folder)
        self._unsure = 0
        self._cut = False
        self._left: tuple[str, ...] = ()
        """The last words, once the input ended."""
        self._last: tuple[Reply, ...] = ()
        self._lock = threading.RLock()

    @property
    def finished(self) -> bool:
        """True once the goodbye was said and nothing is being made."""
        return self._floor.gone and not self.busy

    @property
    def busy(self) -> bool:
        """True while a plan or a film is being made, or its end was not told yet."""
        return self._floor.work is not None

    @property
    def satisfied(self) -> bool:
        """True where there is a finished film, or the person said goodbye; False where the talk was cut off."""
        film = self._floor.record is not None and self._floor.record.film is not None
        return (film and self._floor.stage != "stopped") or (self._floor.gone and not self._cut)

    def studio(self) -> Studio:
        """The talk's own studio: what goes through it is deleted by `forget`."""
        return self._studios.private()

    def open(self) -> tuple[Reply, ...]:
        """The first words: a greeting, or where the last talk ended."""
        with self._lock:
            record, kept = self._studios.record(), self._transcript.draft()
            if record is None and kept and not self._floor.draft.topic:
                self._floor.draft = kept
            return self._tell(self._interview.begin(record))

    def hear(self, heard: Heard) -> tuple[Reply, ...]:
        """Take a person's turn and answer it."""
        with self._lock:
            text = heard.text.strip()[:MOST]
            self._transcript.add(
                "person", text, kind=self._floor.stage, confidence=heard.confidence, recording=heard.recording
            )
            if heard.confidence < SURE or not text:
                return self._tell((self._unclear(),))
            self._unsure = 0
            meaning = self._reader.read(text, self._floor.stage)
            if meaning.intent == "repeat":
                return self._last or self._tell((self._say("nothing_said"),))
            first = (self._say("cut"),) if heard.cut or len(heard.text) > MOST else ()
            told = self._tell((*first, *self._interview.answer(meaning, text)))
            if not self._floor.forgotten and self._floor.record is None:
                self._transcript.keep(self._floor.draft)
            self._floor.forgotten = False
            return told

    def tick(self) -> tuple[Reply, ...]:
        """What is to be told since the last call."""
        with self._lock:
            left, self._left = self._left, ()
            return self._tell((*left, *self._production.settle()), kind="progress")

    def close(self) -> None:
        """End of input: stop what is being made in order, keep what is finished."""
        with self._lock:
            work = self._floor.work
            if work is not None:
                work.stop()
                work.wait()
                self._left = self._production.settle()
            if not self._floor.gone:
                self._cut = True
                self._left = (*self._left, *self._interview.bye())

    def _scene(self) -> tuple[str, str]:
        plan, topic = self._floor.plan, self._floor.draft.topic
        film = f"{plan.script.title}: {len(plan.script.scenes)} scenes, {len(plan.shots)} shots" if plan else topic
        return self._floor.question, film

    def _unclear(self) -> str:
        """Ask for the turn again; after the second time suggest typing."""
        self._unsure += 1
        if self._unsure > UNSURE:
            return self._say("typing")
        return self._say("unclear_yes" if self._floor.stage in {"agree", "confirm"} else "unclear")

    def _tell(self, texts: tuple[str, ...], kind: str = "say") -> tuple[Reply, ...]:
        """The replies, kept in the transcript; a question is what was last asked."""
        replies = []
        for text in texts:
            if not text:
                continue
            sort = "bye" if self._floor.gone else "ask" if text.endswith("?") else kind
            replies.append(Reply.model_validate({"text": text, "kind": sort}))
            if not self._floor.forgotten:
                self._transcript.add("reelwright", text, kind=sort)
        if replies:
            self._last = tuple(replies)
        return tuple(replies)
