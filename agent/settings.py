"""Settings: defaults, the user's file, the folder's file, the environment, the caller; the only reader of os.environ.

Knows nothing about what a setting does.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_config_path
from pydantic import Field, ValidationError

from ..tools.media import Frozen
from .errors import BriefError
from .model import Budget

FILE = "reelwright.toml"
PREFIX = "REELWRIGHT_"


class Settings(Frozen):
    """Everything that is configured rather than asked for in a brief."""

    cache: Path | None = Field(default_factory=lambda: user_cache_path("reelwright"))
    """The user's cache folder; empty for none."""
    cache_gb: float = Field(default=20.0, ge=0)
    models: tuple[Path, ...] = ()
    """Local folders with model files."""
    mirror: str = ""
    """A URL under which <model>/<file> is found, for machines that reach no hub."""
    policy: Path | None = None
    """A policy.toml; without one, the one that we ship."""
    model: str = ""
    """A chat model for planning, such as openai:gpt-5; empty plans offline."""
    budget: Budget = Budget()
    order: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Preferred providers by capability."""
    tools: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Options by provider name."""
    lexicon: dict[str, str] = Field(default_factory=dict)
    """How words are said that a voice gets wrong: written form to saying."""
    library: Path | None = None
    """A library of footage (`reelwright index`) that films draw on; empty draws on none."""
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)
    """CPU tools that run side by side."""


def load_settings(folder: Path | None = None, **given: Any) -> Settings:
    """Settings for work in `folder`; what is `given` (and not None) wins over files and environment.

    Raises:
        BriefError: a file or variable does not fit, with its name.
    """
    merged: dict[str, Any] = {}
    for path in (user_config_path("reelwright") / FILE, (folder or Path.cwd()) / FILE):
        merged |= _read(path)
    merged |= _environment(os.environ)
    merged |= {name: value for name, value in given.items() if value is not None}
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BriefError(f"The setting {name} does not fit: {first['msg']}.", f"Check {FILE} and {PREFIX}*.") from error


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BriefError(f"{path} cannot be read: {error}.", "Correct or remove it.") from error


def _environment(variables: Mapping[str, str]) -> dict[str, Any]:
    simple = {
        "CACHE": "cache",
        "CACHE_GB": "cache_gb",
        "MODEL": "model",
        "POLICY": "policy",
        "JOBS": "jobs",
        "MIRROR": "mirror",
        "LIBRARY": "library",
    }
    found: dict[str, Any] = {
        field: variables[PREFIX + name] for name, field in simple.items() if PREFIX + name in variables
    }
    if found.get("cache") == "":
        found["cache"] = None
    return found
