"""A report as PDF: the same sections as the page, set on A4 by matplotlib, figures as vectors, text as text."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from e2evit_model.files import write_whole
from e2evit_model.report.run_canvas import FILL, GRID, INK, LOW_RISK, SOFT, THIRD, Area, drawing
from e2evit_model.report.run_document import (
    Block,
    Bullets,
    Document,
    Headlines,
    Paragraph,
    Picture,
    Subtitle,
    Table,
    Tone,
)
from e2evit_model.report.run_pdf_text import LINE, column_widths_in, text_width_in, wrapped_in

if TYPE_CHECKING:
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

PAGE_IN = (8.27, 11.69)
SIDE_IN, TOP_IN, BOTTOM_IN = 0.685, 0.85, 0.75
WIDE_IN = PAGE_IN[0] - 2 * SIDE_IN
_TEXT, _SMALL, _SECTION, _TITLE = 9.5, 8.0, 14.0, 19.0
_TONES = {Tone.GOOD: ("#e6f4ee", THIRD), Tone.WARNING: ("#fdf1e3", "#c76a00")}
_CELL_PAD_IN = 0.07
_WHOLE_IN = 3.5


def write_pdf(document: Document, path: Path) -> None:
    """Write a report as PDF, whole or not at all.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    from matplotlib.backends.backend_pdf import PdfPages

    about = {"Title": document.title, "Creator": "E2E-ViT Desktop", "Subject": document.banner}
    with write_whole(path) as temporary, drawing(), PdfPages(temporary, metadata=about) as pdf:
        pages = _Pages(pdf, document)
        _title(pages, document)
        for section in document.sections:
            pages.heading(section.title, _SECTION, above=0.3, follows_in=_least_height_in(section.blocks[0]))
            for place, block in enumerate(section.blocks):
                if isinstance(block, Subtitle):
                    follows = _least_height_in(section.blocks[place + 1])
                    pages.heading(block.text, 10.5, above=0.16, follows_in=follows)
                else:
                    _set(pages, block)
        pages.close()


