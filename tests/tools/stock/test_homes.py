"""Every home of an index answers alike: what is put in is found, filtered, replaced, forgotten and moved."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.errors import Refused
from reelwright.tools.stock import AssetIndex, Entry, Filter, Segment, big
from reelwright.tools.stock.big import Big
from reelwright.tools.stock.blocks import Block, facts_of
from reelwright.tools.stock.catalogue import Catalogue, DamagedIndex, OutdatedIndex
from reelwright.tools.stock.homes import HOMES, advice, open_index
from reelwright.tools.stock.index import SegmentIndex
from reelwright.tools.stock.rows import FileRow
from reelwright.tools.stock.vectors import Vectors


class Bag:
    """An Embedder: a direction a word. Real enough for an index, which compares and never understands."""

    name, size = "bag", 64

    def embed(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.size), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().replace(".", " ").replace(",", " ").split():
                seed = int(hashlib.sha256(word.encode()).hexdigest()[:8], 16)
                row += np.random.default_rng(seed).normal(size=self.size)
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return rows


def segment(name: str, **facts: object) -> Segment:
    digest = hashlib.sha256(name.encode()).hexdigest()
    given = {"kind": "image", "width": 1600, "height": 900, "licence": "CC0-1.0", **facts}
    return Segment.model_validate(
        {"id": f"{digest[:32]}-0", "file": digest, "place": f"/{name}.jpg", "name": name, **given}
    )


SEGMENTS = (
    segment("red rose", colours=("red", "green"), people=0),
    segment("rose garden", height=2400, licence="CC-BY-4.0", people=0),
    segment("city street", kind="video", frames=100, rate=25, people=3, colours=("grey",)),
    segment("harbour at night", kind="video", frames=500, rate=25, colours=("black", "blue")),
    segment("sea waves", kind="audio", width=0, height=0, frames=9000, rate=1000),
)


FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (place TEXT PRIMARY KEY, size, changed, file, recipe, problem);
CREATE INDEX files_by_content ON files (file);
CREATE TABLE segments (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, file TEXT NOT NULL, data TEXT NOT NULL);
CREATE INDEX segments_by_file ON segments (file);
CREATE VIRTUAL TABLE words USING fts5(caption, name, tags, notes, speech);
CREATE VIRTUAL TABLE terms USING fts5vocab(words, row);
INSERT INTO meta VALUES ('version', '1'), ('told', 'once');
"""
"""The columns of the first version's tables that are read when they are written anew."""


def entries(*rows: Segment) -> list[Entry]:
    vectors = Bag().embed([row.name for row in rows])
    return [
        Entry(segment=row, vectors={"bag": tuple(map(float, vector))})
        for row, vector in zip(rows, vectors, strict=True)
    ]


@pytest.fixture(params=HOMES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SegmentIndex]:
    home = open_index(tmp_path / "index", request.param, [Bag()])
    home.upsert(entries(*SEGMENTS))
    yield home
    home.close()


def names(index: AssetIndex, text: str, k: int = 3, **wanted: object) -> list[str]:
    vectors = {"bag": Bag().embed([text])[0]}
    return [hit.segment.name for hit in index.search(vectors, text, Filter.model_validate(wanted), k)]


def test_words_find_what_they_mean(index: SegmentIndex) -> None:
    assert names(index, "red rose")[:2] == ["red rose", "rose garden"]
    assert names(index, "harbour")[0] == "harbour at night"
    vectors = {"bag": Bag().embed(["red rose"])[0]}
    best, other = index.search(vectors, "red rose", Filter(), 2)
    assert best.score == pytest.approx(1.0, abs=0.01)
    assert best.cosine > other.cosine
    assert best.covered == 1.0


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"kinds": ("video",)}, {"city street", "harbour at night"}),
        ({"kinds": ("video",), "seconds": 10}, {"harbour at night"}),
        ({"kinds": ("audio",), "seconds": 10}, set()),
        ({"orientation": "portrait"}, {"rose garden"}),
        ({"licences": ("cc-by-*",)}, {"rose garden"}),
        ({"colour": "blue"}, {"harbour at night"}),
        ({"people": True}, {"city street"}),
        ({"people": False}, {"red rose", "rose garden"}),
        ({"seconds": 5, "kinds": ("image",)}, {"red rose", "rose garden"}),
    ],
)
def test_filters_are_exact(index: SegmentIndex, wanted: dict[str, object], found: set[str]) -> None:
    assert set(names(index, "rose street harbour sea waves", 9, **wanted)) == found
    assert index.count(Filter.model_validate(wanted)) == len(found)
    assert {row.name for row in SEGMENTS if Filter.model_validate(wanted).admits(row)} == found


