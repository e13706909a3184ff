"""``e2evit occlude``: files, what is said before and after, sentences."""

import csv
import json

import numpy as np
import pytest
from PIL import Image

from e2evit_model.cli import main
from e2evit_model.report.occlusion_figure import FILES
from tests.explain.material import bare_model, risk_model, write_slide
from tests.inference.models import TINY


def test_occlude_writes_map_table_and_record(tmp_path, capsys):
    path, out = write_slide(tmp_path), tmp_path / "out"
    model = risk_model(tmp_path, members=2)
    arguments = ["occlude", str(path), "--model", model.source, "--out", str(out), "--side", "2", "--precision", "fp32"]
    assert main.run([*arguments, "--json"]) == 0
    told = capsys.readouterr()
    record = json.loads(told.out)
    assert "6 squares of 2 x 2 tiles: 7 runs, about " in told.err
    assert sorted(p.name for p in out.iterdir()) == sorted(FILES)
    assert json.loads((out / "occlusion.json").read_text()) == record
    whole, without = (np.array(record["occlusion"][name]) for name in ("whole_by_member", "without_by_member"))
    rows = list(csv.DictReader((out / "occlusion.csv").open()))
    assert len(rows) == 20
    for row in rows:
        assert float(row["risk_added"]) == pytest.approx((whole - without[int(row["square"])]).mean(), abs=1e-7)
    feature = json.loads((out / "occlusion.geojson").read_text())["features"][7]
    assert feature["properties"]["measurements"]["risk_added"] == pytest.approx(float(rows[7]["risk_added"]), abs=1e-7)
    picture = np.asarray(Image.open(out / "occlusion.png")).astype(int)
    assert picture.std() > 5
    for name in FILES[1:]:
        assert "patient" not in (out / name).read_text()


def test_without_a_head_distances_are_given_and_said(tmp_path, capsys):
    path = write_slide(tmp_path, columns=3, rows=2)
    model = bare_model(tmp_path)
    arguments = ["occlude", str(path), "--model", model.source, "--backbone", TINY, "--out", str(tmp_path / "o")]
    assert main.run([*arguments, "--squares", "6", "--precision", "fp32"]) == 0
    said = capsys.readouterr().out
    assert "This model has no trained head, so there is no risk: distances of the embedding are given." in said
    assert said.count(" tiles at x ") == 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["occlude", "missing.svs", "--model", "uni", "--out", "{tmp}/o"], "missing.svs was not found."),
        (
            ["occlude", "{slide}", "--model", "uni", "--out", "{tmp}/o", "--squares", "1"],
            "Squares at most is 1, but must be between 2 and 100000.",
        ),
        (
            ["occlude", "{slide}", "--model", "uni", "--out", "{tmp}/o", "--side", "0"],
            "Side of a square is 0 tiles, but must be between 1 and 1000 tiles.",
        ),
        (
            ["occlude", "{slide}", "--model", "{model}", "--backbone", TINY, "--out", "{tmp}/o", "--side", "9"],
            "All 4 tiles lie in one square of 9 x 9 tiles: without it nothing would be left.",
        ),
    ],
)
def test_bad_input_is_a_sentence(arguments, message, tmp_path, capsys):
    slide, model = write_slide(tmp_path, columns=2, rows=2), bare_model(tmp_path)
    assert main.run([a.format(slide=slide, tmp=tmp_path, model=model.source) for a in arguments]) == 2
    assert message in capsys.readouterr().err
