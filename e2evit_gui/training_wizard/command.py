"""The same training on the command line."""

from pathlib import Path

from e2evit_gui.jobs.training_process import AskedFolder
from e2evit_gui.jobs.training_spec import TrainingSpec
from e2evit_gui.training_wizard.draft import Draft
from e2evit_model.cli.typed import one_line


def command_of(spec: TrainingSpec, draft: Draft, run: Path) -> str:
    """Return the command that trains the same, quoted for this system's shell; it reads files that are saved beside the runs."""
    return one_line(_exactly(run) if _beyond_flags(draft) else _by_flags(spec, run))


def _by_flags(spec: TrainingSpec, run: Path) -> list[str]:
    asked = AskedFolder.of(run)
    words = ["e2evit", "ablate" if spec.vary else "train", spec.table, "--slides", spec.slides]
    words += ["--slide-table", spec.slide_table] if spec.slide_table else []
    words += ["--endpoint", spec.endpoint] if spec.endpoint else []
    for role, value in spec.mapping.items():
        if role == "slide_pattern":
            words += ["--pattern", value] if value else []
        elif value:
            words += ["--map", f"{role}={','.join(value) if isinstance(value, (list, tuple)) else value}"]
    words += ["--folds", str(asked.folds), "--config", str(asked.config)]
    if not spec.vary:
        return [*words, "--run", str(run)]
    for axis in spec.vary:
        words += ["--vary", axis]
    return [*words, *(["--one-at-a-time"] if spec.one_at_a_time else []), "--out", str(run)]


def _beyond_flags(draft: Draft) -> bool:
    """Say whether the flags cannot say the same: that a role has no column, or a name with a comma in a list."""
    lists = [value for value in draft.mapping.values() if isinstance(value, tuple)]
    return any(value is None or value == () for value in draft.mapping.values()) or any(
        "," in v for vs in lists for v in vs
    )


def _exactly(run: Path) -> list[str]:
    spec = AskedFolder.of(run).spec
    return ["python", "-m", "e2evit_gui.jobs.training_child", "--spec", str(spec), "--run", str(run)]
