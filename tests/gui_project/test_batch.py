import importlib
import inspect
import random
from pathlib import Path

import pytest

from e2evit_gui.jobs.batch import ANALYZE, BatchJob, JobState
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.project_panel.jobs_panel import JobsPanel
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.results import write_result
from tests.project.material import make_result

FAILURE = Failure(message="The file is damaged.", hint="Copy it again.")


def jobs(*names):
    return [
        BatchJob(
            slide_id=name,
            name=f"{name}.svs",
            path=Path(f"{name}.svs"),
            settings=AnalysisSettings(),
            model=ModelChoice(source="vit-small"),
            folder=Path("project"),
        )
        for name in names
    ]


def test_what_is_asked_for_is_there(tmp_path):
    module, name = ANALYZE.split(":")
    parameters = inspect.signature(getattr(importlib.import_module(module), name)).parameters
    assert list(parameters) == ["path", "settings", "choice", "folder", "slide_id", "progress"]


def order(queue):
    return [(job.slide_id, str(job.state)) for job in queue.jobs]


def test_slides_are_asked_for_one_after_the_other(queue, process, qtbot, tmp_path):
    entry = write_result(ProjectFolder(tmp_path), "a", make_result())
    heard = []
    queue.finished.connect(lambda job, result: heard.append((job.slide_id, result)))
    assert queue.add(jobs("a", "b")) == 2
    assert order(queue) == [("a", "running"), ("b", "waiting")]
    assert process.asked[0][:2] == (ANALYZE, Path("a.svs"))
    assert process.asked[0][-1] == "a"
    process.progressed.emit("Reading tiles", 3, 9)
    assert (queue.running.step, queue.running.done, queue.running.total) == ("Reading tiles", 3, 9)
    process.end(process.succeeded, entry)
    assert heard == [("a", entry)]
    assert order(queue) == [("a", "done"), ("b", "running")]
    with qtbot.waitSignal(queue.emptied):
        process.end(process.failed, FAILURE)
    assert order(queue) == [("a", "done"), ("b", "failed")]
    assert queue.job_of("b").failure is FAILURE
    assert process.stopped == 1


def test_a_slide_is_queued_once_and_an_ended_one_again(queue, process):
    queue.add(jobs("a", "b"))
    assert queue.add(jobs("b", "a", "c")) == 1
    process.end(process.failed, FAILURE)
    assert queue.add(jobs("a")) == 1
    assert order(queue) == [("b", "running"), ("c", "waiting"), ("a", "waiting")]


def test_a_pause_lets_the_running_slide_end(queue, process):
    queue.add(jobs("a", "b"))
    queue.pause()
    process.end(process.failed, FAILURE)
    assert order(queue) == [("a", "failed"), ("b", "waiting")]
    assert len(process.asked) == 1
    queue.resume()
    assert order(queue) == [("a", "failed"), ("b", "running")]


def test_waiting_and_running_slides_are_cancelled(queue, process, qtbot):
    queue.add(jobs("a", "b", "c"))
    queue.cancel([queue.job_of("b")])
    assert order(queue) == [("a", "running"), ("b", "cancelled"), ("c", "waiting")]
    queue.cancel([queue.job_of("a")])
    assert order(queue) == [("a", "cancelled"), ("b", "cancelled"), ("c", "running")]
    with qtbot.waitSignal(queue.emptied):
        queue.cancel_all()
    assert {state for _, state in order(queue)} == {"cancelled"}


def test_what_failed_is_tried_again_at_the_end(queue, process):
    queue.add(jobs("a", "b"))
    process.end(process.failed, FAILURE)
    queue.retry([queue.job_of("a")])
    assert order(queue) == [("b", "running"), ("a", "waiting")]
    assert queue.job_of("a").failure is None
    queue.retry(queue.jobs)
    assert order(queue) == [("b", "running"), ("a", "waiting")]


def test_moving_never_loses_a_slide_and_moves_only_those_that_wait(queue):
    names = list("abcdefg")
    queue.add(jobs(*names))
    expected = names[1:]
    rng = random.Random(3)
    for _ in range(200):
        chosen = rng.sample(names, rng.randint(1, 4))
        step = rng.choice([-1, 1])
        queue.move([queue.job_of(name) for name in chosen], step)
        for name in [one for one in expected[::-step] if one in chosen]:
            at = expected.index(name)
            to = at + step
            if 0 <= to < len(expected) and expected[to] not in chosen:
                expected[at], expected[to] = expected[to], expected[at]
        assert [job.slide_id for job in queue.waiting] == expected
    assert queue.jobs[0].slide_id == "a"


