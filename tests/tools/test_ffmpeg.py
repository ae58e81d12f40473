"""The ffmpeg door: hostile files stay outside, limits hold, nothing half-written or left running remains."""

import os
import re
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path

import psutil
import pytest

from reelwright.tools import ffmpeg
from reelwright.tools.errors import ReelwrightError, Refused, ToolBusy, ToolFailed
from reelwright.tools.ffmpeg import Input

BLACK = "color=black:s=64x64:r=30:d={seconds}[v]"
X264 = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("media") / "clip.mp4"
    graph = "testsrc2=s=128x96:r=30:d=1,format=yuv420p[v];sine=d=1:r=48000[a]"
    ffmpeg.encode([], graph, path, [*X264, "-map", "[a]", "-c:a", "aac"])
    return path


def _playlist(folder: Path, secret: Path) -> bytes:
    return f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n".encode()


HOSTILE: dict[str, Callable[[Path, Path], bytes]] = {
    "playlist.mp4": _playlist,
    "concat.mp4": lambda folder, secret: f"ffconcat version 1.0\nfile '{secret}'\n".encode(),
    "session.mp4": lambda folder, secret: (
        b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"
    ),
    "frame%03d.png": lambda folder, secret: secret.read_bytes(),
    "words.mp4": lambda folder, secret: b"1\n00:00:00,000 --> 00:00:01,000\nhello\n",
    "manifest.mp4": lambda folder, secret: f"<?xml version='1.0'?><MPD><BaseURL>{secret}</BaseURL></MPD>".encode(),
    "empty.mp4": lambda folder, secret: b"",
    "truncated.mp4": lambda folder, secret: secret.read_bytes()[:2000],
    "noise.wav": lambda folder, secret: bytes(range(256)) * 40,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name(name: str, tmp_path: Path, clip: Path) -> None:
    path = tmp_path / name
    path.write_bytes(HOSTILE[name](tmp_path, clip))
    with pytest.raises(Refused, match=re.escape(name)) as caught:
        ffmpeg.encode([Input(path)], "", tmp_path / "out.mp4", ["-frames:v", "1"])
    assert caught.value.hint
    assert not (tmp_path / "out.mp4").exists()
    with pytest.raises(Refused):
        ffmpeg.probe(path)
    with pytest.raises(Refused):
        list(ffmpeg.decode(Input(path), "", ["-f", "rawvideo"]))


def test_a_picture_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    header, rows = struct.pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0), zlib.compress(bytes(3751 * 30_000))
    chunks = ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b""))
    parts = [
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    ]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    with pytest.raises(Refused, match=r"huge\.png"):
        ffmpeg.encode([Input(path)], "", tmp_path / "out.png", ["-frames:v", "1"])


def test_a_missing_file_is_our_failure_not_the_persons(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match=r"none\.mp4"):
        ffmpeg.probe(tmp_path / "none.mp4")


def test_a_bad_graph_fails_for_good(clip: Path, tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="exit code"):
        ffmpeg.encode([Input(clip)], "[0:v]nosuchfilter[v]", tmp_path / "out.mp4", X264)


@pytest.fixture
def endless(tmp_path: Path) -> Iterator[Callable[[threading.Event], list[BaseException]]]:
    """Start an encode of an hour in a thread; gives what it raised once the event is set."""

    def start(stop: threading.Event) -> list[BaseException]:
        raised: list[BaseException] = []

        def work() -> None:
            try:
                graph = BLACK.format(seconds=36_000)
                ffmpeg.encode([], graph, tmp_path / "long.mp4", X264, cancelled=stop.is_set)
            except ReelwrightError as error:
                raised.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        while not _children():
            time.sleep(0.05)
        time.sleep(0.3)
        threads.append(thread)
        return raised

    threads: list[threading.Thread] = []
    yield start
    for thread in threads:
        thread.join()
    assert not list(tmp_path.iterdir()), "a part of the file was left behind"
    assert not _children(), "a process was left behind"


def _children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children() if "ffmpeg" in child.name()]


def test_killed_from_outside_may_be_tried_again(endless: Callable[[threading.Event], list[BaseException]]) -> None:
    raised = endless(threading.Event())
    for child in _children():
        child.send_signal(signal.SIGKILL)
    _until(lambda: bool(raised))
    assert isinstance(raised[0], ToolBusy)


def test_terminated_from_outside_may_be_tried_again(endless: Callable[[threading.Event], list[BaseException]]) -> None:
    raised = endless(threading.Event())
    for child in _children():
        child.send_signal(signal.SIGTERM)
    _until(lambda: bool(raised))
    assert isinstance(raised[0], ToolBusy)


