"""Faults of tables: all at once, by line and column; warnings; the flow; what the user leaves out."""

import json

import pytest

from e2evit_model.errors import CohortError
from tests.cohort.tables import check_text, labels

HEAD = "case_id,slide_id,OS_days,OS_event\n"
GOOD = "".join(f"G{i},G{i}-1,{i + 1},{i % 2}\n" for i in range(20))


def problems(check):
    return [str(p) for p in check.problems]


def test_all_faults_at_once_with_line_and_column(tmp_path):
    text = HEAD + (
        "A,A1,10,1\n"  # line 2
        "A,A2,11,1\n"  # another time
        "B,B1,5,0\n"
        "B,B2,5,1\n"  # another event
        "C,C1,-3,0\n"  # negative
        "D,D1,soon,0\n"  # no number
        "E,E1,4,9\n"  # no event
        "F,A1,4,1\n"  # A's slide
        "G,G1\n"  # too short
    )
    check = check_text(tmp_path, text + GOOD.replace("G", "H"))
    assert problems(check) == [
        'Line 3, column "OS_days": The patient has another time in line 2.',
        'Line 5, column "OS_event": The patient has another event in line 4.',
        'Line 6, column "OS_days": The time is negative (-3).',
        'Line 7, column "OS_days": "soon" is not a number.',
        'Line 8, column "OS_event": "9" is neither the event nor a censored time.',
        'Line 9, column "slide_id": The slide belongs to another patient from line 2 on.',
        "Line 10: The row has 2 cells, the header 4.",
    ]
    assert not check.usable
    assert "A" not in check.cohort.patient_ids
    assert check.flow.steps[2].left_out == {"with a problem": 5}
    assert check.flow.steps[3].left_out == {"without a slide": 1}  # F, whose only slide is A's
    with pytest.raises(CohortError) as caught:
        check.accept()
    assert caught.value.message == "table.csv has 7 problems."
    assert caught.value.hint.endswith("(and 2 more)")
    record = json.loads(json.dumps(check.to_record()))
    assert record["problems"][0] == {
        "line": 3,
        "column": "OS_days",
        "message": "The patient has another time in line 2.",
    }


def test_the_user_can_leave_a_faulty_patient_out(tmp_path):
    check = check_text(tmp_path, HEAD + GOOD + "X,X1,-3,0\n", mapping={"excluded": ["X", "G0"]})
    assert check.usable
    assert len(check.accept()) == 19
    assert check.flow.steps[-1].left_out == {"left out by the user": 2}


def test_repeated_rows_are_one_patient_and_an_empty_cell_contradicts_nothing(tmp_path):
    text = HEAD + "A,A1,10,1\nA,A1,10.0,1.0\nA,A2,NA,NA\n" + GOOD
    check = check_text(tmp_path, text)
    assert problems(check) == []
    assert labels(check)["A"] == (10, True)
    assert [s.slide_id for s in check.cohort.slides if s.patient_id == "A"] == ["A1", "A2"]


def test_rows_without_what_is_needed_are_counted_not_hidden(tmp_path):
    text = HEAD + GOOD + "X,X1,NA,1\nY,Y1,5,Unknown\nZ,Z1,NA,0\n,,5,1\n,lonely,5,1\n"
    check = check_text(tmp_path, text)
    assert problems(check) == []
    assert str(check.flow).splitlines() == [
        "In the table: 25 rows",
        "  - 1 without a patient",
        "Patients: 24 patients",
        "  - 1 with the event, but without its day",
        "  - 1 without an event or vital status",
        "  - 1 without a time",
        "With time and event: 21 patients",
        "With slides: 21 patients",
        "Used: 21 patients",
    ]
    assert set(check.warnings) == {
        "1 row without a patient: left out.",
        "1 row without a patient: each slide stands for a patient of its own.",
        "1 patient with the event, but without its day: left out.",
        "1 patient without an event or vital status: left out.",
        "1 patient without a time: left out.",
    }
    assert "lonely" in check.cohort.patient_ids


def test_a_table_that_knows_no_slides_has_no_step_of_slides(tmp_path):
    rows = "".join(f"P{i},{i + 1},{i % 2}\n" for i in range(20))
    check = check_text(tmp_path, "case_id,OS_days,OS_event\n" + rows)
    assert [step.name for step in check.flow.steps] == ["In the table", "Patients", "With time and event", "Used"]


