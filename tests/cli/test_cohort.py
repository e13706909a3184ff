"""The commands on clinical tables."""

import json
from pathlib import Path

import pandas as pd
import pytest

from e2evit_model.cli import main


@pytest.fixture
def table(tmp_path: Path) -> Path:
    rows = [f"P{i:02d},P{i:02d}-{s},{100 + 7 * i},{i % 2}" for i in range(20) for s in ("A", "B")]
    path = tmp_path / "table.csv"
    path.write_text("case_id,slide_id,OS_days,OS_event\n" + "\n".join(rows) + "\n")
    return path


def test_check_counts_patients_events_and_slides(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["cohort", "check", str(table), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert (record["patients"], record["events"], record["slides"]) == (20, 10, 40)
    assert record["mapping"]["event"] == "OS_event"
    assert record["problems"] == []
    assert {"flow", "warnings"} <= record.keys()


def test_check_for_a_person_names_the_columns_and_the_flow(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["cohort", "check", str(table)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("20 patients, 10 with the event, 40 slides\n")
    assert "time            OS_days" in out
    assert "In the table: 40 rows" in out


def test_a_faulty_table_is_exit_code_2_with_line_and_column(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table.write_text(table.read_text().replace("P03,P03-A,121,1", "P03,P03-A,soon,1"))
    assert main.run(["cohort", "check", str(table)]) == 2
    assert 'Line 8, column "OS_days":' in capsys.readouterr().out


def test_export_is_the_clean_table(table: Path, tmp_path: Path) -> None:
    out = tmp_path / "clean.csv"
    assert main.run(["cohort", "export", str(table), "--out", str(out)]) == 0
    clean = pd.read_csv(out)
    assert list(clean.columns) == ["patient_id", "slide_id", "time_days", "event"]
    assert len(clean) == 40


def test_folds_test_every_patient_once(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "folds.csv"
    assert main.run(["cohort", "folds", str(table), "--out", str(out), "--k", "5", "--seed", "3"]) == 0
    folds = pd.read_csv(out)
    assert (folds.filter(like="fold_").eq("test").sum(axis=1) == 1).all()
    again = tmp_path / "again.csv"
    assert main.run(["cohort", "folds", str(table), "--out", str(again), "--import", str(out)]) == 0
    assert again.read_text() == out.read_text()


def test_a_mapping_by_hand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "own.csv"
    path.write_text("who,how_long,dead\n" + "\n".join(f"a{i},{i + 1},{i % 2}" for i in range(10)) + "\n")
    arguments = ["cohort", "check", str(path), "--json"]
    for pair in ("patient=who", "time=how_long", "event=dead", "time_unit=months"):
        arguments += ["--map", pair]
    assert main.run(arguments) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["mapping"]["time_unit"] == "months"
    assert (record["patients"], record["events"]) == (10, 5)


def test_a_mapping_of_a_wrong_form(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["cohort", "check", str(table), "--map", "time"]) == 2
    assert '"time" is not of the form ROLE=COLUMN.' in capsys.readouterr().err
