"""Music of the library under a film: the piece whose mood is the scene's, cut to length.

Knows nothing about composing: where the library has no such piece, the composer plays.
"""

import shutil
import tempfile
from fractions import Fraction
from pathlib import Path

from ..tools import ffmpeg
from ..tools.errors import Refused, ToolError
from ..tools.media import Asset, frames_of
from ..tools.music import Mood
from ..tools.stock import Filter, Segment
from .footage import fetched, library_of
from .model import Brief
from .studio import Studio

_RATE = Fraction(48_000)
_IN, _OUT = 0.4, 2.0
"""Seconds of the fades."""
_WELL = -16.0
"""LUFS of a piece that was mastered for listening; the mix brings it to its place."""
_MOST = 2000
"""Pieces that are looked at."""


def bed(studio: Studio, brief: Brief, mood: Mood, seconds: float) -> Asset | None:
    """A piece of the library that is long enough and may be used, as a stereo WAV; None where there is none."""
    library = library_of(studio)
    if library is None:
        return None
    with library:
        catalogue = library.index.catalogue
        wanted = Filter(kinds=("audio",), seconds=seconds, licences=brief.licences)
        found = catalogue.get(catalogue.matching(wanted, _MOST)).values()
    fitting = sorted(
        (segment for segment in found if segment.mood == mood),
        key=lambda segment: (abs((segment.loudness or -60) - _WELL), segment.id),
    )
    if not fitting:
        return None
    piece = fitting[brief.seed % len(fitting)]
    try:
        return _cut(studio, piece, seconds)
    except (Refused, ToolError) as error:
        studio.warn("music", f"{Path(piece.place).name} cannot be played: {error} The composer plays.", degraded=True)
        return None


def _cut(studio: Studio, piece: Segment, seconds: float) -> Asset:
    studio.door.scratch.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=studio.door.scratch))
    try:
        target = folder / "bed.wav"
        fades = f"afade=t=in:d={_IN},afade=t=out:st={max(0.0, seconds - _OUT):.3f}:d={_OUT}"
        shape = f"aresample={_RATE},aformat=sample_fmts=s16:channel_layouts=stereo"
        graph = f"[0:a:0]atrim=end={seconds:.6f},{shape},{fades}[a]"
        ffmpeg.encode([ffmpeg.Input(fetched(piece, folder))], graph, target, ["-map", "[a]", "-c:a", "pcm_s16le"])
        by = f" by {piece.author}" if piece.author else ""
        origin = f"{Path(piece.place).name}{by}{f' ({piece.url})' if piece.url else ''}"
        return studio.door.assets.add(
            target,
            lambda digest: Asset(
                id=digest,
                kind="audio",
                format="wav",
                frames=frames_of(seconds, _RATE),
                rate=_RATE,
                licence=piece.licence,
                origin=origin,
            ),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
