"""Entries, documents and results for tests of projects."""

import numpy as np

from e2evit_model.inference.result import ModelSummary, SlideResult
from e2evit_model.project.entries import SlideEntry
from e2evit_model.slides.protocol import Level, SlideInfo
from e2evit_model.slides.scale import Scale
from e2evit_model.survival.prediction import SurvivalPrediction
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import TissueMask


def make_entry(name="a.svs", **changes):
    """A slide that need not exist."""
    values = {
        "id": f"{sum(name.encode()):016x}",
        "name": name,
        "path": f"../slides/{name}",
        "fingerprint": f"{sum(name.encode()):064x}",
        "bytes": 1000,
        "width": 2000,
        "height": 1000,
        "mpp": 0.5,
        "mpp_source": "file",
        "format": "tiled TIFF",
        "added": "2026-01-02T03:04:05.000006+00:00",
    }
    return SlideEntry(**(values | changes))


def make_result(*, seed=0, tiles=7, risk=True, name="test model", embedding=None, fingerprint="f" * 64):
    """A result of random numbers in which every field holds something."""
    rng = np.random.default_rng(seed)
    findings = rng.integers(0, 6, (5, 9)).astype(np.uint8)
    grid = TileGrid(
        column=rng.integers(0, 99, tiles).astype(np.int32),
        row=rng.integers(0, 99, tiles).astype(np.int32),
        x=rng.integers(0, 10**6, tiles).astype(np.int64),
        y=rng.integers(0, 10**6, tiles).astype(np.int64),
        tissue=rng.random(tiles).astype(np.float32),
        width=448.0 + rng.random(),
        tile_px=224,
        order="row",
        scale=Scale(level=1, reduce=2, resample=1.25, downsample=2.5, mpp=0.5, note="a note"),
    )
    prediction = SurvivalPrediction(
        risk=float(rng.normal()),
        member_risks=tuple(rng.normal(size=3).tolist()),
        survival=rng.random((3, 4)),
        bin_edges_days=(0.0, 100.5, 365.25, 730.5, np.inf),
        percentile=float(100 * rng.random()),
        group="high",
        votes=(2, 3),
        cohort_range=(-1.25, 0.5),
    )
    return SlideResult(
        info=SlideInfo(
            width=2000,
            height=1000,
            levels=(Level(width=2000, height=1000, downsample=1.0), Level(width=500, height=250, downsample=4.0)),
            mpp=0.5,
            mpp_source="file",
            format="tiled TIFF",
            reader="OpenSlide 4",
            fingerprint=fingerprint,
            objective=20.0,
            notes=("A note.",),
        ),
        mask=TissueMask(findings=findings, downsample=20.0, mpp=10.0, method="otsu"),
        grid=grid,
        model=ModelSummary(
            name=name,
            backbone="vit-small",
            weights_sha256="0" * 64,
            licence="MIT",
            patch_px=4,
            conversion={"positions": "alibi", "merge": 1.0},
        ),
        embedding=rng.normal(size=6).astype(np.float32) if embedding is None else embedding,
        attention=rng.random(tiles).astype(np.float32),
        layers=rng.random((3, 2, tiles)).astype(np.float16),
        seen=rng.integers(0, 255, (tiles, 4, 4, 3)).astype(np.uint8),
        risk=prediction if risk else None,
        why_no_risk="" if risk else "There is no trained head.",
        notices=("One.", "Two."),
        seconds={"read tiles": 0.5, "run model": 1.25},
        device="CPU",
        record={"schema": 1, "nested": {"list": [1, 2.5, None]}},
    )
