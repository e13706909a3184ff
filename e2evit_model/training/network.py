"""The vision transformer with its head, as it is trained: which weights learn, how fast, and in which numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.features import StripFeatures
from e2evit_model.convert.loading import load_encoder
from e2evit_model.convert.mergers import PatchScores
from e2evit_model.convert.settings import Precision
from e2evit_model.errors import OptionError
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.survival.head import HazardHead
from e2evit_model.training.augmentation import augment, kept_tiles
from e2evit_model.training.config import Augmentation, TrainingConfig
from e2evit_model.training.strips import AnyStrip, TokenStrip

Tick = Callable[[int, int], None]
Change = tuple[Augmentation, torch.Generator]

HEAD = "head."
BACKBONE = "vit."


def choose_dtype(wanted: Precision, device: torch.device) -> torch.dtype:
    """Return what activations are computed in: bf16 where asked for, or by itself on a GPU that has it."""
    if wanted is Precision.AUTO:
        has_bf16 = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        return torch.bfloat16 if has_bf16 else torch.float32
    return torch.bfloat16 if wanted is Precision.BF16 else torch.float32


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """A backbone with its weights; ``sha256`` is the hash of the weight file."""

    encoder: E2EViT
    backbone: Backbone
    sha256: str


def load_pretrained(config: TrainingConfig) -> Pretrained:
    """Load and convert the backbone of a run.

    Raises
    ------
    BackboneError, WeightsError
        When it is unknown, not at hand, damaged, of another architecture, or cannot be converted.
    OptionError
        When more blocks are to be frozen than it has.
    """
    encoder, backbone, sha256 = load_encoder(config.model, backbone=config.backbone, settings=config.conversion)
    encoder.checkpointing = config.checkpointing
    if config.freeze_blocks > len(encoder.vit.blocks):
        raise OptionError(
            f"{config.freeze_blocks} blocks cannot be frozen: {backbone.title} has {len(encoder.vit.blocks)}.",
            hint="Freeze fewer blocks, or choose linear probing, which freezes all.",
        )
    return Pretrained(encoder=encoder, backbone=backbone, sha256=sha256)


def features_of(
    encoder: E2EViT, strip: AnyStrip, device: torch.device, *, change: Change | None = None, tick: Tick | None = None
) -> StripFeatures:
    """Encode a strip on a device, of mean patches or of tokens; changed at random by ``change`` where given.

    Raises
    ------
    OptionError
        When the strip was not prepared for this model.
    """
    given: Tensor | TokenStack
    if isinstance(strip, TokenStrip):
        given, columns, rows = strip.tokens, torch.from_numpy(strip.columns), torch.from_numpy(strip.rows)
        keep = None if change is None else kept_tiles(len(strip), *change)
        if keep is not None:
            given, columns, rows = given.subset(keep.numpy()), columns[keep], rows[keep]
    else:
        patches, columns, rows = strip.tensors(encoder.patch_px)
        if change is not None:
            patches, columns, rows = augment(patches, columns, rows, *change)
        given = patches.to(device)
    features: StripFeatures = encoder(given, columns.to(device), rows.to(device), tick=tick)
    return features


class RiskNetwork(nn.Module):
    """An encoder and a linear head: K logits of hazards, or one log relative hazard for Cox.

    ``tick``, where given, is called before each block and may raise to stop.
    """

    def __init__(self, encoder: E2EViT, config: TrainingConfig, *, bins: int, device: torch.device) -> None:
        super().__init__()
        self.encoder = encoder
        if encoder.scores is not None:
            encoder.scores = PatchScores(int(encoder.vit.embed_dim))  # each fold learns a merger of its own
        width = encoder.embedding_size
        self.head: nn.Linear = nn.Linear(width, 1, bias=False) if config.uses_cox else HazardHead(width, bins)
        self.config = config
        self.device = device
        self.tick: Tick | None = None
        self.dtype = choose_dtype(config.precision, device)
        self._freeze(config.freeze_blocks)
        self.to(device)

    def _freeze(self, blocks: int) -> None:
        looked = self.config.conversion.needs_pixels  # tokens are kept: what made them must not change
        for name, parameter in self.encoder.vit.named_parameters():
            frozen = blocks > 0 and layer_of(name, self.encoder.depth) <= blocks
            parameter.requires_grad_(not frozen and not (looked and name.startswith("patch_embed.")))

    def embed(self, strip: AnyStrip, *, augmentation_seed: int | None = None) -> Tensor:
        """Return the embedding (C,) float32 of a slide, changed at random where a seed is given."""
        change = None
        if augmentation_seed is not None:
            change = self.config.augmentation, torch.Generator().manual_seed(augmentation_seed)
        with torch.autocast(self.device.type, dtype=self.dtype, enabled=self.dtype is not torch.float32):
            found = features_of(self.encoder, strip, self.device, change=change, tick=self.tick)
        embedding: Tensor = found.embedding
        return embedding.float()

    def forward(self, strip: AnyStrip, *, augmentation_seed: int | None = None) -> Tensor:
        """Return the head's outputs of a slide: (K,) logits of hazards, or (1,) log relative hazard."""
        out: Tensor = self.head(self.embed(strip, augmentation_seed=augmentation_seed))
        return out

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Switch off everything at random, and gradients."""
        was = self.training
        self.eval()
        try:
            with torch.no_grad():
                yield
        finally:
            self.train(was)

    def weights(self) -> dict[str, Tensor]:
        """Return the weights as a flat dictionary on the CPU, ``head.`` and ``vit.`` before timm's own names."""
        named = {HEAD + name: tensor for name, tensor in self.head.state_dict().items()}
        named |= {BACKBONE + name: tensor for name, tensor in self.encoder.backbone_state().items()}
        return {name: tensor.detach().cpu() for name, tensor in named.items()}

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Load what :meth:`weights` gave.

        Raises
        ------
        WeightsError
            When the backbone's weights do not fit.
        """
        self.head.load_state_dict(part_of(weights, HEAD))
        self.encoder.load_backbone_state(part_of(weights, BACKBONE))


def part_of(weights: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the weights of head or backbone, under their own names."""
    return {name.removeprefix(prefix): tensor for name, tensor in weights.items() if name.startswith(prefix)}


def layer_of(name: str, depth: int) -> int:
    """Return the layer of a weight of a timm ViT: 0 is what makes tokens, 1 .. depth the blocks, depth + 1 what comes after."""
    if name.startswith("blocks."):
        return int(name.split(".")[1]) + 1
    after = name.startswith(("norm.", "fc_norm."))
    return depth + 1 if after else 0


def make_optimizer(network: RiskNetwork) -> torch.optim.Adam:
    """Make Adam over the weights that learn, the learning rate falling from layer to layer downwards where that is chosen."""
    config, depth = network.config, len(network.encoder.vit.blocks)
    beside = [module for module in (network.encoder.scores, network.encoder.pooler) if module is not None]
    top = [parameter for module in (network.head, *beside) for parameter in module.parameters()]
    layers: dict[int, list[nn.Parameter]] = {depth + 1: top}
    for name, parameter in network.encoder.vit.named_parameters():
        if parameter.requires_grad:
            layers.setdefault(layer_of(name, depth), []).append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": layers[layer], "lr": config.learning_rate * config.layer_decay ** (depth + 1 - layer)}
        for layer in sorted(layers)
    ]
    return torch.optim.Adam(groups, lr=config.learning_rate, weight_decay=config.weight_decay)
