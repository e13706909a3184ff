import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from e2evit_model.errors import OutputError
from e2evit_model.overlay.colors import color_table
from e2evit_model.report.sheet import Sheet, fitted, font, scale_bar, wrapped


@pytest.mark.parametrize(
    ("longest", "um_per_px", "px_per_px", "expected"),
    [
        (300, 2.5, 5.0, (200, "500 µm")),
        (300, 8.0, 16.0, (250, "2 mm")),
        (300, 0.25, 1.0, (200, "50 µm")),
        (300, None, 5.0, (200, "1000 px")),
        (300, 10.0, 1.0, (200, "2 mm")),
        (100, 0.1, 1.0, (100, "10 µm")),
    ],
)
def test_scale_bars_are_round(longest, um_per_px, px_per_px, expected):
    length, label = scale_bar(longest, um_per_px, px_per_px)
    assert (pytest.approx(length), label) == expected


@given(st.floats(20, 1000), st.floats(1e-3, 1e3))
def test_scale_bars_fit_and_are_as_long_as_they_say(longest, um_per_px):
    length, label = scale_bar(longest, um_per_px)
    assert 0.4 * longest * (1 - 1e-6) <= length <= longest * (1 + 1e-6)
    number, unit = label.split()
    assert float(number) * {"µm": 1, "mm": 1000}[unit] == pytest.approx(length * um_per_px)


def test_the_scale_bar_is_drawn_in_its_length():
    sheet = Sheet(600, 200)
    sheet.scale_bar(20, 150, 300, 2.5, 5.0)
    dark = np.asarray(sheet.image.convert("L")) < 60
    assert dark[138].sum() == pytest.approx(200, abs=2)


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=12), max_size=30), st.integers(60, 400))
def test_wrapping_keeps_every_word_and_fits(words, width):
    lines = wrapped(" ".join(words), width)
    assert " ".join(lines).split() == words
    assert all(font(20).getlength(line) <= width for line in lines if " " in line)


def test_a_title_that_is_too_long_is_cut():
    assert fitted("short", 300) == "short"
    cut = fitted("a very long title " * 10, 300)
    assert cut.endswith("…")
    assert font(20).getlength(cut) <= 300


def test_the_color_bar_has_its_highest_color_on_top():
    sheet, table = Sheet(200, 300), color_table("viridis")
    sheet.color_bar(10, 20, 256, table, [(0.0, "0"), (1.0, "1")])
    drawn = np.asarray(sheet.image)
    assert drawn[20, 25].tolist() == table[255, :3].tolist()
    assert drawn[275, 25].tolist() == table[0, :3].tolist()


def test_the_file_holds_pixels_and_nothing_else(tmp_path):
    sheet = Sheet(50, 40)
    sheet.save(tmp_path / "page.png")
    with Image.open(tmp_path / "page.png") as image:
        assert image.size == (50, 40)
        assert image.info == {}
    assert [p.name for p in tmp_path.iterdir()] == ["page.png"]


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        Sheet(50, 40).save(tmp_path / "file" / "page.png")
    assert caught.value.message == "page.png could not be written: a file is in the way where a folder is needed."
