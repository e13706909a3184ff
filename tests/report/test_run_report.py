"""The report of a run: its numbers, its reasons, escaping, files; what stops it is a sentence."""

import json
import re

import pytest

from e2evit_model.report.run_canvas import THEME_COLORS
from e2evit_model.report.run_material import read_finished
from e2evit_model.report.run_methods import without_folders
from e2evit_model.report.run_report import write_report
from e2evit_model.runs.run_tables import read_predictions
from tests.report.runs import Page, change_json, copy_of, shown

EVIL = '<img src=x onerror="alert(1)"><script>alert(2)</script> & $x^2$ \\1 ${style}'


@pytest.fixture(scope="module")
def written(finished, tmp_path_factory):
    """The finished run with its report: the folder, the page and its text, the metrics."""
    run = copy_of(finished, tmp_path_factory.mktemp("written"))
    path = write_report(run.path)
    assert path == run.report
    text = path.read_text(encoding="utf-8")
    return run, text, Page(text), json.loads(run.metrics.read_text())


def three(value):
    return "not estimable" if value is None else f"{value:.3f}"


def rewritten(finished, tmp_path, change):
    """The page of a run whose metrics were changed."""
    run = copy_of(finished, tmp_path)
    change_json(run.metrics, change)
    return shown(run)


def test_numbers_of_the_page_are_those_of_the_metrics(written):
    _, _, page, metrics = written
    c, slides, uno, brier = (metrics[n] for n in ("harrell_c", "harrell_c_slides", "uno_c", "integrated_brier"))
    rows = page.table("Fold", "Patients", "Events", "Harrell's C", "Uno's C", "Harrell's C, slides", "Integrated Brier")
    for fold, row in enumerate(rows[:-1]):
        figures = [c["folds"][fold], uno["folds"][fold], slides["folds"][fold], brier["folds"][fold]]
        assert row == [
            str(fold),
            *(str(figures[0][n]) for n in ("patients", "events")),
            *(three(f["value"]) for f in figures),
        ]
    means = [(c["mean"]["value"], c["sd"]), *((f["mean"], f["sd"]) for f in (uno, slides, brier))]
    assert rows[-1][3:] == [three(mean) if sd is None else f"{three(mean)} ± {three(sd)}" for mean, sd in means]
    assert [int(rows[-1][1]), int(rows[-1][2])] == [metrics["patients"], metrics["events"]]

    interval = f"({three(c['mean']['low'])} to {three(c['mean']['high'])})"
    assert f"C-index, patients {three(c['mean']['value'])} {interval} 95 % by bootstrap over patients" in page.text
    assert f"No-signal range {three(c['no_signal'][0])} to {three(c['no_signal'][1])}" in page.text
    groups = metrics["groups"]
    for row, name in zip(page.table("Group", "Patients", "Events"), ("low", "high"), strict=True):
        assert row[:3] == [f"{name} risk", str(groups[name]["patients"]), str(groups[name]["events"])]
    clinical = metrics["clinical"]["harrell_c"]["mean"]
    row = page.table("", "C-index (95 % interval)")[1]
    assert row[:2] == [
        "Clinical: age and grade",
        f"{three(clinical['value'])} ({three(clinical['low'])} to {three(clinical['high'])})",
    ]
    added = metrics["clinical"]["added_by_model"]
    assert f"likelihood ratio {three(added['likelihood_ratio'])}" in page.text


def test_auc_of_every_day_stands_in_a_table(written):
    _, _, page, metrics = written
    assert metrics["auc"], "the cohort must be followed for a year"
    rows = page.table("Fold", "Patients", "Events", "AUC at 1 year")
    for column, auc in enumerate(metrics["auc"], start=3):
        said = [three(f["value"]) for f in auc["folds"]]
        assert [row[column] for row in rows[:-1]] == said


def test_flow_composition_and_numbers_at_risk_are_counted_from_the_tables(written):
    run, text, page, _ = written
    assert re.findall(r">(\d+ (?:rows|patients)|30 patients, \d+ events, 35 slides)</text>", text)[:5] == [
        "40 rows",
        "37 patients",
        "32 patients",
        "30 patients",
        f"30 patients, {sum(r.event for r in read_predictions(run.predictions) if not r.slide_id)} events, 35 slides",
    ]
    assert "5 patients without a time: left out." not in page.text, "said by the flow already"
    assert "4 slides in the folder have no row in the table." in page.text
    lines = [line.split(",") for line in run.folds.read_text().splitlines()]
    for fold, row in enumerate(page.table("Fold", "Training", "Validation", "Test")):
        parts = [line[fold + 1] for line in lines[1:]]
        assert [int(cell.split(" / ")[0]) for cell in row[1:]] == [parts.count(p) for p in ("train", "val", "test")]
    low = [r.time_days for r in read_predictions(run.predictions) if not r.slide_id and r.risk_group == "low"]
    drawn = (run.figures / "kaplan_meier.svg").read_text()
    ticks = [float(t) for t in re.findall(r">(\d+(?:\.\d)?)</text>", drawn[: drawn.index("Time (years)")])]
    counts = [str(sum(t >= tick * 365.25 for t in low)) for tick in ticks]
    said = re.findall(r">([^<>]+)</text>", drawn[drawn.index(">At risk<") :])
    assert said[said.index("low risk") + 1 : said.index("high risk")] == counts


