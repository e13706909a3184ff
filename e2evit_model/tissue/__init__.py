"""Which part of the slide is tissue, and what was dropped and why: ``find_tissue`` gives a ``TissueMask``.

May import ``slides`` and what lies below it.
"""
