"""What is remembered from one start to the next."""

import json
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, QObject, QSettings, Signal

from e2evit_gui.state.program_settings import ProgramSettings
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_model.errors import OptionError
from e2evit_model.inference.settings import ModelChoice

MOST_RECENT = 10
_LAYOUT_VERSION = (
    2  # raised when docks are renamed or moved, so that an older layout is not restored into a newer window
)


class Preferences(QObject):
    """A typed view of the system's own place for settings (``QSettings``)."""

    recent_changed = Signal()

    def __init__(self, store: QSettings | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store if store is not None else QSettings("e2evit", "desktop")

    def _text(self, key: str) -> str:
        value = self._store.value(key, "")
        return value if isinstance(value, str) else ""

    def _texts(self, key: str) -> list[str]:
        value = self._store.value(key, [])
        if isinstance(value, str):  # a list of one comes back as its only member
            return [value] if value else []
        return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []

    @property
    def theme(self) -> ThemeChoice:
        """The chosen theme; the system's when nothing (or nonsense) is stored."""
        stored = self._text("theme")
        return ThemeChoice(stored) if stored in set(ThemeChoice) else ThemeChoice.SYSTEM

    def set_theme(self, choice: ThemeChoice) -> None:
        """Remember the theme."""
        self._store.setValue("theme", str(choice))

    @property
    def program(self) -> ProgramSettings:
        """The settings of the program; the defaults where what is stored cannot be used."""
        try:
            record = json.loads(self._text("program") or "{}")
            settings = ProgramSettings.from_record(record)
        except (ValueError, OptionError, TypeError, AttributeError):
            settings = ProgramSettings()
        return replace(settings, theme=self.theme)

    def set_program(self, settings: ProgramSettings) -> None:
        """Remember the settings of the program."""
        self._store.setValue("program", json.dumps(settings.to_record()))
        self.set_theme(settings.theme)
        self._store.sync()

    @property
    def research_use_accepted(self) -> bool:
        """Whether the notice of research use was accepted on this machine."""
        return self._text("research_use") == "accepted"

    def accept_research_use(self) -> None:
        """Remember that the notice was accepted."""
        self._store.setValue("research_use", "accepted")
        self._store.sync()

    @property
    def tour_offered(self) -> bool:
        """Whether the tour has begun once on this machine."""
        return self._text("tour") == "offered"

    def remember_tour(self) -> None:
        """Remember that the tour has begun."""
        self._store.setValue("tour", "offered")
        self._store.sync()

    @property
    def recent_slides(self) -> list[Path]:
        """The slides opened last, newest first."""
        return [Path(one) for one in self._texts("recent_slides")]

    def remember_slide(self, path: Path) -> None:
        """Put a slide at the head of the recent ones."""
        self._remember("recent_slides", str(path))

    def forget_slide(self, path: Path) -> None:
        """Take a slide that is no longer there out of the recent ones."""
        self._store.setValue("recent_slides", [one for one in self._texts("recent_slides") if one != str(path)])
        self.recent_changed.emit()

    def forget_recent(self) -> None:
        """Forget all recent slides."""
        self._store.remove("recent_slides")
        self.recent_changed.emit()

    @property
    def recent_projects(self) -> list[Path]:
        """The projects opened last, newest first."""
        return [Path(one) for one in self._texts("recent_projects")]

    def remember_project(self, path: Path) -> None:
        """Put a project at the head of the recent ones."""
        self._remember("recent_projects", str(path))

    @property
    def recent_models(self) -> list[ModelChoice]:
        """The models used last, newest first."""
        pairs = (one.partition("\n") for one in self._texts("recent_models"))
        return [ModelChoice(source=source, backbone=backbone or None) for source, _, backbone in pairs]

    def remember_model(self, model: ModelChoice) -> None:
        """Put a model at the head of the recent ones."""
        self._remember("recent_models", f"{model.source}\n{model.backbone or ''}")

    def _remember(self, key: str, text: str) -> None:
        others = [one for one in self._texts(key) if one != text]
        self._store.setValue(key, [text, *others][:MOST_RECENT])
        self.recent_changed.emit()

    @property
    def runs_folder(self) -> Path | None:
        """The folder of runs used last, None before the first training."""
        stored = self._text("runs_folder")
        return Path(stored) if stored else None

    def remember_runs_folder(self, folder: Path) -> None:
        """Remember the folder of runs."""
        self._store.setValue("runs_folder", str(folder))

    def window_layout(self) -> tuple[QByteArray, QByteArray] | None:
        """Return the remembered place of the window and of its docks, or none."""
        if self._text("window/version") != str(_LAYOUT_VERSION):
            return None
        geometry, docks = self._store.value("window/geometry"), self._store.value("window/docks")
        if isinstance(geometry, QByteArray) and isinstance(docks, QByteArray):
            return geometry, docks
        return None

    def remember_window(self, geometry: QByteArray, docks: QByteArray) -> None:
        """Remember the place of the window and of its docks."""
        self._store.setValue("window/version", str(_LAYOUT_VERSION))
        self._store.setValue("window/geometry", geometry)
        self._store.setValue("window/docks", docks)
        self._store.sync()

    def forget_window(self) -> None:
        """Forget the places, so that the next start has the first layout."""
        self._store.remove("window")
