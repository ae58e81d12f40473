"""The project folder: one durable record, read and written whole, and a lock against a second process.

Generic over the pydantic model that the agent hands in; knows nothing about films.
"""

import contextlib
import fcntl
import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

Record = TypeVar("Record", bound=BaseModel)
Migration = Callable[[dict[str, object]], dict[str, object]]


class DamagedRecord(ValueError):
    """project.json cannot be read as any schema we know."""


class InUse(OSError):
    """Another process has the project open."""


class RecordFile(Generic[Record]):
    """project.json: written by rename, with a schema number and a migration from each older one."""

    def __init__(
        self, path: Path, model: type[Record], schema: int, migrations: Mapping[int, Migration] | None = None
    ) -> None:
        self.path = path
        self._model = model
        self._schema = schema
        self._migrations = migrations or {}

    def load(self) -> Record | None:
        """The record, or None where there is none. DamagedRecord says what is wrong with it."""
        try:
            data = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            raise DamagedRecord(f"{self.path.name} is not readable JSON: {error}") from error
        if not isinstance(data, dict) or not isinstance(data.get("schema"), int):
            raise DamagedRecord(f"{self.path.name} has no schema number")
        try:
            return self._model.model_validate(self._migrate(data))
        except ValidationError as error:
            raise DamagedRecord(f"{self.path.name} does not fit its schema: {error.errors()[0]['msg']}") from error

    def save(self, record: Record) -> None:
        """Write the record so that a kill leaves the old one or the new one, never half of each."""
        data = {"schema": self._schema, **record.model_dump(mode="json")}
        write_whole(self.path, json.dumps(data, ensure_ascii=False, indent=1))

    def _migrate(self, data: dict[str, object]) -> dict[str, object]:
        number = data.pop("schema")
        assert isinstance(number, int)
        if number > self._schema:
            raise DamagedRecord(f"{self.path.name} has schema {number}; this version knows up to {self._schema}")
        while number < self._schema:
            if number not in self._migrations:
                raise DamagedRecord(f"{self.path.name} has schema {number}, and nothing migrates it")
            data = self._migrations[number](data)
            number += 1
        return data


def write_whole(path: Path, text: str) -> None:
    """Write a text file by a temporary name and a rename, flushed to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        with temporary.open("w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for this process; InUse if another one has it. The lock dies with its holder."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".lock").open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(f"{folder.name} is in use by another process") from error
        yield
