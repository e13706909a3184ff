"""The commands on models."""

import json
import shutil

import pytest

from e2evit_model.cli import main
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.licences import accept, accepted_on
from e2evit_model.grandqc.models import NETWORKS
from tests.model_store.conftest import hub, vit_small_file  # noqa: F401 - fixtures

SMALL = BACKBONES["vit-small"]


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


@pytest.fixture
def file(vit_small_file, tmp_path):  # noqa: F811
    path = tmp_path / "model.safetensors"
    shutil.copyfile(vit_small_file, path)
    return path


def test_list_names_every_backbone_with_its_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "list"]) == 0
    out = capsys.readouterr().out
    for backbone in BACKBONES.values():
        line = next(line for line in out.splitlines() if line.startswith(backbone.id + " "))
        assert backbone.licence in line
        assert ("on request" if backbone.gated else "free") in line
    assert "~4.5 GB" in next(line for line in out.splitlines() if line.startswith("gigapath"))


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "list", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert {record["id"]: record.get("parameters") for record in records} == {
        **{b.id: b.parameters for b in BACKBONES.values()},
        **dict.fromkeys(NETWORKS),
    }
    assert {record["weights"] for record in records} == {"free", "on request"}


def test_show_a_mistyped_backbone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "show", "unii"]) == 2
    assert capsys.readouterr().err == 'Error: No model is called "unii".\nHint:  Did you mean "uni"?\n'


def test_show_says_the_licence_and_the_traps(capsys: pytest.CaptureFixture[str]) -> None:
    accept("virchow2", "CC BY-NC-ND 4.0")
    assert main.run(["models", "show", "virchow2"]) == 0
    out = capsys.readouterr().out
    assert "CC BY-NC-ND 4.0. Not for commercial use." in out
    assert f"Accepted    {accepted_on('virchow2', 'CC BY-NC-ND 4.0')[:10]}" in out
    assert "SwiGLUPacked without act_layer=SiLU" in out
    assert main.run(["models", "show", "virchow2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["licence_url"] == "https://creativecommons.org/licenses/by-nc-nd/4.0/"


def test_getting_without_a_network_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "get", "vit-small", "--accept-licence"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(
        "Error: The weights of ViT-S/16, ImageNet-21k are not on this machine, and there is no network to get them."
    )


def test_the_licence_is_asked_for_on_a_terminal(monkeypatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda prompt: "n")
    assert main.run(["models", "get", "uni"]) == 130
    assert "CC BY-NC-ND 4.0" in capsys.readouterr().out
    assert accepted_on("uni", "CC BY-NC-ND 4.0") == ""
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda prompt: "y")
    assert main.run(["models", "get", "uni"]) == 2  # there is no network
    assert accepted_on("uni", "CC BY-NC-ND 4.0")


def test_without_a_terminal_the_flag_is_needed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "get", "uni"]) == 2
    said = capsys.readouterr()
    assert "Not for commercial use." in said.out
    assert said.err == (
        "Error: The licence of UNI (CC BY-NC-ND 4.0) has not been accepted.\n"
        "Hint:  Read it (`e2evit models show uni`), then run `e2evit models get uni --accept-licence`.\n"
    )


def test_get_check_and_remove(hub, vit_small_file, capsys) -> None:  # noqa: F811
    hub.put(SMALL.hub_repo, "model.safetensors", vit_small_file.read_bytes())
    assert main.run(["models", "get", "vit-small", "--accept-licence"]) == 0
    out = capsys.readouterr().out
    assert "Free for any use, commercial use too" in out
    assert out.endswith("ViT-S/16, ImageNet-21k is here (43 MB). Use it with --model vit-small.\n")
    assert main.run(["models", "get", "vit-small"]) == 0
    assert capsys.readouterr().out == (
        "ViT-S/16, ImageNet-21k is on this machine already. Use it with --model vit-small.\n"
    )
    assert main.run(["models", "check"]) == 0
    assert capsys.readouterr().out == "ViT-S/16, ImageNet-21k: hash right, loads\n"
    assert main.run(["models", "remove", "vit-small"]) == 0
    assert capsys.readouterr().out == "ViT-S/16, ImageNet-21k was removed: 43 MB freed.\n"
    assert main.run(["models", "check"]) == 0
    assert capsys.readouterr().out == "There is no model on this machine.\n"
    assert main.run(["models", "get", "vit-small"]) == 0
    assert "Apache-2.0, accepted on 20" in capsys.readouterr().out


def test_add_a_file(file, capsys) -> None:
    assert main.run(["models", "add", str(file)]) == 0
    assert capsys.readouterr().out == (
        "Added: ViT-S/16, ImageNet-21k (weights, 43 MB). Use it with --model vit-small.\n"
    )
    assert main.run(["models", "list"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("vit-small"))
    assert "your file" in line
    file.write_bytes(b"x")  # the same file, by its other name
    assert main.run(["models", "check", "vit-small"]) == 2
    assert "is not at its place any more, or has another size." in capsys.readouterr().out
    assert main.run(["models", "get", "vit-small"]) == 2
    assert capsys.readouterr().err.startswith(
        "Error: ViT-S/16, ImageNet-21k cannot be downloaded: it was added by you."
    )


def test_add_for_timm_needs_a_normalization(file, capsys) -> None:
    name = "vit_small_patch16_224.our-lab"
    assert main.run(["models", "add", str(file), "--timm", name]) == 2
    assert "Nothing says which mean and std" in capsys.readouterr().err
    assert main.run(["models", "add", str(file), "--timm", name, "--mean", "0.7,0.6", "--std", "1"]) == 2
    assert 'The mean "0.7,0.6" is not three numbers.' in capsys.readouterr().err
    arguments = ["--timm", name, "--normalization", "imagenet", "--mpp", "0.5", "--licence", "ours"]
    assert main.run(["models", "add", str(file), *arguments]) == 0
    assert capsys.readouterr().out.endswith(f"Use it with --model {name}.\n")
    assert main.run(["models", "show", name]) == 0
    out = capsys.readouterr().out
    assert "(0.485, 0.456, 0.406), (0.229, 0.224, 0.225)" in out
    assert "0.5 um per pixel" in out
