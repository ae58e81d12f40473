"""The mix: voice, music and effects become one float sound, the music under the voice. Audio only.

Knows nothing about pictures, captions or the loudness a platform wants (loudness.py).
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log10
from pathlib import Path

from .. import ffmpeg
from ..ffmpeg import Input
from ..timeline import Clip, Segment, Timeline, Track, segments
from .duck import DEPTH, UNDER, Span, curve, rendered

RATE = 48_000
QUIET = -70.0
"""LUFS at and below which there is nothing to hear."""
_VOICE = -20.0
"""LUFS at which the voice enters its chain, so that thresholds mean the same for every voice."""
_LOUDEST_BED = 5.0
"""dB that the open music stays under the voice."""
_CHAIN = (
    "highpass=f=75,deesser=i=0.25:m=0.4:f=0.55,"
    "acompressor=threshold=-24dB:ratio=2.6:knee=6:attack=8:release=140:makeup=1"
)
_EDGE = 0.004
"""Seconds of fade at both ends of every clip: no clicks at joins."""
_MOMENT = re.compile(r"\bt:\s*([\d.]+)\s.*?\bM:\s*(-?[\d.]+)")
_TOTAL = re.compile(r"Integrated loudness:\s+I:\s+(-?[\d.]+) LUFS")
_FLOAT = ("-map", "[out]", "-c:a", "pcm_f32le", "-ar", str(RATE), "-rf64", "auto", "-f", "wav")
_GAINS = ("-f", "f32le", "-ar", str(RATE), "-ch_layout", "stereo")


@dataclass(frozen=True)
class Levels:
    """Loudness of a sound: integrated in LUFS, and momentary values (second, LUFS) ten times a second."""

    integrated: float
    moments: tuple[tuple[float, float], ...] = ()

    def over(self, spans: Sequence[Span]) -> float:
        """Mean loudness over these spans, pauses within them left out."""
        heard = [level for second, level in self.moments if level > QUIET and _inside(second - 0.2, spans)]
        if not heard:
            return QUIET
        return _mean([level for level in heard if level > _mean(heard) - 10] or heard)


@dataclass(frozen=True)
class Mix:
    """A float WAV as long as the picture, and its loudness in LUFS."""

    path: Path
    loudness: float


@dataclass(frozen=True)
class _Part:
    """A stem on its way into the mix, and the curve of gains it is multiplied by."""

    path: Path
    gains: Callable[[], Iterator[bytes]] | None = None


class Mixer:
    """Mixes one timeline in a scratch folder; `stems` are what the mix was summed from."""

    def __init__(
        self,
        timeline: Timeline,
        paths: Mapping[str, Path],
        scratch: Path,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._timeline = timeline
        self._paths = paths
        self._scratch = scratch
        self._cancelled = cancelled
        self._length = self._sample(timeline.frames)
        self.speech = self._spans(timeline.track("voice"))
        """Where somebody speaks, in samples."""

    def mix(self) -> Mix:
        """Everything heard in one file."""
        parts = self._parts()
        path, levels = self._sum(parts.values(), "mix")
        return Mix(path, levels.integrated)

    def stems(self) -> dict[str, Path]:
        """voice, music and effects as they stand in the mix: summed, they are the mix."""
        return {name: self._sum([part], f"{name}-stem")[0] for name, part in self._parts().items()}

    def _parts(self) -> dict[str, _Part]:
        parts: dict[str, _Part] = {}
        voice = None
        if self.speech:
            path, voice = self._voice()
            parts["voice"] = _Part(path)
        music = self._timeline.track("music")
        if music and self._spans(music):
            path, levels = self._laid(music, "music", 2)
            gain, depth = self._bed(levels, voice)
            points = curve(self.speech, RATE, depth)
            parts["music"] = _Part(path, gains=lambda: rendered(points, self._length, RATE, gain))
        effects = self._timeline.track("effects")
        if effects and self._spans(effects):
            parts["effects"] = _Part(self._laid(effects, "effects", 2)[0])
        return parts

    def _voice(self) -> tuple[Path, Levels]:
        """The voice at its level, high-passed, de-essed and gently compressed, on both sides as it will be heard."""
        track = self._timeline.track("voice")
        assert track is not None
        raw, levels = self._laid(track, "voice", 1)
        gain = min(_VOICE - levels.integrated, 30.0) if levels.integrated > QUIET else 0.0
        graph = f"[0:a]volume={gain:.2f}dB,{_CHAIN},pan=stereo|c0=c0|c1=c0"
        return self._render([Input(raw)], graph, "voice-chain")

    def _bed(self, music: Levels, voice: Levels | None) -> tuple[float, float]:
        """The music's open gain in dB, and how deep it is ducked."""
        if voice is None:
            return 0.0, 0.0
        said = voice.over(self.speech)
        under = music.over(self.speech)
        if said <= QUIET or under <= QUIET:
            return 0.0, DEPTH
        ducked = said - UNDER - under
        # Where the music is louder outside the speech than inside, it must still not jump out.
        highest = said - _LOUDEST_BED - music.integrated
        opened = max(ducked, min(ducked + DEPTH, highest))
        return opened, opened - ducked

    def _laid(self, track: Track, name: str, channels: int) -> tuple[Path, Levels]:
        """A track's clips and gaps one after another, to the sample."""
        inputs: list[Input] = []
        chains: list[str] = []
        rows = segments(track)
        for number, row in enumerate(rows):
            length = self._sample(row.start + row.frames) - self._sample(row.start)
            chains += self._piece(row, number, length, channels, inputs)
        ends = "".join(f"[s{number}]" for number in range(len(rows)))
        exact = f"apad=whole_len={self._length},atrim=end_sample={self._length}"
        graph = ";".join([*chains, f"{ends}concat=n={len(rows)}:v=0:a=1,{exact}"])
        return self._render(inputs, graph, name)

    def _piece(self, row: Segment, number: int, length: int, channels: int, inputs: list[Input]) -> list[str]:
        """The filters that make segment `number`, named [sN]."""
        layout = "stereo" if channels == 2 else "mono"
        silence = f"anullsrc=r={RATE}:cl={layout},aformat=sample_fmts=fltp,atrim=end_sample={length}"
        sides = [(row.clip, row.offset)] + ([(row.over, row.over_offset)] if row.dissolve else [])
        seconds = length / RATE
        names, chains = [], []
        for side, (clip, offset) in enumerate(sides):
            label = f"s{number}" if not row.dissolve else f"d{number}x{side}"
            names.append(f"[{label}]")
            if clip is None:
                chains.append(f"{silence}[{label}]")
                continue
            edges = [f"afade=t=in:d={_EDGE}", f"afade=t=out:st={max(seconds - _EDGE, 0):.6f}:d={_EDGE}"]
            if row.dissolve:
                edges = [f"afade=t={'in' if side else 'out'}:d={seconds:.6f}:curve=qsin"]
            cut = (
                f"[{len(inputs)}:a]{self._cut(clip, offset, length)},aformat=sample_fmts=fltp:channel_layouts={layout}"
            )
            chains.append(f"{cut},volume={clip.gain_db:.2f}dB,{','.join(edges)}[{label}]")
            inputs.append(Input(self._paths[clip.asset]))
        if row.dissolve:
            chains.append(f"{''.join(names)}amix=inputs=2:normalize=0[s{number}]")
        return chains

    def _cut(self, clip: Clip, offset: int, length: int) -> str:
        start = self._sample(offset)
        return (
            f"aresample={RATE},atrim=start_sample={start}:end_sample={start + length},"
            f"asetpts=N/SR/TB,apad=whole_len={length}"
        )

    def _sum(self, parts: Collection[_Part], name: str) -> tuple[Path, Levels]:
        """The parts at their gains, added up; silence where there is none."""
        inputs = [Input(part.path) for part in parts]
        chains = []
        feed = None
        for number, part in enumerate(parts):
            chain = f"[{number}:a]aformat=sample_fmts=fltp:channel_layouts=stereo"
            if part.gains is not None:
                feed = part.gains()
                chain += f"[dry];[dry][{len(parts)}:a]amultiply"
                inputs.append(Input(None, _GAINS))
            chains.append(f"{chain}[p{number}]")
        ends = "".join(f"[p{number}]" for number in range(len(parts)))
        if not parts:
            chains, ends = [f"anullsrc=r={RATE}:cl=stereo[p0]"], "[p0]"
        exact = f"apad=whole_len={self._length},atrim=end_sample={self._length}"
        graph = ";".join([*chains, f"{ends}amix=inputs={max(len(parts), 1)}:normalize=0,{exact}"])
        return self._render(inputs, graph, name, feed)

    def _render(
        self, inputs: Sequence[Input], graph: str, name: str, feed: Iterator[bytes] | None = None
    ) -> tuple[Path, Levels]:
        path = self._scratch / f"{name}.wav"
        run = ffmpeg.encode(inputs, f"{graph},ebur128[out]", path, _FLOAT, feed=feed, cancelled=self._cancelled)
        return path, levels_in(run.log)

    def _spans(self, track: Track | None) -> list[Span]:
        if track is None:
            return []
        return [
            Span(self._sample(row.start), self._sample(row.start + row.frames))
            for row in segments(track)
            if row.clip or row.over
        ]

    def _sample(self, frame: int) -> int:
        return round(frame * RATE / self._timeline.rate)


def levels_in(log: str) -> Levels:
    """What ebur128 printed."""
    total = _TOTAL.findall(log)
    moments = tuple((float(second), float(level)) for second, level in _MOMENT.findall(log))
    return Levels(float(total[-1]) if total else QUIET, moments)


def _inside(second: float, spans: Sequence[Span]) -> bool:
    return any(span.start <= second * RATE < span.end for span in spans)


def _mean(levels: Sequence[float]) -> float:
    return 10 * log10(sum(10 ** (level / 10) for level in levels) / len(levels))
