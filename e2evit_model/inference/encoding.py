"""Run the model where the user wants it; when the GPU's memory does not suffice, go on smaller chunks, then on the CPU."""

import logging
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from e2evit_model.convert.devices import choose_device
from e2evit_model.convert.e2evit import E2EViT, Encoding
from e2evit_model.errors import DeviceError
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.plan import AnalysisPlan
from e2evit_model.progress import Progress
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.tiling.grid import TileGrid

_log = logging.getLogger(__name__)

SMALLER_CHUNKS = (None, 512, 64)
"""Query rows at once on the GPU: first as many as the kernel likes, then fewer."""


def _name(device: torch.device) -> str:
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"


def encode_members(
    loaded: LoadedModel,
    plan: AnalysisPlan,
    stack: PatchStack,
    grid: TileGrid,
    *,
    tokens: Sequence[TokenStack] = (),
    progress: Progress,
) -> tuple[list[Encoding], str, list[str]]:
    """Encode the strip by each member's backbone (one where they share it).

    Returns
    -------
    tuple
        The encodings, the name of the device that was used in the end, and notices for the user.
    """
    whole = [np.arange(len(grid))]
    by_member, device, notices = encode_parts(loaded, plan, stack, grid, whole, tokens=tokens, progress=progress)
    return [encodings[0] for encodings in by_member], device, notices


def encode_parts(
    loaded: LoadedModel,
    plan: AnalysisPlan,
    stack: PatchStack,
    grid: TileGrid,
    parts: Sequence[NDArray[np.int64]],
    *,
    tokens: Sequence[TokenStack] = (),
    all_layers: bool = True,
    each: Callable[[], None] | None = None,
    progress: Progress,
) -> tuple[list[list[Encoding]], str, list[str]]:
    """Encode several strips, each of some of the tiles, by each member's backbone, whose weights are loaded once.

    Parameters
    ----------
    parts
        For each strip the numbers of its tiles, rising: the tiles that an analysis without the others would have.
    tokens
        What the model saw of the tiles, one for all members or one each, where it sees more than mean patches.
    all_layers
        Whether attention by layer is wanted.
    each
        Called after every strip.

    Returns
    -------
    tuple
        The encodings by member, then by strip; the name of the device that was used in the end, and notices for the user.
    """
    fed: Sequence[NDArray[np.float32] | TokenStack] = tokens or [stack.means(loaded.backbone.patch_px)]
    ways = _Ways(choose_device(plan.device))

    def encode(member: int, tiles: NDArray[np.int64]) -> Encoding:
        own = fed[member if len(fed) > 1 else 0]
        encoding = ways.encode(
            loaded.encoder(member, plan.conversion),
            own.subset(tiles) if isinstance(own, TokenStack) else own[tiles],
            grid.subset(tiles),
            precision=plan.precision.value,
            all_layers=all_layers,
            progress=progress,
        )
        if each is not None:
            each()
        return encoding

    found = [[encode(member, tiles) for tiles in parts] for member in range(loaded.members)]
    return found, _name(ways.device), ways.notices


class _Ways:
    """Ways of running the model, from the fastest to the one that needs least memory; none is tried again once it failed."""

    def __init__(self, device: torch.device) -> None:
        self._wanted = device
        self._left: list[tuple[torch.device, int | None]] = [(device, None)]
        if device.type == "cuda":
            self._left = [(device, chunk) for chunk in SMALLER_CHUNKS] + [(torch.device("cpu"), None)]
        self.notices: list[str] = []

    @property
    def device(self) -> torch.device:
        """Where the model runs now."""
        return self._left[0][0]

    def encode(
        self,
        encoder: E2EViT,
        strip: NDArray[np.float32] | TokenStack,
        grid: TileGrid,
        *,
        precision: str,
        all_layers: bool,
        progress: Progress,
    ) -> Encoding:
        """Encode one strip in the first way that suffices."""
        while True:
            place, chunk = self._left[0]
            try:
                return encoder.encode(
                    strip,
                    grid.column,
                    grid.row,
                    device=place,
                    precision=precision,
                    chunk=chunk,
                    all_layers=all_layers,
                    progress=progress,
                )
            except torch.OutOfMemoryError as error:
                _log.info("out of memory on %s with chunks of %s", place, chunk)
                torch.cuda.empty_cache()
                self._give_up(len(grid), error)

    def _give_up(self, tiles: int, error: Exception) -> None:
        """Go on in the next way, or say that there is none."""
        if len(self._left) == 1:
            raise DeviceError(
                f"The memory does not suffice for {tiles} tiles.",
                hint="Close other programs, or exclude part of the slide.",
            ) from error
        self._left = self._left[1:]
        used = "the CPU was used" if self.device != self._wanted else "smaller pieces were used"
        self.notices = [f"The memory of the GPU did not suffice for {tiles} tiles; {used}."]
