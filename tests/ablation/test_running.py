"""An ablation on a small cohort: shared folds, rows that failed, going on, table and figure."""

import csv

import pytest

from e2evit_model.ablation import running
from e2evit_model.ablation.axes import combine, parse_axis
from e2evit_model.ablation.running import run_ablation
from e2evit_model.ablation.table import write_ablation
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.errors import Cancelled, TrainingError
from e2evit_model.runs.ablation_folder import AblationFolder
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_tables import read_predictions
from tests.training.material import five_folds, tiny_config

LINEAR = {"method": "linear-nll", "standardise": True, "epochs": 8, "learning_rate": 1e-2}


def variants_of(weights, *texts, **changes):
    return combine(tiny_config(weights, **(LINEAR | changes)), [parse_axis(text) for text in texts])


def ablate(small, variants, folder, **told):
    cohort, folds, strips = small
    return run_ablation(cohort, folds, variants, folder, strips=strips, **told)


def test_all_variants_share_the_folds_and_one_that_cannot_be_says_why(small, weights, tmp_path):
    variants = variants_of(weights, "positions=alibi,none", "ratio=1,100")
    trained = ablate(small, variants, tmp_path / "a")
    rows = write_ablation(trained, tmp_path / "a", folds=2)
    files = AblationFolder(tmp_path / "a")
    assert [row.reason for row in rows] == ["", "Tokens a tile is 100, but must be between 0.001 and 4."] * 2
    for one in trained:
        if one.run is not None:
            assert import_folds(one.run.folds, small[0]).folds == small[1]
            assert {row.patient_id for row in read_predictions(one.run.predictions)} == set(small[0].patient_ids)
    with files.table.open() as file:
        table = list(csv.DictReader(file))
    assert [(row["positions"], row["ratio"]) for row in table] == [
        ("alibi", "1"),
        ("alibi", "100"),
        ("none", "1"),
        ("none", "100"),
    ]
    found = rows[2]
    assert float(table[2]["c_index"]) == pytest.approx(found.c.mean.value, abs=1e-4)
    assert float(table[2]["difference"]) == pytest.approx(found.c.mean.value - rows[0].c.mean.value, abs=2e-4)
    assert found.difference.low <= found.difference.value <= found.difference.high
    assert table[1]["c_index"] == ""
    svg = files.figure.read_text()
    assert svg.count("positions alibi, ratio 1") == 1
    assert "ratio 100" not in svg


def test_a_stopped_ablation_goes_on_and_leaves_alone_what_is_done(small, weights, tmp_path, monkeypatch):
    variants = variants_of(weights, "positions=alibi,none")

    def stop(step, done, total):
        if step.startswith("Run 2 of 2"):
            raise Cancelled

    with pytest.raises(Cancelled):
        ablate(small, variants, tmp_path / "a", progress=stop)
    steps = []
    trained = ablate(small, variants, tmp_path / "a", progress=lambda step, done, total: steps.append(step))
    assert all(one.run is not None for one in trained)
    assert steps
    assert not any(step.startswith("Run 1 of 2") for step in steps)

    def nothing_left(*given, **told):
        raise AssertionError("all is done")

    monkeypatch.setattr(running, "cross_validate", nothing_left)
    assert [one.reason for one in ablate(small, variants, tmp_path / "a")] == ["", ""]


def test_a_variant_that_fails_does_not_stop_the_others(small, weights, tmp_path, monkeypatch):
    variants = variants_of(weights, "positions=alibi,none")
    real = running.cross_validate

    def fails_once(cohort, folds, config, *given, **told):
        if config.conversion.positions == "alibi":
            raise TrainingError("Fold 0 failed: no memory.", hint="Save memory.")
        return real(cohort, folds, config, *given, **told)

    monkeypatch.setattr(running, "cross_validate", fails_once)
    trained = ablate(small, variants, tmp_path / "a")
    assert [one.reason for one in trained] == ["Fold 0 failed: no memory.", ""]
    rows = write_ablation(trained, tmp_path / "a", folds=2)
    assert rows[1].difference is None  # the first that was trained is what others are compared with


def test_a_folder_of_another_ablation_or_of_something_else_is_refused(small, weights, tmp_path):
    cohort, _, strips = small
    variants = variants_of(weights, "positions=alibi")
    ablate(small, variants, tmp_path / "a")
    with pytest.raises(RunError, match=r"^a holds another ablation already\.$"):
        ablate(small, variants_of(weights, "positions=none"), tmp_path / "a")
    with pytest.raises(RunError, match=r"^a was begun with other folds\.$"):
        run_ablation(cohort, five_folds(cohort, count=2, seed=9), variants, tmp_path / "a", strips=strips)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "notes.txt").touch()
    with pytest.raises(RunError, match=r"^b already holds something that is not an ablation\.$"):
        ablate(small, variants, tmp_path / "b")
