"""Run folders as a training leaves them, written by the model's own writers."""

import json
import os
import platform
import subprocess
import sys
import time

import psutil

from e2evit_gui.jobs.training_process import AskedFolder, WorkingProcess
from e2evit_model.runs.records import write_json
from e2evit_model.runs.run_folder import RunFolder, RunRecord
from e2evit_model.runs.run_tables import write_epochs
from e2evit_model.runs.status import Status


def write_run(
    path, *, state="done", folds=2, epochs=3, process=0, started=0.0, message="", method="fine-tune", mean_c=None
):
    """Write a run whose folds have done some epochs."""
    run = RunFolder(path)
    record = RunRecord(
        name=path.name,
        created="2026-03-01T10:00:00+00:00",
        cohort="clinic",
        endpoint="OS",
        model="vit-small",
        config={"epochs": 10, "method": method, "folds_in_parallel": 1},
        folds=folds,
        seed=0,
    )
    run.write_run(record)
    status = Status(
        state=state,
        heartbeat=time.time(),
        process=process,
        process_started=started,
        machine=platform.node(),
        step="Fold 1, epoch 3",
        done=4,
        total=8,
        message=message,
    )
    write_json(run.status, status)
    for number in range(folds):
        fold = run.fold(number)
        rows = [
            {
                "epoch": float(n),
                "train_loss": 2.0 / n,
                "val_loss": 2.2 / n,
                "val_c_index": None if n == 1 else 0.5 + 0.02 * n,
                "seconds": 20.0,
            }
            for n in range(1, epochs + 1)
        ]
        write_epochs(fold.log, rows)
        write_json(
            fold.status, Status(state="done" if number == 0 else state, heartbeat=time.time(), machine=platform.node())
        )
    if mean_c is not None:
        values = [{"value": mean_c - 0.1}, {"value": mean_c + 0.1}]
        metrics = {"harrell_c": {"folds": values, "mean": {"value": mean_c, "low": 0.55, "high": 0.8}, "sd": 0.1414}}
        run.metrics.write_text(json.dumps(metrics))
    return path


def write_asked(path, *, process, output=""):
    """Write what the window keeps of a run that it began."""
    asked = AskedFolder.of(path)
    asked.path.mkdir(parents=True)
    began = psutil.Process(process).create_time() if psutil.pid_exists(process) else 1.0
    write_json(asked.process, WorkingProcess(process=process, process_started=began, machine=platform.node()))
    asked.output.write_text(output)
    return path


def sleeper(*, deaf=False):
    """Start a process that waits, and ends at SIGINT unless it is deaf; it says when it listens."""
    heard = "signal.SIG_IGN" if deaf else "lambda *_: (print('asked', flush=True), os._exit(130))"
    code = (
        f"import os, signal, time; signal.signal(signal.SIGINT, {heard}); print('ready', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=os.environ)
    assert process.stdout.readline().strip() == b"ready"
    return process
