"""Clips that are not as the film is come out as it is, moved over, retimed and steadied; what cannot is named."""

import subprocess
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.assemble.filters import BT709
from reelwright.tools.assemble.picture import compose
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed
from reelwright.tools.media import Asset, Kind, Size
from reelwright.tools.timeline import Clip, Focus, Item, Move, Timeline, Track, Transition, Window

Shoot = Callable[..., Asset]
RATE = Fraction(30)
SMALL = Size(width=128, height=160)
WIDE = Size(width=320, height=180)
HDR = "color_primaries=bt2020:color_trc={}:colorspace=bt2020nc"


def film(job: Job, *items: Item, assets: tuple[Asset, ...], size: Size = SMALL) -> np.ndarray:
    """RGB of every frame, as the encoder would get it."""
    line = Timeline(rate=RATE, size=size, tracks=(Track(kind="video", items=items),))
    paths = {asset.id: job.path(asset.id) for asset in assets}
    picture = compose(line, {asset.id: asset for asset in assets}, paths, job.scratch)
    raw = job.scratch / "raw.mkv"
    run = ffmpeg.encode(picture.inputs, picture.graph, raw, ["-map", "[v]", "-c:v", "rawvideo"])
    assert run.frames == line.frames
    shown = f"[0:v]{BT709},format=rgb24[v]"
    data = b"".join(ffmpeg.decode(ffmpeg.Input(raw), shown, ["-map", "[v]", "-f", "rawvideo"]))
    return np.frombuffer(data, np.uint8).reshape(-1, size.height, size.width, 3).astype(np.int16)


def make(job: Job, name: str, source: str, *options: str, kind: Kind = "video") -> Asset:
    """A foreign file, drawn by ffmpeg itself."""
    path = job.scratch / name
    command = [ffmpeg.binary(), "-loglevel", "error", "-y", "-f", "lavfi", "-i", source, *options, str(path)]
    subprocess.run(command, check=True)
    return job.save(path, kind, licence="CC0", origin=name)


def halves(size: str = "320x180", seconds: float = 1.5, rate: int = 30) -> str:
    """Red on the left, blue on the right."""
    width, height = size.split("x")
    side = f"s={int(width) // 2}x{height}:r={rate}:d={seconds}"
    return f"color=0xd02020:{side}[a];color=0x2020d0:{side}[b];[a][b]hstack"


def about(pixel: np.ndarray, colour: tuple[int, int, int], slack: int = 14) -> bool:
    return bool(np.abs(pixel - np.array(colour)).max() <= slack)


RED, BLUE = (0xD0, 0x20, 0x20), (0x20, 0x20, 0xD0)
X265 = ("-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=error", "-tag:v", "hvc1")
FOREIGN: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "variable rate": ("vfr.mkv", f"{halves()},select='not(eq(mod(n,5),2))+gt(n,30)'", ("-fps_mode", "vfr")),
    "odd size": ("odd.mkv", f"{halves()},crop=311:177:4:0", ("-c:v", "ffv1", "-pix_fmt", "yuv444p")),
    "other rate": ("pal.mp4", halves(rate=25), ()),
    "full range": ("full.mp4", f"{halves()},scale=out_range=pc:out_color_matrix=bt601", ("-color_range", "pc")),
    "ten bits": ("ten.mp4", f"{halves()},scale=out_color_matrix=bt601", ("-pix_fmt", "yuv420p10le")),
    "interlaced": ("fields.mp4", f"{halves(rate=60)},interlace", ("-flags", "+ilme+ildct")),
    "wide pixels": ("sar.mp4", f"{halves('240x180')},setsar=4/3", ()),
    "animated gif": ("turn.gif", halves(seconds=0.4, rate=20), ()),
    "mpeg-ts": ("late.ts", halves(), ("-c:v", "mpeg2video", "-q:v", "2", "-output_ts_offset", "5")),
    "motion jpeg": ("jpeg.mov", halves(), ("-c:v", "mjpeg", "-q:v", "2", "-pix_fmt", "yuvj422p")),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_clips_become_the_films(job: Job, name: str) -> None:
    file, source, options = FOREIGN[name]
    clip = make(job, file, source, *options)
    seen = film(job, Clip(asset=clip.id, frames=36), assets=(clip,))
    for frame in seen:
        assert about(frame[80, 20], RED), name
        assert about(frame[80, 108], BLUE), name
        assert abs(int(np.flatnonzero(frame[80, :, 2] > frame[80, :, 0])[0]) - 64) <= 3, "the middle is the middle"


@pytest.mark.parametrize("curve", ["smpte2084", "arib-std-b67"])
def test_high_dynamic_range_is_mapped(job: Job, curve: str) -> None:
    tags = HDR.format(curve)
    words = ("-color_primaries", "bt2020", "-color_trc", curve, "-colorspace", "bt2020nc", "-color_range", "tv")
    source = f"gradients=s=320x180:r=30:d=0.6:c0=black:c1=white:x0=0:y0=0:x1=319:y1=0:speed=0.00001,setparams={tags}"
    clip = make(job, "hdr.mp4", source, *X265, *words)
    row = film(job, Clip(asset=clip.id, frames=12, fit="letterbox"), assets=(clip,))[6, 80].mean(axis=1)
    assert row[2] < 20
    assert row[-3] > 200, "white is white"
    assert (np.diff(row) >= -3).all(), "and nothing turns over on the way"


