"""Fixtures: a tiny backbone that is known while a test runs, its weights, and a cohort with a planted signal."""

import pytest
import torch

from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES
from tests.training.material import TINY, planted, write_tiny_weights


@pytest.fixture(autouse=True)
def known_tiny_backbone(monkeypatch):
    """Make the tiny backbone known, and leave torch's threads and random numbers as they were."""
    monkeypatch.setattr(loading, "BACKBONES", {**BACKBONES, TINY.id: TINY})
    threads, state = torch.get_num_threads(), torch.get_rng_state()
    yield
    torch.set_num_threads(threads)
    torch.set_rng_state(state)
    torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """The weight file of the tiny backbone."""
    return write_tiny_weights(tmp_path_factory.mktemp("weights") / "tiny.safetensors")


@pytest.fixture(scope="session")
def cohort_and_strips():
    """Thirty patients, some with two slides, whose color carries the risk."""
    return planted(30, seed=3)
