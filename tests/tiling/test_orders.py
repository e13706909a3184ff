"""The four orders against slow ways that follow their definitions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.tiling.orders import Order, hilbert_distance, order_of


def places(tiles):
    column, row = np.array(sorted(tiles), dtype=np.int32).reshape(-1, 2).T
    return column, row


some_tiles = st.sets(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=120)


def slow_hilbert(size):
    """Draw the Hilbert curve over 2^n x 2^n places: four smaller curves, the first and the last one turned."""
    if size == 1:
        return [(0, 0)]
    half = size // 2
    curve = slow_hilbert(half)
    return (
        [(y, x) for x, y in curve]
        + [(x, y + half) for x, y in curve]
        + [(x + half, y + half) for x, y in curve]
        + [(2 * half - 1 - y, half - 1 - x) for x, y in curve]
    )


def slow_order(tiles, order):
    match order:
        case Order.ROW:
            return sorted(tiles, key=lambda tile: (tile[1], tile[0]))
        case Order.COLUMN:
            return sorted(tiles)
        case Order.SERPENTINE:
            way = []
            for number, row in enumerate(sorted({row for _, row in tiles})):
                line = sorted(tile for tile in tiles if tile[1] == row)
                way += line[::-1] if number % 2 else line
            return way
        case Order.HILBERT:
            size = 1
            while size <= max(max(tile) for tile in tiles):
                size *= 2
            return [tile for tile in slow_hilbert(size) if tile in tiles]


@pytest.mark.parametrize("order", Order)
@settings(deadline=None)
@given(tiles=some_tiles, seed=st.integers(0, 99))
def test_an_order_against_the_slow_way(order, tiles, seed):
    column, row = places(tiles)
    mixed = np.random.default_rng(seed).permutation(len(column))
    column, row = column[mixed], row[mixed]
    way = order_of(column, row, order)
    assert list(zip(column[way].tolist(), row[way].tolist(), strict=True)) == slow_order(tiles, order)


@pytest.mark.parametrize("size", [1, 2, 4, 16, 64])
@pytest.mark.parametrize("order", [Order.SERPENTINE, Order.HILBERT])
def test_neighbours_in_the_order_are_neighbours_on_a_full_grid(size, order):
    column, row = (part.ravel().astype(np.int32) for part in np.meshgrid(np.arange(size), np.arange(size)))
    way = order_of(column, row, order)
    steps = np.abs(np.diff(column[way])) + np.abs(np.diff(row[way]))
    assert (steps == 1).all()


def test_the_hilbert_curve_visits_every_place_once():
    column, row = (part.ravel().astype(np.int32) for part in np.meshgrid(np.arange(32), np.arange(32)))
    assert sorted(hilbert_distance(column, row)) == list(range(1024))


def test_hilbert_keeps_neighbours_together_better_than_rows():
    column, row = (part.ravel().astype(np.int32) for part in np.meshgrid(np.arange(60), np.arange(45)))

    def spread(order):
        way = order_of(column, row, order)[: len(column) // 16 * 16].reshape(-1, 16)
        return np.mean(np.ptp(column[way], axis=1) + np.ptp(row[way], axis=1))

    assert spread(Order.HILBERT) < 0.6 * spread(Order.ROW)


def test_no_tiles_have_an_empty_order():
    nothing = np.zeros(0, dtype=np.int32)
    for order in Order:
        assert len(order_of(nothing, nothing, order)) == 0
