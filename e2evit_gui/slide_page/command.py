"""The same analysis on the command line."""

from pathlib import Path

from e2evit_model.cli.typed import analysis_words, model_words, one_line
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice


def command_of(slide: Path, model: ModelChoice | None, settings: AnalysisSettings) -> str:
    """Return the command that does what the window would do, quoted for this system's shell.

    Only settings that differ from their defaults are named. Regions that change the strip are named as a GeoJSON file, which is to
    be exported under that name.
    """
    words = ["e2evit", "analyze", str(slide), *model_words(model), "--out", f"{slide.stem}-result"]
    drawn = bool(settings.selection.include or settings.selection.exclude)
    return one_line([*words, *analysis_words(settings, regions=drawn)])
