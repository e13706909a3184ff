"""The commands on slides: info, tiles, analyze and doctor, on a small slide."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from e2evit_model.cli import doctor, main
from e2evit_model.report.slide_files import FILES
from tests.inference.models import TINY, tiny_weights, write_tiny_risk_model
from tests.slide_files import tissue_like, write_pyramid


@pytest.fixture
def slide(tmp_path: Path) -> Path:
    return write_pyramid(tmp_path / "case.tiff", tissue_like(500, 700), mpp=0.5, levels=2)


def test_info_says_size_and_resolution(slide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["info", str(slide)]) == 0
    out = capsys.readouterr().out
    assert "700 x 500 px, 0.3 x 0.2 mm" in out
    assert "0.5 um per pixel, about 20x (from: file)" in out


def test_info_as_json_has_no_path(slide: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["info", str(slide), "--json", "--mpp", "0.25"]) == 0
    out = capsys.readouterr().out
    record = json.loads(out)
    assert (record["width"], record["mpp"], record["mpp_source"]) == (700, 0.25, "user")
    assert "case" not in out


def test_tiles_writes_the_table(slide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tiles.csv"
    assert main.run(["tiles", str(slide), "--out", str(out), "--tissue", "all", "--order", "column", "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    rows = list(csv.DictReader(out.open()))
    assert record["tiles"] == len(rows) == 6
    assert [(row["x"], row["y"]) for row in rows[:3]] == [("0", "0"), ("0", "224"), ("224", "0")]


def test_analyze_writes_every_file(slide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_tiny_risk_model(tmp_path / "model")
    out = tmp_path / "out"
    arguments = [
        "analyze",
        str(slide),
        "--model",
        str(tmp_path / "model"),
        "--out",
        str(out),
        "--precision",
        "fp32",
        "--json",
    ]
    assert main.run(arguments) == 0
    record = json.loads(capsys.readouterr().out)
    assert sorted(path.name for path in out.iterdir()) == sorted(FILES)
    assert json.loads((out / "result.json").read_text()) == record
    assert -4 < record["result"]["risk"] < 0
    attention = list(csv.DictReader((out / "attention.csv").open()))
    assert list(attention[0]) == ["tile", "x", "y", "width", "attention"]
    assert 0 < sum(float(row["attention"]) for row in attention) < 1
    embedding = next(csv.DictReader((out / "embedding.csv").open()))
    assert int(embedding["n_tiles"]) == len(attention) == 6
    assert len([name for name in embedding if name.startswith("embedding_")]) == 192
    for name in ("overlay.png", "tissue.png", "strip.png"):
        picture = np.asarray(Image.open(out / name))
        assert picture.std() > 5, name


def test_analyze_says_why_there_is_no_risk(slide: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = tiny_weights(tmp_path / "w.safetensors")
    assert main.run(["analyze", str(slide), "--model", str(weights), "--backbone", TINY, "--out", str(tmp_path / "o"),
                     "--precision", "fp32"]) == 0  # fmt: skip
    out = capsys.readouterr().out
    assert "Risk       none. This model was not trained on survival" in out
    assert "Research use only" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analyze", "missing.svs", "--model", "uni", "--out", "{tmp}/o"], "missing.svs was not found."),
        (["analyze", "{slide}", "--model", "unii", "--out", "{tmp}/o"], 'No backbone is called "unii".'),
        (["analyze", "{slide}", "--model", "uni", "--out", "{tmp}/o"], "The weights of UNI are not on this machine."),
        (
            ["analyze", "{slide}", "--model", "uni", "--out", "{slide}"],
            "a file is in the way where a folder is needed.",
        ),
        (
            ["analyze", "{slide}", "--model", "uni", "--out", "{tmp}/o", "--mpp", "900"],
            "Resolution of the slide is 900 um/px",
        ),
        (["analyze", "{slide}", "--model", "uni", "--out", "{tmp}/o", "--order", "zigzag"], "zigzag"),
        (["tiles", "{slide}", "--out", "{tmp}/t.csv", "--tissue", "none.png"], "The mask file none.png was not found."),
        (["tiles", "{slide}", "--out", "{tmp}/t.csv", "--tile-px", "2048"], "too small for one tile"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_2(arguments, message, slide, tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    filled = [a.format(slide=slide, tmp=tmp_path) for a in arguments]
    assert main.run(filled) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert not list(tmp_path.glob("o/*"))


def test_doctor_looks_at_everything(capsys: pytest.CaptureFixture[str]) -> None:
    main.run(["doctor", "--json"])
    found = {finding["subject"]: finding for finding in json.loads(capsys.readouterr().out)}
    assert {
        "Window (Qt)",
        "OpenSlide",
        "torch",
        "GPU (CUDA)",
        "Triton",
        "Memory",
        "Cache folder",
        "Hub token",
    } <= found.keys()
    for finding in found.values():
        assert finding["state"] == "ok" or finding["advice"]


def test_doctor_tells_of_a_cache_that_cannot_be_written(monkeypatch, tmp_path, capsys) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("E2EVIT_CACHE", str(tmp_path / "file"))
    finding = doctor._cache()
    assert finding.state == "problem"
    assert finding.advice == "Set E2EVIT_CACHE to a folder that you may write to."


def test_doctor_tells_of_a_torchvision_of_another_torch(monkeypatch) -> None:
    import torch
    import torchvision

    fitting = doctor._torch()
    assert (fitting.state, fitting.found) == ("ok", f"{torch.__version__}, torchvision {torchvision.__version__}")

    def other(*_given):
        raise RuntimeError("operator torchvision::nms does not exist\nand more lines")

    monkeypatch.setattr(torchvision.ops, "nms", other)
    finding = doctor._torch()
    assert finding.state == "problem"
    assert finding.found == (
        f"{torch.__version__} and torchvision {torchvision.__version__} do not fit (operator torchvision::nms does not exist)"
    )
    assert finding.advice == "Reinstall both from one place: pip install --force-reinstall torch torchvision"
