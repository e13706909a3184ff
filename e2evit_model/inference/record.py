"""The provenance record: what made a result, without paths, file names or header text."""

import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from e2evit_model import __version__
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.plan import AnalysisPlan
from e2evit_model.inference.result import SlideResult
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tissue.mask import TissueMask

SCHEMA_VERSION = 1
_LIBRARIES = ("torch", "timm", "numpy", "openslide-python", "openslide-bin", "tifffile", "simplejpeg", "scikit-image")


def strip_record(
    info: SlideInfo, mask: TissueMask, grid: TileGrid, model: LoadedModel, plan: AnalysisPlan
) -> dict[str, Any]:
    """Return what any experiment on a strip says of where it came from: JSON values only."""
    return {
        "schema": SCHEMA_VERSION,
        "research_use_only": True,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "slide": {
            "fingerprint": info.fingerprint,
            "width_px": info.width,
            "height_px": info.height,
            "mpp": info.mpp,
            "mpp_source": info.mpp_source,
            "format": info.format,
            "reader": info.reader,
        },
        "tissue": {"method": plan.recorded_tissue, "mm2": mask.area_mm2(), "mask_mpp": mask.mpp},
        "tiles": {
            "n": len(grid),
            "tile_px": grid.tile_px,
            "mpp": grid.scale.mpp,
            "width_level0_px": grid.width,
            "level": grid.scale.level,
            "reduced_by": grid.scale.reduce,
            "resampled_by": grid.scale.resample,
            "tissue_fraction": plan.tissue_fraction,
            "order": grid.order,
            "fingerprint": grid.fingerprint(),
        },
        "regions": plan.selection.to_record() if plan.selection else None,
        "model": {
            "name": model.summary.name,
            "backbone": model.summary.backbone,
            "weights_sha256": model.summary.weights_sha256,
            "licence": model.summary.licence,
            "conversion": plan.conversion.to_record(),
            "mean": list(model.backbone.mean),
            "std": list(model.backbone.std),
            "demonstration": model.summary.demonstration,
        },
        "versions": {"e2evit": __version__, "python": platform.python_version()}
        | {name: version(name) for name in _LIBRARIES},
    }


def provenance(result: SlideResult, model: LoadedModel, plan: AnalysisPlan) -> dict[str, Any]:
    """Return the record that goes beside every export: JSON values only."""
    return strip_record(result.info, result.mask, result.grid, model, plan) | {
        "seen": {"variance_explained_by_mean_color": result.color_share},
        "result": _outcome(result),
        "device": result.device,
        "notices": list(result.notices),
        "seconds": {step: round(value, 3) for step, value in result.seconds.items()},
    }


def _outcome(result: SlideResult) -> dict[str, Any]:
    risk = result.risk
    if risk is None:
        return {"risk": None, "why_no_risk": result.why_no_risk}
    finite = [edge if np.isfinite(edge) else None for edge in risk.bin_edges_days]
    return {
        "risk": risk.risk,
        "member_risks": list(risk.member_risks),
        "percentile": risk.percentile,
        "group": risk.group,
        "survival": {
            "bin_edges_days": finite,
            "mean": risk.survival.mean(axis=0).tolist(),
            "members": risk.survival.tolist(),
        },
    }
