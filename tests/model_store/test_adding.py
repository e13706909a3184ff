"""Weights of the user's own: adding, using, checking and removing them, and every way in which that can go wrong."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import timm
import torch
from safetensors.torch import save_file

from e2evit_model.convert import registry
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.hub import weights_at_hand
from e2evit_model.convert.loading import load_backbone, named_backbone
from e2evit_model.convert.registry import Kind, known_backbone, own_models, weights_folder
from e2evit_model.errors import (
    BackboneError,
    Cancelled,
    E2EViTError,
    ModelError,
    OptionError,
    OutputError,
    WeightsError,
)
from e2evit_model.files import config_folder, sha256_of_file
from e2evit_model.model_store import adding
from e2evit_model.model_store.adding import add_model
from e2evit_model.model_store.checking import check_model, to_be_checked
from e2evit_model.model_store.entries import Status, entries, entry_called
from e2evit_model.model_store.given import Given
from e2evit_model.model_store.normalization import check_normalization, chosen_normalization
from e2evit_model.model_store.removing import remove_model
from tests.inference.models import write_tiny_risk_model

TINY = "vit_tiny_patch16_224"
IMAGENET = {"mean": (0.485, 0.456, 0.406), "std": (0.229, 0.224, 0.225)}


@pytest.fixture
def file(vit_small_file: Path, tmp_path: Path) -> Path:
    """Weights of a ViT-S in a folder of the user's."""
    path = tmp_path / "downloads" / "model.safetensors"
    path.parent.mkdir()
    shutil.copyfile(vit_small_file, path)
    return path


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    save_file(timm.create_model(TINY, num_classes=0).state_dict(), path)
    return path


def refusal(path, error=E2EViTError, **given):
    with pytest.raises(error) as caught:
        add_model(path, Given(**given))
    assert str(path.parent) not in caught.value.message + caught.value.hint
    assert caught.value.hint
    assert own_models() == () or caught.value.message.endswith("was added before.")
    return caught.value


def test_a_file_of_a_known_backbone_is_used_from_then_on(file):
    backbone = BACKBONES["vit-small"]
    added = add_model(file, Given())
    assert (added.id, added.kind, added.kept) == ("vit-small", Kind.WEIGHTS, True)
    assert added.sha256 == sha256_of_file(file)
    assert added.size == file.stat().st_size
    assert own_models() == (added,)
    assert weights_at_hand(backbone) == added.path == weights_folder("vit-small") / "model.safetensors"
    vit, found, digest = load_backbone("vit-small")
    assert (found, digest) == (backbone, added.sha256)
    assert vit.cls_token.abs().sum() > 0
    entry = entry_called("VIT-small")
    assert (entry.status, entry.size, entry.is_estimated) == (Status.OWN, added.size, False)
    assert not entry.can_be_got


def test_a_link_takes_no_room_and_outlives_the_first_name(file):
    added = add_model(file, Given(backbone="vit-small"))
    assert file.samefile(added.path)
    file.unlink()
    assert check_model(entry_called("vit-small")).fault == ""
    done = remove_model(entry_called("vit-small"))
    assert (done.freed, done.why_not_all) == (added.size, "")
    assert not added.path.parent.exists()


def test_removing_what_still_stands_elsewhere_frees_nothing(file):
    added = add_model(file, Given())
    done = remove_model(entry_called("vit-small"))
    assert done.freed == 0
    assert done.why_not_all == "The file that you added is still at its first place and holds the room."
    assert file.is_file()
    assert not added.path.exists()
    assert own_models() == ()
    with pytest.raises(BackboneError) as caught:
        remove_model(entry_called("vit-small"))
    assert caught.value.message == "ViT-S/16, ImageNet-21k is not on this machine."


