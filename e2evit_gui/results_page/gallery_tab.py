"""The tiles that got most and least attention across all slides, as a gallery."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.state.project import ProjectState
from e2evit_model.progress import Progress
from e2evit_model.project.extreme_tiles import GalleryTile, extreme_tiles, tile_pictures

SIDE = 96
"""Of a tile, in logical pixels."""
COUNT = 48
_TILE = Qt.ItemDataRole.UserRole


class GalleryTab(QWidget):
    """``tile_requested`` carries the slide's id, the result's id and the tile's number."""

    tile_requested = Signal(str, str, int)

    def __init__(self, state: ProjectState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._model_key = ""
        self._stale = True
        self._ratio = 1.0
        self.high = self._make_list(self.tr("Tiles with the most attention"))
        self.low = self._make_list(self.tr("Tiles with the least attention"))
        self.per_slide = QComboBox()
        self.per_slide.setAccessibleName(self.tr("Tiles of one slide at most"))
        for count in (1, 2, 4, 12):
            self.per_slide.addItem(self.tr("at most {n} of a slide").format(n=count), count)
        self.per_slide.setCurrentIndex(2)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.hide()
        self.said = muted(
            self.tr(
                "Attention as a multiple of the mean of the slide's tiles, which is 1×. It is not why a risk is high."
            )
        )
        self.message = Sentence("warning")
        row = QHBoxLayout()
        row.addWidget(self.said, 1)
        row.addWidget(self.stop)
        row.addWidget(self.per_slide)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addWidget(heading(self.tr("Most attention")))
        column.addWidget(self.high, 1)
        column.addWidget(heading(self.tr("Least attention")))
        column.addWidget(self.low, 1)
        self._job = Latest("gallery", self)
        self._job.succeeded.connect(self._show)
        self._job.failed.connect(self._failed)
        self._job.progressed.connect(self._progressed)
        self._job.busy_changed.connect(self.stop.setVisible)
        self.stop.clicked.connect(self._job.cancel)
        self.per_slide.activated.connect(lambda _row: self.begin())
        state.results_changed.connect(self._changed)

    def _make_list(self, name: str) -> QListWidget:
        tiles = QListWidget()
        tiles.setViewMode(QListView.ViewMode.IconMode)
        tiles.setMovement(QListView.Movement.Static)
        tiles.setResizeMode(QListView.ResizeMode.Adjust)
        tiles.setUniformItemSizes(True)
        tiles.setIconSize(QSize(SIDE, SIDE))
        tiles.setSpacing(4)
        tiles.setFrameShape(QListView.Shape.NoFrame)
        tiles.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        tiles.setGridSize(QSize(128, 142))
        tiles.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tiles.setAccessibleName(name)
        tiles.itemActivated.connect(self._activated)
        tiles.itemClicked.connect(self._activated)
        return tiles

    @property
    def busy(self) -> bool:
        """Whether tiles are being looked for or read."""
        return self._job.busy

    def show_model(self, model_key: str) -> None:
        """Show the tiles of one model's results."""
        if model_key != self._model_key:
            self._model_key, self._stale = model_key, True

    def refresh(self) -> None:
        """Look through the results when they are others than those that are shown."""
        if self._stale or self._ratio != self.devicePixelRatioF():  # on another screen tiles would be soft
            self.begin()

    def begin(self) -> None:
        """Look through the results in a thread."""
        project = self._state.project
        self._stale = False
        if project is None:
            return
        folder, slides = project.folder, project.slides()
        results = [result for result in project.results() if result.model_key == self._model_key]
        self._ratio = self.devicePixelRatioF()
        side_px = round(SIDE * self._ratio)
        most = int(self.per_slide.currentData())

        def task(progress: Progress) -> tuple[list[GalleryTile], list[GalleryTile], dict[GalleryTile, Any]]:
            high, low = extreme_tiles(folder, results, count=COUNT, most_of_a_slide=most, progress=progress)
            return high, low, tile_pictures(folder, slides, [*high, *low], side_px, progress=progress)

        self._job.begin(task)

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self.begin()

    @Slot(object)
    def _show(self, found: tuple[list[GalleryTile], list[GalleryTile], dict[GalleryTile, NDArray[np.uint8]]]) -> None:
        high, low, pictures = found
        for tiles, chosen in ((self.high, high), (self.low, low)):
            tiles.clear()
            for tile in chosen:
                tiles.addItem(self._item(tile, pictures.get(tile)))
        missing = {tile.slide for tile in (*high, *low) if tile not in pictures}
        self.message.say(
            self.tr("Tiles of {n} slides cannot be shown: their files are missing or cannot be read.").format(
                n=len(missing)
            )
            if missing
            else ("" if high else self.tr("There are no results of this model yet."))
        )

    def _item(self, tile: GalleryTile, pixels: NDArray[np.uint8] | None) -> QListWidgetItem:
        project = self._state.project
        slide = project.slide(tile.slide) if project is not None else None
        name = slide.name if slide is not None else ""
        times = f"{tile.times_uniform:.3f}"
        item = QListWidgetItem(f"{times}×\n{name}")
        item.setToolTip(
            self.tr("{name}, tile {number}: {times}× the mean attention of the slide's tiles").format(
                name=name, number=tile.tile + 1, times=times
            )
        )
        item.setData(_TILE, tile)
        item.setIcon(QIcon(_pixmap(pixels, self._ratio)))
        return item

    @Slot(str, int, int)
    def _progressed(self, step: str, done: int, total: int) -> None:
        self.message.say(f"{step} {done} / {total}" if total else step)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        self.message.say(failure.message, failure.hint)

    def _activated(self, item: QListWidgetItem) -> None:
        tile = item.data(_TILE)
        self.tile_requested.emit(tile.slide, tile.result, tile.tile)


def _pixmap(pixels: NDArray[np.uint8] | None, ratio: float) -> QPixmap:
    if pixels is None:
        side_px = round(SIDE * ratio)
        picture = QPixmap(side_px, side_px)
        picture.fill(Qt.GlobalColor.gray)
    else:
        whole = np.ascontiguousarray(pixels)
        height, width = whole.shape[:2]
        picture = QPixmap.fromImage(QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy())
    picture.setDevicePixelRatio(picture.width() / SIDE)  # a tile of fewer pixels fills its cell, too
    return picture
