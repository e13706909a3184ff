"""Small risk models for tests: a seeded ViT-Tiny with a head."""

from dataclasses import replace
from pathlib import Path

import torch

from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded, named_backbone
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.runs.risk_model import write_risk_model
from e2evit_model.runs.risk_model_card import MemberCard, RiskModelCard, TrainingCohort

TINY = "vit_tiny_patch16_224"


def tiny_weights(path: Path, seed: int = 0) -> Path:
    """Write an unconverted weight file."""
    from safetensors.torch import save_file

    save_file(build_seeded(named_backbone(TINY), seed=seed).state_dict(), path)
    return path


def converted_state(seed: int, conversion: ConversionSettings) -> dict[str, torch.Tensor]:
    backbone = named_backbone(TINY)
    return E2EViT.from_timm(build_seeded(backbone, seed=seed), backbone, conversion).vit.state_dict()


def head_state(seed: int, width: int = 192, bins: int = 4) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {"weight": torch.randn(bins, width, generator=generator) / 8, "bias": torch.full((bins,), -1.0)}


def write_tiny_risk_model(
    folder: Path, *, members: int = 1, fine_tuned: bool = False, **changes: object
) -> RiskModelCard:
    """Write a risk model folder; with ``fine_tuned`` every member has a backbone of its own."""
    backbone = named_backbone(TINY)
    conversion = ConversionSettings()
    card = RiskModelCard(
        name="Tiny",
        backbone=backbone.id,
        backbone_weights_sha256="",
        conversion=conversion.to_record(),
        order="row",
        tile_mpp=0.5,
        tile_px=224,
        patch_px=16,
        mean=backbone.mean,
        std=backbone.std,
        tissue_method="all",
        tissue_fraction=0.5,
        read_out="cls",
        embedding_width=192,
        head="hazard",
        members=tuple(
            MemberCard(inner_edges_days=(365.0, 730.0, 1095.0), out_of_fold_risks=(-3.9, -2.0, -0.1))
            for _ in range(members)
        ),
        cohort=TrainingCohort(name="test", endpoint="OS", patients=3, events=2, slides=3),
        licence="Apache-2.0",
        versions={},
    )
    states = [converted_state(seed, conversion) for seed in range(members if fine_tuned else 1)]
    return write_risk_model(
        folder,
        replace(card, **changes),
        [head_state(seed) for seed in range(members)],
        states if fine_tuned else states[0],
    )