def test_time_left_is_told_after_the_first_slide(queue, process, tmp_path):
    queue.add(jobs("a", "b", "c"))
    assert queue.seconds_left() is None
    process.end(process.succeeded, write_result(ProjectFolder(tmp_path), "a", make_result()))
    queue.job_of("a").seconds = 10.0
    assert queue.seconds_left() == pytest.approx(20.0, abs=1.0)


def test_the_panel_shows_the_queue_and_its_buttons_work(queue, process, qtbot):
    panel = JobsPanel(queue)
    qtbot.addWidget(panel)
    assert panel.text.text() == "No slide is waiting. Choose slides in PROJECT, right click, Analyze."
    queue.add(jobs("a", "b", "c"))
    assert panel.text.text() == "1 running, 2 waiting, 0 done"
    panel.table.selectRow(2)
    panel.up.click()
    assert [job.slide_id for job in queue.waiting] == ["c", "b"]
    assert [job.slide_id for job in panel.chosen] == ["c"]
    panel.cancel.click()
    assert queue.job_of("c").state is JobState.CANCELLED
    panel.table.clearSelection()
    panel.pause.click()
    assert panel.pause.text() == "Resume"
    process.end(process.failed, FAILURE)
    model = panel.model
    shown = [[model.index(row, column).data() for column in range(3)] for row in range(3)]
    assert shown == [
        ["a.svs", "failed", "The file is damaged."],
        ["c.svs", "cancelled", ""],
        ["b.svs", "waiting", ""],
    ]
    panel.retry.click()
    assert [job.slide_id for job in queue.waiting] == ["b", "a"]
    panel.clear.click()
    assert [job.slide_id for job in queue.jobs] == ["b", "a"]


@pytest.mark.parametrize(("done", "shown"), [(0, "0"), (29, "2"), (289, "28"), (999, "99"), (1_000, "100")])
def test_a_job_is_at_a_hundred_percent_when_all_of_it_is_done(queue, process, qtbot, done, shown):
    panel = JobsPanel(queue)
    qtbot.addWidget(panel)
    queue.add(jobs("a"))
    job = queue.running
    job.step, job.done, job.total = "Reading", done, 1_000
    assert panel.model.index(0, 2).data() == f"Reading {shown}\u00a0%"
    process.end(process.failed, FAILURE)


def in_view(panel, job):
    box = panel.table.visualRect(panel.model.index(panel.model.row_of(job), 0))
    return box.isValid() and panel.table.viewport().rect().contains(box)


def test_the_running_slide_stays_in_view_until_somebody_chooses_rows(queue, process, qtbot, tmp_path):
    panel = JobsPanel(queue)
    qtbot.addWidget(panel)
    panel.resize(700, 170)
    panel.show()
    qtbot.waitExposed(panel)
    names = [f"slide {number}" for number in range(40)]
    queue.add(jobs(*names))
    for name in names[:30]:
        process.end(process.succeeded, write_result(ProjectFolder(tmp_path), name, make_result()))
    assert queue.running.slide_id == "slide 30"
    assert in_view(panel, queue.running)
    panel.table.selectRow(2)
    panel.table.scrollToTop()
    process.end(process.failed, FAILURE)
    assert in_view(panel, queue.job_of("slide 2"))
    assert not in_view(panel, queue.running)


@pytest.mark.parametrize("height", range(150, 300, 7))
def test_rows_are_whole_wherever_the_table_is_scrolled(queue, process, qtbot, height):
    panel = JobsPanel(queue)
    qtbot.addWidget(panel)
    panel.resize(700, height)
    with qtbot.waitExposed(panel):
        panel.show()
    queue.add(jobs(*(f"slide {number}" for number in range(40))))
    table = panel.table
    for place in (table.scrollToTop, table.scrollToBottom):
        place()
        room = table.viewport().height()
        first, last = table.rowAt(0), table.rowAt(room - 1)
        assert table.rowViewportPosition(first) == 0
        assert table.rowViewportPosition(last) + table.rowHeight(last) == room
        assert last - first >= 2


def test_what_runs_is_said_with_one_colon(project_window, monkeypatch):
    projects = project_window.projects
    monkeypatch.setattr(projects.queue._process, "ask", lambda *_said: None)
    projects.queue.add(jobs("a", "b"))
    projects.queue._process.progressed.emit("Running the model", 0, 0)
    assert project_window.jobs.text.text() == "a.svs (1 waiting): Running the model"
    projects.queue.stop()  # closing a window whose queue is at work asks
