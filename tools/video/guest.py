"""MoviePy as a guest: its clips become assets of ours, and our timelines become clips of its.

Knows nothing about plans or providers. MoviePy is imported when a timeline goes over to it, for it starts an ffmpeg of
its own on import; pictures and sound pass the one ffmpeg door in both directions.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from .. import ffmpeg
from ..base import Job, Shelf
from ..errors import ToolFailed, ToolMissing
from ..ffmpeg import Input
from ..media import Asset, Frozen, Kind, Size, frames_of
from ..timeline import Timeline
from .screening import Screening, Sounding

if TYPE_CHECKING:
    from moviepy import VideoClip

    from ..assemble import Finish

VERSION = "1"
"""Part of every key: raised when the same clip would become another file."""
SOUND = 48_000
_BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
_TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv")
_SOLID = ("-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-pix_fmt", "yuv420p", *_TAGS)
_CLEAR = ("-c:v", "ffv1", "-level", "3", "-slices", "4", "-pix_fmt", "yuva444p", *_TAGS)
"""A third of ProRes 4444's CPU, half its bytes, and nothing is lost."""
_LEAST = 16
"""Pixels that a side must have."""
_CHUNK = SOUND * 2


class Guest(Frozen):
    """A MoviePy clip as assets: its picture (with alpha where it has a mask that hides anything) and its sound."""

    video: Asset
    audio: Asset | None = None


class Results(Protocol):
    """Where finished work is kept by key (memory/cache.py)."""

    def rows(self, key: str) -> Iterable[str]:
        """Texts kept under the key."""
        ...

    def fetch(self, assets: Iterable[Asset]) -> bool:
        """True where all of them are there, whole."""
        ...

    def keep(self, key: str, text: str, assets: Iterable[Asset]) -> None:
        """Keep a text under the key, with the assets it names."""
        ...


def from_moviepy(
    clip: "VideoClip",
    rate: Fraction | int,
    shelf: Shelf | Job,
    *,
    key: str = "",
    results: Results | None = None,
    licence: str = "unknown",
    origin: str = "MoviePy",
) -> Guest:
    """Render a MoviePy clip with all its effects, once, to assets for a timeline at `rate`.

    Without a mask the picture is a mezzanine like any take, with one FFV1 with alpha; sizes are made even. Equal frames
    make equal assets. Rendering is spared where the caller names in `key` what the clip is made of (a file's hash,
    the effects' arguments) and hands over `results`.

    Raises:
        ToolFailed: the clip has no length.
    """
    if clip.duration is None:
        raise ToolFailed("The MoviePy clip has no length.", "Give it one: clip.with_duration(seconds).")
    pace = Fraction(rate)
    frames = max(1, frames_of(clip.duration, pace))
    name = _key(clip, pace, frames, key)
    if key and results is not None:
        for text in results.rows(name):
            kept = Guest.model_validate_json(text)
            if results.fetch(_assets(kept)):
                return kept
    place = shelf.scratch if isinstance(shelf, Job) else None
    with tempfile.TemporaryDirectory(prefix="reelwright-", dir=place) as folder:
        job = shelf if isinstance(shelf, Job) else Job(Path(folder), shelf, _NoWeights())
        made = _Rendering(clip, pace, frames, Path(folder), job, licence, origin)
        guest = Guest(video=made.picture(), audio=made.sound())
    if key and results is not None:
        results.keep(name, guest.model_dump_json(), _assets(guest))
    return guest


def to_moviepy(
    timeline: Timeline, assets: Iterable[Asset], shelf: Shelf | Job, finish: "Finish | None" = None
) -> "VideoClip":
    """A timeline as a MoviePy clip to go on with in Python: the very frames of the film, and its mix before levelling.

    Frames are decoded as they are asked for, fastest in order; `close()` lets go of the decoder until the next one.

    Args:
        assets: what is known of the clips' files; the others are looked at.
        finish: burns captions and labels as it says; without it the picture is bare.

    Raises:
        ToolMissing: MoviePy is not installed.
        ToolFailed: the timeline cannot be cut, or the shelf lacks an asset.
    """
    moviepy = _moviepy()
    known = {asset.id: asset for asset in assets}
    used = {item.asset for track in timeline.tracks for item in track.items if item.type == "clip"}
    paths = {digest: shelf.path(digest) for digest in sorted(used)}
    known |= {digest: _seen(digest, path) for digest, path in paths.items() if digest not in known}
    screening = Screening(timeline, known, paths, finish)
    seconds = float(timeline.frames / timeline.rate)
    film = _film(moviepy, screening)(screening, duration=seconds).with_fps(float(timeline.rate))
    if any(item.type == "clip" for track in timeline.tracks if track.kind in _HEARD for item in track.items):
        film = film.with_audio(moviepy.AudioClip(Sounding(timeline, paths), duration=seconds, fps=SOUND))
    return film


_HEARD = ("voice", "music", "effects")


def _moviepy() -> Any:
    try:
        import moviepy
    except ImportError:
        raise ToolMissing("MoviePy is not installed.", "Run `pip install 'reelwright[moviepy]'`.") from None
    return moviepy


def _film(moviepy: Any, screening: Screening) -> Any:
    class Film(moviepy.VideoClip):  # type: ignore[misc]
        """A timeline of Reelwright's."""

        def close(self) -> None:
            """Let go of the decoder; the next frame asked for opens it again."""
            screening.close()

    return Film


class _NoWeights:
    """Rendering needs no models."""

    def path(self, name: str) -> Path:
        raise ToolMissing(f"No model {name} is needed here.")

    def digest(self, name: str) -> str:
        raise ToolMissing(f"No model {name} is needed here.")


