"""Small pictures of slides, made and read in threads when somebody looks at them, and let go when nobody has for long."""

import logging
from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage, QPixmap

from e2evit_gui.jobs.latest import Latest
from e2evit_gui.state.project import ProjectState
from e2evit_model.errors import E2EViTError
from e2evit_model.progress import Progress
from e2evit_model.project.entries import SlideEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.slides import write_thumbnail

_log = logging.getLogger(__name__)

MOST_PICTURES = 600
"""About 110 kB each."""
AT_ONCE = 8
"""So many are read in one go: what scrolls out of sight meanwhile waits."""


class SlidePictures(QObject):
    """Give small pictures that are there, and fetch the others; ``arrived`` carries the ids of those that came."""

    arrived = Signal(object)  # set of str

    def __init__(self, state: ProjectState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._pictures: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._wanted: list[str] = []
        self._job = Latest("small pictures", self)
        self._job.succeeded.connect(self._read)
        state.opened.connect(self.forget)

    @property
    def busy(self) -> bool:
        """Whether pictures are being read."""
        return self._job.busy

    def get(self, slide_id: str) -> QPixmap | None:
        """Return the picture of a slide when it is there; else fetch it, the one asked for last first."""
        if slide_id in self._pictures:
            self._pictures.move_to_end(slide_id)
            return self._pictures[slide_id]
        if slide_id in self._wanted:
            self._wanted.remove(slide_id)
        self._wanted.append(slide_id)
        self._begin()
        return None

    def forget(self) -> None:
        """Let go of everything: another project is there."""
        self._job.cancel()
        self._pictures.clear()
        self._wanted.clear()

    def try_again(self, slide_ids: Sequence[str]) -> None:
        """Forget pictures that could not be made: their slides are there again."""
        for slide_id in slide_ids:
            if slide_id in self._pictures and self._pictures[slide_id] is None:
                del self._pictures[slide_id]

    def _begin(self) -> None:
        project = self._state.project
        if project is None or self._job.busy or not self._wanted:
            return
        chosen = [self._wanted.pop() for _ in range(min(AT_ONCE, len(self._wanted)))]
        slides = [slide for one in chosen if (slide := project.slide(one)) is not None]
        folder, may_write = project.folder, self._state.writable
        self._job.begin(lambda progress: _read_all(folder, slides, may_write=may_write, progress=progress))

    @Slot(object)
    def _read(self, images: dict[str, QImage | None]) -> None:
        for slide_id, image in images.items():
            self._pictures[slide_id] = QPixmap.fromImage(image) if image is not None else None
        while len(self._pictures) > MOST_PICTURES:
            self._pictures.popitem(last=False)
        self.arrived.emit(set(images))
        self._begin()


def _read_all(
    folder: ProjectFolder, slides: Sequence[SlideEntry], *, may_write: bool, progress: Progress
) -> dict[str, QImage | None]:
    images: dict[str, QImage | None] = {}
    for slide in slides:
        progress("Small pictures", len(images), len(slides))
        path = folder.thumbnail(slide.id)
        try:
            if may_write:
                path = write_thumbnail(folder, slide, progress=progress)
            image = QImage(str(path))
        except E2EViTError as error:
            _log.debug("no small picture: %s", error.message)
            image = QImage()
        images[slide.id] = None if image.isNull() else image.convertToFormat(QImage.Format.Format_RGB32)
    return images


def scaled_to(picture: QPixmap, width: int, height: int, ratio: float) -> QPixmap:
    """Return a picture that fits into logical ``width`` x ``height`` at a device pixel ratio."""
    fitted = picture.scaled(
        round(width * ratio),
        round(height * ratio),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    fitted.setDevicePixelRatio(ratio)
    return fitted
