"""How well words find pictures: recall on labelled wallpapers, by words alone, by meaning alone, and fused.

    python tests/benchmarks/stock_quality.py FOLDER [--fetch]

FOLDER holds the pictures of the Debian packages that stock.toml names, unpacked (below usr/share); --fetch gets them by
apt-get and dpkg-deb. Two rows: what a file itself carries with the classifier's tags, and with captions by hand. Then
the two weights are chosen on every other query and reported on the rest, and the other way round.
"""

import argparse
import resource
import subprocess
import tempfile
import time
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from reelwright.memory.library import Library
from reelwright.tools.models import Models
from reelwright.tools.stock import Embedder, Filter
from reelwright.tools.stock.classify import EfficientNet
from reelwright.tools.stock.examine import Examiner
from reelwright.tools.stock.index import fuse
from reelwright.tools.stock.meaning import LEAN, Reader
from reelwright.tools.stock.minilm import MiniLM
from reelwright.tools.stock.vectors import Vector, Vectors

PACKAGES = [
    "lxqt-themes",
    "mate-backgrounds",
    "ukui-wallpapers",
    "lomiri-wallpapers-16.04",
    "lomiri-wallpapers-20.04",
    "plasma-workspace-wallpapers",
]
LABELS = Path(__file__).with_name("stock.toml")
Ways = dict[str, Callable[[str], list[str]]]
LEANS, WEIGHTS = (0.0, 0.3, 0.5, 0.7, 1.0), (0.6, 0.7, 0.8, 0.9, 1.0)
Grid = dict[tuple[float, float], list[int]]
"""Places by the weight of a classifier's guesses and of cosine beside covered words."""


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("--fetch", action="store_true")
    given = asked.parse_args()
    if given.fetch:
        fetch(given.folder)
    share = given.folder / "usr/share"
    labels = tomllib.loads(LABELS.read_text("utf-8"))
    rows = labels["picture"]
    files = [share / name for name in (*labels["distractors"], *(row["file"] for row in rows))]
    weights = Models.installed(None)
    embedder = MiniLM(weights.path("minilm"))
    with tempfile.TemporaryDirectory() as place:
        examiner = Examiner(EfficientNet(weights.path("efficientnet-lite0")))
        with Library.open(Path(place) / "library", [embedder], examiner=examiner) as library:
            before, began = spent(), time.monotonic()
            report = library.add([str(path) for path in files])
            took = spent() - before
            rate = 60 * report.added / took
            print(f"{report.added} pictures of {len(files)}: {took:.1f} CPU s, {rate:.0f} a CPU minute,")
            print(f"wall {time.monotonic() - began:.1f} s; not used: {report.refused}")
            print("\n| what is known of a picture | way | recall@1 | recall@5 | paraphrases @1 | @5 |")
            print("|---|---|---|---|---|---|")
            table("file text and tags", rows, share, ways(library))
            scores(library, rows, share)
            tables = [("file text and tags", measured(library, rows, share, LEANS))]
            caption(library, rows, share)
            table("and captions by hand", rows, share, ways(library))
            scores(library, rows, share)
            tables.append(("and captions by hand", measured(library, rows, share, LEANS)))
            print("\n| held out | chosen on the other half | recall@1 | recall@5 |\n|---|---|---|---|")
            for title, grid in tables:
                held_out(title, grid)


def ways(library: Library) -> Ways:
    catalogue = library.index.catalogue
    store = next(iter(library.index.stores.values()))

    def wide(text: str) -> list[str]:
        vector = next(iter(library.meaning(text).values()))
        return [name for name, _ in store.nearest(vector, Filter(), 50)]

    return {
        "BM25 alone": lambda text: catalogue.words.said(text, Filter(), 5),
        "MiniLM alone": lambda text: wide(text)[:5],
        "ranks fused": lambda text: fuse([wide(text), catalogue.words.said(text, Filter(), 50)])[:5],
        "search": lambda text: [hit.segment.id for hit in library.search(text, k=5)],
    }


def table(title: str, rows: list[Mapping[str, str]], share: Path, found: Ways) -> None:
    for name, way in found.items():
        places = [(place(way(row["query"]), share / row["file"]), "paraphrase" in row) for row in rows]
        again = [at for at, paraphrase in places if paraphrase]
        cells = [part([at for at, _ in places], 1), part([at for at, _ in places], 5), part(again, 1), part(again, 5)]
        print(f"| {title} | {name} | {' | '.join(f'{cell:.2f}' for cell in cells)} |")


