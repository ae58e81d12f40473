"""Motion fields: the teacher loops, training resumes, and engine and pipeline draw the same field from one seed."""

import importlib
from argparse import Namespace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reelwright
from reelwright.tools.base import Job
from reelwright.tools.errors import ToolFailed, ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.video import TextBox
from reelwright.tools.video.fields import FieldRequest, strip
from reelwright.tools.video.fields.codec import decode, encode
from reelwright.tools.video.fields.engine import Engine, lattice
from reelwright.tools.video.fields.guide import calmed
from reelwright.tools.video.fields.painting import painter
from reelwright.tools.video.fields.provider import Fields
from reelwright.tools.video.fields.sampler import Plan, noise, sample, times
from reelwright.tools.video.fields.words import known, vector
from reelwright.tools.video.motion import styles
from reelwright.tools.video.motion.motifs.canvas import Canvas

pytestmark = pytest.mark.xdist_group("diffusion")
TRAINING = Path(reelwright.__file__).parent / "examples" / "train_fields"
SHAPE = (12, 20, 12)


@pytest.fixture
def training(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The training scripts, which stand beside the package, and what is shared of their tests."""
    import torch

    torch.set_num_threads(1)
    for folder in (TRAINING, Path(__file__).parent):
        monkeypatch.syspath_prepend(str(folder))
    return importlib.import_module


@pytest.fixture
def shipped(training: Any, tmp_path: Path) -> Path:
    """A tiny network with random weights, written as the real one is."""
    import torch

    from reelwright.tools.video.fields.network import STUNet

    torch.manual_seed(0)
    network = STUNet((8, 16, 16), 32).eval()
    for weight in network.parameters():
        weight.data += 0.05 * torch.randn_like(weight)
    training("export").write({"quick": network}, tmp_path)
    return tmp_path


@given(st.integers(16, 2000), st.integers(16, 2000))
def test_a_field_has_the_films_shape_in_multiples_of_four(width: int, height: int) -> None:
    rows, columns = lattice(Size(width=2 * (width // 2 + 4), height=2 * (height // 2 + 4)))
    assert rows % 4 == columns % 4 == 0
    assert min(rows, columns) == 20


def test_a_field_is_a_picture_that_can_be_read_back() -> None:
    field = np.random.default_rng(1).random((3, *SHAPE), np.float32)
    again = strip.read(strip.write(field))
    assert np.abs(again - field).max() < 1e-3
    assert np.allclose(decode(encode(field)), field, atol=1e-5)
    with pytest.raises(ToolFailed, match="no motion field"):
        strip.read(b"not a picture")


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 30), st.floats(0.5, 4))
def test_a_straight_path_is_walked_to_its_end_in_any_number_of_steps(steps: int, bend: float) -> None:
    plan = Plan(steps=steps, bend=bend)
    start, goal = noise((1, 3, 4, 4, 4), 1), noise((1, 3, 4, 4, 4), 2)
    found = sample(lambda *_: goal - start, start, goal, goal, goal, plan)
    assert np.abs(found - goal).max() < 1e-4
    assert times(plan)[0] == 0
    assert times(plan)[-1] == 1


def test_every_motif_of_the_teacher_loops_and_stays_within_bounds(training: Any) -> None:
    teacher, grid = training("teacher"), training("grid")
    for name in teacher.MOTIFS:
        chance = np.random.default_rng(3)
        clips = [teacher.teach(name, grid.Params(), grid.Grid(24, 24, 24), chance)[0] for _ in range(3)]
        assert all(np.isfinite(clip).all() and clip.min() >= 0 and clip.max() <= 1.001 for clip in clips), name
        steps = np.mean([np.abs(np.diff(clip, axis=0)).mean() for clip in clips])
        seams = np.mean([np.abs(clip[0] - clip[-1]).mean() for clip in clips])
        assert seams <= 1.35 * steps + 1e-4, name


def test_training_goes_on_after_a_kill_as_if_nothing_had_happened(training: Any, tmp_path: Path) -> None:
    train, source = training("train"), training("shared").source()
    whole = train.Run("stunet", tmp_path / "a", 10, 1e-3, 2, 1)
    straight = [whole.advance(source) for _ in range(2)]
    (tmp_path / "b").mkdir()
    first = train.Run("stunet", tmp_path / "b", 10, 1e-3, 2, 1)
    begun = first.advance(source)
    first.save()
    again = train.Run("stunet", tmp_path / "b", 10, 1e-3, 2, 1)
    assert again.step == 1
    assert [begun, again.advance(source)] == pytest.approx(straight, rel=0.02)


def test_engine_and_pipeline_draw_the_same_field(shipped: Path, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    from reelwright.tools.video.fields.pipeline import FieldModel, FieldPipeline

    model = FieldModel((8, 16, 16), 32)
    weights = load_file(shipped / "fields.safetensors")
    model.network.load_state_dict({name.removeprefix("quick."): each.float() for name, each in weights.items()})
    FieldPipeline(model).save_pretrained(tmp_path / "saved")
    text = known()["clouds"]
    with torch.inference_mode():
        theirs = FieldPipeline.opened(tmp_path / "saved")(text, SHAPE, 5, Plan(3, 2.0))
    ours = Engine(shipped / "quick.onnx").draw(text, SHAPE, 5, Plan(3, 2.0))
    assert ours.shape == (3, *SHAPE)
    assert np.abs(ours - theirs).max() < 2e-3


def test_a_caption_that_ships_needs_no_language_model() -> None:
    def missing(_: str) -> Any:
        raise ToolMissing("MiniLM is not here.", "Install it.")

    assert np.array_equal(vector("Falling  Snow", missing), known()["falling snow"])
    assert np.array_equal(vector("a wall of falling snow", missing), known()["falling snow"])
    with pytest.raises(ToolMissing):
        vector("qwertz", missing)


def test_words_are_calm_ground() -> None:
    box = TextBox(text="a", left=0, top=0, right=50, bottom=100, start=0, end=1)
    mask = calmed((box,), Size(width=100, height=100), 20, 20)
    assert mask is not None
    assert mask[10, 2] > 0.6 > 0.1 > mask[10, 18]
    assert calmed((), Size(width=100, height=100), 20, 20) is None


def test_the_provider_draws_previews_and_can_be_stopped(shipped: Path, job: Job) -> None:
    tool = Fields()
    tool._engines = {"quick": Engine(shipped / "quick.onnx")}
    request = FieldRequest(prompt="clouds", size=Size(width=216, height=384), steps=12, seed=2)
    one, same = (tool.run(request, job).clip.id for _ in range(2))
    assert one == same
    followed = tool.run(request.model_copy(update={"follows": tool.run(request, job).clip}), job)
    assert followed.clip.id != one
    job.cancelled = lambda: True
    with pytest.raises(ToolFailed, match="cancelled"):
        tool.run(request.model_copy(update={"seed": 3}), job)


def test_a_painted_field_closes_its_loop() -> None:
    field = np.zeros((3, 12, 20, 12), np.float32)
    x = np.arange(12)[None, None, :]
    field[0] = 0.5 + 0.4 * np.sin(x / 2 - np.arange(12)[:, None, None] / 12 * 2 * np.pi)
    size = Size(width=216, height=384)
    canvas = Canvas(size=size, width=36, height=64, palette=styles.palette(styles.sheet("clean"), 1), seed=1)
    paint = painter(field, canvas)
    frames = [paint(turn)[0] for turn in np.linspace(0, 2 * np.pi, 25)]
    steps = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert np.abs(frames[0] - frames[-1]).max() < 1e-4
    assert max(steps) <= 1.6 * np.mean(steps)


def test_what_ships_draws_the_same_field_on_both_engines_and_closes_its_loop() -> None:
    import torch

    from reelwright.tools.video.fields.engine import PRESETS, graph
    from reelwright.tools.video.fields.pipeline import FieldPipeline

    text = known()["rolling waves"]
    for preset, plan in PRESETS.items():
        few = Plan(steps=2, guidance=plan.guidance)
        ours = Engine(graph(preset)).draw(text, SHAPE, 5, few)
        with torch.inference_mode():
            theirs = FieldPipeline.shipped(preset)(text, SHAPE, 5, few)
        assert np.abs(ours - theirs).max() < 2e-3
    density = Engine(graph("quick")).draw(text, (16, 36, 20), 5, PRESETS["quick"])[0]
    steps = np.abs(np.diff(density, axis=0)).mean()
    assert np.abs(density[0] - density[-1]).mean() <= 1.5 * steps
    assert density.std() > 0.05


def test_what_ships_is_small() -> None:
    from reelwright.tools.video.fields.engine import FOLDER

    assert (FOLDER / "fields.safetensors").stat().st_size <= 8_000_000


def test_a_student_of_a_teacher_that_needs_no_steps_has_nothing_to_learn(training: Any, tmp_path: Path) -> None:
    """Where the velocity is the same everywhere, one step goes where two go; and a killed student goes on."""
    import torch

    train, distil, source = training("train"), training("distil"), training("shared").source()
    for folder in ("teacher", "student"):
        (tmp_path / folder).mkdir()
    teacher = train.Run("stunet", tmp_path / "teacher", 1, 1e-3, 2, 1)
    last = teacher.average.leave[2]
    last.weight.data.zero_()
    last.bias.data = torch.tensor([0.5, -0.25, 1.0])
    teacher.save()
    student = distil.Distillation(tmp_path / "teacher", tmp_path / "student", 1, 2, Plan(steps=4, guidance=1.5))
    assert float(student.loss(source, 1, torch.Generator().manual_seed(1)).detach()) < 1e-3
    student.advance(source)
    student.save()
    again = distil.Distillation(tmp_path / "teacher", tmp_path / "student", 1, 2, Plan(steps=4, guidance=1.5))
    assert again.step == 1


def test_processes_train_as_one(training: Any, tmp_path: Path) -> None:
    import torch

    training("train").side_by_side(training("shared").taken, Namespace(processes=2, out=tmp_path))
    (losses, spent, weights), (others, other_spent, other_weights) = (
        torch.load(tmp_path / f"{rank}.pt", weights_only=True) for rank in range(2)
    )
    assert losses == others
    assert spent == other_spent
    assert torch.equal(weights, other_weights)
