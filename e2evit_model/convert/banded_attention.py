"""ALiBi attention on the CPU at the speed of attention without a bias, forward and backward: Hankel view and exact bands.

With the queries in reverse order the bias -m |i - j| is constant along anti-diagonals, so any rectangle of it is a view of one
vector: the fused kernel of torch reads it without a matrix ever being made. Bands leave out what cannot matter. The prefix, which
takes no bias, is attended to beside it and merged by the log of the row sums; the backward pass of each piece is exact because it
is given the merged result and sum.

It rests on two operations inside torch; :func:`works` tries them against the dense way before they are used.
"""

import functools
import logging
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from e2evit_model.convert.attention import largest_difference, tolerance
from e2evit_model.convert.bands import Cutter, Piece, band_widths
from e2evit_model.convert.positions import Bias

log = logging.getLogger(__name__)

# Weights that fade with distance end in numbers too small for their exponent, with which the backward pass is 4 to 5 times slower.
# torch's threads take this over when they begin, so it must come before the first parallel work.
torch.set_flush_denormal(True)

_forward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu  # noqa: SLF001 - gives the row sums, sdpa does not
_backward = torch.ops.aten._scaled_dot_product_flash_attention_for_cpu_backward  # noqa: SLF001


FEWEST_FOR_BANDS = 1500
"""Below so many tokens one call for all pairs is faster than many small ones."""


def hankel_vector(slopes: Tensor, tokens: int) -> Tensor:
    """Return -m |i - j| for all differences, from tokens - 1 down to -(tokens - 1), (H, 2 tokens - 1) float32."""
    differences = torch.arange(2 * tokens - 1, dtype=torch.float32) - (tokens - 1)
    return -slopes[:, None] * differences.abs()


def _mask(vector: Tensor, piece: Piece, tokens: int) -> Tensor:
    """View the bias of a piece, (count, heads, block, keys), rows in reverse order; nothing is copied."""
    rows = piece.block if piece.moving else piece.block * piece.count
    offset = tokens - rows - piece.start + piece.first_key
    own = vector[piece.heads]
    size = (piece.count, len(own), piece.block, piece.keys)
    # never make this contiguous: it would be the matrix
    return own.as_strided(
        size, (0 if piece.moving else piece.block, own.stride(0), 1, 1), own.storage_offset() + offset
    )


def _take_queries(x: Tensor, piece: Piece) -> Tensor:
    """Cut the rows of a piece out of (H, N, ...), in reverse order: (count, heads, block, ...)."""
    rows = x[piece.heads, piece.start : piece.stop]
    shape = (piece.count, piece.block)
    cut: Tensor = rows.unflatten(1, shape).flip(2) if piece.moving else rows.flip(1).unflatten(1, shape)
    return cut.transpose(0, 1)


def _order_back(rows: Tensor, piece: Piece) -> Tensor:
    """Undo :func:`_take_queries`: (count, heads, block, ...) to (heads, rows, ...)."""
    rows = rows.transpose(0, 1)
    back: Tensor = rows.flip(2).flatten(1, 2) if piece.moving else rows.flatten(1, 2).flip(1)
    return back


def _take_keys(x: Tensor, piece: Piece) -> Tensor:
    """View the windows of keys of a piece in (H, N, d): (count, heads, keys, d); windows overlap, nothing is copied."""
    own = x[piece.heads]
    head, row, one = own.stride()
    size = (piece.count, len(own), piece.keys, own.shape[-1])
    stride = (piece.block * row if piece.moving else 0, head, row, one)
    return own.as_strided(size, stride, own.storage_offset() + piece.first_key * row)


def _add_keys(total: Tensor, part: Tensor, piece: Piece) -> None:
    """Add what a piece says about its windows of keys, (count, heads, keys, d), to (H, N, d)."""
    own = total[piece.heads]
    if not piece.moving:
        own[:, piece.first_key : piece.first_key + piece.keys] += part.sum(0)
        return
    head, row, one = own.stride()
    # windows are one block apart, so within a stripe one block wide they do not overlap: add them stripe by stripe
    for begin in range(0, piece.keys, piece.block):
        stripe = part[:, :, begin : begin + piece.block]  # (count, heads, width, d)
        offset = own.storage_offset() + (piece.first_key + begin) * row
        own.as_strided(stripe.shape, (piece.block * row, head, row, one), offset).add_(stripe)


def _merge(out: Tensor, lse: Tensor, more: Tensor, more_lse: Tensor) -> tuple[Tensor, Tensor]:
    """Put two parts of the same rows together by the logs of their sums."""
    both = torch.logaddexp(lse, more_lse)
    merged: Tensor = out * (lse - both).exp()[..., None] + more * (more_lse - both).exp()[..., None]
    return merged, both


class _How(NamedTuple):
    bias: Bias
    tick: Callable[[], None] | None
    fewest: int


