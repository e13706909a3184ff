"""Choices compared from the wizard: what is asked, the process that trains them, the page that shows them side by side."""

import csv
import shlex
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from e2evit_gui.jobs.training_process import AskedFolder, find_process
from e2evit_gui.jobs.training_spec import read_spec
from e2evit_gui.runs_page.ablation_snapshot import read_ablation
from e2evit_gui.runs_page.ablation_view import AblationView
from e2evit_model.runs.ablation_folder import AblationFolder
from e2evit_model.runs.status import State
from e2evit_model.training.config import Method
from tests.gui_training.conftest import ARCHITECTURE, checked, choose, type_into, with_cohort
from tests.gui_training.test_from_start_to_report import choose_architecture


def click(qtbot, button):
    assert button.isEnabled(), button.toolTip()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def complete(qtbot, wizard, table, slides_folder, weights):
    """Fill all pages and stand on the last."""
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    presenter.choose_folds(replace(presenter.draft.folds, k=2, validation=0.5))
    checked(qtbot, wizard)
    config = presenter.draft.config
    presenter.choose_config(
        replace(
            config,
            model=str(weights),
            backbone=ARCHITECTURE,
            method=Method.LINEAR_NLL,
            epochs=2,
            device="cpu",
            threads=1,
        )
    )
    wizard.go_to(5)
    return presenter


def vary(qtbot, wizard, number, option, values):
    row = wizard.review.vary.rows[number]
    choose(row.option, option)
    type_into(qtbot, row.values, values)


def test_options_are_varied_with_their_count_and_their_errors_at_the_field(
    qtbot, wizard, table, slides_folder, weights
):
    presenter = complete(qtbot, wizard, table, slides_folder, weights)
    part = wizard.review.vary
    assert part.said.text() == "Nothing is varied: one training."
    assert [row.isVisible() for row in part.rows] == [True, False, False, False]
    choose(part.rows[0].option, "Positions")
    assert not part.error.text()
    assert wizard.review.blocked() == "Write the values of Positions."
    assert part.rows[1].isVisible()
    vary(qtbot, wizard, 0, "Positions", "alibi, nowhere")
    assert part.error.text() == 'Positions cannot be "nowhere".\nKnown are: alibi, alibi_2d, learned, none.'
    assert wizard.review.blocked() == 'Positions cannot be "nowhere".'
    assert not wizard.next.isEnabled()
    vary(qtbot, wizard, 0, "Positions", "alibi, none")
    assert not part.error.text()
    assert part.rows[1].isVisible()
    assert not part.one_at_a_time.isVisible()
    vary(qtbot, wizard, 1, "Tokens a tile", "1, 4, 100")
    said = part.said.text().split("\n")
    assert said[0] == "4 trainings on the same folds, one after the other; slides are prepared once."
    assert said[1] == ("Left out, positions alibi, ratio 100: Tokens a tile is 100, but must be between 0.001 and 4.")
    assert not wizard.review.runs.path.exists()
    wizard.review.runs.line.editingFinished.emit()
    assert not wizard.review.runs.error.text(), "it is made when it is missing"
    part.one_at_a_time.click()
    assert part.said.text().startswith("3 trainings on the same folds")
    assert presenter.draft.vary == ("positions=alibi,none", "ratio=1,4,100")
    words = shlex.split(wizard.review.command.toPlainText())
    assert words[:2] == ["e2evit", "ablate"]
    assert words[-7:] == [
        "--vary", "positions=alibi,none", "--vary", "ratio=1,4,100", "--one-at-a-time", "--out", str(wizard.review.run)
    ]  # fmt: skip
    vary(qtbot, wizard, 1, "nothing", "")
    vary(qtbot, wizard, 0, "nothing", "")
    assert presenter.draft.vary == ()
    assert shlex.split(wizard.review.command.toPlainText())[:2] == ["e2evit", "train"]


