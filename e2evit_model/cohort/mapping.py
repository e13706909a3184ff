"""What each column of a clinical table means."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from e2evit_model.cohort.table import Table
from e2evit_model.cohort.values import TimeUnit
from e2evit_model.errors import CohortError, did_you_mean


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """Which column says what, and how its values are read; everything a user can change before a table is imported.

    The time is either one column (``time``) or two (``death_time`` for those with the event, ``follow_up_time`` for the others).
    ``event_values`` and ``censored_values`` are cells as :func:`~e2evit_model.cohort.values.plain_value` gives them; a cell in
    neither is a fault. ``covariates`` are clinical columns kept beside the cohort, ``group`` the column whose groups (sites) stay
    together in folds. ``slide_pattern`` finds patient or slide in a file's name: ``{patient}``, ``{slide}`` and ``*``.
    ``excluded`` are patients that the user leaves out. ``endpoint`` is the name shown ("OS").
    """

    patient: str | None = None
    slide: str | None = None
    time: str | None = None
    event: str | None = None
    death_time: str | None = None
    follow_up_time: str | None = None
    time_unit: TimeUnit = TimeUnit.DAYS
    event_values: tuple[str, ...] = ()
    censored_values: tuple[str, ...] = ()
    endpoint: str = "OS"
    covariates: tuple[str, ...] = ()
    group: str | None = None
    slide_pattern: str = ""
    excluded: tuple[str, ...] = ()

    def columns(self) -> dict[str, str]:
        """Return the columns that are used, by role."""
        roles = ("patient", "slide", "time", "event", "death_time", "follow_up_time", "group")
        used = {role: getattr(self, role) for role in roles}
        used |= {f"covariate {index}": name for index, name in enumerate(self.covariates, start=1)}
        return {role: name for role, name in used.items() if name is not None}

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values, by field name."""
        return {
            field.name: list(value) if isinstance(value := getattr(self, field.name), tuple) else value
            for field in dataclasses.fields(self)
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Build from :meth:`to_record`; fields that are missing take their defaults.

        Raises
        ------
        CohortError
            When the record names a role that is not known, or a unit that is not.
        """
        return cls(**checked_fields(record))


def checked_fields(record: Mapping[str, Any]) -> dict[str, Any]:
    """Check a (partial) record of a mapping, and give its values their types.

    Raises
    ------
    CohortError
        When the record names a role that is not known, or a unit that is not.
    """
    known = {field.name for field in dataclasses.fields(ColumnMapping)}
    values: dict[str, Any] = {}
    for name, value in record.items():
        if name not in known:
            raise CohortError(f'A column cannot be mapped to "{name}".', hint=did_you_mean(name, known))
        values[name] = tuple(value) if isinstance(value, list) else value
    if "time_unit" in values:
        unit = str(values["time_unit"]).lower()
        if unit not in set(TimeUnit):
            raise CohortError(f'"{unit}" is not a unit of time here.', hint=did_you_mean(unit, set(TimeUnit)))
        values["time_unit"] = TimeUnit(unit)
    return values


def check_columns(table: Table, mapping: ColumnMapping) -> None:
    """Check that every mapped column is there.

    Raises
    ------
    CohortError
        With the name that is not, and the closest one that is.
    """
    for name in mapping.columns().values():
        if name not in table:
            raise CohortError(f'{table.name} has no column "{name}".', hint=did_you_mean(name, table.columns))
