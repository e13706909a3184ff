"""The types of an open slide: what every reader offers, whichever library is behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(height, width, 3) RGB, white where the slide has no pixels."""

WHITE = 255


@dataclass(frozen=True, kw_only=True)
class Level:
    """One picture of the pyramid; ``downsample`` is level-0 pixels a pixel of this level."""

    width: int
    height: int
    downsample: float


@dataclass(frozen=True, kw_only=True)
class SlideInfo:
    """What is known of a slide without reading its pixels; holds no path, no label, no header text.

    ``mpp`` is micrometres a level-0 pixel, ``None`` while unknown; ``mpp_source`` says where it is from ("file", "user", "").
    ``objective`` is the scanner's own statement, where there is one. ``fingerprint`` (hex) is of the file's content: equal for a
    copy under another name. ``notes`` are sentences for the user about what is unusual in this file.
    """

    width: int
    height: int
    levels: tuple[Level, ...]
    mpp: float | None
    mpp_source: str
    format: str
    reader: str
    fingerprint: str
    objective: float | None = None
    scanner: str = ""
    notes: tuple[str, ...] = ()


class Blocks(Protocol):
    """A level cut into the pieces that cost least to decode: the file's own tiles, or squares of a whole region.

    The level may be reduced while decoding; ``width`` and ``height`` are of the reduced level, and block (column, row) begins at
    (column * block_width, row * block_height) in it. ``read`` may be called from several threads.
    """

    width: int
    height: int
    block_width: int
    block_height: int
    columns: int
    rows: int

    def read(self, column: int, row: int, *, memory: Pixels | None = None) -> Pixels | None:
        """Decode one block, cropped at the level's border; ``None`` when its data is damaged.

        ``memory``, (block_height, block_width, 3), may be taken for the result, which is then good until it is handed over again:
        new memory, which the system gives page by page, costs as much as half of a JPEG tile's decoding.
        """
        ...

    def prefetch(self, places: Iterable[tuple[int, int]]) -> None:
        """Begin to fetch the data of blocks (column, row) that will be read soon; returns at once, may do nothing."""
        ...


class Slide(Protocol):
    """An open slide; a context manager. Label and macro images are never read through it.

    Every method may be called from several threads.
    """

    @property
    def info(self) -> SlideInfo:
        """What is known of the slide."""
        ...

    def read_region(self, x: int, y: int, level: int, width: int, height: int) -> Pixels:
        """Read ``width`` x ``height`` pixels of ``level``, beginning at level-0 coordinates (x, y); white outside the slide.

        Raises
        ------
        SlideError
            When the data cannot be decoded.
        """
        ...

    def blocks(self, level: int, *, reduce: int = 1) -> Blocks:
        """Cut a level, decoded at 1 / ``reduce`` of its size (1, 2, 4 or 8), into blocks."""
        ...

    def icc_profile(self) -> bytes | None:
        """Return the color profile of the file for display; the model's pixels stay as read."""
        ...

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exc: object) -> None: ...
