"""What stands on the canvas and does not move with the slide: scale bar, location, color bar."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPen

from e2evit_gui.theme.palette import Colors

EDGE = 14  # logical pixels from the canvas's border
_PADDING = 8
_WIDEST_TITLE = 96.0
"""Of a color bar: a title in one line would make its plate cover twice as much of the slide."""
_WRAPPED = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True, kw_only=True)
class ColorBar:
    """A table (256, 4) RGBA, ticks (place on the bar 0..1, label) and what the numbers mean."""

    table: NDArray[np.uint8]
    ticks: Sequence[tuple[float, str]]
    title: str


def round_length(longest: float) -> float:
    """Return the largest 1, 2 or 5 times a power of ten that is not longer."""
    power: float = 10.0 ** math.floor(math.log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))


def scale_bar(longest_px: float, mpp: float | None) -> tuple[float, str]:
    """Choose a scale bar.

    Parameters
    ----------
    longest_px
        How many level-0 pixels the bar may be long.
    mpp
        Micrometres a level-0 pixel, None when unknown.

    Returns
    -------
    tuple[float, str]
        Its length in level-0 pixels, and the label: um, from 1000 um on mm, px when the resolution is unknown.
    """
    if mpp is None:
        length = round_length(longest_px)
        return length, f"{length:g} px"
    length = round_length(longest_px * mpp)
    label = f"{length / 1000:g} mm" if length >= 1000 else f"{length:g} µm"
    return length / mpp, label


def magnification_text(scale: float, mpp: float | None) -> str:
    """Write the magnification of a view: 20.0x for 0.5 um a device pixel; percent of 1:1 where the resolution is unknown."""
    if mpp is None:
        return f"{100 / scale:.3g} %"
    power = 10.0 / (mpp * scale)
    return f"{power:.1f}×" if power >= 1 else f"{power:.2f}×"


def _plate(painter: QPainter, rectangle: QRectF, colors: Colors) -> None:
    """Lay a nearly opaque ground under text, so that it can be read on any slide."""
    ground = QColor(colors.panel)
    ground.setAlphaF(0.88)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(rectangle, 5, 5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_scale_bar(painter: QPainter, area: QRect, level0_per_px: float, mpp: float | None, colors: Colors) -> QRectF:
    """Draw the scale bar at the bottom left; ``level0_per_px`` is level-0 pixels a logical pixel. Returns its plate."""
    length, label = scale_bar(min(160.0, area.width() / 4) * level0_per_px, mpp)
    width = length / level0_per_px
    metrics = QFontMetricsF(painter.font())
    plate_width = max(width, metrics.horizontalAdvance(label)) + 2 * _PADDING
    plate_height = metrics.height() + 8 + 2 * _PADDING - 4
    plate = QRectF(area.left() + EDGE, area.bottom() - EDGE - plate_height, plate_width, plate_height)
    _plate(painter, plate, colors)
    painter.setPen(QColor(colors.text))
    text = QRectF(plate.left(), plate.top() + _PADDING - 3, plate.width(), metrics.height())
    painter.drawText(text, Qt.AlignmentFlag.AlignCenter, label)
    x0, y0 = plate.center().x() - width / 2, plate.bottom() - _PADDING
    painter.setPen(QPen(QColor(colors.text), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawLine(QPointF(x0, y0), QPointF(x0 + width, y0))
    painter.drawLine(QPointF(x0 + 1, y0 - 4), QPointF(x0 + 1, y0))
    painter.drawLine(QPointF(x0 + width - 1, y0 - 4), QPointF(x0 + width - 1, y0))
    return plate


def paint_location(painter: QPainter, area: QRect, parts: Sequence[str], colors: Colors) -> QRectF:
    """Draw where the cursor is at the bottom right."""
    if not parts:
        return QRectF()
    text = "   |   ".join(parts)
    metrics = QFontMetricsF(painter.font())
    width, height = metrics.horizontalAdvance(text) + 2 * _PADDING, metrics.height() + _PADDING
    plate = QRectF(area.right() - EDGE - width, area.bottom() - EDGE - height, width, height)
    _plate(painter, plate, colors)
    painter.setPen(QColor(colors.text))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
    return plate


def paint_color_bar(
    painter: QPainter,
    area: QRect,
    bar: ColorBar,
    colors: Colors,
) -> QRectF:
    """Draw the color bar with its numbers above the scale bar, at the left; returns its plate."""
    ticks, title = bar.ticks, bar.title
    metrics = QFontMetricsF(painter.font())
    line = metrics.height()
    bar_height, bar_width = min(130.0, area.height() / 3), 14.0
    label_width = max((metrics.horizontalAdvance(label) for _, label in ticks), default=0.0)
    room = QRectF(0, 0, max(bar_width + 10 + label_width, _WIDEST_TITLE), area.height())
    titled = metrics.boundingRect(room, _WRAPPED, title)
    width = max(bar_width + 10 + label_width, titled.width()) + 2 * _PADDING
    height = titled.height() + bar_height + line + 2 * _PADDING
    bottom = area.bottom() - EDGE - 56
    plate = QRectF(area.left() + EDGE, bottom - height, width, height)
    _plate(painter, plate, colors)
    painter.setPen(QColor(colors.text))
    titled.moveTopLeft(plate.topLeft() + QPointF(_PADDING, _PADDING))
    painter.drawText(titled, _WRAPPED, title)
    box = QRectF(titled.left(), titled.bottom() + line * 0.75, bar_width, bar_height)
    painter.drawImage(box, _bar_image(bar.table))
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.drawRect(box)
    painter.setPen(QColor(colors.text))
    for position, label in ticks:
        y = box.bottom() - position * box.height()
        painter.drawLine(QPointF(box.right(), y), QPointF(box.right() + 4, y))
        text = QRectF(box.right() + 8, y - line / 2, label_width + 2, line)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, label)
    return plate


def _bar_image(table: NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(table[::-1, None, :])
    return QImage(pixels.data, 1, len(table), 4, QImage.Format.Format_RGBA8888).copy()