def _seen(digest: str, path: Path) -> Asset:
    """An asset as its file shows it."""
    told = ffmpeg.probe(path)
    video, audio = told.video, told.audio
    if video is not None:
        kind: Kind = "image" if told.container.endswith("_pipe") else "video"
        size = Size(width=video.width // 2 * 2, height=video.height // 2 * 2)
        return Asset(id=digest, kind=kind, format="bin", frames=video.frames, rate=video.rate, size=size)
    rate = Fraction(audio.rate if audio else SOUND)
    return Asset(id=digest, kind="audio", format="bin", frames=frames_of(told.seconds, rate), rate=rate)


def _assets(guest: Guest) -> list[Asset]:
    return [asset for asset in (guest.video, guest.audio) if asset is not None]


def _key(clip: "VideoClip", rate: Fraction, frames: int, key: str) -> str:
    words = ["video.moviepy", VERSION, key, str(rate), frames, *map(int, clip.size), clip.mask is not None]
    return hashlib.sha256(json.dumps(words).encode()).hexdigest()


class _Rendering:
    """One clip on its way to assets."""

    def __init__(
        self, clip: "VideoClip", rate: Fraction, frames: int, folder: Path, job: Job, licence: str, origin: str
    ) -> None:
        self._clip, self._rate, self._frames, self._folder, self._job = clip, rate, frames, folder, job
        self._licence, self._origin = licence, origin
        width, height = (max(_LEAST, int(side) + int(side) % 2) for side in clip.size)
        self._size = Size(width=width, height=height)
        self._hidden = False

    def picture(self) -> Asset:
        """All frames, encoded once; a mask that hides nothing leaves no alpha."""
        if self._clip.mask is None:
            path = self._encode("guest.mp4", "rgb24", "yuv420p", _SOLID)
        else:
            path = self._encode("guest.mkv", "rgba", "yuva444p", _CLEAR)
            if not self._hidden:
                path = self._plain(path)
        return self._job.save(
            path,
            "video",
            frames=self._frames,
            rate=self._rate,
            size=self._size,
            licence=self._licence,
            origin=self._origin,
        )

    def sound(self) -> Asset | None:
        """Its audio as it is, as a float WAV."""
        audio = self._clip.audio
        if audio is None:
            return None
        length = min(self._clip.duration, audio.duration or self._clip.duration)
        channels = min(audio.nchannels, 2)
        path = self._folder / "guest.wav"
        samples = 0

        def feed() -> Iterator[bytes]:
            nonlocal samples
            for part in audio.with_duration(length).iter_chunks(chunksize=_CHUNK, fps=SOUND):
                block = np.asarray(part, "<f4").reshape(len(part), -1)[:, :channels]
                samples += len(block)
                yield block.tobytes()

        raw = ("-f", "f32le", "-ar", str(SOUND), "-ac", str(channels))
        options = ["-map", "0:a", "-c:a", "pcm_f32le"]
        ffmpeg.encode([Input(None, raw)], "", path, options, feed=feed(), cancelled=self._job.cancelled)
        return self._job.save(
            path, "audio", frames=samples, rate=Fraction(SOUND), licence=self._licence, origin=self._origin
        )

    def _encode(self, name: str, given: str, kept: str, options: Iterable[str]) -> Path:
        path, rate = self._folder / name, f"{self._rate.numerator}/{self._rate.denominator}"
        source = Input(None, ("-f", "rawvideo", "-pix_fmt", given, "-s", str(self._size), "-r", rate))
        graph = f"[0:v]scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd,format={kept},{_BT709}[v]"
        ffmpeg.encode(
            [source],
            graph,
            path,
            ["-map", "[v]", *options, "-r", rate],
            feed=self._pictures(given == "rgba"),
            frames=self._frames,
            progress=self._job.progress,
            cancelled=self._job.cancelled,
        )
        return path

    def _plain(self, path: Path) -> Path:
        plain = self._folder / "guest.mp4"
        graph = f"[0:v]format=yuv420p,{_BT709}[v]"
        ffmpeg.encode([Input(path)], graph, plain, ["-map", "[v]", *_SOLID], cancelled=self._job.cancelled)
        return plain

    def _pictures(self, masked: bool) -> Iterator[bytes]:
        for number in range(self._frames):
            second = float(number / self._rate)
            colours = _laid(_coloured(self._clip.get_frame(second)), self._size, "edge")
            if not masked:
                yield np.ascontiguousarray(colours, np.uint8).tobytes()
                continue
            mask = np.clip(np.asarray(self._clip.mask.get_frame(second), np.float64), 0, 1)
            alpha = _laid(np.rint(mask * 255).astype(np.uint8)[:, :, None], self._size, "constant")
            self._hidden = self._hidden or bool((alpha[: int(self._clip.h), : int(self._clip.w)] < 255).any())
            yield np.concatenate([colours, alpha], axis=2).tobytes()


def _coloured(picture: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Whole levels of three colours; effects may give fractions, a mask on its own is grey from 0 to 1."""
    seen = np.asarray(picture)
    if seen.ndim == 2:
        seen = np.repeat(seen[:, :, None] * 255, 3, axis=2)
    if seen.dtype != np.uint8:
        seen = np.clip(np.rint(seen), 0, 255).astype(np.uint8)
    return seen[:, :, :3]


def _laid(picture: "np.ndarray[Any, Any]", size: Size, beyond: Any) -> "np.ndarray[Any, Any]":
    """On a canvas of even sides; the film's edge goes on, a mask ends."""
    whole = picture[: size.height, : size.width]
    missing = (size.height - whole.shape[0], size.width - whole.shape[1])
    if not any(missing):
        return whole
    return np.pad(whole, ((0, missing[0]), (0, missing[1]), (0, 0)), mode=beyond)
