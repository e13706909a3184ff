"""Which values of an event column mean the event, and which a censored time."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from e2evit_model.cohort.values import parse_number, plain_value

_YES = ("1", "true", "yes", "y", "t")
_NO = ("0", "false", "no", "n", "f")
_EVENT_WORDS = frozenset(
    {
        "dead",
        "deceased",
        "died",
        "death",
        "event",
        "uncensored",
        "observed",
        "relapse",
        "relapsed",
        "recurrence",
        "recurred",
    }
    | {"progressed", "progression", "recurred/progressed", "exitus", "expired", "dead with tumor"}
)
_CENSORED_WORDS = frozenset(
    {"alive", "living", "censored", "censor", "no event", "disease free", "diseasefree", "progression free"}
    | {"alive or dead tumor free", "not progressed", "lost to follow-up", "survived"}
)
_CODED = re.compile(r"([01]):.*")
MOST_CODES = 3
"""A column of more whole numbers than this is a composite class (bin and event in one), never an event."""


@dataclass(frozen=True, kw_only=True)
class EventReading:
    """How an event column is read; ``reason`` says why, ``warning`` what the user should confirm."""

    event: tuple[str, ...]
    censored: tuple[str, ...]
    reason: str
    warning: str = ""


def names_censoring(column: str) -> bool:
    """Whether a column says who is censored rather than who has the event."""
    name = column.lower()
    return "cens" in name and "uncens" not in name


def is_composite(cells: Sequence[str]) -> bool:
    """Whether a column holds classes made of time bin and event, or a count, rather than an event."""
    values = {plain_value(cell) for cell in cells}
    numbers = [parse_number(value) for value in values]
    return len(values) > MOST_CODES and all(number is not None for number in numbers)


def read_event_values(column: str, cells: Sequence[str]) -> EventReading:
    """Say which values of a column (cells that say something) mean the event; values in neither list are not understood."""
    counts = Counter(plain_value(cell) for cell in cells)
    present = set(counts)
    if present and present <= {"1", "2"} and "2" in present:
        return EventReading(
            event=("2",),
            censored=("1",),
            reason=f'"{column}" holds 1 and 2, as R does: 1 is censored, 2 is the event.',
            warning=f'"{column}": 2 is taken as the event ({counts["2"]} rows) and 1 as censored ({counts["1"]} rows).',
        )
    event = {v for v in present if v in _EVENT_WORDS or _code(v) == "1"}
    censored = {v for v in present if v in _CENSORED_WORDS or _code(v) == "0"}
    if event or censored:
        return EventReading(
            event=tuple(sorted(event)), censored=tuple(sorted(censored)), reason=f'The words in "{column}" say it.'
        )
    yes, no = _flags(present)
    if names_censoring(column):
        return _inverted(column, counts, yes, no)
    return EventReading(event=yes, censored=no, reason=f'"{column}" is a flag: {yes[0]} is the event.')


def _inverted(column: str, counts: Counter[str], yes: tuple[str, ...], no: tuple[str, ...]) -> EventReading:
    censored, events = (sum(counts[v] for v in values) for values in (yes, no))
    warning = (
        f'"{column}" is read as inverted: {yes[0]} is censored ({censored} rows), {no[0]} is the event ({events} rows).'
    )
    if censored < events:
        warning += f" Usually most are censored, but here {yes[0]} is the rarer value: check which way round it is."
    return EventReading(
        event=no, censored=yes, reason=f'"{column}" tells who is censored: {yes[0]} is censored.', warning=warning
    )


def _code(value: str) -> str:
    match = _CODED.fullmatch(value)
    return match[1] if match else ""


def _flags(present: set[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the kind of flag that the column uses: 1 and 0, true and false, yes and no."""
    kinds = [(yes, no) for yes, no in zip(_YES, _NO, strict=True) if present & {yes, no}] or [("1", "0")]
    return tuple(yes for yes, _ in kinds), tuple(no for _, no in kinds)
