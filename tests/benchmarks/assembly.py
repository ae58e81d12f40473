"""Assembly against the bare encoder: CPU and memory of one reference edit, as a row of Markdown.

Run it: python tests/benchmarks/assembly.py [--preset veryfast] [--seconds 24] [--size 1080x1920] [--keep DIR]
"""

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import psutil

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Cut, Finish
from reelwright.tools.assemble.captions import captions
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.assemble.picture import Burned, compose
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Cue, CueWord, Item, Timeline, Track, Transition

T = TypeVar("T")
RATE = Fraction(30)
SHOTS, HANDLE = 8, 8
TEXT = """Honey never spoils. Archaeologists found pots of it in the tombs of Egypt, three thousand years old and still
good to eat. A single bee makes a twelfth of a teaspoon in her whole life. To fill one jar, bees visit two million
flowers. They fan it with their wings until almost no water is left. That is why every spoonful matters."""
SOURCES = [
    "gradients=s={size}:r=30:d={d}:c0=0xd08a3c:c1=0x35506b:n=3:speed=0.02,noise=alls=6:allf=t",
    "testsrc2=s={size}:r=30:d={d}",
    "mandelbrot=s={size}:r=30:end_pts=400,trim=duration={d}",
    "cellauto=s={half}:r=30:rule=18,trim=duration={d},scale={size}:flags=neighbor,gblur=2",
    "gradients=s={size}:r=30:d={d}:c0=0x223344:c1=0xf2e4c4:n=4:type=circular:speed=0.03,noise=alls=8:allf=t",
    "life=s={half}:r=30:mold=10:ratio=0.1:death_color=#C83232:life_color=#00ff00,trim=duration={d},scale={size},gblur=1",
    "gradients=s={size}:r=30:d={d}:type=spiral:speed=0.02,noise=alls=5:allf=t",
    "sierpinski=s={size}:r=30,trim=duration={d}",
]
X264 = ["-map", "[v]", "-c:v", "libx264", "-pix_fmt", "yuv420p"]
TAGS = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]


class NoWeights:
    """Assembly needs no models."""

    def path(self, name: str) -> Path:
        """Never asked."""
        raise KeyError(name)

    def digest(self, name: str) -> str:
        """Never asked."""
        raise KeyError(name)


def mezzanine(job: Job, number: int, size: Size, frames: int) -> Asset:
    """One shot as takes are: x264 ultrafast CRF 10."""
    half = f"{size.width // 4}x{size.height // 4}"
    source = SOURCES[number % len(SOURCES)].format(size=size, half=half, d=float(frames / RATE))
    path = job.scratch / f"shot{number}.mp4"
    graph = f"{source},format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709[v]"
    options = [*X264, "-preset", "ultrafast", "-crf", "10", "-frames:v", str(frames), *TAGS]
    ffmpeg.encode([], graph, path, options)
    return job.save(path, "video", licence="CC0", origin="synthetic", frames=frames, rate=RATE, size=size)


def sound(job: Job, name: str, graph: str, seconds: float) -> Asset:
    """A synthetic sound."""
    path = job.scratch / f"{name}.wav"
    ffmpeg.encode([], graph.format(d=seconds), path, ["-map", "[a]", "-ar", "48000"])
    return job.save(
        path, "audio", licence="CC0", origin="synthetic", frames=round(48_000 * seconds), rate=Fraction(48_000)
    )


def reference(job: Job, size: Size, seconds: int) -> tuple[Timeline, tuple[Asset, ...]]:
    """Eight shots with dissolves, spoken lines with words, music under them."""
    frames = round(seconds * RATE / SHOTS)
    shots = [mezzanine(job, number, size, frames + 2 * HANDLE) for number in range(SHOTS)]
    items: list[Item] = []
    for shot in shots:
        items += [Transition(frames=12)] if items else []
        items.append(Clip(asset=shot.id, start=HANDLE, frames=frames))
    total = frames * SHOTS
    voice = sound(
        job,
        "voice",
        "aevalsrc='0.3*sin(2*PI*(120+20*sin(3*t))*t)*(0.5+0.5*sin(13*t))+0.05*random(0)':d={d}[a]",
        seconds - 2,
    )
    music = sound(
        job, "music", "aevalsrc='0.2*sin(2*PI*220*t)+0.2*sin(2*PI*277*t)|0.2*sin(2*PI*330*t)':d={d}[a]", seconds
    )
    tracks = (
        Track(kind="video", items=tuple(items)),
        Track(kind="voice", items=(Clip(asset=voice.id, frames=total - 60),)),
        Track(kind="music", items=(Clip(asset=music.id, frames=total),)),
    )
    label = Cue(start=0, end=total, text="AI voice · made with Reelwright")
    line = Timeline(rate=RATE, size=size, tracks=tracks, cues=spoken(total - 60), labels=(label,))
    return line, (*shots, voice, music)


