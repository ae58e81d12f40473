"""The ledger at the door: reserve before a call, settle after it.

Knows nothing about tools; it counts money, wall seconds of tool work and rounds.
"""

import threading
from dataclasses import dataclass

from ..tools.base import Cost
from .errors import BudgetExceeded
from .model import Budget


@dataclass(frozen=True)
class Reservation:
    """Money and seconds held for a call that is running."""

    cost: Cost


class Ledger:
    """Spent and reserved amounts under one lock. An overrun settles, and refuses the next call."""

    def __init__(self, budget: Budget, spent: Cost | None = None) -> None:
        self.budget = budget
        self._spent = spent or Cost()
        self._held = Cost()
        self._lock = threading.Lock()

    @property
    def spent(self) -> Cost:
        """What settled calls cost."""
        with self._lock:
            return self._spent

    def reserve(self, quote: Cost, tool: str) -> Reservation:
        """Hold the quote, or raise BudgetExceeded before anything is spent."""
        with self._lock:
            money = self._spent.money + self._held.money + quote.money
            if quote.money and money > self.budget.money:
                raise BudgetExceeded(
                    f"{tool} would cost ${quote.money:.2f}, and ${money - quote.money:.2f} of "
                    f"${self.budget.money:.2f} is spent or held.",
                    "Raise --money, or let an offline provider do it.",
                )
            if self._spent.seconds >= self.budget.seconds:
                raise BudgetExceeded(
                    f"{tool} was not called: all {self.budget.seconds:.0f} s of tool time are spent.",
                    "Raise --tool-seconds and run `reelwright resume`.",
                )
            self._held = self._held + quote
            return Reservation(quote)

    def settle(self, reservation: Reservation, actual: Cost) -> Cost:
        """Release what was held, count what it really cost, and return all that is spent."""
        with self._lock:
            held = reservation.cost
            self._held = Cost(
                money=max(self._held.money - held.money, 0.0), seconds=max(self._held.seconds - held.seconds, 0.0)
            )
            self._spent = self._spent + actual
            return self._spent
