"""Which values of the slide are shown as black and as white: for the eye only, the model's pixels stay as read."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from e2evit_gui.viewer.viewport import Viewport

LEAST_WIDTH = 16
"""Black and white are at least so many values apart."""


@dataclass(frozen=True, kw_only=True)
class DisplayRange:
    """``black`` and ``white``, 0..255: values at or beyond them are shown as black and white, those between evenly spread."""

    black: int = 0
    white: int = 255

    @property
    def as_read(self) -> bool:
        """Whether nothing is changed."""
        return (self.black, self.white) == (0, 255)

    def limited(self) -> "DisplayRange":
        """Return the range with its ends in order."""
        black = min(max(self.black, 0), 255 - LEAST_WIDTH)
        return DisplayRange(black=black, white=min(max(self.white, black + LEAST_WIDTH), 255))

    def paint(self, painter: QPainter, view: Viewport) -> None:
        """Change what is painted already of the slide, in device pixels.

        Color dodge by a constant c is x / (1 - c), color burn by c is 1 - (1 - x) / c (W3C, Compositing and Blending Level 1): the
        one moves the white point, the other the black point, which was scaled by the first.
        """
        if self.as_read:
            return
        corners = QPointF(*view.to_screen(0, 0)), QPointF(*view.to_screen(view.slide_width, view.slide_height))
        rectangle = QRectF(*corners).intersected(QRectF(0, 0, view.width, view.height))
        painter.save()
        dodge = 255 - self.white
        burn = 255 - round(255 * self.black / self.white)
        for mode, value in (
            (QPainter.CompositionMode.CompositionMode_ColorDodge, dodge),
            (QPainter.CompositionMode.CompositionMode_ColorBurn, burn),
        ):
            painter.setCompositionMode(mode)
            painter.fillRect(rectangle, QColor(value, value, value))
        painter.restore()
