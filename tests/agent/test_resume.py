"""What must survive: kill -9, Ctrl-C, damaged files; finished takes are never made again."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from reelwright import Brief, Event, Settings, Studio
from reelwright.agent.errors import ReelwrightError, Stopped
from reelwright.agent.record import load_record
from reelwright.tools import ffmpeg

Tea = Callable[..., Brief]
MAKE = """
import sys
from pathlib import Path
from reelwright import Brief, Settings, Studio
brief = Brief.model_validate_json(Path(sys.argv[1]).read_text())
for event in Studio.open(sys.argv[2], Settings(cache=None, jobs=2)).make(brief):
    if event.type == "took":
        print(event.tool, event.target, flush=True)
"""


def start(brief: Brief, folder: Path) -> subprocess.Popen[str]:
    """A film being made in a process of its own, without the user's cache."""
    script = folder.parent / "brief.json"
    script.write_text(brief.model_dump_json())
    command = [sys.executable, "-c", MAKE, str(script), str(folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def frames_of(path: Path) -> str:
    """framemd5 of a film's decoded picture."""
    return ffmpeg.measure([ffmpeg.Input(path)], "", ["-map", "0:v", "-f", "md5", "-"]).log


@pytest.mark.slow
def test_a_killed_film_goes_on_with_what_it_had(tea: Tea, out: Path, tmp_path: Path) -> None:
    folder = tmp_path / "film"
    process = start(tea(), folder)
    assert process.stdout is not None
    made = []
    for line in process.stdout:
        made.append(line.split())
        if sum(tool == "video.motion" for tool, _ in made) == 2:
            process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    done = {target for tool, target in made if tool == "video.motion"}
    events = list(Studio.open(folder, Settings(cache=None, jobs=2)).resume())
    assert events[-1].type == "finished"
    first_cut = events[: next(index for index, event in enumerate(events) if event.type == "reviewed")]
    took = [event for event in first_cut if event.type == "took" and not event.cached]
    again = {event.target for event in took if event.tool != "inspect.take"}  # every take is looked at once
    assert not done & again
    assert not {target for tool, target in made if tool == "speech.piper"} & again
    undisturbed = load_record(out.parent).takes
    for name, take in load_record(folder).takes.items():
        assert take.asset == undisturbed[name].asset, name


def test_a_stop_keeps_what_is_finished(tea: Tea, tmp_path: Path) -> None:
    studio = Studio.open(tmp_path / "film", Settings(cache=None, jobs=2))
    seen: list[Event] = []

    def watch() -> None:
        for event in studio.make(tea()):
            seen.append(event)
            if event.type == "took" and event.tool == "speech.piper":
                studio.stop()

    with pytest.raises(Stopped):
        watch()
    events = list(Studio.open(tmp_path / "film", Settings(cache=None, jobs=2)).resume())
    assert events[-1].type == "finished"
    spoken = {event.target for event in seen if event.type == "took"}
    assert not spoken & {event.target for event in events if event.type == "took" and not event.cached}


@pytest.mark.slow
def test_ctrl_c_saves_and_exits_with_130(tea: Tea, tmp_path: Path) -> None:
    (tmp_path / "brief.md").write_text(tea().text)
    command = [
        sys.executable, "-m", "reelwright", "make", str(tmp_path / "brief.md"), "--seconds", "8", "--size", "270x480",
        "--out", str(tmp_path / "film"), "--seed", "77",
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "video.motion" in line:
            break
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "resume" in errors
    assert load_record(tmp_path / "film").status == "making"


@pytest.mark.parametrize("damage", ["project.json", "checkpoints.sqlite"])
def test_a_damaged_file_is_told_and_costs_no_take(
    damage: str, tea: Tea, out: Path, settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "film"
    list(Studio.open(folder, settings).make(tea()))
    (folder / damage).write_bytes(b"\x00 rust \xff" * 40)
    events = list(Studio.open(folder, settings).make(tea()))
    assert events[-1].type == "finished"
    assert all(event.cached for event in events if event.type == "took")
    told = " ".join(event.message for event in Studio.open(folder, settings).log.read() if event.type == "warned")
    assert "damaged" in told or "put aside" in told


def test_a_damaged_take_is_made_again(tea: Tea, out: Path, tmp_path: Path) -> None:
    folder, alone = tmp_path / "film", Settings(cache=None, jobs=2)
    short = tea(text="# Tea\n\nTea is a leaf.", seconds=3)
    list(Studio.open(folder, alone).make(short))
    takes = load_record(folder).takes
    name, take = next(iter(takes.items()))
    assert take.asset is not None
    path = Studio.open(folder, alone).door.assets.path(take.asset.id)
    path.write_bytes(path.read_bytes()[:-100])
    events = list(Studio.open(folder, alone).make(short))
    assert name in {event.target for event in events if event.type == "took" and not event.cached}
    assert load_record(folder).takes[name].asset == take.asset


def test_checkpoints_stay_small(studio: Studio, out: Path) -> None:
    with sqlite3.connect(studio.folder / "checkpoints.sqlite") as connection:
        largest = connection.execute("select max(length(checkpoint)) from checkpoints").fetchone()[0]
    assert largest < 256 * 1024


def test_an_encoder_that_is_killed_is_started_again(tea: Tea, tmp_path: Path) -> None:
    killed = threading.Event()

    def hunt() -> None:
        while not killed.wait(0.01):
            for child in psutil.Process().children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    if "ffmpeg" in child.name():
                        child.kill()
                        killed.set()
                        return

    ffmpeg.binary()  # found once, by running it: not the run that is hunted
    hunter = threading.Thread(target=hunt)
    hunter.start()
    studio = Studio.open(tmp_path / "film", Settings(cache=None, jobs=2))
    events = list(studio.make(tea(text="# Tea\n\nGood tea is a leaf.", seconds=3)))
    assert killed.is_set()
    hunter.join()
    assert events[-1].type == "finished"
    assert not events[-1].degraded


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system needs root to be mounted")
def test_a_full_disk_is_told_and_the_film_goes_on_when_there_is_room(tea: Tea, out: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(disk)], check=True)
    try:
        with pytest.raises(ReelwrightError, match="disk"):
            list(Studio.open(disk / "film", Settings(cache=None, jobs=2)).make(tea()))
        subprocess.run(["mount", "-o", "remount,size=80m", str(disk)], check=True)
        events = list(Studio.open(disk / "film", Settings(cache=None, jobs=2)).resume())
        assert events[-1].type == "finished"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
