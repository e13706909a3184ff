"""Both stages against plain loops: which tile says what of a pixel, classes, padding, votes. The networks are stand-ins."""

from collections import Counter

import numpy as np
import pytest
import torch
from torch import nn

from e2evit_model.grandqc.artefacts import with_artefacts
from e2evit_model.grandqc.models import NETWORKS
from e2evit_model.grandqc.networks import normalized
from e2evit_model.grandqc.tissue import compressed, starts, tissue_findings
from e2evit_model.progress import silent
from e2evit_model.slides.opening import open_slide
from e2evit_model.tiling.making import make_grid
from e2evit_model.tissue.mask import Finding, TissueMask
from tests.slide_files import tissue_like, write_pyramid

TISSUE, ARTEFACTS = NETWORKS["grandqc"], NETWORKS["grandqc-artefacts"]
TILE = 64


class ByPlaceAndColor(nn.Module):
    """Scores of ``kinds`` classes: which one leads hangs on the place in the tile and on the pixel."""

    def __init__(self, kinds):
        super().__init__()
        self.kinds = kinds
        self.nothing = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        """Return (n, kinds, h, w)."""
        red = (x[:, 0] * 0.229 + 0.485) * 255
        rows, columns = (torch.arange(size) // 16 for size in x.shape[2:])
        leader = (rows[:, None] + columns[None] + (red > 190)) % self.kinds
        return nn.functional.one_hot(leader.long(), self.kinds).permute(0, 3, 1, 2).float()


def leader(pixel, row, column, kinds):
    """The same of one pixel."""
    return (row // 16 + column // 16 + int(pixel[0] > 190)) % kinds


@pytest.mark.parametrize("size", [(64, 64), (150, 201), (40, 130), (128, 192), (30, 20)])
def test_every_pixel_is_what_the_first_tile_that_holds_it_says(size):
    picture = tissue_like(*size, seed=3)
    found = tissue_findings(picture, TISSUE, ByPlaceAndColor(2), tile_px=TILE, progress=silent)
    height, width = max(size[0], TILE), max(size[1], TILE)
    page = np.full((height, width, 3), 255, np.uint8)
    page[: size[0], : size[1]] = compressed(picture)
    for y in range(size[0]):
        top = next(t for t in starts(height, TILE) if t <= y < t + TILE)
        for x in range(size[1]):
            left = next(t for t in starts(width, TILE) if t <= x < t + TILE)
            wanted = leader(page[y, x], y - top, x - left, 2)
            assert found[y, x] == (Finding.TISSUE if wanted == 0 else Finding.BACKGROUND)


def test_colors_are_normalized_as_imagenet_and_compressed_as_the_authors_did():
    tile = np.array([[[[255, 0, 128]]]], np.uint8)
    wanted = [(1 - 0.485) / 0.229, (0 - 0.456) / 0.224, (128 / 255 - 0.406) / 0.225]
    assert normalized(tile).flatten().tolist() == pytest.approx(wanted)
    picture = tissue_like(64, 64)
    assert 0 < np.abs(compressed(picture).astype(int) - picture).mean() < 12


def test_tiles_lie_one_after_the_other_and_the_last_at_the_border():
    assert starts(512, 512) == [0]
    assert starts(1024, 512) == [0, 512]
    assert starts(1100, 512) == [0, 512, 588]


def test_a_pixel_of_the_mask_is_what_most_of_its_pixels_are(tmp_path):
    path = write_pyramid(tmp_path / "s.tiff", tissue_like(400, 520, seed=5), mpp=1.5, levels=1)
    findings = np.full((60, 78), Finding.TISSUE, np.uint8)
    findings[:20, :30] = Finding.BACKGROUND
    downsample = 20 / 3
    mask = TissueMask(findings=findings, downsample=downsample, mpp=10.0, method="x")
    network = ByPlaceAndColor(8)
    with open_slide(path) as slide:
        found = with_artefacts(slide, mask, ARTEFACTS, network, tile_px=TILE, progress=silent)
        grid = make_grid(slide.info, mask, tile_px=TILE, mpp=1.5, fraction=50 / TILE**2)
        assert 20 < len(grid) < 48
        votes = [[Counter() for _ in row] for row in findings]
        for left, top in zip(grid.x, grid.y, strict=True):
            tile = slide.read_region(int(left), int(top), 0, TILE, TILE)
            for y in range(TILE):
                row = int((top + y + 0.5) / downsample)
                for x in range(TILE):
                    column = int((left + x + 0.5) / downsample)
                    if row < 60 and column < 78:
                        votes[row][column][leader(tile[y, x], y, x, 8)] += 1
    changed = 0
    for row in range(60):
        for column in range(78):
            counted = votes[row][column]
            if findings[row, column] != Finding.TISSUE or not counted:
                assert found[row, column] == findings[row, column]
                continue
            most = max(counted.values())
            assert found[row, column] == ARTEFACTS.classes[min(kind for kind, n in counted.items() if n == most)]
            changed += found[row, column] != Finding.TISSUE
    assert changed > 100
    assert {Finding.FOLD, Finding.PEN, Finding.BUBBLE, Finding.BLUR} <= set(found.ravel().tolist())
