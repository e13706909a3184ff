"""What the model is fed: mean patches, read once at decoding speed, and their cache; the literal strip as reference.

May import ``tiling``, ``tissue``, ``slides`` and what lies below them; no torch.
"""
