"""What a cell of a clinical table can say: nothing, a number, a time in some unit."""

import math
import re
from enum import StrEnum

MISSING = frozenset(
    {
        "",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "null",
        "none",
        "'--",
        "--",
        "[not available]",
        "[not applicable]",
        "[unknown]",
        "[discrepancy]",
        "not reported",
        "unknown",
    }
)
"""Cells that say nothing, in lower case: TCGA's, GDC's, PDC's, pandas' and R's ways of leaving something out."""

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)(e[+-]?\d+)?", re.IGNORECASE)


class TimeUnit(StrEnum):
    """The unit of a time column."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"

    @property
    def days(self) -> float:
        """How many days one unit has; a month is a twelfth of a Julian year."""
        return {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}[self.value]


def is_missing(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip().lower() in MISSING


def parse_number(text: str) -> float | None:
    """Return the number a cell holds, with a decimal point or a decimal comma; ``None`` when it holds none."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        return None
    value = float(stripped.replace(",", "."))
    return value if math.isfinite(value) else None


def plain_value(text: str) -> str:
    """Return a flag as it is compared: trimmed, lower case, and whole numbers without a decimal part (``1.0`` is ``1``)."""
    number = parse_number(text)
    if number is not None and number == int(number):
        return str(int(number))
    return text.strip().lower()


def natural_key(text: str) -> list[tuple[int, int, str]]:
    """Return a key that sorts ``case 2`` before ``case 10``."""
    parts = re.findall(r"\d+|\D+", text.lower())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
