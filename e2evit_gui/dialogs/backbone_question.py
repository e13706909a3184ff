"""Which backbone a weight file is of, asked when its layout fits several or none."""

import re

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from e2evit_gui.jobs.failure import Failure
from e2evit_model.convert.backbones import BACKBONES


class BackboneQuestion(QDialog):
    """Show why it is asked, and the table of backbones with their licences."""

    def __init__(self, file_name: str, why: Failure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Which backbone?"))
        self.setMinimumWidth(440)
        text = QLabel(self.tr("{why}\n\nWhich backbone is {name} of?").format(why=why.message, name=file_name))
        text.setWordWrap(True)
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Backbone"))
        named = set(re.findall(r"[\w.-]*\w", why.message))
        # those that the file may be of stand first
        for backbone in sorted(BACKBONES.values(), key=lambda one: one.id not in named):
            self.choice.addItem(f"{backbone.title}  ({backbone.licence})", backbone.id)
        self.choice.setEditable(True)
        self.choice.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        other = QLabel(self.tr("Another ViT of timm? Type its name there, such as vit_base_patch16_224."))
        other.setProperty("role", "muted")
        other.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addWidget(text)
        column.addWidget(self.choice)
        column.addWidget(other)
        column.addWidget(buttons)

    @property
    def backbone(self) -> str:
        """The id of the chosen backbone, or the name that was typed."""
        typed = self.choice.currentText().strip()
        index = self.choice.findText(typed)
        return str(self.choice.itemData(index)) if index >= 0 else typed
