"""Import what a window needs in a thread before it is opened: libraries of tables and figures would be a freeze of a second."""

import importlib
import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal, Slot

from e2evit_gui.jobs.latest import Latest
from e2evit_model.progress import Progress


def _is_loaded(name: str) -> bool:
    """Say whether a module is there as a whole, and not still being imported by another thread."""
    spec = getattr(sys.modules.get(name), "__spec__", None)
    return spec is not None and not getattr(spec, "_initializing", False)


class Loader(QObject):
    """``then`` calls a function once some modules are there; a newer wish takes the place of one that still waits."""

    failed = Signal(object)  # Failure

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._act: Callable[[], object] | None = None
        self._importing = Latest("loading", self)
        self._importing.succeeded.connect(self._go_on)
        self._importing.failed.connect(self.failed)

    @property
    def busy(self) -> bool:
        """Whether modules are being imported for somebody."""
        return self._importing.busy

    def then(self, modules: Sequence[str], act: Callable[[], object]) -> None:
        """Call ``act`` at once when the modules are there, else after they were imported in a thread."""
        if all(map(_is_loaded, modules)):
            self._importing.cancel()
            act()
            return
        self._act = act

        def task(_progress: Progress) -> None:
            for name in modules:
                importlib.import_module(name)

        self._importing.begin(task)

    @Slot(object)
    def _go_on(self, _nothing: object) -> None:
        act, self._act = self._act, None
        if act is not None:
            act()

    def cancel(self) -> None:
        """Forget what was wished."""
        self._act = None
        self._importing.cancel()
