"""The window of the help: a list of pages, and the page."""

from importlib.resources import as_file, files
from typing import Any

from PySide6.QtCore import QByteArray, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QResizeEvent, QTextDocument
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.dialogs.help_pages import FIRST_PAGE, language, page_text, pages
from e2evit_gui.theme.windows import open_at


class HelpText(QTextBrowser):
    """A page whose pictures are never wider than it is."""

    MARGIN = 18
    _SCROLL_BAR = 20

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document().setDocumentMargin(self.MARGIN)
        self._text = ""
        self._fitted_to = 0

    def show_text(self, markdown: str) -> None:
        """Show a page from its beginning."""
        self._text, self._fitted_to = markdown, self.room
        self.document().clear()  # pictures are kept by their names, at the width of before
        self.setMarkdown(markdown)

    @property
    def room(self) -> int:
        """How wide a picture may be; the scroll bar may come."""
        return max(self.width() - 2 * self.MARGIN - self._SCROLL_BAR, 100)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Give a picture no wider than the page, sharp at the screen's scale."""
        found = super().loadResource(kind, name)
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return found
        picture = QImage()
        if isinstance(found, QByteArray):
            picture.loadFromData(found)
        if picture.isNull() or picture.width() <= self.room:
            return found
        ratio = self.devicePixelRatioF()
        width = min(round(self.room * ratio), picture.width())
        fitted = picture.scaledToWidth(width, Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(width / self.room)
        return fitted

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the pictures to the new width, and stay at what is being read."""
        super().resizeEvent(event)
        if self._text and self._fitted_to != self.room and "](pictures/" in self._text:
            bar = self.verticalScrollBar()
            place = bar.value() / max(bar.maximum(), 1)
            self.show_text(self._text)
            bar.setValue(round(place * bar.maximum()))


class HelpBrowser(QDialog):
    """A list of pages and the page. Links lead to other pages; what leads to the web is opened by the system's browser."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Help"))
        self.setModal(False)
        self._language = language()
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Help pages"))
        self.list.setFixedWidth(230)
        self.list.setWordWrap(True)
        self.list.setSpacing(3)
        self.browser = HelpText()
        self.browser.setAccessibleName(self.tr("Help page"))
        self.browser.setOpenLinks(False)
        with as_file(files("resources") / "help") as folder:
            self.browser.setSearchPaths([str(folder)])
        self.browser.anchorClicked.connect(self._follow)
        for name, title in pages(self._language).items():
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._show)
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.reject)
        right = QVBoxLayout()
        right.addWidget(self.browser, 1)
        right.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.addWidget(self.list)
        row.addLayout(right, 1)
        open_at(self, 980, 680)
        self.page = ""
        self.show_page(FIRST_PAGE)

    def show_page(self, name: str) -> None:
        """Show a page; the first one for a name that is none."""
        names = list(pages(self._language))
        self.list.setCurrentRow(names.index(name) if name in names else 0)

    def _show(self, row: int) -> None:
        self.page = list(pages(self._language))[row]
        self.browser.show_text(page_text(self.page, self._language))

    def _follow(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)
        elif url.path().endswith(".md"):
            self.show_page(url.path().removesuffix(".md"))