def test_a_turned_phone_clip_stands_upright(job: Job) -> None:
    flat = make(job, "flat.mp4", halves())
    turned = job.scratch / "turned.mp4"
    command = [ffmpeg.binary(), "-loglevel", "error", "-y", "-display_rotation", "-90", "-i", str(job.path(flat.id))]
    subprocess.run([*command, "-c", "copy", str(turned)], check=True)
    clip = job.save(turned, "video", licence="CC0", origin="turned.mp4")
    frame = film(job, Clip(asset=clip.id, frames=10), assets=(clip,))[5]
    assert about(frame[20, 64], RED)
    assert about(frame[140, 64], BLUE)


def test_transparent_parts_of_a_main_clip_are_black(job: Job) -> None:
    source = "color=white:s=128x160:r=30:d=1,format=yuva444p10le,geq=lum='lum(X,Y)':cb=512:cr=512:a='1023*gt(X,64)'"
    clip = make(job, "alpha.mov", source, "-c:v", "prores_ks", "-profile:v", "4444", "-pix_fmt", "yuva444p10le")
    frame = film(job, Clip(asset=clip.id, frames=10), assets=(clip,))[5]
    assert frame[:, :56].max() < 12
    assert frame[:, 72:].min() > 240


def test_focus_decides_what_is_cropped(job: Job) -> None:
    clip = make(job, "wide.mp4", halves("640x160", 3))
    left = film(job, Clip(asset=clip.id, frames=4, focus=(Focus(x=0.1),)), assets=(clip,))[2]
    assert all(about(left[80, x], RED) for x in (4, 124))
    ways = (Focus(frame=10, x=0.1), Focus(frame=40, x=0.9))
    seen = film(job, Clip(asset=clip.id, start=6, frames=60, focus=ways), assets=(clip,))
    blue = (seen[:, 80, :, 2] > seen[:, 80, :, 0]).sum(axis=1)
    assert (blue[:11].max(), blue[40:].min()) == (0, 128)
    assert (np.diff(blue) >= 0).all()
    assert blue[25] == 64
    assert all(about(seen[number, 80, 124], RED, 3) for number in range(11)), "at rest it is sharp"


def ramp(job: Job) -> Asset:
    """A picture whose features can be placed to fractions of a pixel."""
    bars = "255*(0.5+0.5*sin(2*PI*X/40)*sin(2*PI*Y/40))"
    source = f"color=black:s=640x800:r=1:d=1,format=gray,geq=lum='{bars}'"
    return make(job, "bars.png", source, "-frames:v", "1", kind="image")


def test_a_move_over_a_still_is_smooth_and_ends_where_it_should(job: Job) -> None:
    still = ramp(job)
    move = Move(start=Window(x=0.5, y=0.5, scale=1.25), end=Window(x=0.6, y=0.5, scale=1.25))
    seen = film(job, Clip(asset=still.id, frames=60, move=move), assets=(still,))[..., 1].astype(float)
    places = []
    for frame in seen[:, 60:100]:
        # The phase of the bars' second harmonic: its period is 5 film pixels at this scale.
        wave = np.fft.fft((frame - frame.mean()) ** 2, axis=1)[:, 1:64]
        strong = int(np.abs(wave).sum(axis=0).argmax())
        places.append(np.angle((wave[:, strong] ** 2).sum()) / 2)
    steps = np.diff(np.unwrap(places, period=np.pi))
    assert np.abs(steps).sum() > 1, "it moves"
    assert (np.sign(steps[5:-5]) == np.sign(steps[30])).all(), "one way only"
    assert np.abs(np.diff(steps)).max() < 0.15 * np.abs(steps).max(), "without a tremble"
    assert np.abs(steps[[0, -1]]).max() < 0.2 * np.abs(steps).max(), "eased at both ends"


def test_a_move_of_a_part_equals_that_part(job: Job) -> None:
    still = ramp(job)
    whole = film(job, Clip(asset=still.id, frames=40, move=Move()), assets=(still,))
    part = film(job, Clip(asset=still.id, frames=15, move=Move(first=20, whole=40)), assets=(still,))
    assert np.abs(whole[20:35] - part).max() <= 1


def grey(frames: int = 90) -> str:
    return f"color=black:s=128x160:r=30:d={frames / 30},geq=lum='30+2*N':cb=128:cr=128"


