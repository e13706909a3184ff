"""Every convention of survival tables: proposed, read, and the values of its cells."""

import pytest

from e2evit_model.cohort.event_values import is_composite, names_censoring, read_event_values
from e2evit_model.cohort.mapping import ColumnMapping
from e2evit_model.cohort.proposal import propose_mapping
from e2evit_model.cohort.table import read_table
from e2evit_model.cohort.values import TimeUnit, is_missing, parse_number, plain_value
from e2evit_model.errors import CohortError
from tests.cohort.tables import check_text, labels

MONTH = 30.4375
ONE_EVENT = "Only 1 patient has the event: at least 2 in every fold are needed."

CONVENTIONS = {
    "mcat": (
        ",case_id,slide_id,survival_months,censorship\n0,A,A-1.svs,10,0\n1,A,A-2.svs,10,0\n2,B,B-1.svs,20,1\n",
        {"A": (10 * MONTH, True), "B": (20 * MONTH, False)},
        3,
    ),
    "mmp": (
        "case_id,slide_id,os_survival_days,os_censorship,pfi_survival_days,pfi_censorship\nA,A1,100,0,50,0\nB,B1,200,1,60,0\n",
        {"A": (100, True), "B": (200, False)},
        2,
    ),
    "patho-bench": (
        "case_id\tslide_id\tOS_event\tOS_days\tOS\nA\tA1\t1\t5.0\t0\nB\tB1\t0\t6.0\t7\n",
        {"A": (5, True), "B": (6, False)},
        2,
    ),
    "tcga-cdr": (
        "bcr_patient_barcode,OS,OS.time,DSS,DSS.time,PFI,PFI.time\nA,1,5,#N/A,5,0,3\nB,0,6,0,6,0,3\n",
        {"A": (5, True), "B": (6, False)},
        0,
    ),
    "cbioportal": (
        (
            "#Patient\tStatus\tMonths\n#Long\tText\tText\n#STRING\tSTRING\tNUMBER\n#1\t1\t1\n"
            "PATIENT_ID\tOS_STATUS\tOS_MONTHS\nA\t1:DECEASED\t10\nB\t0:LIVING\t20\nC\t[Not Available]\t3\n"
        ),
        {"A": (10 * MONTH, True), "B": (20 * MONTH, False)},
        0,
    ),
    "gdc v1": (
        (
            "case_id\tcase_submitter_id\tvital_status\tdays_to_death\tdays_to_last_follow_up\n"
            "u1\tA\tDead\t10\t'--\nu1\tA\tDead\t10\t'--\nu2\tB\tAlive\t'--\t20\nu3\tC\tNot Reported\t'--\t'--\n"
        ),
        {"A": (10, True), "B": (20, False)},
        0,
    ),
    "gdc v2": (
        (
            "cases.case_id\tcases.submitter_id\tdemographic.vital_status\tdemographic.days_to_death\tdiagnoses.days_to_last_follow_up\n"
            "u1\tA\tDead\t10\t9\nu1\tA\tDead\t10\t3\nu2\tB\tAlive\t'--\t20\nu2\tB\tAlive\t'--\t'--\n"
        ),
        {"A": (10, True), "B": (20, False)},
        0,
    ),
    "pdc": (
        (
            "Case ID,Case Submitter ID,Days to Death,Vital Status,Days to Last Follow Up\n"
            'x,A,10,Dead,10\ny,B, ,Alive,20.00\nz,C," ",Not Reported,0.00\nw,D,,Dead,5\n'
        ),
        {"A": (10, True), "B": (20, False)},
        0,
    ),
    "advmil": (
        "patient_id,pathology_id,t,e\nA,A1,500,1\nB,B1,900,0\n",
        {"A": (500, True), "B": (900, False)},
        2,
    ),
    "r lung": (
        '"id","inst","time","status","ph.ecog"\nA,3,306,2,1\nB,3,1010,1,0\n',
        {"A": (306, True), "B": (1010, False)},
        0,
    ),
    "semicolons and decimal commas": (
        "Patient_ID;Overall Survival Months;Death\nA;1,5;yes\nB;2;no\n",
        {"A": (1.5 * MONTH, True), "B": (2 * MONTH, False)},
        0,
    ),
    "years and a censoring flag in words": (
        "patient,survival_years,censored\nA,2,FALSE\nB,3,TRUE\n",
        {"A": (2 * 365.25, True), "B": (3 * 365.25, False)},
        0,
    ),
}


