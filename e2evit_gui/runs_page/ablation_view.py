"""One comparison: its trainings side by side, with intervals and with the difference to the first."""

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QUrl, Signal
from PySide6.QtGui import QColor, QDesktopServices, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from e2evit_gui.forms.plain_table import PlainTable
from e2evit_gui.forms.texts import muted
from e2evit_gui.runs_page.ablation_snapshot import AblationSnapshot, VariantSnapshot
from e2evit_gui.runs_page.words import c_index_of, state_of, tr
from e2evit_gui.runs_page.work_view import WorkView
from e2evit_gui.state.written import signed
from e2evit_model.runs.ablation_folder import AblationFolder
from e2evit_model.runs.status import State


class FigureView(QWidget):
    """An SVG figure of a file on white paper, as wide as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = QSvgRenderer(self)
        self._shown: tuple[Path, int] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(tr("All choices on one axis"))
        self.hide()

    def show_file(self, path: Path | None) -> None:
        """Show a figure, read again when it has changed; none hides the widget."""
        state = (path, path.stat().st_mtime_ns) if path is not None and path.is_file() else None
        if state != self._shown:
            self._shown = state
            if path is not None:
                self._figure.load(str(path))
            self.updateGeometry()
            self.update()
        self.setVisible(state is not None and self._figure.isValid())

    def _size(self) -> QSize:
        return self._figure.defaultSize() if self._figure.isValid() else QSize(0, 0)

    def heightForWidth(self, width: int) -> int:
        """Keep the figure's own proportions, and never enlarge it."""
        size = self._size()
        return round(size.height() * min(1.0, width / size.width())) if size.width() else 0

    def sizeHint(self) -> QSize:
        """Prefer the figure's own size."""
        return self._size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the figure at the left."""
        size = self._size()
        if size.isEmpty():
            return
        scale = min(self.width() / size.width(), self.height() / size.height(), 1.0)
        box = QRectF(0, 0, size.width() * scale, size.height() * scale)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(box, QColor("white"))
            self._figure.render(painter, box)


class AblationView(WorkView):
    """``runs_requested`` carries the folder of its runs."""

    runs_requested = Signal(object)

    def __init__(self, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(path, parent)
        self._table_file: Path | None = None
        self.runs = QPushButton(tr("Show its runs"))
        self.open_table = QPushButton(tr("Open table"))
        self.table = PlainTable(
            [tr("Choice"), tr("State"), tr("C-index"), tr("95 %"), tr("Difference to the first (95 %)")],
            tr("Choices side by side"),
        )
        self.note = muted(
            tr(
                "Harrell's C-index on the test parts, mean over the folds. The difference is over the same patients, so its "
                "interval is narrower; where it holds 0, nothing is known about which is better."
            )
        )
        self.figure = FigureView()
        self._lay_out()
        self.runs.clicked.connect(lambda: self.runs_requested.emit(AblationFolder(self.path).runs))
        self.open_table.clicked.connect(self._open_table)

    def _lay_out(self) -> None:
        above: list[QWidget] = [self.title, self.about, self.state, self.bar, self.error]
        column = self.lay_out_head(above, [self.runs, self.open_table])
        column.addWidget(self.table, 1)
        column.addWidget(self.note)
        column.addWidget(self.figure)
        column.addStretch(0)

    def show_run(self, ablation: AblationSnapshot, *, stopping: bool) -> None:
        """Show what the files say now."""
        title = ", ".join(part for part in (ablation.cohort, ablation.endpoint) if part)
        self.title.setText(title or ablation.name)
        self.about.setText(
            tr("Comparison of {count} choices, {name}").format(count=len(ablation.variants), name=ablation.name)
        )
        self._show_state(ablation, stopping=stopping)
        self.error.say(ablation.message, ablation.hint)
        self.show_hands(here=ablation.here, can_resume=ablation.can_resume, stopping=stopping)
        self.runs.setEnabled(any(variant.run is not None for variant in ablation.variants))
        self._table_file = ablation.table
        self.open_table.setEnabled(ablation.table is not None)
        self.open_table.setToolTip("" if ablation.table else tr("The table is written when all choices are done."))
        rows = [_cells(variant) for variant in ablation.variants]
        if rows != self.table.rows():
            self.table.show_rows(rows)
        self.figure.show_file(ablation.figure)

    def _show_state(self, ablation: AblationSnapshot, *, stopping: bool) -> None:
        parts = [tr("{done} of {all} choices").format(done=ablation.ended, all=len(ablation.variants))]
        run = ablation.at_work
        if run is not None and run.status.step:
            parts.append(run.status.step)
        self.show_state(state_of(ablation, stopping=stopping), parts)
        self.bar.setVisible(ablation.here)
        self.bar.setRange(0, len(ablation.variants))
        self.bar.setValue(ablation.ended)

    def _open_table(self) -> None:
        if self._table_file is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._table_file))):
            self.error.say(tr("No program of this system opens the table."), tr("It is ablation.csv in the folder."))


def _cells(variant: VariantSnapshot) -> list[str]:
    run = variant.run
    if variant.reason:
        return [variant.label, tr("left out"), "", "", variant.reason]
    if run is None:
        return [variant.label, tr("waiting"), "", "", ""]
    interval = "" if run.interval is None else "{:.3f} – {:.3f}".format(*run.interval)
    difference = ""
    if variant.difference is not None:
        difference = signed(variant.difference, "+.3f")
        if variant.interval is not None:
            low, high = (signed(end, "+.3f") for end in variant.interval)
            difference += f" ({low} – {high})"
    state = state_of(run)
    if run.state is State.RUNNING:
        state += f", {run.folds_done}/{len(run.folds)}"
    return [variant.label, state, c_index_of(run).split(" (")[0], interval, difference or run.message]
