"""Presets: how a model is made to fit, tier by tier, and which tiers a machine can try.

Knows memory in GB and switches of diffusers; knows nothing about shots.
"""

import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from pydantic import ValidationError

from ...errors import ToolFailed, ToolMissing
from ...media import Frozen
from .families import Family, families

if TYPE_CHECKING:
    import torch


class Preset(Frozen):
    """One tier of presets.toml."""

    name: str
    need: float
    offload: Literal["none", "model", "group", "sequential"] = "none"
    tiling: bool = True
    quantise: Literal["", "fp8", "int8"] = ""
    cache: Literal["", "first-block", "taylor", "pyramid"] = ""
    """Steps that change little are not computed again in full."""
    compile: str = ""
    """The back end of torch that compiles the blocks, once for all that are alike; "inductor" is torch's own."""
    attention: str = ""
    """One of diffusers' attention back ends, such as "flash" or "sage"; empty is torch's own."""
    area: float = 1.0
    """Of the native area that is generated."""


class Machine(Frozen):
    """What the models run on: device, GB that a model may take, and the precision that is fast there."""

    device: Literal["cpu", "cuda", "mps"]
    memory: float
    dtype: Literal["float32", "bfloat16", "float16"]
    name: str = ""
    index: int = 0
    """Which of several cards."""

    @property
    def place(self) -> str:
        """What torch calls it."""
        return f"cuda:{self.index}" if self.device == "cuda" else self.device


@cache
def presets() -> tuple[Preset, ...]:
    """All tiers, the roomy one first."""
    rows = tomllib.loads((files(__package__) / "presets.toml").read_text("utf-8"))
    return tuple(Preset(name=name, **row) for name, row in rows.items())


def devices() -> tuple[str, ...]:
    """Every card, as torch calls them; without one the device that there is."""
    import torch

    return tuple(f"cuda:{at}" for at in range(torch.cuda.device_count())) or (machine().device,)


def machine(device: str = "") -> Machine:
    """The machine as torch sees it, or one device of it by torch's name; a processor counts its main memory.

    Raises:
        ToolFailed: there is no such device.
    """
    import torch

    kind, _, number = device.partition(":")
    index = int(number) if number.isdigit() else 0
    if (kind == "cuda" and index >= torch.cuda.device_count()) or kind not in ("", "cuda", "mps", "cpu"):
        raise ToolFailed(f"There is no device {device!r} here.", "Correct devices in reelwright.toml.")
    if torch.cuda.is_available() and kind in ("", "cuda"):
        card = torch.cuda.get_device_properties(index)
        dtype: Any = "bfloat16" if torch.cuda.is_bf16_supported() else "float16"
        return Machine(device="cuda", memory=card.total_memory / 1024**3, dtype=dtype, name=card.name, index=index)
    if torch.backends.mps.is_available() and kind in ("", "mps"):
        return Machine(device="mps", memory=_main_memory() * 0.7, dtype="float16", name="Apple graphics")
    return Machine(device="cpu", memory=_main_memory() * 0.8, dtype="float32", name="processor")


def _main_memory() -> float:
    import os

    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3


def changed(row: Preset, options: Mapping[str, str]) -> Preset:
    """The preset with what a person sets otherwise, for every tier alike.

    Raises:
        ToolFailed: a switch has a value that there is not.
    """
    given = {name: options[name] for name in ("quantise", "cache", "compile", "attention") if options.get(name)}
    try:
        return Preset.model_validate(row.model_dump() | given)
    except ValidationError as error:
        told = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors())
        raise ToolFailed(f"An option of the video model is not known: {told}.", "See docs/generating.md.") from error


def tiers(family: Family, here: Machine, first: str = "") -> tuple[Preset, ...]:
    """The presets to try, in order: from the roomiest that fits, or from the one that is asked for by name.

    Without an accelerator there is nothing to offload from: only those tiers stay that a processor has.
    """
    fitting = [each for each in presets() if here.device != "cpu" or each.offload == "none" or each.area < 1]
    names = [each.name for each in fitting]
    if first in names:
        return tuple(fitting[names.index(first) :])
    roomy = [each for each in fitting if family.memory * each.need <= here.memory]
    return tuple(roomy) or (fitting[-1],)


def listed(here: Machine) -> tuple[tuple[str, str], ...]:
    """Every family with what it wants, and the preset that it would begin with on a machine, in words."""
    return tuple(
        (
            name,
            f"{row.title}, about {row.memory:g} GB, {row.licence}; "
            f"preset {tiers(row, here)[0].name} on {here.name or here.device} with {here.memory:.0f} GB",
        )
        for name, row in families().items()
    )


def apply(pipeline: Any, preset: Preset, here: Machine, moment: Callable[[], int] = int) -> None:
    """Switch a loaded pipeline to a preset. What its class does not have is left alone.

    Args:
        moment: the timestep that the pipeline is at, for the cache that asks.

    Raises:
        ToolMissing: a switch needs a package that is not here.
        ToolFailed: the model has no such switch that was asked for by name.
    """
    vae = getattr(pipeline, "vae", None)
    if preset.tiling and vae is not None:
        for switch in ("enable_tiling", "enable_slicing"):
            if hasattr(vae, switch):
                getattr(vae, switch)()
    parts = [getattr(pipeline, name, None) for name in ("transformer", "transformer_2", "unet")]
    for part in (each for each in parts if each is not None):
        try:
            _quicken(part, preset, here, moment)
        except ImportError as error:
            raise ToolMissing(f"A switch of the preset needs a package: {error}", "Install it.") from error
        except (AttributeError, ValueError, NotImplementedError) as error:
            told = f"{type(part).__name__} has no such switch: {error}"
            raise ToolFailed(told, "Leave out quantise, cache, compile or attention.") from error
    _place(pipeline, preset, here)


def _quicken(part: Any, preset: Preset, here: Machine, moment: Callable[[], int]) -> None:
    import torch

    if preset.attention:
        part.set_attention_backend(preset.attention)
    if preset.quantise == "fp8":
        part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=getattr(torch, here.dtype))
    elif preset.quantise == "int8":
        quantisation: Any = import_module("torchao.quantization")
        quantisation.quantize_(part, quantisation.Int8WeightOnlyConfig())
    if preset.cache:
        part.enable_cache(_cache(preset.cache, moment))
    if preset.compile:
        part.compile_repeated_blocks(backend=preset.compile)


def _cache(kind: str, moment: Callable[[], int]) -> Any:
    diffusers: Any = import_module("diffusers")
    if kind == "first-block":
        return diffusers.FirstBlockCacheConfig(threshold=0.1)
    if kind == "taylor":
        # its own patterns pass over Wan's attn1 and attn2
        return diffusers.TaylorSeerCacheConfig(cache_identifiers=[r".*blocks\..*attn\d*"])
    return diffusers.PyramidAttentionBroadcastConfig(
        spatial_attention_block_skip_range=2, current_timestep_callback=moment
    )


def _place(pipeline: Any, preset: Preset, here: Machine) -> None:
    if here.device == "cpu":
        return
    if preset.offload == "model":
        pipeline.enable_model_cpu_offload(device=here.place)
    elif preset.offload == "sequential":
        pipeline.enable_sequential_cpu_offload(device=here.place)
    elif preset.offload == "group":
        pipeline.enable_group_offload(
            onload_device=_device(here.place), offload_type="leaf_level", use_stream=here.device == "cuda"
        )
    else:
        pipeline.to(here.place)


def _device(name: str) -> "torch.device":
    import torch

    return torch.device(name)
