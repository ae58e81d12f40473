"""MoviePy's clips on our timelines, our timelines as MoviePy's clips: the same frames and the same sound."""

import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import moviepy
import numpy as np
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.memory.cache import ResultCache
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Finish
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import (
    Clip,
    Cue,
    Focus,
    Gap,
    Item,
    Move,
    Place,
    Timeline,
    Track,
    Transition,
    Window,
)
from reelwright.tools.video.guest import Guest, from_moviepy, to_moviepy

RATE = Fraction(30)
SMALL = Size(width=96, height=128)


def pixels(path: Path, size: Size, form: str = "rgb24", channels: int = 3) -> np.ndarray:
    exact = f"[0:v]scale=in_color_matrix=bt709:flags=accurate_rnd+full_chroma_int,format={form}[v]"
    raw = b"".join(ffmpeg.decode(Input(path), exact, ["-map", "[v]", "-f", "rawvideo"]))
    return np.frombuffer(raw, np.uint8).reshape(-1, size.height, size.width, channels).astype(int)


def ramp(second: float) -> np.ndarray:
    """Greys that tell the frame: 10 for the first, 6 more for each."""
    return np.full((SMALL.height, SMALL.width, 3), 10 + 6 * int(second * 30 + 0.01), np.uint8)


def drawn(function: Callable[[float], np.ndarray] = ramp, frames: int = 20) -> Any:
    return moviepy.VideoClip(function, duration=frames / 30)


def shot(job: Job, number: int = 0, frames: int = 40, size: Size = SMALL) -> Asset:
    path = job.scratch / f"ramp{number}.mp4"
    graph = f"color=black:s={size}:r=30,format=yuv420p,geq=lum='{30 + 20 * number}+4*N':cb=128:cr=128"
    tags = "setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709"
    options = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-crf", "1", "-frames:v", str(frames)]
    ffmpeg.encode([], f"{graph},{tags}[v]", path, options)
    return job.save(path, "video", licence="CC0", origin="test", frames=frames, rate=RATE, size=size)


def tone(job: Job, seconds: float = 1) -> Asset:
    path = job.scratch / "tone.wav"
    ffmpeg.encode([], f"sine=440:d={seconds},volume=8dB[a]", path, ["-map", "[a]", "-ar", "48000"])
    return job.save(path, "audio", licence="CC0", origin="test", frames=round(48_000 * seconds), rate=Fraction(48_000))


def film(*items: Item, tracks: tuple[Track, ...] = (), **more: object) -> Timeline:
    video = Track(kind="video", items=items)
    return Timeline.model_validate({"rate": RATE, "size": SMALL, "tracks": (video, *tracks), **more})


def levels(clip: Any, frames: int) -> list[float]:
    return [float(clip.get_frame(number / 30).mean()) for number in range(frames)]


def test_a_clip_with_effects_becomes_a_take_of_the_films_rate(job: Job) -> None:
    clip = drawn().with_fps(30).with_effects([moviepy.vfx.TimeMirror()])
    guest = from_moviepy(clip, 30, job, licence="CC0")
    video = guest.video
    assert (video.frames, video.rate, video.size, video.format) == (20, RATE, SMALL, "mp4")
    assert (video.licence, video.origin, guest.audio) == ("CC0", "MoviePy", None)
    told = ffmpeg.probe(job.path(video.id)).video
    assert told
    assert (told.pixels, told.matrix, told.colour_range, told.steady) == ("yuv420p", "bt709", "tv", True)
    means = pixels(job.path(video.id), SMALL).mean(axis=(1, 2, 3))
    assert means == pytest.approx([float(clip.get_frame(number / 30).mean()) for number in range(20)], abs=2)


def test_a_rate_of_its_own_is_sampled_anew(job: Job) -> None:
    guest = from_moviepy(drawn(), Fraction(24), job)
    assert (guest.video.frames, guest.video.rate) == (16, Fraction(24))


