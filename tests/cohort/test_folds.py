"""Folds: made, checked, written, read, imported."""

from collections import Counter

import numpy as np
import pytest

from e2evit_model.cohort.cohort import CohortSlide
from e2evit_model.cohort.fold_files import import_folds, write_folds
from e2evit_model.cohort.fold_making import FoldSettings, make_folds, with_validation
from e2evit_model.cohort.folds import Folds, Part, accept_folds, check_folds, fold_counts
from e2evit_model.errors import CohortError, OptionError
from tests.cohort.tables import make_cohort


def messages(told):
    return [str(p) for p in told.problems]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("stratify", ["event", "event+time", "none"])
def test_each_patient_is_tested_once_and_parts_are_disjoint(seed, stratify):
    cohort = make_cohort(53 if stratify != "none" else 230, seed=seed)
    folds = make_folds(cohort, seed=seed, stratify=stratify)
    tested = Counter(p for k in range(5) for p in folds.patients(k, Part.TEST))
    assert tested == Counter(cohort.patient_ids)
    for k in range(5):
        parts = [set(folds.patients(k, part)) for part in Part]
        assert set.union(*parts) == set(cohort.patient_ids)
        assert sum(map(len, parts)) == len(cohort)
        assert len(parts[1]) == pytest.approx(0.2 * (len(parts[0]) + len(parts[1])), abs=3)


@pytest.mark.parametrize("seed", range(10))
def test_events_are_spread_as_evenly_as_can_be(seed):
    cohort = make_cohort(47 + seed, seed=seed, event_rate=0.3)
    counts = fold_counts(make_folds(cohort, seed=seed), cohort)
    for what in ("patients", "events"):
        tests = [record[what] for record in counts if record["part"] == "test"]
        assert max(tests) - min(tests) <= (1 if what == "events" else 2)
    assert all(r["slides"] == 2 * r["patients"] for r in counts)


def test_times_are_spread_when_asked():
    cohort = make_cohort(100, seed=3, event_rate=0.5)
    folds = make_folds(cohort, stratify="event+time")
    order = np.argsort(np.argsort(np.where(cohort.event, cohort.time_days, np.inf)))
    early = {p for p, rank in zip(cohort.patient_ids, order, strict=True) if rank < 16}
    per_fold = [len(early & set(folds.patients(k, Part.TEST))) for k in range(5)]
    assert max(per_fold) - min(per_fold) <= 2


def test_the_same_seed_gives_the_same_folds_in_whatever_order_the_table_is():
    cohort = make_cohort(40, seed=1)
    turned = cohort.subset(cohort.patient_ids[::-1])
    first, second = make_folds(cohort, seed=7), make_folds(turned, seed=7)
    assert [dict(f) for f in first.parts] == [dict(f) for f in second.parts]
    assert first.patient_ids == cohort.patient_ids
    assert make_folds(cohort, seed=8) != first


def test_sites_stay_together():
    cohort = make_cohort(120, seed=2, sites=17)
    folds = make_folds(cohort, by_group=True)
    site = dict(zip(cohort.patient_ids, cohort.groups, strict=True))
    for k in range(5):
        seen = [{site[p] for p in folds.patients(k, part)} for part in Part]
        assert not seen[0] & seen[1]
        assert not (seen[0] | seen[1]) & seen[2]
    assert all(r["events"] >= 3 for r in fold_counts(folds, cohort))


def test_a_patient_of_no_known_site_stands_alone():
    cohort = make_cohort(60, seed=2, sites=1)
    object.__setattr__(cohort, "groups", tuple("" for _ in cohort.groups))
    counts = fold_counts(make_folds(cohort, by_group=True), cohort)
    assert {r["patients"] for r in counts if r["part"] == "test"} == {12}


def test_what_cannot_be_made():
    with pytest.raises(CohortError) as caught:
        make_folds(make_cohort(3, event_rate=0.7))
    assert caught.value.message == "5 folds need at least 10 patients with the event; there are 2."
    with pytest.raises(OptionError, match="Sites cannot be kept together: the cohort has none"):
        make_folds(make_cohort(60), by_group=True)
    with pytest.raises(CohortError, match="5 folds cannot be made of 3 sites"):
        make_folds(make_cohort(60, sites=3), by_group=True)
    with pytest.raises(OptionError, match="Folds is 1, but must be between 2 and 50"):
        make_folds(make_cohort(60), k=1)
    with pytest.raises(OptionError, match='Balance cannot be "sex"'):
        make_folds(make_cohort(60), stratify="sex")
    assert make_folds(make_cohort(60), **FoldSettings(k=3).to_record()) == make_folds(make_cohort(60), k=3)


def test_written_folds_are_read_back(tmp_path):
    cohort = make_cohort(50)
    folds = make_folds(cohort)
    write_folds(folds, tmp_path / "folds.csv")
    assert (tmp_path / "folds.csv").read_text().startswith("patient_id,fold_0,fold_1,fold_2,fold_3,fold_4\nP0,")
    read = import_folds(tmp_path / "folds.csv", cohort)
    assert read.accept(cohort) == folds
    assert read.warnings == ()


