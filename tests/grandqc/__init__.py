"""Tests of ``e2evit_model.grandqc``; those with real networks skip without segmentation-models-pytorch."""
