"""Overlays stand where they are put, as opaque and blended as asked, come and go, and leave the rest untouched."""

import subprocess
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.filters import BT709
from reelwright.tools.assemble.picture import compose
from reelwright.tools.base import Job
from reelwright.tools.media import Asset, Kind, Size
from reelwright.tools.timeline import Clip, Gap, Item, Place, Timeline, Track, Transition

Shoot = Callable[..., Asset]
RATE = Fraction(30)
SMALL = Size(width=128, height=160)
RED = (0xD0, 0x20, 0x20)


def film(job: Job, main: tuple[Item, ...], *overlays: tuple[Item, ...], assets: tuple[Asset, ...]) -> np.ndarray:
    """RGB of every frame, as the encoder would get it."""
    tracks = (Track(kind="video", items=main), *(Track(kind="overlay", items=items) for items in overlays))
    line = Timeline(rate=RATE, size=SMALL, tracks=tracks)
    paths = {asset.id: job.path(asset.id) for asset in assets}
    picture = compose(line, {asset.id: asset for asset in assets}, paths, job.scratch)
    raw = job.scratch / "raw.mkv"
    run = ffmpeg.encode(picture.inputs, picture.graph, raw, ["-map", "[v]", "-c:v", "rawvideo"])
    assert run.frames == line.frames
    shown = f"[0:v]{BT709},format=rgb24[v]"
    data = b"".join(ffmpeg.decode(ffmpeg.Input(raw), shown, ["-map", "[v]", "-f", "rawvideo"]))
    return np.frombuffer(data, np.uint8).reshape(-1, SMALL.height, SMALL.width, 3).astype(np.int16)


