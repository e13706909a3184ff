"""The single pass against the naive sums of the literal strip."""

import numpy as np
import pytest

from e2evit_model.errors import Cancelled, OptionError, SlideError
from e2evit_model.strip.literal import literal_strip, naive_sums
from e2evit_model.strip.reading import mean_patches
from tests.strip.memory_slide import MemorySlide, grid_of, random_grid, random_picture


def assert_exact(slide, grid, stack, *, patch_sizes, splits):
    strip = literal_strip(slide, grid)
    assert len(stack) == len(grid)
    assert stack.readable.all()
    assert sorted(stack.sums) == sorted(patch_sizes)
    for patch_px in patch_sizes:
        expected = naive_sums(strip, patch_px=patch_px, splits=splits)
        assert stack.sums[patch_px].shape == expected.shape
        np.testing.assert_array_equal(stack.sums[patch_px], expected)


@pytest.mark.parametrize("seed", range(12))
def test_random_blocks_and_tiles_equal_the_naive_sums(seed):
    rng = np.random.default_rng(seed)
    slide = MemorySlide(
        random_picture(rng, *rng.integers(500, 1500, 2)), block=tuple(rng.integers(64, 301, 2)), views=bool(seed % 2)
    )
    splits = (1, 2, 4)[seed % 3]
    threads = (1, 2, 4)[seed // 3 % 3]
    grid = random_grid(rng, slide, 224, keep=rng.uniform(0.2, 1))
    stack = mean_patches(slide, grid, splits=splits, threads=threads)
    assert_exact(slide, grid, stack, patch_sizes=(14, 16), splits=splits)


@pytest.mark.parametrize(("tile_px", "patch_sizes"), [(224, (8, 32)), (112, (7, 14)), (60, (5, 15)), (48, (1, 48))])
@pytest.mark.parametrize("block", [(256, 256), (97, 131), (240, 16)])
def test_other_tile_and_patch_sizes(tile_px, patch_sizes, block):
    rng = np.random.default_rng(tile_px)
    slide = MemorySlide(random_picture(rng, 700, 600), block=block)
    grid = random_grid(rng, slide, tile_px)
    stack = mean_patches(slide, grid, patch_sizes=patch_sizes, threads=2)
    assert_exact(slide, grid, stack, patch_sizes=patch_sizes, splits=1)


@pytest.mark.parametrize("splits", [1, 2, 4])
def test_a_level_halved_while_decoding(splits):
    rng = np.random.default_rng(splits)
    slide = MemorySlide(random_picture(rng, 1601, 1399), block=(128, 128))
    grid = random_grid(rng, slide, 224, reduce=2, keep=0.9)
    stack = mean_patches(slide, grid, splits=splits)
    assert_exact(slide, grid, stack, patch_sizes=(14, 16), splits=splits)


@pytest.mark.parametrize(("resample", "splits"), [(1.7, 1), (1.1, 4), (2.0, 2)])
def test_a_resampled_grid(resample, splits):
    rng = np.random.default_rng(5)
    slide = MemorySlide(random_picture(rng, 1203, 1100), block=(113, 170))
    grid = random_grid(rng, slide, 112, resample=resample, keep=0.7)
    stack = mean_patches(slide, grid, patch_sizes=(14, 16) if splits == 1 else (14, 28), splits=splits, threads=2)
    assert_exact(slide, grid, stack, patch_sizes=stack.sums, splits=splits)


def test_white_tiles_do_not_overflow():
    slide = MemorySlide(np.full((500, 500, 3), 255, np.uint8), block=(100, 100))
    grid = grid_of([0, 1], [1, 0], 224)
    stack = mean_patches(slide, grid)
    assert (stack.sums[14] == 16 * 16 * 255).all()
    assert stack.sums[14].dtype == np.uint16
    assert (stack.means(14) == 1).all()


def test_large_tiles_are_summed_in_32_bits():
    slide = MemorySlide(np.full((1200, 1300, 3), 254, np.uint8), block=(400, 300))
    stack = mean_patches(slide, grid_of([0], [0], 1120))
    assert stack.sums[14].dtype == np.uint32
    assert (stack.sums[14] == 80 * 80 * 254).all()
    assert stack.means(14).dtype == np.float32
    np.testing.assert_allclose(stack.means(16), 254 / 255, rtol=1e-6)


def test_tall_tiles_of_small_patches_overflow_nowhere():
    slide = MemorySlide(np.full((600, 600, 3), 255, np.uint8), block=(600, 600))
    stack = mean_patches(slide, grid_of([0], [0], 600), patch_sizes=(2,))
    assert (stack.sums[2] == 300 * 300 * 255).all()


def test_each_block_under_a_tile_is_read_once_and_no_other():
    rng = np.random.default_rng(3)
    for block, resample, threads in (
        ((256, 256), 1.0, 4),
        ((70, 90), 1.0, 1),
        ((100, 120), 1.7, 4),
        ((80, 80), 1.7, 1),
    ):
        slide = MemorySlide(random_picture(rng, 2000, 1800), block=block)
        grid = random_grid(rng, slide, 112, resample=resample, keep=0.15)
        mean_patches(slide, grid, threads=threads)
        side = 112 * resample
        expected = set()
        for column, row in zip(grid.column, grid.row, strict=True):
            for x in range(int(column * side), int(np.ceil((column + 1) * side))):
                expected |= {
                    (x // block[0], y // block[1]) for y in range(int(row * side), int(np.ceil((row + 1) * side)), 10)
                }
                expected.add((x // block[0], (int(np.ceil((row + 1) * side)) - 1) // block[1]))
        assert set(slide.reads) == expected
        assert set(slide.reads.values()) == {1}
        assert slide.fetched == slide.reads
        assert threads > 1 or not slide.fetched_late


@pytest.mark.parametrize("resample", [1.0, 1.7])
def test_damage_costs_only_the_tiles_that_it_touches(resample):
    rng = np.random.default_rng(8)
    picture = random_picture(rng, 1500, 1400)
    whole, hurt = (
        MemorySlide(picture, block=(150, 100)),
        MemorySlide(picture, block=(150, 100), damaged={(3, 4), (9, 13)}),
    )
    grid = random_grid(rng, whole, 112, resample=resample, keep=1)
    expected, stack = mean_patches(whole, grid, splits=1), mean_patches(hurt, grid, splits=1)
    side = 112 * resample
    touched = np.zeros(len(grid), bool)
    for column, row in hurt.damaged:
        x, y = grid.column * side, grid.row * side
        touched |= (x < (column + 1) * 150) & (x + side > column * 150) & (y < (row + 1) * 100) & (y + side > row * 100)
    assert 0 < touched.sum() < len(grid)
    np.testing.assert_array_equal(stack.readable, ~touched)
    for patch_px in (14, 16):
        np.testing.assert_array_equal(stack.sums[patch_px][~touched], expected.sums[patch_px][~touched])
        assert not stack.sums[patch_px][touched].any()


def test_tiles_over_the_border_see_white():
    rng = np.random.default_rng(4)
    picture = random_picture(rng, 300, 250)
    slide = MemorySlide(picture, block=(64, 64))
    padded = np.full((448, 448, 3), 255, np.uint8)
    padded[:250, :300] = picture
    grid = grid_of([0, 1, 0, 1], [0, 0, 1, 1], 224)
    np.testing.assert_array_equal(mean_patches(slide, grid).sums[16], mean_patches(MemorySlide(padded), grid).sums[16])


def test_a_tile_named_twice_is_given_twice():
    rng = np.random.default_rng(1)
    slide = MemorySlide(random_picture(rng, 500, 500))
    grid = grid_of([1, 0, 1], [0, 0, 0], 224)
    assert_exact(slide, grid, mean_patches(slide, grid), patch_sizes=(14, 16), splits=1)


def test_no_tiles_give_an_empty_stack():
    stack = mean_patches(MemorySlide(np.zeros((300, 300, 3), np.uint8)), grid_of([], [], 224))
    assert len(stack) == 0
    assert stack.sums[14].shape == (0, 1, 14, 14, 3)


@pytest.mark.parametrize("resample", [1.0, 1.5])
def test_cancelling_ends_reading_soon(resample):
    rng = np.random.default_rng(0)
    slide = MemorySlide(random_picture(rng, 1500, 1500), block=(20, 20), delay=0.001)
    grid = random_grid(rng, slide, 112, resample=resample, keep=1)

    def cancel(step, done, total):
        if done:
            raise Cancelled

    with pytest.raises(Cancelled):
        mean_patches(slide, grid, threads=2, progress=cancel)
    assert len(slide.reads) < 75 * 75 / 2


@pytest.mark.parametrize("resample", [1.0, 1.5])
def test_progress_rises_to_the_number_of_tiles(resample):
    rng = np.random.default_rng(0)
    slide = MemorySlide(random_picture(rng, 1500, 1500), block=(100, 100))
    grid = random_grid(rng, slide, 112, resample=resample)
    heard = []
    mean_patches(slide, grid, progress=lambda *said: heard.append(said))
    assert {(step, total) for step, _, total in heard} == {("Reading tiles", len(grid))}
    done = [done for _, done, _ in heard]
    assert done == sorted(done)
    assert (done[0], done[-1]) == (0, len(grid))


@pytest.mark.parametrize("resample", [1.0, 1.5])
def test_an_error_of_the_reader_comes_through(resample):
    slide = MemorySlide(np.zeros((900, 900, 3), np.uint8), block=(100, 100), fails={(2, 2)})
    with pytest.raises(SlideError, match=r"^The slide cannot be read\.$"):
        mean_patches(slide, random_grid(np.random.default_rng(0), slide, 112, resample=resample, keep=1), threads=2)


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (
            {"patch_sizes": (15,)},
            "A tile of 224 px cannot be cut into patches of 15 px.",
            "Choose a tile size that is a multiple of 15 px.",
        ),
        ({"patch_sizes": (0,)}, "A tile of 224 px cannot be cut into patches of 0 px.", "multiple of 1 px"),
        ({"patch_sizes": ()}, "No patch size was given.", "Give the patch size of the model, such as 14 or 16 px."),
        (
            {"splits": 3},
            "A tile cannot be cut into 3 parts.",
            "Choose 1 (the whole tile), 2 (halves) or 4 (quadrants).",
        ),
        (
            {"patch_sizes": (32,), "splits": 2},
            "A tile of 224 px has 7 patches of 32 px in a row, which cannot be halved for 2 parts.",
            "Choose a tile size that is a multiple of 64 px, or one token a tile.",
        ),
    ],
)
def test_options_that_do_not_fit(options, message, hint):
    slide = MemorySlide(np.zeros((300, 300, 3), np.uint8))
    with pytest.raises(OptionError) as caught:
        mean_patches(slide, grid_of([0], [0], 224), **options)
    assert caught.value.message == message
    assert hint in caught.value.hint
    assert not slide.reads