@pytest.mark.parametrize("name", CONVENTIONS)
def test_every_convention(tmp_path, name):
    text, expected, slides = CONVENTIONS[name]
    check = check_text(tmp_path, text, name="t.txt")
    assert [str(p) for p in check.problems] == [ONE_EVENT]
    assert labels(check) == {p: (round(t, 6), e) for p, (t, e) in expected.items()}
    assert len(check.cohort.slides) == slides


def test_the_other_endpoints_are_offered_and_chosen(tmp_path):
    text = "case_id,survival_months,censorship,survival_months_dss,censorship_dss\nA,10,0,9,1\nB,20,1,19,0\n"
    check = check_text(tmp_path, text, endpoint="dss")
    assert check.proposal.endpoints == ("OS", "DSS")
    assert check.mapping.time == "survival_months_dss"
    assert labels(check) == {"A": (9 * MONTH, False), "B": (19 * MONTH, True)}
    assert "OS is used; the table also has DSS." in check_text(tmp_path, text).warnings
    with pytest.raises(CohortError) as caught:
        check_text(tmp_path, text, endpoint="PFI")
    assert caught.value.message == 'table.csv has no endpoint "PFI".'


def test_a_composite_class_is_never_the_event(tmp_path):
    check = check_text(tmp_path, "case_id,OS_days,OS\n" + "".join(f"P{i},{i},{i % 8}\n" for i in range(1, 20)))
    assert check.mapping.event is None
    assert "No column tells who had the event. Choose it." in [str(p) for p in check.problems]
    assert '"OS" holds classes made of time and event, not an event; it is not used.' in check.warnings


def test_two_columns_that_could_be_the_event(tmp_path):
    text = "patient,days,dead,censored\nA,1,1,0\nB,2,0,1\n"
    check = check_text(tmp_path, text)
    assert [str(p) for p in check.problems] == [
        'Several columns could be the event: "dead" and "censored". Choose one.'
    ]
    chosen = check_text(tmp_path, text, mapping={"event": "censored"})
    assert [str(p) for p in chosen.problems] == [ONE_EVENT]
    assert labels(chosen) == {"A": (1, True), "B": (2, False)}
    assert chosen.proposal.reasons["event"] == "Chosen by the user."


def test_no_usable_column(tmp_path):
    check = check_text(tmp_path, "colour,shape\nred,round\n")
    assert [str(p) for p in check.problems] == [
        "No column names the patient. Choose it; where each slide is a patient, choose the slide's column.",
        "No column tells the time. Choose it.",
        "No column tells who had the event. Choose it.",
    ]
    assert check.to_record()["patients"] == 0


def test_what_the_user_says_stands(tmp_path):
    text = "who,weeks_since,outcome\nA,2,relapse\nB,3,none seen\n"
    given = {
        "patient": "who",
        "time": "weeks_since",
        "event": "outcome",
        "event_values": ["relapse"],
        "censored_values": ["none seen"],
        "endpoint": "RFS",
    }
    check = check_text(tmp_path, text, mapping=given)
    assert [str(p) for p in check.problems] == [ONE_EVENT]
    assert labels(check) == {"A": (14, True), "B": (21, False)}
    assert check.mapping.time_unit is TimeUnit.WEEKS
    assert ColumnMapping.from_record(check.mapping.to_record()) == check.mapping
    with pytest.raises(CohortError, match=r'table\.csv has no column "outcom"'):
        check_text(tmp_path, text, mapping=given | {"event": "outcom"})
    with pytest.raises(CohortError, match='A column cannot be mapped to "evnt"'):
        check_text(tmp_path, text, mapping={"evnt": "outcome"})
    with pytest.raises(CohortError, match='"fortnights" is not a unit of time here'):
        check_text(tmp_path, text, mapping={"time_unit": "fortnights"})


