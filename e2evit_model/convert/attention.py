"""Attention with a bias by distance, whatever the number of tokens: the plain kernels that run everywhere.

``dense_attention`` is the reference for small strips; ``chunked_attention`` is exact on every device with memory linear in the
number of tokens, and what all faster kernels are tested against and give way to.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from e2evit_model.convert.positions import Bias

Kernel = Callable[[Tensor, Tensor, Tensor, Bias | None], Tensor]
"""Queries, keys, values (1, H, n, d), prefix first, and the bias, to the attended values (1, H, n, d)."""

CHUNK_BYTES = 256 * 2**20
"""How much memory the bias of one chunk of queries may take."""


def mask_dtype(q: Tensor) -> torch.dtype:
    """Return the type in which the bias goes to the fused kernel: float32 on the CPU, which takes it; else that of the queries."""
    return torch.float32 if q.device.type == "cpu" else q.dtype


def unbiased_attention(q: Tensor, k: Tensor, v: Tensor, bias: Bias | None = None) -> Tensor:
    """Attend without positions, by the fastest kernel that torch has for the device."""
    assert bias is None  # noqa: S101 - chosen for no positions
    return F.scaled_dot_product_attention(q, k, v)


def dense_attention(q: Tensor, k: Tensor, v: Tensor, bias: Bias | None) -> Tensor:
    """Attend with the whole bias in memory, H n^2 numbers: the reference."""
    if bias is None:
        return F.scaled_dot_product_attention(q, k, v)
    tokens = q.shape[2]
    mask = bias.rows(0, tokens, tokens - bias.prefix, mask_dtype(q))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def _attend_rows(q: Tensor, k: Tensor, v: Tensor, bias: Bias, start: int) -> Tensor:
    stop = start + q.shape[2]
    mask = bias.rows(start, stop, k.shape[2] - bias.prefix, mask_dtype(q))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def rows_of_a_chunk(tokens: int, heads: int) -> int:
    """Return how many queries go together so that their bias keeps to ``CHUNK_BYTES``."""
    return max(CHUNK_BYTES // (4 * heads * tokens), 1)


def chunked_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    bias: Bias | None,
    *,
    chunk: int | None = None,
    tick: Callable[[], None] | None = None,
) -> Tensor:
    """Attend in chunks of queries, the bias of each chunk made anew: exact, O(chunk x n) memory, also for the backward pass.

    ``chunk`` is the number of queries that go together, ``None``: as memory allows. ``tick`` is called before every chunk and may
    raise to stop.
    """
    if bias is None:
        return F.scaled_dot_product_attention(q, k, v)
    tokens = q.shape[2]
    chunk = chunk or rows_of_a_chunk(tokens, q.shape[1])
    training = torch.is_grad_enabled() and (q.requires_grad or k.requires_grad or v.requires_grad)
    done = []
    for start in range(0, tokens, chunk):
        if tick is not None:
            tick()
        part = q[:, :, start : start + chunk]
        if training and tokens > chunk:
            done.append(checkpoint(_attend_rows, part, k, v, bias, start, use_reentrant=False))
        else:
            done.append(_attend_rows(part, k, v, bias, start))
    return torch.cat(done, dim=2)
