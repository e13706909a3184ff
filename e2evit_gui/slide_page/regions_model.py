"""The list of regions: one row a region, as many as there are."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPixmap

from e2evit_gui.slide_page.panel import number
from e2evit_gui.slide_page.region_facts import RegionFacts
from e2evit_gui.state.written import percent
from e2evit_model.annotations.region import Region, Shape, StripRole, written_area, written_length

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_SIGNS = {StripRole.INCLUDE: "+", StripRole.EXCLUDE: "−"}
ATTENTION = 2
"""The column of the share of attention."""
NONE = "–"
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class RegionsModel(QAbstractTableModel):
    """Regions as rows: name or class, size, share of attention; counted when they are looked at."""

    def __init__(self, facts: RegionFacts) -> None:
        super().__init__()
        self._facts = facts
        self.regions: Sequence[Region] = ()
        self._mpp: float | None = None
        self._heads = (self.tr("Region"), self.tr("Size"), self.tr("Attention"))

    def show_regions(self, regions: Sequence[Region], mpp: float | None) -> None:
        """Take other regions."""
        self.beginResetModel()
        self.regions, self._mpp = regions, mpp
        self.endResetModel()

    def refresh(self) -> None:
        """Count again."""
        if self.regions:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.regions) - 1, len(self._heads) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """Return how many regions there are."""
        return 0 if parent.isValid() else len(self.regions)

    def columnCount(self, _parent: _Index = _NOWHERE) -> int:
        """Return how many columns there are."""
        return len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the head of a column."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole and section > 0:
            return _RIGHT
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what is shown in a cell."""
        region = self.regions[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(region, index.row(), column)
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            swatch = QPixmap(QSize(12, 12))
            swatch.fill(QColor(*region.shown_color))
            return swatch
        if column > 0 and role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._about_attention(region) if column == ATTENTION else self._about(region)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._aloud(region, index.row(), column)
        return None

    def _about(self, region: Region) -> str:
        signs = {StripRole.INCLUDE: self.tr("+ only such tiles"), StripRole.EXCLUDE: self.tr("− left out")}
        return "\n".join(part for part in (signs.get(region.role, ""), region.note) if part)

    def _aloud(self, region: Region, row: int, column: int) -> str:
        """Return a cell for those who hear it: the sign of a role says nothing then."""
        text = self._text(region, row, column)
        if column == 0 and region.role in _SIGNS:
            roles = {StripRole.INCLUDE: self.tr("only such tiles"), StripRole.EXCLUDE: self.tr("left out")}
            return f"{text.removeprefix(_SIGNS[region.role]).strip()}, {roles[region.role]}"
        return self._about_attention(region) if column == ATTENTION and text == NONE else text

    def _about_attention(self, region: Region) -> str:
        if not region.is_area:
            return self.tr("Lines and points hold no tiles.")
        if self._attention(region) is not None:
            return self.tr("Share of all attention of the tiles that were analyzed")
        return self.tr("Not known: no tile in it was analyzed, or the model was not run with these tiles.")

    def _attention(self, region: Region) -> float | None:
        inside = self._facts.of(region)
        return inside.attention if inside is not None else None

    def _text(self, region: Region, row: int, column: int) -> str:
        if column == 0:
            return self.said(region, row)
        if column == 1:
            return written_size(region, self._mpp)
        share = self._attention(region)
        return percent(share, ".1f") if share is not None else NONE

    def said(self, region: Region, row: int) -> str:
        """Return a region in words: its name, else its class, else its kind with its number."""
        kinds = {
            Shape.RECTANGLE: self.tr("Rectangle"),
            Shape.POLYGON: self.tr("Area"),
            Shape.LINE: self.tr("Length"),
            Shape.POINTS: self.tr("Points"),
        }
        text = region.name or region.class_name or f"{kinds[region.shape]} {row + 1}"
        return f"{_SIGNS[region.role]} {text}" if region.role in _SIGNS else text


def written_size(region: Region, mpp: float | None) -> str:
    """Write the area of an area, the length of a line, the number of points."""
    if region.is_area:
        return written_area(region.area_px, mpp)
    return written_length(region.length_px, mpp) if region.shape is Shape.LINE else number(len(region.points))