def test_a_mask_becomes_alpha(job: Job) -> None:
    mask = np.zeros((SMALL.height, SMALL.width))
    mask[:, 48:] = 1
    mask[:64, 24:48] = 0.5
    clip = moviepy.ColorClip((SMALL.width, SMALL.height), (200, 40, 90), duration=0.2)
    guest = from_moviepy(clip.with_mask(moviepy.ImageClip(mask, is_mask=True, duration=0.2)), 30, job)
    assert guest.video.format == "mkv"
    shown = pixels(job.path(guest.video.id), SMALL, "rgba", 4)
    assert len(shown) == 6
    assert shown[3, 100, 80].tolist() == pytest.approx([200, 40, 90, 255], abs=3)
    assert shown[3, 100, 10, 3] == 0
    assert shown[3, 20, 34, 3] == pytest.approx(128, abs=2)


def test_a_mask_that_hides_nothing_leaves_a_plain_take(job: Job) -> None:
    whole = moviepy.CompositeVideoClip([drawn(frames=6)])
    assert whole.mask is not None
    guest = from_moviepy(whole, 30, job)
    assert guest.video.format == "mp4"
    assert pixels(job.path(guest.video.id), SMALL).mean(axis=(1, 2, 3)) == pytest.approx(
        [10 + 6 * number for number in range(6)], abs=2
    )


def test_odd_sizes_are_made_even(job: Job) -> None:
    clip = moviepy.ColorClip((33, 21), (50, 120, 60), duration=0.1)
    guest = from_moviepy(clip, 30, job)
    assert guest.video.size == Size(width=34, height=22)
    assert pixels(job.path(guest.video.id), guest.video.size)[0, -1, -1].tolist() == pytest.approx([50, 120, 60], abs=3)


def test_fractions_and_masks_become_levels(job: Job) -> None:
    bright = moviepy.VideoClip(lambda second: np.full((32, 32, 3), 299.6 - 4000 * second), duration=0.1)
    shown = pixels(job.path(from_moviepy(bright, 30, job).video.id), Size(width=32, height=32))
    assert shown.mean(axis=(1, 2, 3)) == pytest.approx([255, 166, 33], abs=2)
    mask = moviepy.VideoClip(lambda second: np.full((32, 32), 0.5), is_mask=True, duration=0.1)
    grey = pixels(job.path(from_moviepy(mask, 30, job).video.id), Size(width=32, height=32))
    assert grey[0, 5, 5].tolist() == pytest.approx([128, 128, 128], abs=2)


def test_its_sound_stands_beside(job: Job) -> None:
    def wave(seconds: Any) -> Any:
        heard = 0.25 * np.sin(2 * np.pi * 220 * np.asarray(seconds))
        return np.stack([heard, -heard], axis=-1)

    sound = moviepy.AudioClip(wave, duration=0.5, fps=48_000)
    guest = from_moviepy(drawn(frames=15).with_audio(sound), 30, job)
    assert guest.audio
    assert (guest.audio.kind, guest.audio.frames, guest.audio.rate) == ("audio", 24_000, Fraction(48_000))
    raw = b"".join(ffmpeg.decode(Input(job.path(guest.audio.id)), "", ["-map", "0:a", "-f", "f32le"]))
    heard = np.frombuffer(raw, "<f4").reshape(-1, 2)
    assert heard == pytest.approx(wave(np.arange(24_000) / 48_000), abs=1e-4)


def test_a_named_clip_is_rendered_once(job: Job, shelf: AssetStore) -> None:
    calls: list[float] = []

    def counted(second: float) -> np.ndarray:
        calls.append(second)
        return ramp(second)

    results = ResultCache(shelf, None)
    clip = drawn(counted, frames=5)
    first = from_moviepy(clip, 30, shelf, key="ramp", results=results)
    once = len(calls)
    assert from_moviepy(clip, 30, shelf, key="ramp", results=results) == first
    assert len(calls) == once
    assert from_moviepy(clip, 30, shelf, key="other", results=results) == first
    assert len(calls) > once
    shelf.drop(first.video.id)
    assert from_moviepy(clip, 30, shelf, key="ramp", results=results) == first
    assert shelf.sound(first.video.id)


