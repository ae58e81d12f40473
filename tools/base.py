"""The protocol every tool speaks, and the job it is handed.

Knows nothing about scenes or shots, nor about caches and budgets: the door (agent/studio.py) does.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, Field

from .media import Asset, Frozen, Kind, Size

Req = TypeVar("Req", bound=BaseModel, contravariant=True)
Res = TypeVar("Res", bound=BaseModel, covariant=True)
Device = Literal["cpu", "gpu", "net"]


class Cost(Frozen):
    """What a call is expected to take: money in US dollars, wall seconds of tool work."""

    money: float = Field(default=0.0, ge=0)
    seconds: float = Field(default=0.0, ge=0)

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(money=self.money + other.money, seconds=self.seconds + other.seconds)


class Priced(Frozen):
    """A result that knows what it cost, in US dollars, better than its quote did."""

    money: float = Field(default=0.0, ge=0)


class Shelf(Protocol):
    """Where assets live (memory/assets.py)."""

    def path(self, asset_id: str) -> Path:
        """The asset's file; ToolFailed if it is not there."""
        ...

    def add(self, path: Path, asset: Callable[[str], Asset]) -> Asset:
        """Move the file in under its sha256 and return `asset(sha256)`."""
        ...


class Weights(Protocol):
    """Where model files come from (tools/models.py)."""

    def path(self, name: str) -> Path:
        """The verified file or folder of the model `name`; ToolMissing if no source has it."""
        ...

    def digest(self, name: str) -> str:
        """The sha256 that the lock file demands, for cache keys."""
        ...


def _silent(part: float) -> None: ...


def _unseen(asset: Asset) -> None: ...


def _never() -> bool:
    return False


def _forgetful() -> str:
    return ""


def _unwritten(text: str) -> None: ...


class Job:
    """One run of one tool: a scratch folder, assets in and out, models, progress and cancel.

    `noted` and `note` read and write a few words that outlive the process until the same request has its result: the
    number of an order that is paid for elsewhere. Empty words are none.
    """

    def __init__(
        self,
        scratch: Path,
        shelf: Shelf,
        weights: Weights,
        *,
        progress: Callable[[float], None] = _silent,
        preview: Callable[[Asset], None] = _unseen,
        cancelled: Callable[[], bool] = _never,
        noted: Callable[[], str] = _forgetful,
        note: Callable[[str], None] = _unwritten,
    ) -> None:
        self.scratch = scratch
        self.progress = progress
        self.preview = preview
        self.cancelled = cancelled
        self.noted = noted
        self.note = note
        self._shelf = shelf
        self._weights = weights

    def path(self, asset_id: str) -> Path:
        """The file of an asset named in the request."""
        return self._shelf.path(asset_id)

    def model(self, name: str) -> Path:
        """The verified file of a model in tools/models.lock."""
        return self._weights.path(name)

    def save(
        self,
        path: Path,
        kind: Kind,
        *,
        licence: str,
        origin: str,
        frames: int | None = None,
        rate: Fraction | None = None,
        size: Size | None = None,
    ) -> Asset:
        """Move a finished file from scratch to the shelf; its ending becomes the asset's format."""
        ending = path.suffix.lstrip(".").lower()

        def label(digest: str) -> Asset:
            return Asset(
                id=digest, kind=kind, format=ending, frames=frames, rate=rate, size=size, licence=licence, origin=origin
            )

        return self._shelf.add(path, label)


class Tool(Protocol[Req, Res]):
    """What a provider is: six facts and three verbs. Its constructor takes its options (a mapping of strings)."""

    name: str
    """capability.provider, such as speech.piper."""
    version: str
    """Part of the cache key: bump it when the output changes."""
    models: tuple[str, ...]
    """Names in the model lock whose hashes belong to the cache key."""
    device: Device
    """Which limiter the call waits at."""

    @property
    def result(self) -> type[Res]:
        """The pydantic model that run returns, to read it back from the cache."""
        ...

    def ready(self) -> None:
        """Return if this machine can run it, else raise ToolMissing with the extra to install."""
        ...

    def quote(self, request: Req) -> Cost:
        """What the request will cost, before it is run."""
        ...

    def run(self, request: Req, job: Job) -> Res:
        """Do it. Raises ToolBusy where a retry may help, ToolFailed where not."""
        ...


@runtime_checkable
class Licensed(Protocol[Req]):
    """A tool that knows before a call under which licences its answer will stand."""

    def terms(self, request: Req) -> Mapping[str, str]:
        """Licences, each by the name of what has it."""
        ...
