"""Choose: the person's own pictures and clips find the shots they show, by their names and side-car text.

Knows words; knows nothing about pixels. Embeddings come later.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from ..tools.media import Asset
from ..tools.stock.notes import name_words
from .model import Shot
from .planner.language import detect, language
from .planner.text import topic_words

ENOUGH = 0.3
"""Similarity below which a picture is left out: showing the wrong thing is worse than showing none."""


def match(shots: Sequence[Shot], words: Mapping[str, str], assets: Sequence[Asset]) -> dict[str, str]:
    """Asset ids by the shot they are given to; no asset twice, no shot twice, the surest pair first.

    Args:
        words: the text of each line, by its id.
        assets: `origin` carries the file name on its first line, and the side-car text after it.
    """
    tongue = language(detect(" ".join(words.values())))
    said = {shot.id: Counter(topic_words(_spoken(shot, words), tongue)) for shot in shots if shot.lines}
    shown = {asset.id: Counter(topic_words(described(asset), tongue)) for asset in assets if asset.kind != "audio"}
    rare = _rarity([*said.values()])
    pairs = sorted(
        (
            (-score, at, asset)
            for asset, bag in shown.items()
            for at, shot in enumerate(said)
            if (score := _likeness(said[shot], bag, rare)) >= ENOUGH
        ),
    )
    names = list(said)
    chosen: dict[str, str] = {}
    for _, at, asset in pairs:
        if names[at] not in chosen and asset not in chosen.values():
            chosen[names[at]] = asset
    return chosen


def described(asset: Asset) -> str:
    """What an asset says about itself: its file name as words, without counters and camera names, and its side-car.

    >>> from reelwright.tools.media import Asset
    >>> described(Asset(id="0" * 64, kind="image", format="jpg", origin="IMG_2041-waxCells.jpg"))
    'wax cells'
    """
    name, _, text = asset.origin.partition("\n")
    return " ".join(f"{name_words(name)} {text}".split())


def _spoken(shot: Shot, words: Mapping[str, str]) -> str:
    said = [word for line in shot.lines for word in words[line].split()]
    start, end = shot.words
    return " ".join(said[start:end] if end else said)


def _rarity(bags: Sequence[Counter[str]]) -> dict[str, float]:
    seen = Counter(word for bag in bags for word in bag)
    return {word: math.log(1 + len(bags) / times) for word, times in seen.items()}


def _likeness(said: Counter[str], shown: Counter[str], rare: Mapping[str, float]) -> float:
    """The share of the picture's own words that the shot says, rare words weighing more, long texts not losing."""
    usual = math.log(1 + len(rare))
    common = math.fsum(rare[word] for word in shown if word in said)
    whole = sorted((rare.get(word, usual / 2) for word in shown), reverse=True)[:4]
    return common / math.fsum(whole) if whole else 0.0
