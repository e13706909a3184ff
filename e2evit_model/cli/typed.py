"""How a command of ours is typed in this shell: by its name where the path finds it, with the flags that are no defaults."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import Options, describe


def as_typed(program: str) -> str:
    """Return what to type to start ``e2evit`` or ``e2evit-gui`` of this installation; no longer than it must be."""
    beside = Path(sys.executable).with_name(f"{program}.exe" if os.name == "nt" else program)
    found = shutil.which(program)
    if not beside.is_file() or (found is not None and Path(found).resolve() == beside.resolve()):
        return program
    try:
        relative = os.path.relpath(beside)
    except ValueError:  # another drive of Windows
        return str(beside)
    return min(relative, str(beside), key=len)


def changed_flags(settings: Options) -> list[str]:
    """Return settings as words of the command line: those that are not the default."""
    words: list[str] = []
    for info in describe(type(settings)):
        value = getattr(settings, info.name)
        if value == info.default:
            continue
        if info.kind is bool:
            words.append(info.flag if value else f"--no-{info.flag[2:]}")
        else:
            words += [info.flag, f"{value:g}" if isinstance(value, float) else str(value)]
    return words


def model_words(model: ModelChoice | None) -> list[str]:
    """Return a model as words of the command line."""
    if model is None:
        return ["--model", "MODEL"]
    return ["--model", model.source, *(["--backbone", model.backbone] if model.backbone else [])]


def analysis_words(settings: AnalysisSettings, *, regions: bool) -> list[str]:
    """Return an analysis as words of the command line; what is drawn on the slide is to be exported as ``regions.geojson``."""
    return [*(["--regions", "regions.geojson"] if regions else []), *changed_flags(settings)]


def one_line(words: Sequence[str]) -> str:
    """Return a command as one line, quoted for this system's shell."""
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
