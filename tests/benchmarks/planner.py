"""CPU that planning and the graph add to a film of 40 shots, model time left out.

Run: python tests/benchmarks/planner.py.

The film is made once, so that every tool and the model have answered; what a second run takes is planner, graph, door
and hand-over alone. An in-process chat model answers at once, stage by stage.
"""

import json
import re
import tempfile
import time
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from reelwright import Brief, Settings, Studio
from reelwright.tools.media import Size

SHOTS = 40
PARTS = ("river", "mill", "wheel", "stone", "flour", "bread", "oven", "baker", "street", "market")
LINES = [
    f"The {PARTS[at % 10]} turns the {PARTS[(at + 3) % 10]} at {at + 1} by the {PARTS[(at + 5) % 10]}."
    for at in range(SHOTS - 2)
]


class Prompt(BaseChatModel):
    """A model that answers at once, by the words of the question."""

    @property
    def _llm_type(self) -> str:
        return "prompt"

    def _generate(self, messages: list[BaseMessage], *args: Any, **options: Any) -> ChatResult:
        answer = json.dumps(self._answer(str(messages[0].content)))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(content=answer))])

    def _answer(self, text: str) -> dict[str, Any]:
        if text.startswith("You plan"):
            promise = {"logline": "Bread.", "arc": ["bread"], "moving": 1, "pictures": ["motion graphics"]}
            return promise
        if text.startswith("You direct"):
            names = re.findall(r"^(shot\d+) \(s", text, re.MULTILINE)
            return {"shots": [{"id": name, "prompt": "A mill.", "queries": ["mill", "river"]} for name in names]}
        if text.startswith("You divide"):
            return {"scenes": [{"first": at, "heading": "Mill", "place": "a mill"} for at in range(1, 30, 6)]}
        if text.startswith("You write the narration"):
            return {"title": "Bread", "scenes": [{"lines": LINES[at : at + 8]} for at in range(0, len(LINES), 8)]}
        return {"title": "Bread", "description": "Bread.", "hashtags": ["bread", "mill", "river", "flour", "oven"]}


def made(studio: Studio, brief: Brief) -> tuple[float, float, int]:
    """CPU seconds of this process until the cut begins, for the whole film, and how many shots it has."""
    began, until_cut = time.process_time(), 0.0
    for event in studio.make(brief):
        if event.type == "working" and event.stage == "cut" and not until_cut:
            until_cut = time.process_time() - began
    assert studio.record is not None
    assert studio.record.plan is not None
    return until_cut, time.process_time() - began, len(studio.record.plan.shots)


if __name__ == "__main__":
    text = "# Bread\n\n" + "\n\n".join(" ".join(LINES[at : at + 4]) for at in range(0, len(LINES), 4))
    size = Size(width=256, height=256)
    brief = Brief(text=text, seconds=4.0 * SHOTS, size=size, rate=5, structure="montage")
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(cache=Path(folder) / "cache")
        _, cold, shots = made(Studio.open(Path(folder) / "film", settings, model=Prompt()), brief)
        studio = Studio.open(Path(folder) / "film", settings, model=Prompt())
        began = time.process_time()
        plan = studio.planner.write(brief)
        planned = studio.planner.direct(brief, plan)
        planning = time.process_time() - began
        until_cut, again, _ = made(Studio.open(Path(folder) / "film", settings, model=Prompt()), brief)
        print(f"{shots} shots: cold {cold:.2f} CPU s in this process, planning {planning:.2f}")
        print(f"all cached: planning, graph and door until the cut {until_cut:.2f}, with the hand-over {again:.2f}")
        print("asked:", [(thought.target, thought.cached) for thought in studio.thoughts], len(planned))
        print("degraded:", studio.degradations())
