"""A question about a film is answered by a program, and the program is shown."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from reelwright import Settings
from reelwright.agent.asking import ask_film
from reelwright.agent.cli import app
from reelwright.agent.errors import BriefError, Refused
from reelwright.tools import ffmpeg

pytestmark = pytest.mark.media
OFFLINE = Settings(cache=None)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of blue, then two of red."""
    path = tmp_path_factory.mktemp("asked") / "two.mp4"
    graph = "color=blue:s=128x96:r=10:d=2[a];color=red:s=128x96:r=10:d=2[b];[a][b]concat=n=2,format=yuv420p[v]"
    ffmpeg.encode([], graph, path, ["-map", "[v]", "-c:v", "libx264"])
    return path


def test_a_shipped_program_counts_the_shots(film: Path) -> None:
    answer = ask_film(film, "How many shots are there?", OFFLINE)
    assert answer.value == {"shots": 2, "cuts at": [2.0], "seconds each": [2.0, 2.0]}
    assert "def answer(film)" in answer.program


def test_pictures_come_out_as_files(film: Path, tmp_path: Path) -> None:
    answer = ask_film(film, "Show me a glance of it", OFFLINE, tmp_path / "found")
    assert answer.value == {"sheet": "picture 1", "middle": "picture 2"}
    assert [path.read_bytes()[:4] for path in answer.pictures] == [b"\x89PNG"] * 2


def test_a_question_that_nothing_here_answers_says_what_may_be_asked(film: Path) -> None:
    with pytest.raises(BriefError, match="how many shots there are"):
        ask_film(film, "Who is she?", OFFLINE)


def test_a_film_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="There is no film"):
        ask_film(tmp_path, "How many shots?", OFFLINE)
    (tmp_path / "text.mp4").write_text("no film")
    with pytest.raises(Exception, match=r"text\.mp4|cannot|open"):
        ask_film(tmp_path / "text.mp4", "How many shots?", OFFLINE)


def test_a_model_writes_the_program_and_mends_it(film: Path, endpoint: Any) -> None:
    good = "def answer(film):\n    return int((film.frames[..., 0].mean(axis=(1, 2)) > 128).sum())"
    endpoint.script = [{"program": "def answer(film): return film.sound"}, {"program": good}]
    minds = {"default": {"base_url": f"{endpoint.url}/v1", "timeout": 5}, "director": ["openai:m"]}
    answer = ask_film(film, "On how many frames is it red?", Settings.model_validate({"cache": None, "minds": minds}))
    assert answer.value == 20
    assert answer.program == good
    assert "AttributeError" in endpoint.prompts()[1]


def test_the_command_shows_program_and_answer(film: Path) -> None:
    shown = CliRunner().invoke(app, ["ask", str(film), "Which colours dominate?", "--json"])
    rows = json.loads(shown.stdout)
    assert rows["by"] == "colours"
    assert {row["colour"][1:3] > "F0" for row in rows["answer"]["colours"][:2]} == {True, False}
