"""Figures and pages as they are laid out: no text is cut off, none is lost, columns and lines are as wide as they should be."""

import io
import itertools
from dataclasses import replace

import numpy as np
import pytest
from matplotlib.backends import backend_pdf
from matplotlib.backends.backend_svg import RendererSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from e2evit_model.report.run_canvas import Area, drawing
from e2evit_model.report.run_document import (
    Bullets,
    Document,
    Headline,
    Headlines,
    Paragraph,
    Picture,
    Section,
    Subtitle,
    Table,
    Tone,
)
from e2evit_model.report.run_figure_concordance import ConcordanceRow, concordance_height_in, draw_auc, draw_concordance
from e2evit_model.report.run_figure_flow import FlowBox, draw_flow, flow_height_in
from e2evit_model.report.run_figure_learning import (
    LearningCurve,
    PenaltyPath,
    draw_learning,
    draw_penalties,
    learning_height_in,
    penalty_height_in,
)
from e2evit_model.report.run_figure_survival import draw_survival, time_ticks
from e2evit_model.report.run_material import read_finished
from e2evit_model.report.run_metrics import AucAt, Curve
from e2evit_model.report.run_numbers import TimeUnit, counted, decimal, listed, mean_and_sd, p_value
from e2evit_model.report.run_pdf import PAGE_IN, SIDE_IN, WIDE_IN, write_pdf
from e2evit_model.report.run_pdf_text import column_widths_in, text_width_in, wrapped_in
from e2evit_model.report.run_report import document_of
from e2evit_model.survival.estimate import Estimate
from e2evit_model.survival.metrics import Labels

YEARS = TimeUnit(4000)


def texts_of(figure):
    """Every text that a figure draws with its box in inches, by matplotlib's own measure without hinting."""
    met = []
    draw = Text.draw

    def meet(text, renderer, *rest, **how):
        met.append(text)
        return draw(text, renderer, *rest, **how)

    figure.set_dpi(72)
    width, height = figure.get_size_inches() * 72
    renderer = RendererSVG(width, height, io.StringIO())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Text, "draw", meet)
        figure.draw(renderer)
    shown = [text for text in met if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), *(np.array(text.get_window_extent(renderer).extents) / 72)) for text in shown]


def drawn(draw, width_in, height_in):
    with drawing():
        figure = Figure(figsize=(width_in, height_in))
        draw(Area(figure, 0, 0, width_in, height_in))
        return texts_of(figure)


def assert_inside(found, width_in, height_in):
    out = [
        text
        for text, left, bottom, right, top in found
        if left < -0.01 or bottom < -0.01 or right > width_in + 0.01 or top > height_in + 0.01
    ]
    assert not out


def estimate(value):
    return Estimate(name="", value=value, patients=9, events=3, method="", reason="" if value else "none")


def test_no_text_of_a_figure_of_a_run_is_cut_off(finished, finished_cox):
    for run in (finished, finished_cox):
        for picture in document_of(read_finished(run)).pictures:
            found = drawn(picture.draw, picture.width_in, picture.height_in)
            assert len(found) > 3
            assert_inside(found, picture.width_in, picture.height_in)


@pytest.mark.parametrize("folds", [1, 3, 5, 12])
def test_learning_is_drawn_for_any_number_of_folds(folds):
    rows = ({"epoch": 1, "train_loss": 1.0, "val_loss": None, "val_c_index": None},)
    curves = [LearningCurve(fold=k, epochs=rows, best=1) for k in range(folds)]
    height = learning_height_in(folds)
    found = drawn(lambda area: draw_learning(area, curves=curves), 6.9, height)
    assert_inside(found, 6.9, height)
    assert sum(text.startswith("Fold ") for text, *_ in found) == folds
    paths = [PenaltyPath(fold=k, penalties=(1.0, 1e4), scores=(None, -3.0), chosen=1e4) for k in range(folds)]
    height = penalty_height_in(folds)
    assert_inside(drawn(lambda area: draw_penalties(area, paths=paths), 6.9, height), 6.9, height)


def test_c_index_is_drawn_at_its_ends():
    rows = [
        ConcordanceRow(
            name="Clinical columns alone",
            said="1.000 (1.000 to 1.000)",
            mean=1.0,
            interval=(1.0, 1.0),
            folds=(1.0,),
            no_signal=(0.1, 0.9),
        ),
        ConcordanceRow(name="Model", said="0.000", mean=0.0, interval=None, folds=(), no_signal=None),
    ]
    height = concordance_height_in(2)
    assert_inside(drawn(lambda area: draw_concordance(area, rows=rows), 6.9, height), 6.9, height)


