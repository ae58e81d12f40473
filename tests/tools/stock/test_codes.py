"""Codes find the rows that comparing every bit would find, whatever a filter admits."""

from collections.abc import Callable

import numpy as np
import pytest

from reelwright.tools.stock.codes import Codes, Found, nearest, weights


def each(do: Callable[[int], Found]) -> list[Found]:
    return [do(at) for at in range(2)]


@pytest.mark.parametrize("wide", [8, 32, 48])
@pytest.mark.parametrize("part", [0.02, 0.4, 1.0])
def test_the_nearest_are_those_that_counting_bits_finds(wide: int, part: float) -> None:
    chance = np.random.default_rng(wide)
    rows = chance.integers(0, 256, (2, 5000, wide), dtype=np.uint8)
    asked = chance.integers(0, 256, wide, dtype=np.uint8)
    shown = chance.random((2, 5000)) < part
    blocks = [Codes(wide), Codes(wide, 5000)]
    for codes, block in zip(rows, blocks, strict=True):
        for some in (codes[:1], codes[1:]):
            block.add(some)
    admitted = [None if part == 1 else np.packbits(row, bitorder="little") for row in shown]
    parts = [block.compared(asked, bits) for block, bits in zip(blocks, admitted, strict=True)]
    whose, found = nearest(parts, 150, each)
    far = np.bitwise_count(rows[:, :, :32] ^ asked[:32]).sum(axis=2).astype(int)
    far[~shown] = 1000
    order = np.argsort(far.ravel(), kind="stable")[: min(150, int(shown.sum()))]
    assert (5000 * whose + found).tolist() == sorted(order.tolist())


def test_equals_are_cut_off_where_enough_are_found() -> None:
    block = Codes(8)
    block.add(np.zeros((400_000, 8), np.uint8))
    _, found = nearest([block.compared(np.zeros(8, np.uint8), None)], 7, lambda do: [do(0)])
    assert found.tolist() == list(range(7))
    _, found = nearest([], 7, lambda do: [])
    assert found.tolist() == []


def test_a_row_weighs_what_its_signs_make_of_the_query() -> None:
    chance = np.random.default_rng(1)
    vectors = chance.standard_normal((50, 384)).astype(np.float32)
    query = chance.standard_normal(384).astype(np.float32)
    block = Codes(48)
    block.add(np.packbits(vectors > 0, axis=1))
    rows = np.array([3, 0, 49])
    assert block.weighed(rows, weights(query)) == pytest.approx((vectors[rows] > 0) @ query, abs=1e-4)
    assert (block.signs(rows) == np.sign(vectors[rows])).all()
