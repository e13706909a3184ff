"""How long a training will take, from what was measured on its largest slide. No widgets, no torch."""

from dataclasses import dataclass

from e2evit_gui.jobs.measured import DryRun
from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import Folds, Part, fold_counts
from e2evit_model.training.config import Loss, Method, TrainingConfig


@dataclass(frozen=True, kw_only=True)
class TimeEstimate:
    """Seconds of each step of a training; ``epoch_s`` of one epoch of one fold, ``folds_s`` of all epochs of all folds at most.

    ``prepare_s`` is None where the largest slide was prepared before, so that nothing was measured.
    """

    prepare_s: float | None
    embed_s: float
    epoch_s: float
    folds_s: float

    @property
    def total_s(self) -> float:
        """All of it, at most."""
        return (self.prepare_s or 0.0) + self.embed_s + self.folds_s


def estimate(measured: DryRun, cohort: Cohort, folds: Folds, config: TrainingConfig) -> TimeEstimate:
    """Estimate a training: every slide costs what its area is of the largest one's.

    Attention grows faster than the area, so smaller slides cost less than their share: the figure is an upper bound on the same
    machine. Cox fine-tuning looks at each slide once more, since all risks of a step come before its gradients.
    """
    slides = max(len(cohort.slides), 1)
    prepare = None if measured.prepare_s is None else measured.prepare_s * measured.share
    if config.method is not Method.FINE_TUNE:
        return TimeEstimate(prepare_s=prepare, embed_s=measured.look_s * measured.share, epoch_s=0.0, folds_s=0.0)
    learn = measured.learn_s + (measured.look_s if config.loss is Loss.COX else 0.0)
    a_slide = measured.share / slides  # the mean slide, as a part of the largest
    epochs = []
    for fold in range(len(folds)):
        own = {row["part"]: row["slides"] for row in fold_counts(folds, cohort) if row["fold"] == fold}
        epochs.append(a_slide * (own[Part.TRAIN] * learn + own[Part.VAL] * measured.look_s))
    # folds side by side share the processor, so they are not faster for it
    return TimeEstimate(
        prepare_s=prepare, embed_s=0.0, epoch_s=sum(epochs) / len(epochs), folds_s=sum(epochs) * config.epochs
    )
