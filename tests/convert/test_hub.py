"""What is at hand without a network. Downloading is tested against a hub of our own in tests/model_store."""

import huggingface_hub
import pytest

from e2evit_model.convert import hub
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.hub import page_of, weights_at_hand
from e2evit_model.convert.loading import load_backbone
from e2evit_model.errors import BackboneError


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A hub cache of our own, and no way to the network."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))

    def must_not(*_, **__):
        raise AssertionError("went to the network")

    for name in ("hf_hub_download", "get_hf_file_metadata"):
        monkeypatch.setattr(huggingface_hub, name, must_not)
    return tmp_path


def put(cache, repo, name):
    commit = "0" * 40
    folder = cache / f"models--{repo.replace('/', '--')}"
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    (folder / "refs" / "main").write_text(commit)
    path = folder / "snapshots" / commit / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    return path


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.safetensors"])
def test_weights_in_the_cache_are_found(name, cache):
    path = put(cache, "MahmoodLab/UNI", name)
    assert weights_at_hand(BACKBONES["uni"]) == path
    assert weights_at_hand(BACKBONES["virchow"]) is None


def test_weights_that_are_not_there(cache):
    assert weights_at_hand(BACKBONES["uni"]) is None
    with pytest.raises(BackboneError) as caught:
        load_backbone("uni")
    assert caught.value.message == "The weights of UNI are not on this machine."
    assert caught.value.hint.startswith("Get them with `e2evit models get uni`, after its licence was accepted there")
    with pytest.raises(BackboneError) as caught:
        load_backbone("unni")
    assert caught.value.hint == 'Did you mean "uni"?'


def test_the_page():
    assert page_of(BACKBONES["uni"]) == "https://huggingface.co/MahmoodLab/UNI"


def test_every_backbone_of_the_table_is_published_somewhere():
    for backbone in BACKBONES.values():
        said = hub.published(backbone)
        assert said.repo.count("/") == 1
        assert said.files[0] == backbone.weight_file
        assert len(set(said.files)) == len(said.files)
