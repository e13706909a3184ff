"""The wizard driven through all its pages, the training it starts, the page that shows it, the model it makes."""

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from e2evit_gui.jobs.training_process import find_process
from e2evit_model.runs.status import State
from e2evit_model.training.config import Method
from tests.gui_training.conftest import ARCHITECTURE, checked, choose, type_into, with_cohort

pytestmark = pytest.mark.slow


def click(qtbot, button):
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_from_the_first_page_to_a_model_in_the_viewer(qtbot, window, table, slides_folder, weights, runs):
    window.training.open_wizard_action.trigger()
    window.training.open_wizard_action.trigger()  # impatient: there is one wizard all the same
    qtbot.waitUntil(lambda: window.training.wizard is not None, timeout=60_000)
    wizard = window.training.wizard
    with_cohort(qtbot, wizard, table, slides_folder)
    assert "16 patients, 8 with the event, 16 slides." in wizard.cohort.state.text()
    qtbot.waitUntil(wizard.next.isEnabled)
    click(qtbot, wizard.next)

    type_into(qtbot, wizard.folds.form.fields["k"].findChild(QLineEdit), "2")
    type_into(qtbot, wizard.folds.form.fields["validation"].findChild(QLineEdit), "0.5")
    checked(qtbot, wizard)
    assert len(wizard.folds.counts.rows()) == 6
    qtbot.waitUntil(wizard.next.isEnabled)
    with qtbot.waitSignal(wizard.slides.cards_ended, timeout=60_000):
        click(qtbot, wizard.next)
    cards = wizard.tiles.sheet.cards
    assert len(cards) == 12
    assert all(card.card.tiles >= 1 and not card.card.message for card in cards)
    click(qtbot, wizard.next)

    qtbot.mouseClick(wizard.model.methods[Method.LINEAR_NLL], Qt.MouseButton.LeftButton)
    wizard.model.take_file(weights)
    choose_architecture(qtbot, wizard)
    qtbot.waitUntil(wizard.next.isEnabled, timeout=120_000)
    assert "tiny.safetensors" in wizard.model.facts.text()
    epochs = wizard.model.learning[Method.LINEAR_NLL].fields["epochs"].findChild(QLineEdit)
    type_into(qtbot, epochs, "3")
    click(qtbot, wizard.next)

    choose(wizard.compute.form.fields["device"].findChild(type(wizard.tiles.tissue)), "CPU")
    click(qtbot, wizard.compute.measure)
    qtbot.waitUntil(lambda: not wizard.slides.asking("dry run"), timeout=180_000)
    assert not wizard.compute.error.text()
    assert wizard.slides.measured.slide_id == "S05", "the largest slide"
    assert wizard.slides.measured.memory_bytes > 50e6
    assert wizard.compute.time.text().startswith("at most ")
    click(qtbot, wizard.next)

    run = wizard.review.run
    assert run.parent == runs
    click(qtbot, wizard.next)
    assert not wizard.isVisible()
    page = window.training.page
    qtbot.waitUntil(lambda: page.chosen == [run], timeout=20_000)
    crashed(qtbot, window, run)
    assert page.views[run].state.text().startswith("Interrupted")
    qtbot.waitUntil(lambda: not page.views[run].resume.isHidden())
    click(qtbot, page.views[run].resume)
    found = finished(qtbot, window, run)
    assert (found.state, found.message) == (State.DONE, "")
    assert [len(fold.epochs) for fold in found.folds] == [3, 3]
    view = page.views[run]
    assert view.c_index.has_curves()
    assert view.loss.has_curves()
    assert view.report.isEnabled()
    report = json.loads((run / "cohort_report.json").read_text())
    assert (report["patients"], report["events"]) == (16, 8)
    click(qtbot, view.model)
    assert window.session.model.source == str(run / "model")
    assert window.models.facts.kind == "risk model"
    assert not window.models.facts.problem


def choose_architecture(qtbot, wizard):
    """Say what the weight file is, once its layout was found to be of no known backbone."""
    qtbot.waitUntil(lambda: not wizard.slides.asking("model"), timeout=180_000)
    assert "does not have the layout of any known backbone" in wizard.model.error.text()
    qtbot.waitUntil(lambda: wizard.reason.text() == "Say which backbone the weight file is of.")
    type_into(qtbot, wizard.model.architecture.lineEdit(), ARCHITECTURE)
    qtbot.waitUntil(lambda: wizard.slides.asking("model"))
    qtbot.waitUntil(lambda: not wizard.slides.asking("model"), timeout=60_000)
    assert not wizard.model.error.text()


def crashed(qtbot, window, run):
    """Kill the training in the middle, as a crash would."""
    presenter = window.training.runs
    qtbot.waitUntil(lambda: presenter.find(run).state is State.RUNNING, timeout=120_000)
    process = find_process(run)
    for one in (*process.children(recursive=True), process):
        one.kill()
    qtbot.waitUntil(lambda: presenter.find(run).state is State.INTERRUPTED, timeout=20_000)


def finished(qtbot, window, run):
    """Wait until a run has ended, and return what its files say."""
    presenter = window.training.runs

    def ended():
        found = presenter.find(run)
        return found.state is State.DONE or (found.state is State.FAILED and not found.here)

    qtbot.waitUntil(ended, timeout=240_000)
    return presenter.find(run)
