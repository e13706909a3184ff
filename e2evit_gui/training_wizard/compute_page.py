"""5 Compute: where it runs, what the largest slide costs, how long it will take."""

from dataclasses import replace

from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.jobs.measured import DryRun
from e2evit_gui.training_wizard.estimate import TimeEstimate, estimate
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.slide_presenter import SlidePresenter
from e2evit_gui.training_wizard.words import count, counted, tr, worded_form
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.units import written_bytes

_MEASURED = ("device", "precision", "threads", "checkpointing")
_SHOWN = ("device", "precision", "threads", "folds_in_parallel", "checkpointing", "skip_failed")


class ComputePage(Page):
    """Settings at the left, what was measured at the right."""

    def __init__(self, presenter: WizardPresenter, slides: SlidePresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Compute"),
            tr(
                "Where the training runs. A dry run learns from the largest slide once and measures it, before hours are spent."
            ),
            parent,
        )
        self._presenter, self._slides = presenter, slides
        self.form = worded_form(presenter.draft.config, _SHOWN)
        self.form.setMaximumWidth(360)
        self.measure = QPushButton(tr("Dry run on the largest slide"))
        self.cancel = QPushButton(tr("Cancel"))
        self.step = muted()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(tr("Progress of the dry run"))
        self.error = Sentence()
        self.warning = Sentence("warning")
        self.rows: dict[str, tuple[QLabel, QLabel]] = {}
        self._facts = QGridLayout()
        self.time = QLabel()
        self.time.setProperty("role", "score")
        self.time_note = muted()
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addWidget(heading(tr("Where and how")))
        left.addWidget(self.form)
        left.addStretch(1)
        right.addWidget(heading(tr("The largest slide")))
        buttons = QHBoxLayout()
        buttons.addWidget(self.measure)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        right.addLayout(buttons)
        for widget in (self.step, self.bar, self.error, self.warning):
            right.addWidget(widget)
        self._facts.setHorizontalSpacing(14)
        self._facts.setColumnStretch(1, 1)
        right.addLayout(self._facts)
        right.addSpacing(12)
        self._time_title = heading(tr("The whole training"))
        for widget in (self._time_title, self.time, self.time_note):
            right.addWidget(widget)
        right.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(32)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)

    def _connect(self) -> None:
        self.form.changed.connect(self._edited)
        self.watch(self.form)
        self.measure.clicked.connect(self._measure)
        self.cancel.clicked.connect(lambda: self._slides.cancel("dry run"))
        self._slides.measured_changed.connect(self._show)
        self._slides.progressed.connect(self._progressed)
        self._presenter.draft_changed.connect(self._show_settings)
        self._presenter.folds_changed.connect(self._show)

    def blocked(self) -> str:
        """Say which setting is wrong."""
        return "" if self.form.valid else tr("A setting is outside its limits.")

    def _show_settings(self) -> None:
        config = self._presenter.draft.config
        if self.form.settings != config and self.form.valid:
            self.form.show_settings(config)
        self._show()

    def _edited(self, config: TrainingConfig) -> None:
        changes = {name: getattr(config, name) for name in _SHOWN}
        if any(changes[name] != getattr(self._presenter.draft.config, name) for name in _MEASURED):
            self._slides.forget_dry_run()
        self._presenter.choose_config(replace(self._presenter.draft.config, **changes))
        self.blocked_changed.emit()

    def _measure(self) -> None:
        cohort = self._presenter.cohort
        if cohort is not None:
            self._slides.ask_dry_run(cohort, self._presenter.draft.config)

    def _progressed(self, kind: str, step: str, done: int, total: int) -> None:
        if kind == "dry run":
            self.step.setText(f"{step}…")
            self.bar.setRange(0, total)
            self.bar.setValue(done)

    def _show(self) -> None:
        asking, measured = self._slides.asking("dry run"), self._slides.measured
        self.measure.setEnabled(not asking and self._presenter.cohort is not None)
        for widget in (self.cancel, self.bar):
            widget.setVisible(asking)
        if asking and not self.step.text():
            self.bar.setRange(0, 0)
            self.step.setText(tr("Starting a process of its own…"))
        elif not asking:
            self.step.setText("" if measured else tr("Nothing was measured with these settings yet."))
        self.step.setVisible(bool(self.step.text()))
        self.error.explain(self._slides.failures.get("dry run"))
        bad = measured.unreadable if measured is not None and not self._presenter.draft.config.skip_failed else 0
        self.warning.say(
            tr("{slides} cannot be opened: the training will stop there.").format(slides=counted(bad, "slide"))
            if bad
            else "",
            tr("Mend them, or choose to leave out bad slides."),
        )
        for row in self.rows.values():
            for label in row:
                label.hide()
        if measured is not None:
            self._show_measured(measured)
        self._show_time(measured)

    def _fact(self, name: str, value: str) -> None:
        if name not in self.rows:
            label, text = muted(name), QLabel()
            label.setWordWrap(False)
            text.setWordWrap(True)
            row = len(self.rows)
            self._facts.addWidget(label, row, 0)
            self._facts.addWidget(text, row, 1)
            self.rows[name] = (label, text)
        label, text = self.rows[name]
        text.setText(value)
        for one in (label, text):
            one.setVisible(bool(value))

    def _show_measured(self, run: DryRun) -> None:
        prepared = tr("was prepared before") if run.prepare_s is None else written_seconds(run.prepare_s, fine=True)
        self._fact(tr("Slide"), tr("{name}, {tiles} tiles").format(name=run.slide_id, tiles=count(run.tiles)))
        self._fact(tr("Device"), f"{run.device}, {run.numbers}")
        self._fact(tr("Preparing"), prepared)
        self._fact(tr("Looking at it"), written_seconds(run.look_s, fine=True))
        self._fact(tr("Learning from it"), written_seconds(run.learn_s, fine=True) if run.learn_s else "")
        self._fact(tr("Memory"), written_bytes(run.memory_bytes))
        self._fact(tr("GPU memory"), written_bytes(run.gpu_bytes) if run.gpu_bytes else "")

    def _show_time(self, measured: DryRun | None) -> None:
        cohort, made, config = self._presenter.cohort, self._presenter.made, self._presenter.draft.config
        known = measured is not None and cohort is not None and made is not None and made.folds is not None
        for widget in (self._time_title, self.time, self.time_note):
            widget.setVisible(known)
        if measured is None or cohort is None or made is None or made.folds is None:
            return
        found = estimate(measured, cohort, made.folds, config)
        self.time.setText(tr("at most {time}").format(time=written_seconds(found.total_s, fine=True)))
        self.time_note.setText(_parts(found, config, len(made.folds)))


def _parts(found: TimeEstimate, config: TrainingConfig, folds: int) -> str:
    parts = []
    if found.prepare_s is not None:
        parts.append(tr("Preparing all slides: {time}.").format(time=written_seconds(found.prepare_s, fine=True)))
    if config.method is Method.FINE_TUNE:
        parts.append(
            tr("{folds} folds of at most {epochs} epochs, {time} an epoch; folds usually stop earlier.").format(
                folds=folds, epochs=config.epochs, time=written_seconds(found.epoch_s, fine=True)
            )
        )
    else:
        parts.append(tr("Embedding all slides: {time}.").format(time=written_seconds(found.embed_s, fine=True)))
        parts.append(tr("The linear layer then learns in seconds to minutes."))
    return " ".join(parts)
