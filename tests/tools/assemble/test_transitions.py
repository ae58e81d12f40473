"""Every change of picture begins with all of the old, ends with all of the new, and has exactly its frames between."""

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.picture import compose
from reelwright.tools.base import Job
from reelwright.tools.media import Asset, Size
from reelwright.tools.timeline import Clip, Gap, Item, Timeline, Track, Transition

Shoot = Callable[..., Asset]
RATE = Fraction(30)
SMALL = Size(width=128, height=160)
KINDS = ("dissolve", "dip_black", "dip_white", "wipe", "slide", "push", "zoom", "circle")
WAYS = ("left", "right", "up", "down")


def film(job: Job, items: tuple[Item, ...], *assets: Asset, size: Size = SMALL) -> np.ndarray:
    """Luma of every frame, as the encoder would get it."""
    line = Timeline(rate=RATE, size=size, tracks=(Track(kind="video", items=items),))
    paths: dict[str, Path] = {asset.id: job.path(asset.id) for asset in assets}
    picture = compose(line, {asset.id: asset for asset in assets}, paths, job.scratch)
    raw = job.scratch / "raw.mkv"
    run = ffmpeg.encode(picture.inputs, picture.graph, raw, ["-map", "[v]", "-c:v", "rawvideo"])
    assert run.frames == line.frames
    frames = b"".join(ffmpeg.decode(ffmpeg.Input(raw), "", ["-f", "rawvideo", "-pix_fmt", "yuv420p"]))
    planes = np.frombuffer(frames, np.uint8).reshape(-1, size.width * size.height * 3 // 2)
    return planes[:, : size.width * size.height].reshape(-1, size.height, size.width).astype(np.int16)


def change(kind: str, frames: int, towards: str = "left", **more: int) -> Transition:
    return Transition.model_validate({"kind": kind, "frames": frames, "towards": towards, **more})


def pair(shoot: Shoot) -> tuple[Asset, Asset]:
    return shoot("0x404040", 40), shoot("0xc0c0c0", 40)


@pytest.mark.parametrize(("kind", "frames"), [*((kind, 12) for kind in KINDS), ("dip_black", 9), ("push", 9)])
def test_ends_are_pure_and_the_way_is_symmetric(job: Job, shoot: Shoot, kind: str, frames: int) -> None:
    old, new = pair(shoot)
    items = (Clip(asset=old.id, frames=20), change(kind, frames), Clip(asset=new.id, start=10, frames=20))
    seen = film(job, items, old, new)
    first = 20 - frames // 2
    part = seen[first : first + frames]
    low, high = seen[0, 0, 0], seen[-1, 0, 0]
    assert (seen[: first + 1] == low).all()
    assert (seen[first + frames - 1 :] == high).all()
    assert all((frame != low).any() and (frame != high).any() for frame in part[5:-5])
    share = (part.mean(axis=(1, 2)) - low) / (high - low)
    if kind.startswith("dip"):
        ground = 16 if kind == "dip_black" else 235
        assert abs(part[frames // 2].mean() - ground) < 20
        assert np.abs(share[:2] - [0, (ground - low) / (high - low) * 2 / (frames - 1)]).max() < 0.03
    elif kind != "circle":
        assert np.abs(share + share[::-1] - 1).max() < 0.03
        assert (np.diff(share) >= -0.01).all()


TRAVELS = [*((kind, way) for kind in ("wipe", "push") for way in WAYS), ("slide", "up"), ("slide", "right")]


@pytest.mark.parametrize(("kind", "towards"), TRAVELS)
def test_the_new_picture_comes_from_the_other_side(job: Job, shoot: Shoot, kind: str, towards: str) -> None:
    old, new = pair(shoot)
    items = (Clip(asset=old.id, frames=20), change(kind, 11, towards), Clip(asset=new.id, start=10, frames=20))
    seen = film(job, items, old, new)[20]
    last = {"left": seen[:, :8], "right": seen[:, -8:], "up": seen[:8], "down": seen[-8:]}[towards]
    early = {"left": seen[:, -8:], "right": seen[:, :8], "up": seen[-8:], "down": seen[:8]}[towards]
    assert abs(last.mean() - 71) < 6
    assert abs(early.mean() - 181) < 6


@pytest.mark.parametrize("kind", ["wipe", "circle"])
def test_edges_are_soft(job: Job, shoot: Shoot, kind: str) -> None:
    old, new = pair(shoot)
    items = (Clip(asset=old.id, frames=20), change(kind, 11), Clip(asset=new.id, start=10, frames=20))
    row = film(job, items, old, new)[20, 80]
    assert np.abs(np.diff(row)).max() < 30
    assert len(np.unique(row)) > 8


def test_a_circle_opens_from_the_middle(job: Job, shoot: Shoot) -> None:
    old, new = pair(shoot)
    items = (Clip(asset=old.id, frames=20), change("circle", 11), Clip(asset=new.id, start=10, frames=20))
    seen = film(job, items, old, new)[20]
    assert seen[80, 64] > 175
    assert seen[0, 0] < 75


@pytest.mark.parametrize("kind", KINDS)
def test_a_gap_is_black_on_either_side(job: Job, shoot: Shoot, kind: str) -> None:
    new = shoot("0xc0c0c0", 40)
    seen = film(job, (Gap(frames=8), change(kind, 6), Clip(asset=new.id, start=3, frames=12)), new)
    assert (seen[:6] == 16).all()
    assert (seen[10:] == seen[-1, 0, 0]).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_a_change_equals_that_part_of_the_whole(job: Job, shoot: Shoot, kind: str) -> None:
    old, new = pair(shoot)
    whole = film(
        job, (Clip(asset=old.id, frames=20), change(kind, 12), Clip(asset=new.id, start=10, frames=20)), old, new
    )
    for first, frames, lead in ((0, 5, 5), (5, 7, 1)):
        cut = change(kind, frames, first=first, whole=12, lead=lead)
        at = 14 + first + lead
        after = Clip(asset=new.id, start=10 + at - 20 if at > 20 else 10, frames=12)
        part = film(job, (Clip(asset=old.id, frames=at), cut, after), old, new)
        assert np.abs(part[at - lead : at - lead + frames] - whole[14 + first : 14 + first + frames]).max() <= 1


def test_a_change_of_one_frame_and_two(job: Job, shoot: Shoot) -> None:
    old, new = pair(shoot)
    for kind in ("dissolve", "dip_white", "wipe", "zoom"):
        for frames in (1, 2):
            items = (Clip(asset=old.id, frames=6), change(kind, frames), Clip(asset=new.id, start=4, frames=6))
            assert len(film(job, items, old, new)) == 12
