"""Switches that make a model smaller or quicker, on the tiny Wan: each runs, and does what it says, or is named."""

import json
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright.memory.assets import AssetStore
from reelwright.tools.base import Job
from reelwright.tools.errors import Refused, ToolFailed, ToolMissing
from reelwright.tools.media import Size
from reelwright.tools.models import Models
from reelwright.tools.video.diffusion import GenerateRequest
from reelwright.tools.video.diffusion.presets import changed, presets
from reelwright.tools.video.diffusion.provider import Diffusion

pytestmark = pytest.mark.xdist_group("diffusion")
Model = Callable[[str], Path]
SHOT = GenerateRequest(prompt="a red boat", size=Size(width=64, height=64), frames=5, seed=3)


def local(folder: Path, options: Mapping[str, str]) -> Diffusion:
    given = {"folder": str(folder), "family": "wan22-5b", "steps": "4", "guidance": "1.0"}
    return Diffusion({**given, "call": json.dumps({"max_sequence_length": 16}), **options})


def clip(folder: Path, options: Mapping[str, str], job: Job) -> tuple[Any, Any]:
    """The pixels and the transformer that made them."""
    from reelwright.tools.video.diffusion.intake import ask_of
    from reelwright.tools.video.diffusion.steps import Watch

    provider = local(folder, options)
    session = provider._opened()
    ask = ask_of(SHOT, provider.row().model_copy(update={"steps": 4, "guidance": 1.0}), job, 5)
    made = session.make(ask, Watch(job.progress, lambda seen: None, job.cancelled))
    return made.pixels.astype(np.int16), session._base.transformer


@pytest.fixture(scope="module")
def plain(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the model makes with nothing changed."""
    place = tmp_path_factory.mktemp("plain")
    return clip(model("wan"), {}, Job(place, AssetStore(place / "assets"), Models.installed(None, ())))[0]


@pytest.mark.parametrize("options", [{"quantise": "fp8"}, {"quantise": "int8"}, {"attention": "native"}])
def test_a_smaller_or_quicker_model_makes_nearly_the_same_clip(
    job: Job, model: Model, plain: Any, options: dict[str, str]
) -> None:
    if options.get("quantise") == "int8":
        pytest.importorskip("torchao")
    seen, transformer = clip(model("wan"), options, job)
    assert np.abs(seen - plain).mean() < 4
    query = transformer.blocks[0].attn1.to_q.weight
    held = {"fp8": "float8", "int8": "Int8"}.get(options.get("quantise", ""), "float32")
    assert held in f"{query.dtype} {type(query).__name__}"


@pytest.mark.parametrize("kind", ["first-block", "taylor", "pyramid"])
def test_a_step_cache_leaves_out_blocks(job: Job, model: Model, kind: str) -> None:
    provider = local(model("wan"), {"cache": kind, "steps": "8"})
    session, calls = provider._opened(), list[int]()
    transformer = session._opened("text").transformer
    transformer.blocks[-1].attn1.to_q.register_forward_hook(lambda *_: calls.append(1))
    assert provider.run(SHOT, job).video.frames == 5
    assert transformer.is_cache_enabled
    assert len(calls) < 8


@pytest.mark.slow
def test_blocks_that_are_alike_are_compiled_once(job: Job, model: Model, plain: Any) -> None:
    """By the back end that only traces: torch's own needs a compiler, and minutes."""
    seen, transformer = clip(model("wan"), {"compile": "eager"}, job)
    assert all(block._compiled_call_impl is not None for block in transformer.blocks)
    assert np.abs(seen - plain).max() <= 1


def test_an_adapter_and_fp8_go_together(job: Job, model: Model, tmp_path: Path) -> None:
    pytest.importorskip("peft")
    import torch
    from safetensors.torch import save_file

    rows = {"lora_A.weight": torch.randn(4, 24), "lora_B.weight": torch.randn(24, 4)}
    save_file(
        {f"transformer.blocks.0.attn1.to_q.{name}": part for name, part in rows.items()}, tmp_path / "a.safetensors"
    )
    options = {"quantise": "fp8", "draft": str(tmp_path / "a.safetensors")}
    provider = local(model("wan"), options)
    draft = provider.run(SHOT.model_copy(update={"draft": True}), job)
    assert draft.steps == 4
    assert provider.run(SHOT, job).video.id != draft.video.id


def test_a_switch_that_there_is_not_is_named(model: Model) -> None:
    with pytest.raises(ToolFailed, match="quantise"):
        local(model("wan"), {"quantise": "int2"}).ready()
    with pytest.raises(ToolFailed, match="cache"):
        changed(presets()[0], {"cache": "everything"})


def test_a_back_end_that_there_is_not_is_named(job: Job, model: Model) -> None:
    with pytest.raises(ToolFailed, match="no such switch"):
        local(model("wan"), {"attention": "telepathy"}).run(SHOT, job)


class TestPacked:
    """A GGUF file takes the place of the transformer."""

    def test_its_blocks_stay_packed_and_make_nearly_the_same_clip(
        self, job: Job, model: Model, plain: Any, tmp_path: Path
    ) -> None:
        pytest.importorskip("gguf")
        packed = written(model("wan"), tmp_path / "wan.gguf")
        seen, transformer = clip(model("wan"), {"weights": str(packed)}, job)
        assert type(transformer.blocks[0].ffn.net[2].weight).__name__ == "GGUFParameter"
        assert np.abs(seen - plain).mean() < 4

    @pytest.mark.skipif(find_spec("gguf") is None, reason="needs gguf")
    def test_one_of_another_model_is_named(self, job: Job, model: Model, tmp_path: Path) -> None:
        import gguf

        writer = gguf.GGUFWriter(tmp_path / "other.gguf", "other")
        writer.add_tensor("some.weight", np.zeros((4, 32), np.float32))
        for write in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file):
            write()
        writer.close()
        with pytest.raises(ToolFailed, match=r"other\.gguf does not fit"):
            local(model("wan"), {"weights": str(tmp_path / "other.gguf")}).run(SHOT, job)

    def test_what_is_none_is_refused(self, job: Job, model: Model, tmp_path: Path) -> None:
        path = tmp_path / "wan.gguf"
        with pytest.raises(ToolMissing, match="no weights at"):
            local(model("wan"), {"weights": str(path)}).run(SHOT, job)
        path.write_bytes(b"PK\x03\x04")
        with pytest.raises(Refused, match="no GGUF file"):
            local(model("wan"), {"weights": str(path)}).run(SHOT, job)


