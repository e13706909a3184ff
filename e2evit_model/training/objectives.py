"""What is made small, and what is looked at: the likelihood of time bins slide by slide, or Cox over the patients of a step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.errors import TrainingError
from e2evit_model.survival.head import risk_of
from e2evit_model.survival.losses import cox_loss, discrete_nll
from e2evit_model.survival.metrics import Labels, harrell_c
from e2evit_model.survival.targets import TimeBins
from e2evit_model.survival.two_pass import backward_in_two_passes
from e2evit_model.training.config import Aggregation, TrainingConfig
from e2evit_model.training.faults import not_a_number
from e2evit_model.training.learners import Learner
from e2evit_model.training.randomness import Randomness

Floats = NDArray[np.float64]
Told = Callable[[int], None]
"""Hears how many slides are done."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """The slides whose gradients are gathered before the weights move, and with Cox their patients."""

    slide_ids: tuple[str, ...]
    patient_ids: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return len(self.slide_ids)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What the validation part says: the loss, and the C-index of its patients or ``None`` where it cannot be estimated."""

    loss: float
    c_index: float | None


class Objective(Protocol):
    """A loss over the training part, and the same over the validation part."""

    val_slides: int

    def steps(self, randomness: Randomness) -> list[Step]:
        """Deal the training slides of an epoch into steps, at random."""
        ...

    def backward(self, learner: Learner, step: Step, randomness: Randomness, told: Told) -> float:
        """Add the gradient of a step's mean loss to the weights' gradients; return that loss."""
        ...

    def validate(self, learner: Learner, told: Told) -> Seen:
        """Look at the validation part; the learner is evaluating."""
        ...


def make_objective(train: Cohort, val: Cohort, bins: TimeBins, config: TrainingConfig) -> Objective:
    """Return what a config makes small."""
    return CoxObjective(train, val, config) if config.uses_cox else NllObjective(train, val, bins, config)


class NllObjective:
    """Discrete-time likelihood: every slide counts as one, with the time and event of its patient, as in the paper."""

    def __init__(self, train: Cohort, val: Cohort, bins: TimeBins, config: TrainingConfig) -> None:
        self._train, self._val, self._config = train, val, config
        self._targets = {
            patient: (int(bin_), bool(event))
            for part in (train, val)
            for patient, bin_, event in zip(part.patient_ids, bins.bin_of(part.time_days), part.event, strict=True)
        }
        self._patient_of = {slide.slide_id: slide.patient_id for part in (train, val) for slide in part.slides}
        self.val_slides = len(val.slides)

    def steps(self, randomness: Randomness) -> list[Step]:
        """Deal the training slides into steps of ``step_size``; the last one may be smaller."""
        slides = self._train.slides
        order = randomness.permutation(len(slides))
        size = self._config.step_size
        return [
            Step(slide_ids=tuple(slides[i].slide_id for i in order[start : start + size]))
            for start in range(0, len(order), size)
        ]

    def _loss(self, outputs: Tensor, slide_id: str) -> Tensor:
        bin_, event = self._targets[self._patient_of[slide_id]]
        loss = discrete_nll(
            outputs, torch.tensor(bin_, device=outputs.device), torch.tensor(event, device=outputs.device)
        )
        if not bool(torch.isfinite(loss)):
            raise not_a_number(slide_id)
        return loss

    def backward(self, learner: Learner, step: Step, randomness: Randomness, told: Told) -> float:
        """Send each slide's share of the mean loss backward, one slide in memory."""
        total = 0.0
        for done, slide_id in enumerate(step.slide_ids):
            told(done)
            outputs = learner.head(learner.embed(slide_id, augmentation_seed=randomness.seed()))
            loss = self._loss(outputs, slide_id)
            (loss / len(step)).backward()
            total += float(loss.detach())
        return total / len(step)

    def validate(self, learner: Learner, told: Told) -> Seen:
        """Return the mean loss over slides, and the C-index over patients."""
        losses, outputs = [], {}
        for done, slide in enumerate(self._val.slides):
            told(done)
            embedding = learner.embed(slide.slide_id)
            losses.append(float(self._loss(learner.head(embedding), slide.slide_id)))
            outputs[slide.slide_id] = embedding
        risks = patient_risks(
            self._val, outputs, lambda embeddings: risk_of(learner.head(embeddings)), self._config.aggregation
        )
        return Seen(loss=float(np.mean(losses)), c_index=c_index(self._val, risks))