def spoken(frames: int) -> tuple[Cue, ...]:
    """Sentences whose words share the time by their length."""
    texts = [part.strip() + "." for part in " ".join(TEXT.split()).split(".") if part.strip()]
    step = frames / sum(len(word) + 1 for text in texts for word in text.split())
    cues, at = [], 0.0
    for text in texts:
        words = []
        for word in text.split():
            words.append(CueWord(text=word, start=round(at), end=round(at + step * len(word))))
            at += step * (len(word) + 1)
        cues.append(Cue(start=words[0].start, end=words[-1].end, text=text, words=tuple(words)))
    return tuple(cues)


def measured(work: Callable[[], T]) -> tuple[T, float, float, float]:
    """What it returned, CPU seconds of it and its children, wall seconds, peak megabytes of the tree above before."""
    me, peak, over = psutil.Process(), 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.05):
            total = 0
            for child in me.children(recursive=True):
                try:
                    total += child.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak = max(peak, total + me.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    before, start = cpu(), time.monotonic()
    try:
        value = work()
    finally:
        over.set()
        watcher.join()
    return value, cpu() - before, time.monotonic() - start, peak / 1e6


def cpu() -> float:
    """CPU seconds of this process and its ended children."""
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(row.ru_utime + row.ru_stime for row in usage)


def bare(job: Job, line: Timeline, assets: tuple[Asset, ...], finish: Finish) -> float:
    """CPU seconds of x264 alone on the very frames that assembly hands to it, its raw input read from a file."""
    words = captions(line, finish)
    part = words.sheet.stretch(0, line.frames)
    paths = {asset.id: job.path(asset.id) for asset in assets}
    burned = Burned.write(part.script, part.lead, job.scratch)
    picture = compose(line, {asset.id: asset for asset in assets}, paths, job.scratch, burned)
    raw, out = job.scratch / "frames.mkv", job.scratch / "bare.mp4"
    # Uncompressed in a container: reading it costs next to nothing.
    ffmpeg.encode(picture.inputs, picture.graph, raw, ["-map", "[v]", "-c:v", "rawvideo", "-f", "matroska"])
    options = [*X264, "-preset", finish.preset, "-crf", str(finish.crf), "-g", "60"]
    _, seconds, _, _ = measured(lambda: ffmpeg.encode([Input(raw)], "[0:v]null[v]", out, options))
    raw.unlink()
    return seconds


def main() -> None:
    """Print the row."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="veryfast")
    parser.add_argument("--seconds", type=int, default=24)
    parser.add_argument("--size", default="1080x1920")
    parser.add_argument("--captions", default="karaoke")
    parser.add_argument("--keep", type=Path)
    choice = parser.parse_args()
    width, height = (int(part) for part in choice.size.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        root = choice.keep or Path(folder)
        (root / "scratch").mkdir(parents=True, exist_ok=True)
        job = Job(root / "scratch", AssetStore(root / "assets"), NoWeights())
        line, assets = reference(job, Size(width=width, height=height), choice.seconds)
        finish = Finish(preset=choice.preset, captions=choice.captions)
        request = AssembleRequest(timeline=line, assets=assets, finish=finish)
        cut, ours, wall, memory = measured(lambda: Assembler().run(request, job))
        alone = bare(job, line, assets, finish)
        print(row(choice.preset, line, cut, ours, alone, wall, memory))
        if choice.keep:
            print(job.path(cut.video.id))


def row(preset: str, line: Timeline, cut: Cut, ours: float, alone: float, wall: float, memory: float) -> str:
    """A Markdown table of one row."""
    head = "| edit | preset | CPU s | bare x264 CPU s | ratio | wall s | peak MB | LUFS | dBTP | audio passes |"
    edit = f"{float(line.frames / line.rate):.0f} s {line.size}"
    figures = f"{ours:.1f} | {alone:.1f} | {ours / alone:.2f} | {wall:.1f} | {memory:.0f}"
    return f"{head}\n|{'---|' * 10}\n| {edit} | {preset} | {figures} | {cut.loudness} | {cut.peak} | {cut.passes} |"


if __name__ == "__main__":
    main()
