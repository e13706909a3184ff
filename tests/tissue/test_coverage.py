"""The tissue fraction of squares against adding up the overlap with every pixel."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from e2evit_model.tissue.coverage import tissue_fraction_of
from e2evit_model.tissue.mask import Finding, TissueMask

findings_of_any_kind = hnp.arrays(
    np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, max_side=12), elements=st.integers(0, len(Finding) - 1)
)


def mask_of(findings, downsample=1.0):
    return TissueMask(findings=findings, downsample=downsample, mpp=None, method="test")


def slow_fraction(mask, x, y, width, finding):
    total = 0.0
    for row, column in zip(*np.nonzero(mask.findings == finding), strict=True):
        left, top = column * mask.downsample, row * mask.downsample
        across = max(0.0, min(x + width, left + mask.downsample) - max(x, left))
        down = max(0.0, min(y + width, top + mask.downsample) - max(y, top))
        total += across * down
    return total / width**2


@settings(deadline=None)
@given(
    findings=findings_of_any_kind,
    downsample=st.floats(0.3, 40),
    squares=st.lists(
        st.tuples(
            st.floats(-20, 400, allow_subnormal=False), st.floats(-20, 400, allow_subnormal=False), st.floats(0.1, 300)
        ),
        min_size=1,
        max_size=8,
    ),
    finding=st.sampled_from(Finding),
)
def test_fraction_against_the_slow_way(findings, downsample, squares, finding):
    mask = mask_of(findings, downsample)
    x, y, width = map(np.array, zip(*squares, strict=True))
    wanted = [slow_fraction(mask, *square, finding) for square in squares]
    np.testing.assert_allclose(tissue_fraction_of(mask, x, y, width, finding=finding), wanted, atol=1e-6)


def test_one_width_for_all_squares():
    findings = np.zeros((4, 4), dtype=np.uint8)
    findings[:2] = Finding.TISSUE
    found = tissue_fraction_of(mask_of(findings, 10.0), [0, 0, 0, 35], [0, 10, 20, 0], 20.0)
    np.testing.assert_allclose(found, [1.0, 0.5, 0.0, 0.25])
