"""Revising one line of a film of twenty shots against making it: CPU seconds of the whole process tree.

Run it: python tests/benchmarks/revise.py [--size 270x480]
"""

import argparse
import os
import tempfile
from pathlib import Path

from reelwright.agent.record import load_record
from reelwright.tests.benchmarks.film import PROGRAM, run

FACTS = (
    "A lighthouse stands on a cliff above the sea.", "Its lamp turns once in ten seconds.",
    "Sailors see it from twenty miles away.", "The keeper climbs two hundred steps.",
    "Fog hides the coast in autumn.", "Then a horn sounds every minute.",
    "The first lamps burned whale oil.", "Later ones burned petroleum.",
    "Today a small electric bulb is enough.", "A lens bends its light into a beam.",
    "Augustin Fresnel invented that lens.", "He was a French engineer.",
    "Storms break over the gallery in winter.", "Salt eats the iron railings.",
    "Painters come every second summer.", "Birds rest on the roof at dawn.",
    "Most lighthouses have no keeper now.", "Computers switch the lamps on and off.",
    "Visitors sleep in the keeper's old house.", "At night the beam still crosses the water.",
)  # fmt: skip


def main() -> None:
    """Make the film, change one line in its middle, and print both and their ratio."""
    options = argparse.ArgumentParser()
    options.add_argument("--size", default="270x480")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place, environment = Path(folder) / "film", {**os.environ, "REELWRIGHT_CACHE": ""}
        text = Path(folder) / "brief.md"
        text.write_text("# Lighthouses\n\n" + "\n\n".join(FACTS) + "\n")
        make = [PROGRAM, "make", text, "--seconds", "70", "--size", chosen.size, "--out", place]
        made = run([str(word) for word in make], environment)
        assert made.code == 0, made.lines
        record = load_record(place)
        assert record.plan is not None
        shots = len(record.plan.shots)
        request = 'change line 11 to "That lens was invented by Augustin Fresnel."'
        revised = run([str(PROGRAM), "revise", str(place), request, "--yes"], environment)
        fresh = [line for _, line in revised.lines if ", cached" not in line]
        print(f"{shots} shots: made {made.cpu:.1f} CPU s, one line revised {revised.cpu:.1f} CPU s", end="")
        print(f" = {revised.cpu / made.cpu:.1%}")
        print("\n".join(fresh))


if __name__ == "__main__":
    main()
