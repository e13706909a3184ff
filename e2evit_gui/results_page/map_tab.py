"""The map of the embeddings: how alike the slides are to the model."""

import numpy as np
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_gui.results_page.map_key import MapKey
from e2evit_gui.results_page.map_view import MapView
from e2evit_gui.state.project import ProjectState
from e2evit_gui.viewer.slide_pictures import SlidePictures
from e2evit_model.overlay.colors import COLOR_TABLES, color_table
from e2evit_model.project.embedding_map import EmbeddingMap, embedding_map, umap_is_here
from e2evit_model.project.entries import ResultEntry

FEWEST = 3


class MapTab(QWidget):
    """``open_requested`` carries a slide id."""

    open_requested = Signal(str)

    def __init__(self, state: ProjectState, pictures: SlidePictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._model_key = ""
        self._stale = True
        self.view = MapView(pictures)
        self.view.chosen.connect(self.open_requested)
        self.view.pointed.connect(self._tell)
        self.method = QComboBox()
        self.method.setAccessibleName(self.tr("How the slides are laid out"))
        self.method.addItem(self.tr("PCA"), "pca")
        if umap_is_here():
            self.method.addItem(self.tr("UMAP"), "umap")
        self.method.activated.connect(lambda _row: self.begin())
        self.method.setVisible(self.method.count() > 1)
        fit = QPushButton(self.tr("Show all"))
        fit.clicked.connect(self.view.fit)
        self.said = muted()
        self.axes = muted()
        self.key = MapKey()
        self.key.hide()
        self.message = Sentence("warning")
        row = QHBoxLayout()
        row.addWidget(self.said, 1)
        row.addWidget(self.method)
        row.addWidget(fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.addLayout(row)
        column.addWidget(self.message)
        column.addWidget(self.view, 1)
        below = QHBoxLayout()
        below.setSpacing(16)
        below.addWidget(self.axes, 1)
        below.addWidget(self.key)
        column.addLayout(below)
        self._job = Latest("map", self)
        self._job.succeeded.connect(self._show)
        self._job.failed.connect(self._failed)
        state.results_changed.connect(self._changed)
        self._tell("")

    @property
    def busy(self) -> bool:
        """Whether the map is being made."""
        return self._job.busy

    def show_model(self, model_key: str) -> None:
        """Show the slides of one model's results."""
        if model_key != self._model_key:
            self._model_key, self._stale = model_key, True

    def refresh(self) -> None:
        """Make the map when the results are others than those that are shown."""
        if self._stale:
            self.begin()

    def begin(self) -> None:
        """Make the map in a thread."""
        project = self._state.project
        self._stale = False
        if project is None:
            return
        results = [result for result in project.results() if result.model_key == self._model_key]
        if len(results) < FEWEST:
            self._job.cancel()
            self.view.show_points((), np.zeros((0, 2)), {}, {})
            self.axes.setText("")
            self.key.hide()
            self.message.say(
                self.tr("A map needs at least {n} analyzed slides; there are {there}.").format(
                    n=FEWEST, there=len(results)
                )
            )
            return
        self.message.say("")
        folder, method = project.folder, str(self.method.currentData())
        self._job.begin(lambda progress: embedding_map(folder, results, method=method, progress=progress))

    def _changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self.begin()

    @Slot(object)
    def _show(self, found: EmbeddingMap) -> None:
        project = self._state.project
        if project is None:
            return
        names = {slide.id: slide.name for slide in project.slides()}
        ranked = self._ranked()
        self.view.show_points(found.slides, found.points, names, _frames(ranked))
        self.key.show_risks([result.risk for result in ranked if result.risk is not None])
        self.key.show()
        self.message.say("")
        if found.shares is None:
            said = self.tr("UMAP: neighbours are kept, distances and axes mean nothing.")
        else:
            said = self.tr(
                "Principal components: {x:.0f} % of the variance from left to right, {y:.0f} % from bottom to top."
            ).format(x=100 * found.shares[0], y=100 * found.shares[1])
        self.axes.setText(said + " " + self.tr("Slides in nearly one place stand a little apart."))

    def _ranked(self) -> list[ResultEntry]:
        """Return the results that have a risk, rising."""
        project = self._state.project
        of_model = project.results() if project is not None else []
        with_risk = [one for one in of_model if one.model_key == self._model_key and one.risk is not None]
        return sorted(with_risk, key=lambda result: result.risk or 0.0)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        self.message.say(failure.message, failure.hint)

    def _tell(self, slide_id: str) -> None:
        project = self._state.project
        slide = project.slide(slide_id) if project is not None and slide_id else None
        self.said.setText(
            slide.name
            if slide is not None
            else self.tr("Slides that lie near each other look alike to the model. A click opens one.")
        )


def _frames(ranked: list[ResultEntry]) -> dict[str, QColor]:
    """Color slides by the rank of their risk."""
    table, most = color_table(COLOR_TABLES[0]), max(len(ranked) - 1, 1)
    return {
        result.slide: QColor(*(int(part) for part in table[round(255 * number / most)][:3]))
        for number, result in enumerate(ranked)
    }
