"""Who says a line: the cast, narrators, voices of their own for speakers, and those that stand in when one fails."""

import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from reelwright import Brief, Registry, Settings, Studio
from reelwright.agent.cast import Role, check, parse_cast, role_of
from reelwright.agent.ensemble import broken
from reelwright.agent.errors import BriefError, Refused
from reelwright.agent.model import Clone, Line, Scene, Script, Sound
from reelwright.agent.policy import Consent, Policy, load_policy
from reelwright.agent.record import load_record
from reelwright.agent.sound import sound
from reelwright.agent.state import LineTask
from reelwright.tools.base import Cost, Job
from reelwright.tools.errors import Declined, ToolFailed
from reelwright.tools.media import Asset
from reelwright.tools.speech import Pause, Speech, SpeechRequest, Voice
from reelwright.tools.speech.delivery import Credit, Engine, Part, Uttered, deliver
from reelwright.tools.speech.sound import Sound as Samples
from reelwright.tools.speech.system import tokens_of

LINES = (
    Line(id="l1", text="Honey never spoils."),
    Line(id="l2", text="How old is it?", speaker="Anna"),
    Line(id="l3", text="Three thousand years.", speaker="Ben"),
    Line(id="l4", text="Bees fan the water away."),
)
SCRIPT = Script(
    title="Honey",
    scenes=(
        Scene(id="s1", heading="The hive", lines=LINES[:3]),
        Scene(id="s2", heading="Water", narrator="humphrey", lines=LINES[3:]),
    ),
)
SAMPLE = Asset(
    id="ab" * 32, kind="audio", format="wav", frames=144_000, rate=Fraction(24_000), licence="own", origin="ann.wav"
)


class Hum:
    """A provider that hums: quick, real sound through the real delivery; it fails from its `last` line on."""

    version, models, device, result = "1", (), "cpu", Speech

    def __init__(self, name: str, voices: dict[str, str], hertz: float, last: int = 10**9, **more: Any) -> None:
        self.name, self.names, self.hertz, self.last = f"speech.{name}", voices, hertz, last
        self.natural, self.local, self.clones = more.get("natural", True), more.get("local", True), more.get("clones")
        self.asked: list[SpeechRequest] = []
        self._lock = threading.Lock()

    def ready(self) -> None: ...

    def voices(self) -> tuple[Voice, ...]:
        facts: Any = {"language": "en-us", "provider": self.name, "local": self.local, "natural": self.natural}
        return tuple(Voice(name=name, gender=gender, **facts) for name, gender in self.names.items())

    def quote(self, request: SpeechRequest) -> Cost:
        return Cost()

    def run(self, request: SpeechRequest, job: Job) -> Speech:
        import numpy as np

        if request.voice not in {"", *self.names} or (request.sample and not self.clones):
            raise Declined(f"{self.name} has no such voice.")
        if not request.voice and not self.local and not request.sample:
            raise Declined(f"{self.name} is asked by name only.")
        if not request.language.startswith("en"):
            raise Declined(f"{self.name} speaks English only.")
        with self._lock:
            self.asked.append(request)
            if len(self.asked) > self.last:
                raise ToolFailed(f"{self.name} broke.", "Check the network.")

        def utter(part: Part, pace: float) -> Uttered:
            at = np.arange(round(24_000 * 0.25 * len(part.tokens) / pace)) / 24_000
            wave = 0.2 * np.sin(2 * np.pi * self.hertz * at) * np.sin(np.pi * at / at[-1]) ** 0.2
            return Uttered(Samples(wave.astype(np.float32), 24_000))

        credit = Credit("CC0-1.0", f"hummed by {self.name}", self.natural)
        return deliver(request, tokens_of(request), job, utter, Engine(), credit)


def company(folder: Path, *tools: Any, policy: Policy | None = None) -> Studio:
    order = {"speech": tuple(tool.name for tool in tools)}
    studio = Studio.open(folder, Settings(cache=None, jobs=2, order=order), registry=Registry(tools, order))
    if policy:
        studio.door.policy = policy
    return studio


def cast_of(studio: Studio, brief: Brief) -> list[Role]:
    return [role_of(studio, brief, SCRIPT, line) for line in SCRIPT.lines]


