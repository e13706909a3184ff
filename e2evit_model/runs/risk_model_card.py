"""``model.json``: everything that must be known to run a risk model as it was trained; does not import torch."""

import itertools
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from e2evit_model.errors import ModelError
from e2evit_model.runs.records import RecordFault, from_record, read_json, refuse_newer
from e2evit_model.tiling.orders import Order
from e2evit_model.units import LARGEST_MPP

SCHEMA_VERSION = 1
CARD_FILE = "model.json"
HEADS_FILE = "heads.safetensors"
BACKBONE_FILE = "backbone.safetensors"

_SHA256 = re.compile(r"[0-9a-f]{64}")
_NOT_A_MODEL = "Choose the folder of a risk model: it holds model.json and heads.safetensors."
_AGAIN = "Get the whole folder again from where the model was trained."


def member_file(member: int) -> str:
    """Return the name of the file with the fine-tuned backbone of one member."""
    return f"member_{member}.safetensors"


class HeadKind(StrEnum):
    """How an embedding becomes a risk."""

    HAZARD = "hazard"
    COX = "cox"


@dataclass(frozen=True, kw_only=True)
class MemberCard:
    """One fold model.

    ``inner_edges_days`` are the K - 1 edges between its time bins, rising, the ends 0 and infinity left out.
    ``out_of_fold_risks`` are this member's risks of the patients it was never shown: a slide's percentile is its place among
    them. ``training_median_risk`` cuts low from high risk; ``None`` when unknown.
    """

    inner_edges_days: tuple[float, ...]
    out_of_fold_risks: tuple[float, ...] = ()
    training_median_risk: float | None = None

    @property
    def bin_edges_days(self) -> tuple[float, ...]:
        """The (K + 1,) edges of the time bins, from 0 to infinity."""
        return (0.0, *self.inner_edges_days, math.inf)


@dataclass(frozen=True, kw_only=True)
class TrainingCohort:
    """Whom the model was trained on, in numbers; no identifier."""

    name: str
    endpoint: str
    patients: int
    events: int
    slides: int
    median_follow_up_days: float | None = None


@dataclass(frozen=True, kw_only=True)
class RiskModelCard:
    """Everything of a risk model but its weights.

    ``backbone`` is the id of the pre-trained architecture and ``backbone_weights_sha256`` the hash of the weight file that it was
    trained from; ``conversion`` is the record of the conversion settings. ``order`` is the way of the strip, ``tile_mpp`` in
    micrometres a pixel, ``tile_px`` and ``patch_px`` in pixels at that resolution, ``mean`` and ``std`` the normalisation of RGB
    in 0..1. ``embedding_width`` is C after the read-out. ``files`` gives the SHA-256 of every weight file of the folder and is
    filled in on writing. ``demonstration`` is a sentence when the model must not be taken for a trained one, else empty.
    """

    name: str
    backbone: str
    backbone_weights_sha256: str
    conversion: Mapping[str, Any]
    order: str
    tile_mpp: float
    tile_px: int
    patch_px: int
    mean: tuple[float, ...]
    std: tuple[float, ...]
    tissue_method: str
    tissue_fraction: float
    read_out: str
    embedding_width: int
    head: str
    members: tuple[MemberCard, ...]
    cohort: TrainingCohort
    licence: str
    versions: Mapping[str, str]
    demonstration: str = ""
    created: str = ""
    training: Mapping[str, Any] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    schema_version: int = SCHEMA_VERSION


def check_card(card: RiskModelCard) -> None:
    """Check that what a card says can be true together.

    Raises
    ------
    ModelError
        With the first thing that cannot be.
    """
    for holds, fault in _statements(card):
        if not holds:
            raise ModelError(f"model.json cannot be used: {fault}.", hint=_AGAIN)
    for index, member in enumerate(card.members):
        _check_member(index, member)


def _statements(card: RiskModelCard) -> list[tuple[bool, str]]:
    return [
        (card.tile_px > 0 and card.patch_px > 0, "tile and patch sizes must be above 0"),
        (
            card.patch_px > 0 and card.tile_px % card.patch_px == 0,
            f"tiles of {card.tile_px} px do not divide into patches of {card.patch_px} px",
        ),
        (len(card.mean) == 3 and len(card.std) == 3, "mean and std need three numbers each, for red, green and blue"),
        (all(value > 0 for value in card.std), "a std is not above 0"),
        (0 < card.tile_mpp <= LARGEST_MPP, f"a resolution of {card.tile_mpp:g} um/px is absurd"),
        (0 <= card.tissue_fraction <= 1, f"a tissue fraction of {card.tissue_fraction:g} is not between 0 and 1"),
        (card.order in set(Order), f'the order of the strip "{card.order}" is not known'),
        (card.head in set(HeadKind), f'the head "{card.head}" is not known'),
        (card.embedding_width > 0, "the width of the embedding must be above 0"),
        (len(card.members) > 0, "it has no member"),
        (
            not card.backbone_weights_sha256 or bool(_SHA256.fullmatch(card.backbone_weights_sha256)),
            "the hash of the backbone's weights is no SHA-256",
        ),
        (0 <= card.cohort.events <= card.cohort.patients, "the training cohort has more events than patients"),
    ]


def _check_member(index: int, member: MemberCard) -> None:
    edges = member.bin_edges_days
    if any(later <= earlier for earlier, later in itertools.pairwise(edges)):
        raise ModelError(
            f"model.json cannot be used: the time bins of member {index} do not rise from 0.",
            hint=_AGAIN,
        )


def read_card(folder: Path) -> RiskModelCard:
    """Read and check ``model.json`` of a risk model folder, without opening any weights.

    Raises
    ------
    ModelError
        When the folder is no risk model, was made by a newer version, or its card lacks a field, has an unknown one, or says
        something that cannot be.
    """
    if not folder.is_dir():
        raise ModelError(f"{folder.name} is not a folder.", hint=_NOT_A_MODEL)
    if not (folder / CARD_FILE).is_file():
        raise ModelError(f"{folder.name} is not a risk model: model.json is missing.", hint=_NOT_A_MODEL)
    record = read_json(folder / CARD_FILE, ModelError, hint=_AGAIN)
    check_version(record, CARD_FILE)
    try:
        card = from_record(RiskModelCard, record)
    except RecordFault as fault:
        raise ModelError(f"{CARD_FILE} {fault}.", hint=_AGAIN) from fault
    check_card(card)
    return card


def check_version(record: Mapping[str, Any], file_name: str) -> None:
    """Refuse a record whose ``schema_version`` is not ours.

    Raises
    ------
    ModelError
        When it is missing, is no whole number, or is newer than this version of the program knows.
    """
    version = record.get("schema_version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ModelError(f"{file_name} does not say which schema version it has.", hint=_AGAIN)
    newest = "Install the newest version of E2E-ViT Desktop, then open the model again."
    refuse_newer(record, SCHEMA_VERSION, ModelError, made=f"{file_name} was made", hint=newest)
