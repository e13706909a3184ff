"""Which weights learn, and how fast."""

import math

import numpy as np
import pytest
import torch

from e2evit_model.convert import pacing
from e2evit_model.errors import Cancelled
from e2evit_model.survival.head import CoxHead, HazardHead
from e2evit_model.training.config import Aggregation
from e2evit_model.training.learners import LinearProbe
from e2evit_model.training.network import RiskNetwork, layer_of, load_pretrained, make_optimizer
from e2evit_model.training.predictions import predict_patients
from e2evit_model.training.randomness import Randomness
from e2evit_model.training.repeating import Repeating
from tests.training.material import make_strip, planted, tiny_config

CPU = torch.device("cpu")


def network_of(config):
    return RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=CPU)


def test_layers_are_counted_from_the_tokens_up():
    names = (
        "patch_embed.proj.weight",
        "cls_token",
        "norm_pre.weight",
        "blocks.0.norm1.weight",
        "blocks.11.mlp.fc1.bias",
    )
    assert [layer_of(name, 12) for name in names] == [0, 0, 0, 1, 12]
    assert [layer_of(name, 12) for name in ("norm.weight", "fc_norm.bias")] == [13, 13]


def test_the_learning_rate_falls_from_layer_to_layer(weights):
    network = network_of(tiny_config(weights, learning_rate=1e-3, layer_decay=0.5))
    rate = {id(p): group["lr"] for group in make_optimizer(network).param_groups for p in group["params"]}
    vit = network.encoder.vit
    assert rate[id(network.head.weight)] == 1e-3
    assert rate[id(vit.norm.weight)] == 1e-3
    assert rate[id(vit.blocks[1].mlp.fc1.weight)] == 5e-4
    assert rate[id(vit.blocks[0].mlp.fc1.weight)] == 2.5e-4
    assert rate[id(vit.patch_embed.proj.weight)] == 1.25e-4
    assert len(rate) == len(list(network.parameters()))


@pytest.mark.parametrize("frozen", [0, 1, 2])
def test_frozen_blocks_keep_their_weights_and_the_others_move(frozen, weights):
    network = network_of(tiny_config(weights, freeze_blocks=frozen))
    before = {name: p.detach().clone() for name, p in network.encoder.vit.named_parameters()}
    optimizer = make_optimizer(network)
    network.train()
    network(make_strip("a", (0.6, 0.4, 0.5))).sum().backward()
    optimizer.step()
    for name, parameter in network.encoder.vit.named_parameters():
        moved = not torch.equal(parameter, before[name])
        assert moved == (not frozen or layer_of(name, 2) > frozen), name
    assert any(not torch.equal(p, before[n]) for n, p in network.encoder.vit.named_parameters())


def test_checkpointing_changes_no_gradient(weights):
    gradients = []
    for checkpointing in (False, True):
        torch.manual_seed(0)
        network = network_of(tiny_config(weights, checkpointing=checkpointing))
        network.train()
        network(make_strip("a", (0.6, 0.4, 0.5))).sum().backward()
        gradients.append([p.grad for p in network.parameters() if p.grad is not None])
    for first, second in zip(*gradients, strict=True):
        torch.testing.assert_close(first, second)


def test_bf16_computes_in_bf16_and_gives_fp32(weights):
    strip = make_strip("a", (0.6, 0.4, 0.5))
    exact = network_of(tiny_config(weights)).embed(strip).detach()
    rough = network_of(tiny_config(weights, precision="bf16")).embed(strip).detach()
    assert rough.dtype == torch.float32
    difference = float((rough - exact).abs().max())
    assert 0 < difference < 0.1 * float(exact.abs().max())


def test_a_probe_on_standardised_embeddings_is_a_plain_layer_in_the_end(weights):
    torch.manual_seed(1)
    embeddings = {f"s{i}": torch.randn(6) * 3 + 1 for i in range(5)}
    mean, scale = torch.randn(6), torch.rand(6) + 0.5
    probe = LinearProbe(embeddings, tiny_config(weights, method="linear-nll"), bins=4, mean=mean, scale=scale)
    plain = HazardHead(6, 4)
    plain.load_state_dict({name.removeprefix("head."): value for name, value in probe.weights().items()})
    for name, embedding in embeddings.items():
        torch.testing.assert_close(plain(embedding), probe.head(probe.embed(name)))


@pytest.mark.parametrize("aggregation", list(Aggregation))
def test_a_patient_with_two_slides_has_one_risk(aggregation):
    cohort, _ = planted(8, two_slides_every=3)
    torch.manual_seed(2)
    embeddings = {slide.slide_id: torch.randn(5) for slide in cohort.slides}
    head = HazardHead(5, 3).requires_grad_(False)
    found = predict_patients(head, embeddings, cohort, aggregation)
    assert found.patient_ids == cohort.patient_ids
    own = torch.stack([embeddings["P000-0"], embeddings["P000-1"]])
    risk, survival = head.predict(own.mean(0) if aggregation is Aggregation.EMBEDDINGS else own)
    assert found.risk[0] == pytest.approx(float(risk.mean()))
    wanted = survival if aggregation is Aggregation.EMBEDDINGS else survival.mean(0)
    np.testing.assert_allclose(found.survival[0], wanted, rtol=1e-6)
    assert found.risk[0] == pytest.approx(-found.survival[0].sum(), rel=1e-6)


def test_with_cox_both_ways_of_joining_slides_agree():
    cohort, _ = planted(6, two_slides_every=2)
    torch.manual_seed(2)
    embeddings = {slide.slide_id: torch.randn(5) for slide in cohort.slides}
    head = CoxHead(5, 3)
    head.coefficients.copy_(torch.randn(5))
    both = [predict_patients(head, embeddings, cohort, way).risk for way in Aggregation]
    np.testing.assert_allclose(*both, rtol=1e-6)


def test_cancelling_works_inside_a_slide(weights):
    network = network_of(tiny_config(weights))
    told = []

    def progress(step, done, total):
        told.append((step, done, total))
        if len(told) == 3:
            raise Cancelled

    repeating = Repeating(progress)
    network.tick = repeating.again
    repeating("Epoch", 4, 10)
    with pytest.raises(Cancelled):
        network.embed(make_strip("a", (0.6, 0.4, 0.5)))
    assert told == [("Epoch", 4, 10)] * 3


def test_cancelling_works_inside_the_backward_pass_of_a_slide(weights, monkeypatch):
    monkeypatch.setattr(pacing, "_PAUSE_S", 0.0)
    network = network_of(tiny_config(weights, checkpointing=True))
    network.train()
    going_back = False

    def tick(done, total):
        if going_back:
            raise Cancelled

    network.tick = tick
    loss = network(make_strip("a", (0.6, 0.4, 0.5))).sum()
    going_back = True
    with pytest.raises(Cancelled):
        loss.backward()


def test_random_states_are_put_back():
    first = Randomness(3, 1)
    first.permutation(10)
    state = first.state()
    wanted = (first.permutation(50), first.seed(), float(torch.rand(())))
    again = Randomness.from_state(state)
    assert (again.permutation(50), again.seed(), float(torch.rand(()))) == wanted
    assert Randomness(3, 2).permutation(50) != Randomness(3, 1).permutation(50)
    assert not math.isnan(wanted[2])
