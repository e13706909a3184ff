"""Every kernel against the dense one, forward and backward, for the numbers of tokens and heads that there are."""

from functools import partial

import pytest
import torch

from e2evit_model.convert import banded_attention as banded_module
from e2evit_model.convert import flex as flex_module
from e2evit_model.convert import kernels
from e2evit_model.convert.attention import chunked_attention, dense_attention, largest_difference, tolerance
from e2evit_model.convert.banded_attention import banded_attention
from e2evit_model.convert.flex import flex
from e2evit_model.convert.positions import Bias, alibi_slopes

KERNELS = {
    "chunked": partial(chunked_attention, chunk=7),
    "chunked by memory": chunked_attention,
    "hankel": partial(banded_attention, fewest_for_bands=10**9),
    "bands": partial(banded_attention, fewest_for_bands=0),
    "flex": flex,
}


def draw(tokens, heads, prefix, *, size=16, norm=1.0, dtype=torch.float32, seed=0):
    generator = torch.Generator().manual_seed(seed)
    drawn = [torch.randn(1, heads, prefix + tokens, size, generator=generator) for _ in range(4)]
    q, k, v, grad = (x.to(dtype) for x in (drawn[0] * norm, drawn[1] * norm, drawn[2], drawn[3]))
    return [x.requires_grad_() for x in (q, k, v)], grad


