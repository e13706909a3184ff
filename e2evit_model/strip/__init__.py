"""What the model is fed: mean patches, read once at decoding speed, and their cache; the literal strip as reference.

``reading`` (``mean_patches``: the single pass over a slide) with ``phase_sums`` (its arithmetic), ``workers`` (its threads) and
``pixels`` (the level a grid lies on); ``tiles`` (the tiles themselves, each block decoded once) with ``area_average``;
``literal`` (the naive way, the reference); ``patch_stack`` and ``cache`` (what is kept, on disk); ``layout`` and ``preview``
(where a tile lies in a drawn strip, and pictures of it).

May import ``tiling``, ``tissue``, ``slides`` and what lies below them; no torch.
"""