def speak(studio: Studio, brief: Brief, script: Script = SCRIPT, **more: Any) -> list[Sound]:
    """Every line through the node, one after another."""

    class Runtime:
        context = studio

    runtime: Any = Runtime()
    plain = [LineTask(brief=brief, script=script, line=line.id) for line in script.lines]
    tasks: list[Any] = [task | more for task in plain]
    return [next(iter(sound(task, runtime)["sound"].values())) for task in tasks]


BRIEF = Brief(text="# Honey\n\nHoney never spoils.")
JOE = {"joe": "male"}
MANY = {"joe": "male", "humphrey": "male", "ella": "female", "ida": "female"}


def test_speakers_get_voices_of_their_own_with_the_genders_in_turn(tmp_path: Path) -> None:
    studio = company(tmp_path / "film", Hum("a", MANY, 150))
    assert [role.voice for role in cast_of(studio, BRIEF)] == ["", "ella", "humphrey", "humphrey"]


def test_with_one_voice_its_pitch_tells_the_speakers_apart(tmp_path: Path) -> None:
    studio = company(tmp_path / "film", Hum("a", JOE, 150))
    roles = cast_of(studio, BRIEF)[:3]
    assert [role.voice for role in roles] == ["", "joe", "joe"]
    assert len({role.pitch for role in roles}) == 3


def test_the_cast_names_speakers_scenes_and_the_narrator(tmp_path: Path) -> None:
    studio = company(tmp_path / "film", Hum("a", MANY, 150))
    cast = parse_cast("anna=ida, Ben=joe-2/softly, the hive=ella")
    roles = cast_of(studio, BRIEF.model_copy(update={"cast": cast}))
    assert [(role.voice, role.pitch, role.style) for role in roles] == [
        ("ella", 0, ""),
        ("ida", 0, ""),
        ("joe", -2, "softly"),
        ("humphrey", 0, ""),
    ]
    with pytest.raises(BriefError, match="--cast Anna=af_heart"):
        parse_cast("Anna")


def test_a_voice_nobody_has_is_told_before_anything_is_made(tmp_path: Path) -> None:
    studio = company(tmp_path / "film", Hum("a", JOE, 150))
    with pytest.raises(BriefError, match=r"No voice is called 'nova'.*reelwright voices"):
        check(studio, BRIEF.model_copy(update={"voice": "nova"}))
    kokoro = Studio.open(tmp_path / "other", Settings(cache=tmp_path / "cache"))
    with pytest.raises(BriefError, match="reelwright models pull kokoro kokoro-voices"):
        check(kokoro, BRIEF.model_copy(update={"cast": (("Anna", "af_heart"),)}))


def test_pauses_and_stress_of_a_line_reach_the_voice(tmp_path: Path) -> None:
    tool = Hum("a", JOE, 150)
    line = Line(id="l1", text="Honey never spoils.", pauses=(Pause(before=1, seconds=0.5),), emphasis=(1,))
    script = Script(title="Honey", scenes=(Scene(id="s1", heading="", lines=(line,)),))
    spoken = speak(company(tmp_path / "film", tool), BRIEF, script)[0]
    assert (tool.asked[0].pauses, tool.asked[0].emphasis) == (line.pauses, line.emphasis)
    assert spoken.speech is not None
    assert spoken.speech.words[1].start - spoken.speech.words[0].end > 0.3 * 24_000


def test_a_line_of_emoji_is_shown_and_costs_nothing(tmp_path: Path) -> None:
    tool = Hum("a", JOE, 150)
    script = Script(title="Honey", scenes=(Scene(id="s1", heading="", lines=(Line(id="l1", text="🐝 🍯"),)),))
    studio = company(tmp_path / "film", tool)
    assert speak(studio, BRIEF, script)[0].speech is None
    assert not tool.asked
    assert not studio.degradations()


def test_a_language_nobody_speaks_is_told_with_those_that_are(tmp_path: Path) -> None:
    studio = company(tmp_path / "film", Hum("a", JOE, 150))
    script = SCRIPT.model_copy(update={"language": "tlh"})
    assert speak(studio, BRIEF, script)[0].speech is None
    assert "Spoken here: en;" in studio.degradations()[0]


def consenting(**more: Any) -> Brief:
    return BRIEF.model_copy(update={"clone": Clone(sample=SAMPLE, consent="I agree. Ann, 2026"), **more})


