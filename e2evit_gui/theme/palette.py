"""The colors of both themes, and what is measured of them."""

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QColor, QPalette


class ThemeChoice(StrEnum):
    """What the user chose in the View menu."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, kw_only=True)
class Colors:
    """The colors of one theme, as ``#rrggbb``.

    ``canvas`` lies around the slide, ``muted`` is secondary text, ``faint`` what cannot be used now, ``*_back`` and ``*_text`` are
    notices by their weight. ``tissue``, ``grid`` and ``highlight`` are drawn on slides, so they are the same in both themes.
    """

    dark: bool
    window: str
    panel: str
    base: str
    raised: str
    text: str
    muted: str
    faint: str
    border: str
    accent: str
    on_accent: str
    canvas: str
    info_back: str
    info_text: str
    warning_back: str
    warning_text: str
    error_back: str
    error_text: str
    good: str
    tissue: str = "#00a651"
    grid: str = "#1a1a1a"
    highlight: str = "#ffd400"


LIGHT = Colors(
    dark=False,
    window="#f3f4f6",
    panel="#fbfbfc",
    base="#ffffff",
    raised="#ffffff",
    text="#1b1f27",
    muted="#586171",
    faint="#8a93a0",
    border="#d3d7de",
    accent="#0f5fb8",
    on_accent="#ffffff",
    canvas="#dcdfe4",
    info_back="#e3eefb",
    info_text="#123d6d",
    warning_back="#fdf1d3",
    warning_text="#5f4300",
    error_back="#fbe3e1",
    error_text="#7a1712",
    good="#1c7a3e",
)

DARK = Colors(
    dark=True,
    window="#1d2025",
    panel="#23272d",
    base="#16181c",
    raised="#2d323a",
    text="#e7e9ec",
    muted="#a3adba",
    faint="#6b7480",
    border="#3a414b",
    accent="#6cb0ff",
    on_accent="#0a1a2d",
    canvas="#121316",
    info_back="#1b304a",
    info_text="#cfe4ff",
    warning_back="#42351a",
    warning_text="#ffe2a3",
    error_back="#4a2220",
    error_text="#ffd3cf",
    good="#6fd394",
)


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, 1 to 21 (WCAG 2.2, relative luminance)."""

    def luminance(name: str) -> float:
        color = QColor(name)
        parts = [
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in (color.redF(), color.greenF(), color.blueF())
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def qt_palette(colors: Colors) -> QPalette:
    """Return the palette of a theme for Qt's own widgets."""
    role = QPalette.ColorRole
    palette = QPalette()
    by_role = {
        role.Window: colors.window,
        role.WindowText: colors.text,
        role.Base: colors.base,
        role.AlternateBase: colors.panel,
        role.Text: colors.text,
        role.Button: colors.raised,
        role.ButtonText: colors.text,
        role.BrightText: colors.error_text,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.on_accent,
        role.ToolTipBase: colors.raised,
        role.ToolTipText: colors.text,
        role.PlaceholderText: colors.muted,
        role.Link: colors.accent,
        role.LinkVisited: colors.accent,
        role.Mid: colors.border,
        role.Accent: colors.accent,
    }
    for one, name in by_role.items():
        palette.setColor(one, QColor(name))
    for one in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, one, QColor(colors.faint))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(colors.border))
    return palette


_DARKER = 140  # per cent, by which Qt's Fusion style makes the outline of a widget darker than the window


def outlined_palettes(colors: Colors) -> dict[str, QPalette]:
    """Return the palettes, by class, of widgets whose outline Fusion makes from the window's color: in the dark theme, of none.

    Boxes are outlined in ``muted``, as a box is nothing but its outline; fields to choose from in ``border``, as other fields.
    """
    palettes = {}
    for name, outline in (
        ("QCheckBox", colors.muted),
        ("QRadioButton", colors.muted),
        ("QComboBox", colors.border),
        ("QAbstractSpinBox", colors.border),
    ):
        palettes[name] = qt_palette(colors)
        palettes[name].setColor(QPalette.ColorRole.Window, QColor(outline).lighter(_DARKER))
    return palettes