class _Pages:
    """Pages that are filled from top to bottom; lengths are inches, ``y`` is how far from the bottom the free space begins."""

    def __init__(self, pdf: "PdfPages", document: Document) -> None:
        self._pdf, self._document = pdf, document
        self._number = 0
        self.figure: Figure
        self.y = 0.0
        self._begin()

    def _begin(self) -> None:
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=PAGE_IN)
        self.y = PAGE_IN[1] - TOP_IN
        self._number += 1
        self.write(SIDE_IN, PAGE_IN[1] - 0.45, self._document.banner, size=_SMALL, color=SOFT)
        self.write(SIDE_IN, 0.4, self._document.title[:90], size=_SMALL, color=SOFT)
        self.write(PAGE_IN[0] - SIDE_IN, 0.4, str(self._number), size=_SMALL, color=SOFT, ha="right")
        self.rule(SIDE_IN, PAGE_IN[1] - 0.58, WIDE_IN)

    def close(self) -> None:
        """Write the last page."""
        cast("Any", self._pdf).savefig(self.figure)  # untyped in matplotlib

    def room(self, height: float) -> bool:
        """Begin a new page unless so much space is free; say whether one was begun."""
        if self.y - height >= BOTTOM_IN:
            return False
        self.close()
        self._begin()
        return True

    def write(self, x: float, y: float, text: str, *, size: float = _TEXT, color: str = INK, **how: Any) -> None:
        """Write one line whose baseline is at (x, y)."""
        how.setdefault("va", "baseline")
        self.figure.text(x / PAGE_IN[0], y / PAGE_IN[1], text, fontsize=size, color=color, **how)

    def rule(self, x: float, y: float, width: float, *, color: str = GRID) -> None:
        """Draw a thin line."""
        from matplotlib.lines import Line2D

        ends = ((x / PAGE_IN[0], (x + width) / PAGE_IN[0]), (y / PAGE_IN[1],) * 2)
        self.figure.add_artist(Line2D(*ends, color=color, linewidth=0.6))

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle whose lower left corner is (x, y)."""
        from matplotlib.patches import Rectangle

        corner = (x / PAGE_IN[0], y / PAGE_IN[1])
        patch = Rectangle(
            corner,
            width / PAGE_IN[0],
            height / PAGE_IN[1],
            facecolor=color,
            linewidth=0,
            transform=self.figure.transFigure,
        )
        self.figure.add_artist(patch)
        patch.set_zorder(-1)

    def lines(
        self, lines: list[str], *, size: float = _TEXT, color: str = INK, indent: float = 0.0, bold: bool = False
    ) -> None:
        """Write lines below each other, over as many pages as needed."""
        for line in lines:
            self.room(size * LINE)
            self.y -= size * LINE
            self.write(
                SIDE_IN + indent,
                self.y + 0.25 * size / 72,
                line,
                size=size,
                color=color,
                weight="bold" if bold else "normal",
            )

    def heading(self, text: str, size: float, *, above: float, follows_in: float) -> None:
        """Write a heading, and keep it together with what follows."""
        found = wrapped_in(text, WIDE_IN, size=size, bold=True)
        if not self.room(above + len(found) * size * LINE + follows_in + 0.1):
            self.y -= above
        self.lines(found, size=size, bold=True)
        self.y -= 0.06


def _title(pages: _Pages, document: Document) -> None:
    pages.lines(wrapped_in(document.title, WIDE_IN, size=_TITLE, bold=True), size=_TITLE, bold=True)
    pages.y -= 0.05
    for fact in document.facts:
        pages.lines(wrapped_in(fact, WIDE_IN, size=_TEXT), color=SOFT)


def _set(pages: _Pages, block: Block) -> None:
    writers: dict[type, Callable[..., None]] = {
        Paragraph: _paragraph,
        Bullets: _bullets,
        Headlines: _headlines,
        Table: _table,
        Picture: _picture,
    }
    writers[type(block)](pages, block)


def _paragraph(pages: _Pages, block: Paragraph) -> None:
    if block.tone not in _TONES:
        color = SOFT if block.tone is Tone.NOTE else INK
        pages.lines(wrapped_in(block.text, WIDE_IN, size=_TEXT), color=color)
        pages.y -= 0.07
        return
    fill, edge = _TONES[block.tone]
    lines = wrapped_in(block.text, WIDE_IN - 0.3, size=_TEXT)
    height = len(lines) * _TEXT * LINE + 0.16
    pages.room(height + 0.1)
    pages.box(SIDE_IN, pages.y - height, WIDE_IN, height, fill)
    pages.box(SIDE_IN, pages.y - height, 0.05, height, edge)
    pages.y -= 0.07
    pages.lines(lines, indent=0.16)
    pages.y -= 0.09 + 0.08


def _least_height_in(block: Block) -> float:
    """Return how much of a block must stand on the same page as its heading."""
    match block:
        case Picture():
            return block.height_in + 0.6
        case Table():
            return min(len(block.rows) + 1, 6) * 0.24
        case Headlines():
            return 1.1
        case _:
            return 0.7


def _bullets(pages: _Pages, block: Bullets) -> None:
    indent = 0.18
    for bold, rest in block.entries:
        taken = text_width_in(bold + " ", size=_TEXT, bold=True)
        lines = wrapped_in(rest, WIDE_IN - indent, size=_TEXT, first_in=taken)
        pages.room(len(lines) * _TEXT * LINE)
        baseline = pages.y - _TEXT * LINE + 0.25 * _TEXT / 72
        pages.write(SIDE_IN, baseline, "•", color=LOW_RISK)
        pages.write(SIDE_IN + indent, baseline, bold, weight="bold")
        pages.write(SIDE_IN + indent + taken, baseline, lines[0])
        pages.y -= _TEXT * LINE
        pages.lines(lines[1:], indent=indent)
        pages.y -= 0.05


def _headlines(pages: _Pages, block: Headlines) -> None:
    columns, gap, height = 3, 0.12, 0.98
    width = (WIDE_IN - gap * (columns - 1)) / columns
    for start in range(0, len(block.entries), columns):
        pages.room(height + 0.12)
        for place, entry in enumerate(block.entries[start : start + columns]):
            x, top = SIDE_IN + place * (width + gap), pages.y
            pages.box(x, top - height, width, height, FILL)
            pages.write(x + 0.1, top - 0.2, entry.name, size=_SMALL, color=SOFT, weight="bold")
            size = next((s for s in (15, 13, 11, 9) if text_width_in(entry.value, size=s, bold=True) < width - 0.2), 8)
            pages.write(x + 0.1, top - 0.49, entry.value, size=size, weight="bold")
            below = [line for text in entry.below if text for line in wrapped_in(text, width - 0.2, size=7.5)]
            for number, line in enumerate(below[:3]):
                pages.write(x + 0.1, top - 0.66 - 0.125 * number, line, size=7.5, color=SOFT)
        pages.y -= height + 0.12
    pages.y -= 0.03


def _picture(pages: _Pages, block: Picture) -> None:
    caption = wrapped_in(block.caption, WIDE_IN, size=_SMALL)
    scale_left = SIDE_IN + max(0.0, (WIDE_IN - block.width_in) / 2)
    pages.room(block.height_in + len(caption) * _SMALL * LINE + 0.2)
    pages.y -= 0.08 + block.height_in
    block.draw(Area(pages.figure, scale_left, pages.y, block.width_in, block.height_in))
    pages.y -= 0.05
    pages.lines(caption, size=_SMALL, color=SOFT)
    pages.y -= 0.14


def _table(pages: _Pages, block: Table) -> None:
    widths = column_widths_in(block, WIDE_IN, size=_SMALL, pad=_CELL_PAD_IN)
    head = _cells(block.header, widths, bold=True) if block.header else []
    rows = [_cells(row, widths, bold=number in block.strong_rows) for number, row in enumerate(block.rows)]
    caption = wrapped_in(block.caption, WIDE_IN, size=_SMALL) if block.caption else []
    whole = sum(map(_row_height_in, [head, *rows])) + len(caption) * _SMALL * LINE
    # a small table is not torn, a large one begins with some rows
    pages.room(whole if whole < _WHOLE_IN else sum(map(_row_height_in, [head, *rows[:3]])))
    pages.y -= 0.05
    if head:
        _table_row(pages, block, head, widths, bold=True, color=SOFT)
    for number, row in enumerate(rows):
        if pages.room(_row_height_in(row)) and head:
            _table_row(pages, block, head, widths, bold=True, color=SOFT)
        _table_row(pages, block, row, widths, bold=number in block.strong_rows)
    if caption:
        pages.y -= 0.04
        pages.lines(caption, size=_SMALL, color=SOFT)
    pages.y -= 0.14


def _row_height_in(cells: list[list[str]]) -> float:
    return max(map(len, cells), default=0) * _SMALL * LINE + (0.085 if cells else 0.0)


def _cells(row: tuple[str, ...], widths: list[float], *, bold: bool) -> list[list[str]]:
    return [
        wrapped_in(text, width - 2 * _CELL_PAD_IN, size=_SMALL, bold=bold)
        for text, width in zip(row, widths, strict=True)
    ]


def _table_row(
    pages: _Pages, block: Table, cells: list[list[str]], widths: list[float], *, bold: bool, color: str = INK
) -> None:
    x = SIDE_IN
    for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        right = column in block.numeric
        for number, line in enumerate(lines):
            pages.write(
                x + (width - _CELL_PAD_IN if right else _CELL_PAD_IN),
                pages.y - 0.045 - (number + 0.78) * _SMALL * LINE,
                line,
                size=_SMALL,
                color=color,
                weight="bold" if bold else "normal",
                ha="right" if right else "left",
            )
        x += width
    pages.y -= _row_height_in(cells)
    pages.rule(SIDE_IN, pages.y, WIDE_IN)
