import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from tests.gui_training.conftest import checked, choose, table_text, type_into, with_cohort


def give_table(qtbot, wizard, tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text)
    type_into(qtbot, wizard.cohort.table.line, str(path))
    return checked(qtbot, wizard)


def test_an_empty_wizard_says_what_to_do(qtbot, wizard):
    qtbot.waitUntil(lambda: wizard.reason.text() == "Choose the clinical table.")
    assert not wizard.next.isEnabled()
    assert not wizard.back.isEnabled()


def test_a_table_without_a_folder_is_shown_but_not_enough(qtbot, wizard, table):
    type_into(qtbot, wizard.cohort.table.line, str(table))
    checked(qtbot, wizard)
    page = wizard.cohort
    qtbot.waitUntil(lambda: wizard.reason.text() == "Choose the folder of slides.")
    assert page.state.text() == "The table looks like one of Patho-Bench. 16 patients, 8 with the event, 16 slides."
    assert page.mapping.columns["patient"].currentText() == "case_id"
    assert page.mapping.reason("patient") == 'A column named "case_id" usually is the patient.'
    assert page.mapping.covariates.text() == "age"


def test_the_mapping_can_be_changed_and_is_checked_again(qtbot, wizard, table, slides_folder):
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    choose(wizard.cohort.mapping.columns["time"], "age")
    checked(qtbot, wizard)
    assert presenter.checked.check.mapping.time == "age"
    assert wizard.cohort.mapping.reason("time") == "Chosen by the user."
    choose(wizard.cohort.mapping.unit, "years")
    checked(qtbot, wizard)
    assert presenter.cohort.time_days.max() == pytest.approx(65 * 365.25, rel=1e-3)
    qtbot.mouseClick(wizard.cohort.again, Qt.MouseButton.LeftButton)
    checked(qtbot, wizard)
    assert presenter.checked.check.mapping.time == "OS_days"
    assert presenter.draft.mapping == {}


def test_event_values_can_be_turned_round(qtbot, wizard, table, slides_folder):
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    before = presenter.cohort.event
    type_into(qtbot, wizard.cohort.mapping.event_values, "0")
    checked(qtbot, wizard)
    type_into(qtbot, wizard.cohort.mapping.censored_values, "1")
    checked(qtbot, wizard)
    assert np.array_equal(presenter.cohort.event, ~before)


def test_problems_stand_in_a_list_by_line_and_column(qtbot, wizard, tmp_path):
    text = table_text().replace("P03,S03,211,0", "P03,S03,-5,0").replace("P07,S07,359,0", "P07,S07,soon,0")
    give_table(qtbot, wizard, tmp_path, text)
    page = wizard.cohort
    assert page.tabs.tabText(0) == "Problems (2)"
    assert page.tabs.currentIndex() == 0
    rows = page.problems.rows()
    assert [row[:2] for row in rows] == [["5", "OS_days"], ["9", "OS_days"]]
    assert all(row[2] for row in rows)
    qtbot.waitUntil(lambda: wizard.reason.text() == "2 problems are to be mended first.")


def test_a_file_that_is_no_table_is_an_error_at_its_field(qtbot, wizard, tmp_path):
    give_table(qtbot, wizard, tmp_path, "")
    assert wizard.cohort.table.error.isVisible()
    assert "table.csv" in wizard.cohort.table.error.text()
    assert not wizard.cohort.slides.error.isVisible()


def test_a_path_that_is_not_there_is_said_at_its_field(qtbot, wizard, tmp_path, table):
    type_into(qtbot, wizard.cohort.table.line, str(table))
    type_into(qtbot, wizard.cohort.slides.line, str(tmp_path / "nowhere"))
    checked(qtbot, wizard)
    assert wizard.cohort.slides.error.text() == "nowhere is not a folder.\nChoose the folder that holds the slides."
    assert not wizard.cohort.table.error.isVisible()


