"""What the columns of a table probably mean, with the reason for each."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from e2evit_model.cohort.conventions import (
    CONVENTIONS,
    COVARIATE_NAMES,
    EVENT_NAMES,
    GROUP_NAMES,
    PATIENT_NAMES,
    SLIDE_NAMES,
    TIME_NAMES,
    Endpoint,
    Names,
    first_of,
    normalised,
    unit_in_name,
)
from e2evit_model.cohort.event_values import is_composite, read_event_values
from e2evit_model.cohort.mapping import ColumnMapping, check_columns, checked_fields
from e2evit_model.cohort.problem import Problem
from e2evit_model.cohort.table import Table
from e2evit_model.cohort.values import TimeUnit, is_missing, parse_number
from e2evit_model.errors import CohortError, did_you_mean

_LONG_FOLLOW_UP = 400  # more than this is days: 400 months would be 33 years


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A mapping, why each column was chosen (by role), the other endpoints on offer, and what is to be confirmed."""

    mapping: ColumnMapping
    convention: str
    reasons: Mapping[str, str]
    endpoints: tuple[str, ...]
    warnings: tuple[str, ...]
    problems: tuple[Problem, ...]


def propose_mapping(table: Table, *, endpoint: str | None = None, given: Mapping[str, Any] | None = None) -> Proposal:
    """Propose what each column means; what the user has ``given`` (fields of ``ColumnMapping``) stands and is built upon.

    Raises
    ------
    CohortError
        When a given column is not in the table, or the endpoint is not.
    """
    chosen = checked_fields(given or {})
    check_columns(table, ColumnMapping(**chosen))
    names = _names(table)
    search = _Search(table=table, names=names, chosen=chosen)
    found = search.endpoint(endpoint)
    values: dict[str, Any] = {
        "patient": first_of(names, PATIENT_NAMES),
        "slide": first_of(names, SLIDE_NAMES),
        "group": _useful(table, first_of(names, GROUP_NAMES)),
        "covariates": _covariates(table, names),
    }
    search.reasons |= {
        role: f'A column named "{values[role]}" usually is the {role}.'
        for role in ("patient", "slide", "group")
        if values[role] is not None
    }
    if found is not None:
        values |= search.endpoint_values(found)
    values |= search.alone
    values |= chosen
    search.reasons |= dict.fromkeys(chosen, "Chosen by the user.")
    search.complain(values)
    return Proposal(
        mapping=ColumnMapping(**values),
        convention=found.convention if found else "",
        reasons=search.reasons,
        endpoints=search.offered,
        warnings=tuple(search.warnings),
        problems=tuple(search.problems),
    )


def _names(table: Table) -> dict[str, str]:
    names: dict[str, str] = {}
    for column in table.columns:
        names.setdefault(normalised(column), column)
    return names


def _useful(table: Table, column: str | None) -> str | None:
    return column if column is not None and len(set(table.said(column))) > 1 else None


def _covariates(table: Table, names: Names) -> tuple[str, ...]:
    found = []
    for wanted in COVARIATE_NAMES.values():
        present = [names[name] for name in wanted if name in names and _useful(table, names[name])]
        found += present[:1]
    return tuple(found)


