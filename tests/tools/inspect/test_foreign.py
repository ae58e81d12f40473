"""Files that nobody should hand in, and films that lack something: sensible verdicts, or refused."""

from pathlib import Path
from typing import Any

import pytest

from reelwright.tools.errors import Refused
from reelwright.tools.ffmpeg import Input, encode
from reelwright.tools.inspect.facts import Facts
from reelwright.tools.inspect.film import NAMES, inspect, worst


def verdicts(path: Path, **known: Any) -> dict[str, str]:
    return {check.name: check.verdict for check in inspect(path, Facts(**known)).checks}


@pytest.mark.parametrize(
    "content", [b"", b"This is a letter, not a film.\n" * 50, b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n"]
)
def test_what_is_no_film_is_refused(tmp_path: Path, content: bytes) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(content)
    with pytest.raises(Refused) as refused:
        inspect(film)
    assert refused.value.hint


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused):
        inspect(tmp_path / "nowhere.mp4")


def test_a_truncated_film_says_so(clean: Path, tmp_path: Path) -> None:
    film = tmp_path / "cut.mp4"
    film.write_bytes(clean.read_bytes()[: clean.stat().st_size * 6 // 10])
    checks = {check.name: check for check in inspect(film, Facts(seconds=6.8)).checks}
    assert checks["container"].verdict == "fail"
    assert "ends too early" in checks["container"].value


def test_a_film_that_lost_its_index_is_refused(bench: Any, tmp_path: Path) -> None:
    late, film = bench.film("index-at-the-end", faststart=False), tmp_path / "cut.mp4"
    film.write_bytes(late.read_bytes()[: late.stat().st_size * 6 // 10])
    with pytest.raises(Refused):
        inspect(film)


def test_sound_alone_skips_the_picture(bench: Any, tmp_path: Path) -> None:
    film = tmp_path / "sound.m4a"
    encode([Input(bench.voice)], "", film, ["-c:a", "aac", "-b:a", "192k", "-movflags", "+faststart", "-f", "mp4"])
    found = verdicts(film)
    assert tuple(found) == NAMES
    assert found["loudness"] == "pass"
    assert {found[name] for name in ("black", "freeze", "bars", "flash", "colour", "shots", "sync", "contrast")} == {
        "skip"
    }


def test_a_silent_film_skips_the_sound(bench: Any) -> None:
    found = verdicts(bench.film("mute", silent=True), seconds=bench.seconds, script="Something to say.")
    assert {found[name] for name in ("loudness", "peak", "silence", "clipping", "sync", "words")} == {"skip"}
    assert worst(inspect(bench.film("mute", silent=True), Facts(seconds=bench.seconds)).checks) == "pass"


def test_two_frames_are_a_film(bench: Any, tmp_path: Path) -> None:
    film = tmp_path / "two.mp4"
    encode([Input(bench.source)], "[0:v]trim=end_frame=2,format=yuv420p[v]", film, ["-map", "[v]", "-c:v", "libx264"])
    found = verdicts(film)
    assert tuple(found) == NAMES
    assert found["freeze"] == found["flash"] == "pass"


def test_a_turned_film_is_seen_upright(bench: Any, clean: Path, tmp_path: Path) -> None:
    film = tmp_path / "turned.mp4"
    encode([Input(clean, ("-display_rotation", "90"))], "", film, ["-c", "copy", "-movflags", "+faststart"])
    checks = {check.name: check for check in inspect(film).checks}
    assert "(wide)" in checks["safe_area"].target
    assert checks["bars"].verdict == "pass"


def test_a_matroska_film_is_measured_but_is_no_delivery(bench: Any, clean: Path, tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    encode([Input(clean)], "", film, ["-c", "copy"])
    checks = {check.name: check for check in inspect(film, Facts(seconds=bench.seconds)).checks}
    assert {name for name, check in checks.items() if check.verdict == "fail"} == {"container"}
    assert "not an MP4" in checks["container"].value


def test_nothing_known_is_skipped_never_passed(clean: Path) -> None:
    found = verdicts(clean)
    unknown = ("duration", "captions", "safe_area", "contrast", "pace", "words", "ledger")
    assert {found[name] for name in unknown} == {"skip"}
