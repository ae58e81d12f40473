"""Every codec that we promise is written and read back; hardware is believed only after a real second of it."""

import re
import subprocess
import threading
from collections.abc import Callable
from fractions import Fraction
from os import geteuid
from pathlib import Path

import numpy as np
import psutil
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Codec, EncodeRequest, Finish
from reelwright.tools.assemble.encode import draw, draw_all
from reelwright.tools.assemble.encoders import Bench, Encoder, available, encoders, try_out
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.assemble.stretches import requests
from reelwright.tools.base import Job
from reelwright.tools.errors import DiskFull, Refused, ToolFailed, ToolMissing
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Cue, Gap, Place, Timeline, Track

Shoot = Callable[..., Asset]
RATE = Fraction(30)
SMALL = Size(width=128, height=160)


def line(asset: Asset, frames: int, size: Size = SMALL, **more: object) -> Timeline:
    video = Track(kind="video", items=(Clip(asset=asset.id, frames=frames),))
    return Timeline.model_validate({"rate": RATE, "size": size, "tracks": (video,), **more})


def asked(timeline: Timeline, *assets: Asset, **finish: object) -> AssembleRequest:
    order = Finish.model_validate({"preset": "ultrafast", "captions": "none", **finish})
    return AssembleRequest(timeline=timeline, assets=assets, finish=order)


def told(path: Path) -> str:
    """What ffmpeg says about a file."""
    return subprocess.run([ffmpeg.binary(), "-hide_banner", "-i", str(path)], capture_output=True, text=True).stderr


@pytest.mark.parametrize(
    ("codec", "file", "video", "audio"),
    [
        ("h264", "mp4", r"h264 .* yuv420p\(tv, bt709", "aac"),
        ("hevc", "mp4", r"hevc \(Main\) \(hvc1 .* yuv420p\(tv, bt709", "aac"),
        ("av1", "mp4", r"av1 .*\(Main\) .* yuv420p\(tv, bt709", "aac"),
        ("vp9", "webm", r"vp9 .* yuv420p\(tv, bt709", "opus"),
        ("prores", "mov", r"prores \(HQ\) \(apch .* yuv422p10le\(tv, bt709", "pcm_s24le"),
    ],
)
def test_a_codec_comes_in_its_container(
    job: Job, shoot: Shoot, record: Shoot, codec: Codec, file: str, video: str, audio: str
) -> None:
    shot, tone = shoot("testsrc2=alpha=255", 40), record("sine=f=300", 1)
    picture = line(shot, 30)
    timeline = picture.model_copy(
        update={"tracks": (*picture.tracks, Track(kind="music", items=(Clip(asset=tone.id, frames=30),)))}
    )
    cut = Assembler().run(asked(timeline, shot, tone, codec=codec), job)
    assert cut.video.format == file
    found = told(job.path(cut.video.id))
    assert re.search(f"Video: {video}", found), found
    assert re.search(f"Audio: {audio}", found), found
    probe = ffmpeg.probe(job.path(cut.video.id))
    assert probe.video
    assert (probe.video.frames, cut.encoder, cut.note) == (30, cut.encoder, "")


@pytest.mark.parametrize(("codec", "ending"), [("gif", "gif"), ("webp", "webp")])
def test_a_preview_is_small_and_silent(job: Job, shoot: Shoot, codec: Codec, ending: str) -> None:
    size = Size(width=540, height=960)
    shot = shoot("testsrc2=alpha=255", 60, size=size)
    cut = Assembler().run(asked(line(shot, 60, size), shot, codec=codec), job)
    assert (cut.video.format, cut.video.rate, cut.video.size) == (ending, Fraction(25, 2), Size(width=270, height=480))
    assert cut.video.frames in (24, 25)
    path = job.path(cut.video.id)
    assert path.stat().st_size < 2_000_000
    if codec == "gif":
        frames = ffmpeg.measure([Input(path)], "[0:v]null[v]", ["-map", "[v]"]).frames
        assert frames == cut.video.frames
    else:
        assert path.read_bytes().count(b"ANMF") == cut.video.frames


