"""The table of backbones: what each one is, where its weights are, and what is known to go wrong with it. No torch here.

Adding a backbone is one entry here and one line in the test that builds every entry. Architectures were checked by building each
with timm 1.0.31; mean and std stand here because timm's registry has others (0.5) for models that are built by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from e2evit_model.errors import BackboneError, did_you_mean

Rgb = tuple[float, float, float]

TILE_PX = 224
"""The side of a tile in pixels: what all these backbones were trained or fine-tuned with."""

_IMAGENET_MEAN: Rgb = (0.485, 0.456, 0.406)
_IMAGENET_STD: Rgb = (0.229, 0.224, 0.225)
_CC_BY_NC_ND = "CC BY-NC-ND 4.0"
_NO_DERIVATIVES = (
    "A model fine-tuned from it inherits its terms, which forbid commercial use and passing on derivatives: "
    "export the head alone."
)
_SWIGLU_TRAP = (
    "SwiGLUPacked without act_layer=SiLU loads strictly and computes GELU: the activation is asserted after building."
)


@dataclass(frozen=True, kw_only=True)
class Backbone:
    """One pre-trained vision transformer: architecture, normalization, resolution, weights, terms.

    ``timm_arguments`` go to ``timm.create_model(timm_name, num_classes=0, ...)``; ``mlp_layer`` and ``act_layer`` are named, not
    imported. ``parameters`` counts the trunk without a classifier; ``pos_tokens`` is the length of ``pos_embed`` in the published
    weights (with the prefix unless ``no_embed_class``). ``mean`` and ``std`` are of RGB in 0..1. ``mpp`` is the resolution of
    pre-training in micrometres a pixel, ``None`` where any will do. ``key_prefix`` stands before the trunk's keys in the published
    file. ``traps`` are sentences on what was seen to go wrong.
    """

    id: str
    title: str
    hub_repo: str
    weight_file: str
    timm_name: str
    timm_arguments: Mapping[str, Any] = field(default_factory=dict)
    parameters: int
    patch_px: int
    width: int
    depth: int
    heads: int
    registers: int = 0
    pos_tokens: int
    no_embed_class: bool = False
    mean: Rgb
    std: Rgb
    mpp: float | None
    tile_px: int = TILE_PX
    licence: str
    gated: bool
    terms_url: str = ""
    notes: str = ""
    key_prefix: str = ""
    traps: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        three = len(self.mean) == len(self.std) == 3
        if not three or not all(0 <= value <= 1 for value in (*self.mean, *self.std)) or min(self.std) == 0:
            raise ValueError(f"{self.id} needs mean and std of RGB in 0..1")

    @property
    def prefix_tokens(self) -> int:
        """How many tokens stand before the patch tokens: CLS and registers."""
        return 1 + self.registers


_VIRCHOW_ARGUMENTS: Mapping[str, Any] = {
    "img_size": 224,
    "init_values": 1e-5,
    "mlp_ratio": 5.3375,
    "global_pool": "",
    "mlp_layer": "SwiGLUPacked",
    "act_layer": "SiLU",
    "dynamic_img_size": True,
}

_TABLE = (
    Backbone(
        id="vit-small",
        title="ViT-S/16, ImageNet-21k",
        hub_repo="timm/vit_small_patch16_224.augreg_in21k_ft_in1k",
        weight_file="model.safetensors",
        timm_name="vit_small_patch16_224",
        parameters=21_665_664,
        patch_px=16,
        width=384,
        depth=12,
        heads=6,
        pos_tokens=197,
        mean=(0.5, 0.5, 0.5),
        std=(0.5, 0.5, 0.5),
        mpp=None,
        licence="Apache-2.0",
        gated=False,
        notes="Pre-trained on photographs, free to use: the paper's smallest backbone.",
    ),
    Backbone(
        id="conch",
        title="CONCH",
        hub_repo="MahmoodLab/CONCH",
        weight_file="pytorch_model.bin",
        timm_name="vit_base_patch16_224",
        timm_arguments={"img_size": 448, "dynamic_img_size": True},
        parameters=86_250_240,
        patch_px=16,
        width=768,
        depth=12,
        heads=12,
        pos_tokens=785,
        mean=(0.48145466, 0.4578275, 0.40821073),
        std=(0.26862954, 0.26130258, 0.27577711),
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes=_NO_DERIVATIVES,
        key_prefix="visual.trunk.",
        traps=("Its trained read-out is an attention pooler beside the trunk; the plain CLS token is 768 wide.",),
    ),
    Backbone(
        id="h0-mini",
        title="H0-mini",
        hub_repo="bioptimus/H0-mini",
        weight_file="model.safetensors",
        timm_name="vit_base_patch14_reg4_dinov2",
        timm_arguments={
            "img_size": 224,
            "global_pool": "",
            "init_values": 1e-5,
            "mlp_ratio": 5.33334,
            "mlp_layer": "SwiGLUPacked",
            "act_layer": "SiLU",
            "dynamic_img_size": True,
        },
        parameters=85_739_520,
        patch_px=14,
        width=768,
        depth=12,
        heads=12,
        registers=4,
        pos_tokens=256,
        no_embed_class=True,
        mean=(0.707223, 0.578729, 0.703617),
        std=(0.211883, 0.230117, 0.177517),
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes="Access is reviewed by hand. " + _NO_DERIVATIVES,
        traps=(_SWIGLU_TRAP,),
    ),
    Backbone(
        id="uni",
        title="UNI",
        hub_repo="MahmoodLab/UNI",
        weight_file="pytorch_model.bin",
        timm_name="vit_large_patch16_224",
        timm_arguments={"init_values": 1e-5, "dynamic_img_size": True},
        parameters=303_350_784,
        patch_px=16,
        width=1024,
        depth=24,
        heads=16,
        pos_tokens=197,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes=_NO_DERIVATIVES,
        traps=("timm's registry has mean and std 0.5 for this architecture; the table's are right.",),
    ),
    Backbone(
        id="pathorchestra",
        title="PathOrchestra",
        hub_repo="AI4Pathology/PathOrchestra",
        weight_file="pytorch_model.bin",
        timm_name="vit_large_patch16_224",
        timm_arguments={"init_values": 1e-5, "dynamic_img_size": True},
        parameters=303_350_784,
        patch_px=16,
        width=1024,
        depth=24,
        heads=16,
        pos_tokens=197,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes=_NO_DERIVATIVES,
        traps=("The name of the weight file on the hub is not fixed: model.safetensors is taken too.",),
    ),
    Backbone(
        id="gigapath",
        title="Prov-GigaPath (tile encoder)",
        hub_repo="prov-gigapath/prov-gigapath",
        weight_file="pytorch_model.bin",
        timm_name="vit_giant_patch14_dinov2",
        timm_arguments={
            "img_size": 224,
            "patch_size": 16,
            "embed_dim": 1536,
            "depth": 40,
            "num_heads": 24,
            "init_values": 1e-5,
            "mlp_ratio": 5.33334,
        },
        parameters=1_134_953_984,
        patch_px=16,
        width=1536,
        depth=40,
        heads=24,
        pos_tokens=197,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence="Prov-GigaPath research terms",
        gated=True,
        notes="For research only; not for clinical use.",
        traps=("Its name says patch14, its patches are 16 px.", _SWIGLU_TRAP),
    ),
    Backbone(
        id="virchow",
        title="Virchow",
        hub_repo="paige-ai/Virchow",
        weight_file="model.safetensors",
        timm_name="vit_huge_patch14_224",
        timm_arguments=_VIRCHOW_ARGUMENTS,
        parameters=631_229_184,
        patch_px=14,
        width=1280,
        depth=32,
        heads=16,
        pos_tokens=257,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence="Apache-2.0 with access terms",
        gated=True,
        traps=(_SWIGLU_TRAP,),
    ),
    Backbone(
        id="virchow2",
        title="Virchow2",
        hub_repo="paige-ai/Virchow2",
        weight_file="model.safetensors",
        timm_name="vit_huge_patch14_224",
        timm_arguments={**_VIRCHOW_ARGUMENTS, "reg_tokens": 4},
        parameters=631_239_424,
        patch_px=14,
        width=1280,
        depth=32,
        heads=16,
        registers=4,
        pos_tokens=261,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes=_NO_DERIVATIVES,
        traps=("Its positions cover CLS and registers; all five are folded.", _SWIGLU_TRAP),
    ),
    Backbone(
        id="uni2-h",
        title="UNI 2 (ViT-H)",
        hub_repo="MahmoodLab/UNI2-h",
        weight_file="pytorch_model.bin",
        timm_name="vit_giant_patch14_224",
        timm_arguments={
            "img_size": 224,
            "patch_size": 14,
            "depth": 24,
            "num_heads": 24,
            "init_values": 1e-5,
            "embed_dim": 1536,
            "mlp_ratio": 5.33334,
            "no_embed_class": True,
            "mlp_layer": "SwiGLUPacked",
            "act_layer": "SiLU",
            "reg_tokens": 8,
            "dynamic_img_size": True,
        },
        parameters=681_394_176,
        patch_px=14,
        width=1536,
        depth=24,
        heads=24,
        registers=8,
        pos_tokens=256,
        no_embed_class=True,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes=_NO_DERIVATIVES,
        traps=(_SWIGLU_TRAP,),
    ),
    Backbone(
        id="conch-v1.5",
        title="CONCH 1.5",
        hub_repo="MahmoodLab/conchv1_5",
        weight_file="pytorch_model_vision.bin",
        timm_name="vit_large_patch16_224",
        timm_arguments={"init_values": 1.0, "dynamic_img_size": True},
        parameters=303_350_784,
        patch_px=16,
        width=1024,
        depth=24,
        heads=16,
        pos_tokens=197,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=0.5,
        licence=_CC_BY_NC_ND,
        gated=True,
        notes=_NO_DERIVATIVES,
        key_prefix="trunk.",
        traps=("Its file brings an attention pooler beside the trunk, which is left out.",),
    ),
    Backbone(
        id="dinov2-small",
        title="DINOv2 ViT-S/14",
        hub_repo="timm/vit_small_patch14_dinov2.lvd142m",
        weight_file="model.safetensors",
        timm_name="vit_small_patch14_dinov2",
        timm_arguments={"img_size": 518, "dynamic_img_size": True},
        parameters=22_056_192,
        patch_px=14,
        width=384,
        depth=12,
        heads=6,
        pos_tokens=1370,
        mean=_IMAGENET_MEAN,
        std=_IMAGENET_STD,
        mpp=None,
        licence="Apache-2.0",
        gated=False,
        notes="Pre-trained on photographs, free to use.",
        traps=("The published layout of DINOv2 itself (mask_token) is turned into timm's on loading.",),
    ),
)

BACKBONES: Mapping[str, Backbone] = MappingProxyType({backbone.id: backbone for backbone in _TABLE})
"""The backbones of the paper and those beside it, by id."""


def find_backbone(name: str) -> Backbone:
    """Return the backbone called ``name``.

    Raises
    ------
    BackboneError
        When it is not in the table; the hint names the nearest one.
    """
    found = BACKBONES.get(name.strip().lower())
    if found is None:
        raise BackboneError(f'No backbone is called "{name}".', hint=did_you_mean(name, BACKBONES))
    return found
