"""The ways through a slide along which tiles are put side by side."""

from enum import StrEnum


class Order(StrEnum):
    """The order of the strip."""

    ROW = "row"
    COLUMN = "column"
    SERPENTINE = "serpentine"
    HILBERT = "hilbert"