class CoxObjective:
    """Cox's partial likelihood over the patients of a step, exact with one patient in memory.

    A patient's risk is the mean over its slides, which for a linear head is also the risk of their mean embedding.
    """

    def __init__(self, train: Cohort, val: Cohort, config: TrainingConfig) -> None:
        if val.events == 0 or len(val) < 2:
            raise TrainingError(
                "The Cox loss cannot be judged on this validation part: it needs two patients and an event.",
                hint="Choose other folds, or the likelihood of time bins (--loss nll).",
            )
        self._train, self._val, self._config = train, val, config
        self._slides_of = {
            patient: tuple(slide.slide_id for slide in part.slides_of([patient]))
            for part in (train, val)
            for patient in part.patient_ids
        }
        self.val_slides = len(val.slides)

    def steps(self, randomness: Randomness) -> list[Step]:
        """Deal the training patients into steps of about ``step_size``, events as evenly as they go: a step needs one."""
        train = self._train
        order = np.array(randomness.permutation(len(train)))
        count = min(max(round(len(train) / self._config.step_size), 1), max(train.events, 1))
        hands: list[list[str]] = [[] for _ in range(count)]
        by_event = np.concatenate([order[train.event[order]], order[~train.event[order]]])
        for place, index in enumerate(by_event):
            hands[place % count].append(train.patient_ids[index])
        return [
            Step(patient_ids=tuple(hand), slide_ids=tuple(slide for p in hand for slide in self._slides_of[p]))
            for hand in hands
        ]

    def backward(self, learner: Learner, step: Step, randomness: Randomness, told: Told) -> float:
        """Send the exact gradient of the step's loss backward: all risks first, then patient by patient."""
        labels = self._train.subset(step.patient_ids)
        seeds = {slide: randomness.seed() for slide in step.slide_ids}

        def risk(index: int) -> Tensor:
            risks = []
            for slide in self._slides_of[step.patient_ids[index]]:
                risks.append(learner.head(learner.embed(slide, augmentation_seed=seeds[slide])).reshape(()))
                if not bool(torch.isfinite(risks[-1])):
                    raise not_a_number(slide, "risk")
            return torch.stack(risks).mean()

        def progress(step: str, done: int, total: int) -> None:  # noqa: ARG001 - the two passes go on as one
            told(slides * done // max(total, 1))

        slides = len(step)

        time, event = torch.from_numpy(labels.time_days), torch.from_numpy(labels.event)
        loss, _ = backward_in_two_passes(risk, time, event, progress=progress)
        return loss

    def validate(self, learner: Learner, told: Told) -> Seen:
        """Return the loss over all validation patients at once, and their C-index."""
        embeddings = {}
        for done, slide in enumerate(self._val.slides):
            told(done)
            embeddings[slide.slide_id] = learner.embed(slide.slide_id)
            if not bool(torch.isfinite(embeddings[slide.slide_id]).all()):
                raise not_a_number(slide.slide_id, "embedding")
        risks = patient_risks(self._val, embeddings, lambda e: learner.head(e).squeeze(-1), Aggregation.RISKS)
        time, event = torch.from_numpy(self._val.time_days), torch.from_numpy(self._val.event)
        loss = float(cox_loss(torch.from_numpy(risks), time, event))
        return Seen(loss=loss, c_index=c_index(self._val, risks))


def patient_risks(
    cohort: Cohort, embeddings: dict[str, Tensor], risk: Callable[[Tensor], Tensor], aggregation: Aggregation
) -> Floats:
    """Return the risk (n,) of each patient from embeddings of slides, in the order of the cohort."""
    risks = []
    for own in _slides_by_patient(cohort):
        stacked = torch.stack([embeddings[slide] for slide in own])
        if aggregation is Aggregation.EMBEDDINGS:
            stacked = stacked.mean(0, keepdim=True)
        risks.append(float(risk(stacked).mean()))
    return np.array(risks, dtype=np.float64)


def _slides_by_patient(cohort: Cohort) -> Sequence[Sequence[str]]:
    slides: dict[str, list[str]] = {patient: [] for patient in cohort.patient_ids}
    for slide in cohort.slides:
        slides[slide.patient_id].append(slide.slide_id)
    return list(slides.values())


def c_index(cohort: Cohort, risks: Floats) -> float | None:
    """Return Harrell's C of patients, ``None`` where it cannot be estimated."""
    return harrell_c(Labels.of(cohort.time_days, cohort.event), risks).value