def test_a_cloned_voice_speaks_after_its_consent_is_in_the_record(tmp_path: Path) -> None:
    tool = Hum("cloner", JOE, 150, clones=True)
    studio = company(tmp_path / "film", tool)
    studio.note(brief=consenting())
    written = []

    class Watched(Hum):
        def run(self, request: SpeechRequest, job: Job) -> Speech:
            written.append(bool(load_record(studio.folder).consents))
            return super().run(request, job)

    tool.__class__ = Watched
    speak(studio, consenting())
    assert [bool(request.sample) for request in tool.asked] == [True, False, False, False]
    assert tool.asked[0].consent == "I agree. Ann, 2026"
    assert written[0]
    assert load_record(studio.folder).consents[0].sample == SAMPLE


@pytest.mark.parametrize(
    ("policy", "consent", "says"),
    [(Policy(), "I agree.", "cloned_voice"), (load_policy(None), " ", "--consent"), (load_policy(None), "Yes.", "")],
)
def test_the_policy_lets_no_sample_through_without_consent(policy: Policy, consent: str, says: str) -> None:
    request = SpeechRequest(text="Honey", sample=SAMPLE, consent=consent)
    if says:
        with pytest.raises(Refused, match=says):
            policy.admit(request, ())
    else:
        policy.admit(request, ())
    assert Consent().cloned_voice == "refuse"


def test_where_nobody_clones_the_spare_voice_reads_and_the_film_says_so(tmp_path: Path) -> None:
    studio = company(tmp_path / "film", Hum("a", JOE, 150))
    studio.note(brief=consenting())
    found = speak(studio, consenting())[0]
    assert found.spare
    assert "The cloned voice did not speak" in " ".join(studio.degradations())


def scenes(*ids: str) -> Script:
    lines = [Line(id=name, text=f"Honey number {name[1:]} never spoils.") for name in ids]
    half = len(lines) // 2
    return Script(
        title="Honey",
        scenes=(
            Scene(id="s1", heading="One", lines=tuple(lines[:half])),
            Scene(id="s2", heading="Two", lines=tuple(lines[half:])),
        ),
    )


def fallen(script: Script, found: list[Sound]) -> dict[str, tuple[str, ...]]:
    return broken({"script": script, "sound": {each.line: each for each in found}}, ["speech.net", "speech.a"])


def test_a_network_voice_that_fails_in_a_scene_gives_the_scene_to_the_spare(tmp_path: Path) -> None:
    net, spare = Hum("net", {"nova": "female"}, 220, last=3, local=False), Hum("a", JOE, 150)
    studio = company(tmp_path / "film", net, spare)
    brief, script = BRIEF.model_copy(update={"voice": "nova"}), scenes("l1", "l2", "l3", "l4")
    found = speak(studio, brief, script)
    assert [(each.tool, each.spare) for each in found] == [("speech.net", False)] * 3 + [("speech.a", True)]
    assert "speech.net" in " ".join(studio.degradations())
    assert fallen(script, found) == {"l3": ("speech.net",)}
    again = speak(studio, brief, scenes("l1", "l2", "l3", "l4"), mixed=found[2], without=("speech.net",))[2]
    assert (again.tool, again.spare) == ("speech.a", True)
    assert fallen(script, [*found[:2], again, found[3]]) == {}


def test_neighbours_keep_their_voice_where_the_spare_is_a_machine(tmp_path: Path) -> None:
    net, spare = Hum("net", {"nova": "female"}, 220, last=1, local=False), Hum("a", JOE, 150, natural=False)
    script = scenes("l1", "l2", "l3", "l4")
    found = speak(company(tmp_path / "film", net, spare), BRIEF.model_copy(update={"voice": "nova"}), script)
    assert [each.tool for each in found] == ["speech.net", "speech.a", "speech.a", "speech.a"]
    assert fallen(script, found) == {}


def test_a_scene_that_cannot_be_spoken_again_keeps_both_voices(tmp_path: Path) -> None:
    net, spare = Hum("net", {"nova": "female"}, 220, last=1, local=False), Hum("a", JOE, 150, last=1)
    script = scenes("l1", "l2")
    script = Script(title="Honey", scenes=(script.scenes[0].model_copy(update={"lines": script.lines}),))
    studio, brief = company(tmp_path / "film", net, spare), BRIEF.model_copy(update={"voice": "nova"})
    found = speak(studio, brief, script)
    assert fallen(script, found) == {"l1": ("speech.net",)}
    kept = speak(studio, brief, script, mixed=found[0], without=("speech.net",))[0]
    assert kept.speech == found[0].speech
    assert fallen(script, [kept, found[1]]) == {}
