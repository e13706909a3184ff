"""The clean table: exact, safe in a spreadsheet, read back."""

import csv

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.cohort.export import export_cohort, read_exported
from e2evit_model.errors import CohortError
from e2evit_model.spreadsheet import plain_cell, safe_cell
from tests.cohort.tables import make_cohort


@given(st.text(max_size=8) | st.sampled_from(["=x", "'=x", "''=x", "'x", "'", "-", "'-'", "\t=", "'--"]))
def test_cells_come_back_and_never_begin_like_a_formula(text):
    assert plain_cell(safe_cell(text)) == text
    assert safe_cell(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"}


def test_a_cohort_comes_back_bit_by_bit(tmp_path):
    cohort = Cohort(
        name="c",
        endpoint="DSS",
        patient_ids=("=cmd|' /C calc'!A0", "B", 'has, "both"'),
        time_days=np.array([1 / 3, 30.4375 * 7, 0.0]),
        event=np.array([True, False, True]),
        slides=(
            CohortSlide(slide_id="@s1", patient_id="=cmd|' /C calc'!A0"),
            CohortSlide(slide_id="s2", patient_id="=cmd|' /C calc'!A0"),
            CohortSlide(slide_id="s3", patient_id='has, "both"'),
        ),
        covariates=pd.DataFrame({"age": ["60", "-1", ""]}, index=["=cmd|' /C calc'!A0", "B", 'has, "both"']),
        groups=("x", "", "-y"),
    )
    export_cohort(cohort, tmp_path / "c.csv")
    with (tmp_path / "c.csv").open(newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not any(cell[:1] in tuple("=+-@") for cell in cells)
    read = read_exported(tmp_path / "c.csv", endpoint="DSS")
    assert read.patient_ids == cohort.patient_ids
    assert read.time_days.tobytes() == cohort.time_days.tobytes()
    assert read.event.tolist() == cohort.event.tolist()
    assert read.slides == cohort.slides
    assert read.groups == cohort.groups
    assert read.covariates["age"].tolist() == ["60", "-1", ""]
    assert (read.name, read.endpoint) == ("c", "DSS")


def test_a_plain_cohort(tmp_path):
    cohort = make_cohort(10)
    export_cohort(cohort, tmp_path / "c.csv")
    read = read_exported(tmp_path / "c.csv")
    assert read.slides == cohort.slides
    assert read.groups == ()
    assert len(read.covariates.columns) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "c.csv is not the clean table of a cohort."),
        ("patient_id,slide_id,time_days,event\nA,s,1,1\nA,t,2,1\n", "c.csv is damaged in line 3."),
        ("patient_id,slide_id,time_days,event\nA,s,x,1\n", "c.csv is damaged in line 2."),
        ("patient_id,slide_id,time_days,event\nA,s,1,2\n", "c.csv is damaged in line 2."),
        ("patient_id,slide_id,time_days,event\nA,s,nan,1\n", "c.csv is damaged in line 2."),
    ],
)
def test_what_is_no_clean_table(tmp_path, text, message):
    (tmp_path / "c.csv").write_text(text)
    with pytest.raises(CohortError) as caught:
        read_exported(tmp_path / "c.csv")
    assert caught.value.message == message
