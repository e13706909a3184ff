"""Read a table as people send it: csv, tsv, txt, xlsx or a zipped csv, with whatever delimiter and encoding."""

import codecs
import csv
import hashlib
import importlib
import io
import itertools
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from e2evit_model.cohort.problem import Problem
from e2evit_model.cohort.values import is_missing
from e2evit_model.errors import CohortError, did_you_mean
from e2evit_model.files import is_folder

TEXT_SUFFIXES = (".csv", ".tsv", ".txt", ".tab")
LARGEST_BYTES = 500 * 1024 * 1024
LONGEST_NAME = 60
"""So much of a name stands in a sentence."""
_DELIMITERS = ",;\t|"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAVE_AGAIN = "Save the table as csv or tsv text with one row of column names, and open that."


@dataclass(frozen=True, kw_only=True)
class Table:
    """The cells of a table as text, trimmed.

    ``rows`` all have one cell a column; ``lines`` (same length) are the line numbers in the file, as a text editor or a
    spreadsheet counts them. ``sha256`` is of the file. ``problems`` are rows that do not fit the header.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    sha256: str
    encoding: str = ""
    delimiter: str = ""
    header_line: int = 1
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    _index: dict[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._index.update({name: index for index, name in enumerate(self.columns)})

    def __len__(self) -> int:
        return len(self.rows)

    def __contains__(self, column: object) -> bool:
        return column in self._index

    def column(self, name: str) -> list[str]:
        """Return all cells of a column.

        Raises
        ------
        CohortError
            When there is no such column.
        """
        if name not in self._index:
            raise CohortError(f'{self.name} has no column "{name}".', hint=did_you_mean(name, self.columns))
        index = self._index[name]
        return [row[index] for row in self.rows]

    def said(self, name: str) -> list[str]:
        """Return the cells of a column that say something."""
        return [cell for cell in self.column(name) if not is_missing(cell)]


def read_table(path: Path) -> Table:
    """Read a table; delimiter, byte order mark and encoding are found out, ``#`` rows and an unnamed index column left out.

    Raises
    ------
    CohortError
        When the file is missing, empty, too large, no table, or of a kind that is not read.
    """
    content = _content(path)
    suffix = path.suffix.lower()
    sha256 = hashlib.sha256(content).hexdigest()
    if suffix == ".zip":
        content, suffix = _unzipped(path.name, content)
    if suffix in (".xlsx", ".xlsm"):
        rows, said = _excel_rows(path.name, content)
        return _build(path.name, rows, sha256=sha256, said=said)
    if suffix in (".xls", ".ods"):
        raise CohortError(f"{path.name} is a spreadsheet of a kind that is not read.", hint=_SAVE_AGAIN)
    text, encoding = _decoded(path.name, content)
    delimiter = _delimiter(path.name, text)
    return _build(path.name, _text_rows(text, delimiter), sha256=sha256, encoding=encoding, delimiter=delimiter)


def _content(path: Path) -> bytes:
    if is_folder(path):
        raise CohortError(f"{path.name} is a folder, not a table.", hint="Choose a csv, tsv, txt, xlsx or zip file.")
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise CohortError(f"{path.name} is too large for a clinical table.", hint="Tables up to 500 MB are read.")
        content = path.read_bytes()
    except FileNotFoundError as missing:
        raise CohortError(f"{path.name} is not there.", hint="Check the name of the table.") from missing
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or str(error)
        name = path.name if len(path.name) <= LONGEST_NAME else f"{path.name[:LONGEST_NAME]}…"
        raise CohortError(f"{name} cannot be read ({why}).", hint="Check that you may read the file.") from error
    if not content.strip():
        raise CohortError(f"{path.name} is empty.", hint=_SAVE_AGAIN)
    return content


def _unzipped(name: str, content: bytes) -> tuple[bytes, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [m for m in archive.infolist() if _is_table_member(m)]
            if len(members) != 1:
                raise CohortError(
                    f"{name} holds {len(members)} tables, where one is needed.",
                    hint="Put one csv, tsv, txt or xlsx file into the archive, or unpack it and choose the file.",
                )
            if members[0].file_size > LARGEST_BYTES:
                raise CohortError(f"{name} is too large for a clinical table.", hint="Tables up to 500 MB are read.")
            return archive.read(members[0]), Path(members[0].filename).suffix.lower()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as damaged:
        # RuntimeError is how zipfile says that a password is needed
        raise CohortError(
            f"{name} cannot be unpacked: it is damaged or locked.", hint="Unpack it and choose the table in it."
        ) from damaged


def _is_table_member(member: zipfile.ZipInfo) -> bool:
    path = Path(member.filename)
    hidden = path.name.startswith(".") or path.parts[0] == "__MACOSX"
    return not member.is_dir() and not hidden and path.suffix.lower() in (*TEXT_SUFFIXES, ".xlsx")


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise CohortError(f"{name} is damaged: its text cannot be decoded.", hint=_SAVE_AGAIN) from error
    if b"\0" in content:
        raise CohortError(f"{name} is not a table: it holds no text.", hint=_SAVE_AGAIN)
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace"), "cp1252"


def _delimiter(name: str, text: str) -> str:
    """Choose the delimiter that cuts most of the first rows into as many cells as the header."""
    lines = itertools.islice(io.StringIO(text, newline=""), 400)
    head = "".join(line for line in lines if not line.startswith("#"))
    best, best_score = "", 0.0
    for delimiter in _DELIMITERS:
        widths = _widths(head, delimiter)
        if not widths or widths[0] < 2:
            continue
        score = sum(width == widths[0] for width in widths) / len(widths) + min(widths[0], 50) / 1000
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        raise CohortError(f"{name} is not a table of several columns.", hint=_SAVE_AGAIN)
    return best


def _widths(head: str, delimiter: str) -> list[int]:
    reader = csv.reader(io.StringIO(head, newline=""), delimiter=delimiter)
    try:
        return [len(row) for row in itertools.islice(reader, 60) if row]
    except csv.Error:  # not cut like this
        return []


def _text_rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begin = 1
    try:
        for row in reader:
            yield begin, row
            begin = reader.line_num + 1  # a quoted cell may span lines
    except csv.Error as error:
        raise CohortError(f"Line {begin} of the table cannot be read as cells ({error}).", hint=_SAVE_AGAIN) from error


def _excel_rows(name: str, content: bytes) -> tuple[list[tuple[int, list[str]]], list[str]]:
    try:
        openpyxl: Any = importlib.import_module("openpyxl")
    except ModuleNotFoundError as missing:
        raise CohortError(
            f"{name} is an Excel workbook, and the library that reads them is not installed.",
            hint='Install it with "pip install openpyxl", or save the sheet as csv and open that.',
        ) from missing
    try:
        sheets = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets
        numbered = enumerate(sheets[0].iter_rows(values_only=True), start=1)
        rows = [(number, [_excel_text(cell) for cell in row]) for number, row in numbered]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, OSError) as error:
        raise CohortError(f"{name} is damaged: it cannot be read as an Excel workbook.", hint=_SAVE_AGAIN) from error

    several = f'The workbook has {len(sheets)} sheets; the first one, "{sheets[0].title}", is read.'
    return rows, [several] if len(sheets) > 1 else []


def _excel_text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # Excel knows no whole numbers
    return str(cell)


def _build(
    name: str, numbered: Iterable[tuple[int, list[str]]], *, sha256: str, said: Sequence[str] = (), **how: str
) -> Table:
    rows = [(line, [cell.strip() for cell in row]) for line, row in numbered]
    rows = [(line, row) for line, row in rows if any(row) and not _is_comment(row)]
    if not rows:
        raise CohortError(f"{name} is empty.", hint=_SAVE_AGAIN)
    header_line, header = rows.pop(0)
    while header and not header[-1]:
        header.pop()  # spreadsheets like to write empty columns at the end
    if not rows:
        raise CohortError(f"{name} has column names, but no row below them.", hint=_SAVE_AGAIN)
    if all(len(row) == len(header) + 1 for _, row in rows):
        header.insert(0, "")  # R writes the names of rows without a name for their column
    whole, problems = _fitted(rows, len(header))
    columns, notes = _unique(header)
    cells = [row for _, row in whole]
    if not header[0] and _is_index([row[0] for row in cells]):
        columns, cells = columns[1:], [row[1:] for row in cells]
        notes.append("The first column has no name and counts the rows; it is left out.")
    return Table(
        name=name,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in cells),
        lines=tuple(line for line, _ in whole),
        sha256=sha256,
        header_line=header_line,
        problems=tuple(problems),
        notes=(*said, *notes),
        **how,
    )


def _is_comment(row: Sequence[str]) -> bool:
    return row[0].startswith("#") and not is_missing(row[0])


def _fitted(rows: list[tuple[int, list[str]]], width: int) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    whole, problems = [], []
    for line, row in rows:
        while len(row) > width and not row[-1]:
            row.pop()
        if len(row) == width:
            whole.append((line, row))
        else:
            problems.append(Problem(line=line, message=f"The row has {len(row)} cells, the header {width}."))
    return whole, problems


def _unique(header: Sequence[str]) -> tuple[list[str], list[str]]:
    named = [name or f"column {index}" for index, name in enumerate(header, start=1)]
    counts: Counter[str] = Counter()
    columns = []
    for name in named:
        counts[name] += 1
        columns.append(name if counts[name] == 1 else f"{name} ({counts[name]})")
    notes = [
        f'The column name "{name}" is there {n} times; later ones are numbered.' for name, n in counts.items() if n > 1
    ]
    return columns, notes


def _is_index(cells: Sequence[str]) -> bool:
    return all(cell.isdecimal() for cell in cells) and len(set(cells)) == len(cells)
