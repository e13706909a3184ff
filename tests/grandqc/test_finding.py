"""From a slide to a mask by networks of the published layout, with seeded weights; what keeps a mask from being found."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from e2evit_model.errors import TissueError, WeightsError
from e2evit_model.grandqc import finding, models
from e2evit_model.grandqc.finding import find_tissue
from e2evit_model.grandqc.models import NETWORKS, network_called
from e2evit_model.grandqc.networks import build_network, load_network
from e2evit_model.slides.opening import open_slide
from e2evit_model.tissue.finding import find_tissue as by_color
from e2evit_model.tissue.mask import Finding
from tests.slide_files import tissue_like, write_pyramid

TISSUE = NETWORKS["grandqc"]


@pytest.fixture
def slide_file(tmp_path):
    image = np.full((1400, 1800, 3), 243, np.uint8)
    image[300:1100, 300:1500] = tissue_like(800, 1200)
    return write_pyramid(tmp_path / "section.tiff", image, mpp=1.0)


@pytest.fixture
def weights(tmp_path, monkeypatch):
    """Seeded weights of every network, where the user's own are looked for; the first stage says tissue of all."""
    pytest.importorskip("segmentation_models_pytorch")
    monkeypatch.setenv("E2EVIT_CACHE", str(tmp_path / "cache"))
    paths = {}
    for number, network in enumerate(NETWORKS.values()):
        torch.manual_seed(number)
        state = build_network(network).state_dict()
        if network is TISSUE:
            state["segmentation_head.0.bias"] = torch.tensor([100.0, -100.0])
        paths[network.id] = tmp_path / f"{network.id}.safetensors"
        save_file(state, paths[network.id])
    monkeypatch.setattr(models, "own_weights", paths.get)
    return paths


def refused(call):
    with pytest.raises(TissueError) as raised:
        call()
    assert raised.value.hint
    return raised.value.message


def test_tissue_and_artefacts_by_networks_of_the_published_layout(weights, slide_file):
    with open_slide(slide_file) as slide:
        plain = find_tissue(slide, method="grandqc")
        fine = find_tissue(slide, method="grandqc-artefacts")
    assert (plain.method, fine.method) == ("grandqc at 10 um/px", "grandqc-artefacts at 10 and 1.5 um/px")
    assert plain.findings.shape == (140, 180)
    assert (plain.findings == Finding.TISSUE).all()
    kinds = set(np.unique(fine.findings).tolist())
    assert kinds <= {Finding(kind) for kind in NETWORKS["grandqc-artefacts"].classes.values()}
    assert len(kinds) > 1


def test_a_mask_is_kept_for_the_same_slide_and_weights(weights, slide_file, monkeypatch):
    with open_slide(slide_file) as slide:
        found = find_tissue(slide, method="grandqc")

        def never(*given):
            raise AssertionError("it was found before")

        monkeypatch.setattr(finding, "_by_networks", never)
        again = find_tissue(slide, method="grandqc")
        assert np.array_equal(again.findings, found.findings)
        assert (again.method, again.mpp, again.downsample) == (found.method, found.mpp, found.downsample)
        save_file({**load_file(weights["grandqc"]), "segmentation_head.0.bias": torch.zeros(2)}, weights["grandqc"])
        with pytest.raises(AssertionError, match="found before"):
            find_tissue(slide, method="grandqc")


def test_weights_are_loaded_strictly_but_for_what_evaluation_does_not_use(weights):
    state = load_file(weights["grandqc"])
    whole = load_network(TISSUE)
    save_file({key: value for key, value in state.items() if "num_batches" not in key}, weights["grandqc"])
    x = torch.rand(1, 3, 64, 64)
    assert torch.equal(load_network(TISSUE)(x), whole(x))
    save_file({key: value for key, value in state.items() if key != "segmentation_head.0.bias"}, weights["grandqc"])
    with pytest.raises(WeightsError, match=r"segmentation_head\.0\.bias"):
        load_network(TISSUE)
    with pytest.raises(WeightsError):  # a U-Net is no U-Net++
        load_network(TISSUE, weights["grandqc-artefacts"])


def test_a_slide_that_is_not_for_grandqc_is_refused(tmp_path, weights):
    unknown = write_pyramid(tmp_path / "unknown.tiff", tissue_like(600, 600), mpp=None)
    coarse = write_pyramid(tmp_path / "coarse.tiff", tissue_like(600, 600), mpp=16)
    with open_slide(unknown) as slide:
        said = refused(lambda: find_tissue(slide, method="grandqc"))
    assert said == "GrandQC needs the slide's resolution, which the file does not say."
    with open_slide(coarse) as slide:
        said = refused(lambda: find_tissue(slide, method="grandqc"))
    assert said == "The slide has 16 um per pixel, too coarse for GrandQC, which looks at 10."


def test_weights_or_library_that_are_missing_are_said(slide_file, monkeypatch, tmp_path):
    monkeypatch.setenv("E2EVIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(models, "own_weights", lambda identity: None)
    monkeypatch.setattr(models, "in_cache", lambda published: None)
    with open_slide(slide_file) as slide, pytest.raises(TissueError) as raised:
        find_tissue(slide, method="grandqc-artefacts")
    assert raised.value.message == "The weights of GrandQC, tissue are not on this machine."
    assert "e2evit models get grandqc" in raised.value.hint
    monkeypatch.setitem(sys.modules, "segmentation_models_pytorch", None)
    assert refused(lambda: build_network(TISSUE)) == (
        "GrandQC needs segmentation-models-pytorch, which is not installed."
    )
    assert refused(lambda: network_called("grandqc-artefact")) == 'GrandQC has no network called "grandqc-artefact".'


def test_a_kept_mask_that_is_damaged_is_found_again(weights, slide_file, tmp_path):
    with open_slide(slide_file) as slide:
        found = find_tissue(slide, method="grandqc")
        (kept,) = (tmp_path / "cache" / "masks").iterdir()
        kept.write_bytes(kept.read_bytes()[:40])
        assert np.array_equal(find_tissue(slide, method="grandqc").findings, found.findings)


def test_other_ways_are_as_before_and_load_no_torch(slide_file):
    with open_slide(slide_file) as slide:
        assert np.array_equal(find_tissue(slide).findings, by_color(slide).findings)
    program = (
        "import sys; from e2evit_model.grandqc.finding import find_tissue; "
        "from e2evit_model.slides.opening import open_slide; from pathlib import Path; "
        "find_tissue(open_slide(Path(sys.argv[1]))); print('torch' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", program, str(slide_file)], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


def test_every_network_is_a_way_of_finding_tissue_with_a_licence():
    assert all(network.published.licence == "CC BY-NC-SA 4.0" for network in NETWORKS.values())
    assert [replace(network).mpp for network in NETWORKS.values()] == [10.0, 1.5, 1.0, 2.0]
