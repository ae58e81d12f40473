"""The home for one big machine at N segments, and LanceDB on the same rows, each in a process of its own.

    python tests/benchmarks/stock_scale.py 1000000 --lance
    python tests/benchmarks/stock_scale.py 16000000 --folder /somewhere/with/9/GB --keep
    python tests/benchmarks/stock_scale.py 16000000 --folder /somewhere/with/9/GB --again

Rows are MiniLM's vectors of generated captions, perturbed to fill (captions.py), made again from their number whenever
they are needed; queries are what a narrator says, of which no row was made. What each row is, is drawn by lot: 30 % are
clips, 7 % are blue. Recall is against exact search over every row's float32 vector, before anything is rounded. CPU
seconds; wall times only mean something on a quiet machine. LanceDB is no dependency: pip install lancedb.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reelwright.tests.benchmarks.captions import SENTENCES, captions, meanings, perturbed, resident, sentences, spent
from reelwright.tools.stock import Filter
from reelwright.tools.stock.big import Big
from reelwright.tools.stock.vectors import Vector, Vectors

BATCH, NEAREST = 50_000, 10
ASKED, COLD = 100, 20
"""Queries, and those that are asked before the files are in memory."""
BLUE = 1 << 7
WANTED = {
    "all": Filter(),
    "30 %": Filter(kinds=("video",)),
    "2 %": Filter(kinds=("video",), colour="blue"),
}
"""Filters, and the part of the rows that each admits."""
Rows = NDArray[np.int64]
Search = Callable[[Vector, str], list[int]]


def main() -> None:
    options = arguments()
    if options.engine:
        {"truth": truth, "big": big, "asked": asked, "lance": lance}[options.engine](options)
        return
    if options.again:
        asked(options)
        return
    options.folder = options.folder or Path(tempfile.mkdtemp())
    options.folder.mkdir(parents=True, exist_ok=True)
    meanings(captions(options.sentences), options.folder / "seeds.npy")
    meanings(sentences(ASKED), options.folder / "asked.npy")
    for engine in ("truth", "big", "asked", *(["lance"] if options.lance else [])):
        words = [sys.executable, __file__, *sys.argv[1:], "--folder", str(options.folder), "--engine", engine]
        subprocess.run(words, check=True)
    if not options.keep:
        shutil.rmtree(options.folder)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--sentences", type=int, default=SENTENCES)
    parser.add_argument("--lance", action="store_true")
    parser.add_argument("--keep", action="store_true", help="leave the folder")
    parser.add_argument("--again", action="store_true", help="only ask the folder that an earlier run kept")
    parser.add_argument("--engine", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.again and options.folder is None:
        parser.error("--again needs the --folder that was kept")
    return options


def fill(options: argparse.Namespace) -> Iterator[tuple[int, Vectors, NDArray[np.bool_], NDArray[np.bool_]]]:
    """Number of the first row, vectors, which are clips, which are blue."""
    seeds = np.load(options.folder / "seeds.npy")
    for first in range(0, options.count, BATCH):
        chance = np.random.default_rng(first)
        size = min(BATCH, options.count - first)
        yield first, perturbed(seeds, size, chance), chance.random(size) < 0.3, chance.random(size) < 0.07


def truth(options: argparse.Namespace) -> None:
    """The nearest rows of all, by every number of their vectors."""
    queries = np.load(options.folder / "asked.npy")[:ASKED]
    best = {name: np.full((ASKED, NEAREST), -2.0, np.float32) for name in WANTED}
    who: dict[str, Any] = {name: np.zeros((ASKED, NEAREST), np.int64) for name in WANTED}
    for first, unit, clips, blue in fill(options):
        near = queries @ unit.T
        for name, admitted in (("all", None), ("30 %", clips), ("2 %", clips & blue)):
            rows = np.arange(len(unit)) if admitted is None else np.flatnonzero(admitted)
            closer(near if admitted is None else near[:, rows], first + rows, best[name], who[name])
    np.savez(options.folder / "truth.npz", **who)


def closer(near: Vectors, rows: Rows, best: Vectors, who: Rows) -> None:
    """Put those that are nearer than what is known in its place."""
    for query, (found, bound) in enumerate(zip(near, best.min(axis=1), strict=True)):
        better = np.flatnonzero(found > bound)
        both = np.concatenate([best[query], found[better]])
        names = np.concatenate([who[query], rows[better]])
        top = np.argsort(-both, kind="stable")[:NEAREST]
        best[query], who[query] = both[top], names[top]


def big(options: argparse.Namespace) -> None:
    place = options.folder / "big"
    shutil.rmtree(place, ignore_errors=True)
    store, made, began = Big(place, 384), 0.0, spent()
    for first, unit, clips, blue in fill(options):
        before = spent()
        store.append(columns(store, first, unit, clips, blue))
        made += spent() - before
    store.close()
    print(f"big: {options.count:,} rows written in {made:.0f} CPU s ({spent() - began:.0f} with making them)")


def asked(options: argparse.Namespace) -> None:
    """In a process that did not write: what it holds in memory is what a search needs."""
    place = options.folder / "big"
    forgotten(place)
    began, clock = spent(), time.perf_counter()
    store = Big(place, 384)
    print(f"big: opened in {spent() - began:.1f} CPU s, {time.perf_counter() - clock:.1f} s; {weight(place)}")

    def search(vector: Vector, name: str) -> list[int]:
        return [int(row.partition("-")[0], 16) for row, _ in store.nearest(vector, WANTED[name], NEAREST)]

    figures(options, "big", search)
    store.close()


def columns(
    store: Big, first: int, unit: Vectors, clips: NDArray[np.bool_], blue: NDArray[np.bool_]
) -> dict[str, NDArray[Any]]:
    size = len(unit)
    return store.formed([f"{at:032x}-0" for at in range(first, first + size)], unit) | {
        "kind": np.where(clips, 0, 1),
        "stands": np.zeros(size),
        "people": np.full(size, -1),
        "colours": np.where(blue, BLUE, 1),
        "licence": np.zeros(size),
        "seconds": np.where(clips, 10, np.inf),
        "dead": np.zeros(size),
    }


def forgotten(place: Path) -> None:
    """Let the system forget the files, so that the first queries read them from the disk."""
    os.sync()
    for path in place.rglob("*"):
        if path.is_file():
            file = os.open(path, os.O_RDONLY)
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)
            os.close(file)


def weight(place: Path) -> str:
    size = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
    return f"{size / 1e9:.2f} GB on disk, {resident() / 1e9:.2f} GB resident ({resident('RssAnon') / 1e9:.2f} our own)"


def figures(options: argparse.Namespace, engine: str, search: Search) -> None:
    """A few queries while nothing is in memory, then all of them by filter."""
    queries = np.load(options.folder / "asked.npy")[:ASKED]
    exact = np.load(options.folder / "truth.npz")
    for turn, name, many in (("cold", "all", COLD), *(("warm", name, ASKED) for name in WANTED)):
        walls, cpu, hits = [], [], 0
        for vector, right in zip(queries[:many], exact[name][:many], strict=True):
            began, used = time.perf_counter(), time.process_time()
            found = search(vector, name)
            walls.append(1000 * (time.perf_counter() - began))
            cpu.append(1000 * (time.process_time() - used))
            hits += len(set(found) & set(right.tolist()))
        print(
            f"{engine} {turn}, {name}: recall@10 {hits / (NEAREST * many):.3f}, CPU ms p50 {np.median(cpu):.0f} "
            f"p95 {np.percentile(cpu, 95):.0f}, wall ms p50 {np.median(walls):.0f} p95 {np.percentile(walls, 95):.0f}, "
            f"{resident() / 1e9:.2f} GB resident ({resident('RssAnon') / 1e9:.2f} our own)",
            flush=True,
        )


def lance(options: argparse.Namespace) -> None:
    import lancedb  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import pyarrow as pa  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from lancedb.index import Bitmap, IvfPq  # type: ignore[import-not-found, import-untyped, unused-ignore]

    place = options.folder / "lance"
    shutil.rmtree(place, ignore_errors=True)
    base, made, table = lancedb.connect(place), 0.0, None
    for first, unit, clips, blue in fill(options):
        before = spent()
        vectors = pa.FixedSizeListArray.from_arrays(pa.array(unit.ravel()), 384)
        ids = np.arange(first, first + len(unit))
        rows = pa.table({"id": ids, "video": clips, "blue": blue, "vector": vectors})
        if table is None:
            table = base.create_table("rows", rows)
        else:
            table.add(rows)
        made += spent() - before
    assert table is not None
    before = spent()
    parts = max(1, int(np.sqrt(options.count)))
    table.create_index("vector", config=IvfPq(distance_type="cosine", num_partitions=parts, num_sub_vectors=96))
    for column in ("video", "blue"):
        table.create_index(column, config=Bitmap())
    made += spent() - before
    print(f"lance: {options.count:,} rows written and indexed in {made:.0f} CPU s; {weight(place)}", flush=True)
    forgotten(place)
    for probes, refine in ((20, 10), (60, 30), (200, 50)):
        figures(options, f"lance, {probes} of {parts} parts, {refine} times rescored,", asking(table, probes, refine))


def asking(table: Any, probes: int, refine: int) -> Search:
    conditions = {"all": "", "30 %": "video = true", "2 %": "video = true AND blue = true"}

    def search(vector: Vector, name: str) -> list[int]:
        query = table.search(vector).distance_type("cosine").nprobes(probes).refine_factor(refine).limit(NEAREST)
        if conditions[name]:
            query = query.where(conditions[name], prefilter=True)
        found: list[int] = query.select(["id"]).to_arrow()["id"].to_pylist()
        return found

    return search


if __name__ == "__main__":
    main()
