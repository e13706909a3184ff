"""One fault of a table, where it is, and what it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from e2evit_model.errors import CohortError


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A fault with its place; ``line`` counts as a text editor does and is 0, ``column`` empty, when it is of the whole table."""

    message: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f'column "{self.column}"'] if self.column else []
        where = ", ".join(place)
        return f"{where[0].upper()}{where[1:]}: {self.message}" if where else self.message

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {"line": self.line or None, "column": self.column or None, "message": self.message}


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return each problem once, those of the whole table first, then by line."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda p: (p.line, p.column, p.message)))


def refuse(problems: tuple[Problem, ...], what: str) -> None:
    """Raise when there are problems; the first five are told.

    Raises
    ------
    CohortError
        With the number of problems, and the first of them as hint.
    """
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        more = f" (and {len(problems) - 5} more)" if len(problems) > 5 else ""
        raise CohortError(f"{what} has {count}.", hint=" ".join(str(p) for p in problems[:5]) + more)
