"""The export dialog with real widgets: kinds and formats, preview, writing, refusing, cancelling, the same as a command."""

import json
import shlex

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication

from e2evit_model.report.exports import ENDINGS, ExportKind, record_path
from tests.annotations.shapes import square
from tests.gui.results import make_result


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
