"""Why this value: everything known of the tile that was clicked."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from e2evit_gui.slide_page.panel import Facts, number
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.state.overlay import Overlay
from e2evit_gui.state.session import Session
from e2evit_gui.state.written import percent
from e2evit_gui.viewer.tile_pair import TilePair
from e2evit_model.tiling.grid import TileGrid


class TileBox(QWidget):
    """The selected tile: true pixels beside its mean patch, its places in strip and slide, value, percentile, neighbors."""

    def __init__(self, session: Session, overlay: Overlay, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._overlay, self._presenter = session, overlay, presenter
        self.pair = TilePair()
        self.facts = Facts()
        self.facts.setMinimumWidth(230)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 6, 12, 6)
        row.setSpacing(14)
        row.addWidget(self.pair)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(self.facts)
        column.addStretch(1)
        row.addLayout(column, 1)
        row.setAlignment(column, Qt.AlignmentFlag.AlignTop)
        session.selected_changed.connect(lambda _tile: self.refresh())
        session.result_changed.connect(self.refresh)
        session.grid_changed.connect(self.refresh)
        overlay.choice_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is known of the selected tile; nothing is shown while none is selected."""
        grid, tile, result = self._session.grid, self._session.selected, self._session.result
        there = grid is not None and 0 <= tile < len(grid)
        self.setVisible(there)
        if grid is None or not there:
            self.pair.show_tile(None, None, -1, None)
            return
        seen = result.seen[tile] if result is not None and tile < len(result.seen) else None
        self.pair.show_tile(self._presenter.tiles, grid, tile, seen)
        show = self.facts.show_value
        show(self.tr("Tile"), self._numbered(tile, len(grid)))
        show(self.tr("Place"), self._place(grid, tile))
        show(self.tr("Value"), self._value(tile))
        self.facts.setToolTip(self._overlay.unit)
        show(self.tr("Percentile"), self._percentile(tile))
        show(self.tr("Neighbors"), self._beside(tile))
        show(self.tr("Around it"), self._around(grid, tile))
        show(self.tr("Tissue"), percent(float(grid.tissue[tile])))

    def _numbered(self, tile: int, count: int) -> str:
        said = self.tr("{number} of {count} ({share})")
        share = percent(tile / max(count - 1, 1))
        return said.format(number=number(tile + 1), count=number(count), share=share)

    def _place(self, grid: TileGrid, tile: int) -> str:
        slide = self._session.slide
        if slide is None or slide.info.mpp is None:
            return f"{int(grid.x[tile])}, {int(grid.y[tile])} px"
        mpp = slide.info.mpp / 1000
        return f"{grid.x[tile] * mpp:.2f}, {grid.y[tile] * mpp:.2f} mm"

    def _has_value(self, tile: int) -> bool:
        return self._overlay.has_values and 0 <= tile < self._overlay.values.size

    def _value(self, tile: int) -> str:
        return self._overlay.written(tile) if self._has_value(tile) else ""

    def _percentile(self, tile: int) -> str:
        place = self._overlay.percentile(tile) if self._has_value(tile) else None
        return "" if place is None else f"{place:.1f}"

    def _beside(self, tile: int) -> str:
        """Write the values of the tiles before and after it in the strip."""
        if not self._has_value(tile):
            return ""
        before, after = (self._overlay.written(one) if self._has_value(one) else "–" for one in (tile - 1, tile + 1))
        return self.tr("{before}, {after} in the strip").format(before=before, after=after)

    def _around(self, grid: TileGrid, tile: int) -> str:
        """Write the mean of the up to eight tiles around it on the slide."""
        if not self._has_value(tile):
            return ""
        near = np.maximum(abs(grid.column - grid.column[tile]), abs(grid.row - grid.row[tile])) == 1
        values = self._overlay.values[near]
        values = values[np.isfinite(values)]
        if not values.size:
            return self.tr("no tiles")
        said = self.tr("mean {mean} of {count} tiles")
        return said.format(count=values.size, mean=self._overlay.in_words(float(values.mean())))
