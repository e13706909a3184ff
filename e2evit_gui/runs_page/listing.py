"""The runs and comparisons of a folder, in the order of the list. No Qt, no torch."""

import contextlib
from pathlib import Path

from e2evit_gui.jobs.training_process import ASKED, AskedFolder, reap
from e2evit_gui.runs_page.ablation_snapshot import AblationSnapshot, is_ablation, read_ablation
from e2evit_gui.runs_page.snapshot import RunSnapshot, read_run
from e2evit_model.runs.ablation_folder import AblationFolder
from e2evit_model.runs.run_folder import RunFolder

Snapshot = RunSnapshot | AblationSnapshot


def read_runs(root: Path) -> list[Snapshot]:
    """Read all runs and comparisons of a folder, newest first; those that were asked for and have not begun among them."""
    reap()
    paths = [path for path in _folders(root) if (path / "run.json").is_file() or is_ablation(path)]
    begun = {path.name for path in paths}
    paths += [
        root / path.name for path in _folders(root / ASKED) if path.name not in begun and _was_begun(root / path.name)
    ]
    found: list[Snapshot] = [read_ablation(path) if is_ablation(path) else read_run(path) for path in paths]
    return sorted(found, key=lambda run: (_when(run), run.name), reverse=True)


def _folders(root: Path) -> list[Path]:
    try:
        return [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
    except OSError:
        return []


def _was_begun(run: Path) -> bool:
    """Say whether a process was started; what was only saved for the command line is no run yet."""
    return AskedFolder.of(run).process.is_file()


def _when(run: Snapshot) -> float:
    for path in (AskedFolder.of(run.path).spec, RunFolder(run.path).run, AblationFolder(run.path).record):
        with contextlib.suppress(OSError):
            return path.stat().st_mtime
    return 0.0
