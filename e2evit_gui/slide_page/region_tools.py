"""Tools on the slide: their commands, what they draw, and the regions as the canvas shows them."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QAction, QActionGroup, QGuiApplication, QKeySequence

from e2evit_gui.forms.resting import RestingToggles
from e2evit_gui.state.regions import Regions
from e2evit_gui.state.session import Session
from e2evit_gui.theme import icons
from e2evit_gui.viewer.canvas import Canvas
from e2evit_gui.viewer.regions_layer import RegionsLayer
from e2evit_gui.viewer.tool_brush import BrushTool, joined
from e2evit_gui.viewer.tool_hand import Hand, Tool
from e2evit_gui.viewer.tool_select import SelectTool
from e2evit_gui.viewer.tools import PointsTool, PolygonTool, RectangleTool, RulerTool
from e2evit_model.annotations.region import Region, Shape, new_area
from e2evit_model.annotations.selection import Correction, CorrectionKind
from e2evit_model.tissue.polygons import Polygon

BRUSH_PX = 60.0
SMALLEST_BRUSH_PX, LARGEST_BRUSH_PX = 8.0, 400.0


class RegionTools(QObject):
    """Hold the tools and their actions; the one that is checked is in the hand of the canvas.

    ``tool_changed`` carries the name of the tool: move, rectangle, polygon, brush, ruler, points, add tissue, remove tissue.
    """

    tool_changed = Signal(str)

    def __init__(self, regions: Regions, session: Session, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self._regions, self._session, self._canvas = regions, session, canvas
        self.brush_px = BRUSH_PX
        self._layer = RegionsLayer()
        self._points_open = ""
        self.actions = QActionGroup(self)
        self.select = SelectTool(regions, lambda: canvas.view, shown=lambda: canvas.regions_shown)
        self._tools: dict[str, Tool] = {
            "move": self.select,
            "rectangle": RectangleTool(self._draw),
            "polygon": PolygonTool(self._draw),
            "brush": BrushTool(self._paint, lambda: self.brush_px),
            "ruler": RulerTool(self._draw, self._mpp),
            "points": PointsTool(self._draw_points, self._extend_points),
            "tissue-add": BrushTool(self._correct, lambda: self.brush_px),
            "tissue-remove": BrushTool(self._correct, lambda: self.brush_px, subtracts=True),
        }
        self.by_name = {
            name: self._make(name, text, keys, tip)
            for name, text, keys, tip in (
                ("move", self.tr("&Move"), "M", self.tr("Move the slide; select, move and change regions")),
                ("rectangle", self.tr("&Rectangle"), "R", self.tr("Draw a rectangle; Shift makes a square")),
                (
                    "polygon",
                    self.tr("&Polygon"),
                    "P",
                    self.tr("Draw a polygon by clicks or freely; a double click ends"),
                ),
                (
                    "brush",
                    self.tr("&Brush"),
                    "B",
                    self.tr("Paint an area; Alt takes away, Shift+wheel changes the size"),
                ),
                ("ruler", self.tr("Ru&ler"), "L", self.tr("Measure a length")),
                ("points", self.tr("P&oints"), ".", self.tr("Set points")),
                ("tissue-add", self.tr("&Add to the tissue"), "", self.tr("Paint what is tissue, too; Alt takes away")),
                (
                    "tissue-remove",
                    self.tr("R&emove from the tissue"),
                    "",
                    self.tr("Paint what is not tissue; Alt adds"),
                ),
            )
        }
        self.delete = QAction(self.tr("&Delete the selected regions"), self)
        self.delete.setShortcuts([QKeySequence("Del"), QKeySequence("Backspace")])
        self.delete.triggered.connect(regions.delete_selected)
        self.shown = QAction(self.tr("Annot&ations"), self)
        self.shown.setShortcut(QKeySequence("A"))
        self.shown.setToolTip(self.tr("Show what is drawn on the slide (A)"))
        self.shown.setCheckable(True)
        self.shown.setChecked(True)
        icons.wear(self.shown, "annotations")
        self._resting = RestingToggles(self)
        self._resting.add(self.shown, canvas.show_regions)
        canvas.regions = self._layer
        regions.changed.connect(self._show)
        regions.selected_changed.connect(self._show_selected)
        regions.previewed.connect(self._preview)
        session.slide_changed.connect(self._slide_changed)
        canvas.clicked.connect(self._clicked)
        canvas.brush_stepped.connect(self._step_brush)
        self.by_name["move"].setChecked(True)
        self.take("move")
        self._slide_changed()

    def _make(self, name: str, text: str, keys: str, tip: str) -> QAction:
        action = QAction(text, self)
        action.setCheckable(True)
        action.setToolTip(f"{tip} ({keys})" if keys else tip)
        if keys:
            action.setShortcut(QKeySequence(keys))
        icons.wear(action, name)
        action.triggered.connect(lambda _on=False: self.take(name))
        self.actions.addAction(action)
        return action

    def take(self, name: str) -> None:
        """Take a tool into the hand."""
        self._points_open = ""
        self.by_name[name].setChecked(True)
        self._canvas.tools.take(self._tools[name])
        if name != "move":
            self.shown.setChecked(True)
        self.tool_changed.emit(name)

    def hand_at(self, point: QPointF) -> Hand:
        """Return a hand at a level-0 point, with the keys that are held now."""
        view = self._canvas.view
        scale = (view.scale if view is not None else 1.0) * self._canvas.devicePixelRatioF()
        return Hand(x=point.x(), y=point.y(), per_px=scale, modifiers=QGuiApplication.keyboardModifiers())

    # what is drawn

    def _named(self, region: Region) -> Region:
        return replace(region, class_name=self._regions.next_class)

    def _draw(self, region: Region) -> None:
        texts = {Shape.RECTANGLE: self.tr("Draw a rectangle"), Shape.LINE: self.tr("Measure a length")}
        self._regions.add([self._named(region)], texts.get(region.shape, self.tr("Draw a region")))
        if region.shape is not Shape.LINE:
            self.take("move")  # as in QuPath: what was drawn can be changed at once

    def _draw_points(self, region: Region) -> None:
        self._regions.add([self._named(region)], self.tr("Set points"))
        self._points_open = region.key

    def _extend_points(self, point: tuple[float, float]) -> bool:
        open_ = self._regions.one_selected
        if open_ is None or open_.key != self._points_open:
            return False
        self._regions.change([replace(open_, points=np.vstack([open_.points, point]))], self.tr("Set a point"))
        return True

    def _paint(self, stroke: tuple[Polygon, ...], take_away: bool) -> None:
        """Join a stroke with the selected area, or begin a new one."""
        one = self._regions.one_selected
        area = one if one is not None and one.is_area else None
        if area is None:
            if not take_away:
                self._regions.add([self._named(new_area(stroke))], self.tr("Paint a region"))
            return
        view = self._canvas.view
        radius = self.brush_px / 2 * (view.scale if view is not None else 1.0)
        polygons = joined(area.polygons, stroke, radius, take_away=take_away)
        if polygons:
            self._regions.change([replace(area, polygons=polygons, shape=Shape.POLYGON)], self.tr("Paint a region"))
        else:
            self._regions.delete_selected()

    def _correct(self, stroke: tuple[Polygon, ...], take_away: bool) -> None:
        kind = CorrectionKind.REMOVE if take_away else CorrectionKind.ADD
        self._regions.correct(Correction(kind=kind, polygons=stroke))

    # what is shown

    def _mpp(self) -> float | None:
        slide = self._session.slide
        return slide.info.mpp if slide is not None else None

    def _slide_changed(self) -> None:
        there = self._session.slide is not None
        for action in (*self.actions.actions(), self.shown):
            self._resting.enable(action, there)
        self._canvas.regions = self._layer
        self._show()

    def _show(self) -> None:
        self._layer.show_regions(self._regions.drawn.regions, self._mpp())
        self._show_selected()

    def _show_selected(self) -> None:
        one = self._regions.one_selected
        self.delete.setEnabled(bool(self._regions.selected))
        self._layer.show_selected(self._regions.is_selected, one)
        self._canvas.update()

    def _preview(self, region: Region | None) -> None:
        self._layer.show_preview(region)
        self._layer.show_selected(self._regions.is_selected, region or self._regions.one_selected)
        self._canvas.update()

    def _clicked(self, point: QPointF) -> None:
        if self._canvas.tools.tool is self.select and self._canvas.regions_shown:
            self.select.choose(self.hand_at(point))

    def _step_brush(self, steps: int) -> None:
        self.brush_px = min(max(self.brush_px * 1.15**steps, SMALLEST_BRUSH_PX), LARGEST_BRUSH_PX)
        self._canvas.update()
