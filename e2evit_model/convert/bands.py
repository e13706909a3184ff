"""Which keys each head needs to look at, and how the work is cut into pieces for the CPU.

A head with slope m gives a key at distance D a weight that falls as exp(-m D): beyond some distance all keys together are below the
resolution of float32, and leaving them out changes nothing.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

RESOLUTION_BITS = 24
"""What is left out of a row adds less than 2^-24 of the row's sum: half a unit in the last place of float32."""

_PIECE_FLOP = 2e10
"""About a fifth of a second on one core: pieces end soon enough for the user to cancel."""

_SMALLEST_BLOCK, _LARGEST_BLOCK = 64, 512


def band_widths(q: Tensor, k: Tensor, prefix_lse: Tensor, slopes: Tensor) -> list[int]:
    """Return for each head the distance beyond which keys need not be looked at.

    For query i and any key j, q_i k_j <= q_i c + |q_i| max_j |k_j - c| with c the mean key (softmax does not see c, but the bound
    is much tighter for it), and the row's sum is at least what i itself and the prefix add. So the keys beyond W add less than
    exp(upper_i - lower_i - m W) * min(N, 2 / (exp(m) - 1)) of it.

    Parameters
    ----------
    q, k
        (H, N, d), without the prefix.
    prefix_lse
        (H, N), the log of what the prefix adds to each row; minus infinity without a prefix.
    slopes
        (H,), above 0.

    Returns
    -------
    list[int]
        W of each head, at least 1, at most N.
    """
    tokens = q.shape[1]
    scale = q.shape[-1] ** -0.5
    q, k = q.float(), k.float()
    center = k.mean(1, keepdim=True)  # (H, 1, d)
    radius = (k - center).norm(dim=-1).amax(1, keepdim=True)  # (H, 1)
    upper = scale * ((q * center).sum(-1) + q.norm(dim=-1) * radius)  # (H, N)
    lower = torch.logaddexp(scale * (q * k).sum(-1), prefix_lse)
    room = (upper - lower).amax(1)  # (H,)
    many = torch.log(torch.clamp(2 / torch.expm1(slopes), max=float(tokens)))
    # a little more for the rounding of these sums themselves
    needed = room * (1 + 1e-5) + many + RESOLUTION_BITS * math.log(2) + 0.01
    widths = torch.nan_to_num(needed / slopes, nan=float(tokens)).clamp(1, tokens).ceil()
    return [int(width) for width in widths]


@dataclass(frozen=True, kw_only=True)
class Piece:
    """``count`` blocks of ``block`` queries of some heads, the first query ``start``, against ``keys`` keys.

    With ``moving``, each block has its own window of keys, the first one's beginning at ``first_key`` and each next one's ``block``
    further. Else all blocks share the keys, and the cut is only there to keep every core busy.
    """

    heads: slice
    start: int
    block: int
    count: int
    first_key: int
    keys: int
    moving: bool

    @property
    def stop(self) -> int:
        """The query after the last."""
        return self.start + self.block * self.count


def _runs(widths: list[int], whole: int) -> Iterator[tuple[slice, int]]:
    """Give each head by itself, neighbours that need to see everything together: their keys are one view."""
    first = 0
    for wide, run in itertools.groupby(widths, key=lambda width: width >= whole):
        number = len(list(run))
        if wide:
            yield slice(first, first + number), whole + 1
        else:
            yield from ((slice(head, head + 1), widths[head]) for head in range(first, first + number))
        first += number


@dataclass(frozen=True, kw_only=True)
class Cutter:
    """Cuts the bands of heads over ``tokens`` tokens of width ``size`` into pieces for ``threads`` cores."""

    tokens: int
    size: int
    threads: int

    def pieces(self, widths: list[int]) -> Iterator[Piece]:
        """Give pieces that together hold every pair of tokens that matters, and no query of a head twice."""
        for heads, width in _runs(widths, self.tokens - 1):
            block = min(max(width // 2 // 64 * 64, _SMALLEST_BLOCK), _LARGEST_BLOCK)
            inner = (self.tokens - 2 * width) // block
            if inner < 2:
                yield from self._rectangles(heads, 0, self.tokens, width)
            else:
                yield from self._rectangles(heads, 0, width, width)
                yield from self._windows(heads, width, block, inner)
                yield from self._rectangles(heads, width + inner * block, self.tokens, width)

    def _windows(self, heads: slice, width: int, block: int, inner: int) -> Iterator[Piece]:
        keys = block + 2 * width
        together = max(int(_PIECE_FLOP // (4 * block * keys * self.size)), 1)
        for first in range(0, inner, together):
            yield Piece(
                heads=heads,
                start=width + first * block,
                block=block,
                count=min(together, inner - first),
                first_key=first * block,
                keys=keys,
                moving=True,
            )

    def _rectangles(self, heads: slice, start: int, stop: int, width: int) -> Iterator[Piece]:
        """Cut queries ``start`` to ``stop`` into rectangles, each with the keys that its own queries can see."""
        most = int(_PIECE_FLOP // (4 * (heads.stop - heads.start) * min(2 * width, self.tokens) * self.size))
        # shorter than the band, so that the corners of a rectangle are not much more than the band
        rows = max(min(most, width // 2) // self.threads, _SMALLEST_BLOCK) * self.threads
        while start < stop:
            here = min(rows, stop - start)
            count = self.threads if here >= self.threads else 1
            here -= here % count
            first = max(start - width, 0)
            last = min(start + here + width, self.tokens)
            yield Piece(
                heads=heads,
                start=start,
                block=here // count,
                count=count,
                first_key=first,
                keys=last - first,
                moving=False,
            )
            start += here
