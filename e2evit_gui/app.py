"""The program ``e2evit-gui``."""

import sys
from pathlib import Path


def main(argv: list[str] | None = None) -> int:
    """Start the window."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415
    from e2evit_gui.main_window.window import MainWindow
    from e2evit_gui.state.preferences import Preferences
    from e2evit_gui.theme.style import keeper
    from e2evit_gui.theme.palette import ThemeChoice

    args = sys.argv[1:] if argv is None else argv
    app = QApplication(["e2evit"])
    preferences = Preferences()
    keeper().choose(ThemeChoice.LIGHT)
    window = MainWindow(preferences)
    window.show()
    if args:
        window.open(Path(args[0]), mpp=0.5)
    if len(args) > 1:
        from PySide6.QtCore import QTimer

        QTimer.singleShot(3000, lambda: (window.grab().save(args[1]), window.close()))
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
