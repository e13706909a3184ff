"""Fixtures: finished runs, trained once."""

import numpy as np
import pytest
import tifffile
import torch

from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.report import run_report
from e2evit_model.report.exports import ExportedSlide
from e2evit_model.slides.opening import open_slide
from tests.annotations.shapes import every_kind, square
from tests.report.results import LABEL_COLOR, result_of
from tests.report.runs import write_run
from tests.slide_files import tissue_like
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


@pytest.fixture(scope="session")
def one(tmp_path_factory):
    """An analyzed slide whose file holds a label image and names a patient in its folder, its name and its header."""
    folder = tmp_path_factory.mktemp("slides") / "Mueller"
    folder.mkdir()
    path = folder / "secret-name.tiff"
    how = {"photometric": "rgb", "tile": (256, 256), "compression": "jpeg", "metadata": None}
    with tifffile.TiffWriter(path) as writer:
        resolution = {"resolution": (20_000, 20_000), "resolutionunit": "CENTIMETER"}
        writer.write(
            tissue_like(1400, 2000, seed=4),
            description="Patient-4711 born 1957-03-02",
            extratags=[(315, 2, 0, "Mueller", True)],
            **resolution,
            **how,
        )
        label = np.full((64, 128, 3), LABEL_COLOR, np.uint8)
        writer.write(label, description="label Mueller", photometric="rgb", metadata=None)
    with open_slide(path) as slide:
        assert slide.info.mpp == pytest.approx(0.5)
        result = result_of(slide.info)
    regions = (square(100, 100, 500, class_name="Tumor"), *every_kind())
    return ExportedSlide(path=path, mpp=None, result=result, regions=regions)
