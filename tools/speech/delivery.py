"""How a line is delivered, whoever speaks it: parted where it rests, joined with planned silence, pitched, stressed.

Knows tokens and samples; knows no voice: the provider hands in what utters one part.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from ..base import Job
from ..errors import Declined
from . import Phone, Speech, SpeechRequest
from .estimate import Span, estimate, in_order
from .sound import Samples, Sound, cut, level, write_wav
from .spoken import Token, bare
from .stretch import resample, warp

SENTENCE_REST = 0.35
"""Seconds between the sentences of a text that is too long for one breath (pace.LINE_PAUSE of narrators)."""
CLAUSE_REST = 0.2
"""Seconds where a sentence itself is too long and is parted at a comma."""
BEFORE, AFTER = 0.08, 0.12
"""Seconds kept round each part."""
STRESS_TIME, STRESS_GAIN = 1.14, 2.0
"""A stressed word lasts a seventh longer and is 2 dB louder: within what stress does in natural speech."""
_RAMP = 0.02
_ENGINE = (0.5, 2.0)
"""Paces that every engine takes; what is beyond is stretched."""


@dataclass(frozen=True)
class Uttered:
    """What an engine made of one part: its sound, where each token is (None: to be estimated), and its phones."""

    sound: Sound
    spans: Sequence[Span] | None = None
    phones: Sequence[tuple[str, int, int]] = ()


@dataclass(frozen=True)
class Part:
    """Tokens said in one breath, and the seconds of silence before it."""

    tokens: tuple[Token, ...]
    rest: float = 0.0

    @property
    def said(self) -> str:
        """What the engine is given."""
        return " ".join(token.said for token in self.tokens if token.said)

    @property
    def written(self) -> str:
        """The words as they stand in the script."""
        return " ".join(token.text for token in self.tokens)

    def worded(self, lexicon: Sequence[tuple[str, str]]) -> list[str]:
        """One text a token for engines that read numbers themselves: as it is written, or as the lexicon says."""
        known = {written.casefold(): saying for written, saying in lexicon}
        return [known.get(bare(token.text), token.text) for token in self.tokens]


Utter = Callable[[Part, float], Uttered]
"""Speak a part at a pace."""


@dataclass(frozen=True)
class Engine:
    """What a provider's engine can do by itself; what it cannot is done to its sound."""

    longest: int = 1000
    """Letters in one part."""
    slowest: float = _ENGINE[0]
    fastest: float = _ENGINE[1]
    pitches: bool = False


@dataclass(frozen=True)
class Credit:
    """Whom the asset names."""

    licence: str
    origin: str
    natural: bool = True


def no_clone(request: SpeechRequest, who: str) -> None:
    """For the engines whose voices are fixed: a cloned voice is another provider's work."""
    if request.sample is not None:
        hint = "Coqui's XTTS and ElevenLabs do: see `reelwright voices`."
        raise Declined(f"{who} does not clone voices.", hint)


def deliver(
    request: SpeechRequest, tokens: Sequence[Token], job: Job, utter: Utter, engine: Engine, credit: Credit
) -> Speech:
    """Speak all parts and make one sound of them, with the times of its words."""
    factor = 1.0 if engine.pitches else 2 ** (request.pitch / 12)
    wanted = request.pace / factor
    pace = min(max(wanted, engine.slowest), engine.fastest)
    line = _Line()
    for part in parts(tokens, request, engine.longest):
        line.add(part, _shaped(utter(part, pace), factor, wanted / pace))
    line.rest(_closing(tokens, request))
    sound, spans, phones = line.whole()
    sound, spans, phones = _stressed(sound, spans, phones, request.emphasis)
    path = job.scratch / "speech.wav"
    write_wav(level(sound), path)
    length = len(sound.samples)
    asset = job.save(
        path, "audio", licence=credit.licence, origin=credit.origin, frames=length, rate=Fraction(sound.rate)
    )
    words = in_order([token.text for token in tokens], spans, length)
    return Speech(
        audio=asset,
        words=words,
        phones=tuple(Phone(sign=sign, start=start, end=min(end, length)) for sign, start, end in phones),
        exact=line.exact,
        natural=credit.natural,
    )


def parts(tokens: Sequence[Token], request: SpeechRequest, longest: int) -> list[Part]:
    """The tokens parted at planned pauses, and where a part is too long at sentences, commas, words."""
    rests = {pause.before: pause.seconds for pause in request.pauses if pause.before < len(tokens)}
    edges = sorted({0, *rests, len(tokens)})
    found: list[Part] = []
    waiting: tuple[Token, ...] = ()
    owed = 0.0
    for start, end in pairwise(edges):
        owed += rests.get(start, 0.0)
        waiting += tuple(tokens[start:end])
        if not any(token.said for token in waiting):
            continue
        for index, run in enumerate(_breaths(waiting, longest)):
            if index and not any(token.said for token in run):
                found[-1] = replace(found[-1], tokens=found[-1].tokens + run)
            else:
                found.append(Part(run, owed if not index else _rest(found[-1])))
        waiting, owed = (), 0.0
    if waiting and found:  # nothing is said after the last pause
        found[-1] = replace(found[-1], tokens=found[-1].tokens + waiting)
    return [_voiced(part, last=part is found[-1]) for part in found]


def _breaths(tokens: tuple[Token, ...], longest: int) -> list[tuple[Token, ...]]:
    if len(tokens) < 2 or sum(len(token.said) + 1 for token in tokens) <= longest:
        return [tokens]
    size, room = 0, 0
    for token in tokens:
        size += len(token.said) + 1
        if size > longest:
            break
        room += 1
    room = min(max(room, 1), len(tokens) - 1)
    place = next(
        (
            at
            for marks in (".!?。！？", ";:,，、；：")
            for at in range(room, 0, -1)
            if tokens[at - 1].said.rstrip("\"'”’»)")[-1:] in tuple(marks)
        ),
        room,
    )
    while place < len(tokens) and not any(token.said for token in tokens[:place]):
        place += 1
    return [tokens[:place], *(_breaths(tokens[place:], longest) if place < len(tokens) else ())]


