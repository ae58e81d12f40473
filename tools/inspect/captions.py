"""Captions that can be read: speed, duration, gaps and lines of subtitle cues, words and time of karaoke pages.

Knows nothing about where on the picture they stand.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ..assemble.words import Spoken, reluctance
from ..profiles import Limits, Profile
from . import Check, Span, Verdict
from .cues import CaptionCue, gaps

_LEANING, _NAME = 8.0, 7.0
"""Reluctance from which a line ends on a word that leans on the next, and between the parts of a name."""
_SOURCES = {"subtitle": "Netflix Timed Text", "page": "practice of the best short-form tools"}


@dataclass(frozen=True)
class _Fault:
    words: str
    grave: bool
    span: Span


def captions_check(cues: Sequence[CaptionCue], profile: Profile, frame: float, language: str = "en") -> Check:
    """Judge subtitle cues by the rules of timed text, karaoke pages by their own; `frame` in seconds."""
    limits, kind = profile.limits, cues[0].kind
    if kind == "page":
        faults = [fault for page in cues if page.kind == kind for fault in _page_faults(page, limits, frame)]
        target = (
            f"1 to {limits.page_words} words or ≤ {limits.page_characters} characters, ≥ {limits.page_frames} frames"
        )
    else:
        speed = limits.reading_speeds.get(language[:2], limits.reading_speed)
        hard = speed / limits.reading_speed * limits.reading_speed_fail
        rules: list[Callable[[CaptionCue], list[_Fault]]] = [
            lambda cue: _speed_faults(cue, speed, hard),
            lambda cue: _time_faults(cue, limits),
            lambda cue: _line_faults(cue, limits, language),
        ]
        faults = [fault for cue in cues for rule in rules for fault in rule(cue)]
        faults += _gap_faults(tuple(cues), limits, frame)
        target = (
            f"≤ {speed:g} characters/s, {limits.cue_seconds[0]:.2g} to {limits.cue_seconds[1]:g} s, "
            f"≤ {limits.cue_lines} lines of {limits.line_characters}"
        )
    return Check(
        name="captions",
        value=_value(cues, faults),
        target=target,
        verdict=_verdict(faults),
        spans=tuple(fault.span for fault in sorted(faults, key=lambda each: not each.grave)),
        source=_SOURCES[kind],
    )


def _value(cues: Sequence[CaptionCue], faults: Sequence[_Fault]) -> str:
    fastest = max(len(cue.text) / max(cue.end - cue.start, 1e-3) for cue in cues)
    kinds = "pages" if cues[0].kind == "page" else f"cues, at most {fastest:.1f} characters/s"
    said = list(dict.fromkeys(fault.words for fault in sorted(faults, key=lambda each: not each.grave)))
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    return f"{len(cues)} {kinds}" + (f": {', '.join(said[:3])}{more}" if said else "")


def _verdict(faults: Sequence[_Fault]) -> Verdict:
    return "fail" if any(fault.grave for fault in faults) else "warn" if faults else "pass"


def _page_faults(page: CaptionCue, limits: Limits, frame: float) -> list[_Fault]:
    faults, span = list[_Fault](), Span(start=page.start, end=page.end)
    if len(page.text.split()) > limits.page_words and len(page.text) > limits.page_characters:
        faults.append(_Fault(f"{len(page.text.split())} words on a page", True, span))
    if any(word.ends_sentence for word in (Spoken(text, 0, 0) for text in page.text.split()[:-1])):
        faults.append(_Fault("a page that crosses a sentence", True, span))
    # Half a frame for times that the script rounds to hundredths.
    if page.end - page.start < (limits.page_frames - 0.5) * frame:
        faults.append(_Fault(f"a page of {round((page.end - page.start) / frame)} frames", True, span))
    return faults


def _speed_faults(cue: CaptionCue, speed: float, hard: float) -> list[_Fault]:
    rate = len(cue.text) / max(cue.end - cue.start, 1e-3)
    if rate <= speed + 0.05:
        return []
    return [_Fault(f"{rate:.1f} characters/s", rate > hard + 0.05, Span(start=cue.start, end=cue.end))]


def _time_faults(cue: CaptionCue, limits: Limits) -> list[_Fault]:
    length = cue.end - cue.start
    low, high = limits.cue_seconds
    if low - 0.01 <= length <= high + 0.01:
        return []
    return [_Fault(f"a cue of {length:.2f} s", length < limits.cue_seconds_fail, Span(start=cue.start, end=cue.end))]


def _line_faults(cue: CaptionCue, limits: Limits, language: str) -> list[_Fault]:
    faults, span = list[_Fault](), Span(start=cue.start, end=cue.end)
    if len(cue.lines) > limits.cue_lines:
        faults.append(_Fault(f"{len(cue.lines)} lines", True, span))
    longest = max(len(line) for line in cue.lines)
    if longest > limits.line_characters:
        faults.append(_Fault(f"a line of {longest} characters", True, span))
    for line, below in pairwise(cue.lines):
        words = _parted(line, below, language)
        if words:
            faults.append(_Fault(words, False, span))
    return faults


def _parted(line: str, below: str, language: str) -> str:
    """What a line break tears apart: an article and its noun, a verb and its auxiliary, a name; empty if nothing."""
    left, right = line.split()[-1], below.split()[0]
    # In capitals, and where nouns are written with them, two capitals are no name.
    plain = line.isupper() or language.startswith("de")
    one, other = (Spoken(word.lower() if plain else word, 0, 0) for word in (left, right))
    hurt = reluctance(one, other)
    if hurt >= _LEANING:
        return f"a line that ends on “{left.lower()}”"
    return f"“{left} {right}” parted" if hurt >= _NAME else ""


def _gap_faults(cues: tuple[CaptionCue, ...], limits: Limits, frame: float) -> list[_Fault]:
    faults = []
    for time, gap in gaps(cues):
        if gap < (limits.cue_gap_frames - 0.5) * frame:
            span = Span(start=max(time - frame, 0), end=time + frame)
            grave = gap < -frame
            faults.append(_Fault("cues that overlap" if grave else "a gap under two frames", grave, span))
    return faults
