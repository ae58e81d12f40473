"""Presets: how a model is made to fit, tier by tier, and which tiers a machine can try.

Knows memory in GB and switches of diffusers; knows nothing about shots.
"""

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from ...errors import ToolFailed
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
    quantise: Literal["", "fp8"] = ""
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


def apply(pipeline: Any, preset: Preset, here: Machine) -> None:
    """Switch a loaded pipeline to a preset. What its class does not have is left alone."""
    vae = getattr(pipeline, "vae", None)
    if preset.tiling and vae is not None:
        for switch in ("enable_tiling", "enable_slicing"):
            if hasattr(vae, switch):
                getattr(vae, switch)()
    if preset.quantise and hasattr(pipeline, "transformer"):
        import torch

        pipeline.transformer.enable_layerwise_casting(
            storage_dtype=torch.float8_e4m3fn, compute_dtype=getattr(torch, here.dtype)
        )
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
