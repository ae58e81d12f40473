"""Likeness to a reference film by VMAF.

Knows nothing about what the films show.
"""

import re
import tempfile
from pathlib import Path

from ..ffmpeg import Input, measure, probe
from ..profiles import Profile
from . import Check, Span
from .spans import joined

_EVERY = 3
"""Every third frame is compared."""
_SOURCE = "VMAF v0.6.1"


def reference_check(path: Path, reference: Path | None, profile: Profile) -> Check:
    """The film against a reference of the same frames, at the reference's size; skipped where none is given.

    Raises:
        Refused: the reference cannot be read.
    """
    name, (good, fair) = "reference", profile.limits.vmaf
    target = f"VMAF ≥ {good:g}"
    if reference is None:
        return Check(name=name, value="no reference given", target=target, verdict="skip", source=_SOURCE)
    film, like = probe(path).video, probe(reference).video
    if film is None or like is None:
        return Check(name=name, value="one of the two has no picture", target=target, verdict="skip", source=_SOURCE)
    with tempfile.TemporaryDirectory(prefix="vmaf") as folder:
        rows = Path(folder) / "frames.csv"
        scale = f"scale={like.width}:{like.height}:flags=bicubic,format=yuv420p,setpts=PTS-STARTPTS"
        graph = f"[0:v:0]{scale}[a];[1:v:0]{scale}[b];"
        graph += f"[a][b]libvmaf=n_subsample={_EVERY}:n_threads=1:shortest=1:log_fmt=csv:log_path={rows}[v]"
        log = measure([Input(path), Input(reference)], graph, ["-map", "[v]"]).log
        frames = _frames(rows)
    score = re.search(r"VMAF score: ([\d.]+)", log)
    value = float(score[1]) if score else 0.0
    step = float(1 / like.rate)
    weak = [Span(start=at * step, end=(at + _EVERY) * step) for at, each in frames if each < fair]
    apart = abs(film.end - film.start - like.end + like.start)
    longer = f", {apart:.2f} s of different length" if apart > 1.5 * step else ""
    return Check(
        name=name,
        value=f"VMAF {value:.1f}, lowest {min((each for _, each in frames), default=value):.1f}{longer}",
        target=target,
        verdict="fail" if value < fair or longer else "warn" if value < good else "pass",
        spans=joined(weak, _EVERY * step),
        source=_SOURCE,
    )


def _frames(path: Path) -> list[tuple[int, float]]:
    """(frame, score) of each frame that was compared."""
    head, *lines = path.read_text("utf-8").splitlines() if path.is_file() else [""]
    names = head.split(",")
    if "vmaf" not in names:
        return []
    cells = [line.split(",") for line in lines]
    place = names.index("vmaf")
    return [(int(row[0]), float(row[place])) for row in cells if len(row) > place and row[0].isdigit()]
