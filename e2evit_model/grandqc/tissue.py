"""GrandQC's first stage: tissue and background of the whole slide at 10 um/px."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from torch import nn

from e2evit_model.grandqc.models import TILE_PX, Network
from e2evit_model.grandqc.networks import classes_of
from e2evit_model.progress import Progress
from e2evit_model.slides.protocol import Pixels

STEP = "Finding tissue by GrandQC"
JPEG_QUALITY = 80
"""The network was trained on pictures that had been compressed so, and is worse on others."""

WHITE = 255


def tissue_findings(
    picture: Pixels, network: Network, built: nn.Module, *, tile_px: int = TILE_PX, progress: Progress
) -> NDArray[np.uint8]:
    """Say of every pixel of a picture (h, w, 3) at 10 um/px whether it is tissue; (h, w) of ``Finding``.

    As the authors do: compressed as JPEG of quality 80, cut into tiles of 512 px, of which the last of a row or column lies at the
    border and gives what the others leave; ImageNet's normalization; the likelier class. A picture smaller than a tile is laid on
    white.

    Raises
    ------
    Cancelled
        By ``progress``.
    """
    height, width = picture.shape[:2]
    page = np.full((max(height, tile_px), max(width, tile_px), 3), WHITE, np.uint8)
    page[:height, :width] = compressed(picture)
    found = np.zeros(page.shape[:2], np.uint8)
    places = [(top, left) for top in starts(page.shape[0], tile_px) for left in starts(page.shape[1], tile_px)]
    for done, (top, left) in enumerate(places):
        progress(STEP, done, len(places))
        window = slice(top, top + tile_px), slice(left, left + tile_px)
        # a tile at the border overlaps the one before, whose pixels stay
        fresh = slice(-top % tile_px, None), slice(-left % tile_px, None)
        found[window][fresh] = classes_of(built, page[window][np.newaxis])[0][fresh]
    progress(STEP, len(places), len(places))
    as_finding = np.array([network.classes[number] for number in sorted(network.classes)], np.uint8)
    return np.asarray(as_finding[found[:height, :width]])


def compressed(picture: Pixels) -> Pixels:
    """Compress a picture as JPEG and open it again."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="JPEG", quality=JPEG_QUALITY)
    with Image.open(buffer) as again:
        return np.array(again.convert("RGB"))


def starts(length: int, tile_px: int) -> list[int]:
    """Return where tiles begin along a side: one after the other, the last one at the border."""
    whole = list(range(0, length - tile_px + 1, tile_px))
    return whole if length % tile_px == 0 else [*whole, length - tile_px]