class _BandedAttention(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor, how: _How) -> Tensor:
        bias = how.bias
        q, k, v = q[0], k[0].contiguous(), v[0].contiguous()  # (H, n, d)
        prefix = bias.prefix
        heads, tokens, size = q.shape[0], q.shape[1] - prefix, q.shape[2]
        scale = size**-0.5
        own_q, own_k, own_v = q[:, prefix:], k[:, prefix:], v[:, prefix:]
        before = torch.matmul(own_q, k[:, :prefix].transpose(1, 2)).float() * scale  # (H, N, prefix)
        before_lse = before.logsumexp(-1)  # (H, N), minus infinity without a prefix
        whole = tokens < how.fewest
        widths = [tokens] * heads if whole else band_widths(own_q, own_k, before_lse, bias.slopes)
        pieces = list(Cutter(tokens=tokens, size=size, threads=torch.get_num_threads()).pieces(widths))
        vector = hankel_vector(bias.slopes, tokens)
        out = torch.empty(heads, prefix + tokens, size, dtype=q.dtype)
        lse = torch.empty(heads, prefix + tokens, dtype=torch.float32)
        for piece in _ticking(pieces, how.tick):
            part, part_lse = _forward(
                _take_queries(own_q, piece),
                _take_keys(own_k, piece),
                _take_keys(own_v, piece),
                attn_mask=_mask(vector, piece, tokens),
            )
            rows = slice(prefix + piece.start, prefix + piece.stop)
            out[piece.heads, rows] = _order_back(part, piece)
            lse[piece.heads, rows] = _order_back(part_lse, piece)
        if prefix:
            weights = (before - before_lse[..., None]).exp().to(v.dtype)
            more = torch.matmul(weights, v[:, :prefix])
            merged, lse[:, prefix:] = _merge(out[:, prefix:].float(), lse[:, prefix:], more.float(), before_lse)
            out[:, prefix:] = merged.to(out.dtype)
            first, first_lse = _forward(q[None, :, :prefix], k[None], v[None])
            out[:, :prefix], lse[:, :prefix] = first[0], first_lse[0]
        ctx.save_for_backward(q, k, v, out, lse)
        ctx.how, ctx.pieces = how, pieces
        return out[None]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        q, k, v, out, lse = ctx.saved_tensors
        bias: Bias = ctx.how.bias
        prefix, tokens, scale = bias.prefix, q.shape[1] - bias.prefix, q.shape[2] ** -0.5
        grad = grad[0].to(q.dtype).contiguous()
        # sums over many windows: in float32 also where the kernel is given bf16
        dq, dk, dv = (torch.zeros(x.shape, dtype=torch.float32) for x in (q, k, v))
        vector = hankel_vector(bias.slopes, tokens)
        inner = slice(prefix, None)
        own = [x[:, inner] for x in (grad, q, out, lse)]
        own_k, own_v = k[:, inner], v[:, inner]
        for piece in _ticking(ctx.pieces, ctx.how.tick):
            part_grad, part_q, part_out, part_lse = (_take_queries(x, piece) for x in own)
            pq, pk, pv = _backward(
                part_grad,
                part_q,
                _take_keys(own_k, piece),
                _take_keys(own_v, piece),
                part_out,
                part_lse,
                0.0,
                False,
                attn_mask=_mask(vector, piece, tokens),
            )
            dq[piece.heads, prefix + piece.start : prefix + piece.stop] += _order_back(pq, piece)
            _add_keys(dk[:, inner], pk, piece)
            _add_keys(dv[:, inner], pv, piece)
        if prefix:
            _prefix_keys_backward((q, k, v, out, lse), grad, prefix, scale, (dq, dk, dv))
            pq, pk, pv = _backward(
                grad[None, :, :prefix], q[None, :, :prefix], k[None], v[None],
                out[None, :, :prefix], lse[None, :, :prefix], 0.0, False,
            )  # fmt: skip
            dq[:, :prefix] += pq[0]
            dk += pk[0]
            dv += pv[0]
        return dq.to(q.dtype)[None], dk.to(k.dtype)[None], dv.to(v.dtype)[None], None


def _prefix_keys_backward(
    saved: tuple[Tensor, ...], grad: Tensor, prefix: int, scale: float, totals: tuple[Tensor, Tensor, Tensor]
) -> None:
    """Add the gradients of patch queries attending to prefix keys, from the merged result and sums."""
    q, k, v, out, lse = (x.float() for x in saved)
    own_q, own_grad = q[:, prefix:], grad[:, prefix:].float()
    keys, values = k[:, :prefix], v[:, :prefix]
    weights = (torch.matmul(own_q, keys.transpose(1, 2)) * scale - lse[:, prefix:, None]).exp()  # (H, N, prefix)
    delta = (own_grad * out[:, prefix:]).sum(-1, keepdim=True)
    change = weights * (torch.matmul(own_grad, values.transpose(1, 2)) - delta) * scale
    dq, dk, dv = totals
    dq[:, prefix:] += torch.matmul(change, keys)
    dk[:, :prefix] += torch.matmul(change.transpose(1, 2), own_q)
    dv[:, :prefix] += torch.matmul(weights.transpose(1, 2), own_grad)


def _ticking(pieces: Iterable[Piece], tick: Callable[[], None] | None) -> Iterable[Piece]:
    for piece in pieces:
        if tick is not None:
            tick()
        yield piece


def banded_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    bias: Bias | None,
    *,
    tick: Callable[[], None] | None = None,
    fewest_for_bands: int = FEWEST_FOR_BANDS,
) -> Tensor:
    """Attend with a bias along the strip, (1, H, n, d) on the CPU; memory O(n), exact to the resolution of float32.

    ``tick`` is called before every piece of work, also in the backward pass, and may raise to stop.
    """
    assert bias is not None  # noqa: S101 - the chooser's contract
    assert bias.one_dimensional  # noqa: S101
    attended: Tensor = _BandedAttention.apply(q, k, v, _How(bias, tick, fewest_for_bands))
    return attended


@functools.cache
def works(dtype: torch.dtype) -> bool:
    """Try the kernel against the dense way, forward and backward, once a process; log why when it must not be used."""
    try:
        kernel = functools.partial(banded_attention, fewest_for_bands=0)
        worst = largest_difference(kernel, dtype=dtype, device=torch.device("cpu"), size=16)
    except (RuntimeError, AttributeError, TypeError) as error:
        log.warning("fast attention on the CPU is not possible with this torch (%s): chunks", type(error).__name__)
        return False
    if not worst <= tolerance(dtype):
        log.warning("fast attention on the CPU differs by %.2g from the dense way: chunks", worst)
        return False
    return True
