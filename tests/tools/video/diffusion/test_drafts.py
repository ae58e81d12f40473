"""Drafts: a tiny LoRA is switched on for them alone, in its own few steps; what is no LoRA for the model is named."""

import json
import pickle
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from reelwright import Brief, Settings, Studio
from reelwright.agent.generate import take
from reelwright.agent.model import Shot
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed, ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.registry import GENERATE
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.diffusion.drafts import draft_at, drafts
from reelwright.tools.video.diffusion.families import families, family
from reelwright.tools.video.diffusion.provider import Diffusion

pytestmark = pytest.mark.xdist_group("diffusion")
Model = Callable[[str], Path]
SHOT = GenerateRequest(prompt="a red boat", size=Size(width=64, height=64), frames=5, seed=3)
CALL = json.dumps({"max_sequence_length": 16})


@pytest.fixture
def lora(tmp_path: Path, model: Model) -> Path:
    """A LoRA of rank 4 over the queries of the tiny Wan, as its authors write them."""
    return written(tmp_path / "my_four_step_lora.safetensors", 24)


def written(path: Path, wide: int) -> Path:
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(1)
    rows = dict[str, Any]()
    for block in range(2):
        place = f"transformer.blocks.{block}.attn1.to_q"
        rows[f"{place}.lora_A.weight"] = torch.randn(4, wide)
        rows[f"{place}.lora_B.weight"] = torch.randn(wide, 4) * 2
    save_file(rows, path)
    return path


def local(folder: Path, **options: str) -> Diffusion:
    return Diffusion({"folder": str(folder), "family": "wan22-5b", "steps": "2", "call": CALL} | options)


def test_a_draft_takes_the_loras_steps_and_the_final_clip_is_as_without_it(job: Job, model: Model, lora: Path) -> None:
    pytest.importorskip("peft")
    plain, provider = local(model("wan")), local(model("wan"), draft=str(lora))
    draft = provider.run(SHOT.model_copy(update={"draft": True}), job)
    assert (draft.steps, draft.seed) == (4, 3)
    assert "draft my_four_step_lora" in draft.video.origin
    final, before = provider.run(SHOT, job), plain.run(SHOT, job)
    assert (final.steps, final.video.id) == (2, before.video.id)
    again = provider.run(SHOT.model_copy(update={"draft": True}), job)
    assert again.video.id == draft.video.id
    without = plain.run(SHOT.model_copy(update={"draft": True}), job)
    assert (without.steps, without.video.id != draft.video.id) == (1, True)


def test_a_draft_is_half_the_picture(job: Job, model: Model) -> None:
    provider = local(model("wan"))
    session, seen = provider._opened(), list[tuple[int, int]]()
    pipeline = session._opened("text")
    real = pipeline.vae.decode

    def decode(latents: Any, *args: Any, **more: Any) -> Any:
        seen.append(tuple(latents.shape[-2:]))
        return real(latents, *args, **more)

    pipeline.vae.decode = decode
    big = SHOT.model_copy(update={"size": Size(width=512, height=288), "frames": 1})
    for draft in (False, True):
        session.make(_ask(provider, big, draft, job), _watch(job))
    whole, half = (rows * columns for rows, columns in seen)
    assert 0.3 < half / whole < 0.6


def _ask(provider: Diffusion, request: GenerateRequest, draft: bool, job: Job) -> Any:
    from reelwright.tools.video.diffusion.intake import ask_of

    row = provider.row().model_copy(update={"steps": 1, "sizes": ("512x288",)})
    provider._opened().family = row
    return ask_of(request.model_copy(update={"draft": draft}), row, job, 1)


def _watch(job: Job) -> Any:
    from reelwright.tools.video.diffusion.steps import Watch

    return Watch(job.progress, lambda seen: None, job.cancelled)


def test_a_lora_for_another_model_is_named(job: Job, model: Model, tmp_path: Path) -> None:
    pytest.importorskip("peft")
    other = written(tmp_path / "other.safetensors", 40)
    with pytest.raises(ToolFailed, match=r"other\.safetensors cannot be loaded"):
        local(model("wan"), draft=str(other)).run(SHOT, job)


def test_a_file_that_is_not_there_or_is_no_safetensors(model: Model, tmp_path: Path) -> None:
    with pytest.raises(ToolMissing, match="no draft LoRA at"):
        local(model("wan"), draft=str(tmp_path / "none.safetensors")).ready()
    bad = tmp_path / "unet_lora.pt"
    bad.write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(Refused, match="pickle"):
        local(model("wan"), draft=str(bad)).ready()
    bad.write_bytes(b"words")
    with pytest.raises(Refused, match="no safetensors"):
        local(model("wan"), draft=str(bad)).ready()