def test_slides_without_row_and_rows_without_slide_are_listed_first(qtbot, wizard, tmp_path, slides_folder):
    give_table(qtbot, wizard, tmp_path, table_text(17).replace("P02,S02", "P02,X02"))
    type_into(qtbot, wizard.cohort.slides.line, str(slides_folder))
    checked(qtbot, wizard)
    rows = wizard.cohort.matches.rows()
    assert [(row[0] or row[2], row[3]) for row in rows[:3]] == [
        ("X02", "no file"),
        ("S16", "no file"),
        ("S02.tiff", "no row"),
    ]
    assert len(rows) == 3 + 15


def test_another_table_forgets_what_was_said_of_the_first(qtbot, wizard, table, slides_folder, tmp_path):
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    choose(wizard.cohort.mapping.columns["time"], "age")
    checked(qtbot, wizard)
    give_table(qtbot, wizard, tmp_path, table_text().replace("OS_days", "time"), "other.csv")
    assert presenter.draft.mapping == {}
    assert presenter.checked.check.mapping.time == "time"


def test_a_table_can_be_dropped(qtbot, wizard, table):
    field = wizard.cohort.table
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(table))])
    field.dropEvent(
        QDropEvent(
            QPointF(5, 5),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    checked(qtbot, wizard)
    assert wizard.presenter.checked.check.table.name == "clinic.csv"


def test_the_curve_counts_those_at_risk(qtbot, wizard, table):
    type_into(qtbot, wizard.cohort.table.line, str(table))
    presenter = checked(qtbot, wizard)
    times = presenter.checked.check.cohort.time_days
    at_risk = wizard.cohort.curve.at_risk()
    assert at_risk[0] == (0.0, 16)
    for years, number in at_risk:
        assert number == sum(time >= years * 365.25 for time in times)
    assert wizard.cohort.curve.said() == f"median {presenter.checked.curve.median_days / 365.25:.1f} years"


def test_the_curve_is_drawn_where_it_should_be(qtbot, wizard, table, slides_folder):
    with_cohort(qtbot, wizard, table, slides_folder)
    plot = wizard.cohort.curve
    picture = plot.grab().toImage()
    begin = plot.place(0.0, 1.0)
    ratio = picture.devicePixelRatio()
    color = picture.pixelColor(round((begin.x() + 3) * ratio), round(begin.y() * ratio))
    assert color.blue() > color.red() + 40, "the curve begins at 100 %"


def test_the_flow_is_said_for_those_who_cannot_see_it(qtbot, wizard, tmp_path, slides_folder):
    give_table(qtbot, wizard, tmp_path, table_text(18))
    type_into(qtbot, wizard.cohort.slides.line, str(slides_folder))
    checked(qtbot, wizard)
    said = wizard.cohort.flow.accessibleDescription()
    assert "- 2 without a slide" in said
    assert said.endswith("Used: 16 patients")


def test_of_two_tables_only_the_last_counts(qtbot, wizard, table, tmp_path):
    other = tmp_path / "other.csv"
    other.write_text(table_text(12))
    wizard.cohort.table.take(table)
    wizard.cohort.table.take(other)
    presenter = checked(qtbot, wizard)
    assert presenter.checked.check.table.name == "other.csv"
    assert len(presenter.checked.check.cohort) == 12


def test_a_real_table_with_two_endpoints(qtbot, wizard, shared_data):
    type_into(qtbot, wizard.cohort.table.line, str(shared_data / "clinical" / "survpath_tcga_blca.csv"))
    presenter = checked(qtbot, wizard)
    box = wizard.cohort.mapping.endpoint
    assert box.isVisible()
    before = presenter.checked.check.cohort.events
    other = next(name for name in presenter.checked.check.proposal.endpoints if name != box.currentText())
    choose(box, other)
    checked(qtbot, wizard)
    assert presenter.checked.check.mapping.endpoint == other
    assert presenter.checked.check.cohort.events != before
