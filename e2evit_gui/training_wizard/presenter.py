"""Check the cohort, make the folds, start the training. No widgets here."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs import training_process
from e2evit_gui.jobs.failure import Failure, explain
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.jobs.training_spec import TrainingSpec
from e2evit_gui.training_wizard.draft import Draft
from e2evit_model.cohort.check import CohortCheck, check_cohort
from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.cohort.fold_making import FoldSettings, make_folds, with_validation
from e2evit_model.cohort.folds import Folds, check_folds
from e2evit_model.cohort.problem import Problem
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import Progress
from e2evit_model.runs.run_folder import run_folder_name
from e2evit_model.survival.curves import KaplanMeier, kaplan_meier
from e2evit_model.survival.metrics import Labels
from e2evit_model.training.config import TrainingConfig

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A checked cohort, and its survival curve while there are patients."""

    check: CohortCheck
    curve: KaplanMeier | None


@dataclass(frozen=True, kw_only=True)
class MadeFolds:
    """Folds, what stops them, what is odd about them, and whether they were imported."""

    folds: Folds | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    imported: bool = False


class WizardPresenter(QObject):
    """Act for the pages. ``draft`` is what was chosen; ``checked`` and ``made`` what came of it, None while they are not known.

    ``check_failure`` and ``folds_failure`` say why nothing came.
    """

    draft_changed = Signal()
    checked_changed = Signal()
    folds_changed = Signal()
    busy_changed = Signal()
    started = Signal(object)  # Path of the run

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.draft = Draft()
        self.checked: Checked | None = None
        self.check_failure: Failure | None = None
        self.made: MadeFolds | None = None
        self.folds_failure: Failure | None = None
        self._checking = Latest("Checking the cohort", self)
        self._folding = Latest("Making folds", self)
        self._checking.succeeded.connect(self._cohort_checked)
        self._checking.failed.connect(self._cohort_refused)
        self._folding.succeeded.connect(self._folds_made)
        self._folding.failed.connect(self._folds_refused)
        for latest in (self._checking, self._folding):
            latest.busy_changed.connect(lambda _busy: self.busy_changed.emit())

    @property
    def checking(self) -> bool:
        """Whether the cohort is being checked."""
        return self._checking.busy

    @property
    def folding(self) -> bool:
        """Whether folds are being made."""
        return self._folding.busy

    @property
    def cohort(self) -> Cohort | None:
        """The cohort, once nothing stops it."""
        return self.checked.check.cohort if self.checked is not None and self.checked.check.usable else None

    # the cohort

    def choose_files(self, **files: Path | None) -> None:
        """Take table, slides or slide_table; what was said of the columns of another table is forgotten."""
        draft = replace(self.draft, **files)  # type: ignore[arg-type]
        if "table" in files and files["table"] != self.draft.table:
            draft = replace(draft, mapping=MappingProxyType({}), endpoint=None, fold_files=())
        self.take(draft)

    def map_column(self, **said: Any) -> None:
        """Take what the user says of the columns (fields of ``ColumnMapping``)."""
        mapping = {**self.draft.mapping, **said}
        if {"event"} & set(said):
            # the values of another column mean nothing in this one
            mapping = {
                name: value for name, value in mapping.items() if name not in ("event_values", "censored_values")
            }
        self.take(replace(self.draft, mapping=MappingProxyType(mapping)))

    def choose_endpoint(self, endpoint: str) -> None:
        """Take another endpoint; its columns are proposed again."""
        of_endpoint = ("time", "event", "death_time", "follow_up_time", "time_unit", "event_values", "censored_values")
        mapping = {name: value for name, value in self.draft.mapping.items() if name not in of_endpoint}
        self.take(replace(self.draft, endpoint=endpoint, mapping=MappingProxyType(mapping)))

    def propose_again(self) -> None:
        """Forget what was said of the columns."""
        self.take(replace(self.draft, endpoint=None, mapping=MappingProxyType({})))

    def take(self, draft: Draft) -> None:
        """Take a draft, and do again what depends on what is new in it."""
        before, self.draft = self.draft, draft
        self.draft_changed.emit()
        if _of_cohort(draft) != _of_cohort(before):
            self._check()
        elif (draft.folds, draft.fold_files) != (before.folds, before.fold_files):
            self._make_folds()

    def _check(self) -> None:
        draft = self.draft
        self.checked = self.check_failure = self.made = self.folds_failure = None
        if draft.table is None:
            self._checking.cancel()
        else:
            self._checking.begin(_checking_of(draft))
        self.checked_changed.emit()
        self.folds_changed.emit()

    @Slot(object)
    def _cohort_checked(self, checked: Checked) -> None:
        self.checked = checked
        self.checked_changed.emit()
        self._make_folds()

    @Slot(object)
    def _cohort_refused(self, failure: Failure) -> None:
        self.check_failure = failure
        self.checked_changed.emit()

    # folds

    def choose_folds(self, settings: FoldSettings) -> None:
        """Make folds by these settings, not import them."""
        self.take(replace(self.draft, folds=settings, fold_files=()))

    def import_from(self, files: tuple[Path, ...]) -> None:
        """Import folds from files; none: make them again."""
        self.take(replace(self.draft, fold_files=files))

    def _make_folds(self) -> None:
        cohort, draft = self.cohort, self.draft
        self.made = self.folds_failure = None
        if cohort is None:
            self._folding.cancel()
        else:
            self._folding.begin(_folding_of(draft, cohort))
        self.folds_changed.emit()

    @Slot(object)
    def _folds_made(self, made: MadeFolds) -> None:
        self.made = made
        self.folds_changed.emit()

    @Slot(object)
    def _folds_refused(self, failure: Failure) -> None:
        self.folds_failure = failure
        self.folds_changed.emit()

    # the rest

    def choose_config(self, config: TrainingConfig) -> None:
        """Take other settings of the training."""
        if config != self.draft.config:
            self.take(replace(self.draft, config=config))

    def spec(self) -> TrainingSpec | None:
        """Return what the training would be started with, the whole mapping as it is shown; None while something is missing."""
        draft, checked = self.draft, self.checked
        if checked is None or draft.table is None or draft.slides is None:
            return None
        return TrainingSpec(
            table=str(draft.table.resolve()),
            slides=str(draft.slides.resolve()),
            slide_table=str(draft.slide_table.resolve()) if draft.slide_table else None,
            endpoint=draft.endpoint,
            mapping=checked.check.mapping.to_record(),
            folds="",
            config=draft.config.to_record(),
            vary=draft.vary,
            one_at_a_time=draft.one_at_a_time,
        )

    def run_name(self, now: datetime) -> str:
        """Return the name of a run that would be started now."""
        cohort = self.cohort.name if self.cohort is not None else ""
        return run_folder_name(cohort, Path(self.draft.config.model).stem, self.draft.config.to_record(), now=now)

    def save_asked(self, run: Path) -> Failure | None:
        """Write what is asked of a run, as the command reads it; return why that is not possible."""
        spec = self.spec()
        if spec is None or self.made is None or self.made.folds is None:
            return Failure(message=self.tr("The cohort or its folds are missing."))
        try:
            training_process.ask(run, spec, self.made.folds)
        except E2EViTError as error:
            return explain(error)
        return None

    def start(self, run: Path) -> Failure | None:
        """Start the training; return why it cannot be started."""
        failure = self.save_asked(run)
        if failure is None:
            try:
                training_process.begin(run)
            except E2EViTError as error:
                return explain(error)
            self.started.emit(run)
        return failure

    def shut_down(self) -> None:
        """Stop what runs here."""
        self._checking.cancel()
        self._folding.cancel()


