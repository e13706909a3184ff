"""The tiny backbone and a small cohort, as for the tests of training."""

import pytest

from tests.training.conftest import known_tiny_backbone, weights  # noqa: F401 - fixtures
from tests.training.material import five_folds, planted


@pytest.fixture(scope="module")
def small():
    """Twenty-four patients, two folds."""
    cohort, strips = planted(24, seed=5, tiles=6)
    return cohort, five_folds(cohort, count=2), strips
