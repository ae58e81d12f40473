"""References are found by meaning: passages in a chroma collection of the project, embedded by our own MiniLM."""

from pathlib import Path

import pytest

from reelwright.tools.models import Models
from reelwright.tools.read.collection import Collection
from reelwright.tools.read.passages import WORDS, passages
from reelwright.tools.stock.minilm import MiniLM

TEXT = "\n\n".join(
    f"{sentence} " + "Nothing else of importance is said about it in this part of the long report. " * 7
    for sentence in (
        "The queen lays up to two thousand eggs a day.",
        "The city council raised parking fees again.",
        "Foragers dance to tell where nectar is.",
        "A tram line was closed for repairs in May.",
        "Wax is made in glands under the belly.",
        "The museum shows coins of the Roman age.",
    )
)


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(Models.installed(tmp_path_factory.mktemp("models")).path("minilm"))


def test_the_nearest_passages_come_in_their_order(minilm: MiniLM, tmp_path: Path) -> None:
    told = passages(TEXT, "report.md")
    assert len(told) == 6
    shelf = Collection(tmp_path / "references", minilm)
    found = shelf.find(told, ["How do insects in a hive live?", "What do bees build with?"], 3)
    assert [each.text.split(".")[0] for each in found] == [
        "The queen lays up to two thousand eggs a day",
        "Foragers dance to tell where nectar is",
        "Wax is made in glands under the belly",
    ]


def test_it_lasts_and_is_not_embedded_twice(minilm: MiniLM, tmp_path: Path) -> None:
    told = passages(TEXT, "report.md")
    first = Collection(tmp_path / "references", minilm).find(told, ["public transport"], 1)

    class Silent:
        name, size, asked = minilm.name, minilm.size, 0

        def embed(self, texts: list[str]) -> object:
            self.asked += len(texts)
            return minilm.embed(texts)

    silent = Silent()
    again = Collection(tmp_path / "references", silent)  # type: ignore[arg-type]
    assert again.find(told, ["public transport"], 1) == first
    assert silent.asked == 1, "the query alone"


def test_another_reference_is_not_answered_with(minilm: MiniLM, tmp_path: Path) -> None:
    shelf = Collection(tmp_path / "references", minilm)
    shelf.add(passages("Bees dance to tell where nectar is.", "old.md"))
    found = shelf.find(passages("The museum shows coins.", "new.md"), ["bees"], 3)
    assert [each.source for each in found] == ["new.md"]


@pytest.mark.parametrize("text", ["word " * 1000, "One. " * 400, "\n\n".join(["A short one."] * 90), "", "x" * 5000])
def test_passages_are_short_and_lose_nothing(text: str) -> None:
    told = passages(text, "a")
    assert all(len(each.text.split()) <= WORDS for each in told)
    assert " ".join(each.text for each in told).split() == text.split()
