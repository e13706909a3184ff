"""Where the model looked: attention of the CLS token, without an n x n matrix."""

from collections.abc import Callable

import torch
from torch import Tensor

from e2evit_model.convert.attention import rows_of_a_chunk
from e2evit_model.convert.pacing import Pace
from e2evit_model.convert.positions import Bias
from e2evit_model.convert.strip_attention import StripAttention


def cls_shares(q: Tensor, k: Tensor, prefix: int) -> Tensor:
    """Return how CLS shares its attention among the patch tokens, (H, n - prefix) float32, from q and k (1, H, n, d).

    CLS takes no bias, so this is exact for every kind of position. With the shares of the prefix each head sums to 1.
    """
    scale = q.shape[-1] ** -0.5
    # autocast would round the logits to the eight bits of bf16, and all shares to a handful of values
    with torch.autocast(q.device.type, enabled=False):
        logits = torch.matmul(k[0].float(), q[0, :, 0].float()[..., None])[..., 0] * scale  # (H, n)
    shares: Tensor = logits.softmax(-1)
    return shares[:, prefix:]


def roll_back(
    share: Tensor,
    q: Tensor,
    k: Tensor,
    bias: Bias | None,
    *,
    chunk: int | None = None,
    tick: Callable[[], None] | None = None,
) -> Tensor:
    """Take one step of attention rollout: (share A + share) / 2 with A the mean of the heads' attention.

    ``share`` is (n,), q and k (1, H, n, d). A is made for a chunk of queries at a time, in the type of ``share``; ``tick`` is
    called before each chunk and may raise to stop.

    Abnar, Zuidema: Quantifying Attention Flow in Transformers (ACL 2020).
    """
    heads, tokens, size = q.shape[1:]
    rows = chunk or rows_of_a_chunk(tokens, heads)
    keys = k[0].to(share.dtype).transpose(1, 2)  # (H, d, n)
    total = torch.zeros_like(share)
    for start in range(0, tokens, rows):
        if tick is not None:
            tick()
        stop = min(start + rows, tokens)
        logits = torch.matmul(q[0, :, start:stop].to(share.dtype) * size**-0.5, keys)  # (H, rows, n)
        if bias is not None:
            logits += bias.rows(start, stop, tokens - bias.prefix, share.dtype)[0]
        total += torch.einsum("r,hrn->n", share[start:stop], logits.softmax(-1)) / heads
    return (total + share) / 2


def roll_out(
    inputs: list[tuple[StripAttention, Tensor]],
    bias: Bias | None,
    *,
    chunk: int | None = None,
    pace: Pace | None = None,
) -> Tensor:
    """Return the rollout of CLS over all layers, (n,) float32: where what CLS holds at the end came from.

    ``inputs`` has for each layer, first to last, its attention and what went into it, (1, n, C).
    """
    device = next(inputs[-1][0].parameters()).device
    share = torch.zeros(inputs[-1][1].shape[1], dtype=torch.float32, device=device)
    share[0] = 1
    for back, (module, x) in enumerate(reversed(inputs)):
        if pace is not None:
            pace.reach(len(inputs) + back)
        q, k, _ = module.project(x.to(device))
        share = roll_back(share, q, k, bias, chunk=chunk, tick=pace)
    return share
