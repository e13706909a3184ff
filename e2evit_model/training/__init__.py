"""Folds to a run: fine-tuning and linear probing."""
