import math

import pytest
import torch

from e2evit_model.convert.positions import Bias, alibi_slopes, make_bias
from e2evit_model.convert.settings import Positions
from e2evit_model.errors import BackboneError

# exponents of two, as the method's page lists them (Press et al., ICLR 2022)
EXPONENTS = {
    6: [-2, -4, -6, -8, -1, -3],
    12: [-1, -2, -3, -4, -5, -6, -7, -8, -0.5, -1.5, -2.5, -3.5],
    16: [-0.5 * k for k in range(1, 17)],
    24: [-0.5 * k for k in range(1, 17)] + [-0.25 - 0.5 * k for k in range(8)],
    1: [-8],
    8: [-1, -2, -3, -4, -5, -6, -7, -8],
}


@pytest.mark.parametrize("heads", EXPONENTS)
def test_slopes(heads):
    expected = [2.0**exponent for exponent in EXPONENTS[heads]]
    assert alibi_slopes(heads).tolist() == pytest.approx(expected, rel=1e-7)


@pytest.mark.parametrize("heads", [0, -1])
def test_no_head_has_no_slope(heads):
    with pytest.raises(ValueError, match="heads"):
        alibi_slopes(heads)


@pytest.mark.parametrize("prefix", [0, 1, 5])
def test_bias_is_symmetric_and_leaves_the_prefix_alone(prefix):
    bias = make_bias(Positions.ALIBI, 6, prefix)
    whole = bias.rows(0, prefix + 9, 9, torch.float32)[0]
    assert whole.shape == (6, prefix + 9, prefix + 9)
    assert torch.equal(whole, whole.transpose(1, 2))
    assert not whole[:, :prefix].any()
    assert not whole[:, :, :prefix].any()
    slopes = alibi_slopes(6)
    for i in range(9):
        for j in range(9):
            assert torch.equal(whole[:, prefix + i, prefix + j], -slopes * abs(i - j))


@pytest.mark.parametrize("places", [None, torch.rand(40, 2) * 50])
def test_rows_are_parts_of_the_whole(places):
    bias = Bias(slopes=alibi_slopes(4), prefix=3, places=places)
    whole = bias.rows(0, 43, 40, torch.float32)
    for start, stop in [(0, 2), (0, 3), (1, 7), (3, 4), (20, 43), (42, 43)]:
        assert torch.equal(bias.rows(start, stop, 40, torch.float32), whole[:, :, start:stop])


def test_distance_on_the_slide_is_euclidean():
    places = torch.tensor([[0.0, 0.0], [3.0, 4.0], [100.0, 0.0]])
    bias = make_bias(Positions.ALIBI_2D, 2, 0, places=places)
    whole = bias.rows(0, 3, 3, torch.float32)[0]
    for i in range(3):
        for j in range(3):
            distance = math.dist(places[i].tolist(), places[j].tolist())
            assert whole[:, i, j].tolist() == pytest.approx((-alibi_slopes(2) * distance).tolist(), rel=1e-6)


def test_bf16_does_not_lose_distances():
    """bf16 cannot count above 256; the product is rounded once, so neighbouring distances stay in order and in proportion."""
    bias = make_bias(Positions.ALIBI, 12, 1)
    row = bias.rows(1, 2, 10_000, torch.bfloat16)[0, :, 0, 1:].float()
    exact = bias.rows(1, 2, 10_000, torch.float32)[0, :, 0, 1:]
    assert ((row - exact).abs() <= exact.abs() * 2**-8).all()
    assert bias.distances(slice(0, 1), 10_000)[0, 9_999] == 9_999
    naive = torch.arange(10_000, dtype=torch.bfloat16)
    assert naive[9_999].item() != 9_999  # what the fp32 distances are for


def test_positions_that_are_no_bias():
    assert make_bias(Positions.NONE, 6, 1) is None
    assert make_bias(Positions.LEARNED, 6, 1) is None


def test_distances_on_the_slide_need_places():
    with pytest.raises(BackboneError) as caught:
        make_bias(Positions.ALIBI_2D, 6, 1)
    assert caught.value.message == "This model needs to know where each tile lies on the slide."
