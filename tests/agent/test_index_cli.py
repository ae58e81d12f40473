"""`reelwright index`: what a person types, and what they see."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from reelwright.agent.cli import app
from reelwright.agent.doctor import examine
from reelwright.agent.footage import in_point, open_library
from reelwright.agent.model import Pick
from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.errors import ReelwrightError
from reelwright.tools.models import Models
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.piper import Piper
from reelwright.tools.stock import Segment

pytestmark = pytest.mark.media
SUN = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 12"><rect width="20" height="12" fill="#2850c8"/>
<circle cx="10" cy="6" r="3" fill="#ffd200"/></svg>"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli") / "pictures"
    folder.mkdir()
    for seed, name in enumerate(("harbour at dawn", "an old bicycle")):
        grid = np.random.default_rng(seed).integers(0, 255, (4, 6, 3), np.uint8)
        Image.fromarray(grid).resize((320, 180)).save(folder / f"{name}.jpg")
    (folder / "sun.svg").write_text(SUN)
    (folder / "empty.png").touch()
    result = run("add", str(folder), "--licence", "CC0-1.0", "--jobs", "1", library=folder.parent / "library")
    assert "3 files added" in result
    assert "not used: " in result
    assert "it is empty" in result
    return folder.parent / "library"


def run(*words: str, library: Path, code: int = 0) -> str:
    result = CliRunner().invoke(app, ["index", *words, "--index", str(library)])
    if code == 2:
        assert isinstance(result.exception, ReelwrightError)
        return str(result.exception)
    assert result.exit_code == code, result.output
    return result.output


def test_search_finds_by_meaning_and_conditions(library: Path) -> None:
    found = [json.loads(line) for line in run("search", "boats in the morning", "--json", library=library).splitlines()]
    assert found[0]["segment"]["name"] == "harbour at dawn"
    assert "old bicycle" in run("search", "something to ride", "-k", "1", library=library)
    (drawing,) = run("search", "sun", "--kind", "vector", "--colour", "blue", "--json", library=library).splitlines()
    assert json.loads(drawing)["segment"]["kind"] == "vector"
    assert "Nothing meets" in run("search", "sun", "--licence", "CC-BY-*", library=library)


def test_it_lists_shows_exports_and_verifies(library: Path, tmp_path: Path) -> None:
    assert "3 segments of 3 files" in run("list", library=library)
    assert len(run("list", "--json", library=library).splitlines()) == 5
    run("export", "--out", str(tmp_path / "all.jsonl"), library=library)
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text("utf-8").splitlines()]
    assert {row["licence"] for row in rows} == {"CC0-1.0"}
    assert json.loads(run("show", rows[0]["id"], library=library))["id"] == rows[0]["id"]
    assert "all is well" in run("verify", library=library)
    assert "knows no nothing" in run("show", "nothing", library=library, code=2)
    assert "knows no nothing" in run("rm", "nothing", library=library, code=2)


def test_damage_is_told_and_mended(library: Path) -> None:
    (library / "catalogue.sqlite").write_bytes(b"\0" * 8192)
    for name in ("catalogue.sqlite-wal", "catalogue.sqlite-shm"):
        (library / name).unlink(missing_ok=True)
    assert "--repair" in run("search", "sun", library=library, code=2)
    assert "1 faults" in run("verify", library=library, code=1)
    assert "all is well" in run("verify", "--repair", library=library)
    assert "3 segments" in run("list", library=library)


def test_it_moves_as_it_grows_and_doctor_knows_it(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "3 segments in big" in run("move", "big", library=library)
    assert "harbour at dawn" in run("search", "boats in the morning", "-k", "1", library=library)
    assert "no home" in run("move", "shelf", library=library, code=2)
    monkeypatch.setenv("REELWRIGHT_LIBRARY", str(library))
    (finding,) = [row for row in examine() if row.name == "library"]
    assert (finding.found, finding.good) == ("3 segments in big", True)


def test_a_model_looks_over_what_a_search_found(
    library: Path, endpoint: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for films: by the setting `rerank`, in one question; where the model fails, that is told."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reelwright.toml").write_text(
        f'rerank = true\ncache = ""\n[minds]\ncritic = "openai:reads"\n'
        f'default = {{ base_url = "{endpoint.url}/v1", timeout = 20 }}\n'
    )
    plain = ["harbour at dawn", "an old bicycle"]
    endpoint.script = [{"shots": [{"shot": "search", "fits": [0, 10]}]}]
    asked = ("search", "boats in the morning", "--kind", "image", "--json")
    result = CliRunner().invoke(app, ["index", *asked, "--index", str(library)])
    found = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["segment"]["name"] for row in found] == plain[::-1]
    assert found[0]["score"] > found[1]["score"]
    endpoint.script = ["The first one."]
    result = CliRunner().invoke(app, ["index", "search", "a ship", *asked[2:], "--index", str(library)])
    assert json.loads(result.stdout.splitlines()[0])["segment"]["name"] == plain[0]
    assert "keeps its order" in result.stderr


def test_a_folder_of_many_things_ends_with_a_short_word(tmp_path: Path) -> None:
    folder = tmp_path / "things"
    folder.mkdir()
    for number in range(23):
        (folder / f"{number}.png").touch()
        (folder / f"{number}.csv").write_text("1")
    told = run("add", str(folder), library=tmp_path / "library")
    assert told.count("it is empty") == 20
    assert "3 more; see them all: reelwright index list" in told
    assert "23 not used, 23 others are no footage" in told


def test_doctor_says_what_remote_libraries_lack(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reelwright.toml").write_text(
        'remotes = ["pexels", "pixabay", "commons", "s3", "shelf"]\n[tools."stock.pixabay"]\nkey = "k"\n'
    )
    rows = {row.name.removeprefix("remote library "): row for row in examine() if row.name.startswith("remote ")}
    assert {name: row.good for name, row in rows.items()} == {
        "pexels": False, "pixabay": True, "commons": True, "s3": False, "shelf": False,
    }  # fmt: skip
    assert 'tools."stock.pexels".key' in rows["pexels"].hint
    assert rows["pixabay"].found == "a key is set"
    assert "bucket" in rows["s3"].found
    assert "pexels" in rows["shelf"].hint
    assert all(row.optional for row in rows.values())


def test_older_vectors_are_made_anew_and_captions_and_downloads_stay(tmp_path: Path) -> None:
    shelf = tmp_path / "library"
    Image.new("RGB", (320, 180), "navy").save(tmp_path / "sea.png")
    run("add", str(tmp_path / "sea.png"), "--home", "big", library=shelf)
    with open_library(shelf, Models.installed(None)) as library:
        (segment,) = library.index.catalogue.all()
        library.index.catalogue.put([segment.model_copy(update={"caption": "a whale", "captioner": "paid"})])
    (shelf / "downloads").mkdir()
    (shelf / "downloads" / "waves.jpg").write_bytes(b"fetched")
    (head,) = shelf.glob("big-*/head.json")
    head.write_text(head.read_text("utf-8").replace('"version": 3', '"version": 2'), "utf-8")
    assert "version 2" in run("search", "whale", library=shelf, code=2)
    assert "all is well" in run("verify", "--repair", library=shelf)
    (line,) = run("search", "whale", "--json", library=shelf).splitlines()
    found = json.loads(line)
    assert (found["segment"]["caption"], found["segment"]["captioner"]) == ("a whale", "paid")
    assert found["cosine"] > 0.3
    run("move", "chroma", library=shelf)
    (shelf / "catalogue.sqlite").write_bytes(b"nothing of the kind" * 500)
    assert "all is well" in run("verify", "--repair", library=shelf)
    assert (shelf / "downloads" / "waves.jpg").read_bytes() == b"fetched"


def test_where_there_is_none_it_says_how_to_make_one(tmp_path: Path) -> None:
    assert "reelwright index add" in run("search", "sun", library=tmp_path / "none", code=2)
    assert "no remote library" in run("fetch", "sun", "--from", "shelf", library=tmp_path / "none", code=2)
    assert "media file" in run("add", "https://example.org/page.html", library=tmp_path / "some", code=2)


def test_what_is_said_in_a_clip_is_heard_and_found(tmp_path: Path, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clip whose name and picture say nothing, with a sentence that Piper speaks in its second half."""
    voice = Job(job.scratch, job._shelf, Models.installed(None))
    speech = Piper().run(SpeechRequest(text="The lighthouse keeper feeds his penguins."), voice)
    clip = tmp_path / "clips" / "0001.mp4"
    clip.parent.mkdir()
    graph = "gradients=s=320x180:r=15:d=6[v];[0:a]adelay=2500:all=1,apad=whole_dur=6[a]"
    codec = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    maps = ["-map", "[v]", "-map", "[a]", "-t", "6"]
    ffmpeg.encode([ffmpeg.Input(voice.path(speech.audio.id))], graph, clip, [*maps, *codec])
    monkeypatch.setenv("REELWRIGHT_CACHE", str(tmp_path / "cache"))
    library = tmp_path / "library"
    run("add", str(clip.parent), "--no-captions", "--hear", library=library)
    (found,) = [json.loads(line) for line in run("search", "penguins", "--json", library=library).splitlines()]
    assert "penguins" in found["segment"]["speech"].lower()
    assert found["covered"] == 1.0
    # The moment that is meant is where it is said, not the steadiest second.
    pick = Pick(query="penguins", score=1.0, segment=Segment.model_validate(found["segment"]))
    assert in_point(pick, 1.0) > 2.0
