"""Minds in their roles: each a chain of models that is asked through the door, in order, until one answers.

Knows questions, answers and repairs; knows nothing about what is asked for.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ..prompts import render
from ..tools.media import Asset
from ..tools.mind import Answer, Options, Question
from ..tools.mind.chat import Chat
from ..tools.mind.prices import price
from ..tools.registry import MIND
from .door import Delivery, Door
from .errors import BudgetExceeded, PlanError, ToolBusy, ToolError, ToolFailed
from .events import Stage, Warned
from .mind import Mind, Role, Thought
from .settings import Settings, chain_of, options_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

T = TypeVar("T", bound=BaseModel)
REPAIRS = 2
"""Times a model may mend an answer that does not fit, each time shown what was wrong with it."""
FAULTS = 5
"""Faults of one answer that a repair turn quotes."""
LONGEST_QUOTE = 20_000
"""Characters of an answer that its model is shown again: a runaway answer is not paid for twice."""
WEARY = 2
"""Times in a row that a model may be busy to the end before it is asked no more."""


class Fault(NamedTuple):
    """What is wrong with an answer, in short for people, and as the turn that asks for it again."""

    problem: str
    turn: str


@dataclass
class Chain:
    """A Mind: the models of one role."""

    role: Role
    models: tuple[str, ...]
    options: Mapping[str, Options]
    door: Door
    remember: Callable[[Thought], None]
    _busy: dict[str, int] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Go by the first model's name."""
        self.name = self.models[0]

    def ask(
        self,
        prompt: str,
        schema: type[T],
        *,
        images: tuple[Asset, ...] = (),
        target: str = "film",
        stage: Stage,
        check: Callable[[T], str] | None = None,
    ) -> T:
        """The first model's answer that fits; where one cannot answer the next is asked, and that is told.

        Args:
            check: says in a sentence what is wrong with an answer of the right shape, so that it is mended like any
                other fault; an empty sentence accepts it.
        """
        problem: PlanError | BudgetExceeded | ToolError | None = None
        for at, model in enumerate(self.models):
            if self._busy.get(model, 0) >= WEARY:
                problem = problem or ToolFailed(f"{model} was busy again and again.", "Try again later.")
                continue
            try:
                return self._of(model, prompt, schema, images, target, stage, check)
            except (PlanError, BudgetExceeded, ToolError) as error:
                problem = error
                self._busy[model] = self._busy.get(model, 0) + 1 if isinstance(error.__cause__, ToolBusy) else 0
                if at + 1 < len(self.models):
                    message = (
                        f"{model} did not answer as {self.role} ({error.message}); {self.models[at + 1]} is asked."
                    )
                    self.door.emit(Warned(target=target, message=message, degraded=True))
        assert problem is not None
        raise problem

    def _of(
        self,
        model: str,
        prompt: str,
        schema: type[T],
        images: tuple[Asset, ...],
        target: str,
        stage: Stage,
        check: Callable[[T], str] | None,
    ) -> T:
        question = self._question(model, prompt, schema, images)
        problem = ""
        for _ in range(REPAIRS + 1):
            delivery = self._asked(question, target, stage)
            found = _read(delivery.result, schema, question.max_tokens, check)
            if not isinstance(found, Fault):
                return found
            problem = found.problem
            # The shape once more, in words: a server that overlooked it has never seen it.
            turn = f"{found.turn}\n\n{question.spelled}" if len(question.messages) == 1 else found.turn
            said = delivery.result.text[:LONGEST_QUOTE] or "(nothing)"
            turns = (*question.messages, ("assistant", said), ("user", turn))
            question = question.model_copy(update={"messages": turns})
        raise PlanError(f"{model}: after {REPAIRS} repairs still {problem}", "Try another model.")

    def _question(self, model: str, prompt: str, schema: type[T], images: tuple[Asset, ...]) -> Question:
        options, shape = self.options[model], json.dumps(schema.model_json_schema(), ensure_ascii=False)
        return Question(
            model=model,
            messages=(("user", prompt),),
            images=images,
            shape=shape,
            spelled=render("shape", schema=shape),
            where=options.base_url,
            temperature=options.temperature,
            seed=options.seed,
            max_tokens=options.max_tokens,
        )

    def _asked(self, question: Question, target: str, stage: Stage) -> Delivery[Answer]:
        model = question.model
        if model not in self._told and price(model, self.options[model]) is None:
            self._told.add(model)
            message = f"No price is known for {model}: its tokens are counted, its money is not."
            self.door.emit(Warned(target="budget", message=message))
        try:
            delivery = self.door.call(MIND, question, target=target, stage=stage)
        except ToolError as error:  # what the model's provider said, without the door's summary of providers
            cause = error.__cause__
            if isinstance(cause, ToolBusy):
                raise ToolFailed(cause.message, cause.hint) from cause
            raise (cause if isinstance(cause, ToolError) else error) from None
        self._busy[model] = 0
        answer = delivery.result
        self.remember(
            Thought(
                role=self.role,
                model=model,
                stage=stage,
                target=target,
                key=delivery.key,
                seed=question.seed,
                temperature=question.temperature,
                asked=answer.asked,
                said=answer.said,
                money=delivery.cost.money,
                cached=delivery.cached,
            )
        )
        return delivery


def _read(answer: Answer, schema: type[T], most: int, check: Callable[[T], str] | None) -> T | Fault:
    """The answer as a value, or what is wrong with it."""
    if answer.cut:
        return Fault(f"it was cut off at {most} tokens", render("shorter", tokens=str(most)))
    try:
        found = schema.model_validate_json(json_in(answer.text))
    except ValidationError as error:
        problem = "; ".join(
            f"{'.'.join(map(str, each['loc'])) or 'the answer'}: {each['msg']}" for each in error.errors()[:FAULTS]
        )
    else:
        problem = check(found) if check else ""
        if not problem:
            return found
    return Fault(problem, render("repair", problem=problem))


def json_in(text: str) -> str:
    """The JSON object inside an answer that may stand in a fence or between words.

    >>> json_in('Here: ```json {"title": "x"} ```')
    '{"title": "x"}'
    """
    start, end = text.find("{"), text.rfind("}")
    return text[start : end + 1] if 0 <= start < end else text


def open_minds(
    settings: Settings, model: "BaseChatModel | None", door: Door, remember: Callable[[Thought], None]
) -> dict[Role, Mind]:
    """A mind for every role that settings name a model for; a chat model that was handed in serves all roles."""
    chains: dict[Role, tuple[str, ...]] = {}
    objects: dict[str, BaseChatModel] = {}
    if model is not None:
        objects = {label(model): model}
        chains = {role: tuple(objects) for role in get_args(Role)}
    else:
        named: dict[Role, tuple[str, ...]] = {role: chain_of(settings, role) for role in get_args(Role)}
        chains = {role: names for role, names in named.items() if names}
    options = {name: options_of(settings, name) for names in chains.values() for name in names}
    if chains:
        door.registry = door.registry.including(Chat(options, objects))
    opened = partial(Chain, options=options, door=door, remember=remember)
    return {role: opened(role=role, models=names) for role, names in chains.items()}


def label(model: "BaseChatModel") -> str:
    """What a chat model that was handed in is called, for the cache and for people."""
    return str(getattr(model, "model_name", "") or getattr(model, "model", "") or type(model).__name__)