def test_what_cannot_be_is_said(job: Job, shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    shot = shoot("red", 20)
    with pytest.raises(Refused, match="h264 carries no transparency"):
        Assembler().run(asked(line(shot, 10), shot, alpha=True), job)
    monkeypatch.setattr("reelwright.tools.assemble.encoders.available", lambda: frozenset({"libx264"}))
    with pytest.raises(ToolMissing, match="no libsvtav1"):
        Assembler().run(asked(line(shot, 10), shot, codec="av1"), job)


def test_this_ffmpeg_writes_all_that_we_promise() -> None:
    assert {row.name for row in encoders() if not row.hardware} <= available()
    assert {row.codec for row in encoders()} == {"h264", "hevc", "av1", "vp9", "prores", "gif", "webp"}
    kinds = {row.name.split("_")[1] for row in encoders() if row.hardware}
    assert kinds == {"nvenc", "qsv", "videotoolbox", "vaapi", "amf"}


def test_hardware_is_tried_once_and_what_failed_is_told(
    job: Job, shoot: Shoot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, tried = Bench(), list[str]()

    def counted(row: Encoder, cancelled: Callable[[], bool] | None) -> str:
        tried.append(row.name)
        return try_out(row, cancelled)

    monkeypatch.setattr("reelwright.tools.assemble.encoders.try_out", counted)
    choice = bench.choose(Finish(encoder="auto"))
    assert bench.choose(Finish(encoder="auto")) == choice
    assert len(tried) == len(set(tried)) > 0
    if not choice.encoder.hardware:
        assert choice.encoder.name == "libx264"
        assert "No hardware encoder works here, so libx264 encoded the film" in choice.note
        for name in ("nvenc", "qsv", "vaapi", "amf", "videotoolbox"):
            assert f"h264_{name}: " in choice.note
    cut = Assembler().run(asked(line(shot := shoot("red", 20), 10), shot, encoder="auto"), job)
    assert (cut.encoder, cut.note) == (choice.encoder.name, choice.note)


def test_every_quality_stays_on_the_encoder_s_scale() -> None:
    for row in (row for row in encoders() if "{crf}" in row.words):
        for crf in (0, 20, 51):
            words = row.options(Finish(crf=crf), RATE, 2)
            value = int(words[2 + row.words.index("{crf}")])
            assert 0 <= value <= row.crf[2]


def test_a_software_encoder_passes_the_trial_and_a_broken_one_does_not() -> None:
    row = encoders()[0]
    assert try_out(row) == ""
    assert try_out(Encoder(row.name, row.codec, row.file, row.pixels, ("-preset", "nonsense"))) != ""


def test_hardware_that_fails_midway_is_not_asked_again(job: Job, shoot: Shoot) -> None:
    shot = shoot("red", 20)
    rows = requests(asked(line(shot, 10), shot, encoder="auto"))
    broken = next(row for row in encoders() if row.hardware and row.codec == "h264")
    bench = Bench()
    bench._faults = {row.name: "not here" for row in encoders() if row.hardware} | {broken.name: ""}
    if not try_out(broken):
        pytest.skip("this machine's hardware works")
    piece = draw(rows[0], {shot.id: job.path(shot.id)}, job.scratch, 1, bench=bench)
    assert (piece.encoder, piece.frames) == ("libx264", 10)
    assert broken.name in piece.note
    assert bench.choose(rows[0].finish).encoder.name == "libx264"


def test_soft_subtitles_carry_their_language(job: Job, shoot: Shoot) -> None:
    shot = shoot("red", 60)
    timeline = line(shot, 60, cues=(Cue(start=5, end=50, text="Der Honig hält."),))
    for codec, kind in (("h264", "mov_text"), ("vp9", "webvtt")):
        cut = Assembler().run(asked(timeline, shot, codec=codec, soft=True, language="de"), job)
        found = told(job.path(cut.video.id))
        assert re.search(rf"\(deu\): Subtitle: {kind}", found), found
        plain = subprocess.run(
            [ffmpeg.binary(), "-v", "error", "-i", job.path(cut.video.id), "-map", "0:s", "-f", "srt", "-"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "Der Honig hält." in plain


def long_one(job: Job, shoot: Shoot) -> tuple[tuple[EncodeRequest, ...], dict[str, Path]]:
    size = Size(width=540, height=960)
    shot = shoot("testsrc2=alpha=255", 300, size=size)
    rows = requests(asked(line(shot, 300, size), shot, preset="slow", crf=5), short=0)
    return rows, {shot.id: job.path(shot.id)}


def test_cancelling_ends_all_encoders_at_once(job: Job, shoot: Shoot) -> None:
    rows, paths = long_one(job, shoot)
    wanted = threading.Event()
    parts: list[float] = []

    def progress(part: float) -> None:
        parts.append(part)
        wanted.set()

    with pytest.raises(ToolFailed, match="cancelled"):
        draw_all(rows, paths, job.scratch, 1, progress, wanted.is_set)
    assert not [child for child in psutil.Process().children(recursive=True) if "ffmpeg" in child.name()]
    assert not list(job.scratch.glob("stretch*"))
    assert parts == sorted(parts)


@pytest.mark.skipif(geteuid() != 0, reason="a small file system needs root to be mounted")
def test_a_full_disk_is_told_and_nothing_half_written_stays(job: Job, shoot: Shoot) -> None:
    rows, paths = long_one(job, shoot)
    disk = job.scratch / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=900k", "tmpfs", str(disk)], check=True)
    try:
        with pytest.raises(DiskFull, match="full"):
            draw_all(rows, paths, disk, 1, lambda part: None, lambda: False)
        assert not [path for path in disk.rglob("*") if path.is_file()]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_broken_stretch_ends_the_others(job: Job, shoot: Shoot, shelf: AssetStore) -> None:
    rows, paths = long_one(job, shoot)
    bad = job.scratch / "bad.mp4"
    bad.write_bytes(b"nothing")
    ill = rows[1].model_copy(update={"assets": (rows[1].assets[0].model_copy(update={"id": "e" * 64}),)})
    clip = rows[1].timeline.tracks[0].items[0].model_copy(update={"asset": "e" * 64})
    track = rows[1].timeline.tracks[0].model_copy(update={"items": (clip,)})
    ill = ill.model_copy(update={"timeline": rows[1].timeline.model_copy(update={"tracks": (track,)})})
    with pytest.raises(Refused, match=r"bad\.mp4"):
        draw_all((rows[0], ill, *rows[2:]), {**paths, "e" * 64: bad}, job.scratch, 1, lambda part: None, lambda: False)
    assert not list(job.scratch.glob("stretch*"))


def test_stems_lie_beside_the_film(job: Job, shoot: Shoot, record: Shoot) -> None:
    shot, tone = shoot("red", 60), record("sine=f=300", 2)
    music = Track(kind="music", items=(Clip(asset=tone.id, frames=60),))
    picture = line(shot, 60)
    timeline = picture.model_copy(update={"tracks": (*picture.tracks, music)})
    cut = Assembler().run(asked(timeline, shot, tone, stems=True), job)
    assert set(cut.stems) == {"music"}
    stem = ffmpeg.probe(job.path(cut.stems["music"].id)).audio
    assert stem
    assert (cut.stems["music"].format, stem.codec, stem.rate, stem.channels) == ("flac", "flac", 48_000, 2)
    assert stem.end == pytest.approx(2.0, abs=0.001)


@pytest.mark.parametrize(("codec", "decoder"), [("prores", ()), ("vp9", ("-c:v", "libvpx-vp9"))])
def test_what_lies_on_nothing_keeps_its_transparency(job: Job, codec: Codec, decoder: tuple[str, ...]) -> None:
    path = job.scratch / "glass.png"
    glass = "color=0x4080c0@0.5:s=64x80:d=1,format=rgba[v]"
    ffmpeg.encode([], glass, path, ["-map", "[v]", "-frames:v", "1", "-update", "1"])
    pane = job.save(path, "image", licence="CC0", origin="test", size=Size(width=64, height=80))
    over = Clip(asset=pane.id, frames=20, place=Place(width=0.5))
    tracks = (Track(kind="video", items=(Gap(frames=20),)), Track(kind="overlay", items=(over,)))
    timeline = Timeline(rate=RATE, size=SMALL, tracks=tracks)
    cut = Assembler().run(asked(timeline, pane, codec=codec, alpha=True, crf=4), job)
    whole = ["-map", "0:v", "-f", "rawvideo", "-pix_fmt", "rgba"]
    raw = b"".join(ffmpeg.decode(Input(job.path(cut.video.id), decoder), "", whole))
    frames = np.frombuffer(raw, np.uint8).reshape(-1, SMALL.height, SMALL.width, 4)
    assert len(frames) == 20
    assert frames[:, :30, :, 3].max() <= 1
    assert frames[:, 60:100, 50:80, 3] == pytest.approx(128, abs=3)
    assert frames[:, 60:100, 50:80, :3].mean(axis=(0, 1, 2)) == pytest.approx((64, 128, 192), abs=8)
