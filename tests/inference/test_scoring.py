"""Many slides by one model: rows, failures, resuming, several processes."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from e2evit_model.cli import main
from e2evit_model.convert.settings import Precision
from e2evit_model.errors import Cancelled, OptionError
from e2evit_model.inference import scoring
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.scoring import check_table_path, risk_table, score_slides
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from tests.inference.models import write_tiny_risk_model
from tests.slide_files import tissue_like, write_pyramid

SETTINGS = AnalysisSettings(tissue="all", precision=Precision.FP32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_tiny_risk_model(tmp_path / "model")
    for number in range(3):
        write_pyramid(
            tmp_path / "slides" / f"=case{number}.tiff", tissue_like(300, 500, seed=number), mpp=0.5, levels=1
        )
    (tmp_path / "slides" / "broken.svs").write_bytes(b"")
    return tmp_path


@pytest.fixture
def named(folder: Path) -> list[tuple[str, Path]]:
    return [(path.stem, path) for path in sorted((folder / "slides").iterdir())]


@pytest.fixture(autouse=True)
def slides_folder(tmp_path: Path) -> None:
    (tmp_path / "slides").mkdir(exist_ok=True)


def test_rows_equal_one_analysis_each_and_failures_are_listed(folder: Path, named) -> None:
    choice = ModelChoice(source=str(folder / "model"))
    rows, failures = score_slides(named, SETTINGS, choice)
    assert [row.slide_id for row in rows] == ["=case0", "=case1", "=case2"]
    assert [(f.slide_id, f.reason) for f in failures] == [("broken", "broken.svs is empty (0 bytes).")]
    alone = analyze_slide(folder / "slides" / "=case1.tiff", SETTINGS, choice)
    assert alone.risk is not None
    assert rows[1].risk == alone.risk.risk
    assert rows[1].n_tiles == len(alone.grid)


def test_a_stopped_call_goes_on_where_it_was(folder: Path, named, monkeypatch: pytest.MonkeyPatch) -> None:
    choice = ModelChoice(source=str(folder / "model"))
    analyzed: list[str] = []
    real = scoring.analyze_slide

    def noted(path, *arguments, **others):
        analyzed.append(Path(path).stem)
        return real(path, *arguments, **others)

    monkeypatch.setattr(scoring, "analyze_slide", noted)

    def stop(step: str, done: int, total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        score_slides(named, SETTINGS, choice, progress=stop)
    assert analyzed == ["=case0", "=case1"]
    rows, _ = score_slides(named, SETTINGS, choice)
    assert analyzed == ["=case0", "=case1", "=case2", "broken"]
    assert [row.slide_id for row in rows] == ["=case0", "=case1", "=case2"]


def test_another_model_under_the_same_name_is_run_again(folder: Path, named) -> None:
    choice = ModelChoice(source=str(folder / "model"))
    before, _ = score_slides(named[:1], SETTINGS, choice)
    write_tiny_risk_model(folder / "model", members=2, fine_tuned=True)
    after, _ = score_slides(named[:1], SETTINGS, choice)
    assert len(before[0].member_risks) == 1
    assert len(after[0].member_risks) == 2


def test_several_processes_give_the_same_rows(folder: Path, named, own_cache: Path, tmp_path, monkeypatch) -> None:
    choice = ModelChoice(source=str(folder / "model"))
    alone, _ = score_slides(named, SETTINGS, choice)
    monkeypatch.setenv("E2EVIT_CACHE", str(tmp_path / "another cache"))
    together, failures = score_slides(named, SETTINGS, choice, workers=2)
    assert [row.slide_id for row in together] == [row.slide_id for row in alone]
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_allclose(one.survival, other.survival, atol=1e-6)
    assert len(failures) == 1


def test_tables_name_what_made_them_and_run_no_formula(folder: Path, named) -> None:
    rows, _ = score_slides(named, SETTINGS, ModelChoice(source=str(folder / "model")))
    risks = risk_table(rows)
    assert list(risks["slide_id"]) == ["'=case0", "'=case1", "'=case2"]
    assert list(risks.columns[1:8]) == ["risk", "percentile", "group", "fingerprint", "mpp", "model_sha256", "n_tiles"]
    assert list(risks.columns[-4:]) == ["S_365_days", "S_730_days", "S_1095_days", "S_end"]
    assert ((risks[risks.columns[-4:]].diff(axis=1).iloc[:, 1:]) <= 0).all(axis=None)


def test_predict_writes_what_worked_and_says_what_did_not(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [
        "predict",
        str(folder / "slides"),
        "--model",
        str(folder / "model"),
        "--tissue",
        "all",
        "--precision",
        "fp32",
    ]
    assert main.run([*arguments, "--out", str(folder / "r.parquet")]) == 2
    err = capsys.readouterr().err
    assert "Failed     broken: broken.svs is empty (0 bytes)." in err
    assert "1 of 4 slides could not be used." in err
    assert len(pd.read_parquet(folder / "r.parquet")) == 3
    (folder / "slides" / "broken.svs").unlink()
    assert main.run([*arguments, "--out", str(folder / "r.csv")]) == 0
    risks = pd.read_csv(folder / "r.csv")
    assert risks["risk"].between(-4, 0).all()
    assert risks["percentile"].between(0, 100).all()


def test_predicting_without_a_risk_model_is_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["predict", str(folder / "slides"), "--model", "uni", "--out", str(folder / "r.csv")]) == 2
    assert "uni is not a risk model: model.json is missing." in capsys.readouterr().err


def test_a_table_of_another_kind_is_refused() -> None:
    with pytest.raises(OptionError) as caught:
        check_table_path(Path("out.xlsx"))
    assert caught.value.message == "out.xlsx is neither a .csv nor a .parquet file."
