"""Brightness and contrast of what is shown."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QVBoxLayout, QWidget

LOWEST, HIGHEST = 0, 255


class DisplayRangeDialog(QDialog):
    """Two sliders; ``changed`` carries the values shown as black and as white."""

    changed = Signal(int, int)

    def __init__(self, black: int, white: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Brightness and contrast"))
        self.black, self.white = self._slider(self.tr("Shown as black")), self._slider(self.tr("Shown as white"))
        self._numbers = QLabel(), QLabel()
        grid = QGridLayout()
        for line, (slider, number) in enumerate(zip((self.black, self.white), self._numbers, strict=True)):
            name = QLabel(slider.accessibleName())
            name.setBuddy(slider)
            number.setMinimumWidth(30)
            for place, widget in enumerate((name, slider, number)):
                grid.addWidget(widget, line, place)
        said = QLabel(self.tr("For the eye only: what the model is given stays as it was read."))
        said.setProperty("role", "muted")
        said.setWordWrap(True)
        self.reset = QPushButton(self.tr("As read"))
        self.reset.clicked.connect(lambda: self.show_range(LOWEST, HIGHEST))
        close = QPushButton(self.tr("Close"))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self.reset)
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addWidget(said)
        column.addLayout(row)
        self.setMinimumWidth(380)
        self.show_range(black, white)
        self.black.valueChanged.connect(self._tell)
        self.white.valueChanged.connect(self._tell)

    def _slider(self, name: str) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(LOWEST, HIGHEST)
        slider.setAccessibleName(name)
        return slider

    def show_range(self, black: int, white: int) -> None:
        """Show a range."""
        self.black.setValue(black)
        self.white.setValue(white)
        self._write()

    def _write(self) -> None:
        for label, slider in zip(self._numbers, (self.black, self.white), strict=True):
            label.setText(str(slider.value()))

    def _tell(self) -> None:
        self._write()
        self.changed.emit(self.black.value(), self.white.value())
