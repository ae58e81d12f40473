"""Tensors out of a torch file without torch, and without running anything that the file asks for.

Knows nothing about models. The reader knows four names and builds arrays of them; any other name ends it. For the one
kind of weights that exists in no other form; whatever else is a pickle stays refused (tools/pickles.py).
"""

import pickle
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from .errors import Refused

_MAGIC = 0x1950A86A20F9469CFC6C
_LAYOUT = 1001
"""torch's serialised form before 1.6: five pickles, then the numbers."""
_TYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8"), "HalfStorage": np.dtype("<f2")}
Array = NDArray[Any]


class _Promise:
    """A tensor whose numbers come later in the file."""

    def __init__(
        self, store: tuple[str, np.dtype[Any]], offset: int, size: Sequence[int], stride: Sequence[int]
    ) -> None:
        self.key, self.type = store
        self.offset, self.size, self.stride = offset, tuple(size), tuple(stride)

    def of(self, stores: Mapping[str, Array]) -> Array:
        flat = stores[self.key]
        steps = tuple(step * flat.itemsize for step in self.stride)
        reach = self.offset + sum((side - 1) * step for side, step in zip(self.size, self.stride, strict=True))
        if min(self.size, default=1) < 1 or min(self.stride, default=0) < 0 or self.offset < 0 or reach >= len(flat):
            raise pickle.UnpicklingError("a tensor reaches beyond its numbers")
        return np.lib.stride_tricks.as_strided(flat[self.offset :], self.size, steps, writeable=False).copy()


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """The only names that weights need; torch's own are ours here."""
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda store, offset, size, stride, *_: _Promise(store, offset, size, stride)
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        raise pickle.UnpicklingError(f"it asks for {module}.{name}")

    def persistent_load(self, pid: Any) -> tuple[str, np.dtype[Any]]:
        """A storage: by key, with its type."""
        kind, dtype, key, *_ = pid
        if kind != "storage" or not isinstance(dtype, np.dtype):
            raise pickle.UnpicklingError("it stores something else than numbers")
        return str(key), dtype


def read_tensors(path: Path) -> dict[str, Array]:
    """Arrays by name.

    Raises:
        Refused: the file is of another form, or asks for more than tensors.
    """
    try:
        with path.open("rb") as stream:
            return _read(stream)
    except (pickle.UnpicklingError, EOFError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Refused(f"{path.name} holds no plain tensors: {error}.", "Use the file that the lock names.") from error


def _read(stream: BinaryIO) -> dict[str, Array]:
    if _Reader(stream).load() != _MAGIC or _Reader(stream).load() != _LAYOUT:
        raise pickle.UnpicklingError("it is of another form")
    _Reader(stream).load()  # about the machine that wrote it
    promised = _Reader(stream).load()
    types = {row.key: row.type for row in promised.values()}
    stores: dict[str, Array] = {}
    for key in _Reader(stream).load():
        count = int.from_bytes(stream.read(8), "little")
        numbers = stream.read(count * types[key].itemsize)
        stores[key] = np.frombuffer(numbers, types[key])
    return {str(name): row.of(stores) for name, row in promised.items()}
