"""Where the time of an ingest goes: CPU seconds of each stage, as parts of the whole, for photos and for 1080p video.

    python tests/benchmarks/stock_profile.py FOLDER [--photos 40] [--seconds 60]

FOLDER holds pictures, such as those of stock_quality.py; the video is made of them: slow zooms of four seconds, cuts.
Stages are run one after another over the same files; `index` is what the whole takes beyond them.
"""

import argparse
import resource
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from reelwright.agent.footage import open_library
from reelwright.memory.assets import digest_of
from reelwright.tools import ffmpeg
from reelwright.tools.models import Models
from reelwright.tools.stock import Segment, look
from reelwright.tools.stock.classify import MODEL, EfficientNet
from reelwright.tools.stock.clips import SEEN, picture, stretches
from reelwright.tools.stock.meaning import Reader
from reelwright.tools.stock.minilm import MODEL as READER
from reelwright.tools.stock.minilm import MiniLM
from reelwright.tools.stock.notes import notes_of
from reelwright.tools.stock.pictures import demuxer_of, still
from reelwright.tools.stock.vectors import Pixels
from reelwright.tools.video.faces import finder

Stages = dict[str, float]
T = TypeVar("T")
ZOOM = "zoompan=z='1+0.0008*on':d=100:s=1920x1080:fps=25"


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--photos", type=int, default=40)
    asked.add_argument("--seconds", type=int, default=60)
    given = asked.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.suffix in {".jpg", ".png"} and path.is_file())
    files = files[:: max(1, len(files) // given.photos)][: given.photos]
    weights = Models.installed(None)
    with tempfile.TemporaryDirectory() as place:
        photos = photo_stages(files, weights)
        told("photos", photos, whole(Path(place) / "photos", files, weights), len(files), "a photo")
        clip = Path(place) / "zooms.mp4"
        seconds = film(files, clip, given.seconds)
        video = clip_stages(clip, weights)
        told("1080p video", video, whole(Path(place) / "clips", [clip], weights), seconds, "a second of video")


def photo_stages(files: list[Path], weights: Models) -> Stages:
    stages: Stages = {}
    clock("hash and notes", stages, lambda: [(digest_of(path), notes_of(path)) for path in files])
    kinds = {path: ("-f", demuxer_of(path.read_bytes()[:16])) for path in files}
    pixels = clock("decode", stages, lambda: [still(path, kind)[1] for path, kind in kinds.items()])
    return seen(stages, pixels, weights)


def clip_stages(clip: Path, weights: Models) -> Stages:
    stages: Stages = {}
    clock("hash and notes", stages, lambda: (digest_of(clip), notes_of(clip)))
    stream = ffmpeg.probe(clip).video
    assert stream is not None
    rows = clock("decode and cuts", stages, lambda: stretches(clip, stream))
    pixels = clock("key pictures", stages, lambda: [picture(clip, stream, float(row.key / SEEN)) for row in rows])
    return seen(stages, pixels, weights)


def seen(stages: Stages, pixels: list[Pixels], weights: Models) -> Stages:
    """What is done with every picture, wherever it came from."""
    tagger, faces = EfficientNet(weights.path(MODEL)), finder()
    guesses = clock("classifier", stages, lambda: tagger.guess(pixels))
    if faces is not None:
        small = [one[:: (step := max(1, one.shape[1] // 192)), ::step].copy() for one in pixels]
        clock("faces", stages, lambda: [faces(one) for one in small])
    measures: tuple[Callable[[Pixels], object], ...] = (
        look.colours, look.brightness, look.sharpness, look.calm, look.looks,
    )  # fmt: skip
    clock("colours, light, calm, hash", stages, lambda: [[measure(one) for measure in measures] for one in pixels])
    reader = Reader(MiniLM(weights.path(READER)))
    rows = [
        Segment(id=str(at), file="0" * 64, kind="image", place="x", name="a name of three words", guesses=guess)
        for at, guess in enumerate(guesses)
    ]
    clock("meaning", stages, lambda: reader.read(rows))
    return stages


def whole(folder: Path, files: list[Path], weights: Models) -> float:
    with open_library(folder, weights) as library:
        before = spent()
        library.add([str(path) for path in files])
        return spent() - before


def film(files: list[Path], clip: Path, seconds: int) -> float:
    """Zooms of four seconds each, joined by cuts."""
    shots = files[: seconds // 4]
    inputs = [ffmpeg.Input(path, ("-f", demuxer_of(path.read_bytes()[:16]))) for path in shots]
    parts = [f"[{at}:v]scale=2400:-2,{ZOOM},setsar=1,format=yuv420p[v{at}]" for at in range(len(shots))]
    joined = f"{';'.join(parts)};{''.join(f'[v{at}]' for at in range(len(shots)))}concat=n={len(shots)}:v=1:a=0[v]"
    ffmpeg.encode(inputs, joined, clip, ["-map", "[v]", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20"])
    return 4.0 * len(shots)


def told(name: str, stages: Mapping[str, float], total: float, units: float, unit: str) -> None:
    print(f"\n{name}: {total:.1f} CPU s, {total / units:.3f} {unit}\n\n| stage | part |\n|---|---|")
    for stage, cost in stages.items():
        print(f"| {stage} | {cost / total:.0%} |")
    print(f"| index (SQLite, chroma) and the rest | {max(0.0, total - sum(stages.values())) / total:.0%} |")


def clock(stage: str, stages: Stages, work: Callable[[], T]) -> T:
    before = spent()
    found = work()
    stages[stage] = spent() - before
    return found


def spent() -> float:
    rows = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(row.ru_utime + row.ru_stime for row in rows)


if __name__ == "__main__":
    main()
