"""The ledger holds what is quoted, counts what is settled, and refuses what does not fit."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright.agent.budget import Ledger
from reelwright.agent.errors import BudgetExceeded
from reelwright.agent.model import Budget
from reelwright.tools.base import Cost


def test_a_call_that_fits_is_reserved_and_settled() -> None:
    ledger = Ledger(Budget(money=1.0))
    held = ledger.reserve(Cost(money=0.4), "video.hosted")
    assert ledger.settle(held, Cost(money=0.3, seconds=2)) == Cost(money=0.3, seconds=2)


def test_what_is_held_counts_against_the_next_call() -> None:
    ledger = Ledger(Budget(money=1.0))
    ledger.reserve(Cost(money=0.7), "video.hosted")
    with pytest.raises(BudgetExceeded, match=r"video\.hosted would cost"):
        ledger.reserve(Cost(money=0.4), "video.hosted")


def test_an_overrun_settles_and_refuses_the_next_call() -> None:
    ledger = Ledger(Budget(seconds=10))
    held = ledger.reserve(Cost(seconds=1), "video.motion")
    ledger.settle(held, Cost(seconds=30))
    with pytest.raises(BudgetExceeded, match="tool time"):
        ledger.reserve(Cost(), "video.motion")


def test_free_calls_never_need_money() -> None:
    Ledger(Budget(money=0)).reserve(Cost(seconds=5), "speech.piper")


@given(st.floats(0, 5), st.lists(st.floats(0.01, 2), min_size=1, max_size=30))
def test_no_sequence_of_calls_spends_more_than_was_granted(granted: float, quotes: list[float]) -> None:
    ledger = Ledger(Budget(money=granted))
    threads = [threading.Thread(target=_spend, args=(ledger, quote)) for quote in quotes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ledger.spent.money <= granted + 1e-9


def _spend(ledger: Ledger, quote: float) -> None:
    try:
        held = ledger.reserve(Cost(money=quote), "video.hosted")
    except BudgetExceeded:
        return
    ledger.settle(held, Cost(money=quote))
