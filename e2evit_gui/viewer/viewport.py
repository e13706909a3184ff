"""Where one looks: the rectangle of the slide that the widget shows."""

from dataclasses import dataclass, replace
from typing import Self

from PySide6.QtGui import QTransform

FINEST = 1 / 32
"""Level-0 pixels a device pixel at the nearest: 32 screen pixels a slide pixel."""

MARGIN = 1.06
"""How much larger than the slide the view is when the slide fits in it."""

KEY_STEP = 1.5
MAGNIFICATIONS = (1.25, 2.5, 5.0, 10.0, 20.0, 40.0)
"""Keys 1 to 6; 7 is one slide pixel a screen pixel."""


@dataclass(frozen=True, kw_only=True)
class Viewport:
    """``x``, ``y``: level-0 coordinates of the upper left corner; ``scale``: level-0 pixels a device pixel.

    ``width`` and ``height`` are the widget's, in device pixels; ``slide_width`` and ``slide_height`` those of level 0.
    """

    x: float
    y: float
    scale: float
    width: int
    height: int
    slide_width: int
    slide_height: int

    @classmethod
    def fitting(cls, width: int, height: int, slide_width: int, slide_height: int) -> Self:
        """Show the whole slide in the middle."""
        width, height = max(width, 1), max(height, 1)
        scale = MARGIN * max(slide_width / width, slide_height / height)
        x, y = (slide_width - width * scale) / 2, (slide_height - height * scale) / 2
        return cls(
            x=x, y=y, scale=scale, width=width, height=height, slide_width=slide_width, slide_height=slide_height
        )

    @property
    def coarsest(self) -> float:
        """The scale beyond which one cannot zoom out: twice as far as the whole slide, or 1:1 for a tiny one."""
        fit = max(self.slide_width / self.width, self.slide_height / self.height)
        return max(2 * MARGIN * fit, 1.0)

    @property
    def center(self) -> tuple[float, float]:
        """The level-0 point in the middle of the view."""
        return self.to_slide(self.width / 2, self.height / 2)

    def to_slide(self, x: float, y: float) -> tuple[float, float]:
        """Return the level-0 point under a device pixel."""
        return self.x + x * self.scale, self.y + y * self.scale

    def to_screen(self, x: float, y: float) -> tuple[float, float]:
        """Return the device pixel over a level-0 point."""
        return (x - self.x) / self.scale, (y - self.y) / self.scale

    def transform(self) -> QTransform:
        """Return the way from level-0 pixels to device pixels for a painter."""
        return QTransform.fromTranslate(-self.x, -self.y) * QTransform.fromScale(1 / self.scale, 1 / self.scale)

    def moved(self, dx: float, dy: float) -> Self:
        """Drag the slide by device pixels."""
        return replace(self, x=self.x - dx * self.scale, y=self.y - dy * self.scale).limited()

    def zoomed(self, factor: float, x: float, y: float) -> Self:
        """Zoom in by ``factor``; the level-0 point under device pixel (x, y) stays under it."""
        return self.scaled(self.scale / factor, x, y)

    def scaled(self, scale: float, x: float, y: float) -> Self:
        """Take a scale; the level-0 point under device pixel (x, y) stays under it."""
        scale = min(max(scale, FINEST), self.coarsest)
        at_x, at_y = self.to_slide(x, y)
        return replace(self, scale=scale, x=at_x - x * scale, y=at_y - y * scale).limited()

    def centered(self, x: float, y: float) -> Self:
        """Bring a level-0 point into the middle."""
        half_width, half_height = self.width * self.scale / 2, self.height * self.scale / 2
        return replace(self, x=x - half_width, y=y - half_height).limited()

    def resized(self, width: int, height: int) -> Self:
        """Keep the middle and the scale while the widget's size changes."""
        center = self.center
        return replace(self, width=max(width, 1), height=max(height, 1)).centered(*center)

    def limited(self) -> Self:
        """Keep the middle of the view on the slide."""
        half_width, half_height = self.width * self.scale / 2, self.height * self.scale / 2
        x = min(max(self.x + half_width, 0.0), float(self.slide_width)) - half_width
        y = min(max(self.y + half_height, 0.0), float(self.slide_height)) - half_height
        return replace(self, x=x, y=y)
