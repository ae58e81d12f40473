"""A clip's own sound stays in the film, and lies under the narration while somebody speaks."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.model import Deliverables, Line, Plan, Scene, Script, Shot
from reelwright.agent.record import load_record
from reelwright.tools import meter
from reelwright.tools.ffmpeg import Input, decode
from reelwright.tools.media import Size

from .test_provider import SOUND

pytestmark = pytest.mark.xdist_group("diffusion")
RATE = 48_000
RELEASE = round(0.6 * RATE)
SIZE, DELIVER = Size(width=32, height=32), Deliverables(stems=True)
BRIEF = Brief(text="Old boats rest.", seconds=3, size=SIZE, rate=8, deliver=DELIVER)
LINE = Line(id="l1", text="Old boats rest.", rest=12)
PLAN = Plan(
    script=Script(title="Harbour", scenes=(Scene(id="s1", heading="", lines=(LINE,)),)),
    shots=(Shot(id="shot01", scene="s1", lines=("l1",), frames=24, source="generate", seed=5),),
)


def heard(path: Path) -> np.ndarray:
    graph = f"[0:a:0]aresample={RATE},aformat=sample_fmts=flt:channel_layouts=mono[a]"
    raw = b"".join(decode(Input(path), graph, ["-map", "[a]", "-f", "f32le"]))
    return np.frombuffer(raw, np.float32).astype(np.float64)


def loudness(sound: np.ndarray) -> float:
    return meter.read([np.repeat(sound[:, None], 2, axis=1).astype(np.float32)]).loudness


@pytest.mark.slow
def test_the_clips_own_sound_is_heard_and_gives_way_to_the_voice(model: Callable[[str], Path], tmp_path: Path) -> None:
    options = {"folder": str(model("ltx2")), "family": "ltx2", "steps": "1", "guidance": "1.0", "call": SOUND}
    given = {"cache": None, "source": "generate", "tools": {"video.generate.local": options}, "budget": {"rounds": 0}}
    studio, out = Studio.open(tmp_path / "film", Settings.model_validate(given)), tmp_path / "film" / "out"
    assert list(studio.make(BRIEF, PLAN))[-1].type == "finished"
    record = load_record(tmp_path / "film")
    assert record.film
    take = record.takes["shot01"]
    assert take.sound
    (track,) = record.film.timeline.tracks_of("effects")
    assert [item.asset for item in track.items if item.type == "clip"] == [take.sound.id]
    assert "sound of LTX-2" in (out / "credits.md").read_text("utf-8")
    voice, own, film = (heard(out / name) for name in ("stems/voice.flac", "stems/effects.flac", "film.mp4"))
    begin, end = np.flatnonzero(np.abs(voice) > 0.02)[[0, -1]]
    said, after = slice(begin, end), slice(end + RELEASE, len(own) - RELEASE)
    assert loudness(own[said]) < loudness(voice[said]) - 12
    assert loudness(own[after]) > loudness(own[said]) + 3
    assert np.corrcoef(film[after], own[after])[0, 1] > 0.5
