"""Everything that decides a training run: one frozen config that makes flags, form and record. No torch here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from e2evit_model.convert.settings import ConversionSettings, Device, Merger, Precision
from e2evit_model.errors import OptionError, did_you_mean
from e2evit_model.options import Options, option
from e2evit_model.tiling.orders import Order

DEFAULT_TILE_MPP = 0.5


class Method(StrEnum):
    """What is learned."""

    FINE_TUNE = "fine-tune"
    LINEAR_NLL = "linear-nll"
    LINEAR_COX = "linear-cox"


class Loss(StrEnum):
    """What fine-tuning makes small."""

    NLL = "nll"
    COX = "cox"


class Aggregation(StrEnum):
    """How several slides of a patient become one risk."""

    EMBEDDINGS = "embeddings"
    RISKS = "risks"


class Penalty(StrEnum):
    """What keeps the Cox model of linear probing small."""

    RIDGE = "ridge"
    ELASTIC_NET = "elastic-net"


@dataclass(frozen=True, kw_only=True)
class TileSettings(Options):
    """How slides become strips; stored with the model, which reads every later slide the same way."""

    mpp: float | None = option(
        None,
        label="Resolution of the slides",
        unit="um/px",
        minimum=0,
        maximum=100,
        help="Micrometres per pixel of all slides, where the files do not say it or say it wrongly.",
    )
    tissue: str = option(
        "otsu",
        label="Tissue",
        help='How tissue is found: "otsu", "grandqc", "grandqc-artefacts", or "all" for the whole picture of each slide.',
    )
    tissue_fraction: float = option(
        0.5,
        label="Tissue in a tile",
        minimum=0,
        maximum=1,
        help="A tile is kept when at least this share of it is tissue.",
    )
    order: Order = option(
        Order.ROW,
        label="Order of the strip",
        help="The way through the slide along which tiles are put side by side.",
    )
    tile_mpp: float | None = option(
        None,
        label="Resolution of the tiles",
        unit="um/px",
        minimum=0.05,
        maximum=20,
        help="Micrometres per pixel at which the model looks: that of the backbone's pre-training, else 0.5.",
    )
    tile_px: int | None = option(
        None,
        label="Size of a tile",
        unit="px",
        minimum=14,
        maximum=4096,
        help="The side of a tile at that resolution: the backbone's own, 224 for all of the paper's.",
    )
    damaged_share: float = option(
        0.1,
        label="Damaged tiles allowed",
        minimum=0,
        maximum=1,
        help="A slide cannot be used when more than this share of its tiles cannot be read.",
    )


@dataclass(frozen=True, kw_only=True)
class Augmentation(Options):
    """Changes of the strip at random while training. Each commutes with the mean over patches; the order is kept."""

    turn_tiles: bool = option(
        False, label="Turn tiles", help="Turn each tile by quarters and mirror it, at random, every time it is seen."
    )
    gain: float = option(
        0.0,
        label="Vary the strength of colors",
        minimum=0,
        maximum=0.5,
        help="Each color channel of a slide is multiplied by 1 plus or minus up to this much.",
    )
    offset: float = option(
        0.0,
        label="Vary the level of colors",
        minimum=0,
        maximum=0.5,
        help="Up to this much, on a scale of 0 to 1, is added to or taken from each color channel of a slide.",
    )
    drop_tiles: float = option(
        0.0,
        label="Leave out tiles",
        minimum=0,
        maximum=0.9,
        help="This share of a slide's tiles is left out, at random, every time it is seen.",
    )


@dataclass(frozen=True, kw_only=True)
class TrainingConfig(Options):
    """A training run; the defaults are the paper's, and where it is silent the plainest choice.

    Raises
    ------
    OptionError
        On construction: a value outside its limits, or settings that cannot work together.
    """

    method: Method = option(
        Method.FINE_TUNE,
        label="Method",
        help=(
            "fine-tune: the whole vision transformer learns; linear-nll: only one linear layer on its embeddings, as in the "
            "paper; linear-cox: a penalised Cox model on its embeddings."
        ),
    )
    model: str = option(
        "vit-small", label="Backbone", help="The id of a pre-trained backbone, or a weight file of one."
    )
    backbone: str | None = option(
        None, label="Architecture", help="What a weight file is of, where its layout does not say it by itself."
    )
    loss: Loss = option(
        Loss.NLL,
        label="Loss",
        help="nll: likelihood of the time bins, as in the paper; cox: partial likelihood over the patients of a step.",
    )
    bins: int = option(
        4,
        label="Time bins",
        minimum=2,
        maximum=20,
        help="Into how many bins with equally many events the follow-up is cut.",
    )
    epochs: int = option(
        30, label="Epochs", minimum=1, maximum=10_000, help="How often every training slide is seen at most."
    )
    patience: int = option(
        5,
        label="Patience",
        unit="epochs",
        minimum=1,
        maximum=10_000,
        help="Training stops when the validation part got no better for so many epochs.",
    )
    min_delta: float = option(
        1e-3,
        label="Least gain",
        minimum=0,
        maximum=0.5,
        help="Differences of the validation C-index up to this are ties, which the validation loss breaks.",
    )
    learning_rate: float = option(
        1e-4, label="Learning rate", minimum=1e-8, maximum=1, help="The step size of Adam for the head and last blocks."
    )
    weight_decay: float = option(
        0.0, label="Weight decay", minimum=0, maximum=1, help="Adam's L2 penalty on all weights."
    )
    step_size: int = option(
        1,
        label="Slides a step",
        minimum=1,
        maximum=100_000,
        help="Gradients of so many slides (with Cox: patients) are gathered before the weights move; one is in memory at a time.",
    )
    clip_norm: float | None = option(
        1.0,
        label="Largest gradient",
        minimum=1e-6,
        maximum=1e6,
        help="Gradients with a larger norm are shortened to it; nothing is shortened when this is left out.",
    )
    layer_decay: float = option(
        1.0,
        label="Learning rate by layer",
        minimum=0.1,
        maximum=1,
        help="The learning rate of each block is that of the block above times this.",
    )
    freeze_blocks: int = option(
        0,
        label="Frozen blocks",
        minimum=0,
        maximum=1000,
        help=(
            "The patch embedding and so many of the first blocks keep their pre-trained weights; at least those that see tiles "
            "before they are merged."
        ),
    )
    checkpointing: bool = option(
        True, label="Save memory", help="Compute each block twice instead of keeping what it computed."
    )
    precision: Precision = option(Precision.AUTO, label="Precision", help="auto: bf16 on a GPU that has it, else fp32.")
    device: Device = option(
        Device.AUTO, label="Device", help="Where the model is trained: the GPU when there is one, else the CPU."
    )
    threads: int | None = option(
        None,
        label="Threads",
        minimum=1,
        maximum=1024,
        help="Processor threads of each fold; recorded, since results are equal to the last bit only with equally many.",
    )
    folds_in_parallel: int = option(
        1, label="Folds at once", minimum=1, maximum=100, help="How many folds are trained at the same time."
    )
    seed: int = option(0, label="Seed", minimum=0, maximum=2**31 - 1, help="Where all random numbers of the run begin.")
    aggregation: Aggregation = option(
        Aggregation.EMBEDDINGS,
        label="Patients with several slides",
        help="embeddings: the risk of the mean embedding of the slides; risks: the mean of the slides' risks.",
    )
    standardise: bool = option(
        False,
        label="Standardise embeddings",
        help="linear-nll: bring each embedding value to mean 0 and deviation 1 over the training part (Cox always does).",
    )
    penalty: Penalty = option(
        Penalty.RIDGE,
        label="Penalty",
        help="linear-cox: ridge makes all coefficients smaller, elastic-net also makes some of them zero.",
    )
    l1_ratio: float = option(
        0.5, label="Share of L1", minimum=0.01, maximum=1, help="elastic-net: how much of the penalty is L1."
    )
    inner_folds: int = option(
        5,
        label="Inner folds",
        minimum=2,
        maximum=20,
        help="linear-cox: the strength of the penalty is chosen by cross-validation inside the training part.",
    )
    keep_backbone: bool = option(
        True,
        label="Model with backbone",
        help="linear methods: put the backbone's weights into the risk model; leave them out where their licence asks for it.",
    )
    skip_failed: bool = option(
        False, label="Leave out bad slides", help="Go on without slides that cannot be read; they are listed."
    )
    conversion: ConversionSettings = field(default_factory=ConversionSettings)
    tiles: TileSettings = field(default_factory=TileSettings)
    augmentation: Augmentation = field(default_factory=Augmentation)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.loss is Loss.COX and self.method is Method.FINE_TUNE and self.step_size == 1:
            raise OptionError(
                "The Cox loss needs several patients a step: of one patient alone it is always 0, and nothing is learned.",
                hint="Set the slides a step to 16 or more (--step-size 16), or choose the likelihood of time bins (--loss nll).",
            )
        if self.loss is Loss.COX and self.method is Method.LINEAR_NLL:
            raise OptionError(
                "Linear probing by the likelihood of time bins cannot use the Cox loss.",
                hint="Choose the Cox model on embeddings instead (--method linear-cox).",
            )
        refuse_way_of_looking(self)
        if self.method is Method.FINE_TUNE and self.freeze_blocks < self.conversion.merge_after:
            object.__setattr__(self, "freeze_blocks", self.conversion.merge_after)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What follows from the settings and the user should know before hours are spent."""
        return sentences_of(self)

    @property
    def uses_cox(self) -> bool:
        """Whether the risk is a log relative hazard rather than a sum over time bins."""
        return self.method is Method.LINEAR_COX or (self.method is Method.FINE_TUNE and self.loss is Loss.COX)


