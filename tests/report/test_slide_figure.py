"""Figures of a slide for a paper: size, parts, what is hidden, contours."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from PIL import Image

from e2evit_model.report.exports import ExportKind, export
from e2evit_model.report.slide_figure import FigureSettings


def small(**changes):
    return FigureSettings(width_mm=80, dpi=72, **changes)


def test_figures_have_the_size_and_the_parts_that_were_asked_for(one, tmp_path):
    settings = small(letter="B", title="Case $x$ & <b>", tissue_outline=True)
    png, _ = export(ExportKind.FIGURE, [one], tmp_path / "f.png", figure=replace(settings, dpi=150))
    with Image.open(png) as picture:
        assert picture.width == pytest.approx(80 / 25.4 * 150, abs=2)
        assert picture.info["dpi"][0] == pytest.approx(150, abs=0.5)
    svg, _ = export(ExportKind.FIGURE, [one], tmp_path / "f.svg", figure=settings)
    texts = ["".join(node.itertext()).strip() for node in ET.parse(svg).iter("{http://www.w3.org/2000/svg}text")]
    assert {"B", "Case $x$ & <b>"} <= set(texts)
    assert any(text.endswith("µm") for text in texts)
    assert "4×" in texts
    assert any("not why" in text for text in texts)
    bare = small(scale_bar=False, color_bar=False, caption=False, overlay=False, draw_regions=False)
    svg, _ = export(ExportKind.FIGURE, [one], tmp_path / "bare.svg", figure=bare)
    assert not list(ET.parse(svg).iter("{http://www.w3.org/2000/svg}text"))
    pdf, _ = export(ExportKind.FIGURE, [one], tmp_path / "f.pdf", figure=settings)
    assert pdf.read_bytes().startswith(b"%PDF-")


def test_a_figure_hides_what_lies_below_the_range_and_draws_contours(one, tmp_path):
    plain = small(scale_bar=False, color_bar=False, caption=False, draw_regions=False, opacity=1, scale="rank")

    def pixels(name, settings):
        path, _ = export(ExportKind.FIGURE, [one], tmp_path / name, figure=settings)
        return np.asarray(Image.open(path).convert("RGB")).astype(int)

    bare = pixels("bare.png", replace(plain, overlay=False))
    whole = pixels("whole.png", plain)
    half = pixels("half.png", replace(plain, lowest=0.5, hide_below=True))
    colored = replace(plain, lowest=0.5)
    kept = pixels("kept.png", colored)
    hidden = np.abs(half - bare).max(axis=2) == 0
    shown = np.abs(half - kept).max(axis=2) == 0
    covered = np.abs(whole - bare).max(axis=2) > 8
    # attention grows along the strip, so half of the tiles stay
    assert (hidden & covered).sum() == pytest.approx(covered.sum() / 2, rel=0.1)
    assert (shown & covered).sum() == pytest.approx(covered.sum() / 2, rel=0.15)

    def paths(name, settings):
        path, _ = export(ExportKind.FIGURE, [one], tmp_path / name, figure=settings)
        return sum(1 for _ in ET.parse(path).iter("{http://www.w3.org/2000/svg}path"))

    assert paths("lines.svg", replace(plain, contours=3)) >= paths("none.svg", plain) + 6, "each line dark under bright"