def written(folder: Path, path: Path) -> Path:
    """The tiny Wan's transformer as GGUF files hold it: its authors' names, and eight bits where rows are of 32."""
    import gguf
    from safetensors.numpy import load_file

    rows = load_file(folder / "transformer" / "diffusion_pytorch_model.safetensors")
    writer = gguf.GGUFWriter(path, "wan")
    for name, values in rows.items():
        shown = named(name)
        fits = values.ndim == 2 and values.shape[-1] % 32 == 0 and "blocks" in name
        if fits:
            eight = gguf.quantize(values, gguf.GGMLQuantizationType.Q8_0)
            writer.add_tensor(shown, eight, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
        else:
            writer.add_tensor(shown, values)
    for write in (writer.write_header_to_file, writer.write_kv_data_to_file, writer.write_tensors_to_file):
        write()
    writer.close()
    return path


def named(name: str) -> str:
    """A diffusers name as Wan's authors have it."""
    for ours, theirs in {
        "condition_embedder.time_embedder.linear_1": "time_embedding.0",
        "condition_embedder.time_embedder.linear_2": "time_embedding.2",
        "condition_embedder.text_embedder.linear_1": "text_embedding.0",
        "condition_embedder.text_embedder.linear_2": "text_embedding.2",
        "condition_embedder.time_proj": "time_projection.1",
        "proj_out": "head.head",
        "attn1": "self_attn",
        "attn2": "cross_attn",
        "to_out.0": "o",
        "to_q": "q",
        "to_k": "k",
        "to_v": "v",
        "ffn.net.0.proj": "ffn.0",
        "ffn.net.2": "ffn.2",
        "norm2": "norm3",
    }.items():
        name = name.replace(ours, theirs)
    if name.endswith("scale_shift_table"):
        name = name.replace("scale_shift_table", "modulation" if name.startswith("blocks") else "head.modulation")
    return name
