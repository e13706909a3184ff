"""How wide text is on a page, where its lines break, and how wide the columns of a table become."""

from collections.abc import Iterator

from e2evit_model.report.run_document import Table
from e2evit_model.report.sheet import font

LINE = 1.36 / 72
"""The distance between lines, in inches a point of letter size."""
_MEASURED_PX = 100


def text_width_in(text: str, *, size: float, bold: bool = False) -> float:
    """Return how wide a line is, in inches, at a letter size in points."""
    return font(_MEASURED_PX, bold=bold).getlength(text) / _MEASURED_PX * size / 72


def wrapped_in(text: str, width_in: float, *, size: float, bold: bool = False, first_in: float = 0.0) -> list[str]:
    """Break a text into lines; a word that is wider than a line (a hash, a name) is broken where it must.

    Parameters
    ----------
    first_in
        How much of the first line is taken already.
    """
    lines: list[str] = []
    for word in _pieces(text, width_in, size=size, bold=bold):
        joined = lines[-1] + word if lines else word
        taken = first_in if len(lines) == 1 else 0.0
        if lines and taken + text_width_in(joined.rstrip(), size=size, bold=bold) <= width_in:
            lines[-1] = joined
        else:
            lines.append(word)
    return [line.strip() for line in lines] or [""]


def _pieces(text: str, width_in: float, *, size: float, bold: bool) -> Iterator[str]:
    for word in text.split(" "):  # other spaces hold a number and its unit together
        rest = word
        while len(rest) > 1 and text_width_in(rest, size=size, bold=bold) > width_in:
            lengths = range(len(rest) - 1, 1, -1)
            fits = next((n for n in lengths if text_width_in(rest[:n], size=size, bold=bold) <= width_in), 1)
            yield rest[:fits]
            rest = rest[fits:]
        yield rest + " "


def column_widths_in(table: Table, width_in: float, *, size: float, pad: float) -> list[float]:
    """Share a width among columns: at least their longest words, the rest by how much is in them."""
    rows = [row for row in (table.header, *table.rows) if row]
    count = len(rows[0]) if rows else 0
    if table.shares:
        return [width_in * share for share in table.shares]
    natural = [max(text_width_in(row[c], size=size, bold=True) for row in rows) + 2 * pad for c in range(count)]
    spare = width_in - sum(natural)
    if spare >= 0:
        return [width + spare / count for width in natural]
    least = [_longest_word_in([row[c] for row in rows], size) + 2 * pad for c in range(count)]
    wanted = [min(whole - word, width_in) for whole, word in zip(natural, least, strict=True)]
    left = width_in - sum(least)
    if left <= 0 or sum(wanted) == 0:
        return [width_in * word / sum(least) for word in least]
    return [word + left * more / sum(wanted) for word, more in zip(least, wanted, strict=True)]


def _longest_word_in(cells: list[str], size: float) -> float:
    return max((text_width_in(word, size=size, bold=True) for cell in cells for word in cell.split(" ")), default=0.0)
