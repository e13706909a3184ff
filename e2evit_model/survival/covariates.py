"""Clinical columns as numbers for a Cox model: age, stage, grade, sex."""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_ROMAN = {"i": 1.0, "ii": 2.0, "iii": 3.0, "iv": 4.0, "v": 5.0}
_STAGE = re.compile(r"(?:stage|figo|ajcc|p?t)?\s*([ivIV]{1,3}|[0-5])\s*[a-cA-C]?[0-3]?")
_GRADE = re.compile(r"(?:grade|g)?\s*([1-4]|i{1,3}|iv)", re.IGNORECASE)
_MOST_KINDS = 6
_FEWEST_KNOWN = 0.5


@dataclass(frozen=True, kw_only=True)
class CovariateCoding:
    """How clinical columns become p numbers, learned on the training part and used unchanged on the rest.

    ``columns`` are those used; ``kinds`` gives, for columns of words, the words that have an indicator each; ``filling`` is the
    training median for what is missing. ``left_out`` says which columns are not used, and why.
    """

    columns: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]
    filling: dict[str, float]
    left_out: dict[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the p numbers."""
        return tuple(
            name
            for column in self.columns
            for name in ([f"{column}: {kind}" for kind in self.kinds[column]] if column in self.kinds else [column])
        )

    def apply(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """Return (n, p) for a table of text."""
        parts = []
        for column in self.columns:
            cells = [str(cell).strip() for cell in table[column]]
            if column in self.kinds:
                parts += [[float(cell.lower() == kind) for cell in cells] for kind in self.kinds[column]]
            else:
                known = [as_number(cell) for cell in cells]
                parts.append([self.filling[column] if value is None else value for value in known])
        return np.array(parts, dtype=np.float64).T.reshape(len(table), len(parts))


def as_number(cell: str) -> float | None:
    """Return the number in a cell: a plain one, a stage (``Stage IIIA`` is 3) or a grade (``G2`` is 2)."""
    text = cell.strip()
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        for pattern in (_STAGE, _GRADE):
            if match := pattern.fullmatch(text.lower()):
                return float(match[1]) if match[1].isdecimal() else _ROMAN.get(match[1])
        return None
    return value if np.isfinite(value) else None


def learn_coding(table: pd.DataFrame) -> CovariateCoding:
    """Learn from the training part how each clinical column (text) becomes numbers.

    A column is used as a number when half of its cells are numbers, stages or grades; else as words, when it has 2 to 6.
    """
    columns, kinds, filling, left_out = [], {}, {}, {}
    for column in map(str, table.columns):
        cells = [str(cell).strip() for cell in table[column]]
        said = [cell for cell in cells if cell]
        numbers = [value for cell in said if (value := as_number(cell)) is not None]
        words = sorted({cell.lower() for cell in said})
        if len(said) < _FEWEST_KNOWN * len(cells):
            left_out[column] = "it is missing for more than half of the patients"
        elif len(words) < 2 or (len(numbers) == len(said) and len(set(numbers)) < 2):
            left_out[column] = "it is the same for all patients"
        elif len(numbers) >= _FEWEST_KNOWN * len(said) and len(set(numbers)) > 1:
            columns.append(column)
            filling[column] = float(np.median(numbers))
        elif len(words) <= _MOST_KINDS:
            columns.append(column)
            kinds[column] = tuple(words[1:])  # the first is what the others are compared with
        else:
            left_out[column] = f"it has {len(words)} different words"
    return CovariateCoding(columns=tuple(columns), kinds=kinds, filling=filling, left_out=left_out)
