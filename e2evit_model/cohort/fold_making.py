"""Make folds by patient, balanced by event, and by time or site where asked."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.folds import FEWEST_EVENTS_IN_A_PART, Folds, Part, accept_folds
from e2evit_model.errors import CohortError, OptionError
from e2evit_model.options import Options, option

_LARGEST_SEED = 2**32 - 1


class Stratify(StrEnum):
    """What is balanced over the folds."""

    EVENT = "event"
    EVENT_AND_TIME = "event+time"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class FoldSettings(Options):
    """How folds are made; the fields are the keyword arguments of :func:`make_folds`."""

    k: int = option(
        5, label="Folds", minimum=2, maximum=50, help="How many rounds: each patient is tested in one of them."
    )
    validation: float = option(
        0.2,
        label="Validation part",
        minimum=0.05,
        maximum=0.5,
        help="The share of each training part that is kept back for early stopping.",
    )
    seed: int = option(
        0, label="Seed", minimum=0, maximum=_LARGEST_SEED, help="The same seed and cohort give the same folds."
    )
    stratify: Stratify = option(
        Stratify.EVENT, label="Balance", help="What is spread evenly over the folds: events, or events and times."
    )
    by_group: bool = option(
        False,
        label="Keep sites together",
        help="All patients of a site are tested in the same fold, never trained on in it.",
    )


def make_folds(
    cohort: Cohort,
    *,
    k: int = 5,
    validation: float = 0.2,
    seed: int = 0,
    stratify: str = Stratify.EVENT,
    by_group: bool = False,
) -> Folds:
    """Split the patients into K test parts, and each rest into training and validation.

    The result depends on the patients, their labels and the settings, not on the order of the table.

    Raises
    ------
    OptionError
        When a setting is outside its limits.
    CohortError
        When there are too few events or sites for so many folds.
    """
    settings = FoldSettings(k=k, validation=validation, seed=seed, stratify=stratify, by_group=by_group)  # type: ignore[arg-type]
    if by_group and not cohort.groups:
        raise OptionError("Sites cannot be kept together: the cohort has none.", hint="Map a column to the group.")
    if cohort.events < FEWEST_EVENTS_IN_A_PART * k:
        raise CohortError(
            f"{k} folds need at least {FEWEST_EVENTS_IN_A_PART * k} patients with the event; there are {cohort.events}.",
            hint="Choose fewer folds, or add patients.",
        )
    ordered = cohort.subset(sorted(cohort.patient_ids))
    random = np.random.default_rng(seed)
    units = _units(ordered, by_group=by_group)
    strata = _strata(ordered, Stratify(settings.stratify))
    test = _deal(units, strata, k, random)
    parts = []
    for fold in range(k):
        rest = np.flatnonzero(test != fold)
        held = _hold_back(units[rest], strata[rest], validation, random)
        own = dict.fromkeys(ordered.patient_ids, Part.TEST)
        own |= {ordered.patient_ids[i]: Part.VAL if v else Part.TRAIN for i, v in zip(rest, held, strict=True)}
        parts.append({patient: own[patient] for patient in cohort.patient_ids})
    return accept_folds(Folds(parts=tuple(parts)), cohort)


def with_validation(folds: Folds, cohort: Cohort, *, validation: float = 0.2, seed: int = 0) -> Folds:
    """Keep part of each training part back for early stopping, balanced by event, in rounds that have no validation part.

    Raises
    ------
    CohortError
        When the folds do not fit the cohort.
    """
    random = np.random.default_rng(seed)
    parts = []
    for index, fold in enumerate(folds.parts):
        train = sorted(p for p in folds.patients(index, Part.TRAIN) if p in set(cohort.patient_ids))
        if Part.VAL in fold.values() or not train:
            parts.append(dict(fold))
            continue
        chosen = cohort.subset(train)
        units = np.arange(len(chosen))
        held = _hold_back(units, _strata(chosen, Stratify.EVENT), validation, random)
        parts.append(dict(fold) | {p: Part.VAL for p, v in zip(train, held, strict=True) if v})
    return accept_folds(Folds(parts=tuple(parts)), cohort)


def _strata(cohort: Cohort, by: Stratify) -> NDArray[np.int64]:
    """Give each patient the number of its stratum; time tertiles are taken within those with and without the event."""
    if by == Stratify.NONE:
        return np.zeros(len(cohort), dtype=np.int64)
    event = cohort.event.astype(np.int64)
    if by == Stratify.EVENT:
        return event
    tertile = np.zeros(len(cohort), dtype=np.int64)
    for value in (0, 1):
        own = np.flatnonzero(event == value)
        ranks = np.argsort(np.argsort(cohort.time_days[own], kind="stable"), kind="stable")
        tertile[own] = 3 * ranks // max(len(own), 1)
    return 3 * event + tertile


def _units(cohort: Cohort, *, by_group: bool) -> NDArray[np.int64]:
    """Give what must stay together one number: patients, or sites; a patient of no known site stands alone."""
    if not by_group:
        return np.arange(len(cohort))
    names = [group or f"\0{patient}" for group, patient in zip(cohort.groups, cohort.patient_ids, strict=True)]
    return np.unique(names, return_inverse=True)[1]


def _deal(
    units: NDArray[np.int64], strata: NDArray[np.int64], k: int, random: np.random.Generator
) -> NDArray[np.int64]:
    """Deal units to K folds so that every stratum, rarest first, is spread as evenly as whole units allow.

    Each unit, larger ones first, goes to the fold that lacks most of what the unit brings (in squares, so that one large lack
    counts more than many small ones). For single patients the counts of each stratum differ by at most one.
    """
    kinds, kind = np.unique(strata, return_inverse=True)
    members, unit = np.unique(units, return_inverse=True)
    content = np.zeros((len(members), len(kinds)))
    np.add.at(content, (unit, kind), 1)
    if len(members) < k:
        raise CohortError(f"{k} folds cannot be made of {len(members)} sites.", hint="Choose fewer folds.")
    weight = 1 / np.maximum(content.sum(axis=0), 1)  # rare strata count as much as common ones
    order = random.permutation(len(members))
    rarest = np.where(content > 0, weight, 0).max(axis=1)
    order = order[np.lexsort((-rarest[order], -content.sum(axis=1)[order]))]
    filled = np.zeros((k, len(kinds)))
    fold_of = np.zeros(len(members), dtype=np.int64)
    for index in order:
        cost = (((filled + content[index]) * weight) ** 2 - (filled * weight) ** 2).sum(axis=1)
        size = filled.sum(axis=1)
        fold = np.lexsort((random.random(k), size, cost.round(12)))[0]
        filled[fold] += content[index]
        fold_of[index] = fold
    return fold_of[unit]


def _hold_back(
    units: NDArray[np.int64], strata: NDArray[np.int64], share: float, random: np.random.Generator
) -> NDArray[np.bool_]:
    """Choose a share of the units, stratum by stratum; at least one patient of each stratum that has two."""
    held = np.zeros(len(units), dtype=np.bool_)
    wanted = {s: max(round(share * n), 1) if (n := int((strata == s).sum())) > 1 else 0 for s in np.unique(strata)}
    for unit in random.permutation(np.unique(units)):
        own = np.flatnonzero(units == unit)
        brought = {s: int((strata[own] == s).sum()) for s in np.unique(strata[own])}
        if all(wanted[s] >= n / 2 for s, n in brought.items()):
            held[own] = True
            for s, n in brought.items():
                wanted[s] -= n
    return held
