"""``e2evit strip``: files, JSON, sentences."""

import json

import pytest

from e2evit_model.cli import main
from e2evit_model.report.seen_figure import FILES
from tests.explain.material import bare_model, write_slide
from tests.inference.models import TINY


def test_strip_writes_pictures_and_the_share_of_color(tmp_path, capsys):
    path, out = write_slide(tmp_path), tmp_path / "out"
    model = bare_model(tmp_path)
    arguments = ["strip", str(path), "--model", model.source, "--backbone", TINY, "--out", str(out), "--tissue", "all"]
    assert main.run([*arguments, "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert sorted(p.name for p in out.iterdir()) == sorted(FILES)
    assert 0 < record["seen"]["variance_explained_by_mean_color"] <= 1
    assert main.run(arguments) == 0
    said = capsys.readouterr().out
    assert "20 tiles of 224 px, in order: row." in said
    assert "of the variance of the tiles' tokens." in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["strip", "missing.svs", "--model", "uni", "--out", "{tmp}/o"], "missing.svs was not found."),
        (["strip", "{slide}", "--model", "uni", "--out", "{slide}"], "a file is in the way where a folder is needed."),
        (
            ["strip", "{slide}", "--model", "uni", "--out", "{tmp}/o", "--tokens-per-tile", "100"],
            "Tokens a tile is 100, but must be between 0.001 and 4.",
        ),
    ],
)
def test_bad_input_is_a_sentence(arguments, message, tmp_path, capsys):
    slide = write_slide(tmp_path, columns=2, rows=2)
    assert main.run([a.format(slide=slide, tmp=tmp_path) for a in arguments]) == 2
    assert message in capsys.readouterr().err
