"""The whole film against the bare encoder: CPU, wall clock and memory of `reelwright make`, in one run.

Run it: python tests/benchmarks/film.py [BRIEF] [--seconds 30] [--size 1080x1920] [--keep DIR] [--dry]
It prints a Markdown table and writes it to results.md beside this file, unless --dry.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import psutil

from reelwright.agent.record import load_record
from reelwright.memory.assets import AssetStore
from reelwright.tests.benchmarks.assembly import X264, NoWeights, frames_of, measured
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Finish
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset
from reelwright.tools.timeline import Timeline

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.md")
SAMPLES = Fraction(48_000)
PROGRAM = Path(sys.executable).with_name("reelwright")


@dataclass
class Ran:
    """What a command took: CPU seconds of its whole tree, wall seconds, peak megabytes, and its lines with times."""

    code: int = 0
    cpu: float = 0.0
    wall: float = 0.0
    peak: float = 0.0
    lines: list[tuple[float, str]] = field(default_factory=list)


class Watch:
    """Looks at a process and its children twenty times a second, also at those that nobody waits for."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self._cpu: dict[tuple[int, float], float] = {}
        self._top = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()

    def stop(self) -> float:
        """End, and return the CPU seconds that were seen."""
        self._over.set()
        self._thread.join()
        return sum(self._cpu.values())

    def _look(self) -> None:
        known: list[psutil.Process] = [self._top]
        while not self._over.wait(0.05):
            memory = 0
            for process in {*known, *self._children()}:
                try:
                    times = process.cpu_times()
                    self._cpu[(process.pid, process.create_time())] = times.user + times.system
                    memory += process.memory_info().rss
                    known = known if process in known else [*known, process]
                except psutil.Error:
                    continue
            self.peak = max(self.peak, memory)

    def _children(self) -> list[psutil.Process]:
        try:
            return self._top.children(recursive=True)
        except psutil.Error:
            return []


def run(words: Sequence[str], environment: Mapping[str, str]) -> Ran:
    """Run a command to its end. CPU is what the kernel booked for the tree, or what was seen if that is more."""
    ran, start = Ran(), time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=dict(environment), cwd=ROOT)
    watch = Watch(process.pid)
    assert process.stdout is not None
    for line in process.stdout:
        ran.lines.append((time.monotonic() - start, line.rstrip()))
    process.stdout.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = ran.code = os.waitstatus_to_exitcode(status)
    ran.wall = time.monotonic() - start
    ran.cpu = max(usage.ru_utime + usage.ru_stime, watch.stop())
    ran.peak = watch.peak / 1e6
    return ran


def first_shot(ran: Ran) -> float:
    """Wall seconds until a shot could be played."""
    for at, line in ran.lines:
        event = json.loads(line)
        if event["type"] == "preview" or (event["type"] == "took" and event["tool"].startswith("video.")):
            return at
    return ran.wall


def by_tool(ran: Ran) -> dict[str, float]:
    """Wall seconds of every tool, as its events say."""
    spent: dict[str, float] = {}
    for _, line in ran.lines:
        event = json.loads(line)
        if event["type"] == "took" and not event["cached"]:
            spent[event["tool"]] = spent.get(event["tool"], 0.0) + event["seconds"]
    return dict(sorted(spent.items(), key=lambda row: -row[1]))


def rounds(ran: Ran) -> int:
    """How many cuts were assembled: each round of mending costs one more encode."""
    events = [json.loads(line) for _, line in ran.lines]
    return sum(event["type"] == "took" and event["tool"].startswith("assemble.") for event in events)


def edit(project: Path) -> tuple[AssembleRequest, AssetStore]:
    """The request that made the finished film, from the project's record."""
    record = load_record(project)
    assert record.film is not None
    assert record.plan is not None
    timeline = record.film.timeline
    known = [take.asset for take in record.film.takes.values() if take.asset]
    known += [line.speech.audio for line in record.sound.values() if line.speech]
    captions = "none" if not record.plan.script.narrated else "karaoke" if timeline.size.vertical else "subtitle"
    finish = Finish(captions=captions, style=record.plan.shots[0].style)
    assets = (*known, *_unknown(timeline, {asset.id for asset in known}))
    return AssembleRequest(timeline=timeline, assets=assets, finish=finish), AssetStore(project / "assets")


def _unknown(timeline: Timeline, known: set[str]) -> Iterator[Asset]:
    """What the record does not list: the music, and takes of the best cut that were shot again after it."""
    clips = {
        item.asset: (track.kind, item)
        for track in timeline.tracks
        for item in track.items
        if item.type == "clip" and item.asset not in known
    }
    for name, (kind, item) in clips.items():
        if kind == "video":
            length = item.start + item.frames + max(item.start, 1)
            yield Asset(id=name, kind="video", format="mp4", frames=length, rate=timeline.rate, size=timeline.size)
        else:
            samples = round((item.start + item.frames) / timeline.rate * SAMPLES)
            yield Asset(id=name, kind="audio", format="wav", frames=samples, rate=SAMPLES)


