"""The figure as it will be, small; made in a thread."""

import io

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.latest import Latest
from e2evit_model.progress import Progress
from e2evit_model.report.exports import ExportedSlide, figure_of
from e2evit_model.report.slide_figure import FigureSettings

PREVIEW_PX = 700


def preview_png(one: ExportedSlide, settings: FigureSettings, progress: Progress) -> bytes:
    """Draw a figure with few pixels; the layout is that of the large one."""
    # imported here: drawing libraries would make the window's start slow
    from matplotlib.figure import Figure

    from e2evit_model.report.run_canvas import PAPER, Area, drawing

    figure = figure_of(one, settings, most_px=PREVIEW_PX, progress=progress)
    written = io.BytesIO()
    with drawing():
        page = Figure(figsize=(figure.width_in, figure.height_in), facecolor=PAPER)
        figure.draw(Area(page, 0, 0, figure.width_in, figure.height_in))
        page.savefig(written, format="png", dpi=min(2 * PREVIEW_PX / figure.width_in, 200))
    return written.getvalue()


class Preview(QLabel):
    """Shows the figure of the settings that were asked for last."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(420, 340)
        self.setWordWrap(True)
        self.setAccessibleName(self.tr("Preview of the figure"))
        self.drawn = QPixmap()
        self._drawing = Latest("preview", self)
        self._drawing.succeeded.connect(self._show)
        self._drawing.failed.connect(self._fail)

    @property
    def busy(self) -> bool:
        """Whether a preview is being drawn."""
        return self._drawing.busy

    def ask(self, one: ExportedSlide, settings: FigureSettings) -> None:
        """Draw again."""
        if self.drawn.isNull():
            self.setText(self.tr("Drawing…"))
        self._drawing.begin(lambda progress: preview_png(one, settings, progress))

    def stop(self) -> None:
        """Draw no more."""
        self._drawing.cancel()

    @Slot(object)
    def _show(self, png: bytes) -> None:
        self.drawn.loadFromData(png)
        self._fit()

    @Slot(object)
    def _fail(self, failure: Failure) -> None:
        self.drawn = QPixmap()
        self.setText(failure.message)

    def _fit(self) -> None:
        if not self.drawn.isNull():
            ratio = self.devicePixelRatioF()
            fitted = self.drawn.scaled(
                self.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            fitted.setDevicePixelRatio(ratio)
            self.setPixmap(fitted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the picture."""
        super().resizeEvent(event)
        self._fit()
