"""CLIP's real loading and inference code, on a tiny random CLIP built in memory."""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reelwright.memory.library import Library
from reelwright.tools.errors import Refused
from reelwright.tools.models import Models
from reelwright.tools.stock import Filter
from reelwright.tools.stock.clip import Clip
from reelwright.tools.stock.examine import Examiner
from reelwright.tools.stock.minilm import MODEL, MiniLM


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import torch

    transformers: Any = import_module("transformers")
    place: Path = tmp_path_factory.mktemp("models") / "Tiny_Clip"
    place.mkdir()
    torch.manual_seed(1)
    torch.set_num_threads(1)
    small = {"hidden_size": 32, "intermediate_size": 37, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = transformers.CLIPConfig(
        text_config={
            **small,
            "vocab_size": 514,
            "max_position_embeddings": 24,
            "bos_token_id": 512,
            "eos_token_id": 513,
        },
        vision_config={**small, "image_size": 30, "patch_size": 6},
        projection_dim=16,
    )
    transformers.CLIPModel(config).save_pretrained(place)
    vocabulary = {chr(33 + at): at for at in range(94)} | {f"{chr(33 + at)}</w>": 94 + at for at in range(94)}
    vocabulary |= {f"pad{at}": at for at in range(188, 512)} | {"<|startoftext|>": 512, "<|endoftext|>": 513}
    (place / "vocab.json").write_text(json.dumps(vocabulary))
    (place / "merges.txt").write_text("#version: 0.2\n")
    tokens = transformers.CLIPTokenizer(str(place / "vocab.json"), str(place / "merges.txt"), model_max_length=24)
    images = transformers.CLIPImageProcessor(size={"shortest_edge": 30}, crop_size={"height": 30, "width": 30})
    transformers.CLIPProcessor(images, tokens).save_pretrained(place)
    return place


def test_texts_and_pictures_lie_in_one_space(folder: Path) -> None:
    clip = Clip(folder)
    pictures = [np.random.default_rng(seed).integers(0, 255, (40, 60, 3), np.uint8) for seed in range(3)]
    seen, read = clip.see(pictures), clip.embed(["a harbour", "bees"])
    assert seen.shape == (3, 16)
    assert read.shape == (2, 16)
    assert clip.size == 16
    assert np.allclose(np.linalg.norm(seen, axis=1), 1, atol=1e-5)
    assert np.allclose(clip.see(pictures[1:2]), seen[1:2], atol=1e-5)
    assert not np.allclose(read[0], read[1], atol=1e-3)


@pytest.mark.media
def test_a_library_keeps_both_vectors_of_a_picture(folder: Path, tmp_path: Path) -> None:
    from PIL import Image

    clip = Clip(folder)
    for seed in range(3):
        grid = np.random.default_rng(seed).integers(0, 255, (4, 6, 3), np.uint8)
        Image.fromarray(grid).resize((160, 90)).save(tmp_path / f"thing {seed}.png")
    with Library.open(tmp_path / "library", [clip], examiner=Examiner(seer=clip)) as library:
        library.add([str(tmp_path)])
        assert library.stats().vectors == {"clip-tiny-clip": 3}
        assert library.verify() == []
        next(iter(library.index.stores.values())).drop(library.index.catalogue.ids()[:1])
        assert library.verify()
        library.mend()
        assert library.verify() == []
        assert len(library.search("thing")) == 3


@pytest.mark.media
def test_words_and_pictures_are_searched_together(folder: Path, tmp_path: Path) -> None:
    """MiniLM reads what is said of pictures, CLIP looks at them: whoever fits better by either is found."""
    from PIL import Image

    minilm, clip = MiniLM(Models.installed(None).path(MODEL)), Clip(folder)
    names = ("harbour at night", "red rose", "old clock")
    for seed, name in enumerate(names):
        grid = np.random.default_rng(seed).integers(0, 255, (4, 6, 3), np.uint8)
        Image.fromarray(grid).resize((160, 90)).save(tmp_path / f"{name}.png")
    with Library.open(tmp_path / "library", [minilm, clip], examiner=Examiner(seer=clip)) as library:
        library.add([str(tmp_path)])
        assert library.stats().vectors == {"clip-tiny-clip": 3, "minilm-l6-v2": 3}
        assert set(library.meaning("a ship")) == {"clip-tiny-clip", "minilm-l6-v2"}
        read = {"minilm-l6-v2": library.meaning("a flower for my love")["minilm-l6-v2"]}
        (clock,) = library.show(str(tmp_path / "old clock.png"))
        seen = library.index.stores["clip-tiny-clip"].get([clock.id])
        looked = {"clip-tiny-clip": seen[clock.id]}  # as if a text meant just what this picture shows
        by_words, by_sight, by_both = (
            {hit.segment.name: hit.cosine for hit in library.index.search(vectors, "", Filter(), 3)}
            for vectors in (read, looked, read | looked)
        )
        assert max(by_words, key=by_words.__getitem__) == "red rose"
        assert max(by_sight, key=by_sight.__getitem__) == "old clock"
        for name in names:  # whoever fits better speaks
            assert by_both[name] == pytest.approx(max(by_words[name], by_sight[name]), abs=1e-5)


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x02")
    with pytest.raises(Refused, match="no safetensors"):
        Clip(tmp_path)
