"""The embedder gives what its card publishes, and refuses nothing that is text."""

import numpy as np
import pytest

from reelwright.tools.errors import ToolMissing
from reelwright.tools.models import Models
from reelwright.tools.stock.minilm import MODEL, MiniLM


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    try:
        return MiniLM(Models.installed(None).path(MODEL))
    except ToolMissing:
        pytest.skip("MiniLM's weights are not installed (extra stock)")


def test_the_cosines_that_the_model_card_publishes(minilm: MiniLM) -> None:
    rows = minilm.embed(["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."])
    assert np.allclose(rows @ rows.T, [[1, 0.6660, 0.1046], [0.6660, 1, 0.1411], [0.1046, 0.1411, 1]], atol=5e-4)


def test_a_text_is_the_same_vector_in_any_company(minilm: MiniLM) -> None:
    texts = ["bee", "A long sentence about the ways in which bees carry nectar home to the hive.", "🐝", ""]
    together = minilm.embed(texts)
    assert np.isfinite(together).all()
    for row, text in zip(together, texts, strict=True):
        assert np.allclose(minilm.embed([text])[0], row, atol=1e-5)


def test_of_a_book_the_first_page_is_read(minilm: MiniLM) -> None:
    assert minilm.embed(["bees and honey " * 5000]).shape == (1, 384)


def test_nothing_gives_nothing(minilm: MiniLM) -> None:
    assert minilm.embed([]).shape == (0, 384)
