"""Captions by a model that sees, over real HTTP in the protocol of chat completions: it is shown, it says, we keep."""

import base64
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner

from reelwright import Registry, Settings
from reelwright.agent.captions import open_captioner
from reelwright.agent.cli import app
from reelwright.memory.captions import Described, describe
from reelwright.memory.library import Library
from reelwright.tools.base import Cost, Device, Job
from reelwright.tools.models import Models
from reelwright.tools.stock import Segment
from reelwright.tools.stock.minilm import MODEL, MiniLM
from reelwright.tools.vision import VisionAnswer, VisionRequest

pytestmark = pytest.mark.media
COLOURS = {"red": (200, 30, 30), "green": (30, 160, 40), "blue": (30, 40, 190), "yellow": (230, 210, 30)}
SAYS = {
    "red": "a poppy field in the evening sun",
    "green": "a fern in a wet forest",
    "blue": "a whale dives into the deep sea",
    "yellow": "ripe wheat under a summer sky",
}


def seen(picture: Image.Image) -> str:
    """What colour a picture is."""
    mean = picture.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(mean, tuple)
    return min(COLOURS, key=lambda name: sum((a - b) ** 2 for a, b in zip(mean, COLOURS[name], strict=True)))


def looks(body: dict[str, Any]) -> dict[str, list[str]]:
    """A model that really looks at the pictures it is sent."""
    urls = [block["image_url"]["url"] for block in body["messages"][0]["content"] if block["type"] == "image_url"]
    pictures = [Image.open(BytesIO(base64.b64decode(url.partition(",")[2]))) for url in urls]
    assert all(max(picture.size) <= 512 for picture in pictures)
    return {"captions": [SAYS[seen(picture)] for picture in pictures]}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for at in range(10):  # names say nothing, and no two are the same file
        colour = list(COLOURS.values())[at % 4]
        Image.new("RGB", (640, 360), tuple(min(255, part + at) for part in colour)).save(folder / f"IMG_{at}.png")
    return folder


def shelf(folder: Path) -> Library:
    return Library.open(folder, [MiniLM(Models.installed(None).path(MODEL))])


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, photos: Path) -> Path:
    folder = tmp_path_factory.mktemp("libraries") / "library"
    with shelf(folder) as library:
        library.add([str(photos)])
    return folder


@pytest.fixture
def opened(tmp_path: Path, filled: Path) -> Callable[[], Library]:
    """The library without captions, a copy for each test."""
    return lambda: shelf(shutil.copytree(filled, tmp_path / "library"))


@contextmanager
def asking(endpoint: Any, answer: Any, cache: Path | None = None, **changes: Any) -> Iterator[Any]:
    endpoint.script = [answer]
    minds = {"default": {"base_url": f"{endpoint.url}/v1", "timeout": 20, **changes.pop("reached", {})}}
    settings = Settings.model_validate({"cache": cache, "minds": minds | {"critic": ["openai:sees"]}, **changes})
    with open_captioner(settings) as captioner:
        yield captioner


def segments(library: Library) -> list[Segment]:
    return list(library.index.catalogue.all())


def test_pictures_are_captioned_in_batches_and_found_by_what_was_said(
    endpoint: Any, opened: Callable[[], Library]
) -> None:
    told: list[tuple[int, int]] = []
    with opened() as library, asking(endpoint, looks) as captioner:
        said = describe(library, captioner, progress=lambda done, total, _: told.append((done, total)))
        assert said == Described(captioned=10)
        assert told == [(8, 10), (10, 10)]
        assert len(endpoint.asked) == 2
        for segment in segments(library):
            assert (segment.caption, segment.captioner) == (SAYS[segment.colours[0]], "openai:sees")
        best = library.search("an animal of the ocean", k=3)
        assert {hit.segment.colours[0] for hit in best[:2]} == {"blue"}
        assert library.verify() == []
        assert describe(library, captioner) == Described()
        assert len(endpoint.asked) == 2, "nothing is asked twice"


def test_what_is_looked_at_anew_keeps_its_caption(
    endpoint: Any, opened: Callable[[], Library], photos: Path, tmp_path: Path
) -> None:
    with opened() as library, asking(endpoint, looks) as captioner:
        describe(library, captioner)
        library.examiner.listener = lambda path: []  # another recipe: every file is examined again
        (tmp_path / "more").mkdir()
        Image.new("RGB", (320, 180), COLOURS["red"]).save(tmp_path / "more" / "new.png")
        assert library.add([str(photos), str(tmp_path / "more")]).added == 1
        assert sum(bool(segment.caption) for segment in segments(library)) == 10
        assert describe(library, captioner) == Described(captioned=1)


