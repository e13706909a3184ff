"""The window around the slide page: menus, toolbar, docks, status bar; what it remembers; a picture of it.

``window`` (the window), ``parts`` (what it is put together from), ``projects``, ``opened_slide`` and ``window_memory`` (projects),
``training``, ``undo``, ``actions`` (every command with its key), ``bars`` (menus, toolbar, status bar), ``docks``, ``picture``
(the whole window as a file, for documentation and checks).
"""
