"""Tests of ``e2evit_model.ablation``."""
