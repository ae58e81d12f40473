"""Icons by meaning: the shipped vectors are those of the installed icons, and phrases find what they mean."""

import io

import numpy as np
import pytest

from reelwright.tools.errors import ToolMissing
from reelwright.tools.models import Models
from reelwright.tools.stock.minilm import MODEL, MiniLM
from reelwright.tools.video.motion import icons, meanings


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    try:
        return MiniLM(Models.installed(None).path(MODEL))
    except ToolMissing:
        pytest.skip("MiniLM's weights are not installed (extra stock)")


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("public transport", "bus"),
        ("a cup of coffee", "coffee"),
        ("the human brain", "brain"),
        ("solar panels", "solar-panel"),
        ("kettle", "emoji:1fad6"),
    ],
)
def test_a_phrase_finds_the_icon_that_means_it(minilm: MiniLM, phrase: str, name: str) -> None:
    found, cosine = meanings.nearest(minilm.embed([phrase]))[0]
    assert found == name
    assert cosine >= meanings.NEAR
    assert icons.outline(icons.find(found) or "").steps


def test_what_no_icon_shows_is_far_from_all_of_them(minilm: MiniLM) -> None:
    far = meanings.nearest(minilm.embed(["osmosis", "parliament", "enzyme", "blood pressure"]))
    assert all(cosine < meanings.NEAR for _, cosine in far)


def test_the_shipped_names_are_the_installed_icons() -> None:
    names = meanings._shipped()[0]
    assert names == [name for name, _ in icons.every()], "build meanings.npz again: see its module"


def test_a_build_projects_each_name_onto_its_own_row(minilm: MiniLM) -> None:
    few = icons.every()[:120]
    with np.load(io.BytesIO(meanings.build(minilm, few))) as built:
        assert built["names"].tolist() == [name for name, _ in few]
        projected = minilm.embed([title for _, title in few]) @ built["directions"].astype(np.float32)
        assert ((projected @ built["rows"].T.astype(np.float32)).argmax(axis=1) == np.arange(120)).mean() > 0.97
