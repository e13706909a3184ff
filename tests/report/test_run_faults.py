"""What stops the report of a run is a sentence, and nothing half stays."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from e2evit_model.errors import Cancelled, OutputError
from e2evit_model.report.run_canvas import svg_of
from e2evit_model.report.run_material import read_finished
from e2evit_model.report.run_report import document_of, write_report
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import RunFolder
from tests.report.runs import change_json, copy_of, shown


def test_a_full_disk_leaves_the_report_that_was_there(finished, tmp_path, monkeypatch, no_pdf):
    run = copy_of(finished, tmp_path)
    run.report.write_text("the report before")
    write_text = Path.write_text

    def full(path, text, **how):
        if path.suffix == ".html":
            write_text(path, text[:100], **how)
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_text(path, text, **how)

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(OutputError) as error:
        write_report(run.path)
    assert error.value.message == "The disk is full: report.html could not be written."
    assert run.report.read_text() == "the report before"
    assert not [path for path in run.path.iterdir() if path.name.startswith(".")]


def test_cancelling_is_let_through_and_nothing_half_stays(finished, tmp_path):
    run = copy_of(finished, tmp_path)

    def cancel(step, done, total):
        assert step == "Writing the report"
        if total and done == total - 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_report(run.path, progress=cancel)
    assert not run.report.exists()
    assert run.report_pdf.is_file()


@pytest.mark.parametrize(
    ("state", "why"),
    [
        ("queued", "has not begun"),
        ("running", "was interrupted before its end"),
        ("failed", "failed before its end"),
        ("cancelled", "was stopped before its end"),
    ],
)
def test_a_run_that_is_not_finished_is_a_sentence(state, why, finished, tmp_path):
    run = copy_of(finished, tmp_path)
    change_json(run.status, lambda status: status.update(state=state, process=2**30, message='"P001.svs" is damaged'))
    with pytest.raises(RunError) as error:
        write_report(run.path)
    assert error.value.message == f"copy {why}, so there is no report of it yet."
    assert error.value.hint
    assert not run.report.exists()


def cut_in_two(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (
            lambda run: change_json(run.run, lambda r: r.update(schema_version=99)),
            "copy was made by a newer version of this program (schema 99; this version reads 1).",
        ),
        (
            lambda run: change_json(run.metrics, lambda r: r.update(schema_version=99)),
            "copy was evaluated by a newer version of this program (schema 99; this version reads 1).",
        ),
        (lambda run: change_json(run.metrics, lambda r: r.pop("uno_c")), 'metrics.json lacks the field "uno_c".'),
        (
            lambda run: change_json(run.metrics, lambda r: r["harrell_c"]["mean"].update(value="high")),
            "metrics.json holds 'high' at \"harrell_c.mean.value\", where a number is needed.",
        ),
        (lambda run: cut_in_two(run.metrics), "metrics.json is damaged: it is not readable JSON."),
        (lambda run: run.predictions.unlink(), "predictions.csv is missing."),
        (lambda run: run.fold(1).bins.unlink(), "bins.json is missing."),
        (
            lambda run: change_json(run.fold(1).bins, lambda r: r.pop("details")),
            "A file of fold 1 of copy is damaged.",
        ),
        (
            lambda run: change_json(run.run, lambda r: r["config"].update(wings=2)),
            'The settings of copy are not those of this version: The option "wings" is not known.',
        ),
        (lambda run: run.run.unlink(), "copy is not a run: run.json is missing."),
    ],
)
def test_what_is_newer_damaged_or_missing_is_a_sentence(break_it, said, finished, tmp_path):
    run = copy_of(finished, tmp_path)
    break_it(run)
    with pytest.raises(RunError) as error:
        write_report(run.path)
    assert error.value.message == said
    assert error.value.hint
    assert not run.report.exists()


def test_metrics_that_do_not_fit_the_folds_are_a_sentence(finished, tmp_path):
    run = copy_of(finished, tmp_path)
    change_json(run.metrics, lambda r: r["uno_c"]["folds"].pop())
    with pytest.raises(RunError, match=r"metrics\.json has 1 folds where the run has 2\."):
        write_report(run.path)


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(RunError) as error:
        write_report(tmp_path / "nothing")
    assert error.value.message == "nothing is not a run: run.json is missing."


def test_a_report_needs_no_torch():
    code = "import sys, e2evit_model.report.run_report; sys.exit('torch' in sys.modules or 'matplotlib.figure' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_report_of_a_run_without_a_report_of_its_cohort(finished, tmp_path):
    run = copy_of(finished, tmp_path)
    change_json(
        run.cohort_report, lambda r: (r.clear(), r.update(left_out_slides=[{"slide_id": "P001-0", "reason": "torn"}]))
    )
    document = document_of(read_finished(RunFolder(run.path)))
    flow = next(picture for picture in document.pictures if picture.name == "flow")
    assert flow.alternative.startswith("Given to this run: 36 slides; In this run: 30 patients")
    assert "1 slide that could not be used" in svg_of(flow.draw, flow.width_in, flow.height_in)
    page = shown(run)
    assert "1 slide left out: cohort_report.json in the run folder says why, one by one." in page.text
    assert "P001" not in page.text
