"""Risks and epochs as tables."""

import math

import pytest

from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_tables import PredictionRow, read_epochs, read_predictions, write_epochs, write_predictions

ROWS = [
    PredictionRow(
        patient_id="=1+1",
        slide_id="-s",
        fold=0,
        risk=-1 / 3,
        survival=(0.9, 0.1 + 0.2),
        time_days=30.4375 * 7,
        event=True,
        risk_group="high",
    ),
    PredictionRow(patient_id="B", slide_id="", fold=4, risk=2.0, survival=(0.5,), time_days=0.0, event=False),
]


def test_risks_come_back_bit_by_bit_and_are_no_formulas(tmp_path):
    write_predictions(tmp_path / "p.csv", ROWS)
    lines = (tmp_path / "p.csv").read_text().splitlines()
    assert lines[0] == "patient_id,slide_id,fold,risk,S_1,S_2,time_days,event,risk_group"
    assert lines[1].startswith("'=1+1,'-s,0,")
    assert read_predictions(tmp_path / "p.csv") == ROWS
    write_predictions(tmp_path / "p.csv", [])
    assert read_predictions(tmp_path / "p.csv") == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "p.csv is damaged: it is not a table of risks."),
        ("a,b\n", "p.csv is damaged: it is not a table of risks."),
        ("patient_id,slide_id,fold,risk,time_days,event,risk_group\nA,s,0,1.0\n", "p.csv is damaged in line 2."),
        ("patient_id,slide_id,fold,risk,time_days,event,risk_group\nA,s,0,x,1,1,\n", "p.csv is damaged in line 2."),
    ],
)
def test_damaged_risks(tmp_path, text, message):
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(RunError) as caught:
        read_predictions(tmp_path / "p.csv")
    assert caught.value.message == message


def test_missing_risks(tmp_path):
    with pytest.raises(RunError, match=r"p\.csv is missing"):
        read_predictions(tmp_path / "p.csv")


def test_epochs_are_kept_and_forgotten_on_resuming(tmp_path):
    rows = [
        {"epoch": 0, "loss": 1.5, "c": None},
        {"epoch": 1, "loss": 1 / 3, "c": 0.5},
        {"epoch": 2, "loss": 0.25, "lr": 1e-4},
    ]
    write_epochs(tmp_path / "log.csv", rows)
    assert (tmp_path / "log.csv").read_text().splitlines()[:2] == ["epoch,loss,c,lr", "0,1.5,,"]
    found = read_epochs(tmp_path / "log.csv")
    assert found == [{"epoch": 0, "loss": 1.5, "c": None, "lr": None}, rows[1] | {"lr": None}, rows[2] | {"c": None}]
    assert [row["epoch"] for row in read_epochs(tmp_path / "log.csv", before=2)] == [0, 1]
    assert read_epochs(tmp_path / "none.csv") == []
    with pytest.raises(ValueError, match="is no figure of an epoch"):
        write_epochs(tmp_path / "log.csv", [{"epoch": 0, "loss": math.nan}])
    assert len(read_epochs(tmp_path / "log.csv")) == 3
    (tmp_path / "log.csv").write_text("epoch,loss\n1\n")
    with pytest.raises(RunError, match=r"log\.csv is damaged: it is not a table of epochs"):
        read_epochs(tmp_path / "log.csv")
