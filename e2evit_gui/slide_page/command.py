"""The same analysis on the command line."""

import shlex
import subprocess
import sys
from pathlib import Path

from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import describe


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
    for info in describe(AnalysisSettings):
        value = getattr(settings, info.name)
        if value == info.default:
            continue
        if info.kind is bool:
            words.append(info.flag if value else f"--no-{info.flag[2:]}")
        else:
            words += [info.flag, f"{value:g}" if isinstance(value, float) else str(value)]
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
