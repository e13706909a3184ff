"""The list of regions: one row a region, as many as there are."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPixmap

from e2evit_gui.slide_page.panel import number
from e2evit_gui.slide_page.region_facts import RegionFacts
from e2evit_model.annotations.region import Region, Shape, StripRole, written_area, written_length

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


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
        if role == Qt.ItemDataRole.TextAlignmentRole and column > 0:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == Qt.ItemDataRole.ToolTipRole:
            signs = {StripRole.INCLUDE: self.tr("+ only such tiles"), StripRole.EXCLUDE: self.tr("− left out")}
            return "\n".join(part for part in (signs.get(region.role, ""), region.note) if part)
        return None

    def _text(self, region: Region, row: int, column: int) -> str:
        if column == 0:
            return self.said(region, row)
        if column == 1:
            return written_size(region, self._mpp)
        inside = self._facts.of(region)
        return f"{inside.attention:.1%}" if inside is not None and inside.attention is not None else ""

    def said(self, region: Region, row: int) -> str:
        """Return a region in words: its name, else its class, else its kind with its number."""
        kinds = {
            Shape.RECTANGLE: self.tr("Rectangle"),
            Shape.POLYGON: self.tr("Area"),
            Shape.LINE: self.tr("Length"),
            Shape.POINTS: self.tr("Points"),
        }
        text = region.name or region.class_name or f"{kinds[region.shape]} {row + 1}"
        signs = {StripRole.INCLUDE: "+", StripRole.EXCLUDE: "−"}
        return f"{signs[region.role]} {text}" if region.role in signs else text


def written_size(region: Region, mpp: float | None) -> str:
    """Write the area of an area, the length of a line, the number of points."""
    if region.is_area:
        return written_area(region.area_px, mpp)
    return written_length(region.length_px, mpp) if region.shape is Shape.LINE else number(len(region.points))
