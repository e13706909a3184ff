"""Benchmarks beside peers, in one run: ``python -m tests.benchmarks [ID ...] [--peers] [--json FILE] [--quick]``.

Every ratio comes from interleaved repetitions (median of at least five), since machines are noisy and seconds do not compare.
"""