@pytest.mark.parametrize(("longest", "unit"), [(399, TimeUnit.MONTHS), (401, TimeUnit.DAYS)])
def test_an_unsaid_unit_is_guessed_and_said(tmp_path, longest, unit):
    check = check_text(tmp_path, f"patient_id,pathology_id,t,e\nA,A1,1,1\nB,B1,{longest},0\n")
    assert check.mapping.time_unit is unit
    assert any('The unit of "t" is not said' in w for w in check.warnings)
    assert not any(
        "is not said" in w
        for w in check_text(tmp_path, "patient,time,event\nA,1,1\n", mapping={"time_unit": "years"}).warnings
    )


def test_clinical_columns_and_sites_are_kept_apart(tmp_path):
    text = "case_id,OS_days,OS_event,age,Sex,stage,site,grade\nA,1,1,60,m,II,X,G1\nB,2,0,NA,f,III,Y,G1\nC,2,1,70,f,NA,,G1\n"
    cohort = check_text(tmp_path, text).cohort
    assert list(cohort.covariates.columns) == ["age", "Sex", "stage"]
    assert cohort.covariates.loc["B"].tolist() == ["", "f", "III"]
    assert cohort.groups == ("X", "Y", "")


@pytest.mark.parametrize(
    ("column", "cells", "event", "censored"),
    [
        ("OS_event", ["1", "0", "1.0"], ("1",), ("0",)),
        ("censorship", ["1", "0"], ("0",), ("1",)),
        ("uncensored", ["1", "0"], ("1",), ("0",)),
        ("status", ["1", "2", "2"], ("2",), ("1",)),
        ("status", ["1", "1"], ("1",), ("0",)),
        ("dead", ["TRUE", "False"], ("true",), ("false",)),
        ("censored", ["yes", "no"], ("no",), ("yes",)),
        ("DFS_STATUS", ["0:DiseaseFree", "1:Recurred/Progressed"], ("1:recurred/progressed",), ("0:diseasefree",)),
        ("vital_status", ["Alive", "DEAD"], ("dead",), ("alive",)),
        ("event", ["0", "1", "9"], ("1",), ("0",)),
        ("cr_censorship", ["0", "1", "-1"], ("0",), ("1",)),
    ],
)
def test_event_values(column, cells, event, censored):
    reading = read_event_values(column, cells)
    assert (reading.event, reading.censored) == (event, censored)
    assert bool(reading.warning) == (names_censoring(column) or event == ("2",))


def test_an_inverted_flag_is_shown_with_both_counts_and_doubted_when_one_is_rare():
    usual = read_event_values("censorship", ["1", "1", "0"]).warning
    assert usual == '"censorship" is read as inverted: 1 is censored (2 rows), 0 is the event (1 rows).'
    doubted = read_event_values("censorship", ["1", "0", "0"]).warning
    assert doubted.endswith("Usually most are censored, but here 1 is the rarer value: check which way round it is.")


def test_composite():
    assert is_composite(["0", "1", "2", "3"])
    assert not is_composite(["0", "1", "9"])
    assert not is_composite(["a", "b", "c", "d"])


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "  ",
        "NA",
        "N/A",
        "NaN",
        "null",
        "None",
        "'--",
        "--",
        "[Not Available]",
        "[Not Applicable]",
        "[Unknown]",
        "[Discrepancy]",
        "#N/A",
        "Not Reported",
        "not reported",
        "Unknown",
    ],
)
def test_missing(cell):
    assert is_missing(cell)


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("1", 1),
        ("1.5", 1.5),
        ("1,5", 1.5),
        ("-7.00", -7),
        ("1e2", 100),
        (" 3 ", 3),
        ("abc", None),
        ("1 2", None),
        ("inf", None),
        ("1,234.5", None),
        ("1e999", None),
        ("12 months", None),
        ("0x10", None),
        ("1_000", None),
    ],
)
def test_numbers(cell, number):
    assert parse_number(cell) == number


def test_plain_values():
    assert [plain_value(v) for v in ("1.0", " Dead ", "0,0", "1.5")] == ["1", "dead", "0", "1.5"]


def test_reasons_are_given_for_every_mapped_role(tmp_path):
    (tmp_path / "t.csv").write_text("case_id,slide_id,OS_days,OS_event\nA,A1,1,1\n")
    proposal = propose_mapping(read_table(tmp_path / "t.csv"))
    assert set(proposal.mapping.columns()) <= set(proposal.reasons)
    assert proposal.reasons["time"] == "As in tables of Patho-Bench."
