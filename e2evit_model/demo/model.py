"""The demonstration's weights and risk model: trained on painted slides, and it says so."""

from dataclasses import dataclass, replace
from pathlib import Path

from e2evit_model.cohort.check import check_cohort
from e2evit_model.cohort.fold_making import make_folds
from e2evit_model.convert.backbones import find_backbone
from e2evit_model.convert.loading import build_seeded, named_backbone, weights_at_hand
from e2evit_model.demo.painting import Painting, paint_slide
from e2evit_model.files import output_folder
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.records import write_json
from e2evit_model.runs.risk_model_card import CARD_FILE, read_card
from e2evit_model.runs.weights import save_weights
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.training.cross_validation import FinishedRun, cross_validate

SLIDE_FILE = "demo-slide.tiff"
SLIDE = Painting(hematoxylin=1.02)
"""The slide that is analyzed: of the cohort's world, and none of its slides."""

SENTENCE = "Demonstration: this model was trained on painted slides; outside their world its risk means nothing."

_FREE = "vit-small"
_SEEDED = "vit_tiny_patch16_224"
_SEED = 2026


@dataclass(frozen=True)
class DemoWeights:
    """Where the transformer's weights are; ``sentence`` says from where."""

    path: Path
    backbone: str
    pretrained: bool
    sentence: str


def demo_weights(folder: Path) -> DemoWeights:
    """Find the free pre-trained ViT-S on this machine, else write a ViT with seeded weights.

    Raises
    ------
    OutputError
        When the seeded weights cannot be written.
    """
    found = weights_at_hand(find_backbone(_FREE))
    if found is not None:
        return DemoWeights(found, _FREE, pretrained=True, sentence="the free ViT-S, pre-trained on ImageNet-21k")
    path = folder / "seeded-vit-tiny.safetensors"
    save_weights(path, build_seeded(named_backbone(_SEEDED), seed=_SEED).state_dict())
    said = "a ViT-Tiny drawn at random with a fixed seed, because the free ViT-S weights are not on this machine"
    return DemoWeights(path, _SEEDED, pretrained=False, sentence=said)


def slide_to_try(folder: str, *, progress: Progress = silent) -> tuple[str, str, str]:
    """Paint the demonstration's slide into ``folder`` unless it is there, with weights beside it.

    Returns
    -------
    tuple
        The slide's file, the weight file and the backbone that it is of.

    Raises
    ------
    OutputError
        When something cannot be written.
    """
    place = output_folder(Path(folder))
    slide = place / SLIDE_FILE
    if not slide.is_file():
        paint_slide(slide, SLIDE, progress=progress)
    weights = demo_weights(place)
    return str(slide), str(weights.path), weights.backbone


def train_demo_model(
    table: Path, slides: Path, weights: DemoWeights, run_folder: Path, *, progress: Progress = silent
) -> FinishedRun:
    """Train on the painted cohort by linear probing, exactly as ``e2evit train`` does, and mark the model as a demonstration.

    Raises
    ------
    E2EViTError
        As :func:`~e2evit_model.training.cross_validation.cross_validate`.
    """
    checked = check_cohort(table, slides)
    cohort = checked.accept()
    config = TrainingConfig(method=Method.LINEAR_COX, model=str(weights.path), backbone=weights.backbone)
    done = cross_validate(cohort, make_folds(cohort), config, run_folder, report=checked.to_record(), progress=progress)
    card = replace(read_card(done.folder.model), name="Demonstration", demonstration=SENTENCE)
    if not weights.pretrained:
        card = replace(card, licence="none: seeded weights")
    write_json(done.folder.model / CARD_FILE, card)
    return done