def test_what_is_compared_is_kept_by_a_template(qtbot, wizard, table, slides_folder, weights, tmp_path):
    presenter = complete(qtbot, wizard, table, slides_folder, weights)
    vary(qtbot, wizard, 0, "Merger", "mean, max")
    path = tmp_path / "mine.json"
    wizard.save_template(path)
    presenter.take(replace(presenter.draft, vary=()))
    wizard.load_template(path)
    assert presenter.draft.vary == ("merger=mean,max",)
    wizard.go_to(5)
    assert wizard.review.vary.rows[0].values.text() == "mean, max"


@pytest.mark.slow
def test_choices_side_by_side_from_the_wizard_to_the_page(qtbot, window, table, slides_folder, weights):
    training = window.training
    training.open_wizard_action.trigger()
    qtbot.waitUntil(lambda: training.wizard is not None, timeout=60_000)
    wizard = training.wizard
    complete(qtbot, wizard, table, slides_folder, weights)
    wizard.go_to(3)
    wizard.model.take_file(weights)
    choose_architecture(qtbot, wizard)
    qtbot.waitUntil(wizard.next.isEnabled, timeout=120_000)
    wizard.go_to(5)
    vary(qtbot, wizard, 0, "Positions", "alibi, none")
    vary(qtbot, wizard, 1, "Tokens a tile", "1, 100")
    run = wizard.review.run
    qtbot.waitUntil(wizard.next.isEnabled, timeout=120_000)
    click(qtbot, wizard.next)
    assert read_spec(AskedFolder.of(run).spec).vary == ("positions=alibi,none", "ratio=1,100")
    page = training.page
    qtbot.waitUntil(lambda: isinstance(page.views.get(run), AblationView), timeout=120_000)
    view = page.views[run]
    presenter = training.runs
    # killed in its midst, it goes on with what is not done
    qtbot.waitUntil(lambda: presenter.find(run).at_work is not None, timeout=120_000)
    process = find_process(run)
    for one in (*process.children(recursive=True), process):
        one.kill()
    qtbot.waitUntil(lambda: presenter.find(run).state is State.INTERRUPTED, timeout=20_000)
    qtbot.waitUntil(lambda: not view.resume.isHidden(), timeout=20_000)
    click(qtbot, view.resume)
    qtbot.waitUntil(lambda: presenter.find(run).state is State.DONE, timeout=240_000)
    rows = view.table.rows()
    assert [row[0] for row in rows] == [
        "positions alibi, ratio 1",
        "positions alibi, ratio 100",
        "positions none, ratio 1",
        "positions none, ratio 100",
    ]
    assert [row[1] for row in rows] == ["done", "left out", "done", "left out"]
    assert rows[1][4] == "Tokens a tile is 100, but must be between 0.001 and 4."
    with AblationFolder(run).table.open() as file:
        written = list(csv.DictReader(file))
    for row, wanted in ((rows[0], written[0]), (rows[2], written[2])):
        assert float(row[2].split(" ")[0]) == pytest.approx(float(wanted["c_index"]), abs=6e-4)
    assert rows[0][4] == ""
    assert rows[2][4].startswith(f"{float(written[2]['difference']):+.3f}")
    assert view.figure.isVisible()
    assert view.state.text() == "Done: 4 of 4 choices"
    click(qtbot, view.runs)
    qtbot.waitUntil(lambda: training.runs.root == run / "runs" and len(presenter.runs) == 2, timeout=20_000)
    assert all(one.has_report and one.has_model for one in presenter.runs)


@pytest.mark.parametrize("text", ["", "{}", '{"variants": [1]}', '{"variants": [{"values": {}}]}'])
def test_damaged_files_of_a_comparison_are_a_sentence(tmp_path, text):
    (tmp_path / "a").mkdir()
    AblationFolder(tmp_path / "a").record.write_text(text)
    found = read_ablation(tmp_path / "a")
    assert found.state in (State.FAILED, State.INTERRUPTED)
    assert found.message
