"""The commands on backbones."""

import json

import pytest

from e2evit_model.cli import main
from e2evit_model.convert.backbones import BACKBONES


@pytest.fixture(autouse=True)
def no_hub(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)


def test_list_names_every_backbone_with_its_licence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "list"]) == 0
    out = capsys.readouterr().out
    for backbone in BACKBONES.values():
        line = next(line for line in out.splitlines() if line.startswith(backbone.id + " "))
        assert backbone.licence in line


def test_list_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "list", "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    assert {record["id"]: record["parameters"] for record in records} == {
        b.id: b.parameters for b in BACKBONES.values()
    }


def test_show_a_mistyped_backbone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "show", "unii"]) == 2
    assert capsys.readouterr().err == 'Error: No backbone is called "unii".\nHint:  Did you mean "uni"?\n'


def test_show_says_the_licence_and_the_traps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "show", "virchow2"]) == 0
    out = capsys.readouterr().out
    assert "CC BY-NC-ND 4.0" in out
    assert "SwiGLUPacked without act_layer=SiLU" in out


def test_getting_without_a_network_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["models", "get", "vit-small", "--yes"]) == 2
    err = capsys.readouterr().err
    assert err.startswith(
        "Error: The weights of ViT-S/16, ImageNet-21k are not on this machine, and there is no network to get them."
    )


def test_the_licence_is_asked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda prompt: "n")
    assert main.run(["models", "get", "uni"]) == 130
    assert "CC BY-NC-ND 4.0" in capsys.readouterr().out
