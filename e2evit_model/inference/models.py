"""Load what the user chose as model: a risk model folder, a weight file, or the id of a backbone."""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_empty, load_encoder, named_backbone, weights_at_hand
from e2evit_model.convert.mergers import PatchScores
from e2evit_model.convert.pooler import ContrastPooler
from e2evit_model.convert.settings import ConversionSettings, Merger
from e2evit_model.convert.stored_state import MERGER, POOLER, backbone_alone, part_of_state
from e2evit_model.errors import BackboneError, ModelError, WeightsError
from e2evit_model.inference.result import ModelSummary
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.risk_model import RiskModel, read_risk_model
from e2evit_model.runs.risk_model_card import CARD_FILE, RiskModelCard

_log = logging.getLogger(__name__)


@dataclass(kw_only=True)
class LoadedModel:
    """A model in memory, ready for any number of slides.

    ``members`` is the number of backbones to run: 1 unless the folds of a risk model were fine-tuned each by itself.
    """

    backbone: Backbone
    conversion: ConversionSettings
    summary: ModelSummary
    risk: RiskModel | None
    members: int
    _encoder: E2EViT
    _member: int = 0

    def encoder(self, member: int, conversion: ConversionSettings) -> E2EViT:
        """Return the encoder with the weights of one member; only one is kept in memory."""
        if member != self._member and self.risk is not None:
            state = self.risk.load_backbone(member)
            if state is not None:
                self._encoder.load_backbone_state(state)
            self._member = member
        # the same weights serve any way of looking
        self._encoder.configure(conversion)
        return self._encoder

    def patch_scores(self) -> list[PatchScores] | None:
        """Return the attention merger of every member, ``None`` where patches are merged without one."""
        if self.risk is None or self.conversion.merger is not Merger.ATTENTION:
            return None
        found = []
        for member in range(self.members):
            state = part_of_state(self.risk.load_backbone(member) or {}, MERGER)
            scores = PatchScores(self._encoder.vit.embed_dim)
            scores.load_state_dict(state)
            found.append(scores)
        return found


def load_model(choice: ModelChoice, *, progress: Progress = silent) -> LoadedModel:
    """Load a risk model folder, a weight file or a backbone.

    Raises
    ------
    ModelError, BackboneError, WeightsError
        With the reason in one sentence.
    """
    progress("Loading the model", 0, 1)
    path = Path(choice.source)
    if path.is_dir() and ((path / CARD_FILE).is_file() or not any(path.glob("*.safetensors"))):
        loaded = _load_risk_model(read_risk_model(path, progress=progress), choice)
    else:
        loaded = _load_bare(choice)
    progress("Loading the model", 1, 1)
    return loaded


def _load_bare(choice: ModelChoice) -> LoadedModel:
    conversion = ConversionSettings()
    encoder, backbone, sha256 = load_encoder(choice.source, backbone=choice.backbone, settings=conversion)
    return LoadedModel(
        backbone=backbone,
        conversion=conversion,
        summary=ModelSummary(
            name=backbone.title,
            backbone=backbone.id,
            weights_sha256=sha256,
            licence=backbone.licence,
            patch_px=backbone.patch_px,
            conversion=conversion.to_record(),
        ),
        risk=None,
        members=1,
        _encoder=encoder,
    )


def _load_risk_model(risk: RiskModel, choice: ModelChoice) -> LoadedModel:
    card = risk.card
    backbone = named_backbone(card.backbone)
    if backbone.patch_px != card.patch_px:
        raise ModelError(
            f"The risk model was trained on patches of {card.patch_px} px, but {backbone.title} has {backbone.patch_px} px.",
            hint="Get the whole folder again from where the model was trained.",
        )
    conversion = ConversionSettings.from_record(dict(card.conversion))
    state = risk.load_backbone(0)
    encoder = (
        _converted(backbone, conversion, state)
        if state is not None
        else _pretrained(backbone, conversion, card, choice)
    )
    if encoder.embedding_size != card.embedding_width:
        raise ModelError(
            f"The heads of the risk model need an embedding of {card.embedding_width} numbers, but {backbone.title} gives "
            f"{encoder.embedding_size}.",
            hint="Get the whole folder again from where the model was trained.",
        )
    # normalization is part of what was trained: the card's values count
    encoder.mean.copy_(torch.tensor(card.mean))
    encoder.std.copy_(torch.tensor(card.std))
    return LoadedModel(
        backbone=backbone,
        conversion=conversion,
        summary=ModelSummary(
            name=card.name,
            backbone=backbone.id,
            weights_sha256=_fingerprint(card),
            licence=card.licence,
            patch_px=card.patch_px,
            conversion=dict(card.conversion),
            demonstration=card.demonstration,
        ),
        risk=risk,
        members=1 if risk.backbone_is_shared else len(risk.heads),
        _encoder=encoder,
    )


def _converted(backbone: Backbone, conversion: ConversionSettings, state: Mapping[str, Tensor]) -> E2EViT:
    """Build the converted model around weights that were saved after conversion: their positions are folded in already."""
    vit = build_empty(backbone)
    complete = dict(state)
    if vit.pos_embed is not None and "pos_embed" not in complete:
        complete["pos_embed"] = torch.zeros_like(vit.pos_embed)
    try:
        vit.load_state_dict(backbone_alone(complete))
        beside = part_of_state(state, POOLER)
        pooler = ContrastPooler.from_state(beside) if beside else None
        encoder = E2EViT.from_timm(vit, backbone, conversion, pooler=pooler)
        encoder.load_backbone_state(state)
    except (RuntimeError, WeightsError) as error:
        _log.debug("state does not fit: %s", error)
        raise ModelError(
            f"The weights of the risk model are not those of {backbone.title}.",
            hint="Get the whole folder again from where the model was trained.",
        ) from error
    encoder.aside = None  # its positions went before its weights were saved
    return encoder


def _pretrained(backbone: Backbone, conversion: ConversionSettings, card: RiskModelCard, choice: ModelChoice) -> E2EViT:
    """Find the pre-trained weights that a head was trained on: the file the user names, else the hub's cache."""
    source = choice.backbone or (weights_at_hand(backbone) if backbone.id in BACKBONES else None)
    if source is None:
        raise BackboneError(
            f"The risk model needs the weights of {backbone.title}, which are not on this machine.",
            hint=f'Get them with "e2evit models get {backbone.id}", or name the weight file with --backbone.',
        )
    encoder, _, sha256 = load_encoder(source, backbone=backbone.id, settings=conversion)
    if card.backbone_weights_sha256 and sha256 != card.backbone_weights_sha256:
        raise ModelError(
            f"The weights of {backbone.title} are not those that the risk model was trained on: their hash differs.",
            hint="Use the weight file of the training.",
        )
    return encoder


def _fingerprint(card: RiskModelCard) -> str:
    """Return one hash for all weights of a risk model."""
    parts = [*(f"{name}:{value}" for name, value in sorted(card.files.items())), card.backbone_weights_sha256]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
