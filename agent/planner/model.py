"""The planner that asks a chat model for the script; shots are then directed as offline.

Knows LangChain's chat models; every question goes through the door, so that it is cached, budgeted and told.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pydantic import Field, ValidationError

from ...prompts import render
from ...tools.base import Cost, Device, Job
from ...tools.errors import ToolBusy, ToolError, ToolFailed, ToolMissing
from ...tools.media import Frozen
from ...tools.music import Mood
from ...tools.registry import Capability
from ..errors import PlanError
from ..model import Brief, Line, Scene, Script, Shot
from . import Planner

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REPAIRS = 2
"""Times a model may mend an answer that does not fit, each time shown what was wrong with it."""
WORDS_A_SECOND = 2.5
"""150 words a minute (criteria.md, "narration pace")."""


class DraftScene(Frozen):
    """A scene as a model writes it."""

    heading: str
    mood: Mood = "warm"
    lines: tuple[str, ...] = Field(min_length=1)


class Draft(Frozen):
    """A script as a model writes it: spoken sentences, nothing else."""

    title: str = Field(min_length=1, max_length=120)
    logline: str = ""
    scenes: tuple[DraftScene, ...] = Field(min_length=1, max_length=40)


class Question(Frozen):
    """What a chat model is asked: messages by role, and which model, since the answer is cached by all of it."""

    model: str
    messages: tuple[tuple[str, str], ...]


class Answer(Frozen):
    """What a chat model said, with its tokens."""

    text: str
    tokens: int = 0


MIND = Capability("mind", Question, Answer, ("mind.chat",))


class Chat:
    """A LangChain chat model as a tool: an object that was handed in, or a name for init_chat_model."""

    name = "mind.chat"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "net"
    result = Answer

    def __init__(self, model: "BaseChatModel | str") -> None:
        self._model = model

    @property
    def label(self) -> str:
        """Which model this is, for the cache key and for people."""
        return (
            self._model
            if isinstance(self._model, str)
            else str(getattr(self._model, "model_name", "") or type(self._model).__name__)
        )

    def ready(self) -> None:
        """A name is looked up when it is first asked."""

    def quote(self, request: Question) -> Cost:
        """Prices differ by contract and are not known here; seconds are a guess."""
        return Cost(seconds=20)

    def run(self, request: Question, job: Job) -> Answer:
        """One turn. ToolBusy where the endpoint may answer later, ToolFailed with what it said where not."""
        import openai
        from langchain_core.exceptions import LangChainException

        messages = [{"role": role, "content": text} for role, text in request.messages]
        try:
            reply = self._open().invoke(messages)
        except (openai.RateLimitError, openai.InternalServerError, openai.APIConnectionError, ConnectionError) as error:
            raise ToolBusy(f"The model {self.label} is busy: {error}", "Try again later.") from error
        except (openai.OpenAIError, LangChainException, OSError, ValueError, RuntimeError) as error:
            hint = "Check its name, key and address."
            raise ToolFailed(f"The model {self.label} did not answer: {error}", hint) from error
        usage: Any = getattr(reply, "usage_metadata", None) or {}
        return Answer(text=str(reply.text), tokens=int(usage.get("total_tokens", 0)))

    def _open(self) -> "BaseChatModel":
        if not isinstance(self._model, str):
            return self._model
        from langchain.chat_models import init_chat_model

        try:
            return init_chat_model(self._model)
        except ImportError as error:
            raise ToolMissing(f"The model {self._model} needs a package: {error}", "Install it with pip.") from error


class ModelPlanner:
    """Writes with a chat model; where it fails for good the spare planner writes, and the film is marked."""

    def __init__(
        self, label: str, spare: Planner, ask: Callable[[Question], Answer], warn: Callable[[str], None]
    ) -> None:
        self.name = label
        self._label, self._spare, self._ask, self._warn = label, spare, ask, warn

    def write(self, brief: Brief) -> Script:
        """The model's script, checked; or the spare planner's, announced."""
        try:
            return _script(self._draft(brief), self._spare.write(brief).language)
        except (PlanError, ToolError) as error:
            self._warn(f"{self._label} wrote no script that fits ({error.message}); the offline planner wrote it.")
            return self._spare.write(brief)

    def direct(self, brief: Brief, script: Script) -> tuple[Shot, ...]:
        """Shots by the spare planner's rules."""
        return self._spare.direct(brief, script)

    def _draft(self, brief: Brief) -> Draft:
        words = round(brief.seconds * WORDS_A_SECOND * 0.9)
        prompt = render("write", brief=brief.text, seconds=f"{brief.seconds:g}", words=str(words))
        messages: tuple[tuple[str, str], ...] = (("user", prompt),)
        problem = ""
        for _ in range(REPAIRS + 1):
            text = self._ask(Question(model=self._label, messages=messages)).text
            try:
                return Draft.model_validate_json(json_in(text))
            except ValidationError as error:
                first = error.errors()[0]
                problem = f"{'.'.join(map(str, first['loc'])) or 'the answer'}: {first['msg']}"
                messages = (*messages, ("assistant", text), ("user", render("repair", problem=problem)))
        raise PlanError(f"after {REPAIRS} repairs still {problem}")


def _script(draft: Draft, language: str) -> Script:
    number, scenes = 0, []
    for index, scene in enumerate(draft.scenes, 1):
        lines = []
        for text in scene.lines:
            number += 1
            lines.append(Line(id=f"l{number:02}", text=" ".join(text.split())))
        scenes.append(Scene(id=f"s{index:02}", heading=scene.heading, mood=scene.mood, lines=tuple(lines)))
    return Script(title=draft.title, logline=draft.logline, scenes=tuple(scenes), language=language)


def json_in(text: str) -> str:
    """The JSON object inside an answer that may stand in a fence or between words.

    >>> json_in('Here: ```json {"title": "x"} ```')
    '{"title": "x"}'
    """
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text