def test_what_is_put_again_is_replaced_and_what_is_deleted_is_gone(index: SegmentIndex) -> None:
    rose = SEGMENTS[0].model_copy(update={"name": "white lily"})
    index.upsert(entries(rose))
    assert index.count() == len(SEGMENTS)
    assert names(index, "white lily")[0] == "white lily"
    index.delete([rose.id, "nobody"])
    assert "white lily" not in names(index, "white lily", 9)
    assert index.count() == len(SEGMENTS) - 1
    assert index.verify() == []


def test_it_is_the_same_after_it_was_closed(index: SegmentIndex) -> None:
    index.delete([SEGMENTS[1].id])
    before = sorted(entry.segment.id for entry in index.entries())
    index.close()
    again = open_index(index.folder, index.home, [Bag()])
    assert sorted(entry.segment.id for entry in again.entries()) == before
    assert again.verify() == []
    assert names(again, "red rose")[0] == "red rose"
    assert again.stats().vectors == {"bag": len(SEGMENTS) - 1}
    again.close()


def test_vectors_come_back_nearly_as_they_were(index: SegmentIndex) -> None:
    """Eight bits a number are enough for the best home of many millions."""
    for entry in index.entries():
        (vector,) = Bag().embed([entry.segment.name])
        assert sum(a * b for a, b in zip(entry.vectors["bag"], vector, strict=True)) > 0.999


def test_rows_and_vectors_that_do_not_belong_together_are_told(index: SegmentIndex) -> None:
    index.stores["bag"].drop([SEGMENTS[0].id])
    index.catalogue.drop([SEGMENTS[1].id])
    assert index.verify() == ["1 segments have no bag vector", "1 bag vectors belong to no segment"]
    assert "rose garden" not in names(index, "rose garden", 9)


def test_without_an_embedder_words_alone_find(tmp_path: Path) -> None:
    index = open_index(tmp_path, "chroma", [])
    index.upsert(entries(*SEGMENTS))
    (hit, *_) = index.search({}, "the roses of the garden", Filter(), 3)
    assert hit.segment.name == "rose garden"
    assert hit.score == 1.0
    index.close()


def test_a_home_nobody_knows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="no home"):
        open_index(tmp_path, "shelf", [])
    assert advice(2_000_000, "chroma")
    assert not advice(2_000_000, "big")


def test_an_index_of_another_version_is_not_read(tmp_path: Path) -> None:
    index = open_index(tmp_path, "chroma", [])
    index.catalogue.note("version", "0")
    index.close()
    with pytest.raises(OutdatedIndex, match="version 0"):
        open_index(tmp_path, "chroma", [])


def test_an_index_of_the_first_version_is_written_anew(tmp_path: Path) -> None:
    """Its captions may have been paid for."""
    rose = SEGMENTS[0].model_copy(update={"caption": "petals", "captioner": "seen"})
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as base:
        base.executescript(FIRST)
        base.execute("INSERT INTO files VALUES (?, 7, 8, ?, '3/-', '')", (rose.place, rose.file))
        base.execute(
            "INSERT INTO segments (id, file, data) VALUES (?, ?, ?)", (rose.id, rose.file, rose.model_dump_json())
        )
    base.close()
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    assert list(catalogue.all()) == [rose]
    assert catalogue.words.said("petals", Filter(licences=("cc0-*",), colour="red"), 3) == [rose.id]
    assert catalogue.files() == [FileRow(place=rose.place, size=7, changed=8, file=rose.file, recipe="3/-")]
    assert (catalogue.note("version"), catalogue.note("told")) == ("2", "once")
    catalogue.close()


