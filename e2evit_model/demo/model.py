"""A risk model for trying things out: a real architecture with a head that was trained on nobody."""

from dataclasses import dataclass
from pathlib import Path

import torch

from e2evit_model import __version__
from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded, load_backbone, weights_at_hand
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.settings import DEFAULT_TILE_MPP, DEFAULT_TISSUE, DEFAULT_TISSUE_FRACTION
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.risk_model import write_risk_model
from e2evit_model.runs.risk_model_card import HeadKind, MemberCard, RiskModelCard, TrainingCohort
from e2evit_model.survival.head import HazardHead
from e2evit_model.tiling.orders import Order

BACKBONE = "vit-small"
SEED = 2026
MEMBERS = 5
_EDGES_DAYS = (365.0, 730.0, 1460.0)
_SENTENCE = "Demonstration: the head of this model was not trained on patients; its risk means nothing."


@dataclass(frozen=True)
class DemoWeights:
    """Where the transformer's weights are from; ``sentence`` says it."""

    pretrained: bool
    sentence: str


def write_demo_model(folder: Path, *, progress: Progress = silent) -> DemoWeights:
    """Write a risk model folder around ViT-S/16: the free pre-trained weights when they are at hand, else seeded ones.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    progress("Making a model", 0, 1)
    backbone = find_backbone(BACKBONE)
    found = weights_at_hand(backbone)
    if found is None:
        vit, sha256 = build_seeded(backbone, seed=SEED), ""
        weights = DemoWeights(
            False, "drawn at random with a fixed seed, because the free ViT-S weights are not on this machine"
        )
    else:
        vit, _, sha256 = load_backbone(found, backbone=BACKBONE)
        weights = DemoWeights(True, "the free ViT-S, pre-trained on ImageNet-21k")
    encoder = E2EViT.from_timm(vit, backbone)
    heads = _heads(encoder.embedding_size)
    card = RiskModelCard(
        name="Demonstration",
        backbone=backbone.id,
        backbone_weights_sha256=sha256,
        conversion=ConversionSettings().to_record(),
        order=Order.ROW.value,
        tile_mpp=DEFAULT_TILE_MPP,
        tile_px=backbone.tile_px,
        patch_px=backbone.patch_px,
        mean=backbone.mean,
        std=backbone.std,
        tissue_method=DEFAULT_TISSUE,
        tissue_fraction=DEFAULT_TISSUE_FRACTION,
        read_out=ConversionSettings().read_out.value,
        embedding_width=encoder.embedding_size,
        head=HeadKind.HAZARD.value,
        members=tuple(MemberCard(inner_edges_days=_EDGES_DAYS) for _ in heads),
        cohort=TrainingCohort(name="none", endpoint="none", patients=0, events=0, slides=0),
        licence=backbone.licence,
        versions={"e2evit": __version__, "torch": str(torch.__version__)},
        demonstration=_SENTENCE,
    )
    write_risk_model(folder, card, heads, encoder.vit.state_dict())
    progress("Making a model", 1, 1)
    return weights


def _heads(width: int) -> list[dict[str, torch.Tensor]]:
    generator = torch.Generator().manual_seed(SEED)
    heads = []
    for _ in range(MEMBERS):
        head = HazardHead(width, len(_EDGES_DAYS) + 1)
        # hazards of some tenths, so that the curve looks like one and the five members disagree a little
        weight = torch.randn(head.weight.shape, generator=generator) / width**0.5 / 4
        heads.append({"weight": weight, "bias": torch.full((len(_EDGES_DAYS) + 1,), -1.5)})
    return heads
