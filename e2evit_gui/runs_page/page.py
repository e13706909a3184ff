"""The list of runs, and the chosen ones side by side."""

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.runs_page.ablation_snapshot import AblationSnapshot
from e2evit_gui.runs_page.ablation_view import AblationView
from e2evit_gui.runs_page.listing import Snapshot
from e2evit_gui.runs_page.presenter import RunsPresenter
from e2evit_gui.runs_page.run_view import RunView
from e2evit_gui.runs_page.words import c_index_of, state_of, tr
from e2evit_gui.theme.windows import open_at
from e2evit_model.runs.run_folder import RunFolder

MOST_BESIDE = 3


class RunsPage(QWidget):
    """``model_requested`` carries the folder of a risk model, ``folder_chosen`` another folder of runs."""

    model_requested = Signal(object)
    folder_chosen = Signal(object)
    new_requested = Signal()

    def __init__(self, presenter: RunsPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._presenter = presenter
        self.setWindowTitle(tr("Runs"))
        open_at(self, 1120, 820)
        self.folder = QLabel()
        self.folder.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = QPushButton(tr("Choose folder…"))
        self.new = QPushButton(tr("Train a risk model…"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Runs"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSpacing(2)
        self.list.setWordWrap(True)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hint = muted(tr("Choose several with Ctrl to see them side by side."))
        self.message = Sentence()
        self.empty = muted()
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.views: dict[Path, RunView | AblationView] = {}
        self._wanted: Path | None = None
        self._lay_out()
        self._connect()
        self._show_root()
        self._show_runs()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setObjectName("panel")
        column = QVBoxLayout(left)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(self.folder)
        row = QHBoxLayout()
        row.addWidget(self.choose)
        row.addWidget(self.new)
        column.addLayout(row)
        column.addWidget(self.list, 1)
        column.addWidget(self.hint)
        self._beside = QHBoxLayout()
        self._beside.setContentsMargins(0, 0, 0, 0)
        self._beside.setSpacing(0)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.message)
        whole.addWidget(self.empty, 1)
        whole.addLayout(self._beside, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAccessibleName(tr("Chosen run"))
        scroll.setWidget(inside)
        splitter = QSplitter()
        splitter.addWidget(left)
        splitter.addWidget(scroll)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([300, 820])
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, 0)
        outside.addWidget(splitter)

    def _connect(self) -> None:
        presenter = self._presenter
        presenter.runs_changed.connect(self._show_runs)
        presenter.root_changed.connect(self._show_root)
        presenter.failed.connect(self._failed)
        self.list.itemSelectionChanged.connect(self._show_chosen)
        self.choose.clicked.connect(self._ask_folder)
        self.new.clicked.connect(self.new_requested)

    def select(self, run: Path) -> None:
        """Show a run, as soon as it is in the list."""
        self._wanted = run
        self._show_runs()

    @property
    def chosen(self) -> list[Path]:
        """The runs that are chosen, in the order of the list."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [item.data(Qt.ItemDataRole.UserRole) for item in items if item.isSelected()]

    def _show_root(self) -> None:
        root = self._presenter.root
        self.folder.setText(root.name if root is not None else tr("No folder of runs"))
        self.folder.setToolTip(str(root) if root is not None else "")

    def _show_runs(self) -> None:
        runs = self._presenter.runs
        before = set(self.chosen)
        paths = {run.path for run in runs}
        if self._wanted in paths and self._wanted is not None:
            before, self._wanted = {self._wanted}, None
        if not before & paths and runs:
            before = {runs[0].path}
        self.list.blockSignals(True)
        self._fill(runs)
        for row, run in enumerate(runs):
            self.list.item(row).setSelected(run.path in before)
        self.list.blockSignals(False)
        self.hint.setVisible(len(runs) > 1)
        self._show_chosen()

    def _fill(self, runs: tuple[Snapshot, ...]) -> None:
        """Change the lines of the list in place, so that the keyboard's place stays."""
        while self.list.count() > len(runs):
            self.list.takeItem(self.list.count() - 1)
        while self.list.count() < len(runs):
            self.list.addItem(QListWidgetItem())
        for row, run in enumerate(runs):
            item = self.list.item(row)
            item.setText(self._line(run))
            item.setToolTip(run.name)
            item.setData(Qt.ItemDataRole.UserRole, run.path)

    def _line(self, run: Snapshot) -> str:
        state = state_of(run, stopping=run.path in self._presenter.stopping)
        if isinstance(run, AblationSnapshot):
            done = tr("{done}/{all} choices").format(done=run.ended, all=len(run.variants))
            return f"{run.title}, " + tr("comparison") + f"\n{state}, {done}"
        if run.record is None:
            return f"{run.name}\n{state}"
        done = tr("{done}/{all} folds").format(done=run.folds_done, all=len(run.folds))
        score = c_index_of(run).split(" (")[0]
        parts = [state, f"C {score}" if score else done]
        return f"{run.record.cohort}, {run.record.model}\n{run.record.created[:10]}  " + ", ".join(parts)

    def _show_chosen(self) -> None:
        chosen = self.chosen[:MOST_BESIDE]
        for path in [path for path in self.views if path not in chosen]:
            self._drop(path)
        for place, path in enumerate(chosen):
            run = self._presenter.find(path)
            if run is not None:
                self._show_at(place, run)
        self.empty.setText(
            tr("There are no runs in this folder yet.")
            if self._presenter.root is not None
            else tr("Choose a folder of runs.")
        )
        self.empty.setVisible(not chosen)

    def _show_at(self, place: int, run: Snapshot) -> None:
        """Show a run or a comparison beside the others; what was starting turns out to be one or the other."""
        stopping = run.path in self._presenter.stopping
        view: RunView | AblationView
        if isinstance(run, AblationSnapshot):
            view = self._comparison_view(run.path)
            view.show_run(run, stopping=stopping)
        else:
            view = self._run_view(run.path)
            view.show_run(run, stopping=stopping)
        if self._beside.indexOf(view) != place:
            self._beside.insertWidget(place, view, 1)

    def _drop(self, path: Path) -> None:
        view = self.views.pop(path, None)
        if view is not None:
            self._beside.removeWidget(view)
            view.hide()
            view.deleteLater()

    def _comparison_view(self, path: Path) -> AblationView:
        view = self.views.get(path)
        if not isinstance(view, AblationView):
            self._drop(path)
            view = self.views[path] = AblationView(path)
            view.stop_requested.connect(self._presenter.stop)
            view.resume_requested.connect(self._resume)
            view.runs_requested.connect(self.folder_chosen)
        return view

    def _run_view(self, path: Path) -> RunView:
        view = self.views.get(path)
        if not isinstance(view, RunView):
            self._drop(path)
            view = self.views[path] = RunView(path)
            view.stop_requested.connect(self._presenter.stop)
            view.resume_requested.connect(self._resume)
            view.report_requested.connect(self._open_report)
            view.model_requested.connect(lambda run: self.model_requested.emit(RunFolder(run).model))
        return view

    def _resume(self, run: Path) -> None:
        self.message.say("")
        self._presenter.resume(run)

    def _open_report(self, run: Path) -> None:
        if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(RunFolder(run).report))):
            self.message.say(
                tr("No program of this system opens the report."), tr("Open report.html of the run in a browser.")
            )

    def _failed(self, failure: Failure) -> None:
        self.message.explain(failure)

    def _ask_folder(self) -> None:
        found = QFileDialog.getExistingDirectory(self, tr("Folder of runs"), str(self._presenter.root or Path.home()))
        if found:
            self.folder_chosen.emit(Path(found))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Only hide: the runs go on, and are looked at for the main window."""
        event.accept()