def differences(kernel, inputs, grad, bias):
    """Return the differences of output and gradients to the dense way in float64, by the size of each."""
    exact = [x.detach().double().requires_grad_() for x in inputs]
    out, expected = kernel(*inputs, bias), dense_attention(*exact, bias)
    found = [out, *torch.autograd.grad(out, inputs, grad)]
    right = [expected, *torch.autograd.grad(expected, exact, grad.double())]
    return [
        float((a.double() - b).detach().abs().max() / b.detach().abs().max()) for a, b in zip(found, right, strict=True)
    ]


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("heads", [6, 12, 16, 24])
@pytest.mark.parametrize("tokens", [1, 2, 17, 300])
def test_parity(kernel, tokens, heads, record_property):
    inputs, grad = draw(tokens, heads, prefix=1 + heads // 12)
    bias = Bias(slopes=alibi_slopes(heads), prefix=1 + heads // 12)
    if kernel == "flex":  # the plain function keeps whole matrices; its gradients are tried where it is compiled
        detached = [x.detach() for x in inputs]
        difference = [(flex(*detached, bias) - dense_attention(*detached, bias)).abs().max().item()]
    else:
        difference = differences(KERNELS[kernel], inputs, grad, bias)
    record_property("largest difference", max(difference))
    assert max(difference) < 1e-5


@pytest.mark.parametrize("kernel", ["chunked by memory", "hankel", "bands"])
@pytest.mark.parametrize("prefix", [0, 1, 9])
def test_parity_at_a_thousand(kernel, prefix, record_property):
    inputs, grad = draw(1000, 6, prefix, size=64)
    difference = differences(KERNELS[kernel], inputs, grad, Bias(slopes=alibi_slopes(6), prefix=prefix))
    record_property("largest difference", max(difference))
    assert max(difference) < 2e-5


@pytest.mark.parametrize("norm", [0.1, 3, 10])
def test_bands_hold_for_large_queries_and_keys(norm, record_property):
    """Logits of several hundred: the bound must widen the bands, not lose what matters."""
    inputs, grad = draw(700, 12, 2, size=32, norm=norm)
    difference = differences(KERNELS["bands"], inputs, grad, Bias(slopes=alibi_slopes(12) * 2, prefix=2))
    whole = differences(KERNELS["hankel"], inputs, grad, Bias(slopes=alibi_slopes(12) * 2, prefix=2))
    record_property("largest difference", max(difference))
    assert max(difference) < 2 * max(whole) + 1e-5


@pytest.mark.parametrize("kernel", ["chunked", "hankel", "bands"])
def test_bf16(kernel, record_property):
    """Distances and sums stay float32: a strip of 3000 is as right as bf16 itself."""
    inputs, grad = draw(600 if kernel == "chunked" else 3000, 4, 1, size=32, dtype=torch.bfloat16)
    difference = differences(KERNELS[kernel], inputs, grad, Bias(slopes=alibi_slopes(4), prefix=1))
    record_property("largest difference", max(difference))
    assert max(difference) < 0.02


def test_distance_on_the_slide_in_chunks_and_flex():
    inputs, grad = draw(150, 6, 3)
    bias = Bias(slopes=alibi_slopes(6), prefix=3, places=torch.rand(150, 2) * 30)
    assert max(differences(KERNELS["chunked"], inputs, grad, bias)) < 1e-5
    detached = [x.detach() for x in inputs]
    assert (flex(*detached, bias) - dense_attention(*detached, bias)).abs().max() < 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("kernel", ["chunked by memory", "bands"])
def test_parity_at_ten_thousand(kernel, record_property):
    """Rows that are drawn, against softmax in float64."""
    (q, k, v), _ = draw(10_000, 6, 1, size=64)
    bias = Bias(slopes=alibi_slopes(6), prefix=1)
    with torch.no_grad():
        out = KERNELS[kernel](q, k, v, bias)[0]
    rows = torch.tensor([0, 1, 2, 57, 4_999, 9_999, 10_000, *torch.randint(1, 10_000, (30,)).tolist()])
    scores = q[0][:, rows].double() @ k[0].double().transpose(1, 2) / 8
    place = torch.arange(10_001)
    distance = (rows[:, None] - place[None]).abs().double()
    distance[rows == 0] = 0
    distance[:, 0] = 0
    right = (scores - alibi_slopes(6).double()[:, None, None] * distance).softmax(-1) @ v[0].double()
    difference = (out[:, rows] - right).abs().max().item()
    record_property("largest difference", difference)
    assert difference < 1e-5


def test_zero_slopes_are_plain_attention():
    inputs, grad = draw(500, 6, 1)
    bias = Bias(slopes=torch.zeros(6), prefix=1)
    for kernel in ("chunked", "hankel", "bands"):
        assert max(differences(KERNELS[kernel], inputs, grad, bias)) < 1e-5
        plain = torch.nn.functional.scaled_dot_product_attention(*inputs)
        assert (KERNELS[kernel](*inputs, bias) - plain).abs().max() < 1e-5


def test_chunks_without_a_bias():
    (q, k, v), _ = draw(50, 6, 1)
    assert torch.allclose(chunked_attention(q, k, v, None, chunk=7), dense_attention(q, k, v, None), atol=1e-6)


def test_memory_of_chunks_is_bounded():
    """The bias of one chunk never has more rows than asked for."""
    seen = []

    class Watched(Bias):
        def rows(self, start, stop, count, dtype):
            seen.append(stop - start)
            return super().rows(start, stop, count, dtype)

    (q, k, v), _ = draw(100, 4, 1)
    chunked_attention(q, k, v, Watched(slopes=alibi_slopes(4), prefix=1), chunk=30)
    assert max(seen) == 30


class StopError(Exception):
    pass


@pytest.mark.parametrize("kernel", ["chunked", "bands"])
def test_kernels_can_be_stopped(kernel):
    calls = []

    def tick():
        calls.append(None)
        if len(calls) == 3:
            raise StopError

    inputs, grad = draw(2000, 6, 1)
    bias = Bias(slopes=alibi_slopes(6), prefix=1)
    with pytest.raises(StopError):
        KERNELS[kernel](*inputs, bias, tick=tick)
    if kernel == "bands":
        calls.extend([None] * 10)
        out = KERNELS[kernel](*inputs, bias, tick=tick)
        calls.clear()
        with pytest.raises(StopError):
            torch.autograd.grad(out, inputs, grad)


def test_trial_of_the_cpu_kernel(monkeypatch, caplog):
    banded_module.works.cache_clear()
    assert banded_module.works(torch.float32)
    assert banded_module.works(torch.bfloat16)
    banded_module.works.cache_clear()
    monkeypatch.setattr(banded_module, "hankel_vector", lambda slopes, tokens: torch.zeros(len(slopes), 2 * tokens - 1))
    assert not banded_module.works(torch.float32)
    assert "differs by" in caplog.text
    banded_module.works.cache_clear()

    def gone(*_, **__):
        raise RuntimeError("no such operator")

    monkeypatch.setattr(banded_module, "_forward", gone)
    assert not banded_module.works(torch.float32)
    assert "not possible with this torch (RuntimeError): chunks" in caplog.text
    (q, k, v), _ = draw(300, 6, 1)
    bias = Bias(slopes=alibi_slopes(6), prefix=1)
    chosen = kernels.choose_kernel(q, bias)
    assert chosen.func is chunked_attention
    assert torch.allclose(chosen(q, k, v, bias), dense_attention(q, k, v, bias), atol=1e-6)
    banded_module.works.cache_clear()


def test_choice_of_kernel():
    (q, _, _), _ = draw(300, 6, 1)
    along = Bias(slopes=alibi_slopes(6), prefix=1)
    on_slide = Bias(slopes=alibi_slopes(6), prefix=1, places=torch.rand(300, 2))
    assert kernels.choose_kernel(q, along).func is banded_attention
    assert kernels.choose_kernel(q[:, :, :50], along).func is chunked_attention
    assert kernels.choose_kernel(q, on_slide).func is chunked_attention
    assert kernels.choose_kernel(q, along, chunk=64).func is chunked_attention
    assert kernels.choose_kernel(q, None).func is chunked_attention


def test_trial_finds_a_wrong_kernel():
    def forgets_the_prefix(q, k, v, bias):
        return dense_attention(q, k, v, Bias(slopes=bias.slopes, prefix=0))

    cpu = torch.device("cpu")
    assert largest_difference(forgets_the_prefix, dtype=torch.float32, device=cpu, size=16) > tolerance(torch.float32)
    assert largest_difference(chunked_attention, dtype=torch.float32, device=cpu, size=16) < tolerance(torch.float32)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("tokens", [300, 1000, 5000])
def test_compiled_flex_on_cuda(dtype, tokens):
    device = torch.device("cuda")
    assert flex_module.works(dtype, device, 64)
    inputs, grad = draw(tokens, 12, 5, size=64, dtype=dtype)
    inputs = [x.detach().to(device).requires_grad_() for x in inputs]
    bias = Bias(slopes=alibi_slopes(12), prefix=5).to(device)
    assert max(differences(flex_module.compiled_flex, inputs, grad.to(device), bias)) < (
        1e-4 if dtype is torch.float32 else 0.02
    )


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA GPU")
def test_no_recompile_from_slide_to_slide():
    device = torch.device("cuda")
    bias = Bias(slopes=alibi_slopes(12), prefix=1).to(device)
    for tokens in (1000, 3000):
        (q, k, v), _ = draw(tokens, 12, 1, size=64, dtype=torch.bfloat16)
        flex_module.compiled_flex(q.detach().to(device), k.detach().to(device), v.detach().to(device), bias)
    before = torch._dynamo.utils.counters["stats"]["unique_graphs"]
    for tokens in (1500, 2000, 7777):
        (q, k, v), _ = draw(tokens, 12, 1, size=64, dtype=torch.bfloat16)
        flex_module.compiled_flex(q.detach().to(device), k.detach().to(device), v.detach().to(device), bias)
    assert torch._dynamo.utils.counters["stats"]["unique_graphs"] == before
