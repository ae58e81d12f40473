"""CPU of `evaluate` by family of checks against real time, as rows of Markdown.

Run it: python tests/benchmarks/evaluate.py FILM.mp4 [--read] [--listen]
"""

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from reelwright.tools.ffmpeg import probe
from reelwright.tools.inspect.atoms import atoms
from reelwright.tools.inspect.bars import bars_check
from reelwright.tools.inspect.container import colour_check, container_check
from reelwright.tools.inspect.facts import Facts, known_of
from reelwright.tools.inspect.film import inspect
from reelwright.tools.inspect.flash import flash_check
from reelwright.tools.inspect.frames import Picture, Plane, watch
from reelwright.tools.inspect.light import black_check, freeze_check
from reelwright.tools.inspect.motion import Flow, can_flow
from reelwright.tools.inspect.onset import flash_and_beep
from reelwright.tools.inspect.reading import BurntText
from reelwright.tools.inspect.shots import find_cuts, shots_check, shots_of
from reelwright.tools.inspect.sound import hear
from reelwright.tools.inspect.steady import flicker_check, jumps_check, warping_check
from reelwright.tools.inspect.variety import variety_check

T = TypeVar("T")
WANTED = 0.5
"""Times real time of CPU that a family may take (1080p30, without ASR and OCR)."""


def cpu() -> float:
    """CPU seconds of this process and of the ffmpegs that have ended."""
    return sum(
        use.ru_utime + use.ru_stime for use in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


class Table:
    """Rows of CPU against the film's length."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        print("| family | CPU s | times real time | wanted |\n|---|---|---|---|")

    def row(self, family: str, work: Callable[[], T], wanted: str = f"≤ {WANTED}") -> T:
        """Do the work and print what it took."""
        before = cpu()
        result = work()
        spent = cpu() - before
        print(f"| {family} | {spent:.2f} | {spent / self._seconds:.3f} | {wanted} |", flush=True)
        return result


def families(film: Path, table: Table) -> None:
    """Each family alone, fed by the one decode."""
    known = table.row("container: packets, boxes, colour", lambda: known_of(film, Facts()))
    told, profile = known.probe, known.platform
    table.row("sound: loudness, peak, silence, clipping", lambda: hear(film, told, profile))
    if not told.video:
        return
    seen = table.row("picture: the decode, thumbs, black and still frames", lambda: watch(film, told))
    if seen is None:
        return
    picture: Picture = seen
    if can_flow():
        flow = Flow()
        both = cpu()
        watch(film, told, follow=[timed(flow.see)])
        print(f"| motion: optical flow, of {cpu() - both:.2f} with the decode | {FLOWING[0]:.2f} | ", end="")
        print(f"{FLOWING[0] / told.seconds:.3f} | ≤ {WANTED} |")
    shots = table.row("shots: cuts, dissolves, lengths", lambda: shots_of(find_cuts(picture), picture.frames))
    table.row("shots: variety", lambda: (shots_check(picture, shots, profile, False), variety_check(picture, shots)))
    table.row("light: black, freeze, bars, flash", lambda: [
        black_check(picture, profile), freeze_check(picture, profile), bars_check(picture, shots),
        flash_check(picture, profile),
    ])  # fmt: skip
    motion = flow.motion() if can_flow() else None
    table.row("steadiness: flicker, warping, jumps", lambda: [
        flicker_check(picture, shots, profile), warping_check(picture, shots, motion, profile),
        jumps_check(picture, shots, motion),
    ])  # fmt: skip
    table.row("sync: flash and beep", lambda: flash_and_beep(film, picture, 0.0))
    table.row("container: the checks", lambda: (colour_check(told), container_check(told, atoms(film), profile)))


FLOWING = [0.0]


def timed(see: Callable[[Plane], None]) -> Callable[[Plane], None]:
    """Count the CPU of this thread only: the decode runs beside it."""

    def timed_see(luma: Plane) -> None:
        before = time.thread_time()
        see(luma)
        FLOWING[0] += time.thread_time() - before

    return timed_see


def main() -> None:
    """Print the table for one film."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("film", type=Path)
    parser.add_argument("--read", action="store_true", help="also the reading of burnt-in text")
    given = parser.parse_args()
    told = probe(given.film)
    if told.video:
        print(f"{told.video.width}x{told.video.height}, {float(told.video.rate):g} fps, {told.seconds:.1f} s\n")
    table = Table(told.seconds)
    families(given.film, table)
    table.row("**everything, as `evaluate --no-listen`**", lambda: inspect(given.film), "")
    if given.read:
        table.row("everything and burnt-in text", lambda: inspect(given.film, read=BurntText()), "")


if __name__ == "__main__":
    main()