def test_where_nothing_can_be_linked_it_is_copied(file, monkeypatch):
    def cannot(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", cannot)
    heard = []
    added = add_model(file, Given(), progress=lambda *said: heard.append(said))
    assert not file.samefile(added.path)
    assert added.path.read_bytes() == file.read_bytes()
    assert ("Copying model.safetensors", added.size, added.size) in heard
    assert remove_model(entry_called("vit-small")).freed == added.size


def test_no_room_for_a_copy(file, monkeypatch):
    def cannot(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", cannot)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, 1))
    error = refusal(file, OutputError)
    assert error.message == "There is not enough room for model.safetensors: it has 43 MB, 1 MB are free."
    assert "--in-place" in error.hint


def test_in_place(file):
    added = add_model(file, Given(in_place=True))
    assert (added.path, added.kept) == (file, False)
    done = remove_model(entry_called("vit-small"))
    assert (done.freed, file.is_file()) == (0, True)
    assert done.why_not_all == "It was used from its own place, where it still is."


def test_cancelling_leaves_nothing(file, monkeypatch):
    def stop(step, _done, _total):
        if step.startswith("Checking"):
            raise Cancelled

    with pytest.raises(Cancelled):
        add_model(file, Given(), progress=stop)
    assert own_models() == ()
    assert not weights_folder("vit-small").exists()


def test_a_file_that_changed_is_found(file):
    added = add_model(file, Given(in_place=True))
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    found = check_model(entry_called("vit-small"))
    assert found.fault == "model.safetensors has changed since it was added: its hash is another one."
    file.write_bytes(content[:-1])
    assert entry_called("vit-small").status is Status.GONE
    assert weights_at_hand(BACKBONES["vit-small"]) is None
    found = check_model(entry_called("vit-small"))
    assert found.fault == "model.safetensors is not at its place any more, or has another size."
    assert found.hint == "Remove it, and get or add it again."
    assert [entry.id for entry in to_be_checked(entries())] == [added.id]


def test_twice(file):
    add_model(file, Given())
    error = refusal(file, BackboneError)
    assert error.message == "ViT-S/16, ImageNet-21k was added before."
    assert error.hint == "Remove it first, with `e2evit models remove vit-small`, or give a new name."
    assert weights_at_hand(BACKBONES["vit-small"]) is not None


def test_any_vit_of_timm_with_the_users_own_tag(tiny):
    added = add_model(tiny, Given(timm=f"{TINY}.our-lab", mpp=0.5, licence="ours", **IMAGENET))
    assert added.id == f"{TINY}.our-lab"
    backbone = named_backbone(f"{TINY}.our-lab")
    assert backbone == known_backbone(f"{TINY}.our-lab") == added.backbone
    assert (backbone.mean, backbone.std) == (IMAGENET["mean"], IMAGENET["std"])
    assert (backbone.mpp, backbone.licence, backbone.width) == (0.5, "ours", 192)
    vit, found, _ = load_backbone(f"{TINY}.our-lab")
    assert found == backbone
    assert torch.equal(vit.cls_token, timm_state(tiny)["cls_token"])
    entry = entry_called(f"{TINY}.our-lab")
    assert (entry.status, entry.licence.name) == (Status.OWN, "ours")
    assert check_model(entry).fault == ""


def timm_state(path):
    from safetensors.torch import load_file

    return load_file(path)


def test_mean_and_std_are_never_guessed(tiny):
    error = refusal(tiny, OptionError, timm=TINY)
    assert error.message == f"Nothing says which mean and std weights of {TINY} were trained with."
    assert error.hint.startswith("Give --normalization imagenet, half or clip, or --mean and --std")
    error = refusal(tiny, OptionError, timm=f"{TINY}.our-lab", mean=IMAGENET["mean"])
    assert error.message == "Mean and std belong together, but only one was given."
    known = add_model(tiny, Given(timm=f"{TINY}.augreg_in21k_ft_in1k")).backbone
    assert (known.mean, known.std) == ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5))


def test_the_table_cannot_be_overruled(file):
    error = refusal(file, OptionError, backbone="vit-small", **IMAGENET)
    assert error.message == "Mean, std and resolution of this backbone are known and cannot be changed."


@pytest.mark.parametrize(
    ("mean", "std", "message"),
    [
        (
            (123.7, 116.3, 103.5),
            (58.4, 57.1, 57.4),
            "Mean and std are of colors from 0 to 1, but one of them is above 1.",
        ),
        ((0.5, 0.5, 0.5), (0.5, 0.0, 0.5), "A mean cannot be below 0, and a std must be above 0."),
        ((-0.1, 0.5, 0.5), (0.5, 0.5, 0.5), "A mean cannot be below 0, and a std must be above 0."),
        ((0.5, float("nan"), 0.5), (0.5, 0.5, 0.5), "Mean or std is not a number."),
    ],
)
def test_mean_and_std_that_cannot_be(mean, std, message):
    with pytest.raises(OptionError) as caught:
        check_normalization(mean, std)
    assert caught.value.message == message


def test_what_is_said_of_the_normalization():
    assert chosen_normalization(None, None, None) is None
    assert chosen_normalization("imagenet", None, None) == (IMAGENET["mean"], IMAGENET["std"])
    assert chosen_normalization(None, "0.485, 0.456 0.406", "0.229,0.224,0.225") == tuple(IMAGENET.values())
    for given, message in {
        ("clip", "0,0,0", None): "The normalization is given twice, by name and by numbers.",
        (None, "0.5,0.5,0.5", None): "Mean and std belong together, but only one was given.",
        (None, "0.5", "0.5,0.5,0.5"): 'The mean "0.5" is not three numbers.',
        (None, "0.5,0.5,0.5", "a,b,c"): 'The std "a,b,c" is not three numbers.',
    }.items():
        with pytest.raises(OptionError) as caught:
            chosen_normalization(*given)
        assert caught.value.message == message


