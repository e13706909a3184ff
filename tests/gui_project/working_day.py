"""A working day with real widgets: project, slides, batch, a region left out, a comparison, every export, closed, opened again.

``python -m tests.gui_project.working_day FOLDER`` is a program of its own, so that everything that Qt or a library writes on stderr
can be seen, and its memory is that of the window alone. It prints a line of JSON a day: the memory at the end, and what was made.
"""

import argparse
import gc
import json
import os
import shutil
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import psutil
from PySide6.QtCore import QItemSelectionModel, QPointF, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import Object as ShibokenObject
from shiboken6 import isValid

from e2evit_gui.export_dialog.dialog import ExportDialog
from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.start import prepare_process
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_model.demo.painting import Painting, paint_slide
from e2evit_model.demo.painting_marks import Pen
from e2evit_model.report.exports import ENDINGS, ExportKind, record_path
from tests.gui.drawing import at, move_pressed
from tests.gui_project.hands import answering, let_go, rest, until

SLIDES = 12
NEEDS_EXTRA = {".h5ad": "anndata"}
"""Formats whose library is an extra: without it there is a sentence instead of a file."""


def paint(folder: Path, count: int = SLIDES) -> None:
    """Paint slides that are not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        path = folder / f"case {number + 1}.tiff"
        if not path.is_file():
            paint_slide(path, Painting(width_px=1800, height_px=1400, seed=number, pen=Pen.NONE))


def write_model(folder: Path) -> None:
    """Write a small risk model in another process: torch is not to be in the memory that is measured."""
    code = f"from tests.inference.models import *; write_tiny_risk_model(Path({str(folder)!r}), tissue_method='otsu')"
    subprocess.run([sys.executable, "-c", code], check=True)


def start(settings: Path) -> MainWindow:
    """Open a window as the program does."""
    preferences = Preferences(QSettings(str(settings), QSettings.Format.IniFormat))
    window = MainWindow(preferences, LogBook())
    window.show()
    QTest.qWaitForWindowExposed(window)
    return window


def end(window: MainWindow) -> None:
    """Close the window; nothing of it stays."""
    assert window.close()
    assert finish_all()
    window.deleteLater()
    let_go()


class Day:
    """One day: ``work`` in one window, ``look_again`` in the next."""

    def __init__(self, folder: Path, slides: Path, model: Path, *, every_format: bool) -> None:
        self.folder, self.slides, self.model, self.every_format = folder, slides, model, every_format
        self.count = len(list(slides.iterdir()))
        self.made: list[str] = []

    def work(self, window: MainWindow) -> None:
        projects, commands = window.projects, window.commands
        with answering(str(self.folder / "work")):
            commands.new_project.trigger()
        until(lambda: projects.state.writable, "a project")
        with answering(str(self.slides)):
            commands.add_folder.trigger()
        until(lambda: projects.panel.order.rowCount() == self.count, "all slides in the list")
        rest(window)
        with answering(str(self.model)):
            window.model_menu.folder_requested.emit()
        until(lambda: window.models.facts is not None and not window.models.recognising, "the model's facts")
        assert not window.models.facts.problem, window.models.facts.problem
        projects.panel.list.selectAll()
        assert len(projects.panel.chosen) == self.count
        commands.analyze_chosen.trigger()
        assert projects.queue.running is not None
        until(lambda: projects.queue.running is None and not projects.queue.waiting, "the batch", patience_s=240)
        rest(window)
        assert len(projects.state.project.results()) == self.count
        self.exclude(window)
        self.compare(window)
        self.look_at_results(window)
        self.export_all(window)
        commands.save.trigger()
        self.kept = self.state_of(window)

    def exclude(self, window: MainWindow) -> None:
        """Open the first slide, leave a rectangle over some of its tiles out of the strip, run again."""
        projects, canvas = window.projects, window.page.canvas
        panel = projects.panel
        panel.list.setCurrentIndex(panel.order.index(0, 0))
        panel.open_action.trigger()
        until(lambda: window.session.result is not None, "the stored result of the first slide")
        rest(window)
        until(lambda: canvas.settled, "the slide on the screen")
        grid = window.session.grid
        canvas.setFocus()
        QTest.keyClick(canvas, Qt.Key.Key_R)
        left, top = grid.x[len(grid) // 2], grid.y[len(grid) // 2]
        corners = [at(window, left + move, top + move) for move in (-20, 100, 1.2 * grid.width)]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=corners[0])
        for place in corners[1:]:
            move_pressed(canvas, place, Qt.KeyboardModifier.NoModifier)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=corners[-1])
        menu = window.regions.menu_at(QPointF(left + grid.width / 2, top + grid.width / 2))
        next(action for action in menu.actions() if action.text() == "Leave out of the strip").trigger()
        menu.deleteLater()
        until(lambda: not window.slides.busy and 0 < len(window.session.grid) < len(grid), "a shorter strip")
        until(window.run_button.isEnabled, "Run to be possible")
        window.run_button.click()
        until(
            lambda: self.stored_tiles(window) == len(window.session.grid),
            "the new result in the project",
            patience_s=240,
        )
        rest(window)

    def stored_tiles(self, window: MainWindow) -> int:
        """Return how many tiles the stored result of the open slide is of."""
        return window.projects.state.project.results(window.projects.opened_slide.slide_id)[-1].tiles

    def compare(self, window: MainWindow) -> None:
        """Compare the first two slides of the list."""
        panel = window.projects.panel
        chosen = panel.list.selectionModel()
        chosen.clearSelection()
        for row in range(2):
            chosen.select(panel.order.index(row, 0), QItemSelectionModel.SelectionFlag.Select)
        window.commands.compare.trigger()
        (both,) = window.results.comparisons
        until(lambda: not both.busy, "two slides side by side")
        assert [pane.message.text() for pane in both.panes] == ["", ""]
        assert all(pane.canvas.heat is not None for pane in both.panes)
        both.panes[0].canvas.zoom_by(2)
        until(lambda: all(pane.canvas.settled for pane in both.panes), "both slides on the screen")
        assert both.panes[0].canvas.view.scale == both.panes[1].canvas.view.scale
        both.close()
        until(lambda: not window.results.comparisons, "the comparison to be gone")

    def look_at_results(self, window: MainWindow) -> None:
        """Look at every tab of the results."""
        commands = window.commands
        for command in (
            commands.results_table,
            commands.results_tiles,
            commands.results_map,
            commands.results_survival,
        ):
            command.trigger()
            page = window.results.page
            until(lambda page=page: not (page.gallery.busy or page.map.busy or page.survival.busy), command.text())
            rest(window)
        assert page.table.order.rowCount() == self.count
        page.close()

    def export_all(self, window: MainWindow) -> None:
        """Export the slide, then the project, as every kind that the dialog offers."""
        for action, where in ((window.exports.action, "slide"), (window.exports.project_action, "project")):
            number = 0
            while True:
                window.exports.dialog = None
                action.trigger()
                until(lambda: window.exports.dialog is not None, "the export dialog")
                dialog = window.exports.dialog
                pairs = _kinds_and_formats(dialog, every=self.every_format)
                if number == len(pairs):
                    dialog.shut.click()
                    break
                self._export(window, dialog, *pairs[number], self.folder / f"exports of the {where}")
                number += 1

    def _export(self, window: MainWindow, dialog: ExportDialog, kind: ExportKind, ending: str, folder: Path) -> None:
        """Export one file by the button, and see that it is there with its record."""
        dialog.kind.setCurrentIndex(dialog.kind.findData(kind))
        dialog.format.setCurrentText(ending)
        until(lambda: not dialog.busy, "the preview")
        folder.mkdir(exist_ok=True)
        path = folder / f"{kind.value}.{ending}"
        with answering(str(path)):
            dialog.write.click()
        until(lambda: not isValid(dialog) or not dialog.busy, f"{path.name} to be written")
        extra = NEEDS_EXTRA.get(path.suffix)
        if extra and find_spec(extra) is None:
            assert extra in dialog.said.text(), dialog.said.text()
            dialog.shut.click()
            return
        assert not isValid(dialog) or not dialog.isVisible(), f"{path.name}: {dialog.said.text()}"
        assert path.stat().st_size > 0
        assert record_path(path).is_file()
        self.made.append(f"{folder.name}/{path.name}")

    def state_of(self, window: MainWindow) -> dict[str, object]:
        """Return what has to be there again tomorrow."""
        project, overlay = window.projects.state.project, window.overlay.choice
        return {
            "slides": [(slide.name, slide.fingerprint) for slide in project.slides()],
            "results": {result.id: (result.slide, result.risk, result.tiles) for result in project.results()},
            "open": window.session.open.path.name,
            "risk": window.session.result.risk.risk,
            "tiles": len(window.session.grid),
            # a project keeps hundredths of a pixel
            "regions": [
                (region.key, region.role, [round(side, 2) for side in region.box])
                for region in window.regions.regions.drawn.regions
            ],
            "model": window.session.model,
            "overlay": overlay,
        }

    def look_again(self, window: MainWindow) -> None:
        """Open the project in a new window: all must be there."""
        with answering(str(self.folder / "work")):
            window.commands.open_project.trigger()
        until(lambda: window.session.result is not None and window.session.grid is not None, "the slide of yesterday")
        until(lambda: len(window.session.grid) == self.kept["tiles"], "the strip without the region")
        until(lambda: bool(window.regions.regions.drawn.regions), "the region")
        rest(window)
        now = self.state_of(window)
        assert now == self.kept, {name: (now[name], kept) for name, kept in self.kept.items() if now[name] != kept}
        assert [notice.message for notice in window.page.notices.notices] == []


def _kinds_and_formats(dialog: ExportDialog, *, every: bool) -> list[tuple[ExportKind, str]]:
    """Return every kind with its usual format, or with each."""
    kinds = [ExportKind(dialog.kind.itemData(row)) for row in range(dialog.kind.count())]
    return [(kind, ending[1:]) for kind in kinds for ending in (ENDINGS[kind] if every else ENDINGS[kind][:1])]


def _left() -> list[str]:
    """Return what Python still holds of widgets and other objects of Qt that are gone."""
    gc.unfreeze()  # what was set aside is not among the collector's objects
    gc.collect()
    found = (one for one in gc.get_objects() if isinstance(one, ShibokenObject) and not isValid(one))
    return sorted({type(one).__name__ for one in found})


def main() -> None:
    """Work for some days; exit with a traceback when something is not as it should be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--days", type=int, default=1)
    parser.add_argument("--slides", type=int, default=SLIDES)
    parser.add_argument("--every-format", action="store_true", help="export every kind in each of its formats")
    given = parser.parse_args()
    prepare_process()
    app = QApplication(sys.argv[:1])
    style.keeper().choose(ThemeChoice.LIGHT)
    paint(given.folder / "slides", given.slides)
    write_model(given.folder / "model")
    process = psutil.Process()
    for number in range(given.days):
        began = time.monotonic()
        folder = given.folder / f"day {number}"
        folder.mkdir()
        # what was read yesterday must not make today shorter
        shutil.rmtree(os.environ["E2EVIT_CACHE"], ignore_errors=True)
        day = Day(folder, given.folder / "slides", given.folder / "model", every_format=given.every_format)
        window = start(folder / "window.ini")
        day.work(window)
        end(window)
        window = start(folder / "window.ini")
        day.look_again(window)
        window.commands.close_project.trigger()
        window.commands.close_slide.trigger()
        let_go()
        until(lambda window=window: not window.memory.busy, "memory to be given back")
        memory = process.memory_info().rss
        end(window)
        del window
        let_go()
        said = {
            "day": number,
            "memory_mb": round(memory / 2**20, 1),
            "threads": process.num_threads(),
            "results": len(day.kept["results"]),
            "exports": day.made,
            "seconds": round(time.monotonic() - began, 1),
            "widgets": len(app.allWidgets()),
            "left": _left(),
        }
        print(json.dumps(said), flush=True)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
