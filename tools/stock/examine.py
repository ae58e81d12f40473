"""A file becomes segments: what it holds, how it looks and sounds, and what it says of itself.

Knows nothing about indexes. A foreign file passes the ffmpeg door (a drawing: resvg) and nothing else opens it.
"""

import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from .. import ffmpeg
from ..errors import Refused
from ..media import Frozen
from ..probe import AudioStream, Probe, VideoStream
from ..video.faces import finder
from . import Seer, Segment, ShotSize, StockKind
from .classify import Tagger, sure
from .clips import SEEN, Stretch, picture, stretches
from .look import brightness, calm, colours, looks, sharpness
from .notes import notes_of, place_words
from .pictures import demuxer_of, still
from .sounds import hear
from .vector import drawn
from .vectors import Pixels, Vector

EXAMINED = 2
"""Bump it when a file would be seen differently: everything is looked at again."""
KINDS: dict[str, StockKind] = {
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".webp"), "image"),
    **dict.fromkeys((".mp4", ".mov", ".m4v", ".mkv", ".webm", ".ts", ".gif"), "video"),
    **dict.fromkeys((".wav", ".mp3", ".flac", ".ogg", ".m4a", ".opus"), "audio"),
    ".svg": "vector",
}
"""Files that are looked at, by ending; what is inside decides what they are."""
_CLOSE, _MEDIUM = 0.33, 0.14
"""Height of a face, as a part of the picture's, in a close and in a medium shot."""
_FACE_WIDE = 192
_SIZES: tuple[tuple[ShotSize, tuple[str, ...]], ...] = (
    ("close", ("close up", "closeup", "macro", "detail", "portrait of")),
    ("wide", ("aerial", "drone", "panorama", "landscape", "skyline", "wide shot", "bird s eye")),
)
Spoken = tuple[float, float, str]
"""Seconds from, seconds to, a word."""


class Origin(Frozen):
    """What a person says of the files they add; a file's own side-car says it better."""

    licence: str = ""
    author: str = ""
    url: str = ""
    said: str = ""


