from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from e2evit_model.cohort.fold_files import write_folds
from e2evit_model.cohort.folds import Part
from tests.gui_training.conftest import checked, type_into, with_cohort


def to_folds(qtbot, wizard, table, slides_folder):
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    wizard.go_to(1)
    return presenter


def line_of(wizard, name):
    return wizard.folds.form.fields[name].findChild(QLineEdit)


def test_five_folds_of_eight_events_are_too_many_and_it_is_said(qtbot, wizard, table, slides_folder):
    to_folds(qtbot, wizard, table, slides_folder)
    assert wizard.folds.error.text().startswith("5 folds need at least 10 patients with the event; there are 8.")
    qtbot.waitUntil(lambda: not wizard.next.isEnabled())


def test_patients_slides_and_events_of_each_part_are_counted(qtbot, wizard, table, slides_folder):
    presenter = to_folds(qtbot, wizard, table, slides_folder)
    type_into(qtbot, line_of(wizard, "k"), "3")
    checked(qtbot, wizard)
    rows = wizard.folds.counts.rows()
    assert [row[:2] for row in rows] == [[str(k), part] for k in range(3) for part in ("train", "val", "test")]
    folds, cohort = presenter.made.folds, presenter.cohort
    event = dict(zip(cohort.patient_ids, cohort.event, strict=True))
    for row in rows:
        own = folds.patients(int(row[0]), Part(row[1]))
        assert [int(cell) for cell in row[2:]] == [len(own), len(own), sum(event[p] for p in own)]
    qtbot.waitUntil(wizard.next.isEnabled)


def test_a_setting_outside_its_limits_is_said_at_the_field(qtbot, wizard, table, slides_folder):
    to_folds(qtbot, wizard, table, slides_folder)
    type_into(qtbot, line_of(wizard, "k"), "1")
    assert wizard.folds.form.fields["k"].error == "Folds is 1, but must be between 2 and 50."
    qtbot.waitUntil(lambda: wizard.reason.text() == "A setting is outside its limits.")


def test_folds_are_imported_and_given_up_again(qtbot, wizard, table, slides_folder, tmp_path):
    presenter = to_folds(qtbot, wizard, table, slides_folder)
    type_into(qtbot, line_of(wizard, "k"), "2")
    checked(qtbot, wizard)
    made = presenter.made.folds
    path = tmp_path / "split.csv"
    write_folds(made, path)
    presenter.import_from((path,))
    checked(qtbot, wizard)
    assert presenter.made.imported
    assert presenter.made.folds == made
    assert wizard.folds.imported.text() == "Imported from split.csv."
    qtbot.mouseClick(wizard.folds.make, Qt.MouseButton.LeftButton)
    checked(qtbot, wizard)
    assert not presenter.made.imported


def test_a_patient_in_two_parts_is_listed_by_line(qtbot, wizard, table, slides_folder, tmp_path):
    presenter = to_folds(qtbot, wizard, table, slides_folder)
    path = tmp_path / "split.csv"
    rows = [f"P{n:02},{('train', 'val', 'test')[n % 3]}" for n in range(16)]
    path.write_text("\n".join(["patient_id,fold_0", *rows, "P00,test"]))
    presenter.import_from((path,))
    checked(qtbot, wizard)
    assert ["18", "fold_0", "The patient is in two parts: train and test."] in wizard.folds.problems.rows()
    qtbot.waitUntil(lambda: wizard.reason.text() == "The imported folds cannot be used.")


def test_back_keeps_everything(qtbot, wizard, table, slides_folder):
    presenter = to_folds(qtbot, wizard, table, slides_folder)
    type_into(qtbot, line_of(wizard, "k"), "2")
    type_into(qtbot, line_of(wizard, "seed"), "7")
    checked(qtbot, wizard)
    before = presenter.made
    qtbot.mouseClick(wizard.back, Qt.MouseButton.LeftButton)
    assert wizard.cohort.table.path == table
    qtbot.waitUntil(wizard.next.isEnabled)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)
    assert presenter.made is before
    assert (line_of(wizard, "k").text(), line_of(wizard, "seed").text()) == ("2", "7")
