"""Drafts: LoRAs with which a family answers in a few steps, loaded from a local file and switched on for drafts alone.

Knows adapters and schedulers of diffusers; knows nothing about shots.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pydantic import Field

from ...errors import Refused, ToolFailed, ToolMissing
from ...media import Frozen
from ...pickles import refuse_pickle
from .families import Family, Value

ADAPTER = "draft"
STEPS, AREA = 0.4, 0.45
"""Of the steps and of the area that a draft takes, where no LoRA says how many."""


class Draft(Frozen):
    """One row of drafts.toml; a file that no row names is taken as a four-step LoRA without guidance."""

    name: str
    families: tuple[str, ...] = ()
    files: tuple[str, ...] = Field(min_length=1, max_length=2)
    sha256: str = ""
    steps: int = Field(default=4, ge=1)
    guidance: float = 1.0
    scheduler: str = ""
    options: dict[str, Value] = Field(default_factory=dict)
    licence: str = ""
    repo: str = ""
    call: dict[str, Value] = Field(default_factory=dict)

    @property
    def title(self) -> str:
        """For people."""
        return f"the draft LoRA {self.name}"


@cache
def drafts() -> dict[str, Draft]:
    """All rows by name."""
    rows = tomllib.loads((files(__package__) / "drafts.toml").read_text("utf-8"))
    return {name: Draft(name=name, **row) for name, row in rows.items()}


def draft_at(path: Path, row: Family) -> tuple[Draft, tuple[Path, ...]]:
    """The draft that a file is, or that lies in a folder, and its files.

    Raises:
        ToolMissing: there is no such file, or nothing in the folder is for that family.
        Refused: it is no safetensors file, or a pickle, or not the file that its row names.
        ToolFailed: it is for another family.
    """
    path = path.expanduser()
    known = [each for each in drafts().values() if row.name in each.families]
    if path.is_dir():
        lying = [each for each in known if all((path / name).is_file() for name in each.files)]
        if not lying:
            told = ", ".join(name for each in known for name in each.files) or "none is known"
            raise ToolMissing(f"{path} holds no draft LoRA for {row.title}.", f"Put one of its files there: {told}.")
        draft, folder = lying[0], path
    else:
        draft, folder = _named(path.name, row), path.parent
    found = tuple(folder / name for name in draft.files)
    for each in found:
        _sound(each)
    if draft.sha256 and _hash(found[0]) != draft.sha256:
        raise Refused(f"{found[0].name} is not the file that {draft.repo} publishes.", "Download it again.")
    return draft, found


def _named(name: str, row: Family) -> Draft:
    for each in drafts().values():
        if name in each.files:
            if row.name not in each.families:
                raise ToolFailed(f"{name} is for {', '.join(each.families)}, not for {row.name}.", "Take another one.")
            return each
    return Draft(name=Path(name).stem, files=(name,), licence=row.licence)


def _sound(path: Path) -> None:
    if not path.is_file():
        raise ToolMissing(f"There is no draft LoRA at {path}.", "Correct the `draft` option, or download the file.")
    refuse_pickle(path)
    if path.suffix != ".safetensors":
        raise Refused(f"{path.name} is no safetensors file.", "Only safetensors are loaded.")


def _hash(path: Path) -> str:
    written = path.stat()
    return _hashed(path, written.st_size, written.st_mtime_ns)


@lru_cache(maxsize=8)
def _hashed(path: Path, _size: int, _written: int) -> str:
    """Hashed once while the file stays as it is: gigabytes take seconds."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def add(pipeline: Any, draft: Draft, paths: tuple[Path, ...]) -> None:
    """Load the adapter into a pipeline and leave it switched off. To be done before its parts are offloaded.

    Raises:
        ToolMissing: peft is not here.
        ToolFailed: the file holds no adapter for this pipeline.
    """
    if find_spec("peft") is None:
        raise ToolMissing("Draft LoRAs need peft.", "Install it: pip install 'reelwright[diffusion]'.")
    if not hasattr(pipeline, "load_lora_weights"):
        raise ToolFailed(f"{type(pipeline).__name__} takes no LoRA.", "Remove the `draft` option.")
    try:
        for path, second in zip(paths, ({}, {"load_into_transformer_2": True}), strict=False):
            pipeline.load_lora_weights(
                path.parent, weight_name=path.name, adapter_name=ADAPTER, local_files_only=True, **second
            )
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ToolFailed(f"{paths[0].name} cannot be loaded into this model: {error}", "Take another LoRA.") from error
    if not any(ADAPTER in names for names in pipeline.get_list_adapters().values()):
        raise ToolFailed(f"{paths[0].name} changes nothing in this model.", "Take a LoRA that was made for it.")
    pipeline.disable_lora()


@contextmanager
def drafting(pipeline: Any, draft: Draft | None) -> Iterator[None]:
    """The adapter and its scheduler for the time of a draft; without one nothing changes."""
    if draft is None:
        yield
        return
    own = pipeline.scheduler
    if draft.scheduler:
        import diffusers

        pipeline.scheduler = getattr(diffusers, draft.scheduler).from_config(own.config, **draft.options)
    pipeline.enable_lora()
    try:
        yield
    finally:
        pipeline.disable_lora()
        pipeline.scheduler = own
