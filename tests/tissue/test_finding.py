"""The one call that finds tissue: its ways, its sentences, its cancelling."""

import logging

import numpy as np
import pytest

from e2evit_model.errors import Cancelled, TissueError
from e2evit_model.tissue.finding import find_tissue
from e2evit_model.tissue.mask import Finding
from tests.tissue.memory_slide import MPP, SHAPE, MemorySlide, Painter, box

OTHER_WAYS = 'Take the whole picture as tissue ("all"), or give a mask file (PNG or GeoJSON).'


def refusal(slide, **settings):
    with pytest.raises(TissueError) as caught:
        find_tissue(slide, **settings)
    return caught.value.message, caught.value.hint


def test_otsu_covers_the_slide_and_says_its_scale():
    mask = find_tissue(MemorySlide(Painter().tissue(box(200, 100, 300, 300)).picture(), mpp=MPP))
    assert mask.findings.shape == (280, 360)
    assert mask.downsample == 2.5
    assert mask.mpp == 10.0
    assert mask.method == "otsu at 10 um/px"
    assert mask.area_mm2() == pytest.approx(1.44, rel=0.06)


def test_levels_make_no_difference():
    picture = Painter().tissue(box(200, 100, 300, 300)).picture()
    fine, coarse = (find_tissue(MemorySlide(picture, mpp=1.0, downsamples=levels)) for levels in ((1,), (1, 2, 4)))
    assert fine.findings.shape == coarse.findings.shape
    assert np.mean(fine.findings != coarse.findings) < 0.005


def test_without_a_resolution_a_scale_is_assumed_and_said():
    mask = find_tissue(MemorySlide(Painter().tissue(box(200, 100, 300, 300)).picture(), mpp=None))
    assert mask.mpp is None
    assert mask.area_mm2() is None
    assert mask.method == "otsu at an assumed 22.2 um/px"
    assert mask.tissue.mean() == pytest.approx(300 * 300 / (700 * 900), rel=0.1)


def test_all_is_the_whole_picture_and_nothing_is_read():
    slide = MemorySlide(Painter().picture(), mpp=MPP)
    mask = find_tissue(slide, method="all")
    assert mask.tissue.all()
    assert mask.method == "all"
    assert mask.findings.shape == (280, 360)
    assert not slide.reads


def test_an_empty_slide():
    slide = MemorySlide(Painter().picture(), mpp=MPP)
    assert refusal(slide) == ("No tissue found on this slide.", f"The slide seems to be empty. {OTHER_WAYS}")


def test_a_slide_with_only_pen():
    slide = MemorySlide(Painter().color(box(100, 100, 80, 600), (30, 140, 110)).picture(), mpp=MPP)
    assert refusal(slide) == ("No tissue found on this slide.", f"All that was found: pen. {OTHER_WAYS}")


def test_a_slide_with_only_dust_and_crumbs():
    painter = Painter().tissue(box(500, 600, 40, 40)).color(box(100, 600, 8, 50), (45, 43, 44), blur=1)
    message, hint = refusal(MemorySlide(painter.picture(), mpp=MPP))
    assert message == "No tissue found on this slide."
    assert hint == f"All that was found: dust, parts too small to use. {OTHER_WAYS}"


def test_fluorescence():
    slide = MemorySlide(255 - Painter().tissue(box(200, 100, 300, 300)).picture(), mpp=MPP)
    assert refusal(slide) == (
        "No tissue found on this slide.",
        f"The slide is dark, as in fluorescence; tissue is looked for on a light ground. {OTHER_WAYS}",
    )


def test_a_mistyped_way():
    slide = MemorySlide(Painter().picture(), mpp=MPP)
    assert refusal(slide, method="otus") == (
        'There is no way to find tissue called "otus".',
        'Did you mean "otsu"? A mask file (PNG or GeoJSON) can be given, too.',
    )


def test_a_mask_file_that_is_not_there_is_named_without_its_folder(tmp_path):
    slide = MemorySlide(Painter().picture(), mpp=MPP)
    assert refusal(slide, method=str(tmp_path / "mask.png")) == (
        "The mask file mask.png was not found.",
        "Check its name and folder.",
    )
    assert refusal(slide, method=str(tmp_path))[0] == f'There is no way to find tissue called "{tmp_path.name}".'


def test_a_name_too_long_for_the_file_system():
    slide = MemorySlide(Painter().picture(), mpp=MPP)
    name = "m" * 5000 + ".png"
    assert refusal(slide, method=name)[0] == f"The mask file {name} was not found."


def test_cancelled_is_let_through():
    def stop(step, done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        find_tissue(MemorySlide(Painter().picture(), mpp=MPP), progress=stop)


def test_damaged_parts_are_no_tissue():
    everywhere = np.ones(SHAPE, dtype=bool)
    slide = MemorySlide(Painter().tissue(everywhere).picture(), mpp=MPP, side=100, damaged=frozenset({(0, 0), (1, 0)}))
    mask = find_tissue(slide)
    # blocks of 100 px, read at half the size: 200 px of level 0
    assert not mask.tissue[5:75, 5:155].any()
    assert mask.tissue[100:].all()
    assert (mask.findings[5:75, 5:155] == Finding.BACKGROUND).all()


def test_the_log_says_the_area_and_no_path(tmp_path, caplog):
    slide = MemorySlide(Painter().tissue(box(200, 100, 300, 300)).picture(), mpp=MPP)
    with caplog.at_level(logging.INFO, logger="e2evit_model.tissue"):
        find_tissue(slide)
    assert caplog.messages == ["Tissue found (otsu at 10 um/px): 1.5 mm2"]
