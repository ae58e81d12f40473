"""Tags by the packaged classifier: weights without torch or pickles, the network as written down, names that fit."""

import pickle
from pathlib import Path

import numpy as np
import pytest

from reelwright.tools.errors import Refused
from reelwright.tools.models import Models
from reelwright.tools.stock.classify import MODEL, EfficientNet, _crops, sure
from reelwright.tools.tensors import read_tensors

pytestmark = pytest.mark.media


@pytest.fixture(scope="module")
def weights() -> Path:
    return Models.installed(None).path(MODEL)


def test_a_flower_and_a_temple_are_named(weights: Path) -> None:
    """Package-borne photographs: scikit-learn's flower."""
    from sklearn import datasets as sklearn

    photos = [sklearn.load_sample_image("flower.jpg"), sklearn.load_sample_image("china.jpg")]
    flower, temple = EfficientNet(weights).guess(photos)
    assert len(flower) == 10
    assert [part for _, part in flower] == sorted((part for _, part in flower), reverse=True)
    assert {"palace", "stupa", "monastery"} & set(sure(temple))


def test_a_plain_picture_has_no_sure_name_and_a_small_one_does_no_harm(weights: Path) -> None:
    tagger = EfficientNet(weights)
    plain, small = tagger.guess([np.full((200, 300, 3), 127, np.uint8), np.zeros((2, 40, 3), np.uint8)])
    assert len(sure(plain)) <= 3
    assert small


def test_wide_pictures_are_seen_in_three_places() -> None:
    assert _crops(np.zeros((100, 100, 3), np.uint8)).shape == (1, 3, 224, 224)
    assert _crops(np.zeros((100, 180, 3), np.uint8)).shape == (3, 3, 224, 224)


def test_the_weights_are_read_as_plain_tensors(weights: Path) -> None:
    found = read_tensors(weights)
    assert len(found) == 296
    assert found["_fc.weight"].shape == (1000, 1280)
    assert np.isfinite(found["_conv_stem.weight"]).all()


class _Bad:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("this must never be printed",)


@pytest.mark.parametrize("kind", ["call", "other", "cut"])
def test_whatever_asks_for_more_is_refused(
    kind: str, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "weights.pth"
    head = b"".join([pickle.dumps(0x1950A86A20F9469CFC6C, 2), pickle.dumps(1001, 2), pickle.dumps({}, 2)])
    path.write_bytes(
        {"call": head + pickle.dumps(_Bad(), 2), "other": b"PK\x03\x04", "cut": weights.read_bytes()[:5000]}[kind]
    )
    with pytest.raises(Refused, match="no plain tensors"):
        read_tensors(path)
    assert capsys.readouterr().out == ""
