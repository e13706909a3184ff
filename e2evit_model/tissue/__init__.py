"""Which part of the slide is tissue, and what was dropped and why: ``find_tissue`` gives a ``TissueMask``.

``finding`` (the one call) by one of the ``methods``, ``mask`` (the type), ``otsu`` (the method) on ``colors``, ``background``,
``pen`` and ``shapes``; ``low_power`` (the picture it looks at), ``mask_file`` and ``geojson`` (masks from and to files),
``outline`` and ``polygons``, ``coverage`` (the tissue fraction of squares). May import ``slides`` and what lies below it.
"""
