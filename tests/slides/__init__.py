"""Tests of opening and reading slides."""
