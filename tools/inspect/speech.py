"""What is said: its pace, and how much of the script is heard in the film.

Knows nothing about voices or recognisers: somebody hands in what was heard.
"""

from collections.abc import Sequence

from ..listen.wer import word_error_rate, words_of
from ..profiles import Profile
from . import Check, Span
from .cues import CaptionCue
from .spans import joined

_SLIPS = 2
_PAUSE = 0.35
"""Seconds between cues that still belong to one stretch of speech."""


def pace_check(
    script: str, cues: Sequence[CaptionCue], speech: Sequence[Span] | None, profile: Profile, language: str
) -> Check:
    """Words a minute of speech, from the spans of the voice, else from the times of the captions."""
    limits = profile.limits
    low, high = limits.pace
    name, target, source = "pace", f"{low:g} to {high:g} words a minute", "narration practice"
    text = script or " ".join(cue.text for cue in cues)
    spans = joined(speech if speech is not None else (Span(start=cue.start, end=cue.end) for cue in cues), _PAUSE)
    seconds = sum(span.end - span.start for span in spans)
    if not text.strip() or seconds < 1:
        return Check(name=name, value="no words with times", target=target, verdict="skip", source=source)
    rate = len(words_of(text)) / seconds * 60
    value = f"{rate:.0f} words a minute" + ("" if speech is not None else " by the captions")
    if not language.startswith("en"):
        return Check(name=name, value=f"{value}, no norm for {language}", target=target, verdict="skip", source=source)
    hardest = limits.pace_fail
    verdict = "pass" if low <= rate <= high else "warn" if hardest[0] <= rate <= hardest[1] else "fail"
    return Check(name=name, value=value, target=target, verdict=verdict, source=source)


def words_check(script: str, heard: str | None, profile: Profile, why_not: str) -> Check:
    """Word error rate of what was heard against the script; skipped for the reason given where nobody listened."""
    limit = profile.limits.word_errors
    target = f"WER ≤ {limit:.0%}"
    if not script.strip() or heard is None:
        reason = why_not if script.strip() else "no script given"
        return Check(name="words", value=reason, target=target, verdict="skip", source="own rule")
    rate, count = word_error_rate(script, heard), len(words_of(script))
    # A recogniser has its own slips: a word or two in a short film are for a person to hear.
    few = round(rate * count) <= _SLIPS
    return Check(
        name="words",
        value=f"WER {rate:.1%} of {count} words",
        target=target,
        verdict="pass" if rate <= limit + 1e-9 else "warn" if few else "fail",
        source="own rule",
    )
