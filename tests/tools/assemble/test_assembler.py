"""A timeline becomes a film: every frame where it belongs, picture and sound of one length, tagged and checked."""

import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Cut, Finish
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.assemble.filters import quoted
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Cue, CueWord, Gap, Item, Timeline, Track, Transition

Shoot = Callable[..., Asset]
RATE = Fraction(30)
SMALL = Size(width=128, height=160)
DRAFT = Finish(preset="ultrafast", crf=1, captions="none")


def line(
    *items: Item, rate: Fraction = RATE, size: Size = SMALL, tracks: tuple[Track, ...] = (), **more: object
) -> Timeline:
    video = Track(kind="video", items=items)
    return Timeline.model_validate({"rate": rate, "size": size, "tracks": (video, *tracks), **more})


def cut(job: Job, timeline: Timeline, *assets: Asset, finish: Finish = DRAFT) -> Cut:
    return Assembler().run(AssembleRequest(timeline=timeline, assets=assets, finish=finish), job)


def luma(job: Job, asset: Asset, size: Size = SMALL) -> np.ndarray:
    """Mean luma of every frame."""
    means: np.ndarray = pixels(job.path(asset.id), size)[:, : size.width * size.height].mean(axis=1)
    return means


def pixels(path: Path, size: Size = SMALL) -> np.ndarray:
    raw = b"".join(ffmpeg.decode(Input(path), "", ["-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p"]))
    return np.frombuffer(raw, np.uint8).reshape(-1, size.width * size.height * 3 // 2)


def test_cuts_dissolves_and_gaps_fall_on_their_frames(job: Job, shoot: Shoot) -> None:
    dark, light = shoot("0x404040", 40), shoot("0xc0c0c0", 40)
    items = (
        Clip(asset=dark.id, start=6, frames=20),
        Transition(frames=9),
        Clip(asset=light.id, start=6, frames=20),
        Clip(asset=dark.id, frames=10),
        Gap(frames=5),
    )
    film = cut(job, line(*items), dark, light)
    levels = luma(job, film.video)
    low, high, black = levels[0], levels[30], 16
    assert len(levels) == film.video.frames == 55
    assert levels[:16] == pytest.approx(low, abs=1.5)
    expected = [low + (high - low) * k / 8 for k in range(9)]
    assert levels[16:25] == pytest.approx(expected, abs=2.5)
    assert levels[25:40] == pytest.approx(high, abs=1.5)
    assert levels[40:50] == pytest.approx(low, abs=1.5)
    assert levels[50:] == pytest.approx(black, abs=1.5)


def test_frames_of_a_clip_are_the_ones_asked_for(job: Job, shoot: Shoot) -> None:
    ramp, other = shoot("gradients=c0=black:c1=black,geq=lum='40+4*N':cb=128:cr=128", 40), shoot("gray", 40)
    items = (
        Clip(asset=ramp.id, start=10, frames=12),
        Clip(asset=other.id, frames=7),
        Clip(asset=ramp.id, start=3, frames=5),
    )
    levels = luma(job, cut(job, line(*items), ramp, other).video)
    assert levels[:12] == pytest.approx([40 + 4 * frame for frame in range(10, 22)], abs=1)
    assert levels[19:] == pytest.approx([40 + 4 * frame for frame in range(3, 8)], abs=1)


@pytest.mark.parametrize("rate", [Fraction(30), Fraction(24_000, 1001), Fraction(50)])
def test_the_file_is_what_platforms_ask_for(job: Job, shoot: Shoot, record: Shoot, rate: Fraction) -> None:
    shot = shoot("gray", 80, rate=rate)
    tone = record("sine=f=300", 2.0)
    music = Track(kind="music", items=(Clip(asset=tone.id, frames=70),))
    film = cut(job, line(Clip(asset=shot.id, frames=70), rate=rate, tracks=(music,)), shot, tone)
    probe = ffmpeg.probe(job.path(film.video.id))
    video, audio = probe.video, probe.audio
    assert video
    assert audio
    assert (video.frames, video.rate, video.steady, video.pixels) == (70, rate, True, "yuv420p")
    assert {video.matrix, video.primaries, video.transfer} == {"bt709"}
    assert video.colour_range == "tv"
    assert video.gop <= 2
    assert (audio.codec, audio.profile, audio.rate, audio.channels) == ("aac", "LC", 48_000, 2)
    assert video.start == audio.start == 0
    assert abs(video.end - audio.end) < 1 / rate
    data = job.path(film.video.id).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat"), "not ready to stream"


@pytest.mark.parametrize("fit", ["fill", "blur", "letterbox"])
def test_a_foreign_size_and_rate_is_fitted(job: Job, shoot: Shoot, fit: str) -> None:
    wide = shoot("0x808080", 30, size=Size(width=256, height=64), rate=Fraction(25))
    clip = Clip.model_validate({"asset": wide.id, "frames": 30, "fit": fit})
    film = cut(job, line(clip), wide)
    frame = pixels(job.path(film.video.id))[10][: 128 * 160].reshape(160, 128)
    assert film.video.frames == 30
    assert frame[80].mean() == pytest.approx(126, abs=3)
    assert frame[4].mean() == pytest.approx(16 if fit == "letterbox" else 126, abs=3)


def test_forty_shots_of_two_kinds_share_two_reels(job: Job, shoot: Shoot) -> None:
    kinds = shoot("0x404040", 12), shoot("0xa0a0a0", 12, rate=Fraction(15))
    items: list[Item] = []
    for number in range(12):
        items += [Transition(frames=4)] if items else []
        items.append(Clip(asset=kinds[number % 2].id, start=2, frames=8))
    film = cut(job, line(*items), *kinds)
    levels = luma(job, film.video)
    assert len(levels) == 96
    assert [round(level, -1) for level in levels[4::8]] == [round(levels[4], -1), round(levels[12], -1)] * 6


def test_a_still_is_held(job: Job) -> None:
    path = job.scratch / "still.png"
    ffmpeg.encode([], "color=0x808080:s=64x64:d=1[v]", path, ["-map", "[v]", "-frames:v", "1", "-update", "1"])
    still = job.save(path, "image", licence="CC0", origin="test", size=Size(width=64, height=64))
    film = cut(job, line(Clip(asset=still.id, frames=20)), still)
    assert luma(job, film.video) == pytest.approx(np.full(20, 126), abs=3)


def test_a_clip_too_short_for_its_dissolve_is_named(job: Job, shoot: Shoot) -> None:
    short, other = shoot("red", 20), shoot("blue", 40)
    items = (
        Clip(asset=short.id, frames=20, name="bees"),
        Transition(frames=10),
        Clip(asset=other.id, start=9, frames=20),
    )
    with pytest.raises(ToolFailed, match="bees has 20 frames and the timeline needs 25"):
        cut(job, line(*items), short, other)


def test_what_cannot_be_cut_is_said(job: Job, shoot: Shoot) -> None:
    shot = shoot("red", 20)
    with pytest.raises(ToolFailed, match="no picture"):
        cut(job, Timeline(rate=RATE, size=SMALL, tracks=()))
    with pytest.raises(ToolFailed, match="did not come with it"):
        cut(job, line(Clip(asset="f" * 64, frames=4)), shot)
    with pytest.raises(ToolFailed, match="cannot be cut"):
        cut(job, line(Clip(asset=shot.id, frames=9), Transition(frames=40), Gap(frames=9)), shot)


def test_a_damaged_clip_is_refused_by_name(job: Job, shoot: Shoot) -> None:
    shot = shoot("red", 20)
    place = job.path(shot.id)
    place.write_bytes(place.read_bytes()[:500])
    with pytest.raises(Refused, match=shot.id[2:20]):
        cut(job, line(Clip(asset=shot.id, frames=9)), shot)


def test_captions_are_burned_on_their_frames_and_lie_beside(job: Job, shoot: Shoot) -> None:
    size = Size(width=270, height=480)
    shot = shoot("0x303030", 60, size=size)
    words = (CueWord(text="Honey", start=10, end=20), CueWord(text="lasts.", start=20, end=30))
    cue = Cue(start=10, end=30, text="Honey lasts.", words=words)
    timeline = line(Clip(asset=shot.id, frames=60), size=size, cues=(cue,))
    film = cut(job, timeline, shot, finish=Finish(preset="ultrafast", crf=4))
    bright = (pixels(job.path(film.video.id), size)[:, : 270 * 480] > 180).sum(axis=1)
    shown = np.flatnonzero(bright > 50)
    assert (shown[0], shown[-1]) == (10, 41), "on its first word, and 12 frames beyond its last"
    assert "Honey lasts." in job.path(film.srt.id).read_text()
    assert job.path(film.vtt.id).read_text().startswith("WEBVTT")
    assert film.ass
    assert film.ass.format == "ass"
    assert film.words
    assert [word["text"] for word in json.loads(job.path(film.words.id).read_text())["words"]] == ["Honey", "lasts."]


def test_progress_reaches_the_end_and_cancel_stops_it(job: Job, shoot: Shoot, shelf: object) -> None:
    seen: list[float] = []
    job.progress = seen.append
    shot = shoot("red", 20)
    cut(job, line(Clip(asset=shot.id, frames=20)), shot)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_a_folder_with_any_name_holds_the_captions(tmp_path: Path) -> None:
    folder = tmp_path / "it's a [film], a:b;c=\\d %03d é"
    folder.mkdir()
    script = folder / "a.ass"
    script.write_text("[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\n\n[Events]\n")
    graph = f"color=black:s=64x64:r=30:d=0.1,ass=filename={quoted(script)}:fontsdir={quoted(folder)}[v]"
    assert ffmpeg.measure([], graph, ["-map", "[v]"]).frames == 3


def test_the_same_timeline_gives_the_same_frames(job: Job, shoot: Shoot) -> None:
    one, two = shoot("testsrc2=alpha=255", 40), shoot("0xc0c0c0", 40)
    items = (Clip(asset=one.id, start=6, frames=20), Transition(frames=9), Clip(asset=two.id, start=6, frames=20))
    first, second = (cut(job, line(*items), one, two) for _ in range(2))
    assert np.array_equal(pixels(job.path(first.video.id)), pixels(job.path(second.video.id)))
