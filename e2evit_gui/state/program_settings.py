"""The settings of the program itself: what is chosen once, for all slides."""

import os
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from e2evit_gui.theme.palette import ThemeChoice
from e2evit_model.convert.settings import Device
from e2evit_model.files import CACHE_VARIABLE
from e2evit_model.options import Options, option
from e2evit_model.strip.cache import CACHE_LIMIT_BYTES, LIMIT_VARIABLE
from e2evit_model.strip.workers import THREADS_VARIABLE

_CODES = {"english": "en", "german": "de"}


def _file_of(language: str) -> Path | None:
    """Return the translation of a language; ``None`` where there is none (English needs none)."""
    found = files("resources") / "translations" / f"e2evit_{_CODES.get(language, '')}.qm"
    path = Path(str(found))
    return path if path.is_file() else None


def languages() -> tuple[str, ...]:
    """Return the languages that can be chosen: the system's, English, and those that there is a translation for."""
    return ("system", "english", *(name for name in _CODES if name != "english" and _file_of(name) is not None))


@dataclass(frozen=True, kw_only=True)
class ProgramSettings(Options):
    """Theme, language, device, threads, cache. ``None`` means: as the system says."""

    theme: ThemeChoice = option(ThemeChoice.SYSTEM, label="Theme", help="Light or dark, or as the system.")
    language: str = option(
        "system",
        label="Language",
        choices=languages(),
        help="The language of the window; English where there is no translation. From the next start.",
    )
    device: Device = option(Device.AUTO, label="Device", help="Where models run when the window opens.")
    threads: int | None = option(
        None,
        label="Threads",
        minimum=1,
        maximum=512,
        help="How many cores reading and models may use at most; all that the system allows when nothing is said.",
    )
    cache_folder: str | None = option(
        None,
        label="Cache folder",
        help="Where averaged patches of slides are kept, so that a slide is read once. Everything there can be made again.",
    )
    cache_gb: float = option(
        CACHE_LIMIT_BYTES / 10**9,
        label="Cache limit",
        unit="GB",
        minimum=0,
        maximum=100_000,
        help="What was used longest ago goes first when the cache holds more.",
    )


_first: dict[str, str | None] = {}  # what the environment said before the settings did


def apply_to_environment(settings: ProgramSettings) -> None:
    """Tell this process, and those that it starts, of threads and cache; what the environment said at the start counts more."""
    wanted = {
        CACHE_VARIABLE: settings.cache_folder,
        LIMIT_VARIABLE: f"{settings.cache_gb:g}",
        THREADS_VARIABLE: None if settings.threads is None else str(settings.threads),
        "OMP_NUM_THREADS": None if settings.threads is None else str(settings.threads),
    }
    for name, value in wanted.items():
        if name not in _first:
            _first[name] = os.environ.get(name)
        if _first[name] is not None:
            continue
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def install_language(app: QCoreApplication, choice: str) -> None:
    """Let the application speak a language, where there is a translation for it."""
    if choice == "system":
        system = QLocale.system().name().split("_")[0]
        choice = next((name for name, code in _CODES.items() if code == system), "english")
    path = _file_of(choice)
    if path is None:
        return
    of_qt = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)) / f"qtbase_{_CODES[choice]}.qm"
    for file in (of_qt, path):  # the words of Qt's own buttons and dialogs, and ours
        translator = QTranslator(app)
        if translator.load(str(file)):
            app.installTranslator(translator)
