"""From embeddings of slides to one risk and one survival curve a patient."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from e2evit_model.cohort.cohort import Cohort
from e2evit_model.survival.head import SurvivalHead
from e2evit_model.training.config import Aggregation

Embeddings = Mapping[str, Tensor]
"""Slide to embedding, (C,) float32 on the CPU."""


@dataclass(frozen=True, kw_only=True)
class Predictions:
    """Risks of some patients, and of their slides.

    ``risk`` (n,) and ``survival`` (n, K) belong to ``patient_ids``, which are those with a slide; ``slide_risk`` (m,) to
    ``slide_ids``, whose patients are ``slide_patients``. Larger is worse.
    """

    patient_ids: tuple[str, ...]
    risk: NDArray[np.float64]
    survival: NDArray[np.float64]
    slide_ids: tuple[str, ...]
    slide_patients: tuple[str, ...]
    slide_risk: NDArray[np.float64]
    slide_survival: NDArray[np.float64]


def patient_embeddings(embeddings: Embeddings, cohort: Cohort) -> dict[str, Tensor]:
    """Return the embeddings (slides, C) of each patient with a slide, in the order of the cohort."""
    slides: dict[str, list[Tensor]] = {patient: [] for patient in cohort.patient_ids}
    for slide in cohort.slides:
        if slide.slide_id in embeddings:
            slides[slide.patient_id].append(embeddings[slide.slide_id])
    return {patient: torch.stack(own) for patient, own in slides.items() if own}


@torch.no_grad()
def predict_patients(
    head: SurvivalHead, embeddings: Embeddings, cohort: Cohort, aggregation: Aggregation
) -> Predictions:
    """Say risk and survival of every patient of a cohort that has an embedded slide.

    With ``Aggregation.RISKS`` a patient's curve is the mean of the slides' curves, as the risk is of their risks.
    """
    by_patient = patient_embeddings(embeddings, cohort)
    risks, curves = [], []
    for own in by_patient.values():
        risk, curve = head.predict(own.mean(0) if aggregation is Aggregation.EMBEDDINGS else own)
        if aggregation is Aggregation.RISKS:
            risk, curve = risk.mean(0), curve.mean(0)
        risks.append(float(risk))
        curves.append(curve.double().numpy())
    slides = [slide for slide in cohort.slides if slide.slide_id in embeddings]
    slide_risks, slide_curves = head.predict(torch.stack([embeddings[slide.slide_id] for slide in slides]))
    return Predictions(
        patient_ids=tuple(by_patient),
        risk=np.array(risks),
        survival=np.stack(curves),
        slide_ids=tuple(slide.slide_id for slide in slides),
        slide_patients=tuple(slide.patient_id for slide in slides),
        slide_risk=slide_risks.double().numpy(),
        slide_survival=slide_curves.double().numpy(),
    )
