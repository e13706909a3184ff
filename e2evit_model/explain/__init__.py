"""Experiments that say what a model does: what it sees, what it would say without a part of the slide, how far it extrapolates.

``seen_strip`` (mean patches instead of pixels, and the share of color), ``squares`` (groups of neighbouring tiles), ``occlusion``
(the risk without them), ``rollout`` (attention through all layers), ``extrapolation`` (one region at four sizes) with
``region``. Each has a command of its own. May import ``inference`` and what lies below it; imports nothing by itself, so that its
plain data can be used without torch.
"""
