"""Which backbone a weight file is of, told by its layout: names and shapes of its tensors."""

import re
from pathlib import Path

import torch

from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.timm_models import build, in_timm_layout
from e2evit_model.convert.weights import of_the_trunk, read_layout
from e2evit_model.errors import WeightsError

Layout = dict[str, tuple[int, ...]]


def recognise(path: Path) -> Backbone:
    """Return the backbone that a weight file is of.

    Raises
    ------
    WeightsError
        When the file cannot be read, when no backbone of the table has its layout, or when several have: these may differ in mean
        and std, which the file does not say.
    """
    layout = of_the_trunk(read_layout(path))
    found = [backbone for backbone in BACKBONES.values() if _fits(layout, backbone)]
    if len(found) == 1:
        return found[0]
    if found:
        names = ", ".join(backbone.id for backbone in found)
        raise WeightsError(
            f"{path.name} has a layout that several backbones share: {names}.",
            hint="Say which one it is with --backbone; they may differ in normalization and licence.",
        )
    raise WeightsError(
        f"{path.name} does not have the layout of any known backbone{_say_layout(layout)}.",
        hint="Say what it is with --backbone: a known backbone, or the name of a model in timm.",
    )


def _fits(layout: Layout, backbone: Backbone) -> bool:
    # cheap signs first: building the larger ones, even without memory, takes a while
    signs = (backbone.width, 3, backbone.patch_px, backbone.patch_px)
    if layout.get("patch_embed.proj.weight") != signs or f"blocks.{backbone.depth - 1}.norm1.weight" not in layout:
        return False
    # DINOv2's own files with registers keep a position for CLS, which timm adds to CLS on loading
    native = "register_tokens" in layout
    if layout.get("pos_embed") != (1, backbone.pos_tokens + native, backbone.width):
        return False
    with torch.device("meta"):
        vit = build(backbone)
        tensors = {key: torch.empty(shape) for key, shape in layout.items()}
    found = {key: value.shape for key, value in in_timm_layout(tensors, vit).items()}
    return found == {key: value.shape for key, value in vit.state_dict().items()}


def _say_layout(layout: Layout) -> str:
    convolution = layout.get("patch_embed.proj.weight")
    blocks = [int(match[1]) for key in layout if (match := re.match(r"blocks\.(\d+)\.", key))]
    if convolution is None or len(convolution) != 4 or not blocks:
        return ""
    return f" ({convolution[2]} px patches, width {convolution[0]}, {max(blocks) + 1} blocks)"
