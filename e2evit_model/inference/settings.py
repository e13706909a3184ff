"""What a user may choose for the analysis of one slide; does not import torch."""

from dataclasses import dataclass

from e2evit_model.annotations.selection import NOTHING, TileSelection
from e2evit_model.convert.settings import Device, Merger, Positions, Precision, ReadOut, Split
from e2evit_model.options import Options, option
from e2evit_model.tiling.orders import Order

DEFAULT_TISSUE = "otsu"
DEFAULT_TISSUE_FRACTION = 0.5
DEFAULT_TILE_MPP = 0.5
DEFAULT_TILE_PX = 224


@dataclass(frozen=True, kw_only=True)
class AnalysisSettings(Options):
    """Everything a user may choose for the analysis of one slide. ``None`` means: as the model or the file says.

    ``selection`` is what was drawn by hand on the slide; it is no flag and no field of a form.
    """

    mpp: float | None = option(
        None,
        label="Resolution of the slide",
        unit="um/px",
        minimum=0,
        maximum=100,
        help="Micrometres per pixel of the slide, where the file does not say it or says it wrongly.",
    )
    tissue: str | None = option(
        None,
        label="Tissue",
        help='How tissue is found: "otsu" (as when nothing is said), "grandqc" by its network, "grandqc-artefacts" without folds, '
        'pen, bubbles and blur, too, "all" for the whole picture, or a mask file (PNG, GeoJSON).',
    )
    tissue_fraction: float | None = option(
        None,
        label="Tissue in a tile",
        minimum=0,
        maximum=1,
        help="A tile is kept when at least this share of it is tissue; 0.5 when nothing is said.",
    )
    order: Order | None = option(
        None,
        label="Order of the strip",
        help="The way through the slide along which tiles are put side by side. A risk model brings its own.",
    )
    tile_mpp: float | None = option(
        None,
        label="Resolution of the tiles",
        unit="um/px",
        minimum=0.05,
        maximum=20,
        help="Micrometres per pixel at which the model looks. A risk model brings its own.",
    )
    tokens_per_tile: float | None = option(
        None,
        label="Tokens a tile",
        minimum=0.001,
        maximum=4,
        help="How many tokens the transformer gets for each tile, 0.5 to 4 in the paper. A risk model brings its own.",
    )
    merge_after: int | None = option(
        None,
        label="Detail",
        minimum=0,
        maximum=1000,
        help=(
            "So many blocks of the model see each tile's own patches before these are merged: 0 is the fastest, more blocks see "
            "more detail and take longer. A risk model brings its own."
        ),
    )
    merger: Merger | None = option(
        None,
        label="Merger",
        help="How the patches of a tile become one token: mean or max; attention only with a risk model that was trained with it.",
    )
    split: Split | None = option(
        None,
        label="Parts of a tile",
        help="How a tile becomes four tokens: quadrants or bands. A risk model brings its own.",
    )
    positions: Positions | None = option(
        None,
        label="Positions",
        help="How the model knows where tiles lie: alibi, alibi_2d, learned or none. A risk model brings its own.",
    )
    read_out: ReadOut | None = option(
        None,
        label="Read-out",
        help="What becomes the slide's embedding: cls, cls+mean, mean, or CONCH's pooler. A risk model brings its own.",
    )
    damaged_share: float = option(
        0.1,
        label="Damaged tiles allowed",
        minimum=0,
        maximum=1,
        help="The analysis stops when more than this share of the tiles cannot be read.",
    )
    device: Device = option(
        Device.AUTO, label="Device", help="Where the model runs: the GPU when there is one, else the CPU."
    )
    precision: Precision = option(
        Precision.AUTO,
        label="Precision",
        help="bf16 where the device computes it faster, else fp32.",
    )
    cache: bool = option(
        True,
        label="Keep the strip",
        help="Keep the averaged patches on disk, so that the next analysis does not read the slide again.",
    )
    selection: TileSelection = NOTHING


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """Which model: a risk model folder, a weight file, or the id of a backbone.

    ``backbone`` names the architecture of a weight file whose layout does not say it by itself.
    """

    source: str
    backbone: str | None = None
