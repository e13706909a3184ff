"""The cohort: patients with time and event, their slides, and what clinic knows of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class CohortSlide:
    """One slide; ``path`` is ``None`` while no folder was searched."""

    slide_id: str
    patient_id: str
    path: Path | None = None


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class Cohort:
    """n patients, each once, in the order of the table.

    ``time_days`` (n,) float64 and ``event`` (n,) bool belong to ``patient_ids``. ``slides`` are of these patients only, in the
    order of the table. ``covariates`` (n rows, indexed by patient) are clinical columns as text, kept apart from what the model
    is given. ``groups`` (n,) are sites, or empty. ``name`` and ``endpoint`` are for people.
    """

    name: str
    endpoint: str
    patient_ids: tuple[str, ...]
    time_days: NDArray[np.float64]
    event: NDArray[np.bool_]
    slides: tuple[CohortSlide, ...]
    covariates: pd.DataFrame = field(default_factory=pd.DataFrame, compare=False)
    groups: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.patient_ids)

    @property
    def events(self) -> int:
        """How many patients had the event."""
        return int(self.event.sum())

    def positions(self, patient_ids: Sequence[str]) -> NDArray[np.int64]:
        """Return where these patients are in the arrays."""
        place = {patient: index for index, patient in enumerate(self.patient_ids)}
        return np.array([place[patient] for patient in patient_ids], dtype=np.int64)

    def slides_of(self, patient_ids: Sequence[str]) -> tuple[CohortSlide, ...]:
        """Return the slides of some patients, in the order of the table."""
        wanted = set(patient_ids)
        return tuple(slide for slide in self.slides if slide.patient_id in wanted)

    def subset(self, patient_ids: Sequence[str]) -> Self:
        """Return the cohort of some patients, in the order given."""
        rows = self.positions(patient_ids)
        return replace(
            self,
            patient_ids=tuple(self.patient_ids[i] for i in rows),
            time_days=self.time_days[rows],
            event=self.event[rows],
            slides=self.slides_of(patient_ids),
            covariates=self.covariates.iloc[rows] if len(self.covariates) else self.covariates,
            groups=tuple(self.groups[i] for i in rows) if self.groups else (),
        )
