"""Which level, and how it is reduced, for pixels of a wanted resolution."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.errors import ResolutionError
from e2evit_model.slides.protocol import Level, SlideInfo
from e2evit_model.slides.scale import TOLERANCE, choose_scale


def info(mpp: float | None, downsamples: tuple[float, ...] = (1.0,)) -> SlideInfo:
    levels = tuple(Level(width=round(40_000 / d), height=round(30_000 / d), downsample=d) for d in downsamples)
    return SlideInfo(
        width=40_000,
        height=30_000,
        levels=levels,
        mpp=mpp,
        mpp_source="file" if mpp else "",
        format="",
        reader="",
        fingerprint="",
    )


@pytest.mark.parametrize(
    ("mpp", "downsamples", "wanted", "level", "reduce", "resample", "result"),
    [
        (0.25, (1, 4, 16), 0.5, 0, 2, 1, 0.5),  # a 40x scan, halved while decoding
        (0.5, (1, 4, 16), 0.5, 0, 1, 1, 0.5),
        (0.4990, (1,), 0.5, 0, 1, 1, 0.4990),  # within 5 %: taken as it is
        (0.52, (1,), 0.5, 0, 1, 1, 0.52),
        (0.25, (1, 2, 4), 0.5, 1, 1, 1, 0.5),  # the level is there
        (0.25, (1, 4), 2.0, 1, 2, 1, 2.0),
        (0.23, (1, 4), 0.5, 0, 2, 0.5 / 0.46, 0.5),  # and the rest is averaged
        (0.3, (1,), 0.5, 0, 1, 0.5 / 0.3, 0.5),
        (0.25, (1, 4.0002), 8.0, 1, 8, 1, 0.25 * 4.0002 * 8),
    ],
)
def test_the_cheapest_way(mpp, downsamples, wanted, level, reduce, resample, result):
    scale = choose_scale(info(mpp, downsamples), wanted)
    assert (scale.level, scale.reduce) == (level, reduce)
    assert scale.resample == pytest.approx(resample)
    assert scale.mpp == pytest.approx(result)
    assert scale.downsample == pytest.approx(result / mpp)
    assert scale.note == ""


@settings(deadline=None)
@given(st.floats(0.1, 1.0), st.floats(0.2, 9.0), st.lists(st.sampled_from([2.0, 4.0, 4.003, 16.0, 31.9]), unique=True))
def test_pixels_are_never_enlarged(mpp: float, wanted: float, more: list[float]):
    if mpp > wanted * (1 + TOLERANCE):
        return
    slide = info(mpp, (1.0, *sorted(more)))
    scale = choose_scale(slide, wanted)
    assert scale.resample >= 1
    assert abs(scale.mpp / wanted - 1) <= TOLERANCE + 1e-9
    assert scale.downsample == pytest.approx(slide.levels[scale.level].downsample * scale.reduce * scale.resample)


def test_an_unknown_resolution_is_a_question():
    with pytest.raises(ResolutionError) as caught:
        choose_scale(info(None), 0.5)
    assert caught.value.message == "The file does not say how large a pixel is."
    assert caught.value.hint == (
        "Give micrometres per pixel (--mpp on the command line): a 40x scan has about 0.25, a 20x scan about 0.5."
    )


def test_a_coarser_slide_is_taken_as_it_is_and_said():
    scale = choose_scale(info(0.688), 0.5)
    assert (scale.level, scale.reduce, scale.resample, scale.mpp) == (0, 1, 1, 0.688)
    assert scale.note == "The slide has 0.688 um per pixel, coarser than the model's 0.5; its finest pixels are used."


def test_a_far_coarser_slide_is_refused():
    with pytest.raises(ResolutionError) as caught:
        choose_scale(info(1.0), 0.5)
    assert (
        caught.value.message == "The slide has 1 um per pixel, too coarse for a model that looks at 0.5 um per pixel."
    )
    assert caught.value.hint == "Use a scan of higher magnification, or a model for lower magnification."


def test_an_absurd_wish():
    with pytest.raises(ResolutionError, match=r"^The resolution of -1 um per pixel cannot be right\.$"):
        choose_scale(info(0.5), -1)
