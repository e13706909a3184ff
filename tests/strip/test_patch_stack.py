"""Fewer parts from more, means, and what a stack refuses."""

import numpy as np
import pytest

from e2evit_model.errors import OptionError
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.reading import mean_patches
from tests.strip.memory_slide import MemorySlide, random_grid, random_picture


@pytest.fixture(scope="module")
def stacks() -> dict[int, PatchStack]:
    rng = np.random.default_rng(0)
    slide = MemorySlide(random_picture(rng, 900, 700))
    grid = random_grid(rng, slide, 224)
    return {splits: mean_patches(slide, grid, splits=splits) for splits in (1, 2, 4)}


@pytest.mark.parametrize(("finer", "coarser"), [(4, 4), (4, 2), (4, 1), (2, 1)])
def test_parts_merge_exactly(stacks, finer, coarser):
    merged = stacks[finer].merged(coarser)
    assert merged.splits == coarser
    for patch_px, values in stacks[coarser].sums.items():
        assert merged.sums[patch_px].dtype == np.uint16
        np.testing.assert_array_equal(merged.sums[patch_px], values)


def test_parts_cannot_be_made_finer(stacks):
    with pytest.raises(OptionError, match=r"^The strip was read with 1 parts a tile, which do not make 4\.$"):
        stacks[1].merged(4)


def test_means_are_between_0_and_1_and_average_to_the_tiles(stacks):
    for splits, stack in stacks.items():
        means = stack.means(14)
        assert means.shape == (len(stack), splits, 14, 14, 3)
        assert means.dtype == np.float32
        expected = stacks[1].sums[14].sum(axis=(1, 2, 3), dtype=np.int64) / (255 * 224 * 224)
        np.testing.assert_allclose(means.mean(axis=(1, 2, 3)), expected, rtol=1e-5)


def test_a_subset_and_some_patch_sizes(stacks):
    keep = np.array([2, 0])
    part = stacks[2].subset(keep).of_patches((16,))
    assert list(part.sums) == [16]
    np.testing.assert_array_equal(part.sums[16], stacks[2].sums[16][keep])
    with pytest.raises(OptionError, match=r"^The strip was read for patches of 16 px, not of 14 px\.$"):
        part.means(14)
