"""The window: it shows what ``e2evit_model`` does, and does nothing itself.

Floors, imports going down only: ``app``, ``main_window``, ``slide_page``, ``viewer`` with ``forms`` and ``dialogs``, ``state``,
``jobs``, and at the bottom ``theme`` and ``qt_platform``.
"""
