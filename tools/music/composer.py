"""The composer: music of an asked length and mood, written and played here, the same for the same seed.

Knows nothing about what is said over it.
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from ..base import Cost, Device, Job
from ..errors import ToolFailed
from . import Music, MusicRequest

if TYPE_CHECKING:
    from .instruments import Sound

LONGEST = 3600
"""Seconds that one piece may last."""


class Composer:
    """music.composer: numpy only, no weights, no network."""

    name = "music.composer"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self.options = options

    @property
    def result(self) -> type[Music]:
        """What run returns."""
        return Music

    def ready(self) -> None:
        """Always: it needs nothing but numpy."""

    def quote(self, request: MusicRequest) -> Cost:
        """About a twentieth of the music's length."""
        return Cost(seconds=0.3 + 0.05 * float(request.frames / request.rate))

    def run(self, request: MusicRequest, job: Job) -> Music:
        """Compose, play, mix and master."""
        from .instruments import RATE
        from .master import master
        from .mix import render
        from .score import compose, dice

        length = Fraction(request.frames) / request.rate
        if not request.frames or length > LONGEST:
            raise ToolFailed(
                f"No music can be {float(length):g} seconds long.", f"Ask for one frame to {LONGEST} seconds."
            )
        total = max(round(length * RATE), 2)
        accents = tuple(float(frame / request.rate) for frame in request.accents)
        score = compose(request.mood, request.seed, total / RATE, accents)
        ring = score.form.seconds - score.form.final
        output = job.scratch / "music.wav"

        fade = round(ring * 0.65 * RATE)
        master(
            _watched(render(score), total, job),
            job.scratch / "music.raw",
            output,
            total,
            fade,
            dice(request.mood, request.seed, "dither"),
        )
        job.progress(1.0)
        audio = job.save(
            output,
            "audio",
            licence="CC0-1.0",
            origin="music composed and played by Reelwright",
            frames=total,
            rate=Fraction(RATE),
        )
        return Music(audio=audio, tempo=round(score.form.tempo, 3), key=score.key.name)


def _watched(blocks: Iterable["Sound"], total: int, job: Job) -> Iterator["Sound"]:
    done = 0
    for block in blocks:
        if job.cancelled():
            raise ToolFailed("The music was cancelled.", "Run `reelwright resume` to go on.")
        done += block.shape[1]
        job.progress(0.9 * done / total)
        yield block