@pytest.mark.parametrize("values", [[None, 0.5], [0.1], [1.0, 1.0, None]])
def test_auc_is_drawn_with_gaps(values):
    mean = np.mean([v for v in values if v is not None])
    points = [
        AucAt(day=365.25 * y, folds=tuple(map(estimate, values)), mean=mean, sd=None, sd_ddof=1, reason="")
        for y in (1, 2)
    ]
    for some in (points, points[:1]):
        assert_inside(drawn(lambda area, some=some: draw_auc(area, points=some, unit=YEARS), 5.2, 2.9), 5.2, 2.9)


def test_one_group_without_events_has_a_curve():
    curve = Curve(days=(0.0, 9.0), survival=(1.0, 1.0), low=(1.0, None), high=(1.0, None), patients=1, events=0,
                  median_days=None, library="", at_risk=(1,))  # fmt: skip
    labels = {"low": Labels.of([9.0], [False])}
    unit = TimeUnit(9.0)
    found = drawn(
        lambda area: draw_survival(
            area, curves={"low": curve}, labels=labels, unit=unit, endpoint="OS", note="log-rank p not estimable"
        ),
        6.9,
        4.3,
    )
    assert_inside(found, 6.9, 4.3)
    assert "0 of 1" in [text for text, *_ in found]


def test_long_reasons_of_a_flow_are_broken_not_cut():
    reason = "patients with " + "a very long reason " * 6
    boxes = [
        FlowBox(name="In the table", counts="100 rows", left_out={}),
        FlowBox(
            name="Patients", counts="12 345 patients, 10 345 events, 23 456 slides", left_out={reason: 12, "others": 3}
        ),
    ]
    height = flow_height_in(boxes)
    found = drawn(lambda area: draw_flow(area, boxes=boxes), 6.9, height)
    assert_inside(found, 6.9, height)
    told = " ".join(text for text, *_ in found)
    assert f"12 {reason.strip()}" in told
    assert "3 others" in told


@pytest.mark.parametrize("longest", [0.4, 1.0, 2.9, 7.0, 13.3, 36.0, 99.0, 240.0, 12345.0])
def test_times_on_an_axis_are_few_round_and_within(longest):
    ticks = time_ticks(longest)
    assert ticks[0] == 0
    assert ticks[-1] <= longest * (1 + 1e-9)
    assert 3 <= len(ticks) <= 9
    steps = np.diff(ticks)
    assert np.allclose(steps, steps[0])
    assert float(f"{steps[0]:.1g}") == pytest.approx(steps[0])


class Saved:
    """Collects the pages of a PDF in place of writing them only."""

    def __init__(self, monkeypatch):
        self.pages = []
        save = backend_pdf.PdfPages.savefig

        def keep(pdf, figure, **how):
            self.pages.append(texts_of(figure))
            save(pdf, figure, **how)

        monkeypatch.setattr(backend_pdf.PdfPages, "savefig", keep)

    @property
    def words(self):
        return "".join("".join(text.split()) for page in self.pages for text, *_ in page)


def strings_of(block):
    match block:
        case Paragraph() | Subtitle():
            return [block.text]
        case Bullets():
            return [part for entry in block.entries for part in entry]
        case Headlines():
            return [text for entry in block.entries for text in (entry.name, entry.value, *entry.below)]
        case Table():
            return [*block.header, *(cell for row in block.rows for cell in row), block.caption]
        case Picture():
            return [block.caption]


