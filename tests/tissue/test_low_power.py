"""The low-power picture: against averaging pixel by pixel, and when blocks are damaged or the user cancels."""

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.errors import Cancelled, TissueError
from e2evit_model.tissue.low_power import MOST_PIXELS, RASTER_UM, raster_over, read_low_power
from tests.tissue.memory_slide import MemorySlide


def noise(height, width, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


def slow_average(picture, step, downsample, shape):
    """Put every pixel into the raster pixel that its centre lies in, one by one."""
    sums, counts = np.zeros((*shape, 3)), np.zeros((*shape, 1))
    for row in range(picture.shape[0]):
        for column in range(picture.shape[1]):
            place = tuple(
                min(int((n + 0.5) * step / downsample), limit - 1)
                for n, limit in zip((row, column), shape, strict=True)
            )
            sums[place] += picture[row, column]
            counts[place] += 1
    return np.where(counts > 0, np.floor(sums / np.maximum(counts, 1) + 0.5), 255)


@settings(max_examples=30, deadline=None)
@given(
    height=st.integers(1, 70),
    width=st.integers(1, 70),
    mpp=st.floats(0.9, 12),
    side=st.sampled_from([8, 13, 64]),
    seed=st.integers(0, 99),
)
def test_a_slide_without_a_pyramid_is_averaged_exactly(height, width, mpp, side, seed):
    picture = noise(height, width, seed)
    slide = MemorySlide(picture, mpp=mpp, side=side)
    low_power = read_low_power(slide)
    reduce = max(f for f in (1, 2, 4, 8) if f == 1 or f <= low_power.downsample)
    reduced = slide.blocks(0, reduce=reduce).picture
    wanted = slow_average(reduced, reduce, low_power.downsample, low_power.image.shape[:2])
    np.testing.assert_array_equal(low_power.image, wanted)


def test_the_cheapest_level_is_read():
    slide = MemorySlide(noise(512, 640), mpp=0.5, downsamples=(1, 4, 16), side=16)
    low_power = read_low_power(slide)
    # level 2 is 8 um/px: finer than 10 um/px, so it is enough; 40 x 32 pixels are 3 x 2 blocks of 16
    assert sorted(slide.reads) == [(column, row) for column in range(3) for row in range(2)]
    assert low_power.mpp == pytest.approx(RASTER_UM)
    assert not low_power.assumed


def test_the_raster_is_the_same_whatever_the_levels():
    picture = noise(512, 640)
    shapes = set()
    for downsamples in ((1,), (1, 2, 4), (1, 4, 16)):
        low_power = read_low_power(MemorySlide(picture, mpp=0.5, downsamples=downsamples))
        shapes.add((low_power.image.shape, low_power.downsample))
    assert shapes == {((26, 32, 3), 20.0)}


def test_a_very_large_slide_gets_a_coarser_raster():
    info = MemorySlide(noise(8, 8), mpp=0.25).info
    large = type(info)(**{**vars(info), "width": 100_000, "height": 80_000})
    raster = raster_over(large)
    assert raster.width * raster.height == pytest.approx(MOST_PIXELS, rel=0.01)
    assert raster.downsample == pytest.approx(40.0)
    larger = type(info)(**{**vars(info), "width": 400_000, "height": 200_000})
    assert raster_over(larger).width * raster_over(larger).height == pytest.approx(MOST_PIXELS, rel=0.01)


def test_without_a_resolution_the_slide_is_taken_to_be_20_mm_long():
    low_power = read_low_power(MemorySlide(noise(400, 500), mpp=None))
    assert low_power.assumed
    assert low_power.mpp == pytest.approx(20_000 / 500)


def test_damaged_blocks_are_white():
    slide = MemorySlide(np.zeros((40, 40, 3), dtype=np.uint8), mpp=10.0, side=20, damaged=frozenset({(1, 0)}))
    low_power = read_low_power(slide)
    assert (low_power.image[:20, 20:] == 255).all()
    assert (low_power.image[20:] == 0).all()
    assert low_power.damaged == 0.25


def test_a_slide_that_is_damaged_all_over_is_refused():
    slide = MemorySlide(noise(20, 20), mpp=10.0, damaged=frozenset({(0, 0)}))
    with pytest.raises(TissueError) as caught:
        read_low_power(slide)
    assert caught.value.message == "The slide cannot be read at low power: all its data there is damaged."
    assert caught.value.hint == "Copy the file again from the scanner or the archive."


def test_progress_begins_at_nothing_and_ends_with_all():
    heard = []
    read_low_power(MemorySlide(noise(100, 90), mpp=10.0, side=10), progress=lambda *said: heard.append(said))
    assert heard[0] == ("Finding tissue", 0, 90)
    assert heard[-1] == ("Finding tissue", 90, 90)
    assert [done for _, done, _ in heard] == sorted(done for _, done, _ in heard)


def test_cancelling_stops_the_reading_and_leaves_no_thread(monkeypatch):
    monkeypatch.setattr("e2evit_model.tissue.low_power.PROGRESS_EVERY_S", 0.0)
    slide = MemorySlide(noise(400, 400), mpp=10.0, side=10)

    def stop(step, done, total):
        if done >= 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_low_power(slide, progress=stop)
    assert len(slide.reads) < 100  # of 1600
    assert not [t for t in threading.enumerate() if t.name.startswith("low-power")]


def test_an_error_of_the_reader_is_let_through():
    slide = MemorySlide(noise(40, 40), mpp=10.0)
    blocks = slide.blocks(0)

    def fail(column, row):
        raise ZeroDivisionError

    blocks.read = fail
    slide.blocks = lambda level, reduce=1: blocks
    with pytest.raises(ZeroDivisionError):
        read_low_power(slide)
