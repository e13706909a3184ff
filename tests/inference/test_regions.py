"""Regions in an analysis: against reading only the tiles that are kept; the slide is read once for any regions."""

import json
from dataclasses import replace

import numpy as np
import pytest

from e2evit_model.annotations.geojson import write_regions
from e2evit_model.annotations.region import StripRole
from e2evit_model.annotations.selection import Correction, CorrectionKind
from e2evit_model.annotations.slide_regions import SlideRegions
from e2evit_model.cli import main
from e2evit_model.errors import TilingError
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import load_model
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.slides.opening import open_slide
from e2evit_model.strip import cache
from e2evit_model.strip.reading import mean_patches
from tests.annotations.shapes import square
from tests.inference.models import write_tiny_risk_model
from tests.slide_files import tissue_like, write_pyramid

KEPT = AnalysisSettings(tissue="all", precision="fp32", device="cpu")


@pytest.fixture
def slide(tmp_path):
    return write_pyramid(tmp_path / "case.tiff", tissue_like(700, 1000, seed=3), mpp=0.5, levels=2)


@pytest.fixture
def model(tmp_path):
    write_tiny_risk_model(tmp_path / "model")
    return load_model(ModelChoice(source=str(tmp_path / "model")))


def drawn(*regions, corrections=()):
    return replace(KEPT, selection=SlideRegions(regions=regions, corrections=corrections).selection())


def test_excluded_tiles_are_as_if_never_read(slide, model):
    whole = analyze_slide(slide, KEPT, model)
    settings = drawn(square(200, 0, 300, role=StripRole.EXCLUDE), square(0, 0, 690, role=StripRole.INCLUDE))
    part = analyze_slide(slide, settings, model)
    x, y = whole.grid.x + 112, whole.grid.y + 112
    wanted = (x < 690) & (y < 690) & ~((x > 200) & (x < 500) & (y < 300))
    assert 0 < wanted.sum() < len(whole.grid)
    np.testing.assert_array_equal(part.grid.x, whole.grid.x[wanted])
    np.testing.assert_array_equal(part.grid.y, whole.grid.y[wanted])
    with open_slide(slide) as opened:
        alone = mean_patches(opened, whole.grid.subset(wanted), patch_sizes=(16,))
    encoding = model.encoder(0, model.conversion).encode(
        alone.means(16), part.grid.column, part.grid.row, device="cpu", precision="fp32"
    )
    np.testing.assert_allclose(part.embedding, encoding.embedding, atol=1e-6)
    np.testing.assert_allclose(part.attention, encoding.attention, atol=1e-7)
    assert part.risk.risk != whole.risk.risk


def test_other_regions_do_not_read_the_slide_again(slide, model, monkeypatch):
    reads = []
    monkeypatch.setattr(
        cache, "mean_patches", lambda slide, grid, **how: reads.append(len(grid)) or mean_patches(slide, grid, **how)
    )
    for side in (230, 460, 700):
        analyze_slide(slide, drawn(square(0, 0, side, role=StripRole.EXCLUDE)), model)
    assert reads == [12]


def test_corrections_of_the_tissue_lay_other_tiles(slide, model):
    stroke = Correction(kind=CorrectionKind.REMOVE, polygons=square(0, 0, 448).polygons)
    result = analyze_slide(slide, drawn(corrections=(stroke,)), model)
    assert len(result.grid) == 12 - 4
    assert result.mask.method.endswith(", corrected by hand")


def test_the_record_says_what_was_drawn(slide, model):
    settings = drawn(square(200, 0, 300, role=StripRole.EXCLUDE))
    record = json.loads(json.dumps(analyze_slide(slide, settings, model).record))
    assert record["regions"] == settings.selection.to_record()
    assert record["tiles"]["n"] == 11
    assert analyze_slide(slide, KEPT, model).record["regions"] is None


def test_regions_that_leave_nothing_are_refused_before_reading(slide, model, monkeypatch):
    monkeypatch.setattr(cache, "mean_patches", lambda *a, **k: pytest.fail("the slide was read"))
    with pytest.raises(TilingError) as refused:
        analyze_slide(slide, drawn(square(0, 0, 2000, role=StripRole.EXCLUDE)), model)
    assert refused.value.message == "No tile is left: the regions exclude all of them."


def test_settings_with_regions_become_a_record_and_back():
    settings = drawn(square(role=StripRole.EXCLUDE))
    assert AnalysisSettings.from_record(json.loads(json.dumps(settings.to_record()))) == settings
    assert settings != KEPT


def test_the_command_line_takes_a_geojson_file(slide, tmp_path, capsys):
    write_tiny_risk_model(tmp_path / "model")
    regions = tmp_path / "regions.geojson"
    write_regions([square(0, 0, 448, role=StripRole.INCLUDE)], regions, mpp=0.5)
    arguments = [
        "analyze",
        str(slide),
        "--model",
        str(tmp_path / "model"),
        "--out",
        str(tmp_path / "out"),
        "--tissue",
        "all",
    ]
    assert main.run([*arguments, "--regions", str(regions), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tiles"]["n"] == 4
    assert main.run([*arguments, "--regions", str(tmp_path / "gone.geojson")]) == 2
    assert "gone.geojson could not be read" in capsys.readouterr().err
    write_regions([square(0, 0, 448)], regions, mpp=0.5)
    assert main.run([*arguments, "--regions", str(regions)]) == 2
    assert "No region of regions.geojson is included or excluded." in capsys.readouterr().err
