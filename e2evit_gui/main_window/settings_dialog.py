"""The settings dialog: theme, language, device, threads, and the cache with what it holds."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.forms.texts import Sentence, heading, line, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.state.program_settings import ProgramSettings
from e2evit_model.cache_kinds import clear_cache, measure_cache
from e2evit_model.errors import OutputError
from e2evit_model.files import cache_folder, output_folder
from e2evit_model.progress import Progress
from e2evit_model.strip.workers import usable_cores
from e2evit_model.units import written_bytes


class ProgramSettingsDialog(QDialog):
    """``chosen`` carries settings that can be used; a folder that cannot be written is said at once, and the dialog stays."""

    chosen = Signal(object)  # ProgramSettings

    def __init__(self, settings: ProgramSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self.setMinimumWidth(520)
        self._before = settings
        self.window_form = OptionsForm(settings, ("theme", "language"))
        self.compute_form = OptionsForm(settings, ("device", "threads"))
        self.cache_form = OptionsForm(settings, ("cache_folder", "cache_gb"))
        self.compute_form.suggest({"threads": str(usable_cores())})
        self.message = Sentence()
        self.held = muted(self.tr("Looking what the cache holds…"))
        self.browse = QPushButton(self.tr("Choose folder…"))
        self.clear = QPushButton(self.tr("Empty the cache"))
        self.clear.setToolTip(self.tr("Nothing is lost that cannot be made again: slides are read again when needed."))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        self._job = Latest("cache", self)
        self._lay_out()
        self._connect()
        self._job.begin(_measure)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(10)
        for title, form in (
            (self.tr("Window"), self.window_form),
            (self.tr("Computing"), self.compute_form),
            (self.tr("Cache"), self.cache_form),
        ):
            column.addWidget(heading(title))
            column.addWidget(form)
            grid = form.layout()
            if isinstance(grid, QGridLayout):
                grid.setColumnMinimumWidth(0, self.fontMetrics().horizontalAdvance(self.tr("Cache folder")) + 16)
            if form is not self.cache_form:
                column.addWidget(line())
        row = QHBoxLayout()
        row.addWidget(self.held, 1)
        row.addWidget(self.browse)
        row.addWidget(self.clear)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def _connect(self) -> None:
        self._job.succeeded.connect(self._measured)
        self._job.failed.connect(self._failed)
        self.browse.clicked.connect(self._choose_folder)
        self.clear.clicked.connect(self._empty)
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)

    @property
    def busy(self) -> bool:
        """Whether the cache is being measured or emptied."""
        return self._job.busy

    @property
    def settings(self) -> ProgramSettings:
        """What the forms say."""
        first, second, third = self.window_form.settings, self.compute_form.settings, self.cache_form.settings
        return ProgramSettings(
            theme=first.theme,
            language=first.language,
            device=second.device,
            threads=second.threads,
            cache_folder=third.cache_folder,
            cache_gb=third.cache_gb,
        )

    def _choose_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Folder for the cache"), str(cache_folder()))
        if name:
            self.cache_form.show_settings(
                ProgramSettings(cache_folder=name, cache_gb=self.cache_form.settings.cache_gb)
            )

    def _empty(self) -> None:
        def task(progress: Progress) -> int:
            clear_cache()
            return _measure(progress)

        self._job.begin(task)

    @Slot(object)
    def _measured(self, held: int) -> None:
        self.held.setText(self.tr("It holds {size} now.").format(size=written_bytes(held)))
        self.clear.setEnabled(held > 0)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        self.held.setText("")
        self.message.explain(failure)

    def _take(self) -> None:
        if not all(form.valid for form in (self.window_form, self.compute_form, self.cache_form)):
            self.message.say(self.tr("A setting is outside its limits."))
            return
        settings = self.settings
        if settings.cache_folder is not None and settings.cache_folder != self._before.cache_folder:
            try:
                output_folder(Path(settings.cache_folder).expanduser())
            except OutputError as error:
                self.message.say(error.message, error.hint)
                return
        self.message.say("")
        self.chosen.emit(settings)
        self.accept()

    def done(self, result: int) -> None:
        """Stop measuring."""
        self._job.cancel()
        super().done(result)


def _measure(_progress: Progress) -> int:
    return sum(kept.bytes for kept in measure_cache())
