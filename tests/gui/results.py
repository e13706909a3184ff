"""Results of an analysis for tests, on the tiles that the window laid."""

import numpy as np

from e2evit_model.inference.result import ModelSummary, SlideResult
from e2evit_model.survival.prediction import SurvivalPrediction


def make_result(session, *, risk=True, seed=0, **changes):
    """A result on the session's mask and grid, with attention that rises in a random order."""
    rng = np.random.default_rng(seed)
    grid = session.grid
    count = len(grid)
    attention = rng.permutation(np.linspace(0.1, 1, count)).astype(np.float32)
    prediction = SurvivalPrediction(
        risk=-1.75,
        member_risks=(-1.5, -2.0),
        survival=np.array([[0.9, 0.7, 0.5, 0.2], [0.8, 0.6, 0.4, 0.1]]),
        bin_edges_days=(0.0, 365.25, 730.5, 1461.0, np.inf),
        percentile=71.0,
        group="high",
    )
    values = {
        "info": session.slide.info,
        "mask": session.mask,
        "grid": grid,
        "model": ModelSummary(
            name="test model", backbone="vit-small", weights_sha256="0" * 64, licence="MIT", patch_px=4, conversion={}
        ),
        "embedding": np.zeros(6, np.float32),
        "attention": attention / attention.sum(),
        "layers": rng.random((3, 2, count)).astype(np.float16),
        "seen": rng.integers(0, 255, (count, 4, 4, 3)).astype(np.uint8),
        "risk": prediction if risk else None,
        "why_no_risk": "" if risk else "There is no trained head.",
        "notices": (),
        "seconds": {"read tiles": 0.5},
        "device": "CPU",
    }
    return SlideResult(**(values | changes))
