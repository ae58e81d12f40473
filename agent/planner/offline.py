"""The offline planner: deterministic, and honest. It says and shows nothing that the brief does not say.

Knows the brief's words; knows no model and no network.
"""

from collections.abc import Callable, Mapping

from ..model import Brief, Plan, Script, Shot
from .shots import direct
from .writing import write


class Offline:
    """Plans without a model: the same brief and seed give the same plan."""

    name = "offline"

    def __init__(self, liking: Callable[[int], Mapping[str, float]] = lambda _seed: {}) -> None:
        """`liking` gives, for a seed, what layouts gain or lose because a person liked them before."""
        self._liking = liking

    def write(self, brief: Brief) -> Script:
        """Title, scenes and spoken lines, fitted to the seconds asked for."""
        return write(brief)

    def direct(self, brief: Brief, script: Script) -> tuple[Shot, ...]:
        """Shots on estimated times, covering every word of every line once."""
        return direct(brief, script, self._liking(brief.seed))

    def plan(self, brief: Brief) -> Plan:
        """Both at once."""
        script = self.write(brief)
        return Plan(script=script, shots=self.direct(brief, script))