def test_every_reason_why_something_is_not_estimable_is_told(finished, tmp_path):
    reasons = []

    def none(estimate):
        reasons.append(f"reason number {len(reasons)}.")
        estimate |= {"value": None, "low": None, "high": None, "reason": reasons[-1].rstrip(".")}

    def change(metrics):
        for name in ("harrell_c", "harrell_c_slides", "uno_c", "integrated_brier"):
            none(metrics[name]["folds"][0])
        for auc in metrics["auc"]:
            none(auc["folds"][1])
        none(metrics["groups"]["log_rank"])
        metrics["calibration"] = {"day": 1.0, "points": [], "reason": "reason of calibration"}
        metrics["clinical"] = {"reason": "No clinical column can be used.", "harrell_c": None, "added_by_model": None}

    page = rewritten(finished, tmp_path, change)
    for reason in reasons:
        assert reason in page.text
    assert "Calibration is not estimable: reason of calibration." in page.text
    assert "The clinical baseline is not estimable: No clinical column can be used." in page.text
    assert "log-rank p is not estimable" in page.text.replace("Log", "log")


def test_a_run_of_which_nothing_can_be_estimated_has_a_report(finished, tmp_path):
    def change(metrics):
        nothing = {"value": None, "low": None, "high": None, "reason": "fewer than 2 events"}
        for fold in metrics["harrell_c"]["folds"]:
            fold.update(nothing)
        metrics["harrell_c"]["mean"] |= {**nothing, "reason": "no fold can be estimated"}
        metrics["harrell_c"] |= {"sd": None, "no_signal": None, "p": None}
        for name in ("harrell_c_slides", "uno_c", "integrated_brier"):
            metrics[name] |= {"mean": None, "sd": None, "reason": "no fold can be estimated"}
            for fold in metrics[name]["folds"]:
                fold.update(nothing)
        metrics["auc"] = []
        metrics["groups"]["high"] = None
        metrics["clinical"] = None

    page = rewritten(finished, tmp_path, change)
    assert "Whether there is a signal is not estimable: no fold can be estimated." in page.text
    assert "C-index, patients not estimable no fold can be estimated" in page.text
    assert (
        "Harrell's C, Uno's C, Harrell's C, slides and Integrated Brier are not estimable in folds 0 and 1: "
        in page.text
    )
    assert "The table has no clinical columns" in page.text
    assert "C-index, patients 0" not in page.text


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0.7, "The model orders these patients better than chance: the C-index of 0.700 lies above"),
        (0.5, "No signal was found: the C-index of 0.500 lies inside"),
        (0.2, "The model orders these patients worse than chance: the C-index of 0.200 lies below"),
    ],
)
def test_the_answer_in_short_follows_the_no_signal_range(value, said, finished, tmp_path):
    def change(metrics):
        metrics["harrell_c"]["mean"]["value"] = value
        metrics["harrell_c"]["no_signal"] = [0.4, 0.6]

    page = rewritten(finished, tmp_path, change)
    assert said in page.text
    assert "the range of 0.400 to 0.600 that risks dealt to the same patients at random reach" in page.text


def test_nothing_in_a_name_or_a_reason_can_run(finished, tmp_path, no_pdf):
    run = copy_of(finished, tmp_path)
    change_json(run.run, lambda record: record.update(cohort=EVIL, endpoint=EVIL, command=f"e2evit {EVIL!r}"))
    change_json(run.cohort_report, lambda record: record["flow"][1].update(left_out={EVIL: 3, "$y^2$": 1}, step=EVIL))
    change_json(run.cohort_report, lambda record: record.update(warnings=[EVIL], convention=EVIL))
    change_json(run.metrics, lambda m: m["uno_c"]["folds"][0].update(value=None, reason=EVIL))
    change_json(run.metrics, lambda m: m["clinical"]["added_by_model"].update(columns=[EVIL], left_out={EVIL: EVIL}))
    change_json(run.model / "model.json", lambda card: card.update(licence=EVIL, demonstration=EVIL))
    text = write_report(run.path).read_text(encoding="utf-8")
    page = Page(text)
    assert not {"script", "img", "iframe", "object", "link"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert page.text.count("<script>alert(2)</script>") > 8, "it is shown as text"
    assert page.text.count("$x^2$ \\1 ${style}") > 8
    assert "default-src 'none'" in text
    for drawn in run.figures.glob("*.svg"):
        assert "<script" not in drawn.read_text()
    told = re.sub("<!--.*?-->", "", (run.figures / "flow.svg").read_text(), flags=re.DOTALL)
    assert "1 $y^2$" in told, "a dollar sign is no formula"


def test_the_page_opens_offline_and_all_its_links_lead_into_it(written):
    _, text, page, _ = written
    assert "http:" not in text
    assert "https:" not in text
    assert not [value for name, value in page.attributes if name in {"src", "srcset", "action", "data"}]
    assert "@import" not in text
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids)), "ids of figures must not meet"
    links = [value for name, value in page.attributes if name == "href"]
    links += re.findall(r"url\(([^)]*)\)", text)
    assert len(links) > 20
    assert {link.removeprefix("#") for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)


