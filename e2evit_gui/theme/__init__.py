"""How the window looks: colors for light and dark, the small stylesheet, the icons.

``palette`` (colors, their contrast), ``style`` (applies a theme to the application), ``icons`` (SVG icons in the theme's
colors). Imports nothing of ``e2evit_gui``.
"""
