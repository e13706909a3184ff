"""A slide and models for the tests of experiments."""

from pathlib import Path

from e2evit_model.convert.settings import Device, Precision
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from tests.inference.models import TINY, tiny_weights, write_tiny_risk_model
from tests.slide_files import tissue_like, write_pyramid

WHOLE = AnalysisSettings(tissue="all", device=Device.CPU, precision=Precision.FP32, cache=False)


def write_slide(folder: Path, *, columns: int = 5, rows: int = 4) -> Path:
    """Write a slide of so many tiles of 224 px at 0.5 um a pixel, named as a patient might be."""
    return write_pyramid(
        folder / "patient-17.tiff", tissue_like(224 * rows + 30, 224 * columns + 50, seed=3), mpp=0.5, levels=2
    )


def bare_model(folder: Path) -> ModelChoice:
    return ModelChoice(source=str(tiny_weights(folder / "w.safetensors")), backbone=TINY)


def risk_model(folder: Path, **how: object) -> ModelChoice:
    write_tiny_risk_model(folder / "model", **how)  # type: ignore[arg-type]
    return ModelChoice(source=str(folder / "model"))
