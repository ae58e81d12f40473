"""Loads pipelines from folders: safetensors only, no code from a model, and the class must be one that we drive.

Knows diffusers' folders; knows nothing about requests.
"""

import json
from pathlib import Path
from typing import Any

from ...errors import Refused, ToolFailed, ToolMissing
from ...pickles import refuse_pickle
from .families import Family, Mode, family_of
from .presets import Machine

INDEX = "model_index.json"


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
    weights = [
        path for path in sorted(folder.rglob("*")) if path.suffix in (".bin", ".pt", ".pth", ".ckpt", ".safetensors")
    ]
    for path in weights:
        refuse_pickle(path)
    if not any(path.suffix == ".safetensors" for path in weights):
        raise ToolMissing(f"{folder.name} holds no safetensors weights.", "Download the model again, as safetensors.")


def load(folder: Path, here: Machine) -> Any:
    """The folder's pipeline in the machine's precision, on no device yet.

    Raises:
        ToolFailed: a part is missing or broken.
    """
    import diffusers
    import torch

    name, _ = inspected(folder)
    kind = getattr(diffusers, name, None)
    if kind is None:
        raise ToolFailed(f"This diffusers has no {name}.", "Install a newer one: pip install -U diffusers.")
    try:
        pipeline = kind.from_pretrained(
            folder,
            dtype=getattr(torch, here.dtype),
            local_files_only=True,
            use_safetensors=True,
            trust_remote_code=False,
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise ToolFailed(f"{folder.name} cannot be loaded: {error}", "Download the model again.") from error
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def turned(pipeline: Any, family: Family, mode: Mode) -> Any:
    """The same weights behind the class of another mode.

    Raises:
        ToolFailed: the family has no such mode, or its own weights are needed for it.
    """
    import diffusers

    name = family.pipeline(mode)
    if type(pipeline).__name__ == name:
        return pipeline
    if not name or (mode in ("image", "ends") and not family.shared):
        raise ToolFailed(f"{family.title} cannot work from {mode} with these weights.", "Choose another family.")
    other = getattr(diffusers, name).from_pipe(pipeline, dtype=None)
    other.set_progress_bar_config(disable=True)
    return other
