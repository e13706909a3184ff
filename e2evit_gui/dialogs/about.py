"""About the program: version, licence, what it is built on."""

from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from e2evit_gui.theme import icons

TEXT_WIDTH = 380


class About(QDialog):
    """Name, version, licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About E2E-ViT Desktop"))
        sign = QLabel()
        sign.setPixmap(icons.program_icon().pixmap(64, 64))
        title = QLabel("E2E-ViT Desktop")
        title.setProperty("role", "hero")
        text = QLabel(
            self.tr(
                "Version {version}, Qt {qt}\n\n"
                "Survival risk from whole slide images with end-to-end vision transformers, and a view of where the model "
                "looked.\n\nFree software under the GNU General Public License, version 3 or later. It comes without any "
                "warranty. For research use only."
            ).format(version=_version(), qt=qVersion())
        )
        text.setWordWrap(True)
        text.setMinimumSize(TEXT_WIDTH, text.heightForWidth(TEXT_WIDTH))
        column = QVBoxLayout()
        column.addWidget(title)
        column.addWidget(text)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 22, 22, 18)
        whole.setSpacing(18)
        whole.addLayout(row)
        whole.addWidget(buttons)


def _version() -> str:
    try:
        return version("e2evit-desktop")
    except PackageNotFoundError:
        return "from source"
