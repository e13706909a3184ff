"""The user's access token of the hub: whether there is one, and a field for another."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from e2evit_gui.model_manager.words import link, tr

TOKEN_PAGE = "https://huggingface.co/settings/tokens"  # noqa: S105 - an address


class TokenRow(QWidget):
    """Never shows a token: what is stored stays with the hub's own programs."""

    stored = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = QLabel()
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(tr("Access token"))
        self.field.setPlaceholderText(tr("hf_…"))
        self.field.setMinimumWidth(220)
        self.save = QPushButton(tr("Store"))
        self.where = QLabel(link(TOKEN_PAGE, tr("Make a token")))
        self.where.setOpenExternalLinks(True)
        self.where.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.where.setToolTip(tr("A token with the right to read says who you are. Never give it to anybody."))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.said)
        row.addWidget(self.field, 1)
        row.addWidget(self.save)
        row.addWidget(self.where)
        self.field.textChanged.connect(self._changed)
        self.field.returnPressed.connect(self._store)
        self.save.clicked.connect(self._store)
        self._busy = False
        self.show_state(has_token=False, busy=False)

    def show_state(self, *, has_token: bool, busy: bool) -> None:
        """Say whether there is a token."""
        self._busy = busy
        there, none = tr("Access token: one is stored. Another:"), tr("Access token of the Hugging Face hub:")
        self.said.setText(there if has_token else none)
        self._changed()

    def clear(self) -> None:
        """Empty the field."""
        self.field.clear()

    def _changed(self) -> None:
        self.save.setEnabled(bool(self.field.text().strip()) and not self._busy)

    def _store(self) -> None:
        if self.save.isEnabled():
            self.stored.emit(self.field.text().strip())
