"""Which squares of the slide, in which order: ``make_grid`` gives a ``TileGrid`` with a fingerprint.

``making`` (``make_grid``), ``grid`` (the type), ``orders`` (the strip's ways through the slide), ``regions`` (tiles by regions that
were drawn), ``tables`` (Parquet and CSV). May import ``tissue``, ``slides`` and what lies below them.
"""
