"""A library is captioned by a model from a folder on this machine: tiny and random, loaded as real ones are."""

from pathlib import Path

import pytest
from PIL import Image

from reelwright import Settings
from reelwright.agent.captions import open_captioner
from reelwright.memory.captions import describe
from reelwright.memory.library import Library

pytestmark = [pytest.mark.media, pytest.mark.filterwarnings("default")]


def test_each_picture_has_what_the_model_says_of_it(folder: Path, tmp_path: Path) -> None:
    Image.new("RGB", (64, 48), (200, 30, 30)).save(tmp_path / "IMG_1.png")
    settings = Settings(cache=None, tools={"vision.transformers": {"model": str(folder)}})
    with Library.open(tmp_path / "library", []) as library, open_captioner(settings) as captioner:
        assert captioner is not None
        library.add([str(tmp_path / "IMG_1.png")])
        said = describe(library, captioner)
        (segment,) = library.index.catalogue.all()
    assert said.captioned + said.silent == 1
    assert said.problem == ""
    assert segment.captioner == "vision.transformers"
    assert bool(segment.caption) == bool(said.captioned)