def test_words_of_what_is_gone_are_forgotten(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    rose = SEGMENTS[0]
    catalogue.put([rose, SEGMENTS[1]])
    catalogue.put([rose.model_copy(update={"name": "white lily", "tags": ("rose window",)})])
    assert catalogue.words.frequency("red") == 0
    assert catalogue.words.said("lily", Filter(), 3) == [rose.id]
    catalogue.drop([rose.id, "nobody", f"{'f' * 32}-{'9' * 30}"])
    assert catalogue.words.frequency("lily") == 0
    assert catalogue.words.said("rose", Filter(), 3) == [SEGMENTS[1].id]
    assert catalogue.check() == []
    catalogue.close()


def test_a_broken_row_says_so(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "catalogue.sqlite")
    catalogue.put(SEGMENTS[:1])
    catalogue.close()
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as base:
        base.execute("UPDATE segments SET data = x'ff00ff'")
    base.close()
    again = Catalogue(tmp_path / "catalogue.sqlite")
    with pytest.raises(DamagedIndex, match="--repair"):
        again.get([SEGMENTS[0].id])
    again.close()


def test_a_broken_catalogue_says_so(tmp_path: Path) -> None:
    (tmp_path / "catalogue.sqlite").write_bytes(b"nothing of the kind" * 500)
    with pytest.raises(DamagedIndex, match="--repair"):
        open_index(tmp_path, "chroma", [])


def test_cut_off_vectors_say_so(tmp_path: Path) -> None:
    index = open_index(tmp_path, "big", [Bag()])
    index.upsert(entries(*SEGMENTS))
    index.close()
    (tmp_path / "big-bag" / "000001" / "vectors").write_bytes(b"")
    with pytest.raises(DamagedIndex, match="--repair"):
        open_index(tmp_path, "big", [Bag()])


def test_vectors_of_another_version_are_not_read(tmp_path: Path) -> None:
    index = open_index(tmp_path, "big", [Bag()])
    index.upsert(entries(*SEGMENTS))
    index.close()
    head = tmp_path / "big-bag" / "head.json"
    head.write_text('{"rows": 6, "licences": ["CC0-1.0"]}')  # as the first version wrote it
    with pytest.raises(OutdatedIndex, match="version 1"):
        open_index(tmp_path, "big", [Bag()])


def test_rows_that_a_kill_left_uncounted_are_overwritten(tmp_path: Path) -> None:
    index = open_index(tmp_path, "big", [Bag()])
    index.upsert(entries(*SEGMENTS[:3]))
    index.close()
    for path in (tmp_path / "big-bag" / "000001").iterdir():
        with path.open("ab") as file:
            file.write(b"half a row")
    (tmp_path / "big-bag" / "000002").mkdir()  # and what is left of a block that was being written anew
    again = open_index(tmp_path, "big", [Bag()])
    assert again.count() == 3
    again.upsert(entries(*SEGMENTS[3:]))
    assert again.verify() == []
    assert names(again, "red rose")[0] == "red rose"
    assert not (tmp_path / "big-bag" / "000002").exists()
    again.close()


def test_a_burial_that_a_kill_cut_short_is_done_again(tmp_path: Path) -> None:
    store = Big(tmp_path, Bag.size)
    rows = SEGMENTS[:2]
    for _ in range(2):
        store.put([row.id for row in rows], Bag().embed([row.name for row in rows]), rows)
    store.close()
    (tmp_path / "000001" / "dead").write_bytes(bytes(4))
    again = Big(tmp_path, Bag.size)
    assert again.count() == 2
    assert sorted(again.ids()) == sorted(row.id for row in rows)
    again.close()


def test_reading_does_no_harm_to_what_is_being_written(tmp_path: Path) -> None:
    """A reader opens between the moment when rows are written and the moment when they count."""
    store, rows = Big(tmp_path, Bag.size), SEGMENTS
    store.put([rows[0].id], Bag().embed([rows[0].name]), rows[:1])
    block = Block(tmp_path / "000001", Bag.size, 1)
    vectors = Bag().embed([row.name for row in rows[1:]])
    block.append(store.formed([row.id for row in rows[1:]], vectors) | facts_of(rows[1:], []))
    Big(tmp_path, Bag.size).close()
    assert Block(tmp_path / "000001", Bag.size, len(rows)).rows == len(rows)
    store.close()


def test_two_that_opened_before_either_wrote_lose_nothing(tmp_path: Path) -> None:
    one, other = Big(tmp_path, Bag.size), Big(tmp_path, Bag.size)
    for store, row in ((one, SEGMENTS[0]), (other, SEGMENTS[1]), (one, SEGMENTS[2])):
        store.put([row.id], Bag().embed([row.name]), [row])
    other.drop([SEGMENTS[2].id])
    again = Big(tmp_path, Bag.size)
    assert sorted(again.ids()) == sorted(row.id for row in SEGMENTS[:2])
    for store in (one, other, again):
        store.close()


def test_many_replaced_rows_are_compacted(tmp_path: Path) -> None:
    index = open_index(tmp_path, "big", [Bag()])
    rows = [segment(f"thing {number}") for number in range(600)]
    for _ in range(4):
        index.upsert(entries(*rows))
    (block,) = (path for path in (tmp_path / "big-bag").iterdir() if path.is_dir())
    assert (block / "keys").stat().st_size < 8 * 1800
    assert index.verify() == []
    assert names(index, "thing 77")[0] == "thing 77"
    index.close()


def test_rows_spread_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(big, "ROWS", 100)
    monkeypatch.setattr(big, "_SMALL", 50)
    rows = [segment(f"thing {number}", kind="video" if number % 3 else "image", frames=250) for number in range(350)]
    index = open_index(tmp_path, "big", [Bag()])
    index.upsert(entries(*rows))
    index.upsert(entries(*rows[:80]))
    index.delete([row.id for row in rows[120:160]])
    for number in (7, 119, 340):
        assert names(index, f"thing {number}")[0] == f"thing {number}"
    assert set(names(index, "thing 7", 30, kinds=("image",))) <= {row.name for row in rows if row.kind == "image"}
    assert index.count() == 310
    assert index.verify() == []
    index.close()
    again = open_index(tmp_path, "big", [Bag()])
    assert again.verify() == []
    assert "000001" not in {path.name for path in (tmp_path / "big-bag").iterdir()}
    again.close()


KILLED = """
import os, sys
from pathlib import Path
import numpy as np
from reelwright.tools.stock import Segment, big
big.ROWS, big._SMALL = 64, 20
for seed in sys.stdin:
    child = os.fork()
    if child:
        print(child, flush=True)
        os.waitpid(child, 0)
        print("over", flush=True)
        continue
    store = big.Big(Path(sys.argv[1]), 64)
    chance = np.random.default_rng(int(seed))
    while True:
        number = int(chance.integers(0, 12))
        rows = [Segment(id=f"{number}-{at}", file="0" * 64, kind="image", place="/x") for at in range(20)]
        print("put", number, flush=True)
        store.put([row.id for row in rows], np.eye(64, dtype=np.float32)[:20], rows)
        print("done", number, flush=True)
"""
"""Starts a process that puts rows for ever, for every seed that it is told: a fork is quicker than an import."""


@pytest.fixture
def starter(tmp_path: Path, forking: Callable[..., "subprocess.Popen[str]"]) -> Iterator["subprocess.Popen[str]"]:
    with forking(KILLED, str(tmp_path / "store")) as process:
        yield process
        process.communicate()


def killed(starter: "subprocess.Popen[str]", seed: int, lines: int, wait: float) -> list[str]:
    """What a process said that was killed after so many lines and seconds."""
    assert starter.stdin is not None
    assert starter.stdout is not None
    starter.stdin.write(f"{seed}\n")
    starter.stdin.flush()
    said = [starter.stdout.readline()]
    while len(said) <= lines or not any(line.strip().isdecimal() for line in said):
        said.append(starter.stdout.readline())
    time.sleep(wait)
    os.kill(next(int(line) for line in said if line.strip().isdecimal()), signal.SIGKILL)
    while said[-1] not in ("", "over\n"):
        said.append(starter.stdout.readline())
    assert said[-1], "what starts them has ended"
    return said


@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.slow)])
def test_a_kill_at_any_point_loses_nothing_that_was_put(
    kills: int, starter: "subprocess.Popen[str]", tmp_path: Path
) -> None:
    """Rows are replaced and blocks are written anew all the while; each row that was put is there, once."""
    chance, safe = random.Random(2), set[str]()
    for seed in range(kills):
        said = killed(starter, seed, chance.randint(1, 60), chance.random() * 0.02)
        safe |= {line.split()[1] for line in said if line.startswith("done")}
        store = Big(tmp_path / "store", 64)
        held = list(store.ids())
        assert len(held) == len(set(held)) == store.count()
        assert {f"{number}-{at}" for number in safe for at in range(20)} <= set(held)
        for number in safe:
            found = store.get([f"{number}-{at}" for at in range(20)])
            assert all(found[f"{number}-{at}"][at] == pytest.approx(1) for at in range(20))
        store.close()
