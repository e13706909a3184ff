"""Run the model where the user wants it; when the GPU's memory does not suffice, go on smaller chunks, then on the CPU."""

import logging

import torch

from e2evit_model.convert.devices import choose_device
from e2evit_model.convert.e2evit import Encoding
from e2evit_model.errors import DeviceError
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.plan import AnalysisPlan
from e2evit_model.progress import Progress
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.tiling.grid import TileGrid

_log = logging.getLogger(__name__)

SMALLER_CHUNKS = (None, 512, 64)
"""Query rows at once on the GPU: first as many as the kernel likes, then fewer."""


def _name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"


def encode_members(
    loaded: LoadedModel, plan: AnalysisPlan, stack: PatchStack, grid: TileGrid, *, progress: Progress
) -> tuple[list[Encoding], str, list[str]]:
    """Encode the strip by each member's backbone (one where they share it).

    Returns
    -------
    tuple
        The encodings, the name of the device that was used in the end, and notices for the user.
    """
    means = stack.means(loaded.backbone.patch_px)
    device = choose_device(plan.device)
    attempts: list[tuple[torch.device, int | None]] = [(device, chunk) for chunk in SMALLER_CHUNKS]
    if device.type == "cuda":
        attempts.append((torch.device("cpu"), None))
    else:
        attempts = attempts[:1]
    notices: list[str] = []
    for place, chunk in attempts:
        try:
            encodings = [
                loaded.encoder(member, plan.conversion).encode(
                    means,
                    grid.column,
                    grid.row,
                    device=place,
                    precision=plan.precision.value,
                    chunk=chunk,
                    progress=progress,
                )
                for member in range(loaded.members)
            ]
        except torch.OutOfMemoryError:
            _log.info("out of memory on %s with chunks of %s", place, chunk)
            torch.cuda.empty_cache()
            notices = [f"The memory of the GPU did not suffice for {len(grid)} tiles; smaller pieces were used."]
            continue
        if place != device:
            notices = [f"The memory of the GPU did not suffice for {len(grid)} tiles; the CPU was used."]
        return encodings, _name(place), notices
    raise DeviceError(
        f"The memory does not suffice for {len(grid)} tiles.",
        hint="Close other programs, or exclude part of the slide.",
    )