def place(ids: list[str], path: Path) -> int:
    wanted = digests[path] if path in digests else digests.setdefault(path, digest(path))
    return next((at for at, name in enumerate(ids, start=1) if name.startswith(wanted)), 99)


digests: dict[Path, str] = {}


def digest(path: Path) -> str:
    from reelwright.memory.assets import digest_of

    return digest_of(path)[:32]


def part(places: list[int], k: int) -> float:
    return sum(at <= k for at in places) / max(len(places), 1)


def caption(library: Library, rows: list[Mapping[str, str]], share: Path) -> None:
    """As if a model that sees had said it."""
    from reelwright.tools.stock import Entry

    entries = []
    for row in rows:
        (segment,) = library.show(str(share / row["file"]))
        told = segment.model_copy(update={"caption": row["caption"]})
        vectors = {name: tuple(map(float, read[0])) for name, read in library.read([told]).items()}
        entries.append(Entry(segment=told, vectors=vectors))
    library.index.upsert(entries)


class Remembered:
    """An Embedder that reads each text once: every weight that is tried reads the same words and guesses."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.size = embedder.name, embedder.size
        self._read: dict[str, Vector] = {}

    def embed(self, texts: Sequence[str]) -> Vectors:
        fresh = list(dict.fromkeys(text for text in texts if text not in self._read))
        self._read |= dict(zip(fresh, self._embedder.embed(fresh), strict=True)) if fresh else {}
        return np.array([self._read[text] for text in texts], np.float32)


def measured(library: Library, rows: list[Mapping[str, str]], share: Path, leans: Sequence[float]) -> Grid:
    """The place of each query's picture among all, by the weights of guesses and of cosine."""
    segments = list(library.index.catalogue.all())
    embedder = Remembered(library.embedders[0])
    wanted = [digest(share / row["file"]) for row in rows]
    at = [next(n for n, segment in enumerate(segments) if segment.id.startswith(name)) for name in wanted]
    asked = embedder.embed([row["query"] for row in rows])
    covered = np.array([[hit.covered for hit in library.index.scored(segments, {}, row["query"])] for row in rows])
    grid: Grid = {}
    for lean in leans:
        cosine = asked @ Reader(embedder, lean).read(segments).T
        for weight in WEIGHTS:
            found = weight * cosine + (1 - weight) * covered
            grid[lean, weight] = [int((row >= row[column]).sum()) for row, column in zip(found, at, strict=True)]
    return grid


def held_out(title: str, grid: Grid) -> None:
    """Weights by recall@1 and @5 together on one half of the queries, recall on the other."""
    whole: list[int] = []
    chosen = []
    for mine, others in ((slice(0, None, 2), slice(1, None, 2)), (slice(1, None, 2), slice(0, None, 2))):
        best = max(grid, key=lambda key: (part(grid[key][mine], 1) + part(grid[key][mine], 5), -abs(key[0] - LEAN)))
        chosen.append(f"guesses {best[0]:g}, cosine {best[1]:g}")
        whole += grid[best][others]
    print(f"| {title} | {'; '.join(chosen)} | {part(whole, 1):.2f} | {part(whole, 5):.2f} |")


def scores(library: Library, rows: list[Mapping[str, str]], share: Path) -> None:
    """Where right and wrong answers lie on the scale that a film's threshold stands on."""
    right: list[float] = []
    wrong: list[float] = []
    for row in rows:
        for hit in library.search(row["query"], k=5):
            (right if hit.segment.id.startswith(digest(share / row["file"])) else wrong).append(hit.score)
    for name, values in (("right", sorted(right)), ("wrong", sorted(wrong))):
        marks = [values[int(at * (len(values) - 1))] for at in (0.1, 0.25, 0.5, 0.75, 0.9)]
        print(f"scores of {name} answers at 10, 25, 50, 75, 90 %: {', '.join(f'{mark:.2f}' for mark in marks)}")


def fetch(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", *PACKAGES], cwd=folder, check=True)
    for package in folder.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)


def spent() -> float:
    rows = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(row.ru_utime + row.ru_stime for row in rows)


if __name__ == "__main__":
    main()