def refuse_way_of_looking(config: TrainingConfig) -> None:
    """Refuse what cannot be learned or changed where the model looks at every patch.

    Raises
    ------
    OptionError
        With what to choose instead.
    """
    conversion, changes = config.conversion, config.augmentation
    if conversion.merger is Merger.ATTENTION and config.method is not Method.FINE_TUNE:
        raise OptionError(
            "The attention merger must be learned, and linear probing leaves the model as it is.",
            hint="Choose fine-tuning (--method fine-tune), or the merger mean or max.",
        )
    changed = changes.turn_tiles or changes.gain > 0 or changes.offset > 0
    if conversion.needs_pixels and changed and config.method is Method.FINE_TUNE:
        raise OptionError(
            "Tiles cannot be turned, nor colors varied, where the model looks at every patch: each tile is looked at once, before "
            "training.",
            hint="Leave these changes out (leaving out tiles is possible), or merge mean patches before block 0 as the paper does.",
        )


def sentences_of(config: TrainingConfig) -> tuple[str, ...]:
    """Say which weights stay as they are, and what is kept on disk, because of the way the model looks at tiles."""
    conversion = config.conversion
    if not conversion.needs_pixels:
        return ()
    found = []
    if config.method is Method.FINE_TUNE:
        blocks = conversion.merge_after
        kept = "the patch embedding" if not blocks else f"the patch embedding and the first {blocks} blocks"
        stay = "keeps its" if not blocks else "keep their"
        found.append(
            f"{kept.capitalize()} {stay} pre-trained weights: what they make of each tile is computed once and kept."
        )
    if conversion.merger is Merger.ATTENTION:
        found.append(
            "The attention merger learns which patches count, so the tokens of every patch are kept on disk: hundreds of times as "
            "much as of merged ones."
        )
    return tuple(found)


PRESETS: Mapping[str, TrainingConfig] = MappingProxyType({"paper": TrainingConfig()})
"""Named settings: "paper" is fine-tuning as the paper did it."""


def find_preset(name: str) -> TrainingConfig:
    """Return the settings called ``name``.

    Raises
    ------
    OptionError
        When there are none of that name.
    """
    if name not in PRESETS:
        raise OptionError(f'No training settings are called "{name}".', hint=did_you_mean(name, PRESETS))
    return PRESETS[name]
