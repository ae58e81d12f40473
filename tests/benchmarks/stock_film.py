"""Choosing footage for a film of 40 shots out of N segments, as `make` does it: the planner's shots, the library, the
weighing over the whole film.

    python tests/benchmarks/stock_film.py 100000 --home chroma --home big

Segments say a caption of the grammar (captions.py) and have its vector, perturbed; of four pictures one nearly equals
another, and a clip's shots share its file. CPU seconds of the process; what must hold of the choice is asserted.
"""

import argparse
import cProfile
import pstats
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from reelwright import Brief, Settings, Studio
from reelwright.agent.footage import open_library, open_to_footage
from reelwright.agent.furnish import furnished
from reelwright.agent.model import Script, Shot
from reelwright.tests.benchmarks.captions import SENTENCES, captions, meanings, perturbed, sentences, spent
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.stock import Entry, Segment
from reelwright.tools.stock.look import NEAR, apart
from reelwright.tools.stock.vectors import Vectors

SHOTS, PAGE = 40, 5000
LICENCES = ("CC0-1.0", "CC-BY-4.0", "CC-BY-NC-4.0")
BRIEF_LICENCES = ("CC0-*", "CC-BY-4.0")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--home", action="append")
    parser.add_argument("--seeds", type=Path, help="where the captions' vectors are kept between runs")
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    texts = captions(options.sentences)
    seeds = meanings(texts, options.seeds)
    for home in options.home or ["chroma"]:
        folder = Path(tempfile.mkdtemp())
        furnish(folder / "library", home, options.count, texts, seeds)
        choose(folder, home, options.profile)
        shutil.rmtree(folder)


def furnish(folder: Path, home: str, count: int, texts: list[str], seeds: Vectors) -> None:
    began = spent()
    with open_library(folder, Models.installed(None), home=home) as library:
        for first in range(0, count, PAGE):
            library.index.upsert(list(entries(first, min(PAGE, count - first), texts, seeds)))
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    words = sum(path.stat().st_size for path in folder.glob("catalogue.sqlite*"))
    print(f"{home}: {count:,} segments put in: {spent() - began:.0f} CPU s, {size / count:.0f} bytes each on disk, "
          f"{words / count:.0f} of them the catalogue", flush=True)  # fmt: skip


def entries(first: int, count: int, texts: list[str], seeds: Vectors) -> Iterator[Entry]:
    chance = np.random.default_rng(first)
    which = chance.integers(0, len(seeds), count)
    rows = perturbed(seeds, count, chance, which)
    for segment, row in zip(footage(first, [texts[at] for at in which], chance), rows, strict=True):
        yield Entry(segment=segment, vectors={"minilm-l6-v2": tuple(row.tolist())})


def footage(first: int, said: Sequence[str], chance: np.random.Generator) -> Iterator[Segment]:
    """Segments numbered from `first`, with these captions."""
    looks = 0
    for at, caption in enumerate(said, start=first):
        clip = at % 10 < 3
        looks = looks ^ 5 if at % 4 == 1 else int(chance.integers(0, 1 << 63))
        file = sha256(str(at - at % 10 if clip else at).encode()).hexdigest()
        yield Segment(
            id=f"{file[:32]}-{100 * (at % 10) if clip else 0}",
            file=file,
            kind="video" if clip else "image",
            place=f"/{file[48:]}.{'mp4' if clip else 'jpg'}",
            start=100 * (at % 10) if clip else 0,
            frames=int(chance.integers(40, 300)) if clip else 0,
            width=1920 if at % 5 else 1080,
            height=1080 if at % 5 else 1920,
            caption=caption,
            motion=float(chance.random() * 0.05) if clip else 0.0,
            looks=f"{looks:016x}",
            shot_size=("", "close", "medium", "wide")[at % 4],
            licence=LICENCES[at % 3],
        )


def planned(studio: Studio, brief: Brief) -> tuple[Script, tuple[Shot, ...]]:
    """The offline planner's script and shots, 40 of them open to footage."""
    script = studio.planner.write(brief)
    shots = studio.planner.direct(brief, script)
    free = [shot for shot in shots if shot.lines and open_to_footage(shot)]
    assert len(free) >= SHOTS, f"{len(free)} shots"
    return script, tuple(free[:SHOTS])


def choose(folder: Path, home: str, profile: bool) -> None:
    said = sentences(60)
    text = "\n\n".join(" ".join(said[at : at + 4]) for at in range(0, len(said), 4))
    brief = Brief(text=f"# A day\n\n{text}", seconds=240, size=Size(width=1920, height=1080), licences=BRIEF_LICENCES)
    studio = Studio.open(folder / "film", Settings(cache=None, source="stock", library=folder / "library"))
    script, shots = planned(studio, brief)
    watch = cProfile.Profile()
    began = spent()
    if profile:
        watch.enable()
    chosen, _ = furnished(studio, brief, script, shots)
    watch.disable()
    took = spent() - began
    shown = [shot for shot in chosen if shot.chosen]
    print(f"{home}: {len(shots)} shots ({sum(len(shot.queries) for shot in shots)} queries beside their sentences): "
          f"{took:.2f} CPU s with opening the library, {len(shown)} with footage", flush=True)  # fmt: skip
    if profile:
        pstats.Stats(watch).sort_stats("cumulative").print_stats(45)
    hold(chosen, brief)


def hold(shots: tuple[Shot, ...], brief: Brief) -> None:
    """What is promised of a choice."""
    picked = [
        next(pick.segment for pick in shot.candidates if pick.segment.id == shot.chosen)
        for shot in shots
        if shot.chosen
    ]
    assert len(picked) > SHOTS // 2, "hardly anything was chosen"
    assert len({segment.id for segment in picked}) == len(picked), "a clip is shown twice"
    near = [
        (one.id, other.id)
        for at, one in enumerate(picked)
        for other in picked[:at]
        if apart(one.looks, other.looks) <= NEAR
    ]
    assert not near, f"near duplicates: {near}"
    assert all(segment.licence in {"CC0-1.0", "CC-BY-4.0"} for segment in picked)
    for shot in shots:
        for segment in (pick.segment for pick in shot.candidates if pick.segment.id == shot.chosen):
            assert segment.kind == "image" or segment.seconds >= float(shot.frames / brief.rate) / 2


if __name__ == "__main__":
    main()
