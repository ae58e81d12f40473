"""What a video model is told, which shots it pictures, and what happens where there is none."""

from pathlib import Path

import pytest

from reelwright import Brief, Registry, Settings, Studio
from reelwright.agent.choose import generated, sourced
from reelwright.agent.cli.options import Pictures, settings_for
from reelwright.agent.errors import BriefError, Refused
from reelwright.agent.generate import unfollowed
from reelwright.agent.model import Line, Scene, Script, Shot, Source
from reelwright.agent.policy import Policy
from reelwright.agent.settings import load_settings
from reelwright.tools.base import Cost
from reelwright.tools.media import Size
from reelwright.tools.video import Card, Figure
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.diffusion.families import families
from reelwright.tools.video.diffusion.presets import Machine, listed

SCRIPT = Script(title="Boats", scenes=(Scene(id="s1", heading="", lines=(Line(id="l1", text="Boats rest."),)),))
BRIEF = Brief(text="# Boats\n\nBoats rest.", seconds=4)


def shot(number: int = 1, source: Source = "motion", layout: str = "statement", **more: object) -> Shot:
    plain = {"id": f"shot{number:02}", "scene": "s1", "lines": ("l1",), "source": source, "layout": layout}
    return Shot.model_validate(plain | more)


def test_only_those_follow_that_can_go_on_from_a_picture() -> None:
    shots = (shot(1, "generate"), shot(2, "generate", follows="shot01"), shot(3, follows="shot02"))
    assert [each.follows for each in unfollowed(shots)] == ["", "shot01", ""]


@pytest.fixture
def bare(tmp_path: Path) -> Studio:
    """Asked to generate, with no model configured."""
    return Studio.open(tmp_path / "film", Settings(cache=None, source="generate"))


def test_without_a_model_one_warning_names_the_setting_and_the_film_goes_on(bare: Studio) -> None:
    shots = (shot(1), shot(2))
    made = generated(bare, BRIEF, SCRIPT, shots)
    assert [(each.source, each.why) for each in made] == [("motion", "no video model is set up")] * 2
    (told,) = bare.degradations()
    assert '[tools."video.generate.local"]' in told
    assert "doctor" in told


def test_footage_without_a_library_is_missed_aloud(tmp_path: Path) -> None:
    studio = Studio.open(tmp_path / "film", Settings(cache=None, source="stock", library=None))
    assert [each.source for each in sourced(studio, BRIEF, SCRIPT, (shot(),))] == ["motion"]
    assert "--library" in studio.degradations()[0]


class Elsewhere:
    """A provider that is nobody's but a stranger's: always ready."""

    name, version, device, models, result = "video.generate.elsewhere", "1", "net", (), GenerateRequest

    def ready(self) -> None: ...

    def quote(self, request: GenerateRequest) -> Cost:
        return Cost()


def test_what_must_be_read_or_is_somebodys_own_is_not_generated(tmp_path: Path) -> None:
    studio = Studio.open(tmp_path / "film", Settings(cache=None), registry=Registry([Elsewhere()]))  # type: ignore[list-item]
    figure = Card(figure=Figure(value=3, label="minutes"))
    shots = (
        shot(1), shot(2, layout="title"), shot(3, layout="end", lines=()), shot(4, card=figure), shot(5, "own"),
        shot(6, "code"), shot(7, card=Card(items=("one", "two"))), shot(8, layout="definition"),
    )  # fmt: skip
    made = generated(studio, BRIEF, SCRIPT, shots)
    assert [each.id for each in made if each.source == "generate"] == ["shot01", "shot08"]


def test_a_licence_that_the_policy_refuses_is_refused_at_the_door() -> None:
    policy = Policy.model_validate({"licence": {"refused": ["Apache-2.0"]}})
    request = GenerateRequest(prompt="boats", size=Size(width=64, height=64), frames=9, family="wan22-5b")
    with pytest.raises(Refused, match=r"Apache-2\.0 of Wan 2\.2"):
        policy.admit(request, ())
    policy.admit(request.model_copy(update={"family": "ltx-video"}), ())


def test_doctor_says_which_preset_each_family_begins_with() -> None:
    told = dict(listed(Machine(device="cuda", memory=8.0, dtype="bfloat16", name="a card")))
    assert set(told) == set(families())
    assert told["wan22-5b"] == "Wan 2.2 TI2V 5B, about 24 GB, Apache-2.0; preset grouped on a card with 8 GB"


def test_the_source_is_a_setting_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELWRIGHT_SOURCE", "generate")
    assert load_settings(tmp_path).source == "generate"
    monkeypatch.setenv("REELWRIGHT_SOURCE", "magic")
    with pytest.raises(BriefError, match="source"):
        load_settings(tmp_path)


def test_the_command_line_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("REELWRIGHT_SOURCE", "generate")
    assert settings_for(tmp_path, None, None, None, None, None, None, Pictures.motion).source == "motion"
    assert settings_for(tmp_path, None, None, None, None, None).source == "generate"
