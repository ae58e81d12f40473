"""Captions in time: cues against the words that are spoken, karaoke words against their own, cue ends against cuts.

Knows nothing about reading speed, lines or places.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from statistics import median

from ..profiles import Limits, Profile
from . import Check, Span, SpokenWord
from .cues import CaptionCue

_SOURCE = "Netflix Timed Text"
_FEWEST = 3
"""Cues that must be recognised before rough times say anything."""
_ALIKE = 0.5
"""Part of the captions' words that must be among those spoken: else they are not the same text."""


@dataclass(frozen=True)
class _Match:
    """A cue with the words spoken for it; `offsets` are (seconds late, where) of its words."""

    cue: CaptionCue
    start: float
    """Seconds by which the cue comes after its first word."""
    end: float | None
    """Seconds by which it stays after its last word."""
    offsets: tuple[float, ...] = ()


def timing_check(
    cues: Sequence[CaptionCue], words: Sequence[SpokenWord], profile: Profile, frame: float, *, rough: bool = False
) -> Check:
    """In-times against the words; `rough` times of a recogniser judge all cues together."""
    name = "caption_timing"
    if not cues or not words:
        reason = "no captions" if not cues else "nobody knows when the words are spoken"
        return Check(name=name, value=reason, target="", verdict="skip", source=_SOURCE)
    matches, part = _matched(cues, words)
    if not matches or part < _ALIKE:
        value = f"{part:.0%} of the captions' words are among those spoken"
        return Check(name=name, value=value, target="", verdict="skip", source=_SOURCE)
    return _roughly(matches, profile.limits) if rough else _exactly(matches, profile.limits, frame)


def cuts_check(cues: Sequence[CaptionCue], cuts: Sequence[float], profile: Profile, frame: float) -> Check:
    """Cue ends that are near a cut stand on it: the share of them; a warning at most."""
    limits, name = profile.limits, "caption_cuts"
    target = f"≥ {limits.cut_share:.0%} of the ends near a cut within {limits.cut_frames} frames"
    ends = [cue for cue in cues if cue.kind == "subtitle"]
    near = [(cue, min((abs(cue.end - cut) for cut in cuts), default=9.0)) for cue in ends]
    near = [(cue, gap) for cue, gap in near if gap <= (limits.cue_out_frames + 0.5) * frame]
    if not near:
        value = "no cue ends near a cut" if ends else "no subtitle cues"
        return Check(name=name, value=value, target=target, verdict="skip", source=_SOURCE)
    off = [cue for cue, gap in near if gap > (limits.cut_frames + 0.5) * frame]
    good = len(near) - len(off)
    return Check(
        name=name,
        value=f"{good} of {len(near)} ends near a cut stand on it",
        target=target,
        verdict="pass" if good >= limits.cut_share * len(near) else "warn",
        spans=tuple(Span(start=max(cue.end - 0.5, 0), end=cue.end + 0.5) for cue in off),
        source=_SOURCE,
    )


def plain(text: str) -> list[str]:
    """Words as they are compared: letters and figures only, in lower case.

    >>> plain("Don't stop — 70% is water.")
    ['dont', 'stop', '70', 'is', 'water']
    """
    flat = "".join(mark for mark in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(mark))
    return re.sub(r"[^\w\s]|_", " ", re.sub(r"['’.](?=\w)", "", flat)).split()


def _exactly(matches: Sequence[_Match], limits: Limits, frame: float) -> Check:
    early = (limits.cue_in_frames + 0.5) * frame
    late = [match for match in matches if abs(match.start) > early]
    grave = [match for match in late if abs(match.start) > limits.cue_in_fail + frame / 2]
    lit = [match for match in matches if any(abs(at) > limits.word_offset + frame / 2 for at in match.offsets)]
    gone = [match for match in matches if match.end is not None and match.end < -early]
    worst = max((match.start for match in matches), key=abs)
    offsets = [at for match in matches for at in match.offsets]
    said = [f"{len(matches)} in-times, at most {worst * 1000:+.0f} ms"]
    said += [f"words at most {max(offsets, key=abs) * 1000:+.0f} ms"] if offsets else []
    said += [f"{len(gone)} end before their last word"] if gone else []
    wrong = grave or lit or late or gone
    return Check(
        name="caption_timing",
        value=", ".join(said),
        target=f"within {limits.cue_in_frames} frames of the word, lit words within {limits.word_offset * 1000:.0f} ms",
        verdict="fail" if grave or lit else "warn" if wrong else "pass",
        spans=tuple(Span(start=match.cue.start, end=match.cue.end) for match in wrong),
        source=_SOURCE,
    )


def _roughly(matches: Sequence[_Match], limits: Limits) -> Check:
    low, high = limits.heard_offset
    off = median(match.start for match in matches)
    few = len(matches) < _FEWEST
    wrong = [match for match in matches if abs(match.start) > high] if abs(off) > low else []
    return Check(
        name="caption_timing",
        value=f"{len(matches)} in-times, {off * 1000:+.0f} ms in the middle, by the recogniser",
        target=f"within {low * 1000:.0f} ms in the middle (a recogniser's times are rough)",
        verdict="skip" if few else "fail" if abs(off) > high else "warn" if abs(off) > low else "pass",
        spans=tuple(Span(start=match.cue.start, end=match.cue.end) for match in wrong),
        source=_SOURCE,
    )


def _matched(cues: Sequence[CaptionCue], words: Sequence[SpokenWord]) -> tuple[list[_Match], float]:
    """Cues whose first word is found among the words, in order; and the part of all words that are."""
    heard = [(number, token) for number, word in enumerate(words) for token in plain(word.text)]
    known = frozenset(token for _, token in heard)
    rows = [[part for token in plain(cue.text) for part in _parted(token, known)] for cue in cues]
    shown = [token for row in rows for token in row]
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(None, shown, [token for _, token in heard], autojunk=False)
    for one, other, size in matcher.get_matching_blocks():
        pairs.update({one + step: heard[other + step][0] for step in range(size)})
    matches, place = list[_Match](), 0
    for cue, size in zip(cues, map(len, rows), strict=True):
        if place in pairs and size:
            last = pairs.get(place + size - 1)
            matches.append(
                _Match(
                    cue,
                    cue.start - words[pairs[place]].start,
                    cue.end - words[last].end if last is not None else None,
                    _offsets(cue, [pairs.get(place + step) for step in range(size)], words),
                )
            )
        place += size
    return matches, len(pairs) / max(len(shown), 1)


def _parted(token: str, known: frozenset[str]) -> list[str]:
    """The words that a token is made of, where they are known: a reader of pictures may miss the spaces.

    >>> _parted("honeyneverspoils", frozenset({"honey", "never", "spoils", "spoil"}))
    ['honey', 'never', 'spoils']
    """
    ways: dict[int, list[str]] = {0: []}
    for end in range(1, len(token) + 1):
        for start in [place for place in ways if token[place:end] in known]:
            ways[end] = [*ways[start], token[start:end]]
    return ways.get(len(token)) or [token]


def _offsets(cue: CaptionCue, spoken: Sequence[int | None], words: Sequence[SpokenWord]) -> tuple[float, ...]:
    """Seconds by which each lit word comes after it is spoken."""
    lit = [time for text, time in cue.lit for _ in plain(text)[:1]]
    sizes = [len(plain(text)) for text, _ in cue.lit if plain(text)]
    firsts = [sum(sizes[:number]) for number in range(len(sizes))]
    found = []
    for time, first in zip(lit, firsts, strict=True):
        at = spoken[first] if first < len(spoken) else None
        if at is not None:
            found.append(time - words[at].start)
    return tuple(found)