@dataclass
class Examiner:
    """Looks at files. Its parts are optional: what is missing is not known of a segment."""

    tagger: Tagger | None = None
    listener: Callable[[Path], Sequence[Spoken]] | None = None
    """Words of a sound file, with their times."""
    seer: Seer | None = None
    """Gives every picture a vector of its own."""
    _views: dict[str, Vector] = field(default_factory=dict)
    _faces: Any = field(default_factory=finder)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def view(self, name: str) -> Vector | None:
        """The vector of the segment's picture, once."""
        return self._views.pop(name, None)

    @property
    def recipe(self) -> str:
        """How files are looked at, for telling which have to be looked at again."""
        return "/".join(
            [
                str(EXAMINED),
                self.tagger.name if self.tagger else "-",
                "heard" if self.listener else "-",
                "faces" if self._faces else "-",
                *([self.seer.name] if self.seer else []),
            ]
        )

    def segments(self, path: Path, digest: str, place: str, origin: Origin) -> list[Segment]:
        """What can be shown of a file.

        Raises:
            Refused: it is empty, broken, hostile or holds nothing; the message says what.
        """
        with path.open("rb") as stream:
            head = stream.read(1024)
        if not head:
            raise Refused("it is empty.", "Take it out, or copy it again.")
        notes = notes_of(path)
        base = {
            "file": digest,
            "place": place,
            "name": place_words(place),
            "notes": " ".join(part for part in (notes.said, origin.said) if part)[:4000],
            "licence": notes.licence or origin.licence or "unknown",
            "author": notes.author or origin.author,
            "url": notes.url or origin.url,
        }
        if path.suffix.lower() == ".svg":
            return [self._drawing(path, base)]
        if demuxer := demuxer_of(head):
            return [self._still(path, ("-f", demuxer), base)]
        return self._moving(path, ffmpeg.probe(path), base)

    def _drawing(self, path: Path, base: dict[str, Any]) -> Segment:
        with tempfile.TemporaryDirectory(prefix="reelwright-") as folder:
            target = Path(folder) / "drawing.png"
            drawn(path, target)
            return self._still(target, ("-f", "png_pipe"), base, "vector")

    def _still(self, path: Path, options: tuple[str, ...], base: dict[str, Any], kind: StockKind = "image") -> Segment:
        stream, pixels = still(path, options)
        name = f"{base['file'][:32]}-0"
        seen = self._seen(pixels, base, name)
        return Segment(id=name, kind=kind, width=stream.width, height=stream.height, **{**base, **seen})

    def _moving(self, path: Path, found: Probe, base: dict[str, Any]) -> list[Segment]:
        # A song's cover is a picture stream of one frame.
        if found.video is None or (found.audio is not None and found.video.frames <= 1):
            if found.audio is None:
                raise Refused("it holds neither picture nor sound.", "Take it out.")
            return [self._sound(path, found.audio, base)]
        stream = found.video
        words = self.listener(path) if self.listener and found.audio else ()
        rows = [self._clip(path, stream, row, words, base) for row in stretches(path, stream)]
        if not rows:
            raise Refused("every picture of it is black, or there is none.", "Take it out.")
        return rows

    def _clip(
        self, path: Path, stream: VideoStream, row: Stretch, words: Sequence[Spoken], base: dict[str, Any]
    ) -> Segment:
        begin, end = row.start / SEEN, (row.start + row.frames) / SEEN
        pixels = picture(path, stream, float(row.key / SEEN))
        if not len(pixels):
            pixels = picture(path, stream)
        said = " ".join(word for start, stop, word in words if start < end and stop > begin)
        start = round(begin * stream.rate)
        return Segment(
            id=f"{base['file'][:32]}-{start}",
            kind="video",
            start=start,
            frames=max(1, min(round(end * stream.rate), stream.frames) - start),
            rate=stream.rate,
            width=stream.width,
            height=stream.height,
            speech=said[:2000],
            motion=row.motion,
            curve=row.curve,
            **{**base, **self._seen(pixels, base, f"{base['file'][:32]}-{start}")},
        )

    def _sound(self, path: Path, stream: AudioStream, base: dict[str, Any]) -> Segment:
        words = self.listener(path) if self.listener else ()
        rate = Fraction(1000)
        return Segment(
            id=f"{base['file'][:32]}-0",
            kind="audio",
            frames=max(1, round(stream.end * rate)),
            rate=rate,
            speech=" ".join(word for _, _, word in words)[:2000],
            **base,
            **hear(path, stream),
        )

    def _seen(self, pixels: Pixels, base: dict[str, Any], name: str) -> dict[str, Any]:
        if self.seer:
            self._views[name] = self.seer.see([pixels])[0]
        faces = self._found(pixels)
        guesses = self.tagger.guess([pixels])[0] if self.tagger else ()
        told = f"{base['name']} {base['notes']}".lower()
        return {
            "colours": colours(pixels),
            "brightness": brightness(pixels),
            "sharpness": sharpness(pixels),
            "calm": calm(pixels),
            "looks": looks(pixels),
            "people": None if faces is None else len(faces),
            "shot_size": _size(faces or (), told),
            "tags": sure(guesses),
            "guesses": guesses,
        }

    def _found(self, pixels: Pixels) -> Sequence[tuple[float, float, float, float]] | None:
        if self._faces is None:
            return None
        step = max(1, pixels.shape[1] // _FACE_WIDE)
        with self._one_at_a_time:  # OpenCV's detectors hold state
            rows: Sequence[tuple[float, float, float, float]] = self._faces(
                np.ascontiguousarray(pixels[::step, ::step])
            )
        return rows


def _size(faces: Sequence[tuple[float, float, float, float]], told: str) -> ShotSize:
    """By the largest face, else by what its words say; nothing where neither tells."""
    if faces:
        tall = max(height for _, _, _, height in faces)
        return "close" if tall > _CLOSE else "medium" if tall > _MEDIUM else "wide"
    return size_told(told)


def size_told(told: str) -> ShotSize:
    """The shot size that words name, such as `close up` or `aerial`; nothing where they name none."""
    return next((size for size, words in _SIZES if any(word in told for word in words)), "")
