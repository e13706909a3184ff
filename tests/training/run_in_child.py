"""Train a small run in a process of its own, which a test kills: ``python -m tests.training.run_in_child FOLDER WEIGHTS``."""

import json
import sys
from pathlib import Path

from e2evit_model.cli.main import STOPPED
from e2evit_model.cli.progress_bar import stoppable_bars
from e2evit_model.progress import Cancelled
from e2evit_model.training.config import Augmentation
from e2evit_model.training.cross_validation import cross_validate
from tests.training.material import five_folds, install_tiny_backbone, planted, tiny_config

install_tiny_backbone()  # also in the processes that this one starts, which import this file again


def small_run(weights, **changes):
    """The cohort, folds, config and strips of the run."""
    cohort, strips = planted(24, seed=5, tiles=6)
    values = {"epochs": 4, "patience": 4, "augmentation": Augmentation(turn_tiles=True, drop_tiles=0.2)} | changes
    return cohort, five_folds(cohort, count=2), tiny_config(weights, **values), strips


def main(folder, weights, changes):
    """Train, and go on where an earlier call was killed; Ctrl+C stops it as it stops ``e2evit train``."""
    cohort, folds, config, strips = small_run(weights, **changes)
    try:
        with stoppable_bars() as progress:
            cross_validate(cohort, folds, config, Path(folder), strips=strips, progress=progress)
    except Cancelled:
        return STOPPED
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]))
    sys.exit(code)
