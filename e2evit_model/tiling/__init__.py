"""Which squares of the slide, in which order: ``make_grid`` gives a ``TileGrid`` with a fingerprint.

May import ``tissue``, ``slides`` and what lies below them.
"""
