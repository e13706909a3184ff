"""The same analysis on the command line."""

from pathlib import Path

from e2evit_model.cli.typed import changed_flags, one_line
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice


def command_of(slide: Path, model: ModelChoice | None, settings: AnalysisSettings) -> str:
    """Return the command that does what the window would do, quoted for this system's shell.

    Only settings that differ from their defaults are named. Regions that change the strip are named as a GeoJSON file, which is to
    be exported under that name.
    """
    words = ["e2evit", "analyze", str(slide), "--model", model.source if model is not None else "MODEL"]
    if model is not None and model.backbone:
        words += ["--backbone", model.backbone]
    words += ["--out", f"{slide.stem}-result"]
    if settings.selection.include or settings.selection.exclude:
        words += ["--regions", "regions.geojson"]
    return one_line([*words, *changed_flags(settings)])
