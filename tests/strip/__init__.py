"""Tests of the strip: reading, the literal reference, the cache, pictures."""
