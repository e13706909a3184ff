"""Small risk models for tests."""

import torch

from e2evit_model.runs.risk_model_card import MemberCard, RiskModelCard, TrainingCohort
from e2evit_model.survival.head import CoxHead, HazardHead

WIDTH = 6


def make_card(**changes):
    """A card of two members with different time bins."""
    values = {
        "name": "test",
        "backbone": "vit-small",
        "backbone_weights_sha256": "a" * 64,
        "conversion": {"position": "alibi", "tokens_per_tile": 1.0},
        "order": "row",
        "tile_mpp": 0.5,
        "tile_px": 224,
        "patch_px": 16,
        "mean": (0.5, 0.5, 0.5),
        "std": (0.5, 0.5, 0.5),
        "tissue_method": "otsu",
        "tissue_fraction": 0.5,
        "read_out": "cls",
        "embedding_width": WIDTH,
        "head": "hazard",
        "members": (
            MemberCard(inner_edges_days=(100.0, 200.0, 400.0), out_of_fold_risks=(-3.0, -2.0, -1.0)),
            MemberCard(inner_edges_days=(150.0, 300.0), out_of_fold_risks=(-2.5, -1.5)),
        ),
        "cohort": TrainingCohort(name="c", endpoint="overall survival", patients=20, events=9, slides=30),
        "licence": "Apache-2.0",
        "versions": {"e2evit": "0.1.0"},
    }
    return RiskModelCard(**(values | changes))


def make_heads(card, *, seed=0):
    """Random heads that fit a card."""
    torch.manual_seed(seed)
    heads = []
    for member in card.members:
        bins = len(member.inner_edges_days) + 1
        if card.head == "hazard":
            heads.append(HazardHead(card.embedding_width, bins))
        else:
            head = CoxHead(card.embedding_width, bins)
            head.coefficients.normal_()
            head.mean.normal_()
            head.scale.uniform_(0.5, 2)
            head.baseline_survival.copy_(torch.linspace(0.9, 0.2, bins))
            heads.append(head)
    return heads


def states(heads):
    """The states of some modules."""
    return [head.state_dict() for head in heads]
