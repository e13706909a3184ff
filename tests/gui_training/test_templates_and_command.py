import json
import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from e2evit_gui.jobs.training_process import AskedFolder
from e2evit_gui.jobs.training_spec import read_spec
from e2evit_gui.training_wizard.draft import load_template, template_of
from e2evit_gui.training_wizard.summary import summary
from e2evit_model.errors import TrainingError
from e2evit_model.training.config import Method
from tests.gui_training.conftest import checked, choose, type_into, with_cohort


@pytest.fixture
def weights(tmp_path):
    """A file that stands for weights: nothing here reads it."""
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(b"")
    return path


def complete(qtbot, wizard, table, slides_folder, weights):
    """Fill all pages without a process of its own."""
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    choose(wizard.cohort.mapping.columns["event"], "OS_event")
    checked(qtbot, wizard)
    wizard.go_to(1)
    type_into(qtbot, wizard.folds.form.fields["k"].findChild(QLineEdit), "2")
    checked(qtbot, wizard)
    presenter.choose_config(
        replace(presenter.draft.config, model=str(weights), backbone="uni", method=Method.LINEAR_NLL, epochs=3)
    )
    wizard.go_to(5)
    return presenter


def test_a_template_brings_everything_back_but_files_and_patients(
    qtbot, wizard, table, slides_folder, weights, tmp_path
):
    presenter = complete(qtbot, wizard, table, slides_folder, weights)
    presenter.map_column(excluded=("P03",))
    checked(qtbot, wizard)
    before = presenter.draft
    path = tmp_path / "mine.json"
    wizard.save_template(path)
    text = path.read_text()
    for secret in (str(tmp_path), str(slides_folder), str(weights), "P03", "clinic.csv"):
        assert secret not in text
    presenter.take(replace(before, folds=type(before.folds)(), mapping={}))
    checked(qtbot, wizard)
    wizard.load_template(path)
    checked(qtbot, wizard)
    assert presenter.draft.folds == before.folds
    assert presenter.draft.config == before.config
    assert dict(presenter.draft.mapping) == {"event": "OS_event"}
    assert (presenter.draft.table, presenter.draft.slides) == (before.table, before.slides)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "bad.json is damaged: it is not readable JSON."),
        ("{}", "bad.json is not a template of a training."),
        (
            '{"kind": "e2evit training template", "version": 99}',
            "bad.json was made by a newer version of this program.",
        ),
        (
            '{"kind": "e2evit training template", "version": 1}',
            "bad.json is damaged: a part of the template is missing.",
        ),
    ],
)
def test_a_file_that_is_no_template_is_a_sentence_and_changes_nothing(qtbot, wizard, tmp_path, text, sentence):
    path = tmp_path / "bad.json"
    path.write_text(text)
    before = wizard.presenter.draft
    wizard.load_template(path)
    assert wizard.message.text().startswith(sentence)
    assert wizard.message.isVisible()
    assert wizard.presenter.draft is before


def test_a_template_with_an_unknown_option_names_it(tmp_path, wizard):
    record = template_of(wizard.presenter.draft)
    record["config"]["epoch"] = 3
    path = tmp_path / "other.json"
    path.write_text(json.dumps(record))
    wizard.load_template(path)
    assert wizard.message.text() == 'The option "epoch" is not known.\nDid you mean "epochs"?'


def test_a_template_that_is_missing_is_said(tmp_path, wizard):
    with pytest.raises(TrainingError, match=r"^gone.json is missing.$"):
        load_template(tmp_path / "gone.json", wizard.presenter.draft)


def test_the_summary_names_what_is_not_as_in_the_paper(qtbot, wizard, table, slides_folder, weights):
    presenter = complete(qtbot, wizard, table, slides_folder, weights)
    rows = {name: value for _, name, value in summary(presenter, wizard.slides)}
    assert rows["Used"] == "16 patients, 8 with the event (OS), 16 slides"
    assert rows["Made"] == "2 folds, seed 0"
    assert rows["Epochs"] == "3"
    assert "Learning rate" not in rows
    assert rows["Method"] == "linear-nll"


def copied_command(qtbot, wizard):
    qtbot.mouseClick(wizard.review.copy, Qt.MouseButton.LeftButton)
    assert wizard.review.copied.text()
    return shlex.split(QGuiApplication.clipboard().text())


def test_the_copied_command_trains_the_same(qtbot, wizard, table, slides_folder, weights, monkeypatch):
    from e2evit_model.cli.main import e2evit
    from e2evit_model.training import cross_validation

    presenter = complete(qtbot, wizard, table, slides_folder, weights)
    words = copied_command(qtbot, wizard)
    assert words[:2] == ["e2evit", "train"]
    asked = []

    class CaughtError(Exception):
        pass

    def catch(*arguments, **_named):
        asked.append(arguments)
        raise CaughtError

    monkeypatch.setattr(cross_validation, "cross_validate", catch)
    result = CliRunner().invoke(e2evit, words[1:])
    assert isinstance(result.exception, CaughtError), result.output
    cohort, folds, config, run = asked[0]
    assert cohort.patient_ids == presenter.cohort.patient_ids
    assert cohort.slides == presenter.cohort.slides
    assert (cohort.event == presenter.cohort.event).all()
    assert (cohort.time_days == presenter.cohort.time_days).all()
    assert folds == presenter.made.folds
    assert config == presenter.draft.config
    assert run == wizard.review.run


def test_what_flags_cannot_say_is_said_by_the_spec(qtbot, wizard, table, slides_folder, weights):
    presenter = complete(qtbot, wizard, table, slides_folder, weights)
    presenter.map_column(covariates=())
    checked(qtbot, wizard)
    wizard.go_to(5)
    words = copied_command(qtbot, wizard)
    spec_file = AskedFolder.of(wizard.review.run).spec
    assert words == [
        *("python", "-m", "e2evit_gui.jobs.training_child"),
        *("--spec", str(spec_file), "--run", str(wizard.review.run)),
    ]
    spec = read_spec(spec_file)
    again = spec.check()
    assert again.mapping == presenter.checked.check.mapping
    assert again.cohort.patient_ids == presenter.cohort.patient_ids
    assert spec.training_config() == presenter.draft.config


def test_a_folder_of_runs_that_cannot_be_made_is_a_sentence(qtbot, wizard, table, slides_folder, weights, tmp_path):
    complete(qtbot, wizard, table, slides_folder, weights)
    (tmp_path / "file").write_text("")
    wizard.review.runs.take(tmp_path / "file")
    wizard.review.start()
    assert "a file is in the way where a folder is needed" in wizard.review.error.text()
    assert wizard.isVisible()
