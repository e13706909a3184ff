from types import SimpleNamespace

import huggingface_hub
import pytest
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from e2evit_model.convert import hub
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.hub import _NETWORK, download_weights, weights_at_hand
from e2evit_model.convert.loading import load_backbone
from e2evit_model.errors import BackboneError, OutputError

PAGE = "https://huggingface.co/MahmoodLab/UNI"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A hub cache of our own."""
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_CACHE", str(tmp_path))
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


def at_hand(backbone, cache, monkeypatch):
    ours = huggingface_hub.try_to_load_from_cache
    monkeypatch.setattr(huggingface_hub, "try_to_load_from_cache", lambda repo, name: ours(repo, name, cache_dir=cache))
    return weights_at_hand(backbone)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.safetensors"])
def test_weights_in_the_cache_are_found(name, cache, monkeypatch):
    path = put(cache, "MahmoodLab/UNI", name)
    assert at_hand(BACKBONES["uni"], cache, monkeypatch) == path


def test_weights_that_are_not_there(cache, monkeypatch):
    assert at_hand(BACKBONES["uni"], cache, monkeypatch) is None
    with pytest.raises(BackboneError) as caught:
        load_backbone("uni")
    assert caught.value.message == "The weights of UNI are not on this machine."
    assert caught.value.hint.startswith("Get them with `e2evit models get uni`, after its licence was accepted there")
    with pytest.raises(BackboneError) as caught:
        load_backbone("unni")
    assert caught.value.hint == 'Did you mean "uni"?'


def answer(status):
    return SimpleNamespace(status_code=status, headers={}, request=None)


ERRORS = {
    "no token": (
        GatedRepoError("gated", response=answer(401)),
        None,
        "UNI is only given to those who accepted its licence, and there is no token that says who you are.",
    ),
    "gated": (GatedRepoError("gated", response=answer(403)), "hf_x", "Your token may not download UNI."),
    "no repository": (
        RepositoryNotFoundError("gone", response=answer(404)),
        "hf_x",
        "UNI is not at MahmoodLab/UNI any more, or your token may not see it.",
    ),
    "offline": (
        LocalEntryNotFoundError("offline"),
        "hf_x",
        "The weights of UNI are not on this machine, and there is no network to get them.",
    ),
    "offline mode": (
        OfflineModeIsEnabled("offline"),
        "hf_x",
        "The weights of UNI are not on this machine, and there is no network to get them.",
    ),
    "cut off": (
        _NETWORK("the line went dead"),
        "hf_x",
        "The weights of UNI are not on this machine, and there is no network to get them.",
    ),
    "no file": (EntryNotFoundError("no file"), "hf_x", "MahmoodLab/UNI has no weight file pytorch_model.bin."),
    "bad token": (HfHubHTTPError("no", response=answer(401)), "hf_x", "Your token is not valid."),
    "refused": (HfHubHTTPError("no", response=answer(500)), "hf_x", "The hub did not give the weights of UNI."),
}


@pytest.mark.parametrize("case", ERRORS)
def test_each_failure_has_its_own_sentence(case, monkeypatch):
    error, token, message = ERRORS[case]

    def fail(*_, **__):
        raise error

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", fail)
    monkeypatch.setattr(huggingface_hub, "get_token", lambda: token)
    with pytest.raises(BackboneError) as caught:
        download_weights(BACKBONES["uni"])
    assert caught.value.message == message
    assert caught.value.hint
    assert "{" not in caught.value.message + caught.value.hint
    if case in {"gated", "no token", "no repository", "offline"}:
        assert PAGE in caught.value.hint


def test_disk_full_while_downloading(monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", full)
    with pytest.raises(OutputError) as caught:
        download_weights(BACKBONES["uni"])
    assert caught.value.message == "The disk is full: pytorch_model.bin could not be written."


def test_another_name_of_the_file_is_tried(monkeypatch):
    asked = []

    def serve(repo, name, *, token):
        asked.append((repo, name, token))
        if name != "model.safetensors":
            raise EntryNotFoundError("no")
        return "/somewhere/model.safetensors"

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", serve)
    assert download_weights(BACKBONES["pathorchestra"], token="hf_x").name == "model.safetensors"
    assert asked[-1] == ("AI4Pathology/PathOrchestra", "model.safetensors", "hf_x")


def test_nothing_is_downloaded_unless_asked(cache, monkeypatch):
    def must_not(*_, **__):
        raise AssertionError("went to the network")

    monkeypatch.setattr(huggingface_hub, "hf_hub_download", must_not)
    assert at_hand(BACKBONES["virchow"], cache, monkeypatch) is None
    assert hub.page_of(BACKBONES["uni"]) == PAGE
