"""Build GrandQC's networks, load their weights, and run them on pictures."""

import logging
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from e2evit_model.convert.timm_models import refuse_other_tensors
from e2evit_model.convert.weights import read_weights
from e2evit_model.errors import TissueError
from e2evit_model.grandqc.models import ENCODER, Network, require_at_hand
from e2evit_model.slides.protocol import Pixels

log = logging.getLogger(__name__)

# of ImageNet, as the encoder was pre-trained
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)


def _library() -> Any:
    try:
        import segmentation_models_pytorch
    except ImportError as error:
        log.debug("segmentation-models-pytorch: %s", error)
        raise TissueError(
            "GrandQC needs segmentation-models-pytorch, which is not installed.",
            hint="Install it with `pip install e2evit-desktop[grandqc]`, or find tissue by Otsu's method.",
        ) from error
    return segmentation_models_pytorch


def build_network(network: Network) -> nn.Module:
    """Build a network with random weights, in evaluation mode; nothing is downloaded.

    Raises
    ------
    TissueError
        When segmentation-models-pytorch is not installed.
    """
    make = getattr(_library(), network.architecture)
    built: nn.Module = make(
        encoder_name=ENCODER, encoder_weights=None, in_channels=3, classes=len(network.classes), activation=None
    )
    return built.eval().requires_grad_(False)


def load_network(network: Network, path: Path | None = None) -> nn.Module:
    """Load a network strictly from its weight file (by default that on this machine).

    Raises
    ------
    TissueError
        When its weights are not here, or the library is not installed.
    WeightsError
        When the file is damaged, unsafe or of another network.
    """
    state = read_weights(path or require_at_hand(network))
    built = build_network(network)
    wanted = built.state_dict()
    # a count of batches that old versions of the library did not keep, and that evaluation does not use
    counts = {key: value for key, value in wanted.items() if key.endswith("num_batches_tracked")}
    state = {**counts, **state}
    refuse_other_tensors(wanted, state, network.title)
    built.load_state_dict({key: value.to(wanted[key].dtype) for key, value in state.items()}, strict=True)
    return built


def normalized(tiles: NDArray[np.uint8]) -> Tensor:
    """Bring tiles (n, h, w, 3) of RGB to what the encoder was pre-trained on, (n, 3, h, w) float32."""
    mean, std = (torch.tensor(values).view(3, 1, 1) for values in (_MEAN, _STD))
    return (torch.from_numpy(tiles).permute(0, 3, 1, 2).float() / 255 - mean) / std


@torch.inference_mode()
def classes_of(built: nn.Module, tiles: Pixels | NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Say the most likely class of every pixel of tiles (n, h, w, 3); (n, h, w)."""
    device = next(built.parameters()).device
    scores: Tensor = built(normalized(tiles).to(device))
    return np.asarray(scores.argmax(dim=1).to(torch.uint8).cpu())