def test_names_like_formulas_survive_and_are_not_executed(tmp_path):
    cohort = make_cohort(20, event_rate=0.5)
    names = ("=1+1", "+a", "-b", "@c", *cohort.patient_ids[4:])
    object.__setattr__(cohort, "patient_ids", names)
    object.__setattr__(cohort, "slides", tuple(CohortSlide(slide_id=f"s{n}", patient_id=n) for n in names))
    folds = make_folds(cohort, k=2)
    write_folds(folds, tmp_path / "f.csv")
    assert all(line[0] not in "=+-@" for line in (tmp_path / "f.csv").read_text().splitlines())
    assert import_folds(tmp_path / "f.csv", cohort).accept(cohort) == folds


def test_lists_of_patients_one_table_a_fold(tmp_path):
    cohort = make_cohort(40, event_rate=0.5)
    folds = make_folds(cohort, k=2)
    paths = []
    for k in range(2):
        lists = [folds.patients(k, part) for part in Part]
        rows = [",".join([str(i), *(column[i] if i < len(column) else "" for column in lists)]) for i in range(40)]
        rows = [row for row in rows if row.strip("0123456789,")]
        path = tmp_path / f"splits_{k}.csv"
        path.write_text(",train,val,test\n" + "\n".join(rows) + "\n")
        paths.append(path)
    assert import_folds(paths[::-1], cohort).accept(cohort) == folds


def test_lists_of_slides_and_no_test_part(tmp_path):
    cohort = make_cohort(20, event_rate=0.5)
    train, val = cohort.patient_ids[:15], cohort.patient_ids[15:]
    rows = [f"{p}-1.svs,{val[i] + '-0' if i < len(val) else ''}" for i, p in enumerate(train)]
    (tmp_path / "s.csv").write_text("train,val\n" + "\n".join(rows) + "\n")
    read = import_folds(tmp_path / "s.csv", cohort)
    assert read.folds.patients(0, Part.TEST) == val
    assert read.warnings[:2] == (
        "The folds have no test part: their validation part is tested on.",
        "The folds have no validation part: it is taken from the training part.",
    )
    filled = with_validation(read.folds, cohort, seed=1)
    assert len(filled.patients(0, Part.VAL)) == 3
    assert filled.patients(0, Part.TEST) == val
    assert set(filled.patients(0, Part.VAL)) <= set(train)
    assert with_validation(filled, cohort, seed=2) == filled


def test_a_patient_in_two_parts_stops_with_its_line(tmp_path):
    cohort = make_cohort(20, event_rate=0.5)
    (tmp_path / "f.csv").write_text(
        "case_id,slide_id,fold_0\n"
        + "".join(f"{p},{p}-0,{'train' if i < 10 else 'test'}\n" for i, p in enumerate(cohort.patient_ids))
        + "P0,P0-1,test\nP1,P1-1,holdout\n"
    )
    read = import_folds(tmp_path / "f.csv", cohort)
    assert [str(p) for p in read.problems] == [
        'Line 22, column "fold_0": The patient is in two parts: train and test.',
        'Line 23, column "fold_0": "holdout" is not train, val or test.',
    ]
    with pytest.raises(CohortError) as caught:
        read.accept(cohort)
    assert caught.value.message == "The set of folds has 2 problems."


def test_folds_that_do_not_fit_a_cohort():
    cohort = make_cohort(12, event_rate=0.5)
    event = [p for p, e in zip(cohort.patient_ids, cohort.event, strict=True) if e]
    one = dict.fromkeys(cohort.patient_ids, Part.TRAIN) | {
        event[0]: Part.TEST,
        event[1]: Part.VAL,
        "stranger": Part.TRAIN,
    }
    folds = Folds(parts=(one, one))
    told = check_folds(folds, cohort)
    assert messages(told) == [
        "1 patient is in the test part of more than one fold.",
        "Fold 0 has 1 event in its test part: at least 2 are needed.",
        "Fold 1 has 1 event in its test part: at least 2 are needed.",
    ]
    assert "11 patients are in no test part: no out-of-fold risk for them." in told.warnings
    assert "1 patient is in the folds, but not in the cohort: left out." in told.warnings
    assert "Fold 0 has 1 event in its val part: early stopping can hardly tell epochs apart." in told.warnings
    with pytest.raises(CohortError, match="The set of folds has 3 problems"):
        accept_folds(folds, cohort)


def test_a_table_without_folds(tmp_path):
    (tmp_path / "f.csv").write_text("patient_id,age\nP0,3\n")
    with pytest.raises(CohortError) as caught:
        import_folds(tmp_path / "f.csv", make_cohort(10))
    assert caught.value.message == "f.csv holds no folds."
    (tmp_path / "f.csv").write_text("name,fold_0\nP0,train\n")
    with pytest.raises(CohortError, match=r"f\.csv has no column for the patient"):
        import_folds(tmp_path / "f.csv", make_cohort(10))