@pytest.mark.parametrize(("speed", "start"), [(Fraction(2), 10), (Fraction(3, 2), 9), (Fraction(1, 2), 10)])
def test_speed_shows_the_frames_of_its_time(job: Job, speed: Fraction, start: int) -> None:
    clip = make(job, "grey.mp4", grey(), "-crf", "1", "-color_range", "tv")
    seen = film(job, Clip(asset=clip.id, start=start, frames=24, speed=speed), assets=(clip,))
    level = seen.mean(axis=(1, 2, 3)) * 219 / 255 + 16
    number = np.array([float((start // speed + frame) * speed) for frame in range(24)])
    expected = 30 + 2 * (np.floor(number) if speed > 1 else number)
    assert np.abs(level - level[0] - expected + expected[0]).max() < 1.3
    assert abs(level[0] - expected[0]) < 2
    assert speed > 1 or len(np.unique(np.round(level, 1))) > 20, "slow motion is blended, not repeated"


@pytest.mark.slow
def test_a_shaking_clip_stands_still(job: Job) -> None:
    shake = "x='40+9*sin(n*2.1)+6*sin(n*1.3)':y='40+8*sin(n*1.7)'"
    hills = "128+60*sin(X/13)*sin(Y/17)+50*gt(sin(X/31+Y/47)*sin(Y/29-X/53),0.3)"
    source = f"nullsrc=s=400x460:r=30:d=1.4,geq=lum='{hills}':cb=128:cr=128,crop=320:380:{shake}"
    clip = make(job, "shaky.mp4", source, "-crf", "8")
    size = Size(width=320, height=380)
    loose, steady = (
        film(job, Clip(asset=clip.id, frames=36, stabilise=on), assets=(clip,), size=size)[:, 40:-40, 40:-40]
        for on in (False, True)
    )
    moved = [np.abs(np.diff(seen, axis=0)).mean() for seen in (loose, steady)]
    assert moved[1] < 0.4 * moved[0]


def test_a_fitted_clip_dissolves_and_counts_like_any_other(job: Job, shoot: Shoot) -> None:
    foreign, own = make(job, "pal.mp4", "color=0xc0c0c0:s=320x180:r=25:d=2"), shoot("0x404040", 40)
    items = (Clip(asset=own.id, frames=20), Transition(frames=9), Clip(asset=foreign.id, start=8, frames=20))
    level = film(job, *items, assets=(own, foreign)).mean(axis=(1, 2, 3))
    assert np.abs(level[16:25] - np.linspace(0x40, 0xC0, 9)).max() < 4


def test_many_foreign_clips_share_one_input(job: Job) -> None:
    clips = [make(job, f"{number}.mp4", f"color=0x{number * 11:02x}4040:s=320x180:r=25:d=1") for number in range(8)]
    line = Timeline(
        rate=RATE,
        size=SMALL,
        tracks=(Track(kind="video", items=tuple(Clip(asset=clip.id, frames=5, fit="blur") for clip in clips)),),
    )
    paths = {clip.id: job.path(clip.id) for clip in clips}
    assert len(compose(line, {clip.id: clip for clip in clips}, paths, job.scratch).inputs) == 1


def broken(job: Job) -> dict[str, tuple[Asset, str]]:
    whole = make(job, "whole.mp4", "testsrc2=s=320x180:r=30:d=2", "-movflags", "+faststart")
    data = job.path(whole.id).read_bytes()
    huge = b"\x89PNG\r\n\x1a\n" + bytes.fromhex("0000000d49484452000075300000753001000000006ac1b4a2")
    files = {
        "cut.mp4": (data[: len(data) // 3], "it breaks off|cannot open|has .. frames"),
        "list.mp4": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n#EXT-X-ENDLIST\n", "cannot open"),
        "empty.mp4": (b"", "cannot open"),
        "huge.png": (huge + data, "cannot|no picture"),
    }
    made = {}
    for name, (content, why) in files.items():
        path = job.scratch / name
        path.write_bytes(content)
        kind: Kind = "image" if name.endswith("png") else "video"
        made[name] = job.save(path, kind, licence="CC0", origin=name), why
    sound = make(job, "sound.mp4", "sine=d=1", "-c:a", "aac")
    return {**made, "sound.mp4": (sound, "no picture")}


def test_what_cannot_be_read_is_named_with_its_reason(job: Job) -> None:
    for name, (asset, why) in broken(job).items():
        with pytest.raises((Refused, ToolFailed), match=why) as told:
            film(job, Clip(asset=asset.id, frames=50, name=name), assets=(asset,))
        assert name in told.value.message
        assert told.value.hint


def test_a_clip_shorter_than_its_place_is_named(job: Job) -> None:
    clip = make(job, "short.mp4", "testsrc2=s=320x180:r=25:d=1")
    with pytest.raises(ToolFailed, match=r"bees has 15 frames and the timeline needs 20"):
        film(job, Clip(asset=clip.id, frames=20, speed=Fraction(2), name="bees"), assets=(clip,))


def test_a_folder_of_fitted_clips_is_used_again(job: Job, tmp_path: Path) -> None:
    clip = make(job, "pal.mp4", "testsrc2=s=320x180:r=25:d=1")
    first = film(job, Clip(asset=clip.id, frames=20), assets=(clip,))
    made = {path: path.stat().st_mtime_ns for path in job.scratch.glob("fitted-*")}
    again = film(job, Clip(asset=clip.id, frames=20, name="else"), assets=(clip,))
    assert made == {path: path.stat().st_mtime_ns for path in job.scratch.glob("fitted-*")}
    assert len(made) == 1
    assert np.array_equal(first, again)
