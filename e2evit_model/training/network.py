"""The vision transformer with its head, as it is trained: which weights learn, how fast, and in which numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import load_backbone
from e2evit_model.convert.settings import Precision
from e2evit_model.errors import OptionError
from e2evit_model.survival.head import HazardHead
from e2evit_model.training.augmentation import augment
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.strips import Strip

Tick = Callable[[int, int], None]

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
    vit, backbone, sha256 = load_backbone(config.model, backbone=config.backbone)
    encoder = E2EViT.from_timm(vit, backbone, config.conversion)
    encoder.checkpointing = config.checkpointing
    if config.freeze_blocks > len(encoder.vit.blocks):
        raise OptionError(
            f"{config.freeze_blocks} blocks cannot be frozen: {backbone.title} has {len(encoder.vit.blocks)}.",
            hint="Freeze fewer blocks, or choose linear probing, which freezes all.",
        )
    return Pretrained(encoder=encoder, backbone=backbone, sha256=sha256)


class RiskNetwork(nn.Module):
    """An encoder and a linear head: K logits of hazards, or one log relative hazard for Cox.

    ``tick``, where given, is called before each block and may raise to stop.
    """

    def __init__(self, encoder: E2EViT, config: TrainingConfig, *, bins: int, device: torch.device) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.embedding_size
        self.head: nn.Linear = nn.Linear(width, 1, bias=False) if config.uses_cox else HazardHead(width, bins)
        self.config = config
        self.device = device
        self.tick: Tick | None = None
        self.dtype = choose_dtype(config.precision, device)
        self._freeze(config.freeze_blocks)
        self.to(device)

    def _freeze(self, blocks: int) -> None:
        if blocks:
            for name, parameter in self.encoder.vit.named_parameters():
                parameter.requires_grad_(layer_of(name, len(self.encoder.vit.blocks)) > blocks)

    def embed(self, strip: Strip, *, augmentation_seed: int | None = None) -> Tensor:
        """Return the embedding (C,) float32 of a slide, changed at random where a seed is given."""
        patches, columns, rows = strip.tensors(self.encoder.patch_px)
        if augmentation_seed is not None:
            generator = torch.Generator().manual_seed(augmentation_seed)
            patches, columns, rows = augment(patches, columns, rows, self.config.augmentation, generator)
        with torch.autocast(self.device.type, dtype=self.dtype, enabled=self.dtype is not torch.float32):
            places = (columns.to(self.device), rows.to(self.device))
            found = self.encoder(patches.to(self.device), *places, tick=self.tick)
        embedding: Tensor = found.embedding
        return embedding.float()

    def forward(self, strip: Strip, *, augmentation_seed: int | None = None) -> Tensor:
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
        named |= {BACKBONE + name: tensor for name, tensor in self.encoder.vit.state_dict().items()}
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
    layers: dict[int, list[nn.Parameter]] = {depth + 1: list(network.head.parameters())}
    for name, parameter in network.encoder.vit.named_parameters():
        if parameter.requires_grad:
            layers.setdefault(layer_of(name, depth), []).append(parameter)
    groups: list[dict[str, Any]] = [
        {"params": layers[layer], "lr": config.learning_rate * config.layer_decay ** (depth + 1 - layer)}
        for layer in sorted(layers)
    ]
    return torch.optim.Adam(groups, lr=config.learning_rate, weight_decay=config.weight_decay)
