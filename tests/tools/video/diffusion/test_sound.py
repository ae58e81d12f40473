"""A clip's own sound stays in the film, and lies under the narration while somebody speaks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.model import Deliverables, Line, Plan, Scene, Script, Shot
from reelwright.agent.record import load_record
from reelwright.tools.ffmpeg import Input, decode
from reelwright.tools.media import Size

from .test_provider import SOUND

pytestmark = pytest.mark.xdist_group("diffusion")
RATE = 48_000
DELIVER = Deliverables(stems=True)
BRIEF = Brief(text="Old boats rest on the shore.", seconds=6, size=Size(width=64, height=64), rate=8, deliver=DELIVER)
LINE = Line(id="l1", text="Old boats rest on the shore.", rest=24)
PLAN = Plan(
    script=Script(title="Harbour", scenes=(Scene(id="s1", heading="", lines=(LINE,)),)),
    shots=(Shot(id="shot01", scene="s1", lines=("l1",), frames=48, source="generate", seed=5),),
)


def heard(path: Path) -> np.ndarray:
    raw = b"".join(decode(Input(path), "[0:a:0]aresample=48000,aformat=sample_fmts=flt:channel_layouts=mono[a]",
                          ["-map", "[a]", "-f", "f32le"]))  # fmt: skip
    return np.frombuffer(raw, np.float32).astype(np.float64)


def db(sound: np.ndarray) -> float:
    return float(10 * np.log10(np.mean(sound**2) + 1e-12))


def test_the_clips_own_sound_is_heard_and_gives_way_to_the_voice(model: Callable[[str], Path], tmp_path: Path) -> None:
    options = {"folder": str(model("ltx2")), "family": "ltx2", "steps": "1", "guidance": "1.0", "call": SOUND}
    given = {"cache": None, "source": "generate", "tools": {"video.generate.local": options}, "budget": {"rounds": 0}}
    studio = Studio.open(tmp_path / "film", Settings.model_validate(given))
    assert list(studio.make(BRIEF, PLAN))[-1].type == "finished"
    record = load_record(tmp_path / "film")
    assert record.film
    take, spoken = record.takes["shot01"], record.sound["l1"]
    print(take, spoken)
    print(record.film.timeline)
    print(studio.log.warnings)
    for f in (tmp_path / "film" / "out").rglob("*"):
        print(f)
    assert 0
