"""Settings: defaults, the user's file, the folder's file, the environment, the caller; the only reader of os.environ.

Knows nothing about what a setting does.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, get_args

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, field_validator

from ..memory.project import DamagedRecord, RecordFile
from ..tools.media import Frozen
from ..tools.mind import Options
from .errors import BriefError
from .mind import Role
from .model import Bridging, Budget, Wanted
from .record import MIGRATIONS, RECORD, SCHEMA, Record

FILE = "reelwright.toml"
PREFIX = "REELWRIGHT_"
FROM_ENVIRONMENT = "env:"


class Chosen(Frozen):
    """How a model is reached, as reelwright.toml says it: what is not set keeps its default."""

    base_url: str = ""
    """Any server that speaks the house's protocol, such as vLLM, llama.cpp or LM Studio for `openai:…`."""
    key: str = ""
    """The name of the environment variable that holds the key, never the key."""
    temperature: float | None = Field(default=None, ge=0, le=2)
    seed: int | None = None
    max_tokens: int | None = Field(default=None, ge=16)
    timeout: float | None = Field(default=None, gt=0)
    way: Literal["auto", "schema", "tools", "plain"] | None = None
    """How answers are made to fit: JSON schema, a tool call, or words; auto tries them in this order."""
    stream: bool | None = None
    price_in: float | None = Field(default=None, ge=0)
    price_out: float | None = Field(default=None, ge=0)


class Roles(Frozen):
    """Which models think in which role: a name, or several in the order in which they are asked."""

    writer: tuple[str, ...] = ()
    director: tuple[str, ...] = ()
    critic: tuple[str, ...] = ()
    default: Chosen = Chosen()
    """How models are reached that `named` says nothing else about."""
    named: dict[str, Chosen] = Field(default_factory=dict)

    @field_validator("writer", "director", "critic", mode="before")
    @classmethod
    def _one_or_several(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value


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
    """A chat model for every role, such as openai:gpt-5, or several with commas as a chain; empty plans offline."""
    minds: Roles = Roles()
    budget: Budget = Budget()
    order: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Preferred providers by capability."""
    tools: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Options by provider name; one that reads env:NAME is the environment's variable of that name, for keys."""
    lexicon: dict[str, str] = Field(default_factory=dict)
    """How words are said that a voice gets wrong: written form to saying."""
    cast: dict[str, str] = Field(default_factory=dict)
    """Voices of speakers, and of scenes by their heading."""
    clone_voice: Path | None = None
    """A recording of the voice that is cloned for the narrator, with that person's `consent` in words."""
    consent: str = ""
    voice_over: Path | None = None
    """A recording that replaces the narrator."""
    library: Path | None = None
    """A library of footage (`reelwright index`) that films draw on; empty draws on none."""
    remotes: tuple[str, ...] = ()
    """Remote libraries that films ask for what the library does not show: pexels, pixabay, openverse, commons…"""
    rerank: bool = False
    """Let the critic's model look over the footage that was found for each sentence, in words."""
    source: Wanted = "auto"
    """Where pictures come from: motion graphics, a library, or a video model; auto weighs them shot by shot."""
    draft: bool = False
    """Generated shots are made quickly and small, to be judged; `resume --final` makes them in full."""
    transitions: Bridging = "auto"
    """Between generated shots: auto generates dissolves where all pictures are generated, and the model can."""
    references: dict[str, Path] = Field(default_factory=dict)
    """Pictures that generated shots keep to: a character by name, or `style`."""
    backdrops: Literal["drawn", "generated"] = "drawn"
    """Soft moving backgrounds: by formulas, or by our own diffusion model."""
    taste: Path | None = Field(default_factory=lambda: user_data_path("reelwright") / "taste.jsonl")
    """Where verdicts on films are remembered, on this machine; empty for nowhere."""
    learn: bool = False
    """Let what was liked before lean on new plans."""
    jobs: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)
    """CPU tools that run side by side."""
    cards: int = Field(default=1, ge=1)
    """Graphics cards that share the queue of what is generated."""


