"""A film from a library: every sentence gets the footage that shows it, or says that none does."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from reelwright import Brief, Settings, Studio
from reelwright.agent.cli import app
from reelwright.agent.footage import open_library
from reelwright.agent.record import load_record
from reelwright.tools import ffmpeg
from reelwright.tools.base import Job
from reelwright.tools.models import Models

Tea = Callable[..., Brief]
TEXT = "# Harbour\n\nOld boats rest on the shore. A lighthouse stands on the rocks. Tax law has many exceptions."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("footage")
    for seed, name in enumerate(
        ("wooden boats on the shore", "lighthouse on a cliff", "lighthouse on a cliff (copy)", "a red car")
    ):
        grid = np.random.default_rng(seed if "copy" not in name else 1).integers(30, 220, (4, 6, 3), np.uint8)
        picture = Image.fromarray(grid).resize((640, 360), Image.Resampling.BICUBIC)
        picture.save(folder / f"{name}.jpg")
    clip = "gradients=s=640x360:r=15:d=5:speed=0.02:c0=#205080:c1=#e0c080[v]"
    options = ["-map", "[v]", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
    ffmpeg.encode([], clip, folder / "old fishing boats rest at low tide.mp4", options)
    with open_library(folder / "library", Models.installed(None)) as opened:
        from reelwright.tools.stock.examine import Origin

        assert opened.add([str(folder)], Origin(licence="CC0-1.0", author="Ada Brook")).added == 5
    return folder / "library"


def test_each_sentence_has_its_footage_or_says_that_there_is_none(
    library: Path, tea: Tea, settings: Settings, tmp_path: Path
) -> None:
    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"library": library}))
    events = list(studio.make(tea(text=TEXT, seconds=13)))
    assert events[-1].type == "finished"
    record = load_record(tmp_path / "film")
    assert record.plan is not None
    said = {line.id: line.text for line in record.plan.script.lines}
    shown = {" ".join(said[line] for line in shot.lines): shot for shot in record.plan.shots if shot.lines}
    boats = next(shot for text, shot in shown.items() if "boats" in text)
    lighthouse = next(shot for text, shot in shown.items() if "lighthouse" in text)
    assert (boats.source, lighthouse.source) == ("stock", "stock")
    assert "boats" in boats.candidates[0].segment.name
    assert boats.candidates[0].segment.id == boats.chosen
    assert "lighthouse" in lighthouse.candidates[0].segment.name
    assert record.takes[boats.id].tool == "video.footage"
    for text, shot in shown.items():
        if "Tax" in text:
            assert shot.source == "motion"
            assert any(
                event.type == "warned" and event.target == shot.id and "No footage" in event.message for event in events
            )
    assert "Ada Brook" in (tmp_path / "film" / "out" / "credits.md").read_text("utf-8")
    board = (tmp_path / "film" / "out" / "storyboard.html").read_text("utf-8")
    assert "footage by Ada Brook, licence CC0-1.0 · match 0." in board
    assert "no footage fits: drawn" in board
    told = CliRunner().invoke(app, ["show", str(tmp_path / "film")])
    assert "footage weighed" in told.output


def test_footage_that_is_gone_is_drawn_and_said(library: Path, tea: Tea, settings: Settings, tmp_path: Path) -> None:
    """Between plan and shoot somebody cleared the disk."""
    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"library": library}), approve=True)
    events = list(studio.make(tea(text=TEXT, seconds=9)))
    assert events[-1].type == "asking"
    aside = {path: path.with_suffix(".away") for path in library.parent.iterdir() if path.is_file()}
    for path, away in aside.items():
        path.rename(away)
    try:
        again = Studio.open(tmp_path / "film", settings.model_copy(update={"library": library}))
        events = list(again.resume(True))
    finally:
        for path, away in aside.items():
            away.rename(path)
    assert any("cannot be shown" in event.message for event in events if event.type == "warned")
    record = load_record(tmp_path / "film")
    assert all(take.asset for take in record.takes.values())
    assert all(take.tool == "video.motion" for take in record.takes.values())


def test_a_second_choice_is_shot_from_the_plan(library: Path, tea: Tea, settings: Settings, tmp_path: Path) -> None:
    """What `revise` does: another candidate is chosen, and the film made of the same plan."""
    from reelwright.agent.footage import bring, picked
    from reelwright.agent.furnish import furnished
    from reelwright.agent.model import Line, Scene, Script, Shot

    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"library": library}))
    script = Script(
        title="B", scenes=(Scene(id="s", heading="", lines=(Line(id="l", text="Boats rest on the shore."),)),)
    )
    planned = Shot(id="one", scene="s", lines=("l",), frames=30, queries=("boats",))
    ((shot,), missed) = furnished(studio, tea(), script, (planned,))
    assert not missed
    assert shot.why.startswith("footage answers it at 0.")
    first, second, *_ = shot.candidates
    assert first.score >= second.score
    other = shot.model_copy(update={"chosen": second.segment.id})
    assert picked(other) == second
    asset = bring(studio, second)
    assert asset.id == second.segment.file
    assert asset.licence == "CC0-1.0"


def test_only_licences_that_the_brief_allows(library: Path, tea: Tea, settings: Settings, tmp_path: Path) -> None:
    from reelwright.agent.furnish import furnished
    from reelwright.agent.model import Line, Scene, Script, Shot

    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"library": library}))
    script = Script(title="B", scenes=(Scene(id="s", heading="", lines=(Line(id="l", text="Boats on the shore."),)),))
    brief = tea().model_copy(update={"licences": ("CC-BY-*",)})
    ((shot,), missed) = furnished(studio, brief, script, (Shot(id="one", scene="s", lines=("l",), frames=30),))
    assert (shot.source, shot.candidates) == ("motion", ())
    assert missed == {"one": "nothing answers it"}


def test_music_of_the_library_lies_under_a_scene_of_its_mood(
    tea: Tea, settings: Settings, tmp_path: Path, job: Job
) -> None:
    from pydantic import TypeAdapter

    from reelwright.agent.bed import bed
    from reelwright.tools.music import Mood, MusicRequest
    from reelwright.tools.music.composer import Composer
    from reelwright.tools.stock.examine import Origin

    music = Composer({}).run(MusicRequest(frames=360, rate=30, mood="driving", seed=1), job)
    (tmp_path / "sounds").mkdir()
    (tmp_path / "sounds" / "night drive.wav").write_bytes(job.path(music.audio.id).read_bytes())
    with open_library(tmp_path / "library", Models.installed(None)) as opened:
        opened.add([str(tmp_path / "sounds")], Origin(licence="CC0-1.0", author="Ada Brook"))
        (segment,) = opened.index.catalogue.all()
    studio = Studio.open(tmp_path / "film", settings.model_copy(update={"library": tmp_path / "library"}))
    mood: Mood = TypeAdapter(Mood).validate_python(segment.mood)
    piece = bed(studio, tea(), mood, 6.0)
    assert piece is not None
    assert (piece.frames, piece.origin, piece.licence) == (288_000, "night drive.wav by Ada Brook", "CC0-1.0")
    heard = ffmpeg.probe(studio.door.assets.path(piece.id)).audio
    assert heard is not None
    assert (heard.rate, heard.channels, round(heard.end, 2)) == (48_000, 2, 6.0)
    other: Mood = "calm" if mood != "calm" else "epic"
    assert bed(studio, tea(), other, 6.0) is None
    assert bed(studio, tea(), mood, 60.0) is None
    assert bed(studio, tea().model_copy(update={"licences": ("CC-BY-*",)}), mood, 6.0) is None
