"""Start the application: theme, window, what was asked for on the command line."""

import argparse
import atexit
import logging
import shutil
import signal
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from e2evit_gui.jobs.failure import Failure, explain
from e2evit_gui.jobs.giving_way import threads_give_way
from e2evit_gui.jobs.memory import share_heaps
from e2evit_gui.jobs.pauses import set_modules_aside
from e2evit_gui.main_window.picture import Picture
from e2evit_gui.main_window.window import NAME, MainWindow
from e2evit_gui.state.crash import CrashWatch
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.state.program_settings import apply_to_environment, install_language
from e2evit_gui.state.session import Notice
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_model.inference.settings import ModelChoice

_log = logging.getLogger(__name__)


class _LastResort(QObject):
    """Turn an error that nothing caught into a log entry and a notice; from any thread."""

    caught = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.caught.connect(self._show)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread

    @Slot(object)
    def _show(self, failure: Failure) -> None:
        self._window.session.notify(Notice.of(failure))

    def _uncaught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        self.caught.emit(explain(error.with_traceback(trace)))

    def _uncaught_in_thread(self, said: threading.ExceptHookArgs) -> None:
        if said.exc_value is not None:
            self._uncaught(said.exc_type, said.exc_value, said.exc_traceback)


def prepare_process() -> None:
    """Set up how this process shares cores and memory among its threads; before any window."""
    threads_give_way()
    share_heaps()
    set_modules_aside()


def start(arguments: argparse.Namespace) -> int:
    """Open the window and stay until it closes; ``arguments`` as ``e2evit_gui.app`` parsed them.

    Returns
    -------
    int
        The exit code: of the picture when one was asked for, else Qt's.
    """
    prepare_process()
    app = QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    QGuiApplication.setDesktopFileName("e2evit-gui")
    preferences = _preferences(arguments)
    apply_to_environment(preferences.program)
    install_language(app, preferences.program.language)
    style.keeper().choose(ThemeChoice(arguments.theme) if arguments.theme else preferences.theme)
    book = LogBook()
    book.listen()
    window = MainWindow(preferences, book)
    watch = _watch(window, book) if arguments.screenshot is None else None
    last_resort = _LastResort(window)
    signal.signal(signal.SIGINT, lambda *_: window.close())
    window.show()
    code = 0
    if arguments.screenshot is None and not window.questions.accept_research_use():
        window.close()
    else:
        _do_what_was_asked(window, arguments)
        code = app.exec()
    book.stop()
    if watch is not None:
        watch.end()
    last_resort.deleteLater()
    return code


def _watch(window: MainWindow, book: LogBook) -> CrashWatch:
    """Write down that the window runs, and tell of one that ended without saying so."""
    watch = CrashWatch()
    for crash in watch.begin()[-1:]:
        window.helping.tell_crash(crash)
    book.line_added.connect(watch.take)
    return watch


def _preferences(arguments: argparse.Namespace) -> Preferences:
    """Return what is remembered; a picture is taken of a fresh window, and leaves nothing behind."""
    if arguments.screenshot is None:
        return Preferences()
    folder = tempfile.mkdtemp(prefix="e2evit-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Preferences(QSettings(str(Path(folder) / "window.ini"), QSettings.Format.IniFormat))


def _do_what_was_asked(window: MainWindow, arguments: argparse.Namespace) -> None:
    if arguments.model:
        window.choose_model(ModelChoice(source=arguments.model, backbone=arguments.backbone))
    if arguments.slide:
        window.open(Path(arguments.slide), mpp=arguments.mpp)
    elif arguments.screenshot is None:
        window.tour.begin_once()
    if arguments.screenshot is not None:
        picture = Picture(window, arguments.screenshot, run=arguments.run)
        picture.finished.connect(lambda code: _leave(window, code))
    elif arguments.run:
        window.run_when_ready()
    # a timer keeps the interpreter awake now and then, so that Ctrl+C in the terminal is heard
    awake = QTimer(window)
    awake.timeout.connect(lambda: None)
    awake.start(300)


def _leave(window: MainWindow, code: int) -> None:
    window.close()
    QApplication.exit(code)
