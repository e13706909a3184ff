"""The export dialog with real widgets: kinds and formats, preview, writing, refusing, cancelling, the same as a command."""

import csv
import json
import shlex

import numpy as np
import pytest
import tifffile
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog
from shiboken6 import isValid

from e2evit_gui.state.overlay import OverlayLayer
from e2evit_model.explain.maps import RolloutMap
from e2evit_model.overlay.values import DisplayScale
from e2evit_model.report.exports import ENDINGS, ExportKind, record_path
from tests.annotations.shapes import square
from tests.gui.conftest import section
from tests.gui.results import make_result
from tests.slide_files import write_pyramid


def open_dialog(qtbot, window):
    """Open it as the command does; what it needs is imported first."""
    window.exports.dialog = None
    window.exports.action.trigger()
    qtbot.waitUntil(lambda: window.exports.dialog is not None, timeout=20_000)
    return window.exports.dialog


@pytest.fixture
def dialog(qtbot, opened):
    opened.session.set_result(make_result(opened.session))
    opened.regions.regions.add([square(300, 300, 400, class_name="Tumor")], "one")
    made = open_dialog(qtbot, opened)
    yield made
    if isValid(made):  # a dialog that has written its file is gone
        made.reject()


def choose(dialog, kind, ending=None):
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
    if ending:
        dialog.format.setCurrentText(ending)


def test_without_a_result_there_is_nothing_to_export(opened):
    assert not opened.exports.action.isEnabled()
    assert opened.exports.action.toolTip() == "Run the model first"
    opened.exports.open()
    assert opened.exports.dialog is None


def test_every_kind_offers_its_formats(dialog):
    assert {dialog.kind.itemData(at) for at in range(dialog.kind.count())} == set(ExportKind)
    for kind in ExportKind:
        choose(dialog, kind)
        assert [f".{dialog.format.itemText(at)}" for at in range(dialog.format.count())] == list(ENDINGS[kind])
        assert dialog._figure.isVisible() == (kind in (ExportKind.FIGURE, ExportKind.HEATMAP))


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
    assert dialog.copied.text() == "The command was copied. Export the regions as regions.geojson for it."
    words = shlex.split(QGuiApplication.clipboard().text())
    assert words[:4] == ["e2evit", "export", "figure", str(opened.session.open.path)]
    assert words[4:8] == ["--model", "MODEL", "--regions", "regions.geojson"]
    assert words[-7:] == ["--out", "figure.pdf", "--scale", "rank", "--no-scale-bar", "--letter", "A"]


def test_the_export_begins_with_what_is_on_screen(qtbot, opened, dialog, tmp_path):
    dialog.reject()
    opened.overlay.choose(layer=OverlayLayer.HEAD, block=1, head=0, scale=DisplayScale.CLIPPED)
    opened.overlay.choose(limits=(0.25, 0.75), colors="magma", opacity=0.4, hide_below=True, contours=3)
    dialog = open_dialog(qtbot, opened)
    shown = dialog.form.settings
    assert (shown.layer, shown.transformer_layer, shown.head) == ("attention", 2, 1)
    assert (shown.scale, shown.lowest, shown.highest, shown.colors, shown.opacity) == (
        "clipped",
        0.25,
        0.75,
        "magma",
        0.4,
    )
    assert (shown.hide_below, shown.contours) == (True, 3)
    choose(dialog, ExportKind.HEATMAP)
    assert dialog.layer_form.isVisible()
    assert not dialog.form.isVisible()
    dialog.copy.click()
    words = shlex.split(QGuiApplication.clipboard().text())
    flags = "--transformer-layer 2 --head 1 --scale clipped --lowest 0.25 --highest 0.75 --colors magma"
    assert words[-14:] == ["--out", "heatmap.ome.tiff", *flags.split()]
    path = tmp_path / "map.ome.tiff"
    with qtbot.waitSignal(dialog.exported, timeout=20_000):
        dialog.export_to(path)
    values = tifffile.imread(path)
    result = opened.session.result
    assert set(values[np.isfinite(values)]) == set(np.float32(result.layers[1, 0]))
    with tifffile.TiffFile(path) as file:
        assert "Attention of layer 2, head 1" in file.ome_metadata


def test_what_was_computed_on_request_is_exported_and_the_rest_says_so(qtbot, opened, dialog):
    result = opened.session.result
    shares = np.linspace(0, 1, len(result.grid), dtype=np.float32)
    choose(dialog, ExportKind.HEATMAP)
    dialog.layer_form.fields["layer"]._editor.setCurrentIndex(1)
    dialog.layer_form.fields["layer"].edited.emit()
    qtbot.waitUntil(lambda: not dialog.busy, timeout=20_000)
    assert dialog.preview.text() == "The rollout of the attention was not computed for this slide."
    dialog.reject()
    opened.overlay.take_rollout(RolloutMap(grid=result.grid, model=result.model, shares=shares))
    opened.overlay.choose(layer=OverlayLayer.ROLLOUT)
    again = open_dialog(qtbot, opened)
    assert again.form.settings.layer == "rollout"
    qtbot.waitUntil(lambda: not again.busy and not again.preview.drawn.isNull(), timeout=20_000)


def test_a_name_without_the_ending_gets_it(qtbot, dialog, tmp_path, monkeypatch):
    choose(dialog, ExportKind.HEATMAP)
    name = str(tmp_path / "my map 1.5")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: (name, ""))
    with qtbot.waitSignal(dialog.exported, timeout=20_000) as written:
        dialog.write.click()
    assert written.args[0].name == "my map 1.5.ome.tiff"


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
