"""How shots join: the sheet's own transition within a scene, its turn between scenes, and the sounds under them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.joins import effects, join
from reelwright.agent.model import Deliverables, Shot


def shot(name: str, scene: str, style: str = "clean", frames: int = 90) -> Shot:
    return Shot(id=name, scene=scene, lines=(), frames=frames, style=style)


@pytest.mark.parametrize(
    ("style", "within", "between"),
    [("clean", "dissolve", "push"), ("playful", None, "circle"), ("technical", None, "push")],
)
def test_a_sheet_joins_shots_its_own_way(style: str, within: str | None, between: str) -> None:
    first, second, third = shot("a", "one", style), shot("b", "one", style), shot("c", "two", style)
    inside, turn = join(first, second, 12), join(second, third, 12)
    assert (inside.kind if inside else None) == within
    assert turn is not None
    assert (turn.kind, turn.frames) == (between, 12)


def test_short_shots_are_cut() -> None:
    assert join(shot("a", "one"), shot("b", "two", frames=24), 12) is None


def test_effects_stand_under_the_turns_and_only_on_request(
    tmp_path: Path, settings: Settings, tea: Callable[..., Brief]
) -> None:
    studio = Studio.open(tmp_path / "tea", settings)
    shots = (shot("a", "one"), shot("b", "one"), shot("c", "two"))
    assert effects(studio, tea(), shots, 12) == (None, ())
    track, assets = effects(studio, tea(deliver=Deliverables(effects=True)), shots, 12)
    assert track is not None
    assert len(assets) == 1
    clips = [item for item in track.items if item.type == "clip"]
    assert [clip.asset for clip in clips] == [assets[0].id]
    before = sum(item.frames for item in track.items[: track.items.index(clips[0])])
    assert before < 180 < before + clips[0].frames
