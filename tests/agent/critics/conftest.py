"""Short silent films whose pictures come from a provider that shoots some of them wrong."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from reelwright import Brief, Plan, Registry, Settings, Studio
from reelwright.agent.model import Line, Scene, Script, Shot
from reelwright.tools import ffmpeg
from reelwright.tools.base import Cost, Device, Job
from reelwright.tools.conform import TAKE
from reelwright.tools.errors import Declined
from reelwright.tools.media import Size
from reelwright.tools.video import Card, MotionRequest, Picture
from reelwright.tools.video.motion.renderer import Motion

SIZE, RATE = Size(width=180, height=320), Fraction(10)
WORDS = ("Bees", "Flowers", "Nectar", "Wax", "Honey", "Winter", "Spring")
LAYOUTS = ("title", "statement", "list", "statement", "quote", "statement", "end")
GRAPHS = {
    "black": "color=black:s={size}:r=10",
    "noise": "color=gray:s={size}:r=10,noise=c0s=100:c1s=100:c2s=100:allf=t",
    "frozen": "testsrc2=s={size}:r=10,select='eq(n,7)',loop=-1:1,setpts=N/10/TB",
    "blurred": "testsrc2=s={size}:r=10,gblur=sigma=14",
    "repeated": "testsrc2=s={size}:r=10,negate",
}


class Careless:
    """A provider of motion graphics that shoots wrong takes at the first attempt, and declines everything else."""

    name = "video.motion.careless"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = Picture

    def __init__(self, wrong: Mapping[int, str] = MappingProxyType({}), patient: bool = False) -> None:
        self.wrong, self.patient, self.asked = wrong, patient, list[int]()
        self.version = f"1 {sorted(wrong.items())} {patient}"  # what one test shot wrong, no other finds in the cache

    def ready(self) -> None: ...

    def quote(self, request: MotionRequest) -> Cost:
        return Cost(seconds=1)

    def run(self, request: MotionRequest, job: Job) -> Picture:
        attempt, shot = divmod(request.seed, 1000)
        if shot not in self.wrong or (attempt and not self.patient):
            raise Declined("careless only on purpose")
        self.asked.append(shot)
        total, path = request.frames + 2 * request.handle, job.scratch / "wrong.mp4"
        graph = f"{GRAPHS[self.wrong[shot]].format(size=request.size)},format=yuv420p[v]"
        ffmpeg.encode([], graph, path, [*TAKE, "-g", "30", "-frames:v", str(total)])
        asset = job.save(
            path, "video", licence="CC0-1.0", origin="test", frames=total, rate=request.rate, size=request.size
        )
        return Picture(video=asset)


def montage(words: tuple[str, ...] = WORDS, frames: int = 18) -> Plan:
    """A shot a word, without a voice."""
    script = Script(title="Honey", scenes=(Scene(id="s1", heading="", lines=()),), narrated=False)
    shots = tuple(
        Shot(
            id=f"shot{at}", scene="s1", lines=(), frames=frames, seed=at, prompt=word,
            layout=LAYOUTS[at % len(LAYOUTS)], motif=("mesh", "bokeh", "waves")[at % 3],
            card=Card(headline=f"{word} all day", items=(word, "and more"), body=""),
        )
        for at, word in enumerate(words)
    )  # fmt: skip
    return Plan(script=script, shots=shots)


@pytest.fixture(scope="session")
def brief() -> Brief:
    return Brief(text="Honey", seconds=12, size=SIZE, rate=RATE)


@pytest.fixture(scope="session")
def plan() -> Plan:
    return montage()


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


Opened = Callable[..., Studio]


@pytest.fixture
def opened(tmp_path: Path, cache: Path) -> Opened:
    """A studio with the careless provider first; keywords are settings."""

    def make(careless: Careless | None = None, *more: Any, **changes: Any) -> Studio:
        registry = Registry.installed(
            order={"video.motion": ("video.motion.careless",), "vision": ("vision.scripted",)}
        )
        for tool in (careless or Careless(), *more):
            registry = registry.including(tool)
        settings = Settings.model_validate({"cache": cache, "jobs": 2, **changes})
        return Studio.open(tmp_path / "film", settings, registry=registry)

    return make


@pytest.fixture
def careless() -> type[Careless]:
    return Careless


def spoken(*texts: str) -> Script:
    lines = tuple(Line(id=f"l{at}", text=text) for at, text in enumerate(texts))
    return Script(title="Honey", scenes=(Scene(id="s1", heading="", lines=lines),))


@pytest.fixture
def script() -> Callable[..., Script]:
    return spoken


@pytest.fixture(scope="session")
def motion() -> type[Motion]:
    return Motion
