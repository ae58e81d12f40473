"""How an index grows: the home for one big machine at N segments, and choosing for a film of 40 shots.

    python tests/benchmarks/stock_scale.py vectors 1000000 [FOLDER]
    python tests/benchmarks/stock_scale.py film 100000 [chroma|big]
    python tests/benchmarks/stock_scale.py lance 100000

Vectors are MiniLM's of generated captions, perturbed to fill: cosine to their caption's about 0.9, as paraphrases have.
Recall is measured against exact search over every row. CPU seconds; wall times only mean something on a quiet machine.
"""

import resource
import shutil
import sys
import tempfile
import time
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reelwright import Brief
from reelwright.agent.assign import assign
from reelwright.agent.footage import candidates
from reelwright.agent.model import Shot
from reelwright.memory.library import Library
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.stock import Entry, Filter, Segment
from reelwright.tools.stock.big import FACTS, Big
from reelwright.tools.stock.minilm import MiniLM
from reelwright.tools.stock.vectors import Vectors

WHO = [
    "a woman",
    "an old man",
    "two children",
    "a farmer",
    "a crowd",
    "a dog",
    "a fisherman",
    "a dancer",
    "a nurse",
    "a cyclist",
]
DOES = ["walks", "waits", "works", "laughs", "rests", "looks up", "carries wood", "reads", "runs", "sings"]
WHERE = (
    *("on the beach", "in a market", "by the river", "in the snow", "at the station", "in a kitchen", "on a mountain"),
    *("in the rain", "in a field", "under a bridge", "in the desert", "in a harbour", "on a bus", "in a forest"),
    "at night in the city",
)
LOOK = (
    *(
        "close on",
        "far away,",
        "from above,",
        "at dawn",
        "in black and white,",
        "in slow motion",
        "in fog,",
        "from behind,",
    ),
    *("through a window,", "mirrored in water,", "under a red sky,", "in a crowd,"),
)
BATCH = 50_000
SEEDS = 18_000
"""Captions that are embedded: two minutes of CPU."""


def main() -> None:
    what, count = sys.argv[1], int(sys.argv[2])
    rest = sys.argv[3:]
    if what == "vectors":
        folder = Path(rest[0]) if rest else Path(tempfile.mkdtemp())
        vectors(count, folder)
        shutil.rmtree(folder)
    elif what == "film":
        film(count, rest[0] if rest else "chroma")
    else:
        lance(count)


def captions() -> list[str]:
    return [" ".join(words) for words in product(LOOK, WHO, DOES, WHERE)]


def meanings() -> Vectors:
    return MiniLM(Models.installed(None).path("minilm")).embed(captions()[:SEEDS])


def perturbed(seeds: Vectors, count: int, chance: np.random.Generator) -> Vectors:
    rows = seeds[chance.integers(0, len(seeds), count)]
    rows = rows + chance.standard_normal(rows.shape, np.float32) * np.float32(0.025)
    unit: Vectors = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def vectors(count: int, folder: Path) -> None:
    seeds = meanings()
    shutil.rmtree(folder, ignore_errors=True)
    store = Big(folder, 384)
    began = spent()
    for first in range(0, count, BATCH):
        store.append(rows(store, perturbed(seeds, min(BATCH, count - first), np.random.default_rng(first)), first))
    size = sum(path.stat().st_size for path in folder.iterdir())
    print(f"{count:,} rows written: {spent() - began:.0f} CPU s, {size / 1e9:.2f} GB on disk")
    store.close()
    began = spent()
    store = Big(folder, 384)
    print(f"opened: {spent() - began:.1f} CPU s, {resident() / 1e9:.2f} GB resident")
    asked = perturbed(seeds, 50, np.random.default_rng(7))
    for name, wanted in (
        ("no filter", Filter()),
        ("30 % of all", Filter(kinds=("video",))),
        ("2 % of all", Filter(kinds=("video",), colour="blue")),
    ):
        figures(store, asked, wanted, name)


def rows(store: Big, unit: Vectors, first: int) -> dict[str, NDArray[np.generic]]:
    """In the form of the files, with facts drawn by lot: 30 % clips, 7 % blue."""
    chance = np.random.default_rng(first + 1)
    names = [f"{at:032x}-0" for at in range(first, first + len(unit))]
    facts = np.zeros(len(unit), FACTS)
    facts["kind"] = (chance.random(len(unit)) > 0.3).astype(np.uint8)
    facts["colours"] = np.where(chance.random(len(unit)) < 0.07, 1 << 7, 1)
    facts["seconds"] = 10
    return store.formed(names, unit) | {"facts": facts}


def figures(store: Big, asked: Vectors, wanted: Filter, name: str) -> None:
    walls, before = [], spent()
    found = []
    for vector in asked:
        began = time.perf_counter()
        found.append({row for row, _ in store.nearest(vector, wanted, 10)})
        walls.append(time.perf_counter() - began)
    cpu = (spent() - before) / len(asked)
    exact = exactly(store, asked, wanted)
    recall = np.mean([len(one & other) / max(len(other), 1) for one, other in zip(found, exact, strict=True)])
    walls.sort()
    print(
        f"{name}: {1000 * cpu:.0f} CPU ms a query, wall p50 {1000 * walls[len(walls) // 2]:.0f} ms, "
        f"p95 {1000 * walls[int(0.95 * len(walls))]:.0f} ms, recall@10 {recall:.3f}, {resident() / 1e9:.2f} GB resident"
    )


