"""2 Folds: made by settings or imported, counted, with what stands against them."""

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.plain_table import PlainTable
from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.words import count, tr, worded_form
from e2evit_model.cohort.folds import fold_counts
from e2evit_model.options import describe


class FoldsPage(Page):
    """Settings at the left, the parts of every fold at the right."""

    def __init__(self, presenter: WizardPresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Folds"),
            tr(
                "In each fold some patients are trained on, some tell when to stop (validation), and some are kept away until the "
                "end (test). A patient never is in two parts."
            ),
            parent,
        )
        self._presenter = presenter
        settings = presenter.draft.folds
        self.form = worded_form(settings, [info.name for info in describe(type(settings))])
        self.form.setMaximumWidth(340)
        self.imported = muted()
        self.take_file = QPushButton(tr("Import folds…"))
        self.make = QPushButton(tr("Make folds instead"))
        self.error = Sentence()
        titles = [tr("Fold"), tr("Part"), tr("Patients"), tr("Slides"), tr("Events")]
        self.counts = PlainTable(titles, tr("Patients, slides and events by part"), even=True)
        self.problems = PlainTable([tr("Line"), tr("Column"), tr("What is wrong")], tr("Problems of the folds"))
        self.warnings = Sentence("warning")
        self._lay_out()
        self._connect()
        self._show()

    def _lay_out(self) -> None:
        left, right = QVBoxLayout(), QVBoxLayout()
        for column in (left, right):
            column.setSpacing(8)
        left.addWidget(heading(tr("How they are made")))
        left.addWidget(self.form)
        left.addSpacing(10)
        left.addWidget(heading(tr("Or from a file")))
        left.addWidget(self.imported)
        left.addWidget(self.take_file)
        left.addWidget(self.make)
        left.addStretch(1)
        right.addWidget(self.error)
        right.addWidget(heading(tr("Who is where")))
        right.addWidget(self.counts, 3)
        right.addWidget(self.problems, 1)
        right.addWidget(self.warnings)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addLayout(left)
        row.addLayout(right, 1)
        self.column.addLayout(row, 1)

    def _connect(self) -> None:
        presenter = self._presenter
        self.form.changed.connect(presenter.choose_folds)
        self.watch(self.form)
        self.take_file.clicked.connect(self._ask)
        self.make.clicked.connect(lambda: presenter.import_from(()))
        presenter.folds_changed.connect(self._show)
        presenter.busy_changed.connect(self.blocked_changed)
        presenter.draft_changed.connect(self._show_settings)

    def _show_settings(self) -> None:
        if self.form.settings != self._presenter.draft.folds:
            self.form.show_settings(self._presenter.draft.folds)

    def _ask(self) -> None:
        names, _ = QFileDialog.getOpenFileNames(
            self, tr("Folds: one table, or one file a fold"), "", tr("Tables (*.csv *.tsv *.txt *.xlsx);;All files (*)")
        )
        if names:
            self._presenter.import_from(tuple(Path(name) for name in names))

    def blocked(self) -> str:
        """Say why there are no folds."""
        presenter = self._presenter
        if not self.form.valid:
            return tr("A setting is outside its limits.")
        if presenter.folding:
            return tr("The folds are being made.")
        if presenter.folds_failure is not None:
            return presenter.folds_failure.message
        if presenter.made is None:
            return tr("There are no folds yet.")
        return "" if presenter.made.folds is not None else tr("The imported folds cannot be used.")

    def _show(self) -> None:
        presenter = self._presenter
        made, cohort, files = presenter.made, presenter.cohort, presenter.draft.fold_files
        self.error.explain(presenter.folds_failure)
        names = ", ".join(path.name for path in files)
        self.imported.setText(
            tr("Imported from {names}.").format(names=names) if files else tr("A split that was used before.")
        )
        self.make.setVisible(bool(files))
        rows = []
        if made is not None and made.folds is not None and cohort is not None:
            for record in fold_counts(made.folds, cohort):
                numbers = [count(record[name]) for name in ("patients", "slides", "events")]
                rows.append([str(record["fold"]), tr(record["part"]), *numbers])
        self.counts.show_rows(rows)
        problems = made.problems if made is not None else ()
        self.problems.show_rows([[str(p.line) if p.line else "", p.column, p.message] for p in problems])
        self.problems.setVisible(bool(problems))
        self.warnings.say("\n".join(made.warnings) if made is not None else "")
        self.blocked_changed.emit()
