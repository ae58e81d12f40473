"""Unsure guesses of a classifier lean on what a picture means, and never outweigh what somebody says that it shows."""

import numpy as np
import pytest

from reelwright.tools.models import Models
from reelwright.tools.stock import Segment
from reelwright.tools.stock.meaning import Reader
from reelwright.tools.stock.minilm import MODEL, MiniLM


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM(Models.installed(None).path(MODEL))


def segment(**known: object) -> Segment:
    return Segment.model_validate({"id": "a", "file": "0" * 64, "kind": "image", "place": "a.jpg", **known})


def test_guesses_that_are_too_unsure_for_words_still_point_somewhere(minilm: MiniLM) -> None:
    unsure = (("pier", 0.1), ("lakeside", 0.09), ("breakwater", 0.08), ("dam", 0.05))
    (asked,) = minilm.embed(["wooden planks lead out over the lake"])
    reader = Reader(minilm)
    plain, hinted = reader.read([segment(name="number seven"), segment(name="number seven", guesses=unsure)])
    assert float(hinted @ asked) > float(plain @ asked) + 0.05
    assert np.allclose(np.linalg.norm([plain, hinted], axis=1), 1, atol=1e-5)


def test_words_lead_where_a_guess_is_wrong(minilm: MiniLM) -> None:
    cat, pier = minilm.embed(["a cat sleeps on a chair", "a pier"])
    (told,) = Reader(minilm).read([segment(caption="A cat sleeps.", guesses=(("pier", 0.4),))])
    assert float(told @ cat) > 0.6 > 0.4 > float(told @ pier)
