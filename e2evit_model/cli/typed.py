"""How a program of ours is typed in this shell: by its name where the path finds it, else by where it lies."""

import os
import shutil
import sys
from pathlib import Path


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
