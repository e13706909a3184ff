"""The tour in this window: it makes the slide, opens it, and walks from part to part."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Slot
from PySide6.QtWidgets import QDockWidget, QWidget

from e2evit_gui.jobs.apart import call_apart
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.worker import Worker
from e2evit_gui.state.session import Notice
from e2evit_gui.tour.card import Spotlight, TourCard, place_of
from e2evit_gui.tour.steps import tour_steps
from e2evit_model.files import cache_folder
from e2evit_model.inference.settings import ModelChoice

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow


class Tour(QObject):
    """Walk a newcomer through the window; ``card`` is there while it runs."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._steps = tour_steps()
        self._at = 0
        self._worker: Worker | None = None
        self.card: TourCard | None = None
        self._light: Spotlight | None = None
        self._watched: QWidget | None = None
        window.commands.tour.triggered.connect(self.begin)
        window.page.empty.tour_requested.connect(self.begin)
        window.session.result_changed.connect(self._result_changed)

    def begin_once(self) -> None:
        """Begin at the first start of the program, and never again by itself."""
        if not self._window.preferences.tour_offered:
            self.begin()

    @Slot()
    def begin(self) -> None:
        """Show the first card."""
        self._window.preferences.remember_tour()
        if self.card is not None:
            self.leave()
        self._light = Spotlight(self._window)
        self.card = TourCard(self._window)
        self.card.next_requested.connect(self._next)
        self.card.back_requested.connect(lambda: self._show(self._at - 1))
        self.card.left.connect(self.leave)
        self._window.installEventFilter(self)
        self._show(0)

    @Slot()
    def leave(self) -> None:
        """End the tour where it is; what it opened stays."""
        if self._worker is not None:
            self._worker.cancel()
            self._worker = None
        self._window.removeEventFilter(self)
        self._watch(None)
        for widget in (self.card, self._light):
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.card = self._light = None
        self._window.page.canvas.setFocus()

    # the slide

    def _next(self) -> None:
        if self._at == 0:
            self._make_slide()
        elif self._at + 1 == len(self._steps):
            self.leave()
        else:
            self._show(self._at + 1)

    def _make_slide(self) -> None:
        folder = str(cache_folder() / "tour")
        worker = Worker(
            lambda progress: call_apart("e2evit_model.demo.model:slide_to_try", folder, progress=progress), name="tour"
        )
        worker.progressed.connect(self._painted_part)
        worker.succeeded.connect(self._painted)
        worker.failed.connect(self._failed)
        self._worker = worker.begin()
        self._painted_part("", 0, 0)

    @Slot(str, int, int)
    def _painted_part(self, _step: str, done: int, total: int) -> None:
        if self.card is not None and self._worker is not None:
            self.card.show_progress(done, total)
            self._place()

    @Slot(object)
    def _painted(self, made: tuple[str, str, str]) -> None:
        if self._worker is None or self.card is None:
            return
        self._worker = None
        slide, weights, backbone = made
        self._window.models.choose(ModelChoice(source=weights, backbone=backbone))
        self._window.open(Path(slide))
        self._show(1)

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        if self._worker is not None:
            self.leave()
            self._window.session.notify(Notice.of(failure))

    # the cards

    @Slot()
    def _result_changed(self) -> None:
        if self.card is not None and self._steps[self._at].target == "run" and self._window.session.result is not None:
            self._show(self._at + 1)

    def _show(self, number: int) -> None:
        if self.card is None:
            return
        self._at = number
        target = self._target()
        dock = _dock_of(target)
        if dock is not None:
            dock.show()
            dock.raise_()
        self._watch(target)
        self.card.show_step(self._steps[number], number, len(self._steps))
        self.card.show()
        self._place()

    def _target(self) -> QWidget | None:
        window = self._window
        parts: dict[str, Callable[[], QWidget]] = {
            "canvas": lambda: window.page,
            "image": lambda: window.docks.image,
            "strip": lambda: window.docks.strip,
            "analyze": lambda: window.docks.analyze,
            "run": lambda: window.run_button,
            "overlay": lambda: window.docks.overlay,
            "risk": lambda: window.docks.risk,
            "menu": window.menuBar,
        }
        name = self._steps[self._at].target
        return parts[name]() if name else None

    def _watch(self, target: QWidget | None) -> None:
        """Follow the target when it moves."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
        self._watched = target
        if target is not None:
            target.installEventFilter(self)

    def _place(self) -> None:
        if self.card is None or self._light is None:
            return
        window, target = self._window, self._watched
        room = window.rect()
        if target is None or not target.isVisible():
            self._light.hide()
            self.card.move(room.center() - self.card.rect().center())
        else:
            around = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
            self._light.surround(around)
            self.card.move(place_of(self.card.size(), around, room))
        self.card.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow window and target when they change."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.LayoutRequest):
            self._place()
        return super().eventFilter(watched, event)


def _dock_of(target: QWidget | None) -> QDockWidget | None:
    return target if isinstance(target, QDockWidget) else None
