"""What the words of N segments weigh on the disk, by table, and what it costs to put, read and search them.

    python tests/benchmarks/stock_words.py 1000000

Segments are stock_film.py's, with captions of the grammar (captions.py) and digests that look like digests; no vectors
and no files, which have a row each beside their segments. CPU seconds.
"""

import argparse
import os
import shutil
import sqlite3
import tempfile
from pathlib import Path

import numpy as np

from reelwright.tests.benchmarks.captions import SENTENCES, captions, sentences, spent
from reelwright.tests.benchmarks.stock_film import PAGE, footage
from reelwright.tools.stock import Filter
from reelwright.tools.stock.catalogue import Catalogue

ASKED = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(dir=options.folder))
    texts = captions(SENTENCES)
    catalogue, began = Catalogue(folder / "catalogue.sqlite"), spent()
    for first in range(0, options.count, PAGE):
        chance = np.random.default_rng(first)
        many = min(PAGE, options.count - first)
        said = [texts[at] for at in chance.integers(0, len(texts), many)]
        catalogue.put(list(footage(first, said, chance)))
    put = spent() - began
    ask(catalogue)
    catalogue.close()
    size = os.path.getsize(folder / "catalogue.sqlite")
    print(
        f"{options.count:,} segments put in {put:.0f} CPU s (with making them): {size / options.count:.1f} bytes each"
    )
    with sqlite3.connect(folder / "catalogue.sqlite") as base:
        for name, pages in base.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 8"):
            print(f"  {name}: {pages / options.count:.1f}")
    shutil.rmtree(folder)


def ask(catalogue: Catalogue) -> None:
    for title, wanted in (("no filter", Filter()), ("clips", Filter(kinds=("video",)))):
        began = spent()
        found = [catalogue.words.said(text, wanted, 50) for text in sentences(ASKED)]
        print(f"BM25, {title}: {1000 * (spent() - began) / ASKED:.1f} CPU ms a query")
        began = spent()
        for ids in found:
            assert len(catalogue.get(ids)) == len(ids)
        print(f"reading 50: {1000 * (spent() - began) / ASKED:.1f} CPU ms")


if __name__ == "__main__":
    main()
