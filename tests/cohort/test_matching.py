"""Slide files in nested folders, and the rows they belong to."""

import pytest

from e2evit_model.cohort.matching import MatchedBy, match_slides
from e2evit_model.cohort.slide_files import find_slides, stem_of
from e2evit_model.cohort.slide_table import SlideTableMapping
from e2evit_model.errors import CohortError
from tests.cohort.tables import check_text

STUDY = b"\x20\x00\x0d\x00UI"
SERIES = b"\x20\x00\x0e\x00UI"


def touch(folder, *names, content=b"x"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def write_dicom(path, series, *, size=1000):
    """The part of a DICOM file that matters: a decoy in a sequence, then study and series."""
    uid = series.encode() + b"\0" * (len(series) % 2)
    decoy = SERIES + b"\x04\x009.9\0"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(
        b"\0" * 128
        + b"DICM"
        + decoy
        + STUDY
        + b"\x04\x001.2\0"
        + SERIES
        + len(uid).to_bytes(2, "little")
        + uid
        + bytes(size)
    )


def matched(slides, patients, folder, **how):
    found = match_slides(slides, patients, find_slides(folder), **how)
    return {m.slide_id: (m.path.relative_to(folder).as_posix(), m.by) for m in found.matches}


def test_nested_folders_and_what_is_no_slide(tmp_path):
    touch(tmp_path, "b/s10.svs", "b/s2.SVS", "a/deep/x.ome.tiff", "notes.txt", ".hidden/s.svs", "b/.s.svs", "pic.png")
    assert [f.path.relative_to(tmp_path).as_posix() for f in find_slides(tmp_path)] == [
        "a/deep/x.ome.tiff",
        "b/s2.SVS",
        "b/s10.svs",
        "pic.png",
    ]
    assert stem_of("x.ome.tiff") == "x"
    assert stem_of("TCGA-1.uuid.svs") == "TCGA-1.uuid"
    with pytest.raises(CohortError, match="nowhere is not a folder"):
        find_slides(tmp_path / "nowhere")


def test_a_dicom_series_counts_once_and_opens_at_its_largest_file(tmp_path):
    for name, size in (("l0.dcm", 9000), ("l1.dcm", 10)):
        write_dicom(tmp_path / "case1" / name, "1.2.3", size=size)
    write_dicom(tmp_path / "mixed" / "x.dcm", "1.5")
    write_dicom(tmp_path / "mixed" / "y.dcm", "1.6")
    files = find_slides(tmp_path)
    assert [f.path.relative_to(tmp_path).as_posix() for f in files] == ["case1/l0.dcm", "mixed/x.dcm", "mixed/y.dcm"]
    assert matched({"case1": "A", "1.6": "B", "x": "C"}, ["A", "B", "C"], tmp_path) == {
        "case1": ("case1/l0.dcm", MatchedBy.NAME),
        "1.6": ("mixed/y.dcm", MatchedBy.NAME),
        "x": ("mixed/x.dcm", MatchedBy.NAME),
    }


def test_the_real_series_is_one_slide(shared_data):
    files = find_slides(shared_data / "slides")
    series = [f for f in files if f.path.suffix == ".dcm"]
    assert len(series) == 1
    assert "dicom_cmu1_small" in series[0].names


def test_every_way_to_the_same_file(tmp_path):
    touch(tmp_path, "n/full.svs", "n/stem.tiff", "n/UPPER.ndpi", "TCGA-1-DX1.0f3a.svs")
    slides = {"full.svs": "A", "stem": "B", "upper.svs": "C", "TCGA-1-DX1": "D", "gone": "E"}
    assert matched(slides, list("ABCDE"), tmp_path) == {
        "full.svs": ("n/full.svs", MatchedBy.NAME),
        "stem": ("n/stem.tiff", MatchedBy.NAME),
        "upper.svs": ("n/UPPER.ndpi", MatchedBy.CASE),
        "TCGA-1-DX1": ("TCGA-1-DX1.0f3a.svs", MatchedBy.FIRST_PART),
    }
    found = match_slides(slides, list("ABCDE"), find_slides(tmp_path))
    assert found.slides_without_file == ("gone",)
    assert found.files_without_row == ()


def test_two_files_for_one_slide_are_told_but_thumbnails_are_not_slides(tmp_path):
    touch(tmp_path, "a/s.svs", "b/s.svs", "t.svs", "t.png", "alone.png")
    found = match_slides({"s": "A", "t": "B", "alone": "C"}, list("ABC"), find_slides(tmp_path))
    assert [str(p) for p in found.problems] == ['2 files could be the slide "s": s.svs, s.svs. Keep one of them.']
    assert [m.path.name for m in found.matches] == ["t.svs", "alone.png"]


def test_without_slides_in_the_table_files_go_by_patient(tmp_path):
    touch(tmp_path, "case 1.svs", "case 12-HE.svs", "case 1_2.svs", "case 3.svs", "other.svs")
    found = match_slides({}, ["case 1", "case 12"], find_slides(tmp_path))
    assert {m.slide_id: m.patient_id for m in found.matches} == {
        "case 1": "case 1",
        "case 12-HE": "case 12",
        "case 1_2": "case 1",
    }
    assert {m.by for m in found.matches} == {MatchedBy.PATIENT}
    assert set(found.files_without_row) == {"case 3.svs", "other.svs"}


def test_the_users_pattern(tmp_path):
    touch(tmp_path, "HE_p1_2_a.svs", "HE_P1_b.svs", "IHC_p1_c.svs")
    assert matched({}, ["p1", "p1_2"], tmp_path, pattern="HE_{patient}_*") == {
        "HE_p1_2_a": ("HE_p1_2_a.svs", MatchedBy.PATTERN),
        "HE_P1_b": ("HE_P1_b.svs", MatchedBy.PATTERN),
    }
    assert matched({"c.tif": "p1"}, ["p1"], tmp_path, pattern="*_{slide}") == {
        "c.tif": ("IHC_p1_c.svs", MatchedBy.PATTERN)
    }
    for bad in ("*", "{patient}{patient}"):
        with pytest.raises(CohortError) as caught:
            match_slides({}, ["p1"], [], pattern=bad)
        assert caught.value.message == f'The pattern "{bad}" must name {{patient}} or {{slide}} once.'


def test_equal_names_in_two_folders_are_told(tmp_path):
    touch(tmp_path, "a/p1.svs", "b/p1.svs")
    found = match_slides({}, ["p1"], find_slides(tmp_path))
    assert [str(p) for p in found.problems] == [
        '2 files could be the slide "p1". Keep one of them, or give them different names.'
    ]


TABLE = "case_id,slide_id,OS_days,OS_event\nA,A1,1,1\nB,B1,2,1\nC,C1,3,0\nD,D1,4,0\n"


def test_patients_without_slides_leave_the_cohort_and_both_sides_are_said(tmp_path):
    touch(tmp_path / "slides", "A1.svs", "sub/B1.svs", "C1.svs", "stray.svs")
    check = check_text(tmp_path, TABLE, slides_folder=tmp_path / "slides")
    assert check.cohort.patient_ids == ("A", "B", "C")
    assert [s.path.name for s in check.cohort.slides] == ["A1.svs", "B1.svs", "C1.svs"]
    assert check.flow.steps[3].left_out == {"without a slide": 1}
    assert "1 slides of the table have no file in the folder." in check.warnings
    assert "1 slides in the folder have no row in the table." in check.warnings
    record = check.to_record()
    assert record["matching"]["files_without_row"] == ["stray.svs"]
    assert record["slides"] == 3
    assert str(tmp_path) not in str(record)


def test_no_slide_matches(tmp_path):
    (tmp_path / "slides").mkdir()
    empty = check_text(tmp_path, TABLE, slides_folder=tmp_path / "slides")
    assert "The folder holds no slide." in [str(p) for p in empty.problems]
    touch(tmp_path / "slides", "x.svs")
    strange = check_text(tmp_path, TABLE, slides_folder=tmp_path / "slides")
    assert "None of the 1 slides in the folder belongs to a row of the table. Give a pattern for their names." in [
        str(p) for p in strange.problems
    ]


def test_a_second_table_tells_the_slides(tmp_path):
    clinical = "patient_id,OS_days,OS_event\nA,1,1\nB,2,1\nC,3,0\nD,4,0\n"
    second = tmp_path / "slides.csv"
    second.write_text("patient,file_name\nA,a1\nA,a2\nB,b1\nZ,z1\n,x\nC,a1\nD,d1\n")
    check = check_text(tmp_path, clinical, slide_table=second)
    assert [(s.slide_id, s.patient_id) for s in check.cohort.slides] == [
        ("a1", "A"),
        ("a2", "A"),
        ("b1", "B"),
        ("d1", "D"),
    ]
    assert [str(p) for p in check.problems] == [
        'Line 7, column "file_name": In slides.csv: the slide belongs to another patient already.'
    ]
    assert "slides.csv: 1 patients are not in the clinical table; their slides are left out." in check.warnings
    assert "slides.csv: 1 rows without patient or slide are left out." in check.warnings
    assert check.cohort.patient_ids == ("A", "B", "D")
    second.write_text("who,what\nA,a1\nB,b1\n")
    with pytest.raises(CohortError, match=r"slides\.csv has no column for the patient and the slide"):
        check_text(tmp_path, clinical, slide_table=second)
    mapped = check_text(
        tmp_path, clinical, slide_table=second, slide_mapping=SlideTableMapping(patient="who", slide="what")
    )
    assert [s.slide_id for s in mapped.cohort.slides] == ["a1", "b1"]