def test_a_folder_gives_the_file_of_the_family(model: Model, tmp_path: Path) -> None:
    row = family("wan22-5b")
    with pytest.raises(ToolMissing, match=r"holds no draft LoRA for Wan 2\.2") as error:
        draft_at(tmp_path, row)
    name = drafts()["self-forcing-wan22-5b"].files[0]
    assert name in error.value.hint
    written(tmp_path / name, 24)
    with pytest.raises(Refused, match="is not the file that"):
        draft_at(tmp_path, row)
    with pytest.raises(ToolFailed, match="is for wan22-5b, not for wan21-1b"):
        draft_at(tmp_path / name, family("wan21-1b"))


def test_rows_name_families_and_schedulers_that_there_are() -> None:
    diffusers: Any = import_module("diffusers")
    for row in drafts().values():
        assert set(row.families) <= set(families()), row.name
        assert all(name.endswith(".safetensors") for name in row.files)
        if row.scheduler:
            kind = getattr(diffusers, row.scheduler)
            known = diffusers.FlowMatchEulerDiscreteScheduler(shift=3.0).config
            assert kind.from_config(known, **row.options).config
    covered = {name for row in drafts().values() for name in row.families}
    assert {"wan21-14b", "wan22-5b", "ltx2", "animatediff", "sdxl"} <= covered


def test_a_rows_scheduler_is_used_for_drafts_alone(job: Job, model: Model, lora: Path) -> None:
    pytest.importorskip("peft")
    from reelwright.tools.video.diffusion.drafts import drafting

    provider = local(model("wan"), draft=str(lora))
    session = provider._opened()
    pipeline = session._opened("text")
    assert session._draft is not None
    row = session._draft.model_copy(update={"scheduler": "UniPCMultistepScheduler", "options": {"flow_shift": 8.0}})
    own = pipeline.scheduler
    with drafting(pipeline, row):
        assert type(pipeline.scheduler).__name__ == "UniPCMultistepScheduler"
        assert pipeline.scheduler.config.flow_shift == 8.0
    assert pipeline.scheduler is own


class TestLicences:
    """CausVid's LoRA forbids commercial use: a film that may not carry that makes its drafts without it."""

    @pytest.fixture
    def options(self, model: Model, tmp_path: Path) -> dict[str, str]:
        name = drafts()["causvid-wan21-1b"].files[0]
        written(tmp_path / name, 24)
        folder = {"folder": str(model("wan")), "family": "wan21-1b", "draft": str(tmp_path / name)}
        return folder | {"steps": "3", "guidance": "1.0", "call": CALL}

    def test_the_lora_is_left_out_of_a_film_whose_licences_leave_it_out(
        self, options: dict[str, str], tmp_path: Path
    ) -> None:
        studio = Studio.open(tmp_path / "film", Settings(cache=None, tools={Diffusion.name: options}))
        brief = Brief(text="Boats rest.", size=SHOT.size, rate=Fraction(8), licences=("Apache-2.0",))
        shots = [Shot(id=f"shot0{at}", scene="s1", lines=(), prompt="boats", frames=4, draft=True) for at in (1, 2)]
        for shot in shots:
            made = take(studio, brief, shot, 0, 0)
            assert made is not None
            assert made.result.making is not None
            assert (made.result.making.steps, made.result.video.licence) == (1, "Apache-2.0")
        (told,) = [warning.message for warning in studio.log.warnings]
        assert "the draft LoRA causvid-wan21-1b has CC-BY-NC-SA-4.0" in told
        assert told.endswith("Drafts take fewer steps without it.")

    def test_the_door_refuses_it_before_the_model_is_loaded(self, options: dict[str, str], tmp_path: Path) -> None:
        (tmp_path / "policy.toml").write_text('[licence]\nrefused = ["CC-BY-NC-SA-4.0"]\n')
        given = Settings(cache=None, policy=tmp_path / "policy.toml", tools={Diffusion.name: options})
        studio = Studio.open(tmp_path / "film", given)
        draft = SHOT.model_copy(update={"draft": True})
        with pytest.raises(Refused, match=r"CC-BY-NC-SA-4\.0 of the draft LoRA causvid-wan21-1b"):
            studio.call(GENERATE, draft, stage="shoot")
        bare = studio.call(GENERATE, draft.model_copy(update={"lora": False}), stage="shoot").result
        assert (bare.steps, bare.video.licence) == (1, "Apache-2.0")

    def test_where_it_is_allowed_the_clip_carries_its_licence(self, options: dict[str, str], job: Job) -> None:
        pytest.importorskip("peft")
        provider = Diffusion(options)
        made = provider.run(SHOT.model_copy(update={"draft": True}), job)
        assert (made.steps, made.video.licence) == (8, "CC-BY-NC-SA-4.0")
        assert provider.terms(SHOT) == {"Wan 2.1 1.3B": "Apache-2.0"}
