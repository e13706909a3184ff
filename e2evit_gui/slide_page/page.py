"""The middle of the window: notices, the slide or how to open one."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from e2evit_gui.slide_page.empty_state import EmptyState
from e2evit_gui.slide_page.notice_bar import NoticeBar
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.state.overlay import Overlay, OverlayLayer
from e2evit_gui.state.session import Session
from e2evit_gui.viewer.canvas import Canvas
from e2evit_gui.viewer.furniture import ColorBar
from e2evit_gui.viewer.layers import HeatLayer, SeenLayer
from e2evit_gui.viewer.tissue_layer import TissueLayer
from e2evit_model.overlay.color_bar import ticks_with_ends
from e2evit_model.overlay.picture import TilePicture, paint_tiles
from e2evit_model.tiling.grid import TileGrid

TILE_IN_VIEW = 6.0
"""When one goes to a tile, the view is at most so many tiles wide."""


class SlidePage(QWidget):
    """Canvas and notices; hears of the session and of the overlay, tells what the hands do."""

    files_dropped = Signal(list)  # of Path
    open_requested = Signal()
    recent_requested = Signal(object)

    def __init__(self, session: Session, overlay: Overlay, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._overlay, self._presenter = session, overlay, presenter
        self.canvas = Canvas()
        self.notices = NoticeBar()
        self.empty = EmptyState()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self._stack, 1)
        self.setAcceptDrops(True)
        self._cursor: QPointF | None = None
        self._coloring: tuple[object, ...] = ()
        self._laid: tuple[TileGrid, TilePicture] | None = None
        self._connect()

    def _connect(self) -> None:
        session, overlay, canvas = self._session, self._overlay, self.canvas
        session.slide_changed.connect(self._slide_changed)
        session.mask_changed.connect(self._mask_changed)
        session.grid_changed.connect(self._grid_changed)
        session.hovered_changed.connect(self._hovered_changed)
        session.selected_changed.connect(self._selected_changed)
        session.noticed.connect(self.notices.show_notice)
        overlay.values_changed.connect(self._values_changed)
        overlay.choice_changed.connect(self._choice_changed)
        canvas.hovered.connect(self._cursor_moved)
        canvas.left.connect(self._cursor_left)
        canvas.clicked.connect(self._clicked)
        canvas.opacity_stepped.connect(self._step_opacity)
        self.empty.open_requested.connect(self.open_requested)
        self.empty.recent_requested.connect(self.recent_requested)

    def go_to_tile(self, tile: int) -> None:
        """Select a tile and bring it into the middle."""
        grid = self._session.grid
        if grid is None or not 0 <= tile < len(grid):
            return
        self._session.set_selected(tile)
        half = grid.width / 2
        self.canvas.go_to(float(grid.x[tile]) + half, float(grid.y[tile]) + half, widest=TILE_IN_VIEW * 2 * grid.width)

    # the session tells

    def _slide_changed(self) -> None:
        slide = self._session.slide
        self.notices.clear()
        self._cursor = None
        self._stack.setCurrentWidget(self.canvas if slide is not None else self.empty)
        self.canvas.show_slide(self._presenter.tiles, slide.info.mpp if slide is not None else None)
        if slide is not None:
            self.canvas.setFocus()

    def _mask_changed(self) -> None:
        rings = self._presenter.rings if self._session.mask is not None else ()
        self.canvas.tissue = TissueLayer(rings) if len(rings) else None
        self.canvas.update()

    def _grid_changed(self) -> None:
        self.canvas.set_grid(self._session.grid)

    def _hovered_changed(self, tile: int) -> None:
        self.canvas.hovered_tile = tile
        self._tell_location()
        self.canvas.update()

    def _selected_changed(self, tile: int) -> None:
        self.canvas.selected_tile = tile
        self.canvas.update()

    # the overlay tells

    def _values_changed(self) -> None:
        grid, result, canvas = self._overlay.grid, self._overlay.result, self.canvas
        canvas.heat = canvas.seen = None
        if grid is not None and len(grid) and self._overlay.choice.layer is OverlayLayer.SEEN and result is not None:
            canvas.seen = SeenLayer(paint_tiles(np.zeros(len(grid), np.float32), grid), result.seen)

    def _choice_changed(self) -> None:
        overlay, canvas, choice = self._overlay, self.canvas, self._overlay.choice
        canvas.heat_opacity, canvas.heat_smooth, canvas.heat_shown = choice.opacity, choice.smooth, choice.visible
        if canvas.heat is None or self._coloring != overlay.coloring:
            self._color()
        self._tell_location()
        canvas.update()

    def _color(self) -> None:
        """Make the picture of the tiles again: not for opacity alone, which a hand changes many times a second."""
        overlay, canvas = self._overlay, self.canvas
        canvas.heat, bar = None, None
        self._coloring = overlay.coloring
        if overlay.has_values and overlay.grid is not None:
            table = overlay.table
            if self._laid is None or self._laid[0] is not overlay.grid:
                self._laid = (overlay.grid, paint_tiles(overlay.positions(), overlay.grid))
            picture = self._laid[1].repainted(overlay.positions())
            canvas.heat = HeatLayer(picture, overlay.contours(picture))
            canvas.heat.color(table)
            ticks = ticks_with_ends(overlay.scale, overlay.limits)
            bar = ColorBar(table=table, ticks=ticks, title=overlay.label)
        canvas.set_color_bar(bar)

    # hands

    def _cursor_moved(self, point: QPointF) -> None:
        self._cursor = point
        self._session.set_hovered(self._tile_at(point))
        self._tell_location()

    def _cursor_left(self) -> None:
        self._cursor = None
        self._session.set_hovered(-1)
        self._tell_location()

    def _clicked(self, point: QPointF) -> None:
        self._session.set_selected(self._tile_at(point))

    def _tile_at(self, point: QPointF) -> int:
        return self.canvas.tile_at(point.x(), point.y())

    def _step_opacity(self, step: int) -> None:
        choice = self._overlay.choice
        self._overlay.choose(opacity=round(min(max(choice.opacity + 0.05 * step, 0.0), 1.0), 2))

    def _tell_location(self) -> None:
        parts = []
        slide, tile = self._session.slide, self._session.hovered
        if slide is not None and self._cursor is not None:
            parts.append(_written_point(self._cursor, slide.info.mpp))
        if tile >= 0:
            parts.append(self.tr("tile {number}").format(number=f"{tile + 1:,}".replace(",", "\u2009")))
            parts += self._value_parts(tile)
        self.canvas.set_location(parts)

    def _value_parts(self, tile: int) -> list[str]:
        overlay = self._overlay
        if not overlay.has_values or tile >= overlay.values.size:
            return []
        percentile = overlay.percentile(tile)
        parts = [overlay.written(tile)]
        if percentile is not None:
            parts.append(self.tr("percentile {place}").format(place=f"{percentile:.0f}"))
        return parts

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hand over the files that were dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)


def _written_point(point: QPointF, mpp: float | None) -> str:
    if mpp is None:
        return f"{point.x():.0f}, {point.y():.0f} px"
    return f"{point.x() * mpp:.0f}, {point.y() * mpp:.0f} µm"
