"""The list of models: name, where it is, size, licence."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from e2evit_gui.model_manager.words import sign_of, size_of, tr, where
from e2evit_gui.theme import icons, style
from e2evit_gui.theme.palette import Colors
from e2evit_model.convert.registry import Kind
from e2evit_model.model_store.entries import Entry

_SIGN_PX = 16
_ID = Qt.ItemDataRole.UserRole


class ModelList(QTreeWidget):
    """Backbones of the table first, then what the user gave; the chosen one stays chosen when the list is made again."""

    chosen = Signal(str)  # id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setHeaderLabels([tr("Model"), tr("Weights"), tr("Size"), tr("Licence")])
        self.setAccessibleName(tr("Models"))
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setAllColumnsShowFocus(True)
        self.setAlternatingRowColors(True)
        self.setIconSize(QSize(_SIGN_PX, _SIGN_PX))
        self.setStyleSheet("QTreeView::item { padding: 3px 2px; }")
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setStretchLastSection(False)
        self._entries: Sequence[Entry] = ()
        self._wanted = ""
        self.currentItemChanged.connect(self._current_changed)
        style.keeper().changed.connect(self._redraw)

    @property
    def current(self) -> str:
        """The id of the chosen model, empty when none is."""
        item = self.currentItem()
        return str(item.data(0, _ID)) if item is not None else ""

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show models."""
        self._entries = entries
        self._redraw()

    def choose_when_there(self, identity: str) -> None:
        """Choose a model now, or as soon as the list has been made."""
        self._wanted = identity
        self.choose(identity)

    def choose(self, identity: str) -> None:
        """Choose a model."""
        for item in self._items():
            if item.data(0, _ID) == identity:
                self.setCurrentItem(item)
                self._wanted = ""

    def _items(self) -> list[QTreeWidgetItem]:
        found = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return [item for item in found if item is not None]

    def _redraw(self) -> None:
        current, colors = self.current, style.colors()
        self.blockSignals(True)
        self.clear()
        for entry in self._entries:
            self.addTopLevelItem(self._item(entry, colors))
        self.blockSignals(False)
        self.choose(self._wanted or current)
        first = self.topLevelItem(0)
        if self.currentItem() is None and first is not None:
            self.setCurrentItem(first)
        self.chosen.emit(self.current)

    def _item(self, entry: Entry, colors: Colors) -> QTreeWidgetItem:
        item = QTreeWidgetItem([entry.title, where(entry), size_of(entry), entry.licence.name])
        shades = {"good": colors.good, "warning": colors.warning_text, "error": colors.error_text}
        sign = sign_of(entry)
        shade = shades.get(sign, colors.muted)
        icon = QIcon(icons.picture(sign, shade, _SIGN_PX, self.devicePixelRatioF()))
        icon.addPixmap(icons.picture(sign, colors.on_accent, _SIGN_PX, self.devicePixelRatioF()), QIcon.Mode.Selected)
        item.setIcon(1, icon)
        item.setData(0, _ID, entry.id)
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(0, tr("Risk model") if entry.kind is Kind.RISK_MODEL else entry.id)
        return item

    def _current_changed(self) -> None:
        self.chosen.emit(self.current)
