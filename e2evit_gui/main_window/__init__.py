"""The window around the slide page: menus, toolbar, docks, status bar; what it remembers; a picture of it.

``window`` (the window), ``actions`` (every command with its key), ``bars`` (menus, toolbar, status bar), ``docks``, ``picture``
(the whole window as a file, for documentation and checks).
"""
