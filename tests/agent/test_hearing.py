"""Every narrated film is heard before delivery: misread lines are spoken again by the next voice, the others stay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from reelwright import Brief, Event, Job, Registry, Settings, Studio
from reelwright.agent.events import Reviewed, Warned
from reelwright.agent.model import Sound
from reelwright.tools.base import Cost, Device
from reelwright.tools.listen import misread
from reelwright.tools.listen.misread import reading, shares
from reelwright.tools.speech import Speech, SpeechRequest
from reelwright.tools.speech.piper import Piper

Tea = Callable[..., Brief]
RIGHT = "Good tea is a leaf and hot water."


@dataclass
class Mumble:
    """A voice that says something else instead of certain lines, and Piper's voice for what it says."""

    wrong: Mapping[str, str] = field(default_factory=dict)
    name: str = "speech.mumble"
    natural: bool = True
    version: str = ""
    models: tuple[str, ...] = Piper.models
    device: Device = "cpu"
    result: type[Speech] = Speech
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.version = f"1 {self.natural} {sorted(self.wrong.items())}"  # what it says is part of the cache key

    def ready(self) -> None: ...

    def quote(self, request: SpeechRequest) -> Cost:
        return Cost()

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        self.asked.append(request.text)
        said = self.wrong.get(request.text, request.text)
        speech = Piper().run(request.model_copy(update={"text": said}), job)
        return speech.model_copy(update={"natural": self.natural, "exact": said == request.text})


def registry(*voices: Mumble) -> Registry:
    """The installed providers, with only these voices."""
    others = [tool for tool in Registry.installed().tools() if not tool.name.startswith("speech.")]
    found = Registry(others, {"speech": [voice.name for voice in voices]})
    for voice in voices:
        found = found.including(voice)
    return found


@pytest.fixture
def film(
    tmp_path_factory: pytest.TempPathFactory, settings: Settings, tea: Tea
) -> Callable[..., tuple[Studio, list[Event]]]:
    """Makes the tea film with certain voices, and keeps what happened."""

    def make(*voices: Mumble) -> tuple[Studio, list[Event]]:
        studio = Studio.open(tmp_path_factory.mktemp("heard") / "tea", settings, registry=registry(*voices))
        return studio, list(studio.make(tea(rate=10)))

    return make


def sounds(studio: Studio) -> dict[str, Sound]:
    """How each line was spoken, by its text."""
    record = studio.record
    assert record is not None
    assert record.plan is not None
    return {line.text: record.sound[line.id] for line in record.plan.script.lines}


@pytest.mark.media
def test_a_misread_line_is_spoken_by_the_next_voice_and_its_neighbours_stay(
    film: Callable[..., tuple[Studio, list[Event]]],
) -> None:
    first, second = Mumble({RIGHT: "Bad cars run on roads of stone."}), Mumble(name="speech.second")
    studio, events = film(first, second)
    spoken = sounds(studio)
    assert spoken[RIGHT].tool == "speech.second"
    assert spoken[RIGHT].refused == ("speech.mumble",)
    assert {sound.tool for text, sound in spoken.items() if text != RIGHT} == {"speech.mumble"}
    assert second.asked == [RIGHT]
    assert len(first.asked) == len(set(first.asked)) == len(spoken)
    reviews = [event.critique for event in events if isinstance(event, Reviewed)]
    notes = [note for note in reviews[0].notes if note.remedy == "respeak"]
    assert len(notes) == 1
    assert "speech.mumble misread" in notes[0].problem
    assert "roads of stone" in notes[0].problem
    assert reviews[-1].scores["words"].startswith("pass")
    record = studio.record
    assert record is not None
    assert record.film is not None
    frames = sum(shot.frames for shot in record.plan.shots) if record.plan else 0
    assert record.film.timeline.frames == frames
    assert any("so speech.second speaks it" in event.message for event in events if isinstance(event, Warned))


@pytest.mark.media
@pytest.mark.parametrize(
    ("wrong", "tool"),
    [("Good tea is a leaf and cold iron.", "speech.mumble"), ("Bad cars run on roads of stone.", "speech.robot")],
)
def test_a_robot_speaks_only_what_is_really_wrong(
    film: Callable[..., tuple[Studio, list[Event]]], wrong: str, tool: str
) -> None:
    studio, events = film(Mumble({RIGHT: wrong}), Mumble(name="speech.robot", natural=False))
    assert sounds(studio)[RIGHT].tool == tool
    told = [event.message for event in events if isinstance(event, Warned)]
    assert any("no voice here would read it better" in message for message in told) == (tool == "speech.mumble")
    assert studio.record is not None
    assert studio.record.status == "finished"


@pytest.mark.media
def test_where_every_voice_misreads_a_line_the_best_take_stays(
    film: Callable[..., tuple[Studio, list[Event]]],
) -> None:
    better, worse = "Good tea is a leaf and cold iron.", "Bad cars run on roads of stone."
    studio, events = film(Mumble({RIGHT: better}), Mumble({RIGHT: worse}, name="speech.second"))
    assert sounds(studio)[RIGHT].tool == "speech.mumble"
    reviews = [event.critique for event in events if isinstance(event, Reviewed)]
    assert [note.severity for note in reviews[-1].notes if "misread" in note.problem] == ["warn"]
    told = [event.message for event in events if isinstance(event, Warned)]
    assert any("no voice here would read it better" in message for message in told)


def test_lines_are_judged_by_their_words_not_their_spelling() -> None:
    assert not reading("100 bees met Geoffrey.", "one hundred bees met Jeffrey").wrong
    assert not reading("It takes 3 minutes.", "it takes three minutes").misread
    assert reading("It takes 15 minutes or 2.", "it takes ten hours or two").misread
    assert reading("Tea.", "").misread
    assert not reading("—", "").misread
    assert reading("Tea.", "tea and a lot more").share <= 1


@pytest.mark.parametrize("heard", ["", "one", "one two three four five six", "two one", "x y z " * 9])
def test_what_was_heard_is_shared_out_whole(heard: str) -> None:
    parts = shares(["One two three.", "Four five.", "Six."], heard)
    assert len(parts) == 3
    assert " ".join(" ".join(parts).split()) == heard.strip()


def test_a_line_that_is_missing_takes_nothing_from_its_neighbours() -> None:
    texts = ["Wax seals every cell.", "Wings fan the water away.", "Honey never spoils."]
    parts = shares(texts, "wax seals every cell honey never spoils")
    assert [reading(text, part).misread for text, part in zip(texts, parts, strict=True)] == [False, True, False]
    assert misread.MISREAD < 0.5