def assembly(project: Path, scratch: Path) -> tuple[float, float]:
    """CPU seconds of assembling the finished film again, and of x264 alone on the very same frames."""
    request, shelf = edit(project)
    scratch.mkdir()
    job = Job(scratch, shelf, NoWeights())
    _, ours, _, _ = measured(lambda: Assembler().run(request, job))
    raw, out = frames_of(job, request), scratch / "bare.mp4"
    words = [*X264, "-preset", request.finish.preset, "-crf", str(request.finish.crf), "-g", "60"]
    _, alone, _, _ = measured(lambda: ffmpeg.encode([Input(raw)], "[0:v]null[v]", out, words))
    raw.unlink()
    return ours, alone


def fresh(root: Path) -> dict[str, str]:
    """An environment whose caches are empty and whose settings are ours."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REELWRIGHT_")}
    places = {"XDG_CACHE_HOME": root / "xdg", "XDG_CONFIG_HOME": root / "config", "REELWRIGHT_CACHE": root / "cache"}
    return kept | {name: str(place) for name, place in places.items()}


def make(brief: str, out: Path, choice: argparse.Namespace, environment: Mapping[str, str]) -> Ran:
    """One `reelwright make`; the benchmark stops where it fails."""
    words = [str(PROGRAM), "make", brief, "--out", str(out), "--json"]
    ran = run([*words, "--seconds", str(choice.seconds), "--size", choice.size], environment)
    if ran.code:
        sys.exit(f"reelwright make failed with exit code {ran.code}: {ran.lines[-1:]}")
    return ran


def table(choice: argparse.Namespace, root: Path) -> str:
    """Measure, and lay the figures out."""
    environment, project = fresh(root), root / "film"
    usage = run([str(PROGRAM), "--help"], environment)
    cold = make(choice.brief, project, choice, environment)
    warm = make(choice.brief, project, choice, environment)
    again = make(choice.brief, root / "again", choice, environment)
    ours, alone = assembly(project, root / "scratch")
    rows = [
        ("bare x264 veryfast CRF 20 of the same frames", f"{alone:.1f} CPU s", "1.0"),
        (
            f"whole make, cold, {rounds(cold)} cut(s)",
            f"{cold.cpu:.1f} CPU s = {cold.cpu / alone:.2f} times bare",
            "<= 5",
        ),
        ("assembly alone", f"{ours:.1f} CPU s = {ours / alone:.2f} times bare", "<= 1.5"),
        ("make again, unchanged, same folder", f"{warm.cpu:.1f} CPU s = {warm.cpu / cold.cpu:.1%} of cold", "<= 5 %"),
        ("make again, another folder, user's cache", f"{again.cpu:.1f} CPU s = {again.cpu / cold.cpu:.1%} of cold", ""),
        ("wall clock, cold", f"{cold.wall:.1f} s = {cold.wall / choice.seconds:.2f} times real time", "<= 1.5"),
        ("first playable shot", f"{first_shot(cold):.1f} s", "<= 10 s"),
        ("peak memory of the process tree", f"{cold.peak:.0f} MB", "<= 1500 MB"),
        ("`reelwright --help`", f"{usage.cpu:.2f} CPU s", "<= 0.5"),
    ]
    lines = ["| what | measured | wanted |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    tools = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in by_tool(cold).items())
    return "\n".join([*lines, "", f"Wall seconds by tool, cold: {tools}."])


def about(command: Sequence[str], load: Callable[[], tuple[float, float, float]] = os.getloadavg) -> str:
    """When, how and where the figures were taken; a busy machine makes CPU seconds dearer and wall clock useless."""
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    cores, ram = os.cpu_count(), psutil.virtual_memory().total / 1e9
    machine = (
        f"{cores} cores, {ram:.0f} GB, {platform.machine()} {platform.system()}, Python {platform.python_version()}"
    )
    return f"{when} · `{' '.join(command)}` · {machine}, load average before {load()[0]:.1f}"


def main() -> None:
    """Print the table, and keep it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("brief", nargs="?", default="examples/briefs/honey.md")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--size", default="9:16")
    parser.add_argument("--keep", type=Path, help="an empty folder to leave everything in")
    parser.add_argument("--dry", action="store_true", help="do not write results.md")
    choice = parser.parse_args()
    head = about(["python", "tests/benchmarks/film.py", *sys.argv[1:]])
    with tempfile.TemporaryDirectory() as folder:
        text = f"# Figures\n\n{head}\n\n{table(choice, choice.keep or Path(folder))}\n"
    print(text)
    if not choice.dry:
        # Only the first table is ours; the others stand below it.
        _, mark, others = RESULTS.read_text("utf-8").partition("\n## ")
        RESULTS.write_text(text.rstrip("\n") + "\n" + mark + others, "utf-8")


if __name__ == "__main__":
    main()
