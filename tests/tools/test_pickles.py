"""A pickle is refused by what it is, wherever it is hidden; real weights are not."""

import bz2
import gzip
import io
import json
import lzma
import os
import pickle
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reelwright.tools.errors import Refused
from reelwright.tools.models import Models
from reelwright.tools.pickles import refuse_pickle


class Bomb:
    """What an attacker would put into weights."""

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, ("echo pwned",)


BOMB = pickle.dumps(Bomb(), 2)
OLD = pickle.dumps(Bomb(), 0)


def zipped(content: bytes, name: str = "weights") -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w") as archive:
        archive.writestr(name, content)
    return box.getvalue()


def tarred(content: bytes) -> bytes:
    box = io.BytesIO()
    with tarfile.open(fileobj=box, mode="w") as ball:
        row = tarfile.TarInfo("weights")
        row.size = len(content)
        ball.addfile(row, io.BytesIO(content))
    return box.getvalue()


def objects() -> bytes:
    box = io.BytesIO()
    np.save(box, np.array([Bomb()], dtype=object), allow_pickle=True)
    return box.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        OLD,
        b"(lp0\n" + b"I0\na" * 20_000 + OLD,  # far behind harmless numbers
        zipped(BOMB, "archive/data.pkl"),
        zipped(BOMB),
        zipped(zipped(BOMB)),
        tarred(BOMB),
        tarred(zipped(OLD)),
        gzip.compress(BOMB, mtime=0),
        bz2.compress(tarred(BOMB)),
        lzma.compress(OLD),
        objects(),
        zipped(objects(), "weights.npy"),
        zipped(zipped(zipped(zipped(zipped(b"weights"))))),
        zipped(BOMB)[:-9],
    ],
    ids=lambda content: f"{len(content)}-{content[:3].hex()}",
)
@pytest.mark.parametrize("name", ["model.pt", "model.safetensors", "model.onnx"])
def test_a_pickle_is_refused_whatever_it_is_called(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Refused, match="is a pickle"):
        refuse_pickle(tmp_path / name)


def safetensors() -> bytes:
    header = json.dumps({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
    return struct.pack("<Q", len(header)) + header + bytes(8)


def arrays() -> bytes:
    box = io.BytesIO()
    np.savez(box, weights=np.ones(3, np.float32))
    return box.getvalue()


@pytest.mark.parametrize(
    "content", [safetensors(), arrays(), gzip.compress(safetensors(), mtime=0), b"GGUF\x03\x00\x00\x00", b"", b"{}"]
)
def test_weights_that_run_nothing_are_let_in(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model").write_bytes(content)
    refuse_pickle(tmp_path / "model")


def test_the_models_that_are_here_are_let_in() -> None:
    models = Models.installed(None)
    for name in ("piper-joe", "whisper-tiny-en", "minilm", "silero-vad", "rapidocr"):
        assert models.path(name).exists()


@given(st.binary(max_size=300))
def test_any_bytes_are_judged(content: bytes) -> None:
    from reelwright.tools.pickles import _is_pickle

    _is_pickle(io.BytesIO(content), 0)
