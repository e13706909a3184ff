"""The project's own icons: SVG drawn in one color, rendered in the theme's."""

from functools import cache
from importlib.resources import files
from weakref import WeakKeyDictionary, WeakSet

import shiboken6
from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from e2evit_gui.theme.palette import Colors
from e2evit_gui.theme.style import ThemeKeeper, keeper

_SIZES = (16, 20, 24, 32, 40, 48)  # device pixels: 100, 150 and 200 % of the sizes used
_worn: WeakKeyDictionary[QAction | QAbstractButton, str] = WeakKeyDictionary()
_followed: WeakSet[ThemeKeeper] = WeakSet()


def _render(renderer: QSvgRenderer, size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        renderer.render(painter, QRectF(0, 0, size, size))
    return image


@cache
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray((files("resources") / "icons" / f"{name}.svg").read_bytes()))


@cache
def _shape(name: str, size: int) -> QImage:
    """Render an icon's shape once: a color is poured over it, which takes a hundredth of reading and drawing it again."""
    return _render(_renderer(name), size)


def _tinted(name: str, size: int, color: str) -> QPixmap:
    image = _shape(name, size).copy()
    with QPainter(image) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(image.rect(), QColor(color))
    return QPixmap.fromImage(image)


def make_icon(name: str, colors: Colors) -> QIcon:
    """Render the icon ``name`` in a theme's colors: text when usable, faint when not, accent when checked."""
    icon = QIcon()
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, colors.text),
        (QIcon.Mode.Normal, QIcon.State.On, colors.accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, colors.faint),
    )
    for mode, state, color in states:
        for size in _SIZES:
            icon.addPixmap(_tinted(name, size, color), mode, state)
    return icon


def program_icon() -> QIcon:
    """Return the program's own icon, in its own colors."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        icon.addPixmap(QPixmap.fromImage(_render(_renderer("program"), size)))
    return icon


def picture(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Render the icon ``name`` as a picture of ``size`` logical pixels in one color."""
    pixmap = _tinted(name, round(size * ratio), color)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def wear(thing: QAction | QAbstractButton, name: str) -> None:
    """Put the icon ``name`` on an action or a button, and keep it in the theme's colors."""
    if keeper() not in _followed:
        _followed.add(keeper())
        keeper().changed.connect(_refresh)
    _worn[thing] = name
    thing.setIcon(make_icon(name, keeper().colors))


def _refresh() -> None:
    made: dict[str, QIcon] = {}
    for thing, name in list(_worn.items()):
        if not shiboken6.isValid(thing):  # its window is gone, and Python has not let go of it yet
            del _worn[thing]
            continue
        if name not in made:
            made[name] = make_icon(name, keeper().colors)
        thing.setIcon(made[name])