def test_a_clip_without_a_length_is_refused(job: Job) -> None:
    with pytest.raises(ToolFailed, match="with_duration"):
        from_moviepy(moviepy.ColorClip((32, 32), (0, 0, 0)), 30, job)


def test_a_timeline_goes_on_in_moviepy_frame_by_frame(job: Job) -> None:
    one, two = shot(job), shot(job, 2)
    line = film(
        Clip(asset=one.id, start=4, frames=20),
        Transition(frames=8),
        Clip(asset=two.id, start=6, frames=15),
        Gap(frames=5),
    )
    clip = to_moviepy(line, (one, two), job)
    assert (clip.size, clip.fps, clip.duration, clip.audio) == ((96, 128), 30, pytest.approx(40 / 30), None)
    finish = Finish(preset="ultrafast", crf=1, captions="none")
    cut = Assembler().run(AssembleRequest(timeline=line, assets=(one, two), finish=finish), job)
    delivered = pixels(job.path(cut.video.id), SMALL).mean(axis=(1, 2, 3))
    forward = levels(clip, 40)
    assert forward == pytest.approx(delivered, abs=1.5)
    for number in (30, 3, 18, 39, 17, 0):
        assert clip.get_frame(number / 30).mean() == pytest.approx(forward[number], abs=0.6)
    assert clip.get_frame(99).mean() == pytest.approx(forward[39], abs=0.1)
    clip.close()
    assert clip.get_frame(0).mean() == pytest.approx(forward[0], abs=0.1)
    clip.close()


A = "a" * 64
SEEKS: dict[str, tuple[Item, ...]] = {
    "moved": (Clip(asset=A, start=9, frames=30, move=Move(end=Window(x=0.6, scale=1.5))),),
    "led": (Clip(asset=A, start=9, frames=30, focus=(Focus(frame=2, x=0.1), Focus(frame=25, x=0.9))),),
    "slow": (Clip(asset=A, start=9, frames=30, speed=Fraction(1, 2)),),
    "fast": (Clip(asset=A, start=9, frames=20, speed=Fraction(3, 2)), Gap(frames=10)),
    "steadied": (Gap(frames=4), Clip(asset=A, start=9, frames=26, stabilise=True)),
    "changed": (
        Clip(asset=A, start=9, frames=14, speed=Fraction(7, 10), move=Move()),
        Transition(kind="push", frames=10),
        Clip(asset=A, start=20, frames=16, move=Move()),
    ),
}


@pytest.mark.parametrize("name", SEEKS)
def test_frames_asked_for_out_of_order_are_the_films(job: Job, name: str) -> None:
    path = job.scratch / "moving.mp4"
    graph = "testsrc2=s=160x120:r=30,format=yuv420p"
    options = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-frames:v", "60"]
    ffmpeg.encode([], f"{graph}[v]", path, options)
    size = Size(width=160, height=120)
    shot = job.save(path, "video", licence="CC0", origin="test", frames=60, rate=RATE, size=size)
    items = [item.model_copy(update={"asset": shot.id}) if item.type == "clip" else item for item in SEEKS[name]]
    over = Clip(asset=shot.id, start=30, frames=16, place=Place(width=0.4, opacity=0.7))
    overlay = Track(kind="overlay", items=(Gap(frames=8), Transition(frames=6), over))
    clip = to_moviepy(film(*items, tracks=(overlay,)), (shot,), job)
    whole = [clip.get_frame(number / 30) for number in range(30)]
    for number in (22, 11, 27, 3):
        clip.close()
        assert np.array_equal(clip.get_frame(number / 30), whole[number]), number
    clip.close()