def test_a_model_that_fails_loses_nothing_and_the_next_run_goes_on(
    endpoint: Any, opened: Callable[[], Library]
) -> None:
    calls = iter(range(100))
    with opened() as library:
        down = ("out of order", {"status": 500})
        with asking(endpoint, lambda body: looks(body) if next(calls) == 0 else down) as captioner:
            said = describe(library, captioner)
        assert (said.captioned, said.left) == (8, 2)
        assert said.problem
        assert library.index.count() == 10
        with asking(endpoint, looks) as captioner:
            assert describe(library, captioner) == Described(captioned=2)


def test_a_purse_that_is_empty_ends_it_before_anything_is_asked(endpoint: Any, opened: Callable[[], Library]) -> None:
    dear = {"price_in": 50.0, "price_out": 200.0, "max_tokens": 1000}
    with opened() as library:
        with asking(endpoint, looks, reached=dear) as captioner:
            said = describe(library, captioner)
            assert (said.captioned, said.left, len(endpoint.asked)) == (0, 10, 0)
            assert "would cost $" in said.problem
        # A question holds what it may cost at most, and settles for what it did cost: there is room for the next.
        with asking(endpoint, looks, reached=dear, budget={"money": 0.9}) as captioner:
            assert describe(library, captioner) == Described(captioned=10)


def test_one_picture_that_a_model_refuses_does_not_keep_the_others_away(
    endpoint: Any, opened: Callable[[], Library]
) -> None:
    def prude(body: dict[str, Any]) -> Any:
        said = looks(body)
        return ("", {"refusal": "not this one"}) if SAYS["red"] in said["captions"] else said

    with opened() as library, asking(endpoint, prude) as captioner:
        said = describe(library, captioner)
        assert (said.captioned, said.silent, said.left) == (7, 3, 0)
        asked = len(endpoint.asked)
        assert describe(library, captioner) == Described(), "what it refuses it is not asked again"
        assert len(endpoint.asked) == asked


def test_a_model_that_babbles_is_given_up(endpoint: Any, opened: Callable[[], Library]) -> None:
    with opened() as library, asking(endpoint, "I see a picture.") as captioner:
        said = describe(library, captioner)
        assert (said.captioned, said.silent) == (0, 0)
        assert said.left == 10
        assert "repairs" in said.problem
        assert len(endpoint.asked) <= 12


def test_answers_are_paid_once_even_for_a_library_made_anew(
    endpoint: Any, opened: Callable[[], Library], tmp_path: Path, photos: Path
) -> None:
    cache = tmp_path / "cache"
    with opened() as library, asking(endpoint, looks, cache) as captioner:
        describe(library, captioner)
    with shelf(tmp_path / "another") as library:
        library.add([str(photos)], jobs=1)
        before = len(endpoint.asked)
        with asking(endpoint, looks, cache) as captioner:
            describe(library, captioner)
        assert all(segment.caption for segment in segments(library))
        assert len(endpoint.asked) - before <= 2


class Seeing:
    """A local vision model: answers in plain words."""

    name, version = "vision.seeing", "1"
    models: tuple[str, ...] = ()
    device: Device = "cpu"
    result = VisionAnswer

    def ready(self) -> None: ...

    def quote(self, request: VisionRequest) -> Cost:
        return Cost(seconds=1)

    def run(self, request: VisionRequest, job: Job) -> VisionAnswer:
        assert "JSON" not in request.question
        (asset,) = request.images
        return VisionAnswer(text=SAYS[seen(Image.open(job.path(asset.id)))])


def test_a_model_on_this_machine_is_asked_one_by_one_in_words(opened: Callable[[], Library]) -> None:
    registry = Registry.installed(order={"vision": ("vision.seeing",)}).including(Seeing())
    settings = Settings(cache=None)
    with opened() as library, open_captioner(settings, registry) as captioner:
        assert captioner is not None
        assert describe(library, captioner) == Described(captioned=10)
        assert {segment.captioner for segment in segments(library)} == {"vision.seeing"}


def test_the_command_captions_where_a_critic_is_set(
    endpoint: Any, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint.script = [looks]
    monkeypatch.chdir(tmp_path)
    add = ["index", "add", str(photos), "--index", str(tmp_path / "shelf"), "--jobs", "1"]
    nobody = CliRunner().invoke(app, [*add, "--captions"])
    assert "Nobody here can see" in str(nobody.exception)
    monkeypatch.setenv("REELWRIGHT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("REELWRIGHT_CRITIC", "openai:sees")
    monkeypatch.setenv("REELWRIGHT_BASE_URL", f"{endpoint.url}/v1")
    assert not CliRunner().invoke(app, [*add, "--no-captions"]).exception
    assert not endpoint.asked
    said = CliRunner().invoke(app, add)
    assert "10 captions by openai:sees; 0 left" in said.output
    assert "0 captions by openai:sees; 0 left" in CliRunner().invoke(app, add).output
