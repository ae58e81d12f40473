"""Inspection: measure an encoded film against a platform's thresholds.

Knows nothing about shots or scenes: a check names seconds of the file.
"""

from typing import Literal

from ..media import Frozen

Verdict = Literal["pass", "warn", "fail", "skip"]


class Span(Frozen):
    """A stretch of the file in seconds, where the evidence is."""

    start: float
    end: float


class Check(Frozen):
    """One measured criterion: what was found, what was wanted, and where."""

    name: str
    value: str
    target: str
    verdict: Verdict
    spans: tuple[Span, ...] = ()
    source: str = ""
    """The standard or practice the target comes from."""
