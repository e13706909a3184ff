"""What all panels share: margins, rows of label and value, headings, lines."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

MARGIN = 12


class Panel(QScrollArea):
    """A panel for a dock: a column that scrolls when there is no room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.setMinimumWidth(240)


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
