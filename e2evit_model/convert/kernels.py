"""Which kernel attends: the fastest that is right on this device. What is fast gives way to what is right, by itself."""

import logging
from collections.abc import Callable
from functools import partial

import torch
from torch import Tensor

from e2evit_model.convert import banded_attention, flex, precision
from e2evit_model.convert.attention import Kernel, chunked_attention
from e2evit_model.convert.positions import Bias

log = logging.getLogger(__name__)

FEWEST = 256
"""Below this many tokens the whole bias is small and one call is fastest."""

Tick = Callable[[], None]


def choose_kernel(q: Tensor, bias: Bias | None, *, chunk: int | None = None, tick: Tick | None = None) -> Kernel:
    """Choose how to attend with queries ``q`` (1, H, n, d): by their device, type and number.

    On the CPU Hankel view and bands for distances along the strip; on CUDA FlexAttention; in all other cases, where one of these
    fails its trial, or where ``chunk`` says that memory is short: chunks.
    """
    tokens, size = q.shape[2:]
    if bias is not None and chunk is None and tokens >= FEWEST:
        if q.device.type == "cuda" and flex.works(q.dtype, q.device, size):
            return flex.compiled_flex
        if q.device.type == "cpu" and bias.one_dimensional and banded_attention.works(q.dtype):
            return partial(banded_attention.banded_attention, tick=tick)
    if bias is None and q.device.type == "cuda" and chunk is None:
        chunk = tokens  # the fused kernel is linear in memory and soon done
    return partial(chunked_attention, chunk=chunk, tick=tick)


def attend(
    q: Tensor, k: Tensor, v: Tensor, bias: Bias | None, *, chunk: int | None = None, tick: Tick | None = None
) -> Tensor:
    """Attend by the kernel of :func:`choose_kernel`, (1, H, n, d) to the same."""
    given = q.dtype
    if given is torch.bfloat16 and not precision.attends_faster_in_bf16(q.device):
        q, k, v = (x.float() for x in (q, k, v))
    # autocast would cast float32 back again
    with torch.autocast(q.device.type, enabled=False):
        return choose_kernel(q, bias, chunk=chunk, tick=tick)(q, k, v, bias).to(given)