def _rest(before: Part) -> float:
    return SENTENCE_REST if re.search(r"[.!?。！？]\W*$", before.said) else CLAUSE_REST


def _voiced(part: Part, last: bool) -> Part:
    """A part inside a sentence ends on a comma, so that the voice stays up."""
    at = next(index for index in range(len(part.tokens) - 1, -1, -1) if part.tokens[index].said)
    token = part.tokens[at]
    if last or not token.said[-1:].isalnum():
        return part
    tokens = (*part.tokens[:at], Token(token.text, f"{token.said},"), *part.tokens[at + 1 :])
    return replace(part, tokens=tokens)


def _closing(tokens: Sequence[Token], request: SpeechRequest) -> float:
    """Seconds of silence that are planned after the last word."""
    last = max((index for index, token in enumerate(tokens) if token.said), default=0)
    return sum(pause.seconds for pause in request.pauses if pause.before > last)


def _shaped(uttered: Uttered, factor: float, pace: float) -> Uttered:
    """An engine's sound at the pitch and pace that it could not give by itself."""
    sound, scale = uttered.sound, 1.0
    if abs(pace - 1) > 0.01:
        length = len(sound.samples)
        sound, scale = warp(sound, ((0.0, 0.0), (float(length), length / pace))), 1 / pace
    if factor != 1.0:
        sound, scale = resample(sound, factor), scale / factor
    if scale == 1.0:
        return uttered
    spans = uttered.spans and [span and (round(span[0] * scale), round(span[1] * scale)) for span in uttered.spans]
    phones = [(sign, round(start * scale), round(end * scale)) for sign, start, end in uttered.phones]
    return Uttered(sound, spans, phones)


class _Line:
    """Parts laid one after another."""

    def __init__(self) -> None:
        self.exact = True
        self._rate = 0
        self._sounds: list[Samples] = []
        self._spans: list[Span] = []
        self._phones: list[tuple[str, int, int]] = []
        self._length = 0

    def add(self, part: Part, uttered: Uttered) -> None:
        """The part with its silence before it: as long from speech to speech as was planned."""
        self._rate = uttered.sound.rate
        sound, offset = cut(uttered.sound, BEFORE, AFTER)
        said = [token.said for token in part.tokens]
        spans, shift = uttered.spans, -offset
        if spans is None:
            spans, shift, self.exact = estimate(sound, said), 0, False
        at = self.rest(part.rest - (AFTER + BEFORE if self._sounds else BEFORE)) if part.rest else self._length
        self._sounds.append(sound.samples)
        for span in spans:
            self._spans.append(span and (max(span[0] + shift, 0) + at, max(span[1] + shift, 0) + at))
        self._phones += [
            (sign, max(start + shift, 0) + at, max(end + shift, 0) + at) for sign, start, end in uttered.phones
        ]
        self._length = at + len(sound.samples)

    def rest(self, seconds: float) -> int:
        """Silence; where less is wanted than the parts keep round them, those give way."""
        size = round(seconds * self._rate)
        if size > 0:
            self._sounds.append(np.zeros(size, np.float32))
        elif size < 0 and self._sounds:
            trimmed = max(size, -round(AFTER * self._rate))
            self._sounds[-1] = _faded(self._sounds[-1][:trimmed], round(_RAMP * self._rate))
            size = trimmed
        self._length += size if self._sounds else 0
        return self._length

    def whole(self) -> tuple[Sound, list[Span], list[tuple[str, int, int]]]:
        """All of it."""
        return Sound(np.concatenate(self._sounds), self._rate), self._spans, self._phones


def _faded(samples: Samples, size: int) -> Samples:
    faded = samples.copy()
    size = min(size, len(faded))
    faded[len(faded) - size :] *= np.linspace(1, 0, size, dtype=np.float32)
    return faded


def _stressed(
    sound: Sound, spans: list[Span], phones: list[tuple[str, int, int]], emphasis: Sequence[int]
) -> tuple[Sound, list[Span], list[tuple[str, int, int]]]:
    """Stressed words last longer and are louder; everything after them moves on."""
    chosen = sorted(span for index in set(emphasis) if index < len(spans) and (span := spans[index]))
    if not chosen:
        return sound, spans, phones
    gain = np.zeros(len(sound.samples), np.float32)
    edges: list[tuple[float, float]] = [(0.0, 0.0)]
    for start, end in chosen:
        gain[start:end] = STRESS_GAIN
        if start > edges[-1][0]:
            edges.append((start, edges[-1][1] + start - edges[-1][0]))
        edges.append((end, edges[-1][1] + (end - start) * STRESS_TIME))
    length = len(sound.samples)
    edges.append((length, edges[-1][1] + length - edges[-1][0]))
    size = max(1, round(_RAMP * sound.rate))
    smooth = np.convolve(np.pad(gain, size, mode="edge"), np.ones(size) / size, "same")[size:-size]
    louder = Sound((sound.samples * 10 ** (smooth / 20)).astype(np.float32), sound.rate)
    before, after = zip(*edges, strict=True)

    def moved(place: int) -> int:
        return round(float(np.interp(place, before, after)))

    bent = warp(louder, edges)
    return (
        bent,
        [span and (moved(span[0]), moved(span[1])) for span in spans],
        [(sign, moved(start), moved(end)) for sign, start, end in phones],
    )
