"""What any planner owes: the offline one and the one that asks models are held to the same."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reelwright import Brief, Plan, Settings, Studio
from reelwright.agent.length import TOLERANCE, excess
from reelwright.agent.pace import expected, schedule
from reelwright.agent.planner import Planner
from reelwright.agent.planner.coverage import demands, missing
from reelwright.agent.planner.language import language

BRIEFS = Path(__file__).parents[3] / "examples" / "briefs"


def obedient(body: dict[str, Any]) -> dict[str, Any]:
    """A model that tells the brief's own sentences, marks every second one spare, and pictures every shot."""
    name, prompt = body["response_format"]["json_schema"]["name"], body["messages"][0]["content"]
    if name == "DraftTreatment":
        return {"logline": "A film.", "arc": ["all of it"], "moving": 0.5, "pictures": ["motion graphics"]}
    if name == "DraftScenes":
        last = len(re.findall(r"^\d+\. ", prompt, re.MULTILINE))
        return {"scenes": [{"first": 1}, {"first": last, "heading": "The end", "place": "outside"}]}
    if name == "DraftShots":
        names = re.findall(r"^(shot\d+) \(s", prompt, re.MULTILINE)
        return {"shots": [{"id": each, "prompt": "A field.", "queries": ["field"]} for each in names]}
    told = re.search(r"<<<BRIEF-\w+\n(.*?)\nBRIEF-\w+>>>", prompt, re.DOTALL)
    assert told
    plain = [line.strip("-> #") for line in told[1].splitlines() if line.strip("-> #")]
    sentences = [each for line in plain for each in re.split(r"(?<=[.!?])\s+", line.split(" — ")[0]) if each]
    lines = [{"text": each, "spare": at % 2 == 1} for at, each in enumerate(sentences)]
    return {"title": plain[0], "scenes": [{"lines": lines}]}


@pytest.fixture(params=["offline", "model"])
def planner(request: pytest.FixtureRequest, tmp_path: Path) -> Planner:
    if request.param == "offline":
        return Studio.open(tmp_path / "film", Settings(cache=None)).planner
    endpoint = request.getfixturevalue("endpoint")
    endpoint.script = [lambda body: json.dumps(obedient(body))]
    minds = {"default": {"base_url": f"{endpoint.url}/v1"}}
    settings = Settings.model_validate({"cache": None, "model": "openai:m", "minds": minds})
    return Studio.open(tmp_path / "film", settings).planner


@pytest.mark.parametrize("name", ["honey", "espresso", "nachtzug"])
def test_every_planner_keeps_the_contract(name: str, planner: Planner) -> None:
    text = (BRIEFS / f"{name}.md").read_text("utf-8")
    brief = Brief(text=text, seconds=45)
    script = planner.write(brief)
    shots = planner.direct(brief, script)
    lines = {line.id: line for line in script.lines}
    assert len(lines) == len(script.lines), "ids are the lines' own"
    assert script.title
    assert script.treatment is not None
    assert {shot.scene for shot in shots} <= {scene.id for scene in script.scenes}
    assert len({shot.id for shot in shots}) == len(shots)
    for shot in shots:
        assert shot.prompt
        assert shot.queries
        assert shot.frames > 0
        assert {*shot.lines} <= {*lines}
    said = [word for shot in shots for word in _words(shot.lines, shot.words, script)]
    assert said == [word for line in script.lines for word in line.text.split()], "each word in one shot, in order"
    first, last = script.lines[0], script.lines[-1]
    assert not first.spare
    assert not last.spare
    tongue = language(script.language)
    assert script.shorts or not missing(demands(text, tongue), script, shots, tongue)
    off = excess(brief, schedule(brief, script, shots, expected(script, brief.rate)))
    assert off <= 2 * TOLERANCE or any(line.spare for line in script.lines)
    assert Plan.model_validate_json(Plan(script=script, shots=shots).model_dump_json()).shots == shots


def _words(lines: tuple[str, ...], span: tuple[int, int], script: Any) -> list[str]:
    texts: Callable[[str], str] = {line.id: line.text for line in script.lines}.__getitem__
    words = [word for line in lines for word in texts(line).split()]
    return words if span == (0, 0) else words[slice(*span)]
