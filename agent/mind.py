"""A mind: a language model in a role, asked for a value and not for prose.

Knows nothing about which model answers, nor about what its answer is used for.
"""

from collections.abc import Callable
from typing import Literal, Protocol, TypeVar

from pydantic import BaseModel

from ..tools.media import Asset, Frozen
from .events import Stage

Role = Literal["writer", "director", "critic"]
T = TypeVar("T", bound=BaseModel)


class Thought(Frozen):
    """One answer of a model, for the record: who answered what, how, and for how much."""

    role: Role
    model: str
    stage: Stage
    target: str
    key: str = ""
    """Finds question and answer in the cache again."""
    seed: int | None = None
    temperature: float | None = None
    asked: int = 0
    said: int = 0
    money: float = 0.0
    cached: bool = False


class Mind(Protocol):
    """One role's model, or a chain of them."""

    name: str
    """Which model answers, in words for people."""

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
        """The model's answer as a `schema`, validated; an answer that does not fit is mended at most twice.

        Args:
            images: pictures that the prompt speaks of, in their order.
            check: says in a sentence what is wrong with an answer of the right shape; empty accepts it.
            target: the shot, line or stage that the question is about, for events and the ledger.

        Raises:
            PlanError: after two repairs the answer still does not fit.
            BudgetExceeded: the question does not fit into what was granted.
            ToolError: no model of the chain could be asked.
        """
        ...
