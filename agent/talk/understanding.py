"""Reading turns with a model: the same meanings as the grammar's, for what people say in other words.

Knows how to ask; what a model cannot be asked is read by the grammar, so that a talk never stalls.
"""

from collections.abc import Callable

from ...prompts import render
from ..errors import BudgetExceeded, PlanError, ToolError
from ..mind import Mind
from .grammar import Grammar
from .meaning import Expecting, Meaning

_CERTAIN = {"yes", "no", "stop", "go", "bye", "undo", "repeat", "help", "forget", "thanks", "hello", "default"}
"""What the grammar finds only in whole turns: no model is asked for a "stop"."""


class Understanding:
    """A Reader that asks a mind."""

    def __init__(self, mind: Mind, grammar: Grammar, scene: Callable[[], tuple[str, str]]) -> None:
        """A reader of turns.

        Args:
            scene: what was last asked, and the film in a sentence.
        """
        self._mind, self._grammar, self._scene = mind, grammar, scene

    def read(self, text: str, expecting: Expecting) -> Meaning:
        """The meaning of a turn."""
        plain = self._grammar.read(text, expecting)
        if plain.intent in _CERTAIN:
            return plain
        question, film = self._scene()
        prompt = render("turn", stage=expecting, question=question or "nothing", film=film or "none yet", text=text)
        try:
            meant = self._mind.ask(prompt, Meaning, target="talk", stage="write")
        except (ToolError, PlanError, BudgetExceeded):
            return plain
        if meant.intent == "revise" and not meant.request:
            return meant.model_copy(update={"request": text})
        return plain if meant.intent == "unclear" else meant
