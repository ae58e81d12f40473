"""Joining: encoded stretches, one sound and one subtitle stream become the film, and nothing is encoded again.

Knows nothing about timelines; every frame keeps its number, counted again at the end.
"""

import mmap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from .. import ffmpeg
from ..errors import ToolFailed
from ..ffmpeg import Input

_SETUPS = (b"avcC", b"hvcC", b"av1C")
_SUBTITLES = {"mp4": "mov_text", "mov": "mov_text", "webm": "webvtt"}
_SPEECH = {
    "ar": "ara", "bg": "bul", "bn": "ben", "ca": "cat", "cs": "ces", "da": "dan", "de": "deu", "el": "ell",
    "en": "eng", "es": "spa", "et": "est", "fa": "fas", "fi": "fin", "fr": "fra", "he": "heb", "hi": "hin",
    "hr": "hrv", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn", "ko": "kor", "lt": "lit", "lv": "lav",
    "nl": "nld", "no": "nor", "pl": "pol", "pt": "por", "ro": "ron", "ru": "rus", "sk": "slk", "sl": "slv",
    "sv": "swe", "ta": "tam", "te": "tel", "th": "tha", "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie",
    "zh": "zho",
}  # fmt: skip
"""ISO 639-2 codes, the only ones that MP4 knows."""


@dataclass(frozen=True)
class Sides:
    """What the film carries beside its picture."""

    sound: Path | None = None
    """Encoded already."""
    subtitles: Path | None = None
    """An .srt of ours."""
    language: str = "en"


def join(
    pieces: Sequence[Path],
    sides: Sides,
    film: Path,
    frames: int,
    rate: Fraction,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the film, ready to be streamed.

    Raises:
        ToolFailed: the pieces do not have `frames` frames together.
        DiskFull: there is no room; nothing of it is left.
    """
    inputs = [_source(pieces, film)]
    maps = ["-map", "0:v:0"]
    words = ["-c:v", "copy", *_exact(rate), "-map_metadata", "-1", "-map_chapters", "-1"]
    tongue = _SPEECH.get(sides.language.split("-")[0].lower(), "und")
    if sides.sound is not None:
        maps += ["-map", f"{len(inputs)}:a:0"]
        inputs.append(Input(sides.sound))
        words += ["-c:a", "copy", "-metadata:s:a:0", f"language={tongue}"]
    if sides.subtitles is not None:
        maps += ["-map", f"{len(inputs)}:s:0"]
        inputs.append(Input(sides.subtitles, ("-f", "srt"), raw=True))
        kind = _SUBTITLES[film.suffix[1:]]
        words += ["-c:s", kind, "-metadata:s:s:0", f"language={tongue}", "-disposition:s:0", "0"]
    if film.suffix != ".webm":
        words += ["-movflags", "+faststart"]
    run = ffmpeg.encode(inputs, "", film, [*maps, *words], cancelled=cancelled)
    if run.frames != frames:
        film.unlink()
        raise ToolFailed(
            f"The film has {run.frames} frames and its timeline {frames}.", "Run `reelwright resume` to cut it again."
        )


def alike(pieces: Sequence[Path]) -> bool:
    """True where a decoder that was set up for the first piece reads all of them."""
    return len({setup(piece) for piece in pieces}) <= 1


def setup(piece: Path) -> bytes:
    """The decoder's set-up data in an MP4 of ours; empty for codecs that carry it in every frame."""
    with piece.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        # Our encoders leave the index at the end, behind the pictures.
        index = data.rfind(b"moov")
        for name in _SETUPS:
            place = data.find(name, index)
            if index >= 0 and place >= 0:
                return data[place : place - 4 + int.from_bytes(data[place - 4 : place], "big")]
    return b""


def _source(pieces: Sequence[Path], film: Path) -> Input:
    """One piece as it is, more through a script over links with plain names."""
    if len(pieces) == 1:
        return Input(pieces[0])
    folder = film.parent / "pieces"
    folder.mkdir(exist_ok=True)
    lines = ["ffconcat version 1.0"]
    for place, piece in enumerate(pieces):
        link = folder / f"{place:05}"
        link.unlink(missing_ok=True)
        link.symlink_to(piece.resolve())
        lines.append(f"file {link.name}")
    script = folder / "film.ffconcat"
    script.write_text("\n".join([*lines, ""]), "ascii")
    return Input(script, reel=True)


def _exact(rate: Fraction) -> list[str]:
    """Times in whole frames again: a joined file's come in microseconds, and drift."""
    frame = f"({rate.denominator}/{rate.numerator}/TB)"
    pts, dts = (f"round(round({time}/{frame})*{frame})" for time in ("PTS", "DTS"))
    return ["-bsf:v", f"setts=pts={pts}:dts={dts}:duration=round({frame})"]
