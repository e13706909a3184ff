"""Small finished runs for the tests of reports, and a reader of pages."""

import json
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pandas as pd

from e2evit_model.report.run_html import page_of
from e2evit_model.report.run_material import read_finished
from e2evit_model.report.run_report import document_of
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.training.cross_validation import cross_validate
from tests.training.material import five_folds, planted, tiny_config, write_tiny_weights

COMMAND = "e2evit train '/home/Ann Smith/secret table.csv' --slides /mnt/hospital/slides --out=/home/ann/runs/"
FLOW = [
    {"step": "In the table", "count": 40, "unit": "rows", "left_out": {}},
    {"step": "Patients", "count": 37, "unit": "patients", "left_out": {"repeat a patient": 3}},
    {"step": "With time and event", "count": 32, "unit": "patients", "left_out": {"without a time": 5}},
    {"step": "With slides", "count": 30, "unit": "patients", "left_out": {"without a slide": 2}},
    {"step": "Used", "count": 30, "unit": "patients", "left_out": {}},
]
CHECKED = {
    "table_sha256": "ab" * 32,
    "convention": "MCAT",
    "mapping": {"patient": "case_id", "time": "survival_months", "event": "censorship", "excluded": ["P-SECRET"]},
    "flow": FLOW,
    "warnings": ["5 patients without a time: left out.", "4 slides in the folder have no row in the table."],
}


def write_run(folder, weights_folder, **changes):
    """Train on thirty patients with age and grade, two folds, and return the run."""
    cohort, strips = planted(30, seed=3, tiles=4)
    random = np.random.default_rng(1)
    clinic = {"age": random.integers(40, 90, 30).astype(str), "grade": random.choice(["G1", "G2", "G3"], 30)}
    index = pd.Index(cohort.patient_ids, name="patient_id", dtype=object)
    cohort = replace(cohort, name="thirty", covariates=pd.DataFrame(clinic, index=index))
    config = {"method": "linear-nll", "standardise": True, "epochs": 6, "learning_rate": 1e-2} | changes
    weights = write_tiny_weights(weights_folder / "tiny.safetensors")
    cross_validate(
        cohort,
        five_folds(cohort, count=2),
        tiny_config(weights, **config),
        folder,
        strips=strips,
        report=CHECKED,
        command=COMMAND,
    )
    return RunFolder(folder)


def copy_of(run, folder):
    """A copy that a test may change."""
    return RunFolder(shutil.copytree(run.path, folder / "copy"))


def change_json(path, change):
    """Change a JSON file by a function of its record."""
    record = json.loads(path.read_text())
    change(record)
    path.write_text(json.dumps(record))
    return record


class Page(HTMLParser):
    """What a browser would find in a page."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.words, self.tables = [], [], [], []
        self._skip = 0
        self.feed(text)
        self.text = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        self._skip += tag == "style"
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append("")
            self._in_cell = True

    def handle_endtag(self, tag):
        self._skip -= tag == "style"
        if tag in {"td", "th"}:
            self._in_cell = False

    _in_cell = False

    def handle_data(self, data):
        if self._skip:
            return
        self.words.append(data)
        if self._in_cell:
            self.tables[-1][-1][-1] += data

    def table(self, *header):
        """The rows below the first table whose header begins so."""
        for table in self.tables:
            if table and tuple(table[0][: len(header)]) == header:
                return table[1:]
        raise AssertionError(f"no table begins with {header}")

    def value(self, name):
        """What stands beside a name in a table of two columns."""
        return next(row[1] for table in self.tables for row in table if len(row) == 2 and row[0] == name)


def shown(run):
    """The page of a run without its figures and files: quickly made."""
    document = document_of(read_finished(run))
    return Page(page_of(document, {picture.name: '<svg viewBox="0 0 1 1"></svg>' for picture in document.pictures}))
