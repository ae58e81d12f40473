"""Clips and stills of every kind come out at the asked size, rate, length and colours; broken ones are named."""

import struct
import subprocess
import zlib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.base import Job
from reelwright.tools.errors import Refused
from reelwright.tools.ffmpeg import Input, binary, decode, probe
from reelwright.tools.media import Asset, Kind, Size
from reelwright.tools.video import FootageRequest
from reelwright.tools.video.footage import Footage

TALL = Size(width=180, height=320)
Shelve = Callable[..., Asset]


def make(path: Path, *options: str, source: str = "testsrc2=s=320x180:r=25:d=2") -> Path:
    """Draw a test picture; sources of ffmpeg's own are no files, so this stands before the door."""
    command = [binary(), "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.fixture
def shelve(tmp_path: Path, job: Job) -> Shelve:
    def put(path: Path, kind: Kind = "video") -> Asset:
        return job.save(path, kind, licence="own", origin=path.name)

    return put


def pictures(job: Job, asset: Asset, size: Size = TALL) -> np.ndarray:
    raw = b"".join(decode(Input(job.path(asset.id)), "", ["-f", "rawvideo", "-pix_fmt", "rgb24"]))
    return np.frombuffer(raw, np.uint8).reshape(-1, size.height, size.width, 3).astype(np.int16)


def shoot(job: Job, asset: Asset, frames: int = 30, handle: int = 6, start: int = 0, size: Size = TALL) -> np.ndarray:
    request = FootageRequest(asset=asset, size=size, frames=frames, handle=handle, start=start, seed=3)
    video = Footage().run(request, job).video
    found = probe(job.path(video.id))
    assert found.video is not None
    assert found.audio is None
    assert (found.video.width, found.video.height) == (size.width, size.height)
    assert found.video.rate == Fraction(30)
    assert found.video.steady
    assert found.video.frames == video.frames == frames + 2 * handle
    assert (found.video.pixels, found.video.matrix, found.video.colour_range) == ("yuv420p", "bt709", "tv")
    assert video.licence == "own"
    return pictures(job, video, size)


def test_a_clip_fills_the_frame_at_the_films_rate(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    seen = shoot(job, shelve(make(tmp_path / "a.mp4")))
    assert seen.mean(axis=(1, 2, 3)).min() > 40
    assert np.abs(np.diff(seen.mean(axis=(1, 2)), axis=0)).max() < 60


def test_the_handle_lies_before_the_start(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    grey = "nullsrc=s=320x180:r=30:d=3,geq=lum='16+2*N':cb=128:cr=128"
    clip = shelve(make(tmp_path / "a.mp4", "-color_range", "tv", "-crf", "1", source=grey))
    level = shoot(job, clip, frames=20, handle=5, start=40).mean(axis=(1, 2, 3))
    expected = 2 * np.arange(35, 65) * 255 / 219
    assert np.abs(level - expected).max() < 3


def test_a_short_clip_is_slowed_then_held_never_black(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    clip = shelve(make(tmp_path / "a.mp4", source="testsrc2=s=320x180:r=30:d=0.7"))
    seen = shoot(job, clip, frames=90)
    assert seen.mean(axis=(1, 2, 3)).min() > 40
    moved = np.abs(np.diff(seen, axis=0)).mean(axis=(1, 2, 3))
    assert all(moved[at : at + 30].sum() > 1 for at in range(0, len(moved) - 30, 10))


def test_a_start_beyond_the_end_moves_back(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    assert shoot(job, shelve(make(tmp_path / "a.mp4")), start=500).mean() > 40


def test_a_turned_phone_clip_stands_upright(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    half = "color=red:s=160x320:r=30:d=1[a];color=blue:s=160x320:r=30:d=1[b];[a][b]hstack"
    flat = make(tmp_path / "flat.mp4", source=half)
    turned = tmp_path / "turned.mp4"
    command = [binary(), "-loglevel", "error", "-y", "-display_rotation", "-90", "-i", str(flat), "-c", "copy"]
    subprocess.run([*command, str(turned)], check=True)
    seen = shoot(job, shelve(turned), frames=10, handle=0)[5]
    top, bottom = seen[:100].mean(axis=(0, 1)), seen[-100:].mean(axis=(0, 1))
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


def test_ten_bits_and_high_dynamic_range_become_plain(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    tags = ["-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-color_range", "tv"]
    x265 = ["-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error", "-tag:v", "hvc1"]
    source = "testsrc2=s=320x180:r=30:d=0.6,setparams=color_primaries=bt2020:color_trc=smpte2084:colorspace=bt2020nc"
    seen = shoot(job, shelve(make(tmp_path / "hdr.mp4", *x265, *tags, source=source)), frames=10, handle=0)
    assert 20 < seen.mean() < 235
    assert seen.std() > 20


def test_a_still_drifts_smoothly(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    noise = "testsrc2=s=800x600:r=1:d=1"
    still = shelve(make(tmp_path / "a.png", "-frames:v", "1", source=noise), "image")
    moved = np.abs(np.diff(shoot(job, still, frames=60), axis=0)).mean(axis=(1, 2, 3))
    assert moved.min() > 0.05
    assert moved.max() < 3 * np.median(moved)


def test_a_transparent_still_stands_whole_over_the_ground(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    disc = "color=red:s=200x200,format=rgba,geq=r=255:g=0:b=0:a='255*lt(hypot(X-100,Y-100),90)'"
    still = shelve(make(tmp_path / "logo.png", "-frames:v", "1", source=disc), "image")
    request = FootageRequest(asset=still, size=TALL, frames=4, ground="#204060")
    seen = pictures(job, Footage().run(request, job).video)[2]
    assert np.abs(seen[10, 10] - (0x20, 0x40, 0x60)).max() < 8
    assert np.abs(seen[160, 90] - (255, 0, 0)).max() < 12


def test_a_full_range_jpeg_keeps_its_black_and_white(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    split = "color=white:s=320x320[a];color=black:s=320x320[b];[a][b]vstack"
    still = shelve(make(tmp_path / "a.jpg", "-frames:v", "1", "-q:v", "1", source=split), "image")
    seen = shoot(job, still, frames=4, handle=0)[2]
    assert seen[20].min() > 250
    assert seen[-20].max() < 5


def hostile(folder: Path) -> dict[str, tuple[Path, Kind]]:
    clip, still = make(folder / "whole.mp4"), make(folder / "whole.png", "-frames:v", "1")
    files: dict[str, tuple[bytes, Kind]] = {
        "empty.mp4": (b"", "video"),
        "cut.mp4": (clip.read_bytes()[:3000], "video"),
        "list.mp4": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", "video"),
        "cut.png": (still.read_bytes()[:4000], "image"),
        "empty.jpg": (b"", "image"),
        "text.png": (b"not a picture at all" * 50, "image"),
    }
    made = {}
    for name, (content, kind) in files.items():
        (folder / name).write_bytes(content)
        made[name] = folder / name, kind
    sound = make(folder / "sound.mp4", "-c:a", "aac", source="sine=d=1")
    return {**made, "sound.mp4": (sound, "video"), "huge.png": (bomb(folder / "huge.png", 30000), "image")}


def bomb(path: Path, side: int) -> Path:
    """A small file that says it holds a very large picture, one bit a pixel."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(1)
    rows = b"".join([packer.compress(bytes(side // 8 + 1) * 500) for _ in range(side // 500)] + [packer.flush()])
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    return path


def test_bad_media_are_refused_by_the_name_the_person_knows(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    for name, (path, kind) in hostile(tmp_path).items():
        request = FootageRequest(asset=shelve(path, kind), size=TALL, frames=10)
        with pytest.raises(Refused, match=name) as told:
            Footage().run(request, job)
        assert told.value.hint
        assert not list(job.scratch.iterdir())


def test_an_off_centre_subject_stays_in_a_tall_crop(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    disc = (
        "color=0x506070:s=640x360:r=30:d=1,format=rgb24,noise=alls=8,geq=r='if({0},230,r(X,Y))':g='if({0},40,g(X,Y))'"
    )
    inside = "lt(hypot(X-540,Y-180),60)"
    source = disc.format(inside) + f":b='if({inside},30,b(X,Y))'"
    seen = shoot(job, shelve(make(tmp_path / "a.mp4", source=source)), frames=20, handle=0)
    red = (seen[..., 0] > 180) & (seen[..., 1] < 100)
    whole = np.pi * (60 * 320 / 360) ** 2
    assert red.sum(axis=(1, 2)).min() > 0.97 * whole, "all of it is there, on every frame"
    columns = np.array([np.flatnonzero(frame.any(axis=0)).mean() for frame in red])
    assert np.ptp(columns) < 1.5, "and it stands still"


def test_a_shot_begins_on_a_key_frame_behind_its_handle(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    clip = shelve(make(tmp_path / "a.mp4"))
    still = shelve(make(tmp_path / "a.png", "-frames:v", "1"), "image")
    for asset in (clip, still):
        video = Footage().run(FootageRequest(asset=asset, size=TALL, frames=30, handle=6), job).video
        command = [binary(), "-v", "error", "-skip_frame", "nokey", "-i", str(job.path(video.id)), "-fps_mode"]
        told = subprocess.run(
            [*command, "passthrough", "-copyts", "-f", "framecrc", "-"], check=True, capture_output=True, text=True
        )
        times = [int(line.split(",")[2]) for line in told.stdout.splitlines() if not line.startswith("#")]
        base = next(line for line in told.stdout.splitlines() if line.startswith("#tb"))
        assert [round(time * Fraction(base.split()[-1]) * 30) for time in times] == [0, 6]


def test_wide_pixels_become_square(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    disc = "color=black:s=180x240:r=30:d=1,format=gray,geq=lum='255*lt(hypot((X-90)*16/9,Y-120),60)',setsar=16/9"
    seen = shoot(job, shelve(make(tmp_path / "a.mp4", source=disc)), frames=8, handle=0)[4] > 128
    wide, high = np.ptp(np.flatnonzero(seen[..., 0].any(axis=0))), np.ptp(np.flatnonzero(seen[..., 0].any(axis=1)))
    assert abs(wide - high) <= 4


def test_a_transparent_clip_stands_before_black(job: Job, tmp_path: Path, shelve: Shelve) -> None:
    hole = "color=red:s=320x180:r=30:d=1,format=yuva420p,geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='255*gt(Y,90)'"
    clip = make(tmp_path / "a.webm", "-c:v", "libvpx-vp9", "-pix_fmt", "yuva420p", "-auto-alt-ref", "0", source=hole)
    seen = shoot(job, shelve(clip), frames=8, handle=0)[4]
    assert seen[:150].max() < 20
    assert seen[170:, :, 0].min() > 200
