"""GrandQC's published networks: architecture, resolution, classes, weights, terms. No torch here.

The weights are those of the authors (Zenodo 14507273 and 14041538) as safetensors.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from e2evit_model.convert.hub import Published, in_cache
from e2evit_model.convert.registry import own_weights
from e2evit_model.errors import TissueError, did_you_mean
from e2evit_model.tissue.mask import Finding
from e2evit_model.tissue.methods import GRANDQC

TILE_PX = 512
ENCODER = "timm-efficientnet-b0"
LICENCE = "CC BY-NC-SA 4.0"

_REPO = "pkeller01/INSIGHT-preprocessing"

TISSUE_CLASSES: Mapping[int, Finding] = MappingProxyType({0: Finding.TISSUE, 1: Finding.BACKGROUND})

ARTEFACT_CLASSES: Mapping[int, Finding] = MappingProxyType(
    {
        0: Finding.BACKGROUND,  # never learned
        1: Finding.TISSUE,
        2: Finding.FOLD,
        3: Finding.DEBRIS,  # dark spots and foreign objects
        4: Finding.PEN,
        5: Finding.BUBBLE,  # air bubbles and the edge of the cover slip
        6: Finding.BLUR,
        7: Finding.BACKGROUND,
    }
)


@dataclass(frozen=True, kw_only=True)
class Network:
    """One network: ``architecture`` is its name in segmentation-models-pytorch, ``mpp`` the resolution it looks at in um/px."""

    id: str
    title: str
    architecture: str
    mpp: float
    classes: Mapping[int, Finding]
    file: str
    bytes: int
    notes: str

    @property
    def published(self) -> Published:
        """Where its weights are published."""
        return Published(id=self.id, title=self.title, repo=_REPO, files=(self.file,), licence=LICENCE, gated=False)

    @property
    def at_hand(self) -> Path | None:
        """The weight file on this machine: the user's own, else that in the hub's cache."""
        return own_weights(self.id) or in_cache(self.published)


def _artefacts(identity: str, mpp: float, notes: str) -> Network:
    return Network(
        id=identity,
        title=f"GrandQC, artefacts at {mpp:g} µm/px",
        architecture="Unet",
        mpp=mpp,
        classes=ARTEFACT_CLASSES,
        file=f"grandqc/qc_mpp{mpp:g}.safetensors",
        bytes=25_200_000,
        notes=notes,
    )


_TABLE = (
    Network(
        id=GRANDQC,
        title="GrandQC, tissue",
        architecture="UnetPlusPlus",
        mpp=10.0,
        classes=TISSUE_CLASSES,
        file="grandqc/td_mpp10.safetensors",
        bytes=26_400_000,
        notes="Finds tissue on a slide in seconds. The artefact networks need it, too.",
    ),
    _artefacts(
        "grandqc-artefacts", 1.5, "Finds folds, dark spots, pen, bubbles and blur in tissue: the authors' first choice."
    ),
    _artefacts("grandqc-artefacts-1", 1.0, "The same at higher power: finer, and twice the time."),
    _artefacts("grandqc-artefacts-2", 2.0, "The same at lower power: coarser, and half the time."),
)

NETWORKS: Mapping[str, Network] = MappingProxyType({network.id: network for network in _TABLE})
"""GrandQC's networks by id; each id is a way of finding tissue, too."""


def network_called(name: str) -> Network:
    """Return the network of an id.

    Raises
    ------
    TissueError
        When there is none.
    """
    if name not in NETWORKS:
        raise TissueError(f'GrandQC has no network called "{name}".', hint=did_you_mean(name, NETWORKS))
    return NETWORKS[name]


def require_at_hand(network: Network) -> Path:
    """Return the weight file of a network.

    Raises
    ------
    TissueError
        When it is not on this machine.
    """
    path = network.at_hand
    if path is None:
        raise TissueError(
            f"The weights of {network.title} are not on this machine.",
            hint=f"Get them with `e2evit models get {network.id}` or in the window (Analyze, Models), after accepting the licence.",
        )
    return path
