"""What a report is made of, the same for the page and for the PDF: sections of paragraphs, tables, pictures and headlines.

Everything here is plain text: the writers escape it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from e2evit_model.report.run_canvas import Area


class Tone(StrEnum):
    """How a paragraph is meant."""

    PLAIN = "plain"
    NOTE = "note"
    GOOD = "good"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Some sentences."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, kw_only=True)
class Subtitle:
    """A heading inside a section."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Bullets:
    """A list; of each entry, the bold beginning and the rest."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Headline:
    """One number that is seen first."""

    name: str
    value: str
    below: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Headlines:
    """The numbers that are seen first, side by side."""

    entries: tuple[Headline, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows of text under a header; an empty header is left out.

    ``numeric`` are columns set to the right, ``strong_rows`` rows in bold. ``breakable`` are columns whose long words (hashes) may
    be broken anywhere. ``shares`` are the parts of the width that columns take, where several tables are to be alike.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""
    numeric: frozenset[int] = frozenset()
    strong_rows: frozenset[int] = frozenset()
    breakable: frozenset[int] = frozenset()
    shares: tuple[float, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure: ``draw`` fills an area of ``width_in`` x ``height_in`` inches. ``name`` is that of its own file."""

    name: str
    caption: str
    alternative: str
    width_in: float
    height_in: float
    draw: Callable[[Area], None]


Block = Paragraph | Subtitle | Bullets | Headlines | Table | Picture


@dataclass(frozen=True, kw_only=True)
class Section:
    """A part of the report; ``anchor`` is its name inside the page."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A whole report. ``facts`` stand under the title, ``banner`` on top of every page."""

    title: str
    facts: tuple[str, ...]
    banner: str
    sections: tuple[Section, ...] = field(default=())

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All figures, in order."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Picture))
