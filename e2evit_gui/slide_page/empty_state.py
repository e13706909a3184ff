"""What stands where the slide will be: how to begin."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.theme import icons, style

MOST_RECENT = 6


def _tr(text: str) -> str:
    return QCoreApplication.translate("EmptyState", text)


def analyze_text(rest: int) -> str:
    """Return the words of the button that analyzes all slides of a project that have no result."""
    return (
        _tr("Analyze the {n} slides without a result").format(n=rest)
        if rest > 1
        else _tr("Analyze the slide without a result")
    )


class EmptyState(QWidget):
    """Open a slide, or one of those opened last."""

    open_requested = Signal()
    recent_requested = Signal(object)  # Path
    tour_requested = Signal()
    analyze_requested = Signal()
    results_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.setSpacing(10)
        self._picture = QLabel()
        self._title = QLabel()
        self._title.setProperty("role", "hero")
        self._way = QLabel()
        self._way.setProperty("role", "muted")
        self._button = QPushButton(self.tr("Open slide…"))
        self._button.setProperty("role", "primary")
        self._button.setMinimumWidth(160)
        self._button.clicked.connect(self.open_requested)
        for widget in (self._picture, self._title, self._way):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget)
        column.addSpacing(6)
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignCenter)
        self.analyze = QPushButton()
        self.analyze.setMinimumWidth(160)
        self.analyze.clicked.connect(self.analyze_requested)
        self.results = QPushButton(self.tr("Show the results"))
        self.results.setMinimumWidth(160)
        self.results.clicked.connect(self.results_requested)
        for button in (self.analyze, self.results):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)
        tour = QPushButton(self.tr("Look around on a painted slide"))
        tour.setProperty("role", "flat")
        tour.setCursor(Qt.CursorShape.PointingHandCursor)
        tour.clicked.connect(self.tour_requested)
        column.addWidget(tour, 0, Qt.AlignmentFlag.AlignCenter)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        column.addSpacing(14)
        column.addLayout(self._recent)
        style.keeper().changed.connect(self._draw)
        self._draw()
        self.show_project(0)

    def show_project(self, slides: int, *, rest: int = 0, results: bool = False) -> None:
        """Say how to begin: without a project, or with one that has so many slides, ``rest`` of them still to be analyzed."""
        self.analyze.setText(analyze_text(rest))
        self.analyze.setVisible(rest > 0)
        self.results.setVisible(results)
        title = self.tr("Open a slide to begin")
        way = self.tr(
            "Drop a whole slide image here, or choose one from the disk.\nSVS, NDPI, MRXS, DICOM, OME-TIFF, tiled TIFF, more."
        )
        if slides:
            title = self.tr("Choose a slide of the project")
            way = self.tr("Double-click one in the list, or drop another one here.")
        self._title.setText(title)
        self._way.setText(way)

    def show_recent(self, paths: Sequence[Path]) -> None:
        """List the slides opened last."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if paths:
            heading = QLabel(self.tr("Recent slides"))
            heading.setProperty("role", "heading")
            heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._recent.addWidget(heading)
        for path in paths[:MOST_RECENT]:
            button = QPushButton(path.name)
            button.setProperty("role", "flat")
            button.setToolTip(str(path))
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.clicked.connect(lambda _checked=False, path=path: self.recent_requested.emit(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignCenter)

    def _draw(self) -> None:
        self._picture.setPixmap(icons.picture("slide", style.colors().muted, 96, self.devicePixelRatioF()))
