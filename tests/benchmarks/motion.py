"""Motion shots against x264 veryfast on the same frames: CPU and memory over the gallery, as rows of Markdown.

Run it: python tests/benchmarks/motion.py [--seconds 2] [--only background] [--name rain]
"""

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.video.motion.renderer import Motion
from reelwright.tools.video.motion.samples import Sample, samples

VERYFAST = [
    "-map",
    "0:v",
    "-c:v",
    "libx264",
    "-preset",
    "veryfast",
    "-crf",
    "20",
    "-pix_fmt",
    "yuv420p",
    "-threads",
    "2",
]


class NoWeights:
    """Motion needs no models."""

    def path(self, name: str) -> Path:
        """Never asked."""
        raise KeyError(name)

    def digest(self, name: str) -> str:
        """Never asked."""
        raise KeyError(name)


def spent(work: Callable[[], object]) -> float:
    """CPU seconds of this process and its children, user and system."""

    def now() -> float:
        return sum(
            use.ru_utime + use.ru_stime
            for use in (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        )

    before = now()
    work()
    return now() - before


class Peak:
    """The most memory that this process and its children hold while it is watched, in MB."""

    def __init__(self) -> None:
        self.most = 0.0
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Peak":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        me = psutil.Process()
        while not self._done.wait(0.1):
            total = 0
            for each in (me, *me.children(recursive=True)):
                try:
                    total += each.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            self.most = max(self.most, total / 1e6)


def measure(sample: Sample, seconds: float, folder: Path) -> tuple[float, float, float]:
    """CPU of the shot, CPU of the bare encoder on its frames, peak MB."""
    request = sample.request("9x16", 1080).model_copy(update={"frames": round(30 * seconds)})
    job = Job(folder, AssetStore(folder / "assets"), NoWeights())
    with Peak() as peak:
        taken: list[Path] = []
        motion = spent(lambda: taken.append(job.path(Motion().run(request, job).video.id)))
    source = ffmpeg.Input(taken[0])
    decode = ffmpeg.measure([source], "", ["-map", "0:v"]).cpu
    encode = ffmpeg.encode([source], "", folder / "bare.mp4", VERYFAST).cpu
    return motion, encode - decode, peak.most


def main() -> None:
    """Print one row a sample, and the mean."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--only", choices=["sheet", "background", "layout"])
    parser.add_argument("--name")
    args = parser.parse_args()
    chosen = [each for each in samples() if args.only in (None, each.kind) and args.name in (None, each.name)]
    print(f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC, {args.seconds:g} s a shot at 1080x1920, 30 fps\n")
    print("| shot | motion, CPU s | bare veryfast, CPU s | times | peak MB |\n|---|---|---|---|---|")
    ratios, peaks = [], []
    for sample in chosen:
        with tempfile.TemporaryDirectory() as folder:
            motion, bare, peak = measure(sample, args.seconds, Path(folder))
        ratios.append(motion / bare)
        peaks.append(peak)
        print(f"| {sample.kind} {sample.name} ({sample.layout} on {sample.motif}) | {motion:.2f} | {bare:.2f} | "
              f"{motion / bare:.2f} | {peak:.0f} |", flush=True)  # fmt: skip
    print(f"\nmean {sum(ratios) / len(ratios):.2f} times (wanted <= 1.5), worst {max(ratios):.2f} (wanted <= 4), "
          f"memory {max(peaks):.0f} MB (wanted <= 400)")  # fmt: skip


if __name__ == "__main__":
    main()
