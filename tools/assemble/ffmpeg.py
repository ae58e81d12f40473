"""Assembly by ffmpeg: a timeline's stretches are encoded and joined under one sound, mixed and levelled beforehand.

Knows nothing about scenes, shots or why a clip is where it is.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

from .. import ffmpeg
from ..base import Cost, Device, Job
from ..errors import ToolFailed
from ..fonts import family
from ..media import Asset
from ..meter import RATE
from . import AssembleRequest, Cut, EncodeRequest
from .captions import Captions, captions
from .encode import BENCH, Piece, draw_all, licences, paths_of, quote, threads
from .encoders import Encoder
from .join import Sides, alike, join
from .loudness import Finished, Sounding, finish
from .mix import Mixer
from .stems import stems
from .stretches import requests

_NONE: Mapping[str, str] = MappingProxyType({})
_SOUND, _PICTURE = 0.1, 0.97
"""How far the work is when the sound is made, and when the picture is."""
_SILENT = -70.0
"""LUFS and dBTP of a preview, which has no sound."""


class Assembler:
    """`assemble.ffmpeg`. Option: threads, how many an encoder may use."""

    name = "assemble.ffmpeg"
    version = "6"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Cut

    def __init__(self, options: Mapping[str, str] = _NONE) -> None:
        self._threads = threads(options)

    def ready(self) -> None:
        """ToolMissing if ffmpeg or the typefaces are not installed."""
        ffmpeg.binary()
        family()

    def quote(self, request: AssembleRequest) -> Cost:
        """By length, area and preset; less where the pieces are there."""
        line = request.timeline
        sound = Cost(seconds=2.5 + float(line.frames / line.rate) / 20)
        return sound if request.pieces else sound + quote(line, request.finish.preset)

    def run(self, request: AssembleRequest, job: Job) -> Cut:
        """Mix, level, write captions, encode what is not there yet, and join it to a film."""
        paths = paths_of(request.timeline, request.assets, job)
        rows = () if request.pieces else requests(request)
        words = captions(request.timeline, request.finish)
        row = BENCH.choose(request.finish, job.cancelled).encoder
        mixer = Mixer(request.timeline, paths, job.scratch, job.cancelled)
        sound = self._sound(request, mixer, row.sound, job) if row.sound else None
        job.progress(_SOUND)
        pieces = self._pieces(request, rows, paths, job)
        film = self._film(request, pieces, row, sound, words, job)
        job.progress(1.0)
        return Cut(
            video=film,
            loudness=sound.loudness if sound else _SILENT,
            peak=sound.peak if sound else _SILENT,
            srt=_text(job, words.srt, "captions.srt"),
            vtt=_text(job, words.vtt, "captions.vtt"),
            ass=_text(job, words.ass, "captions.ass") if words.ass else None,
            words=_text(job, words.json, "captions.json") if request.timeline.cues else None,
            stems=self._stems(request, mixer, sound, job),
            encoder=pieces[0].encoder,
            note=" ".join(dict.fromkeys(piece.note for piece in pieces if piece.note)),
            passes=sound.passes if sound else 0,
        )

    def _sound(self, request: AssembleRequest, mixer: Mixer, codec: Sounding, job: Job) -> Finished:
        order = request.finish
        return finish(mixer.mix(), order.loudness, order.peak, job.scratch, job.cancelled, codec)

    def _stems(self, request: AssembleRequest, mixer: Mixer, sound: Finished | None, job: Job) -> dict[str, Asset]:
        if not request.finish.stems:
            return {}
        length, rate = round(request.timeline.frames * RATE / request.timeline.rate), Fraction(RATE)
        licence = licences(request.assets)
        return {
            name: job.save(path, "audio", licence=licence, origin=self.name, frames=length, rate=rate)
            for name, path in stems(mixer, sound, job.scratch, job.cancelled).items()
        }

    def _pieces(
        self, request: AssembleRequest, rows: Sequence[EncodeRequest], paths: Mapping[str, Path], job: Job
    ) -> list[Piece]:
        """Those that came with the request, else made here; all by one encoder, for others do not join."""
        if request.pieces:
            pieces = [_given(request, asset, job) for asset in request.pieces]
        else:
            pieces = self._drawn(rows, paths, job)
        if alike([piece.path for piece in pieces]) and len({piece.encoder for piece in pieces}) == 1:
            return pieces
        plain = request.finish.model_copy(update={"encoder": "software"})
        made = self._drawn(requests(request.model_copy(update={"finish": plain})), paths, job)
        note = f"The stretches came from encoders that do not join, so {made[0].encoder} encoded the film again."
        return [piece.noted(note) for piece in made]

    def _drawn(self, rows: Sequence[EncodeRequest], paths: Mapping[str, Path], job: Job) -> list[Piece]:
        def progress(part: float) -> None:
            job.progress(_SOUND + (_PICTURE - _SOUND) * part)

        return draw_all(rows, paths, job.scratch, self._threads, progress, job.cancelled)

    def _film(
        self,
        request: AssembleRequest,
        pieces: list[Piece],
        row: Encoder,
        sound: Finished | None,
        words: Captions,
        job: Job,
    ) -> Asset:
        if sound is None and request.pieces:
            return request.pieces[0]
        line, film, first = request.timeline, job.scratch / f"film.{row.file}", pieces[0]
        if sound is None:
            first.path.replace(film)
        else:
            subtitles = None
            if request.finish.soft and words.srt.strip():
                subtitles = job.scratch / "soft.srt"
                subtitles.write_text(words.srt, "utf-8")
            sides = Sides(sound.path, subtitles, request.finish.language)
            join([piece.path for piece in pieces], sides, film, line.frames, line.rate, job.cancelled)
        return job.save(
            film,
            "video",
            licence=licences(request.assets),
            origin=self.name,
            frames=sum(piece.frames for piece in pieces),
            rate=first.rate,
            size=first.size,
        )


def _given(request: AssembleRequest, asset: Asset, job: Job) -> Piece:
    if not (asset.frames and asset.rate and asset.size):
        raise ToolFailed(f"The stretch {asset.id[:12]} does not say its frames, rate and size.")
    encoder = request.encoder or BENCH.choose(request.finish).encoder.name
    return Piece(job.path(asset.id), encoder, asset.frames, asset.rate, asset.size, request.note)


def _text(job: Job, text: str, name: str) -> Asset:
    path = job.scratch / name
    path.write_text(text, "utf-8")
    return job.save(path, "text", licence="the film's", origin="assemble.ffmpeg")