def _of_cohort(draft: Draft) -> tuple[Any, ...]:
    return draft.table, draft.slides, draft.slide_table, draft.endpoint, dict(draft.mapping)


def _checking_of(draft: Draft) -> Callable[[Progress], Checked]:
    def task(_progress: Progress) -> Checked:
        if draft.table is None:
            raise ValueError("a cohort is checked only when there is a table")
        check = check_cohort(
            draft.table, draft.slides, draft.mapping, endpoint=draft.endpoint, slide_table=draft.slide_table
        )
        cohort = check.cohort
        curve = kaplan_meier(Labels.of(cohort.time_days, cohort.event)) if len(cohort) else None
        return Checked(check=check, curve=curve)

    return task


def _folding_of(draft: Draft, cohort: Cohort) -> Callable[[Progress], MadeFolds]:
    def task(_progress: Progress) -> MadeFolds:
        if not draft.fold_files:
            settings = draft.folds
            folds = make_folds(
                cohort,
                k=settings.k,
                validation=settings.validation,
                seed=settings.seed,
                stratify=settings.stratify,
                by_group=settings.by_group,
            )
            return MadeFolds(folds=folds, warnings=tuple(check_folds(folds, cohort).warnings))
        found = import_folds(list(draft.fold_files), cohort)
        if found.problems:
            return MadeFolds(folds=None, problems=found.problems, warnings=found.warnings, imported=True)
        folds = found.folds.restricted(cohort)
        if not folds.has_validation:
            folds = with_validation(folds, cohort, validation=draft.folds.validation, seed=draft.folds.seed)
        return MadeFolds(folds=folds, warnings=found.warnings, imported=True)

    return task