class _Search:
    """The search for time and event, with what it has to say."""

    def __init__(self, *, table: Table, names: Names, chosen: dict[str, Any]) -> None:
        self.table = table
        self.names = names
        self.chosen = chosen
        self.reasons: dict[str, str] = {}
        self.warnings: list[str] = []
        self.problems: list[Problem] = []
        self.offered: tuple[str, ...] = ()
        self.alone: dict[str, str] = {}  # a time without an event, or the reverse

    def endpoint(self, wanted: str | None) -> Endpoint | None:
        """Choose the endpoint: the user's columns, a convention, or the only columns whose names hint at it."""
        found: list[Endpoint] = []
        for convention in CONVENTIONS:
            found += [e for e in convention(self.names) if self._can_be_event(e.event)]
        found = found or self._by_names()
        self.offered = tuple(dict.fromkeys(e.name for e in found))
        if wanted is not None and wanted.upper() not in self.offered:
            raise CohortError(
                f'{self.table.name} has no endpoint "{wanted}".',
                hint=did_you_mean(wanted, self.offered) if self.offered else "Map time and event by hand.",
            )
        fitting = [e for e in found if wanted is None or e.name == wanted.upper()]
        chosen = next((e for e in fitting if e.name == "OS"), fitting[0] if fitting else None)
        others = [name for name in self.offered if chosen and name != chosen.name]
        if chosen and others and wanted is None:
            self.warnings.append(f"{chosen.name} is used; the table also has {', '.join(others)}.")
        return chosen

    def _can_be_event(self, column: str) -> bool:
        if not is_composite(self.table.said(column)):
            return True
        self.warnings.append(f'"{column}" holds classes made of time and event, not an event; it is not used.')
        return False

    def _by_names(self) -> list[Endpoint]:
        times = [c for n, c in self.names.items() if TIME_NAMES.match(n) and self._is_number(c)]
        events = [c for n, c in self.names.items() if EVENT_NAMES.match(n) and c not in times and self._can_be_event(c)]
        for role, columns in (("time", times), ("event", events)):
            if len(columns) > 1 and role not in self.chosen:
                quoted = " and ".join(f'"{c}"' for c in columns)
                self.problems.append(Problem(message=f"Several columns could be the {role}: {quoted}. Choose one."))
        if not times or not events:
            self.alone |= {"time": times[0]} if len(times) == 1 else {}
            self.alone |= {"event": events[0]} if len(events) == 1 else {}
            self.reasons |= dict.fromkeys(self.alone, "The name hints at it.")
            return []
        return [Endpoint(name="OS", convention="", time=times[0], event=events[0], unit=unit_in_name(times[0]))]

    def _is_number(self, column: str) -> bool:
        said = self.table.said(column)
        return bool(said) and sum(parse_number(cell) is not None for cell in said) > len(said) / 2

    def endpoint_values(self, found: Endpoint) -> dict[str, Any]:
        """Turn an endpoint into fields of a mapping."""
        values: dict[str, Any] = {
            "endpoint": found.name,
            "event": found.event,
            "time": found.time,
            "death_time": found.death_time,
            "follow_up_time": found.follow_up_time,
        }
        why = f"As in tables of {found.convention}." if found.convention else "The name hints at it."
        self.reasons |= {role: why for role, column in values.items() if column is not None and role != "endpoint"}
        if "time" in self.chosen:
            values |= {"death_time": None, "follow_up_time": None}
        if found.death_time:
            self.reasons["death_time"] = (
                "The rule for vital status: days to death when dead, else days to last follow-up."
            )
        values["time_unit"] = found.unit
        return values

    def complain(self, values: dict[str, Any]) -> None:
        """Fill in unit and event values, and say which column is missing."""
        for role, missing in (
            (
                "patient",
                "No column names the patient. Choose it; where each slide is a patient, choose the slide's column.",
            ),
            ("event", "No column tells who had the event. Choose it."),
        ):
            if values.get(role) is None:
                self.problems.append(Problem(message=missing))
        if values.get("time") is None and values.get("follow_up_time") is None:
            self.problems.append(Problem(message="No column tells the time. Choose it."))
        self._unit(values)
        if values.get("event") is not None and not ({"event_values", "censored_values"} & set(self.chosen)):
            reading = read_event_values(values["event"], self.table.said(values["event"]))
            values |= {"event_values": reading.event, "censored_values": reading.censored}
            self.reasons["event_values"] = reading.reason
            self.warnings += [reading.warning] if reading.warning else []

    def _unit(self, values: dict[str, Any]) -> None:
        time = values.get("time")
        known = None if "time" in self.chosen else values.get("time_unit")
        if "time_unit" in self.chosen:
            return
        if known is not None:
            self.reasons["time_unit"] = "The convention, or the column's name, says it."
        elif time is not None and (named := unit_in_name(time)) is not None:
            values["time_unit"] = named
            self.reasons["time_unit"] = f'The name "{time}" says it.'
        elif time is not None:
            self._guess_unit(values, time)
        else:
            values["time_unit"] = TimeUnit.DAYS

    def _guess_unit(self, values: dict[str, Any], time: str) -> None:
        numbers = [
            n for cell in self.table.column(time) if not is_missing(cell) and (n := parse_number(cell)) is not None
        ]
        longest = max(numbers, default=0.0)
        unit = TimeUnit.DAYS if longest > _LONG_FOLLOW_UP else TimeUnit.MONTHS
        values["time_unit"] = unit
        self.reasons["time_unit"] = f"Guessed: the longest time is {longest:g}."
        middle = statistics.median(numbers) if numbers else 0
        self.warnings.append(
            f'The unit of "{time}" is not said; {unit} is a guess from its median of {middle:g} and its largest value of '
            f"{longest:g}. Please confirm it."
        )
