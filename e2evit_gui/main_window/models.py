"""The manager of models in the window: opened from the menus, and what it brings is taken up at once."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from e2evit_gui.jobs.loading import Loader
from e2evit_gui.state.session import Notice

if TYPE_CHECKING:
    from e2evit_gui.main_window.window import MainWindow
    from e2evit_gui.model_manager.manager import ModelManager
    from e2evit_gui.model_manager.presenter import StorePresenter

MANAGER = "e2evit_gui.model_manager.manager"


class Models(QObject):
    """Nothing of it is imported, looked for or started before it is opened."""

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.presenter: StorePresenter | None = None
        self.manager: ModelManager | None = None
        self.loader = Loader(self)
        self.loader.failed.connect(lambda failure: window.session.notify(Notice.of(failure)))
        window.commands.models.triggered.connect(lambda _on=False: self.show())
        window.model_menu.manager_requested.connect(self.show)

    def show(self, identity: str = "") -> None:
        """Open the manager, at a model when one is named."""
        # imported when first needed: the hub's library would make the window's start slow
        self.loader.then([MANAGER], lambda: self._show(identity))

    def _show(self, identity: str) -> None:
        if self.manager is None or self.presenter is None:
            from e2evit_gui.model_manager.manager import ModelManager
            from e2evit_gui.model_manager.presenter import StorePresenter

            self.presenter = StorePresenter(self)
            self.presenter.entries_changed.connect(self._look_again)
            self.manager = ModelManager(self.presenter, self._window)
        self.manager.show_model(identity)

    def shut_down(self) -> None:
        """End what runs: for the end of the program."""
        self.loader.cancel()
        if self.presenter is not None:
            self.presenter.shut_down()

    def _look_again(self) -> None:
        """Take the chosen model up again when its weights have come, or are gone."""
        models, choice = self._window.models, self._window.session.model
        entry = self.presenter.entry(choice.source) if choice is not None and self.presenter is not None else None
        if choice is None or entry is None or models.facts is None or models.busy:
            return
        if entry.is_here == bool(models.facts.problem):
            models.choose(choice)
