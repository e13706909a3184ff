"""The one file that imports timm: build a vision transformer, load weights into it, judge whether it can be converted."""

import functools
import logging
from collections.abc import Mapping
from typing import Any

import timm
import torch
from timm.layers import Attention, SwiGLUPacked
from timm.models import VisionTransformer
from timm.models.vision_transformer import Block, ResPostBlock, checkpoint_filter_fn
from torch import Tensor, nn

from e2evit_model.convert.backbones import Backbone, Rgb
from e2evit_model.errors import BackboneError, WeightsError

__all__ = [
    "Block",
    "VisionTransformer",
    "backbone_from_timm",
    "build",
    "explain_not_plain",
    "in_timm_layout",
    "load_state",
    "published_normalization",
    "refuse_other_tensors",
]

log = logging.getLogger(__name__)

_LAYERS: Mapping[str, type[nn.Module]] = {"SwiGLUPacked": SwiGLUPacked, "SiLU": nn.SiLU, "GELU": nn.GELU}

_REGISTERS = ("reg_token", "register_tokens")
"""Their name in timm, and in DINOv2's own files; (1, count, width)."""


def explain_not_plain(vit: nn.Module) -> str:
    """Say why a model is not a plain vision transformer that can be converted; empty when it may be one."""
    if not isinstance(vit, VisionTransformer):
        return f"it is a {type(vit).__name__}, not a plain vision transformer"
    if vit.cls_token is None:
        return "it has no CLS token, so nothing would say where it looked"
    if not isinstance(vit.patch_drop, nn.Identity):
        return "it drops patches at random"
    for block in vit.blocks:
        if not isinstance(block, (Block, ResPostBlock)) or type(block.attn) is not Attention:
            return f"its blocks attend in a way of their own ({type(getattr(block, 'attn', block)).__name__})"
        if block.attn.attn_drop.p:
            return "it drops attention weights at random"
    return ""


def build(backbone: Backbone, **changes: Any) -> VisionTransformer:
    """Build the architecture of a backbone with random weights, in evaluation mode.

    ``changes`` go over ``timm_arguments`` (``depth=2`` for a small one of the same kind). Build inside ``torch.device("meta")``
    for the shapes alone.

    Raises
    ------
    BackboneError
        When timm does not know the architecture, or built another activation than the table says.
    """
    arguments = {**backbone.timm_arguments, **changes}
    for name in ("mlp_layer", "act_layer"):
        if isinstance(arguments.get(name), str):
            arguments[name] = _LAYERS[arguments[name]]
    if not timm.is_model(backbone.timm_name):
        raise BackboneError(
            f"The installed timm {timm.__version__} does not know {backbone.timm_name}.", hint="Update timm."
        )
    vit = timm.create_model(backbone.timm_name, pretrained=False, num_classes=0, **arguments)
    wrong = explain_wrong_activation(vit)
    if wrong:
        raise BackboneError(
            f"{backbone.title} cannot be built: {wrong}.", hint="Give act_layer=SiLU with SwiGLUPacked."
        )
    return vit.eval()


def explain_wrong_activation(vit: nn.Module) -> str:
    """Say when a gated MLP does not use SiLU: it would load any SwiGLU weights and compute something else."""
    for block in getattr(vit, "blocks", []):
        mlp = getattr(block, "mlp", None)
        if mlp is not None and hasattr(mlp, "gate_last") and not isinstance(mlp.act, nn.SiLU):
            return f"its gated MLP uses {type(mlp.act).__name__} where SwiGLU needs SiLU"
    return ""


@functools.cache
def backbone_from_timm(name: str) -> Backbone | None:
    """Describe any ViT of timm's registry as a backbone, with timm's own mean and std; ``None`` when timm has no such model.

    Raises
    ------
    BackboneError
        When it is a model of timm but not a plain vision transformer.
    """
    architecture = name.removeprefix("timm/").split(".")[0]
    if not timm.is_model(architecture):
        return None
    with torch.device("meta"):
        vit = timm.create_model(architecture, pretrained=False, num_classes=0)
    reason = explain_not_plain(vit)
    if reason:
        raise BackboneError(f"{architecture} cannot be converted: {reason}.", hint="Choose a plain vision transformer.")
    side = int(vit.patch_embed.proj.kernel_size[0])
    published = _published_config(name)
    return Backbone(
        id=name,
        title=architecture,
        hub_repo=str(getattr(published, "hf_hub_id", "") or ""),
        weight_file="model.safetensors",
        timm_name=architecture,
        parameters=sum(parameter.numel() for parameter in vit.parameters()),
        patch_px=side,
        width=vit.embed_dim,
        depth=len(vit.blocks),
        heads=vit.blocks[0].attn.num_heads,
        registers=vit.num_reg_tokens,
        pos_tokens=0 if vit.pos_embed is None else vit.pos_embed.shape[1],
        no_embed_class=vit.no_embed_class,
        # of the very weights where timm has them: one architecture is published with several normalizations
        mean=tuple(published.mean if published else vit.default_cfg["mean"]),
        std=tuple(published.std if published else vit.default_cfg["std"]),
        mpp=None,
        licence="as published with the weights",
        gated=False,
        notes="By its name in timm; mean and std are timm's.",
    )


