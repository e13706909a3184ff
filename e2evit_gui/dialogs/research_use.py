"""The notice of research use: accepted once, shown again from the Help menu."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from e2evit_gui.theme import icons

TEXT_WIDTH = 440


class ResearchUse(QDialog):
    """Say what the program is not for. ``first`` asks for acceptance; later it is only shown."""

    def __init__(self, *, first: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("For research use only"))
        sign = QLabel()
        sign.setPixmap(icons.program_icon().pixmap(64, 64))
        title = QLabel(self.tr("For research use only"))
        title.setProperty("role", "hero")
        text = QLabel(
            self.tr(
                "E2E-ViT Desktop is not a medical device. Its risk scores, survival curves and overlays are results of research: "
                "they must not be used to diagnose a patient, to choose a treatment, or to tell a patient a prognosis.\n\n"
                "A risk is only as good as the cohort that the model was trained on. An overlay shows where the model looked, "
                "not why.\n\n"
                "Slides stay on this machine. Nothing that is exported holds a label image, a path or header text."
            )
        )
        text.setWordWrap(True)
        text.setMinimumSize(TEXT_WIDTH, text.heightForWidth(TEXT_WIDTH))  # a wrapped label does not ask for its height
        column = QVBoxLayout()
        column.setSpacing(10)
        column.addWidget(title)
        column.addWidget(text)
        row = QHBoxLayout()
        row.setSpacing(18)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        buttons = QDialogButtonBox()
        if first:
            accept = buttons.addButton(self.tr("I understand"), QDialogButtonBox.ButtonRole.AcceptRole)
            accept.setProperty("role", "primary")
            buttons.addButton(self.tr("Quit"), QDialogButtonBox.ButtonRole.RejectRole)
        else:
            buttons.addButton(QDialogButtonBox.StandardButton.Close)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(22, 22, 22, 18)
        whole.setSpacing(18)
        whole.addLayout(row)
        whole.addWidget(buttons)
