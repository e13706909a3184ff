"""A working day with the model's real process: a region left out, a batch whose process is killed, tried again, reopened."""

import os
import signal

import pytest

from e2evit_gui.jobs.batch import JobState
from e2evit_model.annotations.region import StripRole
from e2evit_model.inference.settings import ModelChoice
from tests.annotations.shapes import square
from tests.gui_project.conftest import open_slide, wait
from tests.inference.models import write_tiny_risk_model


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the process is killed by a signal")
def test_a_batch_survives_its_process_and_keeps_what_was_drawn(qtbot, project_window, tmp_path):
    window, projects = project_window, project_window.projects
    write_tiny_risk_model(tmp_path / "model", tissue_method="otsu")
    window.choose_model(ModelChoice(source=str(tmp_path / "model")))
    slide = open_slide(qtbot, window, "case 10.tiff")
    whole = len(window.session.grid)
    qtbot.waitUntil(lambda: not window.regions.regions.drawn.regions, timeout=5000)
    window.regions.regions.add([square(220, 220, 232, role=StripRole.EXCLUDE)], "Leave out")
    qtbot.waitUntil(lambda: not window.slides.busy and len(window.session.grid) < whole, timeout=20_000)
    kept = len(window.session.grid)
    qtbot.waitUntil(lambda: projects.state.regions(slide.id) is not None, timeout=5000)
    queue = projects.queue
    projects.analyze(projects.panel.order.shown)
    qtbot.waitUntil(lambda: queue.running is not None and bool(queue.running.step), timeout=60_000)
    first = queue.running
    os.kill(queue._process.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: queue.running is None and not queue.waiting, timeout=120_000)
    assert first.state is JobState.FAILED
    assert first.failure.message.startswith("The model's process ended unexpectedly")
    assert [job.state for job in queue.jobs if job is not first] == [JobState.DONE, JobState.DONE]
    queue.retry([first])
    qtbot.waitUntil(lambda: queue.running is None and not queue.waiting, timeout=120_000)
    results = {result.slide: result for result in projects.state.project.results()}
    assert len(results) == 3
    assert all(result.risk is not None for result in results.values())
    assert results[slide.id].tiles == kept
    qtbot.waitUntil(lambda: window.session.result is not None, timeout=20_000)
    assert window.session.result.risk.risk == results[slide.id].risk
    wait(qtbot, window)
    assert projects.close_for_good()
    window.slides.close()
    projects.open(tmp_path / "work")
    qtbot.waitUntil(lambda: window.session.result is not None, timeout=30_000)
    assert {result.slide: result for result in projects.state.project.results()} == results
    assert len(window.session.grid) == kept
    wait(qtbot, window)