def test_its_mix_is_heard_in_moviepy(job: Job) -> None:
    one, sound = shot(job, frames=40), tone(job)
    voice = Track(kind="voice", items=(Gap(frames=6), Clip(asset=sound.id, frames=24)))
    clip = to_moviepy(film(Clip(asset=one.id, frames=40), tracks=(voice,)), (one, sound), job)
    heard = clip.audio.to_soundarray(fps=48_000)
    assert heard.shape == (64_000, 2)
    assert np.abs(heard[:9_000]).max() < 0.001
    assert np.abs(heard[15_000:40_000]).max() > 0.05
    assert np.abs(heard[50_000:]).max() < 0.001
    assert clip.audio.get_frame(0.5).shape == (2,)
    clip.close()


def test_captions_come_along_when_asked_for(job: Job) -> None:
    one = shot(job)
    line = film(Clip(asset=one.id, frames=20), labels=(Cue(start=0, end=20, text="made by a machine"),))
    bare = to_moviepy(line, (one,), job)
    drawn_on = to_moviepy(line, (one,), job, Finish(captions="none"))
    assert np.abs(drawn_on.get_frame(0.5).astype(int) - bare.get_frame(0.5)).max() > 60
    bare.close()
    drawn_on.close()


def test_there_and_back_again(job: Job) -> None:
    one = shot(job)
    line = film(Clip(asset=one.id, start=5, frames=10))
    clip = to_moviepy(line, (one,), job).with_effects([moviepy.vfx.MirrorX()])
    guest = from_moviepy(clip, 30, job)
    assert isinstance(guest, Guest)
    again = to_moviepy(film(Clip(asset=guest.video.id, frames=10)), (guest.video,), job)
    assert levels(again, 10) == pytest.approx(levels(clip, 10), abs=1.5)
    again.close()
    clip.close()


def test_files_it_knows_nothing_of_are_looked_at(job: Job) -> None:
    one, sound = shot(job), tone(job)
    still = job.scratch / "still.png"
    ffmpeg.encode([], f"color=0x6496c8:s={SMALL}:d=0.04:r=25[v]", still, ["-map", "[v]", "-frames:v", "1"])
    grey = job.save(still, "image", licence="CC0", origin="test")
    music = Track(kind="music", items=(Clip(asset=sound.id, frames=15),))
    clip = to_moviepy(film(Clip(asset=one.id, frames=5), Clip(asset=grey.id, frames=10), tracks=(music,)), (), job)
    assert clip.get_frame(0.4)[50, 50].tolist() == pytest.approx([100, 150, 200], abs=3)
    assert clip.audio.nchannels == 2
    clip.close()


def test_a_missing_asset_is_said(job: Job) -> None:
    with pytest.raises(ToolFailed, match="not in the project"):
        to_moviepy(film(Clip(asset="0" * 64, frames=5)), (), job)


def test_leaving_without_closing_does_not_hang(job: Job) -> None:
    one = shot(job)
    script = f"""
from fractions import Fraction
from pathlib import Path
from reelwright.memory.assets import AssetStore
from reelwright.tools.media import Asset
from reelwright.tools.timeline import Timeline
from reelwright.tools.video.guest import to_moviepy
line = Timeline.model_validate_json({film(Clip(asset=one.id, frames=40)).model_dump_json()!r})
asset = Asset.model_validate_json({one.model_dump_json()!r})
clip = to_moviepy(line, [asset], AssetStore(Path({str(job.path(one.id).parent.parent)!r})))
print(clip.get_frame(0).mean() > 0)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == ["True"]


def test_without_moviepy_the_extra_is_named(job: Job) -> None:
    script = """
import sys
sys.modules["moviepy"] = None
from reelwright.tools.errors import ToolMissing
from reelwright.tools.timeline import Timeline, Track, Gap
from reelwright.tools.video.guest import to_moviepy
line = Timeline(rate=30, size={"width": 32, "height": 32}, tracks=(Track(kind="video", items=(Gap(frames=3),)),))
try:
    to_moviepy(line, (), None)
except ToolMissing as error:
    print(error.hint)
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert "pip install 'reelwright[moviepy]'" in run.stdout
