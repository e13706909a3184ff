"""Real tables of four CPTAC cohorts, TCGA and cBioPortal: their known counts and labels."""

import pytest

from e2evit_model.cohort.check import check_cohort
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.cohort.fold_making import with_validation
from e2evit_model.cohort.folds import Part, fold_counts
from tests.cohort.tables import labels


@pytest.fixture(scope="session")
def clinical(shared_data):
    return shared_data / "clinical"


@pytest.mark.parametrize(
    ("file", "patients", "events", "slides", "convention"),
    [
        ("openmil_cptac_ccrcc_os_flat.csv", 94, 20, 218, "Patho-Bench"),
        ("openmil_cptac_hnsc_os_flat.csv", 102, 33, 243, "Patho-Bench"),
        ("openmil_cptac_luad_os_flat.csv", 105, 23, 313, "Patho-Bench"),
        ("openmil_cptac_pda_os_flat.csv", 97, 71, 227, "Patho-Bench"),
        ("survpath_tcga_blca.csv", 359, 156, 423, "MCAT, PORPOISE or SurvPath"),
        ("cbioportal_paad_data_clinical_patient.txt", 185, 100, 0, "cBioPortal"),
    ],
)
def test_known_counts(clinical, file, patients, events, slides, convention):
    check = check_cohort(clinical / file)
    assert [str(p) for p in check.problems] == []
    record = check.to_record()
    found = (record["patients"], record["events"], record["slides"], record["convention"])
    assert found == (patients, events, slides, convention)


@pytest.mark.parametrize(("site", "same", "of"), [("ccrcc", 85, 94), ("luad", 88, 102), ("pda", 87, 97)])
def test_the_rule_for_vital_status_gives_the_labels_of_the_flat_tables(clinical, site, same, of):
    export = labels(check_cohort(clinical / f"pdc_cptac_{site}_clinical.csv"))
    flat = labels(check_cohort(clinical / f"openmil_cptac_{site}_os_flat.csv"))
    named = [patient for patient in flat if patient.startswith("C3")]
    assert len(named) == of
    assert sum(export.get(patient) == flat[patient] for patient in named) == same


def test_negative_follow_up_in_the_export_is_told_by_line(clinical):
    check = check_cohort(clinical / "pdc_cptac_ccrcc_clinical.csv")
    assert [(p.line, p.column) for p in check.problems] == [
        (line, "Days to Last Follow Up") for line in (18, 34, 72, 88, 122)
    ]


@pytest.mark.parametrize(("site", "folds"), [("ccrcc", 5), ("hnsc", 5), ("luad", 3), ("pda", 5)])
def test_folds_of_the_flat_tables(clinical, site, folds):
    path = clinical / f"openmil_cptac_{site}_os_flat.csv"
    cohort = check_cohort(path).accept()
    read = import_folds(path, cohort)
    accepted = read.accept(cohort)
    assert len(accepted) == folds
    assert accepted.has_validation
    assert sum(r["patients"] for r in fold_counts(accepted, cohort) if r["fold"] == 0) == len(cohort)


def test_folds_of_patho_bench_get_a_validation_part(clinical):
    path = clinical / "pathobench_style_mmist_ccrcc_train_5fold.tsv"
    check = check_cohort(path)
    assert [str(p) for p in check.problems] == ['Line 19, column "OS_days": The time is negative (-6.0).']
    faulty = path.read_text().splitlines()[18].split("\t")[0]
    cohort = check_cohort(path, mapping={"excluded": [faulty]}).accept()
    assert len(cohort) == 92
    folds = with_validation(import_folds(path, cohort).accept(cohort), cohort)
    assert folds.has_validation
    assert sorted(p for k in range(5) for p in folds.patients(k, Part.TEST)) == sorted(cohort.patient_ids)
