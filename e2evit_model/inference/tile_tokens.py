"""What the first blocks of a model see of every tile, from the cache or from the slide."""

import logging

import numpy as np
import torch
from numpy.typing import NDArray

from e2evit_model.convert.devices import choose_device
from e2evit_model.convert.settings import Positions
from e2evit_model.convert.token_stream import encode_tiles, tokens_key
from e2evit_model.inference.models import LoadedModel
from e2evit_model.inference.plan import AnalysisPlan
from e2evit_model.progress import Progress
from e2evit_model.slides.protocol import Slide
from e2evit_model.strip.token_cache import load_or_encode
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.tiling.grid import TileGrid

_log = logging.getLogger(__name__)


def tokens_of_tiles(
    slide: Slide, whole: TileGrid, chosen: TileGrid, loaded: LoadedModel, plan: AnalysisPlan, *, progress: Progress
) -> tuple[tuple[TokenStack, ...], list[str]]:
    """Return the tokens of the chosen tiles: one stack for all members, or one each where their mergers differ.

    The first blocks are the same in all members: training keeps them as they were pre-trained. All tiles of the tissue are looked
    at, so that another choice among them finds them in the cache; with learned positions, which depend on the whole strip, only
    the chosen ones are.

    Raises
    ------
    E2EViTError
        As :func:`~e2evit_model.convert.token_stream.encode_tiles`.
    """
    grid = chosen if plan.conversion.positions is Positions.LEARNED else whole
    looking = _Looking(slide, grid, loaded, plan, progress)
    stacks: list[TokenStack] = []
    notices: list[str] = []
    for number in range(looking.count):
        stack, said = load_or_encode(
            slide,
            grid,
            looking.key(number),
            lambda number=number: looking.stack(number),  # type: ignore[misc]
            use_cache=plan.cache,
            progress=progress,
        )
        stacks.append(stack)
        notices += said
    kept = _places(grid, chosen)
    return tuple(stack.subset(kept) for stack in stacks), notices + looking.notices


class _Looking:
    """Looks at the tiles once for all members, when the first of them is not in the cache."""

    def __init__(
        self, slide: Slide, grid: TileGrid, loaded: LoadedModel, plan: AnalysisPlan, progress: Progress
    ) -> None:
        self._slide, self._grid, self._plan, self._progress = slide, grid, plan, progress
        self._scores = loaded.patch_scores()
        self._encoder = loaded.encoder(0, plan.conversion)
        self._device = choose_device(plan.device)
        self._made: list[TokenStack] = []
        self.notices: list[str] = []

    @property
    def count(self) -> int:
        """How many stacks there are."""
        return 1 if self._scores is None else len(self._scores)

    def key(self, number: int) -> str:
        """Return what decides a stack besides slide and grid."""
        own = self._encoder.scores
        if self._scores is not None:
            self._encoder.scores = self._scores[number].to(self._encoder.mean.device)
        key = tokens_key(self._encoder, precision=self._plan.precision.value, device=self._device)
        self._encoder.scores = own
        return key

    def stack(self, number: int) -> TokenStack:
        """Return a stack; all are made together."""
        if not self._made:
            try:
                self._made = self._look(self._device)
            except torch.OutOfMemoryError:
                _log.info("a single tile does not fit the memory of the GPU")
                torch.cuda.empty_cache()
                self.notices.append("The memory of the GPU did not suffice to look at the tiles; the CPU was used.")
                self._made = self._look(torch.device("cpu"))
        return self._made[number]

    def _look(self, device: torch.device) -> list[TokenStack]:
        return encode_tiles(
            self._encoder,
            self._slide,
            self._grid,
            device=device,
            precision=self._plan.precision.value,
            scores=self._scores,
            progress=self._progress,
        )


def _places(whole: TileGrid, chosen: TileGrid) -> NDArray[np.int64]:
    """Return where the chosen tiles stand in the whole grid; both are in the same order."""
    place = {(int(c), int(r)): n for n, (c, r) in enumerate(zip(whole.column, whole.row, strict=True))}
    return np.array([place[int(c), int(r)] for c, r in zip(chosen.column, chosen.row, strict=True)], np.int64)
