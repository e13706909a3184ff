"""One fold: learn from its training and validation part, then, with nothing left to choose, predict its test part."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.convert.devices import choose_device
from e2evit_model.progress import Progress, silent
from e2evit_model.survival.head import CoxHead, HazardHead
from e2evit_model.survival.targets import TimeBins, make_bins
from e2evit_model.training.config import Aggregation, Method, TrainingConfig
from e2evit_model.training.cox_baseline import baseline_survival
from e2evit_model.training.embeddings import Embedder, embed_all
from e2evit_model.training.epochs import EpochStore, run_epochs
from e2evit_model.training.learners import LinearProbe, Weights, WholeNetwork
from e2evit_model.training.linear_cox import fit_cox, standard
from e2evit_model.training.network import HEAD, Pretrained, RiskNetwork, part_of
from e2evit_model.training.objectives import make_objective
from e2evit_model.training.parts import FinalModel, LearningPart, SealedTest, declare_final
from e2evit_model.training.predictions import Predictions, patient_embeddings, predict_patients
from e2evit_model.training.repeating import Repeating
from e2evit_model.training.strips import Strips

log = logging.getLogger(__name__)

EmbedSlides = Callable[[Strips, Sequence[str], Progress], dict[str, Tensor]]
"""Embed slides by the final model, nothing at random."""


class FoldStore(EpochStore, Protocol):
    """Where a fold keeps its files."""

    def load_best(self) -> Weights:
        """Return the weights of the best epoch."""
        ...

    def best_sha256(self) -> str:
        """Return the SHA-256 of the file with the best weights."""
        ...


@dataclass(frozen=True, kw_only=True)
class FittedFold:
    """The final model of a fold.

    ``training_median_risk`` cuts low from high risk; ``details`` are plain values for the record (the chosen penalty, the best
    epoch).
    """

    fold: int
    head: HazardHead | CoxHead
    bins: TimeBins
    aggregation: Aggregation
    embed: EmbedSlides
    training_median_risk: float
    final: FinalModel
    details: dict[str, Any]


def fit_fold(
    part: LearningPart, config: TrainingConfig, pretrained: Pretrained, store: FoldStore, *, progress: Progress = silent
) -> FittedFold:
    """Fit one fold by the method of the config; goes on where an earlier call was stopped.

    The test part cannot be reached from here: neither its patients nor its strips are in ``part``.

    Raises
    ------
    TrainingError
        When a loss is no number, or there are too few events.
    CacheError, OptionError
        When a strip is damaged, or was prepared for another model.
    OutputError
        When a state cannot be written.
    Cancelled
        When ``progress`` raises it.
    """
    bins = make_bins(part.train.time_days, part.train.event, bins=config.bins)
    fit = {Method.FINE_TUNE: _fine_tune, Method.LINEAR_NLL: _probe_by_nll, Method.LINEAR_COX: _probe_by_cox}
    task = _Task(part=part, config=config, pretrained=pretrained, store=store, bins=bins)
    embed, details = fit[config.method](task, progress)
    slides = [slide.slide_id for slide in part.train.slides]
    embeddings = embed(part.strips, slides, progress)
    head = _final_head(part.train, config, store.load_best(), bins, embeddings)
    risks = predict_patients(head, embeddings, part.train, config.aggregation).risk
    return FittedFold(
        fold=part.fold,
        head=head,
        bins=bins,
        aggregation=config.aggregation,
        embed=embed,
        training_median_risk=float(np.median(risks)),
        final=declare_final(part.fold, store.best_sha256()),
        details=details,
    )


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What a method needs to fit a fold."""

    part: LearningPart
    config: TrainingConfig
    pretrained: Pretrained
    store: FoldStore
    bins: TimeBins


Fitted = tuple[EmbedSlides, dict[str, Any]]


def _fine_tune(task: _Task, progress: Progress) -> Fitted:
    part, config, bins, store = task.part, task.config, task.bins, task.store
    torch.manual_seed(config.seed + part.fold)  # the head's first weights
    network = RiskNetwork(task.pretrained.encoder, config, bins=len(bins), device=choose_device(config.device))
    network.train()
    repeating = Repeating(progress)
    network.tick = repeating.again
    learner = WholeNetwork(network, part.strips)
    objective = make_objective(part.train, part.val, bins, config)
    rows = run_epochs(learner, objective, config, store, fold=part.fold, progress=repeating)
    network.load_weights(store.load_best())

    def embed(strips: Strips, slide_ids: Sequence[str], progress: Progress) -> dict[str, Tensor]:
        found = {}
        repeating = Repeating(progress)
        network.tick = repeating.again
        with network.evaluating():
            for done, slide_id in enumerate(slide_ids):
                repeating(f"Fold {part.fold}, looking at slides", done, len(slide_ids))
                found[slide_id] = network.embed(strips.load(slide_id)).cpu()
        return found

    best = [row for row in rows if row.better][-1]
    return embed, {"epochs": len(rows), "best_epoch": best.epoch, "val_c_index": best.val_c_index}