def exactly(store: Big, asked: Vectors, wanted: Filter) -> list[set[str]]:
    """Every row that the filter admits, by its 8-bit vector."""
    best = np.full((len(asked), 0), 0.0)
    who = np.zeros((len(asked), 0), np.int64)
    for first, part in store.pages(wanted):
        near = asked @ part.T
        near = np.concatenate([best, near], axis=1)
        names = np.concatenate([who, np.broadcast_to(first, (len(asked), len(first)))], axis=1)
        top = np.argsort(-near, axis=1)[:, :10]
        best, who = np.take_along_axis(near, top, 1), np.take_along_axis(names, top, 1)
    return [set(store.named(row)) for row in who]


def film(count: int, home: str) -> None:
    seeds, embedder = meanings(), MiniLM(Models.installed(None).path("minilm"))
    texts = captions()[:SEEDS]
    folder = Path(tempfile.mkdtemp())
    with Library.open(folder / "library", [embedder], home=home) as library:
        began = spent()
        chance = np.random.default_rng(1)
        for first in range(0, count, 5000):
            which = chance.integers(0, SEEDS, 5000)
            unit = seeds[which] + chance.standard_normal((5000, 384), np.float32) * np.float32(0.025)
            unit /= np.linalg.norm(unit, axis=1, keepdims=True)
            library.index.upsert([entry(first + at, texts[which[at]], unit[at], chance) for at in range(5000)])
        print(f"{count:,} segments put into {home}: {spent() - began:.0f} CPU s")
        shots = [
            Shot(id=f"s{at}", scene="s", lines=(f"l{at}",), frames=90, queries=tuple(texts[at * 449].split(" ", 2)[2:]))
            for at in range(40)
        ]
        words = {f"l{at}": f"{texts[at * 449].capitalize()}." for at in range(40)}
        brief = Brief(text="# Days\n\nPeople.", size=Size(width=1920, height=1080))
        embedder.embed(["warm"])
        began = spent()
        found = candidates(library, brief, shots, words)
        searched = spent() - began
        chosen = assign(shots, found, brief.size, Fraction(30))
        print(f"40 shots: {spent() - began:.2f} CPU s ({searched:.2f} of it searching), {len(chosen)} with footage")
    shutil.rmtree(folder)


def entry(number: int, text: str, unit: Vectors, chance: np.random.Generator) -> Entry:
    digest = f"{number:064x}"
    segment = Segment(
        id=f"{digest[32:]}-0",
        file=digest,
        kind="video" if chance.random() < 0.3 else "image",
        place=f"/{number}.jpg",
        frames=250,
        width=1920,
        height=1080,
        caption=text,
        looks=f"{int(chance.integers(0, 2**63)):016x}",
    )
    return Entry(segment=segment, vectors={"minilm-l6-v2": tuple(unit.tolist())})


def lance(count: int) -> None:
    """LanceDB on the same vectors in the same run; not a dependency of ours: pip install lancedb."""
    import lancedb  # type: ignore[import-not-found, import-untyped, unused-ignore]
    import pyarrow as pa  # type: ignore[import-not-found, import-untyped, unused-ignore]

    seeds, folder = meanings(), Path(tempfile.mkdtemp())
    unit = perturbed(seeds, count, np.random.default_rng(0))
    asked = perturbed(seeds, 50, np.random.default_rng(7))
    kinds = np.random.default_rng(1).random(count) < 0.3
    exact = [set(map(int, np.argsort(-(unit @ vector))[:10])) for vector in asked]
    began = spent()
    columns = pa.FixedSizeListArray.from_arrays(pa.array(unit.ravel()), 384)
    table: Any = lancedb.connect(folder).create_table(
        "rows", pa.table({"id": np.arange(count), "video": kinds, "vector": columns})
    )
    table.create_index(metric="cosine", num_partitions=256, num_sub_vectors=96, vector_column_name="vector")
    print(f"LanceDB: {spent() - began:.0f} CPU s to put {count:,} in")
    walls, hits = [], []
    for vector, truth in zip(asked, exact, strict=True):
        start = time.perf_counter()
        got = table.search(vector).nprobes(40).refine_factor(20).limit(10).to_arrow()["id"].to_pylist()
        walls.append(time.perf_counter() - start)
        hits.append(len(truth & set(got)) / 10)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(
        f"LanceDB: p50 {1000 * sorted(walls)[25]:.1f} ms, recall@10 {np.mean(hits):.3f}, {size / count:.0f} bytes a row"
    )
    shutil.rmtree(folder)


def spent() -> float:
    row = resource.getrusage(resource.RUSAGE_SELF)
    return row.ru_utime + row.ru_stime


def resident() -> float:
    """Memory that is ours: mapped files do not count."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith("RssAnon:"))) * 1024


if __name__ == "__main__":
    main()