def test_cancelling_ends_the_process(endless: Callable[[threading.Event], list[BaseException]]) -> None:
    stop = threading.Event()
    raised = endless(stop)
    stop.set()
    _until(lambda: bool(raised))
    assert "cancelled" in str(raised[0])


def _until(done: Callable[[], bool]) -> None:
    for _ in range(200):
        if done():
            return
        time.sleep(0.05)
    raise AssertionError("it did not end within ten seconds")


def test_a_feed_that_never_ends_can_be_cancelled(tmp_path: Path) -> None:
    stop = threading.Event()

    def frames() -> Iterator[bytes]:
        for number in range(1_000_000):
            if number == 20:
                stop.set()
            yield bytes(64 * 64 * 3 // 2)

    raw = Input(None, ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "64x64", "-r", "30"))
    with pytest.raises(ToolFailed, match="cancelled"):
        ffmpeg.encode([raw], "[0:v]null[v]", tmp_path / "o.mp4", X264, feed=frames(), cancelled=stop.is_set)
    assert not list(tmp_path.iterdir())


def test_a_time_limit_holds(tmp_path: Path) -> None:
    with pytest.raises(ToolFailed, match="time limit"):
        ffmpeg.encode([], BLACK.format(seconds=36_000), tmp_path / "o.mp4", X264, timeout=0.5)


def test_a_memory_limit_holds(tmp_path: Path) -> None:
    # Reversing holds every frame: a second of these needs 3 GB.
    graph = "color=black:s=1920x1080:r=30:d=3,format=gbrapf32le,reverse,scale=64:64,format=yuv420p[v]"
    with pytest.raises((ToolFailed, ToolBusy)):
        ffmpeg.encode([], graph, tmp_path / "o.mp4", X264, memory=600 << 20)


FULL = """
import sys
from pathlib import Path
from reelwright.tools import ffmpeg
from reelwright.tools.errors import DiskFull
folder = Path(sys.argv[1])
try:
    ffmpeg.encode([], "nullsrc=s=256x256:r=30:d=5,noise=alls=99:allf=t[v]", folder / "film.mp4",
                  ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-movflags", "+faststart"])
except DiskFull as error:
    print(error)
    sys.exit(0 if str(folder) in str(error) and not list(folder.iterdir()) else 3)
sys.exit(4)
"""


