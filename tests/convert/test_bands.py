import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.convert.bands import Cutter, band_widths
from e2evit_model.convert.flex import BLOCK, bucket, needed_blocks
from e2evit_model.convert.positions import alibi_slopes


@settings(deadline=None, max_examples=60)
@given(
    tokens=st.integers(1, 600),
    widths=st.lists(st.integers(1, 600), min_size=1, max_size=4),
    threads=st.integers(1, 5),
)
def test_pieces_hold_every_pair_that_matters_once(tokens, widths, threads):
    widths = [min(width, tokens) for width in widths]
    seen = torch.zeros(len(widths), tokens, tokens, dtype=torch.int32)
    for piece in Cutter(tokens=tokens, size=64, threads=threads).pieces(widths):
        for number in range(piece.count):
            first = piece.start + number * piece.block
            key = piece.first_key + (number * piece.block if piece.moving else 0)
            assert key >= 0
            assert key + piece.keys <= tokens
            seen[piece.heads, first : first + piece.block, key : key + piece.keys] += 1
    assert seen.max() == 1
    place = torch.arange(tokens)
    distance = (place[:, None] - place[None]).abs()
    for head, width in enumerate(widths):
        assert seen[head][distance <= width].all()


@pytest.mark.parametrize("norm", [0.3, 1, 4, 12])
@pytest.mark.parametrize("shift", [0, 5])
def test_what_is_left_out_is_below_the_resolution(norm, shift):
    """Summed in float64: less than 2^-24 of each row; and the bands are no wider than half as much again than they must be."""
    generator = torch.Generator().manual_seed(int(norm * 10) + shift)
    tokens, heads = 600, 6
    q = torch.randn(heads, tokens, 32, generator=generator) * norm
    k = torch.randn(heads, tokens, 32, generator=generator) * norm + shift
    slopes = alibi_slopes(heads) * 16
    prefix = torch.full((heads, tokens), -math.inf)
    widths = band_widths(q, k, prefix, slopes)
    logits = (q.double() @ k.double().transpose(1, 2)) / 32**0.5
    place = torch.arange(tokens)
    distance = (place[:, None] - place[None]).abs()
    weights = (logits - slopes.double()[:, None, None] * distance).softmax(-1)
    for head, width in enumerate(widths):
        left_out = weights[head].masked_fill(distance <= width, 0).sum(-1)
        assert left_out.max() < 2**-24
    if norm <= 1:
        assert widths[4] < 100  # slope 8: bands do leave most pairs out


def test_the_prefix_narrows_the_bands():
    q, k = torch.randn(2, 3, 500, 16)
    slopes = alibi_slopes(3) * 16
    alone = band_widths(q, k, torch.full((3, 500), -math.inf), slopes)
    beside = band_widths(q, k, torch.full((3, 500), 8.0), slopes)
    assert all(a > b for a, b in zip(alone, beside, strict=True))


def test_zero_slopes_see_everything():
    q, k = torch.randn(2, 3, 50, 16)
    assert band_widths(q, k, torch.zeros(3, 50), torch.zeros(3)) == [50, 50, 50]


def test_numbers_that_are_none_see_everything():
    q, k = torch.full((2, 1, 50, 16), math.nan)
    assert band_widths(q, k, torch.zeros(1, 50), torch.ones(1)) == [50]


@given(tokens=st.integers(1, 200_000))
def test_buckets(tokens):
    length = bucket(tokens)
    assert length % BLOCK == 0
    assert tokens <= length < tokens + max(BLOCK, tokens // 8 + 1)


def test_there_are_few_buckets():
    assert len({bucket(tokens) for tokens in range(1, 100_000, 50)}) < 80


@pytest.mark.parametrize(("tokens", "prefix"), [(1, 1), (700, 1), (1024, 5), (1500, 0), (900, 200)])
def test_blocks_hold_every_pair_that_matters(tokens, prefix):
    widths = [1, 130, 1000]
    blocks = needed_blocks(widths, 3, tokens, bucket(tokens), prefix=prefix)
    pairs = blocks.repeat_interleave(BLOCK, 1).repeat_interleave(BLOCK, 2)
    place = torch.arange(bucket(tokens))
    inside = place < tokens
    for head, width in enumerate(widths):
        matter = (place[:, None] - place[None]).abs() <= width
        matter |= (place < prefix)[:, None] | (place < prefix)[None]
        matter &= inside[:, None] & inside[None]
        assert (pairs[head] | ~matter).all()
    if tokens > 1000 and prefix < BLOCK:
        assert blocks[0].float().mean() < 0.6
