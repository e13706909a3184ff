"""How a ViT is converted: every choice where the paper is silent, stored with the model. No torch here."""

from dataclasses import dataclass
from enum import StrEnum

from e2evit_model.options import Options, option


class Device(StrEnum):
    """Where a model runs."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class Precision(StrEnum):
    """The numbers that activations are computed in."""

    AUTO = "auto"
    FP32 = "fp32"
    BF16 = "bf16"


class Positions(StrEnum):
    """How tokens know where they are."""

    ALIBI = "alibi"
    ALIBI_2D = "alibi_2d"
    LEARNED = "learned"
    NONE = "none"


class DistanceUnit(StrEnum):
    """What ALiBi counts along the strip."""

    TOKEN = "token"  # noqa: S105 - no secret
    TILE = "tile"


class ReadOut(StrEnum):
    """What becomes the slide's embedding."""

    CLS = "cls"
    CLS_MEAN = "cls+mean"
    MEAN = "mean"
    POOLER = "pooler"


class Merger(StrEnum):
    """How the patches of a group become one token."""

    MEAN = "mean"
    MAX = "max"
    ATTENTION = "attention"


class Split(StrEnum):
    """How a tile is cut where it becomes four tokens; two are its upper and its lower half either way."""

    QUADRANTS = "quadrants"
    BANDS = "bands"


class KeptTokens(StrEnum):
    """In which numbers tokens of tiles are kept."""

    FP16 = "fp16"
    FP32 = "fp32"


@dataclass(frozen=True, kw_only=True)
class ConversionSettings(Options):
    """Everything that decides how a pre-trained ViT reads a strip; stored with the model."""

    positions: Positions = option(
        Positions.ALIBI,
        label="Positions",
        help=(
            "alibi: attention falls off with the distance along the strip; alibi_2d: with the distance on the slide; "
            "learned: the pre-trained positions, stretched over the strip; none: the order does not matter."
        ),
    )
    distance: DistanceUnit = option(
        DistanceUnit.TOKEN,
        label="Distance counted in",
        help="The unit of distance of alibi: merged tokens, or tiles. alibi_2d always counts tiles.",
    )
    tokens_per_tile: float = option(
        1.0,
        label="Tokens a tile",
        minimum=0.001,
        maximum=4,
        help="How many tokens the transformer gets for each tile, 0.5 to 4 in the paper.",
    )
    split: Split = option(
        Split.QUADRANTS,
        label="Parts of a tile",
        help="How a tile becomes four tokens: quadrants, or bands of its rows of patches, one below the other.",
    )
    merger: Merger = option(
        Merger.MEAN,
        label="Merger",
        help=(
            "How the patches of a tile become one token. mean: computed exactly before the model; max: the largest of each value, "
            "which needs every patch; attention: a mean whose weights are learned, for fine-tuning only."
        ),
    )
    merge_after: int = option(
        0,
        label="Merge after block",
        minimum=0,
        maximum=1000,
        help=(
            "So many blocks see each tile's own patches before these are merged: 0 is the paper and the fastest, more blocks see "
            "more detail and take longer."
        ),
    )
    kept_tokens: KeptTokens = option(
        KeptTokens.FP16,
        label="Tokens kept as",
        help="Where the model looks at every patch: the numbers in which its tokens are kept; fp32 takes twice the room.",
    )
    fold_prefix_position: bool = option(
        True,
        label="Keep the prefix's position",
        help="Add the position that the CLS and register tokens were trained with to these tokens before it is removed.",
    )
    read_out: ReadOut = option(
        ReadOut.CLS,
        label="Read-out",
        help=(
            "What becomes the slide's embedding: the CLS token, the mean of the tile tokens, both side by side, or the pooler that "
            "the backbone was pre-trained with (CONCH)."
        ),
    )

    @property
    def needs_pixels(self) -> bool:
        """Whether the model must see every patch of every tile; mean patches suffice otherwise."""
        bands = self.split is Split.BANDS and self.tokens_per_tile > 2
        return self.merge_after > 0 or self.merger is not Merger.MEAN or bands