def test_a_full_disk_is_named_and_nothing_half_written_stays(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=400k none "$1" && '
    sandbox = ["unshare", "--user", "--mount", "--map-root-user", "sh", "-c"]
    if sys.platform != "linux" or subprocess.run([*sandbox, mount + "true", "sh", tmp_path], check=False).returncode:
        pytest.skip("this machine does not let us mount a small file system")
    line = mount + '"$2" -c "$3" "$1"'
    done = subprocess.run([*sandbox, line, "sh", tmp_path, sys.executable, FULL], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_output_appears_whole_and_reports_what_it_took(tmp_path: Path) -> None:
    seen: list[float] = []
    run = ffmpeg.encode([], BLACK.format(seconds=2), tmp_path / "o.mp4", X264, frames=60, progress=seen.append)
    assert [path.name for path in tmp_path.iterdir()] == ["o.mp4"]
    assert (run.frames, seen[-1]) == (60, 1.0)
    assert run.cpu > 0
    assert run.peak > 1 << 20


def test_what_a_muxer_prints_lands_in_the_log(clip: Path) -> None:
    run = ffmpeg.measure([Input(clip)], "", ["-map", "0:v", "-f", "framemd5", "-"])
    assert len([line for line in run.log.splitlines() if line.startswith("0,")]) == 30


def test_the_environment_stays_outside(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FFREPORT", f"file={clip.parent / 'leak.log'}")
    ffmpeg.probe(clip)
    assert not (clip.parent / "leak.log").exists()


def test_many_threads_work_at_once(clip: Path, tmp_path: Path) -> None:
    def one(number: int) -> int:
        target = tmp_path / "same.mp4"
        return ffmpeg.encode([Input(clip)], "[0:v]null[v]", target, X264).frames + len(
            b"".join(ffmpeg.decode(Input(clip), "", ["-map", "0:a", "-f", "s16le"]))
        )

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(one, range(12))) == {30 + 48_000 * 2}
    assert [path.name for path in tmp_path.iterdir()] == ["same.mp4"]


def test_a_reader_who_stops_early_leaves_no_process(clip: Path) -> None:
    endless = ffmpeg.decode(Input(clip, ("-stream_loop", "-1")), "", ["-map", "0:v", "-f", "rawvideo"])
    next(iter(endless))
    endless.close()  # type: ignore[attr-defined]
    assert not _children()


def test_a_clip_tells_what_it_is(clip: Path) -> None:
    probe = ffmpeg.probe(clip)
    assert probe.video
    assert probe.audio
    assert (probe.video.codec, probe.video.pixels, probe.video.frames) == ("h264", "yuv420p", 30)
    assert (probe.video.width, probe.video.height, probe.video.rate) == (128, 96, Fraction(30))
    assert probe.video.steady
    assert (probe.video.start, probe.video.end, probe.video.gop) == (0, 1, 1)
    assert (probe.audio.codec, probe.audio.profile, probe.audio.rate) == ("aac", "LC", 48_000)
    assert (probe.audio.channels, probe.audio.start) == (1, 0)
    assert abs(probe.audio.end - 1) < 0.001


def test_rotation_offsets_and_odd_rates_are_seen(clip: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned.mp4"
    ffmpeg.encode([Input(clip, ("-display_rotation", "90"))], "", turned, ["-c", "copy"])
    late = tmp_path / "late.mp4"
    inputs = [Input(clip), Input(clip, ("-itsoffset", "0.08"))]
    ffmpeg.encode(inputs, "", late, ["-map", "0:v", "-map", "1:a", "-c", "copy"])
    film = tmp_path / "film.mkv"
    ffmpeg.encode([], "testsrc2=s=64x64:r=24000/1001:d=1[v]", film, X264)
    jumpy = tmp_path / "jumpy.mp4"
    ffmpeg.encode(
        [],
        "testsrc2=s=64x64:r=30:d=2,select='mod(n,3)'[v]",
        jumpy,
        [*X264, "-fps_mode", "vfr", "-enc_time_base", "1/30"],
    )
    first, second, third, fourth = (ffmpeg.probe(path).video for path in (turned, late, film, jumpy))
    assert first
    assert (first.width, first.height, first.rotation) == (96, 128, 270)
    sound = ffmpeg.probe(late).audio
    assert second
    assert sound
    assert sound.start - second.start == pytest.approx(0.08 - 1024 / 48_000, abs=0.001)
    assert third
    assert third.steady
    assert third.rate == Fraction(24_000, 1001)
    assert fourth
    assert not fourth.steady


@pytest.mark.parametrize("tags", ["bt709", "bt2020nc/bt2020/smpte2084"])
def test_colour_tags_are_read(tags: str, tmp_path: Path) -> None:
    matrix, primaries, transfer = tags.split("/") if "/" in tags else [tags] * 3
    params = f"setparams=range=tv:colorspace={matrix}:color_primaries={primaries}:color_trc={transfer}"
    path = tmp_path / "c.mp4"
    ffmpeg.encode([], f"testsrc2=s=64x64:r=30:d=0.2,format=yuv420p,{params}[v]", path, X264)
    video = ffmpeg.probe(path).video
    assert video
    assert (video.colour_range, video.matrix, video.primaries, video.transfer) == ("tv", matrix, primaries, transfer)


def test_a_still_has_one_frame_and_a_sound_has_no_picture(tmp_path: Path) -> None:
    still, sound = tmp_path / "s.png", tmp_path / "s.wav"
    ffmpeg.encode([], "testsrc2=s=64x48:r=30:d=0.1[v]", still, ["-map", "[v]", "-frames:v", "1", "-update", "1"])
    ffmpeg.encode([], "anoisesrc=r=8000:d=1,aformat=channel_layouts=5.1[a]", sound, ["-map", "[a]"])
    picture, noise = ffmpeg.probe(still), ffmpeg.probe(sound)
    assert picture.video
    assert (picture.video.frames, picture.audio) == (1, None)
    assert noise.video is None
    assert noise.audio
    assert (noise.audio.rate, noise.audio.channels, noise.audio.end) == (8000, 6, 1.0)


def test_our_own_process_group_is_not_ffmpegs(tmp_path: Path) -> None:
    groups: set[int] = set()

    def look() -> bool:
        groups.update(os.getpgid(child.pid) for child in _children())
        return False

    ffmpeg.encode([], BLACK.format(seconds=600), tmp_path / "o.mp4", X264, cancelled=look)
    assert groups
    assert os.getpgid(0) not in groups
