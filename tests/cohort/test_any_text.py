"""Whatever a file holds, the answer is a sentence or a check, never another error."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from e2evit_model.cohort.check import check_cohort
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.cohort.fold_making import make_folds
from e2evit_model.errors import E2EViTError
from tests.cohort.tables import make_cohort

WORDS = (
    "case_id slide_id OS_days OS_event OS time status censorship survival_months t e site age fold_0 fold_1 train val x"
)
NAMES = st.sampled_from([*WORDS.split(), "vital_status", "days_to_death", "days_to_last_follow_up", ""])
TOKENS = "A B 1 0 2 -1 3.5 1,5 NA dead alive train test '-- # =1"
CELLS = st.sampled_from([*TOKENS.split(" "), '"', ""]) | st.text(max_size=4)


@st.composite
def tables(draw):
    columns = draw(st.lists(NAMES, min_size=1, max_size=7))
    rows = draw(st.lists(st.lists(CELLS, min_size=max(len(columns) - 1, 1), max_size=len(columns)), max_size=8))
    delimiter = draw(st.sampled_from([",", ";", "\t"]))
    return "\n".join(delimiter.join(row) for row in [columns, *rows])


def sentence_or(call):
    """Return what a call gives, or None when it answers with a sentence; any other error goes through."""
    try:
        return call()
    except E2EViTError as error:
        told = error
    assert told.message.endswith(".")
    assert told.hint
    return None


QUICK = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


@settings(max_examples=200, **QUICK)
@given(text=tables())
def test_any_table(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("utf-8", errors="replace"))
    check = sentence_or(lambda: check_cohort(path))
    if check is None:
        return
    json.dumps(check.to_record(), allow_nan=False)
    assert check.flow.steps[-1].count == len(check.cohort)
    if check.usable:
        assert 0 < check.cohort.events < len(check.cohort)
        sentence_or(lambda: make_folds(check.cohort, k=2))


@settings(max_examples=100, **QUICK)
@given(text=tables())
def test_any_folds(tmp_path, text):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode("utf-8", errors="replace"))
    cohort = make_cohort(8)
    accepted = sentence_or(lambda: import_folds(path, cohort).accept(cohort))
    assert accepted is None or set(accepted.patient_ids) <= set(cohort.patient_ids)


@settings(max_examples=100, **QUICK)
@given(content=st.binary(max_size=200), suffix=st.sampled_from([".csv", ".zip", ".xlsx", ".txt", ".csv.zip"]))
def test_any_bytes(tmp_path, content, suffix):
    path = tmp_path / f"t{suffix}"
    path.write_bytes(content)
    sentence_or(lambda: check_cohort(path))
