"""Proofs that take minutes, run by hand: what they measured stands in the documentation, with how.

Unlike a test they need a quiet machine, or data that are not part of the project; each is a command,
``python -m tests.proofs.NAME``.
"""