def _embed_frozen(task: _Task) -> EmbedSlides:
    embedder = Embedder(task.pretrained, task.config)

    def embed(strips: Strips, slide_ids: Sequence[str], progress: Progress) -> dict[str, Tensor]:
        return embed_all(embedder, strips, slide_ids, progress=progress)

    return embed


def _probe_by_nll(task: _Task, progress: Progress) -> Fitted:
    part, config, bins, store = task.part, task.config, task.bins, task.store
    embed = _embed_frozen(task)
    embeddings = embed(part.strips, [slide.slide_id for slide in part.both.slides], progress)
    train = torch.stack([embeddings[slide.slide_id] for slide in part.train.slides])
    mean, scale = torch.zeros(train.shape[1]), torch.ones(train.shape[1])
    if config.standardise:
        mean, scale = (torch.from_numpy(values).float() for values in standard(train.double().numpy()))
    torch.manual_seed(config.seed + part.fold)  # the head's first weights
    learner = LinearProbe(embeddings, config, bins=len(bins), mean=mean, scale=scale)
    objective = make_objective(part.train, part.val, bins, config)
    rows = run_epochs(learner, objective, config, store, fold=part.fold, progress=progress)
    best = [row for row in rows if row.better][-1]
    return embed, {"epochs": len(rows), "best_epoch": best.epoch, "val_c_index": best.val_c_index}


def _probe_by_cox(task: _Task, progress: Progress) -> Fitted:
    """Fit on training and validation part together: the penalty is chosen inside, so nothing is left for validation to decide."""
    part, config, bins, store = task.part, task.config, task.bins, task.store
    embed = _embed_frozen(task)
    embeddings = embed(part.strips, [slide.slide_id for slide in part.both.slides], progress)
    x = torch.stack([own.mean(0) for own in patient_embeddings(embeddings, part.both).values()]).double().numpy()
    progress(f"Fold {part.fold}, Cox model", 0, 1)
    found = fit_cox(x, part.both.time_days, part.both.event, config, seed=config.seed + part.fold)
    survival = baseline_survival(found.risk(x), part.both.time_days, part.both.event, bins)
    values = {
        "coefficients": found.coefficients,
        "mean": found.mean,
        "scale": found.scale,
        "baseline_survival": survival,
    }
    store.save_best({HEAD + name: torch.from_numpy(value).float() for name, value in values.items()})
    details = {
        "penalty": found.strength,
        "penalties": found.strengths.tolist(),
        "cross_validated_log_likelihood": [float(s) if np.isfinite(s) else None for s in found.scores],
        "fitted_on": "training and validation part",
        "coefficients_not_zero": int(np.count_nonzero(found.coefficients)),
    }
    return embed, details


def _final_head(
    train: Cohort, config: TrainingConfig, weights: Weights, bins: TimeBins, embeddings: dict[str, Tensor]
) -> HazardHead | CoxHead:
    state = part_of(weights, HEAD)
    if not config.uses_cox:
        hazards = HazardHead(state["weight"].shape[1], len(bins))
        hazards.load_state_dict(state)
        return hazards.eval()
    if config.method is Method.LINEAR_COX:
        head = CoxHead(len(state["coefficients"]), len(bins))
        head.load_state_dict(state)
        return head
    head = CoxHead(state["weight"].shape[1], len(bins))
    head.coefficients.copy_(state["weight"][0])
    with torch.no_grad():
        risks = predict_patients(head, embeddings, train, Aggregation.EMBEDDINGS).risk
    survival = baseline_survival(risks, train.time_days, train.event, bins)
    head.baseline_survival.copy_(torch.from_numpy(survival))
    return head


def predict_test_part(
    fitted: FittedFold, sealed: SealedTest, *, progress: Progress = silent
) -> tuple[Cohort, Predictions]:
    """Open the test part, once, and predict it by the final model.

    Raises
    ------
    TrainingError
        When it was opened for another model before.
    OutputError, CacheError, Cancelled
        As :func:`fit_fold`.
    """
    test, strips = sealed.open(fitted.final)
    embeddings = fitted.embed(strips, [slide.slide_id for slide in test.slides], progress)
    return test, predict_patients(fitted.head, embeddings, test, fitted.aggregation)