def published_normalization(name: str) -> tuple[Rgb, Rgb] | None:
    """Return mean and std that timm publishes with the weights of this very name and tag.

    ``None`` for an architecture without a tag: its weights may be anybody's, and timm's default (0.5 for a ViT-L) wrong for them.
    """
    published = _published_config(name) if "." in name else None
    if published is None:
        return None
    mean, std = ((value[0], value[1], value[2]) for value in (published.mean, published.std))
    return mean, std


def _published_config(name: str) -> Any | None:
    """Return what timm says of published weights; ``None`` for a tag of the user's own."""
    plain = name.removeprefix("timm/")
    architecture, _, tag = plain.partition(".")
    if tag and plain not in timm.list_pretrained(f"{architecture}.*"):
        return None
    return timm.get_pretrained_cfg(plain, allow_unregistered=True)


def in_timm_layout(state: Mapping[str, Tensor], vit: VisionTransformer) -> dict[str, Tensor]:
    """Turn published layouts (DINOv2's own) into timm's by timm's own filter, ``pos_embed`` resampled to the model's size.

    Works on meta tensors as well, for the shapes alone.
    """
    return dict(checkpoint_filter_fn(dict(state), vit))


def load_state(vit: VisionTransformer, state: Mapping[str, Tensor], name: str) -> None:
    """Load weights strictly: every tensor of the model and no other, cast to the model's type.

    timm's own filter turns published layouts (``visual.trunk.``, DINOv2) into timm's, and resamples ``pos_embed``.

    Raises
    ------
    WeightsError
        Naming the first tensor that is missing, left over or of another shape.
    """
    _refuse_other_patches(vit, state, name)
    _refuse_other_registers(vit, state, name)
    try:
        state = in_timm_layout(state, vit)
    except (RuntimeError, KeyError) as error:  # positions of a grid that is no square
        raise WeightsError(
            f"The tensors of the weights cannot be brought into the layout of {name}.", hint=_other_backbone(name)
        ) from error
    wanted = vit.state_dict()
    refuse_other_tensors(wanted, state, name)
    vit.load_state_dict({key: state[key].to(value.dtype) for key, value in wanted.items()}, strict=True)


def _other_shape(key: str, found: Tensor, wanted: Tensor, name: str) -> WeightsError:
    here, expected = (" x ".join(map(str, tensor.shape)) for tensor in (found, wanted))
    return WeightsError(
        f"The tensor {key} has the shape {here}, but {name} needs {expected}.", hint=_other_backbone(name)
    )


def _other_backbone(name: str) -> str:
    return f"These weights are not for {name}: choose the backbone that they were made for."


def _refuse_other_patches(vit: VisionTransformer, state: Mapping[str, Tensor], name: str) -> None:
    # timm's filter would resample patches of another size, and the result is another model
    key, wanted = "patch_embed.proj.weight", vit.patch_embed.proj.weight
    found = state.get(key, wanted)
    if found.ndim == wanted.ndim and found.shape[2:] != wanted.shape[2:]:
        raise _other_shape(key, found, wanted, name)


def _refuse_other_registers(vit: VisionTransformer, state: Mapping[str, Tensor], name: str) -> None:
    """Say in words what is the usual difference between two models of one size: that one of them has registers."""
    needed = 0 if vit.reg_token is None else vit.reg_token.shape[1]
    there = next((state[key].shape[1] for key in _REGISTERS if key in state and state[key].ndim == 3), 0)
    if needed and not there:
        raise WeightsError(
            f"The weights have no register tokens, and {name} needs {needed}.", hint=_other_backbone(name)
        )
    if there and not needed:
        raise WeightsError(
            f"The weights have {there} register tokens, and {name} has none.", hint=_other_backbone(name)
        )


def refuse_other_tensors(wanted: Mapping[str, Tensor], found: Mapping[str, Tensor], name: str) -> None:
    """Refuse weights that are not exactly those that are wanted.

    Raises
    ------
    WeightsError
        Naming the first tensor that is missing, left over or of another shape.
    """
    hint = _other_backbone(name)
    for key, tensor in wanted.items():
        if key not in found:
            raise WeightsError(f"The weights lack the tensor {key}, which {name} needs.", hint=hint)
        if found[key].shape != tensor.shape:
            raise _other_shape(key, found[key], tensor, name)
    for key in found:
        if key not in wanted:
            raise WeightsError(f"The weights have a tensor {key}, which {name} does not know.", hint=hint)
