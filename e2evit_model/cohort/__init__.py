"""Clinical tables to a ``Cohort``, and folds. May import the frame only; no torch."""
