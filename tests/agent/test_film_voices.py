"""Speech of a film, through the graph up to its shots: parallel over lines, cached by line, one voice a scene."""

import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from langgraph.checkpoint.memory import InMemorySaver

from reelwright import Brief, Registry, Settings, Studio, serializer
from reelwright.agent.graph import build
from reelwright.agent.model import Sound
from reelwright.tools.base import Cost, Job
from reelwright.tools.errors import Declined, ToolFailed
from reelwright.tools.media import Size
from reelwright.tools.registry import SPEECH
from reelwright.tools.speech import Speech, SpeechRequest, Voice
from reelwright.tools.speech.delivery import Credit, Engine, Part, Uttered, deliver
from reelwright.tools.speech.sound import Sound as Samples
from reelwright.tools.speech.system import tokens_of

pytestmark = pytest.mark.media
TEXT = """# Honey

Honey never spoils in a closed jar.

Pots of it were found in the tombs of Egypt.

## The hive

Bees fan the water out of it with their wings.

Then they seal every single cell with fresh wax.
"""


class Hummer:
    """A voice that hums for a tenth of a second and more; it fails where a word of the line is its undoing."""

    version, models, device, result = "1", (), "net", Speech

    def __init__(self, name: str, voice: str, local: bool, undoing: str = "") -> None:
        self.name, self.voice, self.local, self.undoing = f"speech.{name}", voice, local, undoing
        self.said: list[str] = []
        self.together = self.most = 0
        self._lock = threading.Lock()

    def ready(self) -> None: ...

    def voices(self) -> tuple[Voice, ...]:
        return (Voice(name=self.voice, language="en-us", provider=self.name, local=self.local),)

    def quote(self, request: SpeechRequest) -> Cost:
        return Cost()

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        if request.voice not in {self.voice, "" if self.local else self.voice}:
            raise Declined(f"{self.name} has no such voice.")
        with self._lock:
            self.said.append(request.text)
            self.together += 1
            self.most = max(self.most, self.together)
        try:
            time.sleep(0.2)
            if self.undoing and self.undoing in request.text:
                raise ToolFailed(f"{self.name} is down.", "Check the network.")
            return deliver(request, tokens_of(request), job, hum, Engine(), Credit("CC0-1.0", f"hummed by {self.name}"))
        finally:
            with self._lock:
                self.together -= 1


def hum(part: Part, pace: float) -> Uttered:
    at = np.arange(round(24_000 * 0.35 * len(part.tokens) / pace)) / 24_000
    return Uttered(Samples((0.2 * np.sin(2 * np.pi * 170 * at)).astype(np.float32), 24_000))


def spoken(folder: Path, text: str, *voices: Hummer, **more: object) -> tuple[dict[str, Sound], Studio]:
    """The lines of a film's graph, stopped before its first shot."""
    order = {"speech": tuple(voice.name for voice in voices)}
    others = [tool for tool in Registry.installed().tools() if not tool.name.startswith(f"{SPEECH.name}.")]
    others = [tool for tool in others if not tool.name.startswith("align.")]
    tools: list[Any] = [*others, *voices]
    registry = Registry(tools, order)
    studio = Studio.open(folder, Settings(cache=None, jobs=2, order=order), registry=registry)
    brief = Brief.model_validate({"text": text, "seconds": 20, "size": Size(width=270, height=480), **more})
    graph = build(InMemorySaver(serde=serializer()), interrupt_before=["shoot", "cut"])
    config: Any = {"configurable": {"thread_id": "1"}}
    state = graph.invoke({"brief": brief}, config, context=studio)
    return {line.text: state["sound"][line.id] for line in state["script"].lines}, studio


def test_lines_are_spoken_side_by_side_and_only_what_changed_is_spoken_again(tmp_path: Path) -> None:
    voice = Hummer("a", "joe", local=True)
    spoken(tmp_path / "film", TEXT, voice)
    assert len(voice.said) == 4
    assert voice.most > 1
    voice.said.clear()
    spoken(tmp_path / "film", TEXT.replace("fresh wax", "white wax"), voice)
    assert voice.said == ["Then they seal every single cell with white wax."]


def test_a_voice_that_fails_in_the_middle_leaves_one_voice_a_scene(tmp_path: Path) -> None:
    cloud, spare = Hummer("cloud", "nova", local=False, undoing="Egypt"), Hummer("a", "joe", local=True)
    sound, studio = spoken(tmp_path / "film", TEXT, cloud, spare, voice="nova")
    assert [take.tool for take in sound.values()] == ["speech.a", "speech.a", "speech.cloud", "speech.cloud"]
    assert [take.spare for take in sound.values()] == [True, True, False, False]
    assert "'nova' did not speak, so speech.a does" in " ".join(studio.degradations())


def test_speakers_of_a_dialogue_sound_apart(tmp_path: Path) -> None:
    voice = Hummer("a", "joe", local=True)
    text = "# Talk\n\nAnna: How long does honey last?\n\nBen: It never spoils at all.\n\nAnna: And who told you so?"
    sound, studio = spoken(tmp_path / "film", text, voice)
    lengths = [
        int(np.argmax(np.abs(np.fft.rfft(samples(studio, take)))[50:])) / samples(studio, take).size * 24_000
        for take in sound.values()
    ]
    assert lengths[0] == pytest.approx(lengths[2], rel=0.05)
    assert lengths[1] != pytest.approx(lengths[0], rel=0.05)


def samples(studio: Studio, take: Sound) -> Any:
    from reelwright.tools.speech.sound import read_wav

    assert take.speech is not None
    return read_wav(studio.door.assets.path(take.speech.audio.id)).samples
