"""The window of models: the list, one model in detail, a download's progress, the token."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMessageBox,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.durations import TimeLeft, written_seconds
from e2evit_gui.forms.texts import Sentence, line
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.store_tasks import KILOBYTE
from e2evit_gui.model_manager.add_question import AddQuestion
from e2evit_gui.model_manager.details import Details
from e2evit_gui.model_manager.model_list import ModelList
from e2evit_gui.model_manager.presenter import StorePresenter
from e2evit_gui.model_manager.token_row import TokenRow
from e2evit_gui.model_manager.words import tr
from e2evit_gui.theme.windows import open_at, open_once
from e2evit_model.model_store.entries import Entry
from e2evit_model.model_store.given import Given
from e2evit_model.units import written_bytes


class ModelManager(QDialog):
    """Shows what ``presenter`` holds. It can be closed while a download runs, which goes on; nothing is downloaded unasked."""

    def __init__(self, presenter: StorePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Models"))
        self.setModal(False)
        open_at(self, 1040, 640)
        self.presenter = presenter
        self.list = ModelList()
        self.details = Details()
        self.token = TokenRow()
        self.add_file = QPushButton(tr("Add a weight file…"))
        self.add_folder = QPushButton(tr("Add a risk model…"))
        self.check_all = QPushButton(tr("Check all"))
        self.check_all.setToolTip(tr("Compare every file that is here with its hash, and see whether it loads"))
        self.step = QLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("Progress"))
        self.left = QLabel()
        self.left.setProperty("role", "muted")
        self.cancel = QPushButton(tr("Cancel"))
        self.job = QWidget()
        self.error = Sentence()
        self.told = QLabel()
        self.told.setWordWrap(True)
        self._clock = TimeLeft()
        self._lay_out()
        self._connect()
        self._job_changed("", 0, 0)

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.details)
        split.setStretchFactor(0, 1)
        split.setSizes([620, 420])
        row = QHBoxLayout(self.job)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.step)
        row.addWidget(self.bar, 1)
        row.addWidget(self.left)
        row.addWidget(self.cancel)
        buttons = QHBoxLayout()
        for button in (self.add_file, self.add_folder, self.check_all):
            buttons.addWidget(button)
        buttons.addStretch(1)
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.close)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(10)
        column.addWidget(split, 1)
        for widget in (self.job, self.error, self.told, self.token, line()):
            column.addWidget(widget)
        column.addLayout(buttons)

    def _connect(self) -> None:
        presenter, details = self.presenter, self.details
        presenter.entries_changed.connect(self._entries_changed)
        presenter.job_changed.connect(self._job_changed)
        presenter.told.connect(self._tell)
        presenter.failed.connect(self._fail)
        self.list.chosen.connect(lambda _id: self._show_chosen())
        details.accept_requested.connect(self._on_chosen(presenter.accept_licence))
        details.download_requested.connect(self._on_chosen(presenter.download))
        details.check_requested.connect(self._on_chosen(lambda entry: presenter.check([entry])))
        details.remove_requested.connect(self._on_chosen(self._ask_remove))
        self.token.stored.connect(presenter.store_token)
        self.cancel.clicked.connect(presenter.cancel)
        self.check_all.clicked.connect(lambda _on=False: presenter.check())
        self.add_file.clicked.connect(self._ask_file)
        self.add_folder.clicked.connect(self._ask_folder)

    @property
    def chosen(self) -> Entry | None:
        """The model that is shown in detail."""
        return self.presenter.entry(self.list.current)

    def show_model(self, identity: str = "") -> None:
        """Come to the front; at a model when one is named."""
        self.list.choose_when_there(identity)
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        """Look what is here: weights may have come in between."""
        super().showEvent(event)
        self.presenter.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Forget what was said and typed; a download goes on."""
        self.error.say("")
        self.told.clear()
        self.token.clear()
        super().closeEvent(event)

    # the presenter tells

    def _entries_changed(self) -> None:
        self.list.show_entries(self.presenter.entries)
        self.token.show_state(has_token=self.presenter.has_token, busy=self.presenter.busy)

    def _show_chosen(self) -> None:
        self.details.show_entry(self.chosen, busy=self.presenter.busy)

    def _job_changed(self, step: str, done: int, total: int) -> None:
        if bool(step) != self.job.isVisibleTo(self):
            self._begin_or_end(running=bool(step))
        if not step:
            return
        self.step.setText(step)
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        seconds = self._clock.seconds(step, done, total)
        parts = []
        if self.presenter.downloading and total:
            came, whole = (written_bytes(KILOBYTE * part) for part in (done, total))
            parts.append(tr("{came} of {whole}").format(came=came, whole=whole))
        if seconds is not None:
            parts.append(tr("{time} left").format(time=written_seconds(seconds)))
        self.left.setText(", ".join(parts))

    def _begin_or_end(self, *, running: bool) -> None:
        self.job.setVisible(running)
        if running:
            self.error.say("")
            self.told.clear()
        else:
            self._clock.forget()
        for button in (self.add_file, self.add_folder, self.check_all):
            button.setEnabled(not running)
        self.told.setVisible(bool(self.told.text()))
        self.token.show_state(has_token=self.presenter.has_token, busy=running)
        self._show_chosen()

    def _tell(self, sentence: str) -> None:
        self.error.say("")
        self.told.setText(sentence)
        self.told.setVisible(bool(sentence))
        self.token.clear()

    def _fail(self, failure: Failure) -> None:
        self.told.clear()
        self.told.hide()
        self.error.explain(failure)

    # hands

    def _on_chosen(self, act: Callable[[Entry], None]) -> Callable[[], None]:
        def do() -> None:
            entry = self.chosen
            if entry is not None:
                act(entry)

        return do

    def _ask_remove(self, entry: Entry) -> None:
        text = tr("Remove {title} from this machine?").format(title=entry.title)
        stays = entry.own is not None and not entry.own.kept
        more = tr("The file itself stays where it is.") if stays else tr("{size} will be freed.")
        size = written_bytes(entry.size if entry.is_here else entry.begun)
        box = QMessageBox(QMessageBox.Icon.Question, tr("Remove a model"), text, parent=self)
        box.setInformativeText(more.format(size=size))
        remove = box.addButton(tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        remove.clicked.connect(lambda: self.presenter.remove(entry))
        box.open()

    def _ask_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, tr("Weights of a backbone"), "", tr("Weights (*.safetensors *.pth *.pt *.bin);;All files (*)")
        )
        if name:
            self.ask_about(Path(name))

    def ask_about(self, path: Path) -> None:
        """Ask what a weight file is of, and add it."""
        question = AddQuestion(path, self)
        question.accepted.connect(lambda: self.presenter.add(path, question.given))
        open_once(question)

    def _ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("Folder of a risk model"))
        if name:
            self.presenter.add(Path(name), Given())
