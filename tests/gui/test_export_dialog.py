"""The export dialog with real widgets: kinds and formats, preview, writing, refusing, cancelling, the same as a command."""

import csv
import json
import shlex

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from e2evit_model.report.exports import ENDINGS, ExportKind, record_path
from tests.annotations.shapes import square
from tests.gui.conftest import section
from tests.gui.results import make_result
from tests.slide_files import write_pyramid


@pytest.fixture
def dialog(qtbot, opened):
    opened.session.set_result(make_result(opened.session))
    opened.regions.regions.add([square(300, 300, 400, class_name="Tumor")], "one")
    made = opened.exports.open()
    yield made
    made.reject()


def choose(dialog, kind, ending=None):
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    if ending:
        dialog.format.setCurrentText(ending)


def test_without_a_result_there_is_nothing_to_export(opened):
    assert not opened.exports.action.isEnabled()
    assert opened.exports.action.toolTip() == "Run the model first"
    assert opened.exports.open() is None


def test_every_kind_offers_its_formats(dialog):
    assert {dialog.kind.itemData(at) for at in range(dialog.kind.count())} == set(ExportKind)
    for kind in ExportKind:
        choose(dialog, kind)
        assert [f".{dialog.format.itemText(at)}" for at in range(dialog.format.count())] == list(ENDINGS[kind])
        assert dialog._figure.isVisible() == (kind is ExportKind.FIGURE)


def test_the_preview_follows_the_settings(qtbot, dialog):
    qtbot.waitUntil(lambda: not dialog.busy and not dialog.preview.drawn.isNull(), timeout=20_000)
    first = dialog.preview.drawn.toImage()
    field = dialog.form.fields["overlay"]
    field._editor.click()
    qtbot.waitUntil(lambda: not dialog.busy and dialog.preview.drawn.toImage() != first, timeout=20_000)


def test_a_figure_is_written_with_its_record(qtbot, opened, dialog, tmp_path):
    dialog.form.fields["dpi"]._editor.setText("72")
    dialog.form.fields["dpi"].edited.emit()
    path = tmp_path / "figure.png"
    with qtbot.waitSignal(dialog.exported, timeout=20_000):
        dialog.export_to(path)
    assert Image.open(path).width == pytest.approx(174 / 25.4 * 72, abs=2)
    assert json.loads(record_path(path).read_text())["figure"]["dpi"] == 72
    assert "figure.png was written, and its provenance beside it." in [
        one.message for one in opened.page.notices.notices
    ]


def test_what_cannot_be_written_stays_in_the_dialog_as_a_sentence(qtbot, dialog, tmp_path):
    (tmp_path / "file").write_text("in the way")
    choose(dialog, ExportKind.RISK)
    dialog.export_to(tmp_path / "file" / "risk.csv")
    qtbot.waitUntil(lambda: bool(dialog.said.text()), timeout=10_000)
    assert dialog.said.text().startswith("risk.csv could not be written: a file is in the way")
    assert dialog.write.isEnabled()
    assert dialog.isVisible()


def test_the_same_as_a_command(dialog, opened):
    choose(dialog, ExportKind.FIGURE, "pdf")
    dialog.form.fields["letter"]._editor.setText("A")
    dialog.form.fields["letter"].edited.emit()
    dialog.form.fields["scale_bar"]._editor.click()
    dialog.copy.click()
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:4] == ["e2evit", "export", "figure", str(opened.session.open.path)]
    assert words[-5:] == ["--out", "figure.pdf", "--no-scale-bar", "--letter", "A"]


def test_without_a_project_its_export_says_so(opened):
    opened.exports.project_action.trigger()
    assert "There is no project with analyzed slides." in [one.message for one in opened.page.notices.notices]


def test_the_analyzed_slides_of_the_project_are_exported_together(qtbot, opened, tmp_path):
    window = opened
    window.projects.presenter.create(tmp_path / "project")
    qtbot.waitUntil(lambda: bool(window.projects.opened_slide.slide_id), timeout=10_000)
    other = write_pyramid(tmp_path / "other.tiff", section(seed=5), mpp=0.5)
    for number, path in enumerate((None, other)):
        if path is not None:
            window.open(path)
            qtbot.waitUntil(
                lambda: window.session.open.path == other and window.session.grid is not None, timeout=10_000
            )
        window.session.set_result(
            make_result(window.session, seed=number, record={"slide": {"fingerprint": str(number)}})
        )
        with qtbot.waitSignal(window.projects.opened_slide.result_kept, timeout=10_000):
            window.models.ran.emit()
    window.exports.project_action.trigger()
    qtbot.waitUntil(lambda: window.exports.dialog is not None, timeout=10_000)
    dialog = window.exports.dialog
    assert {dialog.kind.itemData(at) for at in range(dialog.kind.count())} == {
        ExportKind.REPORT,
        ExportKind.RISK,
        ExportKind.EMBEDDING,
    }
    assert dialog.what.text().startswith("2 slides. ")
    choose(dialog, ExportKind.RISK)
    with qtbot.waitSignal(dialog.exported, timeout=20_000):
        dialog.export_to(tmp_path / "risks.csv")
    rows = list(csv.DictReader((tmp_path / "risks.csv").open()))
    assert len({row["slide"] for row in rows}) == 2
    assert [float(row["risk"]) for row in rows] == [-1.75, -1.75]
