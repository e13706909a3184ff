"""``model/``: the fold models of a finished run as one risk model that the application opens."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from e2evit_model import __version__
from e2evit_model.cohort.cohort import Cohort
from e2evit_model.runs.risk_model import write_risk_model
from e2evit_model.runs.risk_model_card import HeadKind, MemberCard, RiskModelCard, TrainingCohort
from e2evit_model.survival.curves import kaplan_meier
from e2evit_model.survival.metrics import Labels
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.training.fold_files import FoldResult
from e2evit_model.training.network import Pretrained
from e2evit_model.training.prepared_files import StripWish


def write_run_model(
    folder: Path,
    results: Sequence[FoldResult],
    *,
    cohort: Cohort,
    config: TrainingConfig,
    pretrained: Pretrained,
    wish: StripWish,
    record: dict[str, Any],
) -> RiskModelCard:
    """Write the risk model of a run.

    Fine-tuned folds bring a backbone each; linear ones share the pre-trained one, which is left out where the config says so.

    Parameters
    ----------
    record
        How it was trained, as plain values without any path.

    Raises
    ------
    ModelError, OutputError
        When it cannot be written.
    """
    backbone = pretrained.backbone
    card = RiskModelCard(
        name=f"{cohort.name}, {backbone.title}",
        backbone=backbone.id,
        backbone_weights_sha256=pretrained.sha256,
        conversion=config.conversion.to_record(),
        order=config.tiles.order.value,
        tile_mpp=wish.tile_mpp,
        tile_px=wish.tile_px,
        patch_px=backbone.patch_px,
        mean=backbone.mean,
        std=backbone.std,
        tissue_method=config.tiles.tissue,
        tissue_fraction=config.tiles.tissue_fraction,
        read_out=config.conversion.read_out.value,
        embedding_width=pretrained.encoder.embedding_size,
        head=(HeadKind.COX if config.uses_cox else HeadKind.HAZARD).value,
        members=tuple(_member(result) for result in results),
        cohort=_training_cohort(cohort),
        licence=backbone.licence,
        versions={"e2evit": __version__, "torch": str(torch.__version__)},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        training=record,
    )
    heads = [result.head for result in results]
    if config.method is Method.FINE_TUNE:
        return write_risk_model(folder, card, heads, [result.backbone for result in results])
    shared = pretrained.encoder.backbone_state() if config.keep_backbone else None
    return write_risk_model(folder, card, heads, shared)


def _member(result: FoldResult) -> MemberCard:
    return MemberCard(
        inner_edges_days=result.inner_edges_days,
        out_of_fold_risks=tuple(row.risk for row in result.patients),
        training_median_risk=result.training_median_risk,
    )


def _training_cohort(cohort: Cohort) -> TrainingCohort:
    # follow-up by the reverse Kaplan-Meier estimate: censoring is the event
    followed = kaplan_meier(Labels.of(cohort.time_days, np.logical_not(cohort.event)))
    return TrainingCohort(
        name=cohort.name,
        endpoint=cohort.endpoint,
        patients=len(cohort),
        events=cohort.events,
        slides=len(cohort.slides),
        median_follow_up_days=followed.median_days if followed else None,
    )
