"""ALiBi attention on CUDA: FlexAttention with the bias computed inside the kernel, and blocks that cannot matter left out.

Compiled once for any number of tokens: strips are padded to one of a few lengths, and everything that changes from slide to slide
(slopes, places, the true length, the mask of blocks) is a tensor. :func:`works` tries it against the dense way before it is used.
"""

import functools
import logging
import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention.flex_attention import BlockMask, flex_attention

from e2evit_model.convert.attention import largest_difference, tolerance
from e2evit_model.convert.bands import band_widths
from e2evit_model.convert.positions import Bias

log = logging.getLogger(__name__)

BLOCK = 128
"""Queries and keys of one block of the mask."""

ScoreMod = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor], Tensor]


def bucket(tokens: int) -> int:
    """Return the length to which a strip is padded: at most an eighth more, and only some tens of different lengths."""
    step = max(BLOCK, 1 << max(int(math.log2(tokens)) - 3, 0))
    return -(-tokens // step) * step


def make_score_mod(bias: Bias, length: int) -> ScoreMod:
    """Return the bias as a function of one logit; distances are float32."""
    slopes, prefix = bias.slopes, bias.prefix
    if bias.places is None:

        def along_the_strip(score: Tensor, _: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
            distance = (query - key).abs().to(torch.float32)
            inside = (query >= prefix) & (key >= prefix)
            return score - torch.where(inside, slopes[head] * distance, 0.0)

        return along_the_strip
    places = F.pad(bias.places, (0, 0, prefix, length - prefix - len(bias.places)))
    across, down = places[:, 0].contiguous(), places[:, 1].contiguous()

    def on_the_slide(score: Tensor, _: Tensor, head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        distance = ((across[query] - across[key]).square() + (down[query] - down[key]).square()).sqrt()
        inside = (query >= prefix) & (key >= prefix)
        return score - torch.where(inside, slopes[head] * distance, 0.0)

    return on_the_slide


def needed_blocks(widths: list[int] | None, heads: int, tokens: int, length: int, *, prefix: int) -> Tensor:
    """Return which blocks of queries and keys matter, (H, length / BLOCK, length / BLOCK) bool.

    The prefix sees and is seen by all; padding by nobody. ``widths`` as from :func:`band_widths`; ``None``: all blocks.
    """
    count = length // BLOCK
    place = torch.arange(count)
    used = place < -(-tokens // BLOCK)
    needed = (used[:, None] & used[None, :]).expand(heads, count, count)
    if widths is None:
        return needed
    nearest = ((place[:, None] - place[None, :]).abs() - 1).clamp(min=0) * BLOCK + 1  # between any two of their tokens
    nearest = torch.where(place[:, None] == place[None, :], 0, nearest)
    first = place < -(-prefix // BLOCK)
    near = nearest[None] <= torch.tensor(widths)[:, None, None]
    return needed & (near | first[:, None] | first[None, :])


def _block_mask(needed: Tensor, tokens: int, device: torch.device) -> BlockMask:
    last = tokens // BLOCK  # the block that is part padding; there is none when the strip fills its blocks
    columns = torch.arange(needed.shape[2])

    def listed(chosen: Tensor) -> tuple[Tensor, Tensor]:
        number = chosen.sum(-1, dtype=torch.int32)[None]
        order = chosen.to(torch.int8).argsort(dim=-1, descending=True, stable=True).to(torch.int32)[None]
        return number.to(device), order.contiguous().to(device)

    part, whole = listed(needed & (columns == last)), listed(needed & (columns < last))
    real = torch.tensor(tokens, device=device)

    def not_padding(_: Tensor, __: Tensor, ___: Tensor, key: Tensor) -> Tensor:
        return key < real

    return BlockMask.from_kv_blocks(part[0], part[1], whole[0], whole[1], BLOCK_SIZE=BLOCK, mask_mod=not_padding)


@functools.lru_cache(maxsize=64)
def _cached_mask(
    blocks: tuple[int, ...] | None, heads: int, tokens: int, prefix: int, device: torch.device
) -> BlockMask:
    widths = None if blocks is None else [number * BLOCK for number in blocks]
    return _block_mask(needed_blocks(widths, heads, tokens, bucket(tokens), prefix=prefix), tokens, device)


def _widths_in_blocks(q: Tensor, k: Tensor, bias: Bias) -> tuple[int, ...] | None:
    if bias.places is not None:
        return None
    prefix = bias.prefix
    q, k = q[0].detach().float(), k[0].detach().float()
    before = torch.matmul(q[:, prefix:], k[:, :prefix].transpose(1, 2)) * q.shape[-1] ** -0.5
    widths = band_widths(q[:, prefix:], k[:, prefix:], before.logsumexp(-1), bias.slopes)
    return tuple(-(-width // BLOCK) for width in widths)


def flex(q: Tensor, k: Tensor, v: Tensor, bias: Bias, *, attend: Callable[..., Any] = flex_attention) -> Tensor:
    """Attend with FlexAttention, (1, H, n, d); ``attend`` is the compiled function on CUDA, the plain one in tests."""
    heads, tokens = q.shape[1:3]
    length = bucket(tokens)
    mask = _cached_mask(_widths_in_blocks(q, k, bias), heads, tokens, bias.prefix, q.device)
    padded = [F.pad(x, (0, 0, 0, length - tokens)) for x in (q, k, v)]
    out: Tensor = attend(*padded, score_mod=make_score_mod(bias, length), block_mask=mask)
    return out[:, :, :tokens]


@functools.cache
def _compiled() -> Callable[..., Any]:
    return torch.compile(flex_attention, dynamic=True)


def compiled_flex(q: Tensor, k: Tensor, v: Tensor, bias: Bias | None) -> Tensor:
    """Attend with the compiled FlexAttention on CUDA, forward and backward."""
    assert bias is not None  # noqa: S101 - the chooser's contract
    return flex(q, k, v, bias, attend=_compiled())


@functools.cache
def works(dtype: torch.dtype, device: torch.device, size: int) -> bool:
    """Try it against the dense way, forward and backward, once a process; log why when it must not be used."""
    try:
        worst = largest_difference(compiled_flex, dtype=dtype, device=device, size=size)
    except torch.OutOfMemoryError:
        raise
    except (RuntimeError, ImportError, OSError, AttributeError, TypeError, ValueError, AssertionError) as error:
        log.warning("FlexAttention cannot be used here (%s): attention goes in chunks", type(error).__name__)
        log.debug("FlexAttention: %s", error)
        return False
    if not worst <= tolerance(dtype):
        log.warning("FlexAttention differs by %.2g from the dense way: attention goes in chunks", worst)
        return False
    return True
