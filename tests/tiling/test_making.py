"""The grid against laying one tile after the other; its sentences; its fingerprint."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.errors import OptionError, ResolutionError, TilingError
from e2evit_model.slides.scale import choose_scale
from e2evit_model.tiling.making import make_grid
from e2evit_model.tiling.orders import Order
from e2evit_model.tissue.coverage import tissue_fraction_of
from e2evit_model.tissue.mask import Finding, TissueMask
from tests.tiling.slide_info import info_of


def mask_over(info, downsample=16.0, *, tissue=None, seed=0):
    """Return a mask over a slide: random, or tissue all over."""
    shape = (int(np.ceil(info.height / downsample)), int(np.ceil(info.width / downsample)))
    findings = np.full(shape, Finding.TISSUE) if tissue else np.random.default_rng(seed).integers(0, 3, shape)
    return TissueMask(findings=findings.astype(np.uint8), downsample=downsample, mpp=None, method="test")


@settings(max_examples=60, deadline=None)
@given(
    width=st.integers(60, 900),
    height=st.integers(60, 900),
    mpp=st.floats(0.2, 0.9),
    downsample=st.floats(5, 60),
    tile_px=st.integers(14, 64),
    fraction=st.floats(0.05, 0.6),
    seed=st.integers(0, 99),
)
def test_the_grid_against_one_tile_after_the_other(width, height, mpp, downsample, tile_px, fraction, seed):
    info = info_of(width, height, mpp=mpp)
    mask = mask_over(info, downsample, seed=seed)
    try:
        grid = make_grid(info, mask, tile_px=tile_px, fraction=fraction)
    except TilingError:
        grid = None
    side = tile_px * choose_scale(info, 0.5).downsample
    wanted = []
    row = 0
    while (row + 1) * side <= height + 1e-6:
        column = 0
        while (column + 1) * side <= width + 1e-6:
            x, y = round(column * side), round(row * side)
            share = tissue_fraction_of(mask, [x], [y], side)[0]
            if share >= fraction - 1e-6:  # the last digits of a sum do not decide
                wanted.append((column, row, x, y, pytest.approx(share, abs=1e-6)))
            column += 1
        row += 1
    if grid is None:
        assert not wanted
        return
    parts = (grid.column, grid.row, grid.x, grid.y, grid.tissue)
    assert list(zip(*(part.tolist() for part in parts), strict=True)) == wanted


def test_types_and_scale_of_a_grid():
    info = info_of(4000, 3000, mpp=0.25, downsamples=(1, 4))
    grid = make_grid(info, mask_over(info, tissue=True), tile_px=224, mpp=0.5, order=Order.HILBERT)
    assert len(grid) == 8 * 6
    assert grid.width == 448
    assert grid.scale.downsample == 2
    assert (grid.order, type(grid.order)) == ("hilbert", str)
    kinds = [getattr(grid, name).dtype for name in ("column", "row", "x", "y", "tissue")]
    assert kinds == [np.int32, np.int32, np.int64, np.int64, np.float32]
    np.testing.assert_array_equal(grid.x, grid.column * 448)
    np.testing.assert_array_equal(grid.tissue, 1)


def test_tiles_of_a_fractional_width_do_not_drift():
    info = info_of(100_000, 3000, mpp=0.2201)
    grid = make_grid(info, mask_over(info, 32.0, tissue=True))
    assert grid.width == pytest.approx(224 * 0.5 / 0.2201)
    np.testing.assert_array_equal(grid.x, np.rint(grid.column * grid.width))
    assert (grid.x + grid.width <= info.width + 0.5).all()
    assert grid.column.max() == int(100_000 / grid.width) - 1


def test_a_tile_that_just_fits_is_kept():
    info = info_of(448, 448, mpp=0.25)
    assert len(make_grid(info, mask_over(info, tissue=True))) == 1


def test_fraction_0_keeps_all_and_fraction_1_only_full_tiles():
    info = info_of(640, 640)
    mask = mask_over(info, 64.0, tissue=True)
    mask.findings[:5, :] = Finding.PEN
    assert len(make_grid(info, mask, tile_px=128, fraction=0.0)) == 25
    kept = make_grid(info, mask, tile_px=128, fraction=1.0)
    assert sorted(set(kept.row.tolist())) == [3, 4]
    assert len(make_grid(info, mask, tile_px=128, fraction=0.5)) == 15


def refusal(kind, *args, **settings):
    with pytest.raises(kind) as caught:
        make_grid(*args, **settings)
    return caught.value.message, caught.value.hint


def test_a_slide_smaller_than_a_tile():
    info = info_of(200, 3000)
    assert refusal(TilingError, info, mask_over(info, tissue=True)) == (
        "The slide is too small for one tile: it has 200 x 3000 pixels, a tile is 224 pixels wide.",
        "A tile is 112 um wide on the glass. Check the slide's resolution, or use a larger scan.",
    )


def test_too_little_tissue():
    info = info_of(2240, 2240)
    mask = mask_over(info, 224.0, tissue=True)
    mask.findings[:] = 0
    mask = replace(mask, findings=np.kron(mask.findings, np.ones((2, 2), dtype=np.uint8)), downsample=112.0)
    mask.findings[3, 3] = Finding.TISSUE
    assert refusal(TilingError, info, mask) == (
        "No tile has enough tissue: the most is 25% of a tile, 50% are needed.",
        "Lower the share of tissue that a tile needs, or check the tissue mask.",
    )
    assert len(make_grid(info, mask, fraction=0.25)) == 1


def test_unknown_resolution_is_refused():
    info = info_of(2000, 2000, mpp=None)
    message, hint = refusal(ResolutionError, info, mask_over(info, tissue=True))
    assert message == "The file does not say how large a pixel is."
    assert "--mpp" in hint


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_an_impossible_fraction(fraction):
    info = info_of(2000, 2000)
    message, hint = refusal(OptionError, info, mask_over(info, tissue=True), fraction=fraction)
    assert message == f"A tissue fraction of {fraction:g} is not possible."
    assert hint == "Give a share between 0 and 1."


def test_an_impossible_tile():
    info = info_of(2000, 2000)
    message, _ = refusal(OptionError, info, mask_over(info, tissue=True), tile_px=0)
    assert message == "A tile of 0 pixels is not possible."


class TestFingerprint:
    info = info_of(3000, 2500, mpp=0.25, downsamples=(1, 2))

    def grid(self, **settings):
        return make_grid(self.info, mask_over(self.info, seed=3), fraction=0.3, **settings)

    def test_equal_grids_have_equal_fingerprints(self):
        assert self.grid().fingerprint() == self.grid().fingerprint()
        assert len(self.grid().fingerprint()) == 64

    def test_order_subset_size_and_scale_change_it(self):
        grid = self.grid()
        others = [
            self.grid(order=Order.COLUMN),
            self.grid(order=Order.HILBERT),
            self.grid(tile_px=112),
            self.grid(mpp=1.0),
            grid.subset(np.arange(len(grid)) != 2),
            grid.subset(np.arange(len(grid))[::-1]),
            replace(grid, scale=replace(grid.scale, level=0)),
            replace(grid, scale=replace(grid.scale, reduce=2)),
            replace(grid, scale=replace(grid.scale, resample=1.5)),
        ]
        assert len({grid.fingerprint(), *(other.fingerprint() for other in others)}) == 10

    def test_the_name_of_the_order_and_the_tissue_do_not(self):
        grid = self.grid()
        assert replace(grid, order="other", tissue=grid.tissue / 2).fingerprint() == grid.fingerprint()

    def test_a_subset_is_of_the_tiles_chosen(self):
        grid = self.grid()
        kept = grid.subset(np.array([4, 0, 2]))
        np.testing.assert_array_equal(kept.x, grid.x[[4, 0, 2]])
        np.testing.assert_array_equal(kept.tissue, grid.tissue[[4, 0, 2]])
        assert kept.width == grid.width
