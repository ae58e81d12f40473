"""inspect.film and inspect.stills: the checks and the pictures of a film as tools, so that they are cached by content.

Knows nothing about what is done with a check.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from ..base import Cost, Device, Job
from ..errors import ToolError
from ..listen import ListenRequest, Transcript
from ..listen.whisper import RATE as HEARD
from ..listen.whisper import FasterWhisper, Multilingual
from ..media import Asset, Size, seconds_of
from . import Inspection, InspectRequest, SpokenWord, Stills, StillsRequest
from .facts import Facts
from .film import inspect
from .reading import BurntText
from .stills import frames_at


class Inspector:
    """inspect.film: every check of criteria.md on an encoded film."""

    name = "inspect.film"
    version = "3"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Inspection

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Needs nothing but the core."""

    def quote(self, request: InspectRequest) -> Cost:
        """Less than half of real time, more with a reference, and what ears and eyes take."""
        film = request.film
        length = seconds_of(film.frames, film.rate) if film.frames and film.rate else 30.0
        seconds = 1 + length * (0.4 + (0.6 if request.reference else 0.0) + (0.15 if request.listen else 0.0))
        return Cost(seconds=seconds + (min(length * 1.5, 40.0) if request.read else 0.0))

    def run(self, request: InspectRequest, job: Job) -> Inspection:
        """Measure the film. Raises Refused where it cannot be read."""
        return inspect(
            job.path(request.film.id),
            _facts(request, job),
            hear=_listener(request, job) if request.listen else None,
            read=BurntText() if request.read else None,
            progress=job.progress,
        )


class Photographer:
    """inspect.stills: pictures out of a film."""

    name = "inspect.stills"
    version = "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Stills

    def __init__(self, options: Mapping[str, str] = MappingProxyType({})) -> None:
        self._options = options

    def ready(self) -> None:
        """Needs nothing but the core."""

    def quote(self, request: StillsRequest) -> Cost:
        """A seek and a frame each."""
        return Cost(seconds=0.2 * len(request.seconds))

    def run(self, request: StillsRequest, job: Job) -> Stills:
        """JPEG files of quality 88."""
        images = []
        for number, image in enumerate(frames_at(job.path(request.film.id), request.seconds, request.width)):
            path = job.scratch / f"{number:03}.jpg"
            image.convert("RGB").save(path, quality=88, optimize=True)
            size = Size(width=image.width // 2 * 2, height=image.height // 2 * 2)
            licence, origin = request.film.licence, request.film.origin
            images.append(job.save(path, "image", licence=licence, origin=origin, size=size))
        return Stills(images=tuple(images))


def _facts(request: InspectRequest, job: Job) -> Facts:
    return Facts(
        script=request.script,
        language=request.language,
        seconds=request.seconds,
        boxes=request.boxes,
        captions=_named(request, job),
        cuts=request.cuts,
        speech=request.speech,
        words=request.words,
        voice=_path(request.voice, job),
        music=_path(request.music, job),
        moving=request.moving,
        scales=request.scales,
        ledger=request.ledger,
        reference=_path(request.reference, job),
    )


def _path(asset: Asset | None, job: Job) -> Path | None:
    return job.path(asset.id) if asset else None


def _named(request: InspectRequest, job: Job) -> Path | None:
    """The captions under a name with their ending, which tells how they are read."""
    if request.captions is None:
        return None
    path = job.scratch / f"captions.{request.captions.format}"
    path.write_bytes(job.path(request.captions.id).read_bytes())
    return path


def _listener(request: InspectRequest, job: Job) -> Callable[[Path], tuple[SpokenWord, ...] | None]:
    def hear(_: Path) -> tuple[SpokenWord, ...] | None:
        for tool in (FasterWhisper(), Multilingual()):
            try:
                tool.ready()
                return spoken_words(tool.run(ListenRequest(audio=request.film, language=request.language), job))
            except ToolError:
                continue
        return None

    return hear


def spoken_words(transcript: Transcript) -> tuple[SpokenWord, ...]:
    """What was heard, in seconds."""
    return tuple(
        SpokenWord(text=word.text, start=seconds_of(word.start, HEARD), end=seconds_of(word.end, HEARD))
        for word in transcript.words
    )
