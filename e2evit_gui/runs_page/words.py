"""States and steps of a run in words."""

from PySide6.QtCore import QCoreApplication

from e2evit_gui.runs_page.ablation_snapshot import AblationSnapshot
from e2evit_gui.runs_page.snapshot import RunSnapshot
from e2evit_model.runs.status import State


def tr(text: str) -> str:
    """Translate words of the runs page."""
    return QCoreApplication.translate("RunsPage", text)


STATES = {
    State.QUEUED: "starting",
    State.RUNNING: "running",
    State.DONE: "done",
    State.FAILED: "failed",
    State.CANCELLED: "stopped",
    State.INTERRUPTED: "interrupted",
}


def state_of(run: RunSnapshot | AblationSnapshot, *, stopping: bool = False) -> str:
    """Say where a run stands."""
    return tr("stopping") if stopping and run.here else tr(STATES[run.state])


def c_index_of(run: RunSnapshot) -> str:
    """Say Harrell's C on the test parts with its interval, empty while there is none."""
    if run.mean_c is None:
        return ""
    spread = f" ± {run.sd_c:.3f}" if run.sd_c is not None else ""
    ends = f" (95 %: {run.interval[0]:.3f} to {run.interval[1]:.3f})" if run.interval is not None else ""
    return f"{run.mean_c:.3f}{spread}{ends}"
