"""Sentences above the slide: what went wrong and what to do about it, never in the way."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.state.session import Notice, Weight
from e2evit_gui.theme import icons, style

MOST = 3
"""Notices shown at once; older ones go, and stay in the log."""


class NoticeBar(QWidget):
    """Show the newest notices, newest on top; each can be closed by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._strips: list[_Strip] = []
        self.hide()

    @property
    def notices(self) -> list[Notice]:
        """What is shown, newest first."""
        return [strip.notice for strip in self._strips]

    def show_notice(self, notice: Notice) -> None:
        """Put a notice on top; the same one is not shown twice."""
        for strip in list(self._strips):
            if strip.notice == notice:
                self._drop(strip)
        strip = _Strip(notice, self)
        strip.close_button.clicked.connect(lambda: self._drop(strip))
        self._strips.insert(0, strip)
        self._column.insertWidget(0, strip)
        for old in self._strips[MOST:]:
            self._drop(old)
        self.show()

    def clear(self) -> None:
        """Take all notices away."""
        for strip in list(self._strips):
            self._drop(strip)

    def _drop(self, strip: "_Strip") -> None:
        if strip in self._strips:
            self._strips.remove(strip)
            self._column.removeWidget(strip)
            strip.hide()
            strip.deleteLater()
        self.setVisible(bool(self._strips))


class _Strip(QFrame):
    def __init__(self, notice: Notice, parent: QWidget) -> None:
        super().__init__(parent)
        self.notice = notice
        self.setObjectName("notice")
        self.setProperty("weight", str(notice.weight))
        self.setAccessibleName(notice.message)
        row = QHBoxLayout()
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(10)
        self._sign = QLabel()
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._texts(notice), 1)
        act = notice.act
        if notice.action and act is not None:
            self.action_button = QPushButton(notice.action)
            self.action_button.clicked.connect(lambda _on=False: act())
            row.addWidget(self.action_button, 0, Qt.AlignmentFlag.AlignTop)
        self._details = self._make_details(notice)
        if notice.details:
            show = QPushButton(self.tr("Details"))
            show.setProperty("role", "flat")
            show.setCheckable(True)
            show.toggled.connect(self._details.setVisible)
            row.addWidget(show, 0, Qt.AlignmentFlag.AlignTop)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setAccessibleName(self.tr("Close this notice"))
        self.close_button.setToolTip(self.tr("Close"))
        icons.wear(self.close_button, "close")
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._details)
        style.keeper().changed.connect(self._draw_sign)
        self._draw_sign()

    def _texts(self, notice: Notice) -> QVBoxLayout:
        texts = QVBoxLayout()
        texts.setSpacing(2)
        for text, strong in ((notice.message, True), (notice.hint, False)):
            if text:
                label = QLabel(text)
                label.setWordWrap(True)
                label.setTextFormat(Qt.TextFormat.PlainText)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                if strong:
                    font = label.font()
                    font.setBold(True)
                    label.setFont(font)
                texts.addWidget(label)
        return texts

    def _make_details(self, notice: Notice) -> QPlainTextEdit:
        details = QPlainTextEdit(notice.details, self)
        details.setReadOnly(True)
        details.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        details.setFixedHeight(140)
        details.setAccessibleName(self.tr("Details"))
        details.hide()
        return details

    def _draw_sign(self) -> None:
        colors = style.colors()
        color = {
            Weight.INFO: colors.info_text,
            Weight.WARNING: colors.warning_text,
            Weight.ERROR: colors.error_text,
        }[self.notice.weight]
        self._sign.setPixmap(icons.picture(str(self.notice.weight), color, 20, self.devicePixelRatioF()))
