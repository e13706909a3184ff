"""A small slide and the result of an analysis of it, for the tests of figures."""

import numpy as np

from e2evit_model.inference.result import ModelSummary, SlideResult
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.scale import Scale
from e2evit_model.survival.prediction import SurvivalPrediction
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import Finding, TissueMask
from tests.slide_files import tissue_like, write_pyramid

WIDTH, HEIGHT, TILE = 2000, 1400, 224
LABEL_COLOR = (1, 254, 3)
"""Of a label image, found nowhere else."""


def write_slide(folder, *, mpp=0.5, width=WIDTH, height=HEIGHT):
    """Write a pyramid of pink and violet waves and return its path and its pixels."""
    pixels = tissue_like(height, width, seed=4)
    return write_pyramid(folder / "secret-name.tiff", pixels, mpp=mpp, quality=95), pixels


def open_small(folder, **how):
    """Write a slide and open it."""
    return open_slide(write_slide(folder, **how)[0])


def grid_of(count, *, columns=8, order="row", width=float(TILE)):
    """Lay ``count`` tiles in rows from the upper left corner of the slide on."""
    column, row = np.arange(count) % columns, np.arange(count) // columns
    return TileGrid(
        column=column.astype(np.int32),
        row=row.astype(np.int32),
        x=np.round(column * width).astype(np.int64),
        y=np.round(row * width).astype(np.int64),
        tissue=np.ones(count, np.float32),
        width=width,
        tile_px=TILE,
        order=order,
        scale=Scale(level=0, reduce=1, resample=width / TILE, downsample=width / TILE, mpp=0.5),
    )


def mask_of(*, mpp=16.0):
    """Make a mask with every finding on a raster of 32 level-0 pixels."""
    findings = np.zeros((44, 63), np.uint8)
    findings[5:30, 5:40] = Finding.TISSUE
    findings[5:12, 45:60] = Finding.PEN
    findings[20:26, 45:52] = Finding.DEBRIS
    findings[35:37, 10:12] = Finding.TOO_SMALL
    findings[15:18, 10:14] = Finding.EXCLUDED
    return TissueMask(findings=findings, downsample=32.0, mpp=mpp, method="otsu")


def result_of(info, *, count=40, risk=True, demonstration="", attention=None):
    """Make the result of an analysis with attention that grows along the strip."""
    grid = grid_of(count)
    raw = np.linspace(1, 9, count, dtype=np.float32) if attention is None else attention
    prediction = SurvivalPrediction(
        risk=-1.8321,
        member_risks=(-1.9, -1.7642),
        survival=np.ones((2, 4)),
        bin_edges_days=(0, 1, 2, 3, float("inf")),
        percentile=71.4,
        group="high",
    )
    return SlideResult(
        info=info,
        mask=mask_of(),
        grid=grid,
        model=ModelSummary(
            name="Test model",
            backbone="vit-small",
            weights_sha256="0123456789abcdef",
            licence="MIT",
            patch_px=16,
            conversion={},
            demonstration=demonstration,
        ),
        embedding=np.zeros(4, np.float32),
        attention=(raw / np.nansum(raw)).astype(np.float32),
        layers=np.zeros((1, 1, count), np.float16),
        seen=np.random.default_rng(2).integers(0, 255, (count, 16, 16, 3), np.uint8),
        risk=prediction if risk else None,
        why_no_risk="" if risk else "the model has no head that was trained on survival.",
        notices=(),
        seconds={},
        device="cpu",
    )