def test_what_cannot_be_added(file, tiny, tmp_path):
    assert refusal(file, timm="resnet18").message == (
        "resnet18 cannot be converted: it is a ResNet, not a plain vision transformer."
    )
    assert refusal(file, timm="vit_of_nobody").message == "timm has no model called vit_of_nobody."
    assert refusal(file, backbone="unii").hint == 'Did you mean "uni"?'
    assert refusal(file, backbone="uni", timm=TINY).message == (
        "The backbone is given twice: by its id and by its name in timm."
    )
    assert refusal(file, WeightsError, backbone="conch").message == (
        "The tensor cls_token has the shape 1 x 1 x 384, but CONCH needs 1 x 1 x 768."
    )
    unknown = refusal(tiny, WeightsError)
    assert unknown.message.startswith("tiny.safetensors does not have the layout of any known backbone")
    assert unknown.hint == "Say what it is: --as ID for a known backbone, --timm NAME for a model of timm."
    half = tmp_path / "half.safetensors"
    half.write_bytes(file.read_bytes()[:-1000])
    assert refusal(half, WeightsError).message == "half.safetensors is cut short: its last part is missing."
    assert refusal(tmp_path / "none.bin", WeightsError).message == "There is no weight file none.bin."
    assert refusal(tiny, OptionError, timm=f"{TINY}.x", mpp=-1.0, **IMAGENET).message == (
        "A resolution of -1 um/px cannot be."
    )


def test_a_layout_that_several_share(tmp_path):
    from tests.convert.test_weights import layout_file

    path = layout_file(tmp_path / "weights.safetensors", BACKBONES["uni"])
    error = refusal(path, WeightsError)
    assert error.message.endswith("several backbones share: uni, pathorchestra, conch-v1.5.")
    assert "--as ID" in error.hint
    assert add_model(path, Given(backbone="conch-v1.5", in_place=True)).id == "conch-v1.5"


def test_a_folder_with_one_weight_file(file):
    assert add_model(file.parent, Given()).id == "vit-small"


def test_a_risk_model(tmp_path):
    folder = tmp_path / "risk"
    write_tiny_risk_model(folder)
    added = add_model(folder, Given())
    assert (added.kind, added.path, added.kept) == (Kind.RISK_MODEL, folder, False)
    entry = entry_called(added.id)
    assert (entry.status, entry.title) == (Status.OWN, added.title)
    assert check_model(entry).fault == ""
    assert refusal(folder).message.endswith("was added before.")
    heads = folder / "heads.safetensors"
    heads.write_bytes(heads.read_bytes() + b" ")
    assert "heads.safetensors" in check_model(entry).fault
    done = remove_model(entry)
    assert (done.freed, heads.is_file()) == (0, True)


def test_folders_that_are_no_risk_model(tmp_path):
    (tmp_path / "empty").mkdir()
    assert refusal(tmp_path / "empty", ModelError).message == "empty is not a risk model: model.json is missing."
    folder = tmp_path / "risk"
    write_tiny_risk_model(folder)
    assert refusal(folder, OptionError, backbone="uni").message == (
        "A risk model says by itself which backbone it has."
    )


def test_a_damaged_list_is_said_and_never_written_over(file):
    path = config_folder() / "models.json"
    for content in ("{", "[]", '{"schema": 1, "models": [{"id": "uni"}]}'):
        path.write_text(content)
        assert own_models() == ()
        assert weights_at_hand(BACKBONES["uni"]) is None
        with pytest.raises(BackboneError) as caught:
            add_model(file, Given())
        assert caught.value.message == "The list of your own models cannot be read: models.json is damaged."
        assert path.read_text() == content
        assert not (weights_folder("vit-small") / "model.safetensors").exists()
    path.write_text(json.dumps({"schema": 2, "models": []}))
    with pytest.raises(BackboneError) as caught:
        registry.remember(None)
    assert caught.value.message == "The list of your own models is of a newer version of this program."


def test_the_list_outlives_the_program(tiny, file):
    added = (add_model(file, Given()), add_model(tiny, Given(timm=f"{TINY}.a", **IMAGENET)))
    assert own_models() == added
    assert own_models()[1].backbone.timm_arguments == {}
    registry.forget("vit-small")
    assert own_models() == added[1:]


def test_an_unknown_backbone_of_a_list_is_damage(file):
    add_model(file, Given())
    path = config_folder() / "models.json"
    path.write_text(path.read_text().replace('"vit-small"', '"vit-nobody"'))
    assert own_models() == ()


def test_when_the_list_cannot_be_written_nothing_is_kept(file, monkeypatch):
    def cannot(_model):
        raise OutputError("models.json could not be written.")

    monkeypatch.setattr(adding, "remember", cannot)
    refusal_ = pytest.raises(OutputError)
    with refusal_:
        add_model(file, Given())
    assert not (weights_folder("vit-small") / "model.safetensors").exists()


def test_known_backbone_says_what_is_near():
    with pytest.raises(BackboneError) as caught:
        known_backbone("virchow-2")
    assert caught.value.hint == 'Did you mean "virchow2"?'
    assert replace(BACKBONES["uni"]) == known_backbone("uni")
