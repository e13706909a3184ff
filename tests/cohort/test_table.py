"""Tables as people send them."""

import zipfile

import pytest

from e2evit_model.cohort.table import read_table
from e2evit_model.errors import CohortError

ROWS = [("patient_id", "OS_days", "note"), ("A1", "12.5", "müde"), ("A2", "7", "has, comma")]


def text_of(delimiter):
    return "\n".join(delimiter.join(f'"{c}"' if "," in c else c for c in row) for row in ROWS) + "\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_and_encoding_are_found_out(tmp_path, delimiter, encoding):
    path = tmp_path / "t.txt"
    path.write_text(text_of(delimiter), encoding=encoding)
    table = read_table(path)
    assert (table.columns, *table.rows) == tuple(ROWS)
    assert table.lines == (2, 3)
    assert table.delimiter == delimiter


def test_line_numbers_count_comments_blank_lines_and_cells_over_several_lines(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'#one,two\r\n#three\r\nid,time\r\n\r\nA,1\r\n"B\r\nb",2\r\n,\r\nC,3\r\n')
    table = read_table(path)
    assert table.header_line == 3
    assert dict(zip(table.lines, [row[0] for row in table.rows], strict=True)) == {5: "A", 6: "B\r\nb", 9: "C"}


def test_a_missing_token_that_begins_with_a_hash_is_no_comment(tmp_path):
    (tmp_path / "t.csv").write_text("id,time\n#N/A,1\n#no,2\n")
    assert read_table(tmp_path / "t.csv").rows == (("#N/A", "1"),)


def test_an_unnamed_column_is_left_out_when_it_counts_rows_and_kept_otherwise(tmp_path):
    (tmp_path / "t.csv").write_text(",id,time\n0,A,1\n1,B,2\n")
    assert read_table(tmp_path / "t.csv").columns == ("id", "time")
    (tmp_path / "t.csv").write_text(",id,time\nx,A,1\nx,B,2\n")
    assert read_table(tmp_path / "t.csv").columns == ("column 1", "id", "time")


def test_row_names_as_r_writes_them(tmp_path):
    (tmp_path / "t.txt").write_text('"id"\t"time"\n"1"\t"A"\t5\n"2"\t"B"\t6\n')
    table = read_table(tmp_path / "t.txt")
    assert table.columns == ("id", "time")
    assert table.rows == (("A", "5"), ("B", "6"))


def test_rows_that_do_not_fit_are_told_and_empty_cells_at_the_end_are_forgiven(tmp_path):
    (tmp_path / "t.csv").write_text("id,time,,\nA,1,,\nB,2\nC\nD,4,5,6\n")
    table = read_table(tmp_path / "t.csv")
    assert [row[0] for row in table.rows] == ["A", "B"]
    assert [str(p) for p in table.problems] == [
        "Line 4: The row has 1 cells, the header 2.",
        "Line 5: The row has 4 cells, the header 2.",
    ]


def test_equal_column_names_are_numbered_and_said(tmp_path):
    (tmp_path / "t.csv").write_text("id,time,time\nA,1,2\n")
    table = read_table(tmp_path / "t.csv")
    assert table.columns == ("id", "time", "time (2)")
    assert table.notes == ('The column name "time" is there 2 times; later ones are numbered.',)


def test_zipped(tmp_path):
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        archive.writestr("__MACOSX/._t.csv", "junk")
        archive.writestr("inner/t.csv", text_of(";"))
        archive.writestr("readme.md", "text")
    assert read_table(tmp_path / "t.csv.zip").columns == ROWS[0]


def test_excel(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("id", "time", "event"), ("A", 12.0, 1), (7, 3.5, None)):
        book.active.append(row)
    book.create_sheet("codes").append(("more", "cells"))
    book.save(tmp_path / "t.xlsx")
    table = read_table(tmp_path / "t.xlsx")
    assert table.rows == (("A", "12", "1"), ("7", "3.5", ""))
    assert table.lines == (2, 3)
    assert table.notes == ('The workbook has 2 sheets; the first one, "Sheet", is read.',)


def test_excel_without_its_library_is_asked_for(tmp_path, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    (tmp_path / "t.xlsx").write_bytes(b"PK")
    monkeypatch.setattr("e2evit_model.cohort.table.importlib.import_module", missing)
    with pytest.raises(CohortError) as caught:
        read_table(tmp_path / "t.xlsx")
    assert caught.value.message == "t.xlsx is an Excel workbook, and the library that reads them is not installed."
    assert caught.value.hint == 'Install it with "pip install openpyxl", or save the sheet as csv and open that.'


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv", b"", "t.csv is empty."),
        ("t.csv", b"\n \n", "t.csv is empty."),
        ("t.csv", b"# only\n# comments\n", "t.csv is not a table of several columns."),
        ("t.csv", b"id,time\n", "t.csv has column names, but no row below them."),
        ("t.csv", b"one\ntwo\n", "t.csv is not a table of several columns."),
        ("t.csv", b"\x89PNG\r\n\x1a\n\0\0", "t.csv is not a table: it holds no text."),
        ("t.csv", b"\xff\xfea", "t.csv is damaged: its text cannot be decoded."),
        ("t.xls", b"\xd0\xcf", "t.xls is a spreadsheet of a kind that is not read."),
        ("t.zip", b"PK no", "t.zip cannot be unpacked: it is damaged or locked."),
    ],
)
def test_what_is_no_table(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CohortError) as caught:
        read_table(tmp_path / name)
    assert caught.value.message == message
    assert caught.value.hint


def test_missing_folder_and_archives_of_several_tables(tmp_path):
    for path, message in (
        (tmp_path / "no.csv", "no.csv is not there."),
        (tmp_path, f"{tmp_path.name} is a folder, not a table."),
    ):
        with pytest.raises(CohortError) as caught:
            read_table(path)
        assert caught.value.message == message
    for name, message in (
        ("x" * 300, f"{'x' * 60}… cannot be read (File name too long)."),
        ("a\0b", "a\0b cannot be read (embedded null byte)."),
    ):
        with pytest.raises(CohortError) as caught:
            read_table(tmp_path / name)
        assert caught.value.message == message
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.csv", "x,y\n1,2\n")
        archive.writestr("b.csv", "x,y\n1,2\n")
    with pytest.raises(CohortError, match=r"two\.zip holds 2 tables, where one is needed"):
        read_table(tmp_path / "two.zip")


def test_a_column_that_is_not_there(tmp_path):
    (tmp_path / "t.csv").write_text("case_id,time\nA,1\n")
    with pytest.raises(CohortError) as caught:
        read_table(tmp_path / "t.csv").column("case_ids")
    assert caught.value.message == 't.csv has no column "case_ids".'
    assert caught.value.hint == 'Did you mean "case_id"?'
