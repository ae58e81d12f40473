"""Loads pipelines from folders: safetensors or GGUF only, no code from a model, and of a class that we drive.

Knows diffusers' folders; knows nothing about requests.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from ...errors import Refused, ToolFailed, ToolMissing
from .families import Family, Mode, family_of, unable
from .presets import Machine

INDEX = "model_index.json"
BROKEN = (OSError, ValueError, KeyError, TypeError, RuntimeError, AttributeError)
"""What the loaders of diffusers and transformers raise for folders and files that are not whole."""


def installed() -> None:
    """Return if torch and diffusers are here, else raise ToolMissing."""
    from importlib.util import find_spec

    for package in ("torch", "diffusers", "transformers", "accelerate"):
        if find_spec(package) is None:
            raise ToolMissing(f"{package} is not installed.", "Install it: pip install 'reelwright[diffusion]'.")


def inspected(folder: Path) -> tuple[str, Family]:
    """The pipeline class that a folder names, and its family.

    Raises:
        ToolMissing: there is no model in the folder.
        Refused: it holds pickles, or names a class of its own.
        ToolFailed: its index cannot be read, or names a class that no family has.
    """
    index = folder / INDEX
    if not index.is_file():
        raise ToolMissing(f"{folder} holds no diffusers model ({INDEX} is missing).", "Name the folder of a model.")
    try:
        name = json.loads(index.read_text("utf-8"))["_class_name"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ToolFailed(f"{index} cannot be read: {error}.", "Download the model again.") from error
    if not isinstance(name, str):
        raise Refused(
            f"{folder.name} brings a pipeline of its own, and no code of a model is run.", "Use another model."
        )
    refuse_pickles(folder)
    return name, family_of(name)


def refuse_pickles(folder: Path) -> None:
    """Refused if any file below would run code when it is loaded, or if there are no safetensors at all."""
    from ...pickles import refuse_pickle

    weights = [
        path for path in sorted(folder.rglob("*")) if path.suffix in (".bin", ".pt", ".pth", ".ckpt", ".safetensors")
    ]
    for path in weights:
        refuse_pickle(path)
    if not any(path.suffix == ".safetensors" for path in weights):
        raise ToolMissing(f"{folder.name} holds no safetensors weights.", "Download the model again, as safetensors.")


def load(folder: Path, here: Machine, weights: Path | None = None) -> Any:
    """The folder's pipeline in the machine's precision, on no device yet.

    Args:
        weights: a GGUF file that takes the place of the folder's transformer.

    Raises:
        ToolMissing: it needs a package that is not here.
        ToolFailed: a part is missing or broken.
    """
    import diffusers
    import torch

    name, _ = inspected(folder)
    kind = getattr(diffusers, name, None)
    if kind is None:
        raise ToolFailed(f"This diffusers has no {name}.", "Install a newer one: pip install -U diffusers.")
    parts = {"transformer": packed(weights, folder, here)} if weights else {}
    try:
        pipeline = kind.from_pretrained(
            folder,
            dtype=getattr(torch, here.dtype),
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
            **parts,
        )
    except ImportError as error:
        raise ToolMissing(f"{folder.name} needs a package that is not here: {error}", "Install it.") from error
    except BROKEN as error:
        raise ToolFailed(f"{folder.name} cannot be loaded: {error}", "Download the model again.") from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def packed(weights: Path, folder: Path, here: Machine) -> Any:
    """The transformer out of a GGUF file, in the shape that the folder's own has; its blocks stay packed in memory.

    Raises:
        ToolMissing: there is no such file, or no gguf package.
        Refused: it is something else than GGUF.
        ToolFailed: it is for another model.
    """
    import torch

    diffusers: Any = import_module("diffusers")
    if not weights.is_file():
        raise ToolMissing(f"There are no weights at {weights}.", "Correct the `weights` option.")
    with weights.open("rb") as stream:
        if stream.read(4) != b"GGUF":
            raise Refused(f"{weights.name} is no GGUF file.", "The `weights` option takes GGUF files.")
    try:
        kind = getattr(diffusers, json.loads((folder / INDEX).read_text("utf-8"))["transformer"][1])
        dtype = getattr(torch, here.dtype)
        return kind.from_single_file(
            weights, config=str(folder), subfolder="transformer", dtype=dtype, local_files_only=True,
            quantization_config=diffusers.GGUFQuantizationConfig(compute_dtype=dtype),
        )  # fmt: skip
    except ImportError as error:
        raise ToolMissing(f"GGUF weights need a package: {error}", "Install it: pip install gguf.") from error
    except BROKEN as error:
        raise ToolFailed(
            f"{weights.name} does not fit {folder.name}: {error}", "Use the file of that model."
        ) from error


def turned(pipeline: Any, family: Family, mode: Mode, here: Machine, beside: str = "") -> Any:
    """The same weights behind the class of another mode.

    Args:
        beside: the folder of the model that a map needs beside the family's own, where it needs one.

    Raises:
        ToolFailed: the family has no such mode, or its own weights are needed for it.
    """
    import diffusers

    name = family.pipeline(mode)
    if not family.serves(type(pipeline).__name__, mode):
        raise unable(family, mode)
    if type(pipeline).__name__ == name:
        return pipeline
    parts = {"controlnet": _control(family, beside, here)} if mode == "control" and family.beside else {}
    other = getattr(diffusers, name).from_pipe(pipeline, dtype=None, **parts)
    other.set_progress_bar_config(disable=True)
    return other


def _control(family: Family, beside: str, here: Machine) -> Any:
    import diffusers
    import torch

    if not beside:
        raise ToolMissing(
            f"{family.title} needs a {family.beside} to follow a map.",
            'Set its folder as `control` of [tools."video.generate.local"] in reelwright.toml.',
        )
    folder = Path(beside).expanduser()
    refuse_pickles(folder)
    try:
        found = getattr(diffusers, family.beside).from_pretrained(
            folder, dtype=getattr(torch, here.dtype), local_files_only=True, use_safetensors=True
        )
    except BROKEN as error:
        raise ToolFailed(f"{folder.name} cannot be loaded: {error}", "Download the model again.") from error
    return found.to(here.place)