def test_colors_of_figures_follow_the_page_and_stand_in_the_files(written):
    run, text, _, _ = written
    inside = re.findall(r"<svg .*?</svg>", text, flags=re.DOTALL)
    assert len(inside) == len(list(run.figures.glob("*.svg"))) == 5
    for svg in inside:
        assert not set(re.findall(r"#[0-9a-f]{6}\b", " ".join(re.findall(r'style="[^"]*"', svg))))
        assert "var(--ink)" in svg
    names = {*re.findall(r"var\(--([a-z-]+)\)", text)}
    for block in re.findall(r":root \{(.*?)\}", text, flags=re.DOTALL):
        assert names <= set(re.findall(r"--([a-z-]+):", block)), "light, dark and print have every color"
    assert set(THEME_COLORS.values()) <= names
    assert "var(" not in (run.figures / "c_index.svg").read_text()


def test_nothing_that_is_written_says_where_files_lie_or_who_the_patients_are(written):
    run, text, page, _ = written
    command = page.value("Command")
    assert command == "e2evit train 'secret table.csv' --slides slides --out=runs"
    written_texts = [text, *(path.read_text() for path in run.figures.glob("*.svg"))]
    material = read_finished(run)
    names = {*material.cohort.patient_ids, *(slide.slide_id for slide in material.cohort.slides), "P-SECRET"}
    for told in written_texts:
        assert not [name for name in names if name in told]
        assert "/home" not in told
        assert str(run.path.parent) not in told


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("e2evit train /a/b/c.csv", "e2evit train c.csv"),
        ("e2evit train '/home/Ann Smith/my table.csv'", "e2evit train 'my table.csv'"),
        (r"e2evit train C:\Users\ann\t.csv --out=D:\runs" + "\\", "e2evit train t.csv --out=runs"),
        (r"e2evit train '\\server\share\t.csv'", "e2evit train t.csv"),
        ("e2evit train /home/ann's/t.csv", ""),
        ("", ""),
    ],
)
def test_a_command_loses_its_folders(command, said):
    assert without_folders(command) == said


def test_what_was_done_is_told(written):
    run, _, page, _ = written
    assert page.value("Licence of the backbone") == "Apache-2.0"
    assert ["Method", "linear-nll", "fine-tune"] in page.table("Training", "This run", "Default")
    assert ["Time bins", "4", ""] in page.table("Training", "This run", "Default")
    hashes = dict(page.table("File", "SHA-256"))
    material = read_finished(run)
    assert hashes["Model of fold 1"] == material.fold_material[1].model_sha256
    assert hashes["model/heads.safetensors"] == material.card.files["heads.safetensors"]
    assert hashes["Clinical table"] == "ab" * 32
    assert "Attention is not explanation." in page.text
    assert page.text.count("Research use only") >= 3
    numbers = [
        row[0] for table in page.tables for row in table[1:] if len(row) == 4 and table[0][2:] == ["Status", "Answer"]
    ]
    assert len(numbers) == len(set(numbers)) == 52
    assert {re.sub("[a-g]", "", number) for number in numbers} == {str(n) for n in range(1, 28)}


def test_a_cox_run_shows_how_its_penalty_was_chosen(finished_cox, tmp_path, no_pdf):
    run = copy_of(finished_cox, tmp_path)
    page = Page(write_report(run.path).read_text(encoding="utf-8"))
    assert sorted(path.stem for path in run.figures.glob("*.svg")) == [
        "auc",
        "c_index",
        "flow",
        "kaplan_meier",
        "penalties",
    ]
    chosen = [json.loads(run.fold(k).bins.read_text())["details"]["penalty"] for k in range(2)]
    assert [row[1] for row in page.table("Fold", "Chosen")] == [f"penalty {penalty:.3g}" for penalty in chosen]
    assert "a Cox model with a ridge penalty was fitted" in page.text
    assert "The risk model of this run holds weights under" not in page.text, "its backbone was left out"


def test_the_same_run_gives_the_same_figures(written, no_pdf):
    run, _, _, _ = written
    before = {path.name: path.read_bytes() for path in run.figures.iterdir()}
    write_report(run.path)
    assert {path.name: path.read_bytes() for path in run.figures.iterdir()} == before
