"""Attention rollout of a slide: where what CLS holds at the end came from, through all layers."""

import numpy as np
import torch

from e2evit_model.convert.devices import choose_device
from e2evit_model.explain.maps import RolloutMap
from e2evit_model.inference.analyze import PreparedStrip
from e2evit_model.progress import Progress, silent

STEP = "Rolling attention out"


def roll_out_strip(strip: PreparedStrip, *, progress: Progress = silent) -> RolloutMap:
    """Roll attention out through all layers, mean over the backbones of a risk model.

    Takes about twice the time of a run. Computed in fp32.

    Raises
    ------
    DeviceError
        When the device is not there.
    Cancelled
        When ``progress`` raises it.
    """
    loaded, plan, grid = strip.loaded, strip.plan, strip.grid
    place = choose_device(plan.device)
    patches = torch.from_numpy(strip.stack.means(loaded.backbone.patch_px)).to(place)
    fed = strip.tokens or (patches,)  # one for all members, or one each where their mergers differ
    where = [torch.from_numpy(axis.astype(np.int64)).to(place) for axis in (grid.column, grid.row)]
    shares = []
    for member in range(loaded.members):

        def tick(done: int, total: int, member: int = member) -> None:
            progress(STEP, member * total + done, loaded.members * total)

        encoder = loaded.encoder(member, plan.conversion).eval().to(place)
        shares.append(encoder.rollout(fed[member if len(fed) > 1 else 0], *where, tick=tick).float().cpu().numpy())
    progress(STEP, 1, 1)
    return RolloutMap(grid=grid, model=loaded.summary, shares=np.stack(shares).mean(axis=0))
