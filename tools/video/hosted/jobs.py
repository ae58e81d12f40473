"""One order from its making to its end: written down before anything is waited for, so that nothing is paid for twice.

Knows orders, patience and what is noted; knows no protocol, and nothing about what becomes of the clip.
"""

import time
from contextlib import suppress
from dataclasses import dataclass

from ...base import Job
from ...errors import ReelwrightError, Refused, ToolBusy, ToolFailed
from ...media import Frozen
from . import Lost, Order, Ready, Service, Waiting
from .wire import Gone

DEADLINE = 1800.0
"""Seconds that an order may take, unless an option says otherwise."""
SLOWEST = 20.0
"""Seconds between two looks, at most."""
GROWTH = 1.3
"""How much longer each wait is than the one before."""
USUAL = 90.0
"""Seconds that a clip takes, for the progress of services that tell none, and for quotes."""


class Slip(Frozen):
    """What is written down about an order: its number once there is one, and whether its money is in the ledger."""

    number: str = ""
    counted: bool = False


@dataclass(frozen=True)
class Waits:
    """How often to look, and when to give up, in seconds."""

    pace: float
    deadline: float = DEADLINE


@dataclass(frozen=True)
class Made:
    """A finished order."""

    ready: Ready
    number: str
    counted: bool
    """Its money is in the ledger from an earlier attempt."""
    notes: tuple[str, ...] = ()


def carried_out(service: Service, order: Order, job: Job, waits: Waits) -> Made:
    """Order the clip, unless it was ordered before, and wait for it.

    Raises:
        Refused: the service's moderation would not have it.
        ToolBusy: nothing was ordered, and it may be tried again.
        ToolFailed: it failed, took too long, or was stopped. What is still being made is found again the next time.
    """
    slip = slip_of(job)
    notes: tuple[str, ...] = ()
    if slip is not None and slip.number:
        try:
            return Made(_awaited(service, slip.number, job, waits), slip.number, slip.counted)
        except Gone:
            notes = (f"{service.title} no longer knows the clip that was ordered before; it was ordered again",)
    elif slip is not None:
        notes = (f"an earlier order to {service.title} was cut short; if it was taken, it was charged there as well",)
    write(job, Slip())
    try:
        number = service.create(order)
    except ReelwrightError as error:
        if error.money is not None:  # it was not taken, so there is nothing to remember
            job.note("")
        raise
    write(job, Slip(number=number))
    job.progress(0.02)
    try:
        return Made(_awaited(service, number, job, waits), number, False, notes)
    except Gone as error:
        job.note("")
        raise ToolFailed(error.message, "Make the film again.") from error


def slip_of(job: Job) -> Slip | None:
    """What an earlier attempt wrote down."""
    with suppress(ValueError):
        return Slip.model_validate_json(job.noted())
    return None


def write(job: Job, slip: Slip) -> None:
    """Write it down."""
    job.note(slip.model_dump_json())


def kept(job: Job, number: str, message: str, hint: str, *, once: bool = False) -> ToolFailed:
    """A failure after which the clip may still be had: the order stays noted, its money counts now and never again.

    Args:
        once: where it fails like that a second time the order is forgotten, so that the next one is a new one.
    """
    slip = slip_of(job)
    counted = slip is not None and slip.counted
    failed = ToolFailed(message, hint)
    failed.money = 0.0 if counted else None
    if once and counted:
        job.note("")
    else:
        write(job, Slip(number=number, counted=True))
    return failed


def _awaited(service: Service, number: str, job: Job, waits: Waits) -> Ready:
    began, wait = time.monotonic(), waits.pace
    while True:
        after = 0.0
        try:
            state = service.look(number)
        except ToolBusy as error:
            state, after = Waiting(), error.after or 0.0
        except Gone:
            raise
        except ToolFailed as error:
            raise kept(job, number, error.message, error.hint) from error
        if isinstance(state, Ready):
            job.progress(0.9)
            return state
        if isinstance(state, Lost):
            raise _lost(service, state, job)
        gone = time.monotonic() - began
        job.progress(0.02 + 0.86 * (state.part if state.part is not None else gone / (gone + USUAL)))
        if gone >= waits.deadline:
            hint = "Make the film again, or resume it: the same order is waited for, and nothing is ordered twice."
            raise kept(job, number, f"{service.title} has not made the clip within {waits.deadline:g} s.", hint)
        _sleep(min(max(wait, after), max(waits.deadline - gone, 0.0)), job)
        if job.cancelled():
            raise _stopped(service, number, job)
        wait = min(wait * GROWTH, max(SLOWEST, waits.pace))


def _sleep(seconds: float, job: Job) -> None:
    """Wait, but not through a stop."""
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0 and not job.cancelled():
        time.sleep(min(left, 0.2))


def _lost(service: Service, state: Lost, job: Job) -> Refused | ToolFailed:
    slip = slip_of(job)
    job.note("")
    error: Refused | ToolFailed = ToolFailed(f"{service.title} failed: {state.why}", "Try again, or word it otherwise.")
    if state.refused:
        error = Refused(f"{service.title} will not make this: {state.why}", "Word the shot otherwise.")
    error.money = 0.0 if slip is not None and slip.counted else state.money
    return error


def _stopped(service: Service, number: str, job: Job) -> ToolFailed:
    """Call it off. What cannot be called off is made all the same: its money counts when it is fetched."""
    called_off = False
    with suppress(ReelwrightError):
        called_off = service.cancel(number)
    stopped = ToolFailed(f"Stopped while {service.title} made a clip.", "Resume the film.")
    if called_off:
        job.note("")
    else:
        stopped.money = 0.0
    return stopped
