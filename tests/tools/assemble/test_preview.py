"""Fragments are the takes' own frames on the film's clock, and the playlist of them plays without a gap."""

import subprocess
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from reelwright.tools.assemble.preview import Listed, Spoken, Stretch, fragment, playlist, speak
from reelwright.tools.assemble.watch import page
from reelwright.tools.errors import ToolError
from reelwright.tools.ffmpeg import Input, binary, encode, measure

HANDLE = 6
TAKES = ((20, 100), (41, 200), (33, 300))
"""Frames that are shown, and a colour."""


def take(folder: Path, frames: int, hue: int, rate: Fraction, crf: int = 10) -> Path:
    path = folder / f"take{hue}-{crf}.mp4"
    keys = ["-g", "30", "-force_key_frames", f"expr:eq(n,{HANDLE})", "-preset", "ultrafast", "-crf", str(crf)]
    graph = f"testsrc2=s=96x160:r={rate},hue=h={hue},format=yuv420p[v]"
    encode([], graph, path, ["-map", "[v]", "-c:v", "libx264", *keys, "-frames:v", str(frames + 2 * HANDLE)])
    return path


def voice(folder: Path, hertz: int) -> Path:
    path = folder / f"voice{hertz}.wav"
    encode([], f"sine=f={hertz}:r=22050:d=0.5[a]", path, ["-map", "[a]"])
    return path


def shown(path: Path) -> list[str]:
    """A checksum for each picture."""
    log = measure([Input(path)], "", ["-map", "0:v", "-f", "framemd5", "-"]).log
    return [line.split(",")[-1].strip() for line in log.splitlines() if line.startswith("0,")]


def played(path: Path, *options: str) -> list[list[str]]:
    """What a player makes of a playlist; our own door refuses playlists, so ffmpeg is asked outright."""
    fence = ["-protocol_whitelist", "file", "-allowed_extensions", "m3u8,m4s,mp4", "-extension_picky", "0"]
    command = [binary(), "-v", "error", *fence, "-i", str(path), *options, "-"]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert run.stderr == ""
    return [[part.strip() for part in line.split(",")] for line in run.stdout.splitlines() if line[:1].isdigit()]


@pytest.mark.parametrize("rate", [Fraction(30), Fraction(30000, 1001), Fraction(24000, 1001), Fraction(50)])
def test_the_playlist_plays_every_frame_and_the_voice_without_a_gap(rate: Fraction, tmp_path: Path) -> None:
    total = sum(frames for frames, _ in TAKES)
    speak([Spoken(voice(tmp_path, 440), 3), Spoken(voice(tmp_path, 880), 40)], total, rate, tmp_path / "voice.m4a")
    listed, wanted, start = [], [], 0
    for frames, hue in TAKES:
        # The second was made by another encoder setting, as a person's own clip is.
        path = take(tmp_path, frames, hue, rate, crf=18 if hue == 200 else 10)
        place = Stretch(start, frames, HANDLE, rate)
        head = fragment(path, tmp_path / "voice.m4a", place, tmp_path / f"{hue}.m4s")
        (tmp_path / f"init{hue}.mp4").write_bytes(head)
        listed.append(Listed(f"shot{hue}", frames, f"init{hue}.mp4", f"{hue}.m4s"))
        wanted += shown(path)[HANDLE : HANDLE + frames]
        start += frames
    (tmp_path / "index.m3u8").write_text(playlist(listed, rate, 41, complete=True))
    pictures = played(tmp_path / "index.m3u8", "-map", "0:v", "-f", "framemd5")
    assert [row[-1] for row in pictures] == wanted
    packets = [int(row[2]) for row in played(tmp_path / "index.m3u8", "-map", "0:a", "-c", "copy", "-f", "framecrc")]
    assert {after - before for before, after in pairwise(packets)} == {1024}
    assert abs(len(packets) * 1024 / 24000 - total / rate) < 0.09


def test_takes_of_one_maker_share_their_initialisation(tmp_path: Path) -> None:
    rate = Fraction(30)
    heads = [
        fragment(take(tmp_path, 20, hue, rate), None, Stretch(20, 20, HANDLE, rate), tmp_path / f"{hue}.m4s")
        for hue in (1, 2)
    ]
    assert heads[0] == heads[1]
    assert b"mp4a" not in heads[0]


def test_a_take_that_cannot_be_copied_is_an_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film at all")
    reordered = tmp_path / "reordered.mp4"
    encode([], "testsrc2=s=96x160:r=30[v]", reordered, ["-map", "[v]", "-c:v", "libx264", "-frames:v", "40"])
    for path in (broken, reordered, take(tmp_path, 3, 1, Fraction(30))):
        with pytest.raises(ToolError):
            fragment(path, None, Stretch(0, 10, HANDLE, Fraction(30)), tmp_path / "out.m4s")


def test_the_playlist_grows_marks_gaps_and_ends() -> None:
    rate = Fraction(30)
    shots = [Listed("a", 60, "i.mp4", "a.m4s"), Listed("b", 45), Listed("c", 30, "i.mp4", "c.m4s")]
    half = playlist(shots[:1], rate, 60, complete=False)
    whole = playlist(shots, rate, 60, complete=True)
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in half
    assert "#EXT-X-TARGETDURATION:2" in half
    assert "#EXT-X-ENDLIST" not in half
    assert whole.startswith(half)
    rest = whole.removeprefix(half).splitlines()
    assert rest == [
        "# b could not be made: 1.500 s are skipped",
        "#EXT-X-DISCONTINUITY",
        "#EXTINF:1.000000,",
        "c.m4s",
        "#EXT-X-ENDLIST",
    ]
    other = playlist([shots[0], Listed("d", 30, "j.mp4", "d.m4s")], rate, 60, complete=False)
    assert '#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI="j.mp4"' in other


def test_the_page_needs_nothing_else() -> None:
    text = page("<b>Tea & 'more'</b>", "en", "index.m3u8")
    assert "<b>" not in text
    assert "http://" not in text
    assert "https://" not in text
    assert "index.m3u8" in text