def load_settings(folder: Path | None = None, *, begun: bool = True, **given: Any) -> Settings:
    """Settings for work in `folder`; what is `given` (and not None) wins over files and environment.

    Args:
        begun: keep to the sources of pictures that the film in the folder was begun with.

    Raises:
        BriefError: a file or variable does not fit, with its name.
    """
    merged: dict[str, Any] = {}
    wanted = {name: value for name, value in given.items() if value is not None}
    files = [_read(path) for path in (user_config_path("reelwright") / FILE, (folder or Path.cwd()) / FILE)]
    kept = _kept(folder) if folder is not None and begun else {}
    for layer in (*files, _environment(os.environ), kept, wanted):
        minds = _joined(merged.get("minds", {}), layer.get("minds", {}))
        merged |= layer | ({"minds": minds} if minds else {})
    merged |= {"tools": _revealed(merged["tools"])} if "tools" in merged else {}
    try:
        return Settings.model_validate(merged)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise BriefError(f"The setting {name} does not fit: {first['msg']}.", f"Check {FILE} and {PREFIX}*.") from error


def chain_of(settings: Settings, role: Role) -> tuple[str, ...]:
    """The models of a role: its own, else those for every role; none plans offline."""
    common = tuple(part.strip() for part in settings.model.split(",") if part.strip())
    own: tuple[str, ...] = getattr(settings.minds, role)
    return own or common


def options_of(settings: Settings, model: str) -> Options:
    """How a model is reached: what is set for it, else for all; its key from the environment variable it names."""
    merged: dict[str, Any] = {}
    for chosen in (settings.minds.default, settings.minds.named.get(model, Chosen())):
        merged |= chosen.model_dump(exclude_unset=True, exclude_none=True)
    variable = merged.pop("key", "")
    if variable and variable not in os.environ:
        raise BriefError(
            f"The variable {variable}, which should hold the key of {model}, is not set.",
            f"Set it, or change key under [minds.named] in {FILE}.",
        )
    return Options.model_validate(merged | {"key": SecretStr(os.environ.get(variable, "") if variable else "")})


def _kept(folder: Path) -> dict[str, Any]:
    """What the film in the folder was begun with; nothing where there is none, or its record is damaged."""
    try:
        record = RecordFile(folder / RECORD, Record, SCHEMA, MIGRATIONS).load()
    except DamagedRecord:
        return {}
    return record.begun.model_dump(exclude_none=True) if record and record.begun else {}


def _revealed(tools: Any) -> Any:
    """Options with env:NAME replaced by what the environment holds; nothing where it holds nothing."""
    if isinstance(tools, dict):
        return {name: _revealed(value) for name, value in tools.items()}
    if isinstance(tools, str) and tools.startswith(FROM_ENVIRONMENT):
        return os.environ.get(tools.removeprefix(FROM_ENVIRONMENT), "")
    return tools


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
        "SOURCE": "source",
        "RERANK": "rerank",
        "BACKDROPS": "backdrops",
        "TASTE": "taste",
        "LEARN": "learn",
        "DRAFT": "draft",
        "TRANSITIONS": "transitions",
        "CARDS": "cards",
    }
    found: dict[str, Any] = {
        field: variables[PREFIX + name] for name, field in simple.items() if PREFIX + name in variables
    }
    found |= {name: None for name in ("cache", "taste") if found.get(name) == ""}
    if PREFIX + "REMOTES" in variables:
        found["remotes"] = tuple(filter(None, map(str.strip, variables[PREFIX + "REMOTES"].split(","))))
    minds: dict[str, Any] = {
        role: variables[PREFIX + role.upper()] for role in get_args(Role) if PREFIX + role.upper() in variables
    }
    if PREFIX + "BASE_URL" in variables:
        minds["default"] = {"base_url": variables[PREFIX + "BASE_URL"]}
    return found | ({"minds": minds} if minds else {})


def _joined(old: Any, new: Any) -> Any:
    """Tables join name by name, so that a flag for one role leaves the file's others."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return new
    return old | {name: _joined(old.get(name, {}), value) for name, value in new.items()}