def test_the_pdf_holds_every_text_of_the_report_inside_its_pages(finished, tmp_path, monkeypatch):
    saved = Saved(monkeypatch)
    document = document_of(read_finished(finished))
    write_pdf(document, tmp_path / "report.pdf")
    data = (tmp_path / "report.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert data.rstrip().endswith(b"%%EOF")
    assert len(saved.pages) == data.count(b"/Type /Page\n") or len(saved.pages) > 5
    for page in saved.pages:
        assert_inside(page, *PAGE_IN)
        assert max(right for _, _, _, right, _ in page) <= PAGE_IN[0] - SIDE_IN + 0.25
    # set line by line, words are whole, but a line of one column stands between lines of another
    words = saved.words
    for section in document.sections:
        for text in [section.title, *(text for block in section.blocks for text in strings_of(block))]:
            missing = [word for word in text.split() if word not in words and len(word) < 40]
            assert not missing


def test_no_two_lines_of_a_page_stand_on_each_other(tmp_path, monkeypatch):
    saved = Saved(monkeypatch)
    words = "out of many words some lines are made " * 30
    table = Table(
        header=("A", "B"), rows=tuple((f"row {n}", words[: 40 + 9 * n]) for n in range(60)), caption=words[:200]
    )
    blocks = (
        Paragraph(text=words, tone=Tone.WARNING),
        Headlines(entries=tuple(Headline(name=f"n{k}", value="not estimable", below=(words[:90],)) for k in range(4))),
        Bullets(entries=(("Bold beginning.", words), ("Other.", "short"))),
        table,
        Subtitle(text="Below"),
        Paragraph(text=words),
        replace(table, rows=(("x" * 200, "y"),)),
    )
    section = Section(anchor="a", title="A title", blocks=blocks)
    document = Document(title="A title $x$ " * 12, facts=("fact",), banner="banner", sections=(section, section))
    write_pdf(document, tmp_path / "report.pdf")
    assert len(saved.pages) > 3
    for page in saved.pages:
        assert_inside(page, *PAGE_IN)
        for index, (first, left, bottom, right, top) in enumerate(page):
            for second, *box in page[index + 1 :]:
                across = min(right, box[2]) - max(left, box[0])
                along = min(top, box[3]) - max(bottom, box[1])
                assert across < 0.03 or along < 0.03, (first, second)


def test_lines_are_filled_as_far_as_they_go():
    random = np.random.default_rng()
    for _ in range(30):
        text = " ".join("x" * n for n in random.integers(1, 30, random.integers(1, 60)))
        width, first = random.uniform(0.6, 5), random.uniform(0, 0.5)
        lines = wrapped_in(text, width, size=9, first_in=first)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        for line, following in itertools.pairwise(lines):
            taken = first if line is lines[0] else 0
            next_word = following.split(" ")[0]
            if " " in line:
                assert taken + text_width_in(line, size=9) <= width + 1e-6
            if text_width_in(next_word, size=9) < width and next_word in text.split(" "):
                assert taken + text_width_in(f"{line} {next_word}", size=9) > width - 1e-6
    assert wrapped_in("", 1, size=9) == [""]
    assert wrapped_in("5\u00a0s", 0.2, size=9) == ["5\u00a0s"]


def test_columns_take_the_whole_width_and_keep_words_whole():
    long = "many words " * 30
    for rows in ((("a", "b"),), (("word", long),), ((long, long),), (("a" * 30, long),)):
        widths = column_widths_in(Table(header=("Patients", "x"), rows=rows), WIDE_IN, size=8, pad=0.07)
        assert sum(widths) == pytest.approx(WIDE_IN)
        for column, width in enumerate(widths):
            words = [word for row in rows for word in row[column].split()]
            assert max(text_width_in(word, size=8, bold=True) for word in words) <= width
    shares = Table(header=("a", "b"), rows=(("a", "b"),), shares=(0.3, 0.7))
    assert column_widths_in(shares, 10.0, size=8, pad=0.07) == [3.0, 7.0]


def test_numbers_are_written_as_they_are_read():
    assert decimal(0.70049) == "0.700"
    assert decimal(-1.5) == "−1.500"
    assert decimal(None) == "not estimable"
    assert mean_and_sd(0.5, None) == "0.500"
    assert mean_and_sd(None, 0.1) == "not estimable"
    assert [p_value(p) for p in (0.00099, 0.001, 0.0504, 1.0, None)] == [
        "p < 0.001",
        "p = 0.001",
        "p = 0.050",
        "p = 1.000",
        "p not estimable",
    ]
    assert counted(1, "slide") == "1 slide"
    assert counted(1234, "slide") == "1\u202f234 slides"
    assert [listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert TimeUnit(1000).said(365.25) == "12.0 months"
    assert TimeUnit(2000).said(730.5) == "2.0 years"
    assert TimeUnit(2000).rounded(365.25) == "1 year"
    assert TimeUnit(2000).said(None) == "not reached"