def make(job: Job, name: str, source: str, *options: str, kind: Kind = "video") -> Asset:
    path = job.scratch / name
    command = [ffmpeg.binary(), "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True)
    return job.save(path, kind, licence="CC0", origin=name)


def hole(pixels: str = "rgba") -> str:
    """A red square of 64 pixels, its right half transparent."""
    full = 1023 if "10" in pixels else 255
    if pixels == "rgba":
        return f"color=0xd02020:s=64x64:r=30:d=1,format=rgba,geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='{full}*lt(X,32)'"
    keep = "lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)'"
    return (
        f"color=0xd02020:s=64x64:r=30:d=1,scale=out_color_matrix=bt709,format={pixels},geq={keep}:a='{full}*lt(X,32)'"
    )


SOURCES: dict[str, tuple[str, str, tuple[str, ...], Kind]] = {
    "png": ("a.png", hole(), ("-frames:v", "1"), "image"),
    "prores": (
        "a.mov",
        hole("yuva444p10le"),
        ("-c:v", "prores_ks", "-profile:v", "4444", "-colorspace", "bt709"),
        "video",
    ),
    "vp9": ("a.webm", hole("yuva420p"), ("-c:v", "libvpx-vp9", "-auto-alt-ref", "0", "-colorspace", "bt709"), "video"),
}


def about(seen: np.ndarray, colour: tuple[int, ...], slack: int = 12) -> bool:
    return bool(np.abs(seen.reshape(-1, 3) - np.array(colour)).max() <= slack)


@pytest.mark.parametrize("kind", SOURCES)
def test_transparent_sources_stand_where_they_are_put(job: Job, shoot: Shoot, kind: str) -> None:
    name, source, options, sort = SOURCES[kind]
    over, main = make(job, name, source, *options, kind=sort), shoot("0x404040", 40)
    place = Place(x=0.5, y=0.25, width=0.25)
    seen = film(
        job,
        (Clip(asset=main.id, frames=30),),
        (Gap(frames=8), Clip(asset=over.id, frames=12, place=place)),
        assets=(main, over),
    )
    plain = seen[0]
    assert about(plain, (0x40, 0x40, 0x40), 3)
    assert all(np.array_equal(seen[number], plain) for number in (*range(8), *range(20, 30)))
    for frame in seen[8:20]:
        assert about(frame[28:52, 51:61], RED)
        assert np.array_equal(frame[24:56, 68:], plain[24:56, 68:]), "clear is clear"
        assert np.array_equal(frame[60:], plain[60:])


def blend(mode: str, under: float, over: float) -> float:
    """As editors define it, from 0 to 1."""
    return {
        "normal": over,
        "screen": 1 - (1 - under) * (1 - over),
        "multiply": under * over,
        "overlay": 2 * under * over if under < 0.5 else 1 - 2 * (1 - under) * (1 - over),
        "lighten": max(under, over),
        "darken": min(under, over),
        "addition": min(1, under + over),
    }[mode]


@pytest.mark.parametrize("mode", ["normal", "screen", "multiply", "overlay", "lighten", "darken", "addition"])
def test_light_is_blended_as_editors_do(job: Job, shoot: Shoot, mode: str) -> None:
    under, over = (0x40, 0x80, 0xB0), (0xA0, 0x60, 0x50)
    main = shoot("color=c=0x{:02x}{:02x}{:02x},scale=out_color_matrix=bt709:out_range=tv".format(*under), 20)
    top = make(
        job, "top.png", "color=0x{:02x}{:02x}{:02x}:s=64x64,format=rgb24".format(*over), "-frames:v", "1", kind="image"
    )
    place = Place.model_validate({"x": 0.9, "y": 0.5, "width": 0.5, "opacity": 0.5, "blend": mode})
    frame = film(
        job, (Clip(asset=main.id, frames=6),), (Clip(asset=top.id, frames=6, place=place),), assets=(main, top)
    )[3]
    own = frame[5, 5]
    full = [255 * blend(mode, low / 255, high / 255) for low, high in zip(own.tolist(), over, strict=True)]
    expected = tuple(round((low + high) / 2) for low, high in zip(own.tolist(), full, strict=True))
    assert about(frame[60:100, 100:126], expected, 7), (mode, frame[80, 110], expected)
    assert about(frame[:40], tuple(own.tolist()), 2), "and nowhere else"


def opaque(job: Job, shoot: Shoot) -> tuple[Asset, Asset]:
    return shoot("0x404040", 60), make(job, "white.png", "color=white:s=32x32", "-frames:v", "1", kind="image")


def test_a_dissolve_to_a_gap_fades_an_overlay_out(job: Job, shoot: Shoot) -> None:
    main, over = opaque(job, shoot)
    place = Place(width=0.25)
    items = (
        Gap(frames=10),
        Transition(frames=9),
        Clip(asset=over.id, start=10, frames=20, place=place),
        Transition(frames=9),
        Gap(frames=10),
    )
    level = film(job, (Clip(asset=main.id, frames=40),), items, assets=(main, over))[:, 80, 64, 0]
    assert np.abs(level[6:15] - np.linspace(0x40, 255, 9)).max() < 4
    assert (level[15:26] >= 254).all()
    assert np.abs(level[26:35] - np.linspace(255, 0x40, 9)).max() < 4


@pytest.mark.parametrize("kind", ["wipe", "circle", "slide", "push"])
def test_other_changes_bring_and_take_it(job: Job, shoot: Shoot, kind: str) -> None:
    main, over = opaque(job, shoot)
    change = Transition.model_validate({"kind": kind, "frames": 11, "towards": "left"})
    items = (
        Gap(frames=10),
        change,
        Clip(asset=over.id, start=10, frames=24, place=Place(width=0.25)),
        change,
        Gap(frames=10),
    )
    seen = film(job, (Clip(asset=main.id, frames=44),), items, assets=(main, over))[..., 0]
    white = (seen > 200).sum(axis=(1, 2))
    assert white[5] == white[39] == 0
    assert white[15] > 900
    assert white[16:29].min() > 1000
    if kind == "wipe":
        assert 300 < white[10] < 700
        assert seen[10, 80, 78] > 200 > seen[10, 80, 50], "from the right"
        assert seen[34, 80, 50] > 200 > seen[34, 80, 78], "and off to the left"
    if kind in ("slide", "push"):
        middles = [np.flatnonzero((frame > 200).any(axis=0)).mean() for frame in seen[8:36]]
        assert (np.diff(middles) <= 0.6).all(), "one way through the frame"


def test_overlays_lie_over_cuts_and_over_one_another(job: Job, shoot: Shoot) -> None:
    one, two, top = shoot("0x404040", 40), shoot("0x808080", 40), make(job, "t.mp4", "color=white:s=64x64:r=25:d=2")
    main = (Clip(asset=one.id, frames=15), Transition(frames=6), Clip(asset=two.id, start=5, frames=15))
    first = (Gap(frames=5), Clip(asset=top.id, frames=20, place=Place(width=0.5)))
    second = (Gap(frames=14), Clip(asset=one.id, frames=10, place=Place(width=0.2, opacity=0.999)), Gap(frames=40))
    seen = film(job, main, first, second, assets=(one, two, top))[..., 0]
    bare = film(job, main, assets=(one, two))[..., 0]
    assert np.array_equal(seen[:, :8, :8], bare[:, :8, :8])
    assert (seen[5:25, 60:64, 40] > 250).all()
    assert (seen[[4, 25], 60:64, 40] < 140).all()
    assert (np.abs(seen[14:24, 80, 64] - 0x40) < 4).all()
    assert (seen[[13, 24], 80, 64] > 250).all()


def test_without_overlays_nothing_is_cut(job: Job, shoot: Shoot) -> None:
    main, over = opaque(job, shoot)
    line = Timeline(rate=RATE, size=SMALL, tracks=(Track(kind="video", items=(Clip(asset=main.id, frames=40),)),))
    paths = {asset.id: job.path(asset.id) for asset in (main, over)}
    known = {asset.id: asset for asset in (main, over)}
    assert "split" not in compose(line, known, paths, job.scratch).graph
    late = Track(kind="overlay", items=(Gap(frames=90), Clip(asset=over.id, frames=10)))
    beyond = line.model_copy(update={"tracks": (*line.tracks, late)})
    assert "overlay" not in compose(beyond, known, paths, job.scratch).graph
