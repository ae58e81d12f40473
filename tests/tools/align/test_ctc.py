"""Alignment by a CTC network: the trellis against every path there is, and the real code on a tiny random network."""

import itertools
import json
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reelwright.tools.align import AlignRequest
from reelwright.tools.align.ctc import Ctc, load
from reelwright.tools.align.trellis import Frames, best_path, needed
from reelwright.tools.base import Job
from reelwright.tools.errors import Declined, Refused, ToolFailed, ToolMissing
from reelwright.tools.media import Asset
from reelwright.tools.speech import SpeechRequest
from reelwright.tools.speech.piper import Piper

TEXT = "Two bees met 3 flowers — really."
LETTERS = {"<pad>": 0, "|": 1} | {letter: number for number, letter in enumerate("ETAOINSHRDLUCMWFYGBVKPXJQZ'", 2)}


def read(path: tuple[int, ...], blank: int = 0) -> list[int]:
    """What a path through the frames reads as: repeats are one, blanks are nothing."""
    return [token for token, _ in itertools.groupby(path) if token != blank]


def chances(count: int, letters: int, seed: int) -> Frames:
    rows = np.random.default_rng(seed).normal(size=(count, letters)).astype(np.float32)
    return np.asarray(rows - np.log(np.exp(rows).sum(axis=1, keepdims=True)), np.float32)


@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), st.integers(0, 2), st.integers(0, 999))
@settings(deadline=None, max_examples=40)
def test_no_path_is_better(tokens: list[int], spare: int, seed: int) -> None:
    frames = chances(needed(tokens) + spare, 4, seed)
    places = best_path(frames, tokens)
    path = [0] * len(frames)
    for token, place in zip(tokens, places, strict=True):
        path[place.start : place.end] = [token] * (place.end - place.start)
    assert read(tuple(path)) == tokens
    score = sum(frames[row, token] for row, token in enumerate(path))
    every = itertools.product(range(4), repeat=len(frames))
    best = max(sum(frames[row, token] for row, token in enumerate(one)) for one in every if read(one) == tokens)
    assert score == pytest.approx(best, abs=1e-4)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.integers(0, 50), st.integers(0, 999))
@settings(deadline=None)
def test_tokens_stand_in_order_each_in_a_frame_of_its_own(tokens: list[int], spare: int, seed: int) -> None:
    frames = chances(needed(tokens) + spare, 10, seed)
    places = best_path(frames, tokens)
    edges = [edge for place in places for edge in (place.start, place.end)]
    assert edges == sorted(edges)
    assert all(place.end > place.start for place in places)
    assert 0 <= edges[0] <= edges[-1] <= len(frames)


def test_a_clear_sound_gives_its_own_times() -> None:
    frames = np.full((12, 4), -9.0, np.float32)
    for row, token in enumerate([0, 0, 1, 1, 0, 2, 2, 2, 0, 2, 3, 0]):
        frames[row, token] = -0.1
    assert [(place.start, place.end) for place in best_path(frames, [1, 2, 2, 3])] == [
        (2, 4),
        (5, 8),
        (9, 10),
        (10, 11),
    ]


def test_too_few_frames_are_told() -> None:
    with pytest.raises(ValueError, match="need 5 frames"):
        best_path(chances(4, 4, 0), [1, 2, 2, 3])
    assert best_path(chances(4, 4, 0), []) == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random wav2vec2 of one layer, saved as transformers saves it."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2ForCTC

    torch.manual_seed(1)
    torch.set_num_threads(1)
    config = Wav2Vec2Config(
        vocab_size=len(LETTERS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        conv_dim=(8,) * 7, num_conv_pos_embeddings=16, num_conv_pos_embedding_groups=2, pad_token_id=0,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("ctc")
    Wav2Vec2ForCTC(config).save_pretrained(folder)
    (folder / "vocab.json").write_text(json.dumps(LETTERS))
    return folder


@pytest.fixture(scope="module")
def line(ears: Job) -> Asset:
    return Piper().run(SpeechRequest(text=TEXT), ears).audio


def test_the_real_code_loads_a_network_and_aligns_by_it(folder: Path, ears: Job, line: Asset) -> None:
    tool, request = Ctc({"folder": str(folder)}), AlignRequest(audio=line, text=TEXT)
    made = tool.run(request, ears)
    assert made == tool.run(request, ears)
    assert [word.text for word in made.words] == TEXT.split()
    assert made.how == "forced"
    assert 0 < made.confidence < 0.5  # a random network is sure of nothing
    edges = [edge for word in made.words for edge in (word.start, word.end)]
    assert edges == sorted(edges)
    assert edges[-1] <= (line.frames or 0)
    assert all(word.end > word.start for word in made.words if word.text != "—")
    assert tool.version != Ctc().version


@pytest.mark.parametrize("seconds", [29, 31, 61, 63, 70])
def test_long_sounds_are_read_in_pieces(folder: Path, seconds: int) -> None:
    network = load(folder)
    samples = np.random.default_rng(1).normal(0, 0.1, 16000 * seconds).astype(np.float32)
    frames = network.frames(samples)
    assert abs(len(frames) - len(samples) // 320) <= 3
    assert np.isfinite(frames).all()


def test_what_does_not_fit_is_told(folder: Path, ears: Job, line: Asset, tmp_path: Path) -> None:
    with pytest.raises(Declined, match=r"No CTC network.*align\.ctc"):
        Ctc().ready()
    with pytest.raises(ToolMissing, match=r"config\.json"):
        Ctc({"folder": str(tmp_path)}).ready()
    tool = Ctc({"folder": str(folder)})
    with pytest.raises(Declined, match="'en', not 'de'"):
        tool.run(AlignRequest(audio=line, text="Guten Tag", language="de"), ears)
    with pytest.raises(ToolFailed, match="no letter"):
        tool.run(AlignRequest(audio=line, text="蜂蜜 🐝"), ears)
    with pytest.raises(ToolFailed, match="too short"):
        tool.run(AlignRequest(audio=line, text=TEXT * 40), ears)


def test_a_pickled_network_is_refused(folder: Path, tmp_path: Path) -> None:
    for name in ("config.json", "vocab.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(pickle.dumps({"weights": Path("x")}))
    with pytest.raises(Refused, match="pickle"):
        load(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(ToolFailed, match="no CTC network"):
        load(tmp_path)
