"""What all panels share: margins, rows of label and value, headings, lines."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

MARGIN = 12
LEAST_WIDTH, MOST_WIDTH = 240, 380
"""Of a panel: something wide inside must not take the slide's room."""


class Panel(QScrollArea):
    """A panel for a dock: a column that scrolls up and down, and is never narrower than what is in it and the scroll bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pinned: QWidget | None = None  # first: events come while the panel is made
        self.setObjectName("panel")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside = QWidget()
        inside.setObjectName("panel")
        self.column = QVBoxLayout(inside)
        self.column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        self.column.setSpacing(8)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def pin(self, widget: QWidget) -> None:
        """Keep a widget below the column: right under it while there is room, else where it does not scroll away."""
        self._pinned = widget
        self._below_bar = QWidget()
        widget.setParent(self)
        widget.installEventFilter(self)
        self.addScrollBarWidget(self._below_bar, Qt.AlignmentFlag.AlignBottom)
        self._place_pinned()

    def _place_pinned(self) -> None:
        pinned, inside = self._pinned, self.widget()
        if pinned is None or inside is None:
            return
        # its height must not hang on the scroll bar, which comes and goes with it
        width = self.width()
        height = pinned.heightForWidth(width) if pinned.hasHeightForWidth() else pinned.sizeHint().height()
        if height != self.viewportMargins().bottom():
            self._below_bar.setFixedHeight(height)
            self.setViewportMargins(0, 0, 0, height)
        pinned.setGeometry(0, min(self.height() - height, inside.minimumHeight()), width, height)
        pinned.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep in its place what is pinned."""
        super().resizeEvent(event)
        self._place_pinned()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell the dock when what is inside needs another width; keep the height that lines need when they wrap at this one."""
        inside = self.widget()
        told = event.type() in {QEvent.Type.LayoutRequest, QEvent.Type.Resize}
        if inside is not None and watched is inside and told:
            if event.type() == QEvent.Type.LayoutRequest:
                self.updateGeometry()
            # a scroll area asks for the least height at any width: at a narrower one, fields would lie upon each other
            inside.setMinimumHeight(max(0, self.column.totalMinimumHeightForWidth(inside.width())))
        if told and (watched is inside or (watched is self._pinned and event.type() == QEvent.Type.LayoutRequest)):
            self._place_pinned()
        return super().eventFilter(watched, event)

    def minimumSizeHint(self) -> QSize:
        """Leave room for what is inside and for the scroll bar, which otherwise would cut it at its right edge."""
        hint, inside = super().minimumSizeHint(), self.widget()
        needed = 0 if inside is None else inside.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width()
        if self._pinned is not None:
            needed = max(needed, self._pinned.minimumSizeHint().width())
        return QSize(max(LEAST_WIDTH, min(needed, MOST_WIDTH)), hint.height())


class Facts(QWidget):
    """Rows of a muted name and a value that can be selected; an empty value hides its row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QLabel, QLabel]] = {}

    def add(self, name: str) -> None:
        """Add a row."""
        label, value = muted(name), QLabel()
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setWordWrap(True)
        value.setTextFormat(Qt.TextFormat.PlainText)
        row = len(self._rows)
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        self._rows[name] = (label, value)

    def show_value(self, name: str, text: str) -> None:
        """Show a value in the row of this name."""
        if name not in self._rows:
            self.add(name)
        label, value = self._rows[name]
        value.setText(text)
        for one in (label, value):
            one.setVisible(bool(text))

    def text(self, name: str) -> str:
        """Return the value of a row."""
        return self._rows[name][1].text() if name in self._rows else ""


def muted(text: str = "", *, wrap: bool = False) -> QLabel:
    """Make a label of secondary text."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    label.setWordWrap(wrap)
    return label


def number(value: float) -> str:
    """Write a count with thin spaces between thousands."""
    return f"{value:,.0f}".replace(",", "\u2009")
