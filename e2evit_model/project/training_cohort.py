"""The cohort that a risk model was trained on: who lived how long, by risk, as the run beside the model kept it."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from e2evit_model.runs.risk_model_card import RiskModelCard, read_card
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.run_tables import read_predictions
from e2evit_model.survival.curves import KaplanMeier, kaplan_meier
from e2evit_model.survival.metrics import Labels

NO_RUN = (
    "The risk model came without its run, which holds how long the patients lived: there are no curves, "
    "only the place among the cohort's risks."
)


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class GroupCurve:
    """The survival of one risk group, and the times of its patients in days."""

    group: str
    labels: Labels
    curve: KaplanMeier


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingSurvival:
    """Risk groups of the training cohort, by out-of-fold risks, with their curves.

    ``groups`` is empty, and ``why`` says why, where the run is not beside the model.
    """

    card: RiskModelCard
    groups: tuple[GroupCurve, ...]
    why: str


def training_survival(model: Path) -> TrainingSurvival:
    """Read the training cohort of a risk model; its run is the folder around it, as training leaves it.

    Raises
    ------
    ModelError
        When the folder is no risk model.
    RunError
        When the run's table of risks is damaged.
    """
    card = read_card(model)
    run = RunFolder(model.resolve().parent)
    if not run.predictions.is_file() or run.model.resolve() != model.resolve():
        return TrainingSurvival(card=card, groups=(), why=NO_RUN)
    rows = [row for row in read_predictions(run.predictions) if not row.slide_id]
    groups = []
    for name in ("low", "high"):
        own = [row for row in rows if row.risk_group == name]
        labels = Labels.of(np.array([row.time_days for row in own]), np.array([row.event for row in own], np.bool_))
        curve = kaplan_meier(labels)
        if curve is not None:
            groups.append(GroupCurve(group=name, labels=labels, curve=curve))
    return TrainingSurvival(card=card, groups=tuple(groups), why="" if groups else NO_RUN)
