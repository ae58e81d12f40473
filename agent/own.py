"""A person's own file comes in: once through the ffmpeg door, copied to the shelf, with its name and side-car text.

Knows nothing about which shot it will be shown in.
"""

import shutil
import uuid
from fractions import Fraction
from pathlib import Path

from ..memory.assets import AssetStore
from ..tools import ffmpeg
from ..tools.errors import Refused
from ..tools.media import Asset, Size
from ..tools.speech.sound import read_wav
from ..tools.stock.notes import LICENCE, beside
from .errors import BriefError

RATE = Fraction(24_000)
"""Samples a second of recordings: all of a voice, and what the voices that clone expect."""
STILLS = {"png", "jpg", "jpeg", "webp"}


def bring_in(path: Path, shelf: AssetStore) -> Asset:
    """Check the file and copy it to the shelf; a licence is taken from a side-car line such as `licence: CC0-1.0`.

    Raises:
        Refused: the file is empty, broken, hostile or holds no picture; the message names it.
    """
    ending = path.suffix.lstrip(".").lower()
    # Without its ending: ffmpeg takes photo.jpg for a pattern of numbered pictures, which is fenced off.
    shelf.root.mkdir(parents=True, exist_ok=True)
    copy = shelf.root / f".{uuid.uuid4().hex}"
    shutil.copyfile(path, copy)
    try:
        stream = ffmpeg.probe(copy).video
        if stream is None:
            raise Refused("it holds no picture.", "Take it out of the --assets folder.")
    except Refused as error:
        copy.unlink()
        raise Refused(f"{path.name} cannot be used: {error.message}", error.hint) from error
    text = beside(path)
    licence = LICENCE.search(text)
    return shelf.add(
        copy,
        lambda digest: Asset(
            id=digest,
            kind="image" if ending in STILLS else "video",
            format=ending,
            frames=None if ending in STILLS else stream.frames,
            rate=None if ending in STILLS else stream.rate,
            size=Size(width=stream.width // 2 * 2, height=stream.height // 2 * 2),
            licence=licence[1].strip() if licence else "unknown",
            origin=f"{path.name}\n{text}".strip(),
        ),
    )


def bring_still(path: Path, shelf: AssetStore, what: str) -> Asset:
    """A file that must be a still picture.

    Raises:
        BriefError: it is a clip; the message calls it `what`.
        Refused: it is empty, broken or hostile.
    """
    asset = bring_in(path, shelf)
    if asset.kind != "image":
        raise BriefError(f"The {what} {path.name} is no still picture.", "Use a PNG, JPEG or WebP.")
    return asset


def bring_sound(path: Path, shelf: AssetStore, longest: float) -> Asset:
    """Check a recording, whatever its ending says, and keep it as mono sound on the shelf.

    Raises:
        BriefError: there is no such file, or it lasts longer than `longest` seconds.
        Refused: it is broken, hostile or holds no sound.
    """
    if not path.is_file():
        raise BriefError(f"There is no file {path}.", "Check the name of the recording.")
    shelf.root.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4().hex
    copy, wav = shelf.root / f".{name}", shelf.root / f".{name}.wav"
    try:
        shutil.copyfile(path, copy)
        _as_wav(copy, wav, longest, path.name)
    except Refused as error:
        raise Refused(f"{path.name} cannot be used: {error.message}", error.hint) from error
    finally:
        copy.unlink(missing_ok=True)
    samples = len(read_wav(wav).samples)
    text = beside(path)
    licence = LICENCE.search(text)
    return shelf.add(
        wav,
        lambda digest: Asset(
            id=digest,
            kind="audio",
            format="wav",
            frames=samples,
            rate=RATE,
            licence=licence[1].strip() if licence else "the speaker's own",
            origin=f"{path.name}\n{text}".strip(),
        ),
    )


def _as_wav(source: Path, wav: Path, longest: float, name: str) -> None:
    stream = ffmpeg.probe(source).audio
    if stream is None:
        raise Refused("it holds no sound.", "Give a recording: WAV, MP3, M4A, FLAC, OGG or a clip.")
    length = stream.end - stream.start
    if length > longest:
        hint = f"At most {_minutes(longest)} are worked with: cut out the part that is meant."
        raise BriefError(f"{name} is {_minutes(length)} long.", hint)
    plain = ["-map", "0:a:0", "-ac", "1", "-ar", str(RATE), "-c:a", "pcm_s16le"]
    ffmpeg.encode([ffmpeg.Input(source)], "", wav, plain)


def _minutes(seconds: float) -> str:
    """A length in words.

    >>> _minutes(10_800), _minutes(95)
    ('3 h 0 min', '1 min 35 s')
    """
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"
