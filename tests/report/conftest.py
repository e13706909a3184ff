"""Fixtures: finished runs, trained once."""

import pytest
import torch

from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.report import run_report
from tests.report.runs import write_run
from tests.training.material import TINY


def _trained(tmp_path_factory, **changes):
    threads, state, known = torch.get_num_threads(), torch.get_rng_state(), loading.BACKBONES
    loading.BACKBONES = {**BACKBONES, TINY.id: TINY}
    try:
        return write_run(tmp_path_factory.mktemp("runs") / "run", tmp_path_factory.mktemp("weights"), **changes)
    finally:
        loading.BACKBONES = known
        torch.set_num_threads(threads)
        torch.set_rng_state(state)
        torch.set_flush_denormal(False)


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A run by linear probing, with a report of its cohort and clinical columns. Not to be changed."""
    return _trained(tmp_path_factory)


@pytest.fixture(scope="session")
def finished_cox(tmp_path_factory):
    """A run by a Cox model: no epochs, but penalties. Not to be changed."""
    return _trained(tmp_path_factory, method="linear-cox", inner_folds=3, keep_backbone=False)


@pytest.fixture
def no_pdf(monkeypatch):
    """Spare the seconds of the PDF where a test is of something else."""
    monkeypatch.setattr(run_report, "write_pdf", lambda document, path: None)
