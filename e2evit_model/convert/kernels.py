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


def _dtype_of_attention(given: torch.dtype, device: torch.device) -> torch.dtype:
    if given is torch.bfloat16 and not precision.attends_faster_in_bf16(device):
        return torch.float32
    return given


def prepare(x: Tensor, bias: Bias | None, size: int) -> None:
    """Make the trials that :func:`choose_kernel` relies on, for tokens ``x`` and heads of width ``size``.

    They must not be made inside a block: one that is computed again for the backward pass would find them made, and keep other
    tensors than the first time.
    """
    given = torch.get_autocast_dtype(x.device.type) if torch.is_autocast_enabled(x.device.type) else x.dtype
    with torch.autocast(x.device.type, enabled=False):
        dtype = _dtype_of_attention(given, x.device)
        choose_kernel(torch.empty(1, 1, x.shape[1], size, dtype=dtype, device=x.device), bias)


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
    # autocast would cast float32 back again
    with torch.autocast(q.device.type, enabled=False):
        dtype = _dtype_of_attention(given, q.device)
        q, k, v = (x.to(dtype) for x in (q, k, v))
        return choose_kernel(q, bias, chunk=chunk, tick=tick)(q, k, v, bias).to(given)
