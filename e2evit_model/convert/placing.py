"""The learned positions of a backbone: kept where tiles or the strip use them, else folded into the prefix and put aside."""

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn

from e2evit_model.convert.settings import ConversionSettings, Positions, ReadOut
from e2evit_model.convert.timm_models import VisionTransformer
from e2evit_model.errors import BackboneError, OptionError


@dataclass(frozen=True, kw_only=True)
class PutAside:
    """What was taken from a backbone when its positions were removed; not among its weights."""

    positions: Tensor
    cls: Tensor
    registers: Tensor | None

    @classmethod
    def of(cls, vit: VisionTransformer) -> Self:
        """Copy it from a backbone that still has its positions."""
        registers = None if vit.reg_token is None else vit.reg_token.detach().clone()
        return cls(positions=vit.pos_embed.detach().clone(), cls=vit.cls_token.detach().clone(), registers=registers)

    @torch.no_grad()
    def give_back(self, vit: VisionTransformer) -> None:
        """Put it into the backbone again."""
        like = vit.cls_token
        vit.pos_embed = nn.Parameter(self.positions.to(like.device, like.dtype))
        vit.cls_token.copy_(self.cls)
        if self.registers is not None and vit.reg_token is not None:
            vit.reg_token.copy_(self.registers)


def refuse_settings(name: str, settings: ConversionSettings, *, depth: int, has_pooler: bool) -> None:
    """Refuse settings that a backbone of so many blocks cannot follow.

    Raises
    ------
    OptionError
        When tiles would be merged after more blocks than there are.
    BackboneError
        When a pooler is wanted where there is none.
    """
    if settings.merge_after > depth:
        raise OptionError(
            f"{name} has {depth} blocks, so tiles cannot be merged after block {settings.merge_after}.",
            hint=f"Choose 0 to {depth}.",
        )
    if settings.read_out is ReadOut.POOLER and not has_pooler:
        raise BackboneError(
            f"{name} has no attention pooler to read out by.",
            hint="Choose cls, mean or cls+mean; of the known backbones, CONCH's own weight file brings a pooler.",
        )


def place(vit: VisionTransformer, settings: ConversionSettings, name: str, aside: PutAside | None) -> PutAside | None:
    """Keep the learned positions, bring them back, or take them away; return what was taken, now or before.

    They stay where the strip has learned positions, and where the first blocks see each tile by itself.

    Raises
    ------
    BackboneError
        When they are needed and were lost.
    """
    if settings.positions is Positions.LEARNED or settings.merge_after > 0:
        if vit.pos_embed is None:
            if aside is None:
                raise BackboneError(
                    f"{name} has no learned positions (any more).",
                    hint="Load the weights again, or choose other positions.",
                )
            aside.give_back(vit)
        return aside
    if vit.pos_embed is None:
        return aside
    taken = PutAside.of(vit)
    if settings.fold_prefix_position:
        fold_prefix_position(vit)
    vit.pos_embed = None
    return taken


@torch.no_grad()
def fold_prefix_position(vit: VisionTransformer) -> None:
    """Add to CLS and registers the constant that ``pos_embed`` adds to them, where it covers the prefix."""
    if vit.no_embed_class or vit.pos_embed is None:
        return
    vit.cls_token.add_(vit.pos_embed[:, :1])
    if vit.reg_token is not None:
        vit.reg_token.add_(vit.pos_embed[:, 1 : vit.num_prefix_tokens])