def test_rows_that_are_all_without_a_patient_stop(tmp_path):
    check = check_text(tmp_path, "case_id,OS_days,OS_event\nNA,5,1\n")
    assert problems(check) == ["No patient is left that could be used."]
    assert not check.usable


def test_the_flow_always_adds_up(tmp_path):
    text = HEAD + GOOD + "X,,3,1\nY,Y1,5,Unknown\nZ,Z1,-1,0\n"
    check = check_text(tmp_path, text, mapping={"excluded": ["G3"]})
    counts = [step.count for step in check.flow.steps]
    for before, step in zip(check.flow.steps[1:], check.flow.steps[2:], strict=False):
        assert before.count - sum(step.left_out.values()) == step.count
    assert counts[-1] == len(check.cohort) == 19
    assert check.flow.steps[3].left_out == {"without a slide": 1}


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([0, 0, 0], "All patients are censored: without an event there is nothing to learn."),
        ([1, 1, 1], "All patients have the event: check which column tells the event, and which value means it."),
        ([0, 1, 0], "Only 1 patient has the event: at least 2 in every fold are needed."),
    ],
)
def test_events_that_stop(tmp_path, events, message):
    text = HEAD + "".join(f"P{i},S{i},{i + 5},{event}\n" for i, event in enumerate(events))
    assert problems(check_text(tmp_path, text)) == [message]


def test_no_patient_left(tmp_path):
    assert problems(check_text(tmp_path, HEAD + "A,A1,NA,NA\n")) == ["No patient is left that could be used."]


def test_what_is_odd_is_said(tmp_path):
    few = HEAD + "".join(f"P{i},S{i},{0 if i == 5 else 10},{int(i < 2)}\n" for i in range(40))
    assert check_text(tmp_path, few).warnings == (
        "Only 2 patients have the event: five folds need at least 10.",
        "5 % of the patients have the event: check which value means it.",
        "1 patient with a time of 0.",
        "Many times are equal: 40 patients have 2 different ones.",
    )
    many = HEAD + "".join(f"P{i},S{i},{30000 + i},{int(i > 0)}\n" for i in range(40))
    assert check_text(tmp_path, many).warnings == (
        "98 % of the patients have the event: check which value means it.",
        "The longest time is 82 years: check the unit.",
    )


def test_a_comma_that_may_part_thousands_is_doubted(tmp_path):
    rows = "".join(f"P{i};S{i};{i + 1},{i:03d};{i % 2}\n" for i in range(20))
    check = check_text(tmp_path, HEAD.replace(",", ";") + rows)
    assert check.usable
    assert labels(check)["P7"] == (8.007, True)
    assert check.warnings == (
        (
            '"OS_days" has commas before three digits (1,000): they are read as decimal commas. '
            "If they part thousands, save the table without them."
        ),
    )
    sure = check_text(tmp_path, HEAD.replace(",", ";") + rows + "Z;Z1;3,5;1\n")
    assert sure.warnings == ()


def test_one_column_can_be_patient_and_slide(tmp_path):
    check = check_text(tmp_path, "slide_id,OS_days,OS_event\nA,1,1\nB,2,1\nC,3,0\n", mapping={"patient": "slide_id"})
    assert check.usable
    assert [(s.slide_id, s.patient_id) for s in check.cohort.slides] == [("A", "A"), ("B", "B"), ("C", "C")]


def test_subset_keeps_everything_together(tmp_path):
    text = "case_id,slide_id,OS_days,OS_event,age,site\nA,A1,1,1,50,x\nB,B1,2,0,60,y\nB,B2,2,0,60,y\nC,C1,3,1,70,x\n"
    part = check_text(tmp_path, text).cohort.subset(["C", "B"])
    assert part.patient_ids == ("C", "B")
    assert part.time_days.tolist() == [3, 2]
    assert part.event.tolist() == [True, False]
    assert [s.slide_id for s in part.slides] == ["B1", "B2", "C1"]
    assert part.covariates["age"].tolist() == ["70", "60"]
    assert part.groups == ("x", "y")
    assert part.events == 1
