"""Attention with a bias by distance, whatever the number of tokens: the plain kernels that run everywhere.

``dense_attention`` is the reference for small strips; ``chunked_attention`` is exact on every device with memory linear in the
number of tokens, and what all faster kernels are tested against and give way to.
"""

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from e2evit_model.convert.positions import Bias, alibi_slopes

Kernel = Callable[[Tensor, Tensor, Tensor, Bias | None], Tensor]
"""Queries, keys, values (1, H, n, d), prefix first, and the bias, to the attended values (1, H, n, d)."""

CHUNK_BYTES = 256 * 2**20
"""How much memory the bias of one chunk of queries may take."""


def mask_dtype(q: Tensor) -> torch.dtype:
    """Return the type in which the bias goes to the fused kernel: the CPU's takes float32 beside bf16, others their own."""
    return torch.float32 if q.device.type == "cpu" and q.dtype is not torch.float64 else q.dtype


def dense_attention(q: Tensor, k: Tensor, v: Tensor, bias: Bias | None) -> Tensor:
    """Attend with the whole bias in memory, H n^2 numbers: the reference."""
    if bias is None:
        return F.scaled_dot_product_attention(q, k, v)
    tokens = q.shape[2]
    mask = bias.rows(0, tokens, tokens - bias.prefix, mask_dtype(q))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


def rows_of_a_chunk(tokens: int, heads: int) -> int:
    """Return how many queries go together so that their bias keeps to ``CHUNK_BYTES``."""
    return max(CHUNK_BYTES // (4 * heads * tokens), 1)


def _attend_rows(q: Tensor, k: Tensor, v: Tensor, bias: Bias | None, start: int) -> Tensor:
    if bias is None:
        return F.scaled_dot_product_attention(q, k, v)
    mask = bias.rows(start, start + q.shape[2], k.shape[2] - bias.prefix, mask_dtype(q))
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)


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
    tokens = q.shape[2]
    chunk = chunk or rows_of_a_chunk(tokens, q.shape[1])
    # without a bias the fused kernel keeps nothing of the size of a chunk
    again = bias is not None and torch.is_grad_enabled() and (q.requires_grad or k.requires_grad or v.requires_grad)
    done = []
    for start in range(0, tokens, chunk):
        if tick is not None:
            tick()
        part = q[:, :, start : start + chunk]
        if again and tokens > chunk:
            done.append(checkpoint(_attend_rows, part, k, v, bias, start, use_reentrant=False))
        else:
            done.append(_attend_rows(part, k, v, bias, start))
    return torch.cat(done, dim=2)


def tolerance(dtype: torch.dtype) -> float:
    """Return the largest difference to the reference that a kernel may show on the trial of :func:`largest_difference`."""
    return 1e-4 if dtype is torch.float32 else 6e-2


def largest_difference(kernel: Kernel, *, dtype: torch.dtype, device: torch.device, size: int) -> float:
    """Try a kernel on small random strips, forward and backward, and return its largest difference to the dense way."""
    generator = torch.Generator().manual_seed(0)
    worst = 0.0
    for tokens in (1, 200):
        # steep enough that bands leave something out
        bias = Bias(slopes=alibi_slopes(3) * 8, prefix=2).to(device)
        drawn = [torch.randn(1, 3, 2 + tokens, size, generator=generator).to(device, dtype) for _ in range(4)]
        inputs, grad = [x.requires_grad_() for x in drawn[:3]], drawn[3]
        results = []
        with torch.enable_grad():
            for attend in (kernel, dense_attention):
                out = attend(inputs[0], inputs[1], inputs[2], bias)
                results.append([out.detach(), *torch.autograd.grad(out, inputs, grad)])
        worst = max(worst, *(float((a - b).abs().max()) for a, b in zip(*results, strict=True)))
    return worst
