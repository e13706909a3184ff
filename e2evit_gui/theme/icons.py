"""The project's own icons: SVG drawn in one color, rendered in the theme's."""

from functools import cache
from importlib.resources import files
from weakref import WeakKeyDictionary, WeakSet

import shiboken6
from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from e2evit_gui.theme.palette import Colors
from e2evit_gui.theme.style import ThemeKeeper, keeper

_SIZES = (16, 20, 24, 32, 40, 48)  # device pixels: 100, 150 and 200 % of the sizes used
_worn: WeakKeyDictionary[QAction | QAbstractButton, str] = WeakKeyDictionary()
_followed: WeakSet[ThemeKeeper] = WeakSet()


@cache
def _source(name: str) -> str:
    return (files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def _render(svg: str, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    return pixmap


def make_icon(name: str, colors: Colors) -> QIcon:
    """Render the icon ``name`` in a theme's colors: text when usable, muted when not, accent when checked."""
    icon = QIcon()
    states = (
        (QIcon.Mode.Normal, QIcon.State.Off, colors.text),
        (QIcon.Mode.Normal, QIcon.State.On, colors.accent),
        (QIcon.Mode.Disabled, QIcon.State.Off, colors.border),
    )
    for mode, state, color in states:
        svg = _source(name).replace("currentColor", color)
        for size in _SIZES:
            icon.addPixmap(_render(svg, size), mode, state)
    return icon


def program_icon() -> QIcon:
    """Return the program's own icon, in its own colors."""
    icon = QIcon()
    for size in (16, 24, 32, 48, 64, 128, 256):
        icon.addPixmap(_render(_source("program"), size))
    return icon


def picture(name: str, color: str, size: int, ratio: float = 1.0) -> QPixmap:
    """Render the icon ``name`` as a picture of ``size`` logical pixels in one color."""
    pixmap = _render(_source(name).replace("currentColor", color), round(size * ratio))
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
