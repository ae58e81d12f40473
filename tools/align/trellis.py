"""The best path of a known row of tokens through a CTC network's frames: Viterbi over tokens with blanks between them.

Knows nothing about sound or letters: log probabilities and token numbers only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

Frames = npt.NDArray[np.float32]
"""(frames, tokens): log probability of each token in each frame."""


@dataclass(frozen=True)
class Place:
    """A token's first and last (exclusive) frame, and its mean log probability there."""

    start: int
    end: int
    score: float


def needed(tokens: Sequence[int]) -> int:
    """Frames that the tokens take at least: one each, and a blank between two that are the same.

    >>> needed([1, 2, 2, 3])
    5
    """
    return len(tokens) + sum(one == other for one, other in pairwise(tokens))


def best_path(frames: Frames, tokens: Sequence[int], blank: int = 0) -> list[Place]:
    """Where each token lies on the most probable path that reads as exactly these tokens.

    States are blank, token, blank, token … blank; a path stays, goes on by one, or by two past a blank that stands
    between different tokens.

    Raises:
        ValueError: there are fewer frames than the tokens need.
    """
    if not tokens:
        return []
    if len(frames) < needed(tokens):
        raise ValueError(f"{len(tokens)} tokens need {needed(tokens)} frames, and there are {len(frames)}")
    states = np.full(2 * len(tokens) + 1, blank)
    states[1::2] = tokens
    may_skip = np.zeros(len(states), bool)
    may_skip[3::2] = states[3::2] != states[1:-2:2]
    came = _forward(frames, states, may_skip)
    return _backward(frames, states, came)


def _forward(frames: Frames, states: npt.NDArray[np.int_], may_skip: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """For each frame and state from how many states back the best path came; the last row is closed by the end."""
    emitted = frames[:, states].astype(np.float64)
    score = np.full(len(states), -np.inf)
    score[:2] = emitted[0, :2]
    came = np.zeros(emitted.shape, np.int8)
    for place in range(1, len(frames)):
        one = np.concatenate([[-np.inf], score[:-1]])
        two = np.where(may_skip, np.concatenate([[-np.inf, -np.inf], score[:-2]]), -np.inf)
        choices = np.stack([score, one, two])
        came[place] = choices.argmax(axis=0)
        score = choices.max(axis=0) + emitted[place]
    came[0, 0] = int(score[-1] < score[-2])  # the first frame comes from nowhere: its cell tells where the end is
    return came


def _backward(frames: Frames, states: npt.NDArray[np.int_], came: npt.NDArray[np.int8]) -> list[Place]:
    state = len(states) - 1 - int(came[0, 0])
    spans: dict[int, list[int]] = {}
    for place in range(len(frames) - 1, -1, -1):
        if state % 2:
            spans.setdefault(state // 2, []).append(place)
        if place:
            state -= int(came[place, state])
    rows = (spans[number][::-1] for number in range(len(states) // 2))
    return [
        Place(row[0], row[-1] + 1, float(frames[row[0] : row[-1] + 1, states[2 * number + 1]].mean()))
        for number, row in enumerate(rows)
    ]
