import dataclasses

import numpy as np
import pytest
from PIL import Image

from e2evit_model.report import sheet as sheets
from e2evit_model.report.tissue_figure import LOOKS, area_said, draw_findings, findings_at, tissue_figure
from e2evit_model.tissue.mask import Finding
from tests.report.results import mask_of, open_small


def test_every_finding_has_a_color_of_its_own():
    assert set(LOOKS) == set(Finding)
    assert len({color for color, _, _ in LOOKS.values()}) == len(Finding)


@pytest.mark.parametrize("downsample", [1.25, 8.0, 40.0])
def test_findings_are_those_under_the_pixels(downsample):
    mask = mask_of()
    shape = (int(1400 / downsample), int(2000 / downsample))
    found = findings_at(mask, shape, downsample)
    for y, x in np.random.default_rng(1).integers(0, shape, (200, 2)):
        row, column = int((y + 0.5) * downsample / 32), int((x + 0.5) * downsample / 32)
        assert found[y, x] == mask.findings[row, column]


def test_what_was_left_out_is_tinted_and_tissue_is_not():
    picture = np.full((350, 500, 3), 240, np.uint8)
    drawn = np.asarray(draw_findings(picture, 4.0, mask_of()))
    assert drawn[150, 200].tolist() == [240, 240, 240]  # inside the tissue
    assert drawn[340, 480].tolist() == [240, 240, 240]  # glass
    tint = 0.62 * 240 + 0.38 * np.array(LOOKS[Finding.PEN][0])
    np.testing.assert_allclose(drawn[64, 420], tint, atol=1)
    blue = (drawn == np.array(LOOKS[Finding.TISSUE][0])).all(axis=2)
    border = np.abs(np.flatnonzero(blue[100]) - 40).min(), np.abs(np.flatnonzero(blue[100]) - 320).min()
    assert max(border) <= 4
    assert picture.min() == 240


def test_the_legend_says_what_was_found_and_how_much(tmp_path, monkeypatch):
    written = []
    plain = sheets.Sheet.text
    monkeypatch.setattr(
        sheets.Sheet, "text", lambda self, x, y, text, **h: (written.append(text), plain(self, x, y, text, **h))
    )
    mask = mask_of()
    mask.findings[mask.findings == Finding.EXCLUDED] = Finding.TISSUE
    with open_small(tmp_path) as slide:
        tissue_figure(slide, mask, tmp_path / "tissue.png", title="Case 7")
    assert "tissue, 0.224 mm²" in written
    assert "pen, 0.0269 mm²" in written
    assert "too small, 0.00102 mm²" in written
    assert not any(text.startswith("excluded") for text in written)
    assert "Found by otsu." in written
    assert "Research use only." in written
    assert written[0] == "Case 7"
    assert not any("secret-name" in text for text in written)
    assert Image.open(tmp_path / "tissue.png").info == {}


def test_areas_are_shares_while_the_resolution_is_unknown():
    mask = mask_of()
    share = 100 * np.mean(mask.findings == Finding.PEN)
    assert area_said(mask_of(mpp=None), Finding.PEN) == f"{share:.1f} %"
    assert area_said(mask_of(mpp=None), Finding.PEN) == "3.8 %"
    assert area_said(dataclasses.replace(mask, mpp=2.0), Finding.TOO_SMALL) == "under 0.001 mm²"
