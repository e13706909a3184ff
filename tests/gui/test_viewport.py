import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2evit_gui.viewer.viewport import FINEST, Viewport

views = st.builds(
    Viewport.fitting,
    st.integers(50, 4000),
    st.integers(50, 3000),
    st.integers(100, 200_000),
    st.integers(100, 200_000),
)


@given(views, st.floats(0.2, 8), st.floats(0.3, 0.7), st.floats(0.3, 0.7))
def test_zooming_keeps_the_point_under_the_cursor(view, factor, along, down):
    # near the slide's border the view is held back, so zoom around a point that can stay
    x, y = along * view.width, down * view.height
    before = view.to_slide(x, y)
    after = view.zoomed(factor, x, y)
    center = after.center
    if 0 < center[0] < view.slide_width and 0 < center[1] < view.slide_height:
        assert after.to_slide(x, y) == pytest.approx(before, abs=1e-6 * max(view.slide_width, view.slide_height))


@given(views, st.floats(1e-6, 1e6))
def test_scales_stay_within_limits(view, scale):
    after = view.scaled(scale, 1, 1)
    assert FINEST <= after.scale <= view.coarsest


@given(views, st.floats(-1e6, 1e6, allow_subnormal=False), st.floats(-1e6, 1e6, allow_subnormal=False))
def test_the_middle_stays_on_the_slide(view, dx, dy):
    x, y = view.moved(dx, dy).center
    assert -1e-3 <= x <= view.slide_width + 1e-3
    assert -1e-3 <= y <= view.slide_height + 1e-3


@given(views)
def test_the_whole_slide_fits(view):
    left, top = view.to_screen(0, 0)
    right, bottom = view.to_screen(view.slide_width, view.slide_height)
    assert left >= 0
    assert top >= 0
    assert right <= view.width
    assert bottom <= view.height


@given(views, st.integers(50, 4000), st.integers(50, 3000))
def test_resizing_keeps_the_middle(view, width, height):
    zoomed = view.scaled(view.scale / 4, view.width / 2, view.height / 2)
    assert zoomed.resized(width, height).center == pytest.approx(zoomed.center, rel=1e-6, abs=1e-3)
