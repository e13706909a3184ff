"""The files of a run: named, written once, listed."""

import json
import subprocess
import sys
from datetime import datetime

import pytest

from e2evit_model.errors import E2EViTError
from e2evit_model.runs.records import write_json
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import RunFolder, RunRecord, list_runs, run_folder_name
from e2evit_model.runs.status import State, StatusWriter


def make_record(**changes):
    values = {
        "name": "r",
        "created": "2026-01-02T03:04:05",
        "cohort": "c",
        "endpoint": "OS",
        "model": "vit-small",
        "config": {"lr": 1e-4, "blocks": [1, 2]},
        "folds": 5,
        "seed": 1,
    }
    return RunRecord(**(values | changes))


def test_every_file_of_the_design_has_its_name(tmp_path):
    run = RunFolder(tmp_path / "r")
    fold = run.fold(0)
    names = {
        *(run.run, run.environment, run.cohort, run.cohort_report, run.folds, run.predictions, run.metrics, run.report),
        *(run.model, run.status, fold.status, fold.bins, fold.log, fold.best, fold.last, fold.predictions),
    }
    assert {path.relative_to(run.path).as_posix() for path in names} == {
        *(
            "run.json",
            "environment.json",
            "cohort.csv",
            "cohort_report.json",
            "folds.csv",
            "predictions.csv",
            "metrics.json",
        ),
        *("report.html", "model", "status.json", "fold_0/status.json", "fold_0/bins.json", "fold_0/log.csv"),
        *("fold_0/best.safetensors", "fold_0/last.pt", "fold_0/predictions.csv"),
    }
    assert len({*names, run.lock, run.figures, fold.previous, fold.test_opened}) == len(names) + 4


def test_folder_names():
    now = datetime(2026, 3, 4, 5, 6, 7)  # noqa: DTZ001 - the user's own clock
    name = run_folder_name("CPTAC / CCRCC (äöü)", "vit-small", {"lr": 1}, now=now)
    assert name.rpartition("_")[0] == "2026-03-04_CPTAC-CCRCC_vit-small"
    assert len(name.rpartition("_")[2]) == 8
    assert run_folder_name("CPTAC / CCRCC (äöü)", "vit-small", {"lr": 2}, now=now) != name
    assert run_folder_name("..", "/", {}, now=now).startswith("2026-03-04_unnamed_unnamed_")


def test_what_was_asked_is_written_once(tmp_path):
    run = RunFolder(tmp_path / "r")
    run.write_run(make_record())
    assert run.read_run() == RunRecord(**(make_record().__dict__ | {"config": {"lr": 1e-4, "blocks": [1, 2]}}))
    run.write_run(make_record())
    with pytest.raises(RunError) as caught:
        run.write_run(make_record(seed=2))
    assert caught.value.message == "r holds another run already."
    assert run.read_run().seed == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "r is not a run: run.json is missing."),
        ('{"schema_version": 9}', "r was made by a newer version of this program (schema 9; this version reads 1)."),
        ("{", "run.json is damaged: it is not readable JSON."),
        ('{"schema_version": 1}', 'run.json lacks the field "name".'),
    ],
)
def test_folders_that_cannot_be_opened(tmp_path, content, message):
    run = RunFolder(tmp_path / "r")
    run.path.mkdir()
    if content is not None:
        run.run.write_text(content)
    with pytest.raises(RunError) as caught:
        run.read_run()
    assert caught.value.message == message
    assert isinstance(caught.value, E2EViTError)


def test_list_of_runs(tmp_path):
    for index, name in enumerate(("old", "new", "broken", ".hidden")):
        run = RunFolder(tmp_path / name)
        run.write_run(make_record(name=name, created=f"2026-01-0{index + 1}"))
    (tmp_path / "broken" / "run.json").write_text("{")
    (tmp_path / "no run").mkdir()
    new = RunFolder(tmp_path / "new")
    for path in (new.status, new.fold(0).status, new.fold(3).status):
        StatusWriter(path).set_state(State.DONE)
    write_json(new.metrics, {"harrell_c": {"mean": {"value": 0.61}}})
    runs = list_runs(tmp_path)
    assert [(r.folder.name, r.state, r.folds_done, r.mean_c) for r in runs] == [
        ("new", State.DONE, 2, 0.61),
        ("old", State.QUEUED, 0, None),
        ("broken", State.FAILED, 0, None),
    ]
    assert runs[2].problem == "run.json is damaged: it is not readable JSON."
    assert list_runs(tmp_path / "nowhere") == []


def test_runs_are_listed_without_torch(tmp_path):
    RunFolder(tmp_path / "r").write_run(make_record())
    code = (
        "import sys; from pathlib import Path; from e2evit_model.runs.run_folder import list_runs; "
        "print(len(list_runs(Path(sys.argv[1]))), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_the_environment_names_no_user_machine_or_folder():
    import getpass
    import platform
    from pathlib import Path

    from e2evit_model.runs.environment import environment_record

    text = json.dumps(environment_record())
    assert platform.node() not in text
    assert str(Path.home()) not in text
    assert f'"{getpass.getuser()}"' not in text
    assert environment_record()["packages"]["torch"]
