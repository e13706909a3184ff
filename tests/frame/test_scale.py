"""The level and reduction chosen for a resolution."""

import pytest

from e2evit_model.errors import ResolutionError
from e2evit_model.slides.protocol import Level, SlideInfo
from e2evit_model.slides.scale import choose_scale


def info(mpp: float | None, *downsamples: float) -> SlideInfo:
    levels = tuple(Level(width=int(8000 / d), height=int(6000 / d), downsample=d) for d in (downsamples or (1.0,)))
    return SlideInfo(
        width=8000, height=6000, levels=levels, mpp=mpp, mpp_source="file", format="x", reader="x", fingerprint="0"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("mpp", "downsamples", "wanted", "level", "reduce", "resample", "result"),
    [
        (0.499, (1,), 0.5, 0, 1, 1.0, 0.499),  # taken as it is
        (0.25, (1, 4, 16), 0.5, 0, 2, 1.0, 0.5),  # 40x: halved while decoding
        (0.2525, (1, 2, 4), 0.5, 1, 1, 1.0, 0.505),  # the file's own half
        (0.25, (1, 4.0002, 16), 1.0, 1, 1, 1.0, 1.00005),
        (0.2265, (1, 4), 0.5, 0, 2, 0.5 / 0.453, 0.5),  # 9 % off: resampled
        (0.25, (1,), 2.0, 0, 8, 1.0, 2.0),
        (0.1, (1,), 0.5, 0, 4, 1.25, 0.5),
        (0.688, (1, 2), 0.5, 0, 1, 1.0, 0.688),  # coarser than wanted, never enlarged
    ],
)
def test_scale(mpp, downsamples, wanted, level, reduce, resample, result) -> None:
    scale = choose_scale(info(mpp, *downsamples), wanted)
    assert (scale.level, scale.reduce) == (level, reduce)
    assert scale.resample == pytest.approx(resample)
    assert scale.mpp == pytest.approx(result)
    assert scale.downsample == pytest.approx(result / mpp)


def test_a_coarser_slide_is_used_with_a_note() -> None:
    note = choose_scale(info(0.688), 0.5).note
    assert note == "The slide has 0.688 um per pixel, coarser than the model's 0.5; its finest pixels are used."
    assert choose_scale(info(0.25), 0.5).note == ""


def test_a_slide_too_coarse_is_refused() -> None:
    with pytest.raises(ResolutionError) as caught:
        choose_scale(info(1.0), 0.5)
    assert (
        caught.value.message == "The slide has 1 um per pixel, too coarse for a model that looks at 0.5 um per pixel."
    )


def test_an_unknown_resolution_is_asked_for() -> None:
    with pytest.raises(ResolutionError) as caught:
        choose_scale(info(None), 0.5)
    assert caught.value.message == "The file does not say how large a pixel is."
    assert "--mpp" in caught.value.hint
