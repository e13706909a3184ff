"""The slide on screen: pan, zoom at the cursor, what lies over the slide, and what stands in the corners."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from e2evit_gui.theme import style
from e2evit_gui.viewer import furniture
from e2evit_gui.viewer.display_range import DisplayRange
from e2evit_gui.viewer.layers import GridLayer, HeatLayer, SeenLayer, paint_tile_frame
from e2evit_gui.viewer.overview import Overview
from e2evit_gui.viewer.regions_layer import RegionsLayer
from e2evit_gui.viewer.repainting import Repainting
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.tissue_layer import TissueLayer
from e2evit_gui.viewer.tool_hand import PAN_STEPS, ToolHand
from e2evit_gui.viewer.viewport import Viewport
from e2evit_gui.viewer.wanted import wanted_tiles
from e2evit_model.tiling.grid import TileGrid

WHEEL_STEP = 1.25

CLIENT = "slide"
_STILL_PX = 4  # a press that moves less is a click


class Canvas(QWidget):
    """Show a slide.

    ``hovered`` and ``clicked`` carry a level-0 point; ``left`` says that the cursor is gone; ``view_changed`` follows pan and zoom;
    ``opacity_stepped`` is Ctrl+wheel and ``brush_stepped`` Shift+wheel (+1, -1); ``peek_ended`` says that C was let go;
    ``menu_requested`` carries a level-0 point and where on the screen. ``tools`` is what the hand holds.
    """

    hovered = Signal(QPointF)
    clicked = Signal(QPointF)
    left = Signal()
    view_changed = Signal()
    opacity_stepped = Signal(int)
    peek_ended = Signal()
    menu_requested = Signal(QPointF, QPoint)
    brush_stepped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(self.tr("Slide"))
        self._tiles: SlideTiles | None = None
        self._view: Viewport | None = None
        self._mpp: float | None = None
        self._fitted = True  # follow the widget's size until the user moves
        self._pressed: QPointF | None = None
        self._dragged = False
        self._location: tuple[str, ...] = ()
        self._repainting = Repainting(self)
        self._whole = False  # whether nothing was missing when it was painted last
        self.tissue: TissueLayer | None = None
        self.tissue_shown = True
        self.grid: TileGrid | None = None
        self._grid_layer: GridLayer | None = None
        self.grid_shown = False
        self.heat: HeatLayer | None = None
        self.seen: SeenLayer | None = None
        self.heat_shown = True
        self.heat_smooth = False
        self.heat_opacity = 0.55
        self.display = DisplayRange()
        self.regions: RegionsLayer | None = None
        self.regions_shown = True
        self.tools = ToolHand(self)
        self._color_bar: furniture.ColorBar | None = None
        self.hovered_tile = -1
        self.selected_tile = -1
        self.overview = Overview(self)
        self.overview.jumped.connect(lambda point: self.go_to(point.x(), point.y()))

    # what is shown

    def show_slide(self, tiles: SlideTiles | None, mpp: float | None) -> None:
        """Take another slide, or none; layers of the one before are taken away."""
        self._tiles, self._mpp = tiles, mpp
        self.tissue = self._grid_layer = self.grid = self.heat = self.seen = None
        self._color_bar = None
        self._location = ()
        self.hovered_tile = self.selected_tile = -1
        self._view = None
        self.overview.show_slide(tiles)
        self._place_overview()
        if tiles is not None:
            tiles.arrived.connect(self.overview.refresh)
            tiles.arrived.connect(self._take_tiles)
            self.fit()
        self.show_cursor()
        self.set_mpp(mpp)

    def set_mpp(self, mpp: float | None) -> None:
        """Take micrometres a level-0 pixel, None while unknown."""
        self._mpp = mpp
        self.update()
        self.view_changed.emit()

    def set_grid(self, grid: TileGrid | None) -> None:
        """Take the tiles whose edges are drawn, and that are found under the cursor."""
        self.grid = grid
        self._grid_layer = GridLayer(grid) if grid is not None and len(grid) else None
        self.hovered_tile = self.selected_tile = -1
        self.update()

    def tile_at(self, x: float, y: float) -> int:
        """Return the tile at a level-0 point, -1 for none."""
        return self._grid_layer.tile_at(x, y) if self._grid_layer is not None else -1

    def show_grid(self, shown: bool) -> None:
        """Show or hide the tiles' edges."""
        self.grid_shown = shown
        self.update()

    def show_tissue(self, shown: bool) -> None:
        """Show or hide the tissue's outline."""
        self.tissue_shown = shown
        self.update()

    def show_regions(self, shown: bool) -> None:
        """Show or hide what is drawn on the slide."""
        self.regions_shown = shown
        self.update()

    def show_cursor(self) -> None:
        """Show what the hand holds."""
        self.setCursor(self.tools.cursor if self._tiles is not None else Qt.CursorShape.ArrowCursor)

    def set_color_bar(self, bar: furniture.ColorBar | None) -> None:
        """Take the color bar, or none."""
        self._color_bar = bar
        self.update()

    def set_location(self, parts: Sequence[str]) -> None:
        """Take what is written at the bottom right."""
        if tuple(parts) != self._location:
            self._location = tuple(parts)
            self.update()

    # where one looks

    @property
    def view(self) -> Viewport | None:
        """The part of the slide that is shown."""
        return self._view

    @property
    def settled(self) -> bool:
        """Whether all tiles of this view are there, and no frame waits for its time."""
        return self._tiles is None or (self._tiles.idle and not self._repainting.pending)

    @property
    def magnification(self) -> str:
        """The magnification as text, empty without a slide."""
        return furniture.magnification_text(self._view.scale, self._mpp) if self._view is not None else ""

    def fit(self) -> None:
        """Show the whole slide."""
        if self._tiles is not None:
            size, finest = self._device_size(), self._tiles.slide.info
            self._fitted = True
            self._set_view(Viewport.fitting(size.width(), size.height(), finest.width, finest.height))

    def zoom_by(self, factor: float) -> None:
        """Zoom in by a factor, at the middle."""
        if self._view is not None:
            self._move(self._view.zoomed(factor, self._view.width / 2, self._view.height / 2))

    def magnify(self, power: float) -> None:
        """Take a magnification (20 for 0.5 um a device pixel; percent of 1:1 where the resolution is unknown), at the middle."""
        self._scale_to(10.0 / (power * self._mpp) if self._mpp is not None else 100.0 / power)

    def one_to_one(self) -> None:
        """Show one slide pixel a device pixel."""
        self._scale_to(1.0)

    def go_to(self, x: float, y: float, *, widest: float | None = None) -> None:
        """Bring a level-0 point into the middle, and zoom in until at most ``widest`` level-0 pixels are seen across."""
        if (view := self._view) is None:
            return
        if widest is not None and view.width * view.scale > widest:
            view = view.scaled(widest / view.width, view.width / 2, view.height / 2)
        self._move(view.centered(x, y))

    def show_view(self, x: float, y: float, scale: float) -> None:
        """Bring a level-0 point into the middle, at ``scale`` level-0 pixels a device pixel."""
        if self._view is not None:
            self._move(self._view.scaled(scale, self._view.width / 2, self._view.height / 2).centered(x, y))

    def _scale_to(self, scale: float) -> None:
        if self._view is not None:
            self._move(self._view.scaled(scale, self._view.width / 2, self._view.height / 2))

    def _move(self, view: Viewport) -> None:
        self._fitted = False
        self._set_view(view)

    def _set_view(self, view: Viewport) -> None:
        if view != self._view:
            self._view = view
            self.overview.look(view)
            self.update()
            self.view_changed.emit()

    def _take_tiles(self) -> None:
        """Paint again where tiles were missing: those that arrive may be the strip's."""
        if not self._whole:
            self._repainting.ask()

    def _device_size(self) -> QSize:
        ratio = self.devicePixelRatioF()
        return QSize(round(self.width() * ratio), round(self.height() * ratio))

    def _place_overview(self) -> None:
        self.overview.move(self.width() - self.overview.width() - furniture.EDGE, furniture.EDGE)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what is there and ask for what is missing."""
        with QPainter(self) as painter:
            colors = style.colors()
            painter.fillRect(self.rect(), QColor(colors.canvas))
            if (tiles := self._tiles) is None or (view := self._view) is None:
                return
            ratio = self.devicePixelRatioF()
            painter.save()
            painter.scale(1 / ratio, 1 / ratio)
            self._paint_slide(painter, tiles, view)
            self._paint_layers(painter, view, ratio)
            painter.restore()
            area = self.rect()
            furniture.paint_scale_bar(painter, area, view.scale * ratio, self._mpp, colors)
            furniture.paint_location(painter, area, self._location, colors)
            if self._color_bar is not None and self.heat_shown:
                furniture.paint_color_bar(painter, area, self._color_bar, colors)
        self._repainting.painted()

    def _paint_slide(self, painter: QPainter, tiles: SlideTiles, view: Viewport) -> None:
        level = tiles.pyramid.level_for(self._repainting.begin(view.scale))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, view.scale > 0.5)
        source = QRectF(view.x, view.y, view.width * view.scale, view.height * view.scale)
        self._whole = not tiles.paint(painter, source, QRect(0, 0, view.width, view.height), level)
        self.display.paint(painter, view)
        tiles.want(CLIENT, wanted_tiles(tiles.pyramid, view, level))

    def _paint_layers(self, painter: QPainter, view: Viewport, ratio: float) -> None:
        colors = style.colors()
        if self.heat_shown and self.seen is not None:
            self.seen.paint(painter, view, self.heat_opacity)
        elif self.heat_shown and self.heat is not None:
            self.heat.paint(painter, view, self.heat_opacity, smooth=self.heat_smooth)
        if self.grid_shown and self._grid_layer is not None:
            self._grid_layer.paint(painter, view, QColor(colors.grid))
        if self.tissue_shown and self.tissue is not None:
            self.tissue.paint(painter, view, QPen(QColor(colors.tissue), 2 * ratio))
        if self.grid is not None:
            for tile, color in ((self.selected_tile, "#ffffff"), (self.hovered_tile, colors.highlight)):
                if 0 <= tile < len(self.grid):
                    paint_tile_frame(painter, view, self.grid, tile, QPen(QColor(color), 2 * ratio))
        if self.regions_shown and self.regions is not None:
            self.regions.paint(painter, view, ratio)
        self.tools.paint(painter, view, ratio)

    # hands

    def _device(self, position: QPointF) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return position.x() * ratio, position.y() * ratio

    def point_at(self, position: QPointF) -> QPointF:
        """Return the level-0 point under a place on the widget."""
        if self._view is None:
            return QPointF()
        return QPointF(*self._view.to_slide(*self._device(position)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Ctrl, change the overlay's opacity."""
        steps = event.angleDelta().y() / 120
        if self._view is None or steps == 0:
            event.ignore()
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.opacity_stepped.emit(1 if steps > 0 else -1)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.brush_stepped.emit(1 if steps > 0 else -1)
        else:
            self._move(self._view.zoomed(WHEEL_STEP**steps, *self._device(event.position())))
            self.hovered.emit(self.point_at(event.position()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a drag or a click."""
        if self.tools.press(event):
            return
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton) and self._view is not None:
            self._pressed, self._dragged = event.position(), False
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the slide, or say what the cursor is on."""
        if self._view is None:
            return
        if self.tools.move(event):
            self.hovered.emit(self.point_at(event.position()))
            return
        if self._pressed is not None:
            moved = event.position() - self._pressed
            if self._dragged or moved.manhattanLength() >= _STILL_PX:
                self._dragged = True
                self._pressed = event.position()
                self._move(self._view.moved(*self._device(moved)))
            return
        self.hovered.emit(self.point_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a drag, or tell a click."""
        if self.tools.release(event) or self._pressed is None:
            return
        self._pressed = None
        self.show_cursor()
        if not self._dragged and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self.point_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """End a line of corners, or press twice."""
        if not self.tools.double_click(event):
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu about what is under the cursor."""
        if self._view is not None and not self.tools.busy:
            self.menu_requested.emit(self.point_at(QPointF(event.pos())), event.globalPos())

    def leaveEvent(self, event: QEvent) -> None:
        """Say that the cursor is gone."""
        self.left.emit()
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Say what the cursor is on."""
        if self._view is not None:
            self.hovered.emit(self.point_at(event.position()))
        super().enterEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep keys of the tool in hand from being commands of the window while something is drawn."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self.tools.wants(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan with the arrow keys by a tenth of the view; Space pans by the hand while it is held."""
        if self.tools.key_press(event):
            return
        step = PAN_STEPS.get(Qt.Key(event.key()))
        if step is None or self._view is None:
            super().keyPressEvent(event)
            return
        self._move(self._view.moved(step[0] * self._view.width, step[1] * self._view.height))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Tell when C is let go: holding it shows what is under the overlay for the moment."""
        if event.key() == Qt.Key.Key_C and not event.isAutoRepeat():
            self.peek_ended.emit()
        self.tools.key_release(event)
        super().keyReleaseEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the middle, or the whole slide while the user has not moved."""
        size = self._device_size()
        self._place_overview()
        if self._view is not None:
            if self._fitted:
                self.fit()
            else:
                self._set_view(self._view.resized(size.width(), size.height()))
        super().resizeEvent(event)
