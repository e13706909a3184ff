"""Targets, losses, head, metrics and curves of survival models.

May import the frame only; torch in ``head`` and ``losses``, scikit-survival in ``metrics`` and ``curves``.
"""
