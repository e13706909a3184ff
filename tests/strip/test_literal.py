"""The literal strip, and the reason it is never built: convolving and merging it is one linear map of the mean patches."""

import numpy as np
import pytest
import torch

from e2evit_model.errors import OptionError, SlideError
from e2evit_model.strip.literal import literal_strip, tile_pixels
from e2evit_model.strip.reading import mean_patches
from tests.strip.memory_slide import MemorySlide, grid_of, random_grid, random_picture


def merged_tokens(strip, convolution, tile_px, splits):
    """Convolve the whole strip, and average the tokens of each part of each tile, (N, splits, C)."""
    mean = torch.tensor([0.48, 0.45, 0.41]).view(3, 1, 1)
    std = torch.tensor([0.22, 0.23, 0.24]).view(3, 1, 1)
    image = (torch.from_numpy(strip).permute(2, 0, 1) / 255 - mean) / std
    tokens = convolution(image[None])[0]  # (C, patches high, patches of the whole strip)
    below, beside = {1: (1, 1), 2: (2, 1), 4: (2, 2)}[splits]
    high, tiles = tokens.shape[1], strip.shape[1] // tile_px
    parts = tokens.reshape(len(tokens), below, high // below, tiles, beside, high // beside)
    return parts.mean(dim=(2, 5)).permute(2, 1, 3, 0).reshape(tiles, splits, -1)


@pytest.mark.parametrize("patch_px", [14, 16])
@pytest.mark.parametrize(("splits", "resample"), [(1, 1.0), (2, 1.0), (4, 1.0), (1, 1.3)])
def test_convolving_the_strip_and_merging_is_one_linear_map_of_the_mean_patches(patch_px, splits, resample):
    rng = np.random.default_rng(patch_px + splits)
    torch.manual_seed(patch_px)
    slide = MemorySlide(random_picture(rng, 1000, 800), block=(200, 150))
    grid = random_grid(rng, slide, 224, keep=0.8, resample=resample)
    convolution = torch.nn.Conv2d(3, 48, kernel_size=patch_px, stride=patch_px)
    with torch.no_grad():
        expected = merged_tokens(literal_strip(slide, grid), convolution, 224, splits)
        patches = torch.from_numpy(mean_patches(slide, grid, splits=splits).means(patch_px))
        mean, std = torch.tensor([0.48, 0.45, 0.41]), torch.tensor([0.22, 0.23, 0.24])
        folded = ((patches - mean) / std).permute(0, 1, 4, 2, 3).flatten(2)
        tokens = torch.nn.functional.linear(folded, convolution.weight.flatten(1), convolution.bias)
    assert tokens.shape == expected.shape == (len(grid), splits, 48)
    assert (tokens - expected).abs().max() < 1e-5
    assert expected.std() > 0.01


def test_the_strip_is_the_tiles_in_order():
    rng = np.random.default_rng(0)
    slide = MemorySlide(random_picture(rng, 400, 300), block=(64, 90))
    grid = grid_of([3, 0, 2], [1, 2, 0], 90)
    strip = literal_strip(slide, grid)
    assert strip.shape == (90, 270, 3)
    for index, (column, row) in enumerate([(3, 1), (0, 2), (2, 0)]):
        square = slide.picture[row * 90 : row * 90 + 90, column * 90 : column * 90 + 90]
        np.testing.assert_array_equal(strip[:, index * 90 : index * 90 + 90], square)
        np.testing.assert_array_equal(tile_pixels(slide, grid, index), square)


def test_no_tiles_make_an_empty_strip():
    assert literal_strip(MemorySlide(np.zeros((9, 9, 3), np.uint8)), grid_of([], [], 224)).shape == (224, 0, 3)


def test_a_large_strip_is_refused():
    slide = MemorySlide(np.zeros((300, 300, 3), np.uint8))
    with pytest.raises(OptionError) as caught:
        literal_strip(slide, grid_of(np.arange(1338), np.zeros(1338), 224))
    assert caught.value.message == "A strip of 1338 tiles of 224 px is too large to be built whole."
    assert caught.value.hint == "Choose a region of at most 1337 tiles; the model itself needs no such strip."
    assert not slide.reads


def test_a_tile_on_damaged_data_is_refused():
    slide = MemorySlide(np.zeros((300, 300, 3), np.uint8), block=(100, 100), damaged={(1, 1)})
    with pytest.raises(SlideError) as caught:
        tile_pixels(slide, grid_of([0, 1], [0, 0], 112), 1)
    assert caught.value.message == "Tile 1 lies on damaged data of the slide and cannot be read."
    assert caught.value.hint == "Copy the slide again from where it came from, or go on without this tile."
