"""Exports: opened by independent readers, with their records; and nothing in them that could identify a patient."""

import base64
import csv
import json
import re
import sys
import zlib
from contextlib import suppress
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from xml.etree import ElementTree as ET

import anndata
import numpy as np
import pandas as pd
import pyarrow.parquet
import pypdf
import pytest
import tifffile
from PIL import Image

from e2evit_model.annotations.geojson import read_regions, write_regions
from e2evit_model.annotations.region import StripRole
from e2evit_model.cli import main
from e2evit_model.errors import OptionError
from e2evit_model.overlay.colors import color_table
from e2evit_model.report.exports import ENDINGS, ExportedSlide, ExportKind, export, record_path
from e2evit_model.report.slide_figure import FigureSettings
from e2evit_model.slides.opening import open_slide
from e2evit_model.tiling.regions import tiles_in_regions
from tests.annotations.shapes import every_kind, square
from tests.inference.models import write_tiny_risk_model
from tests.report.results import LABEL_COLOR, result_of

SECRETS = ("Patient-4711", "secret-name", "1957-03-02", "Mueller")
FORMATS = [(kind, ending) for kind in ExportKind for ending in ENDINGS[kind]]


def small(**changes):
    return FigureSettings(width_mm=80, dpi=72, **changes)


def readable_text(path):
    """Everything that can be read in a file: plain, and what a PDF or a PNG has compressed."""
    content = path.read_bytes()
    parts = [content]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        with suppress(zlib.error):
            parts.append(zlib.decompressobj().decompress(stream))
    if path.suffix == ".png":
        parts.append(repr(Image.open(path).info).encode())
    if path.suffix in (".tiff", ".tif"):
        with tifffile.TiffFile(path) as file:
            pages = [level.keyframe for series in file.series for level in series.levels]
            parts += [f"{tag.name} {tag.value}".encode() for page in pages for tag in page.tags.values()]
    if path.suffix == ".parquet":
        parts.append(repr(pyarrow.parquet.read_table(path).to_pydict()).encode())
        parts.append(repr(pyarrow.parquet.read_schema(path).metadata).encode())
    return b"\n".join(parts).decode("latin-1")


def pixels_in(path):
    """The bytes of every picture that is in a file, RGB where the picture says so."""
    content = path.read_bytes()
    if path.suffix == ".png":
        return [Image.open(path).convert("RGB").tobytes()]
    if path.suffix in (".tiff", ".tif"):
        with tifffile.TiffFile(path) as file:
            return [level.asarray().tobytes() for series in file.series for level in series.levels]
    found = re.findall(rb"data:image/png;base64,([A-Za-z0-9+/=\s]+)", content)
    pictures = [Image.open(BytesIO(base64.b64decode(one))).convert("RGB").tobytes() for one in found]
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        with suppress(zlib.error):
            pictures.append(zlib.decompressobj().decompress(stream))
    return pictures


LABEL = bytes(LABEL_COLOR) * 8  # so many pixels in a row are no accident


@pytest.mark.parametrize(("kind", "ending"), FORMATS)
def test_no_export_tells_who_the_patient_is(one, tmp_path, kind, ending):
    path, record = export(kind, [one], tmp_path / f"out{ending}", figure=small())
    assert record == record_path(path)
    for file in (path, record):
        text = readable_text(file)
        for secret in (*SECRETS, str(tmp_path)):
            assert secret not in text, f"{secret} in {file.name}"
        assert not any(LABEL in pixels for pixels in pixels_in(file)), f"the label's color in {file.name}"
    said = json.loads(record.read_text())
    assert said["export"] == kind.value
    assert said["slides"][0]["slide"]["fingerprint"] == one.result.info.fingerprint


class Tables(HTMLParser):
    """Counts the rows of the tables of a page; a tag that is not closed is an error."""

    def __init__(self, text):
        super().__init__()
        self.rows, self.open = 0, []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.rows += tag == "tr"
        if tag not in ("meta", "img", "br", "hr", "link", "input", "col"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def colors_in(path):
    with Image.open(path) as picture:
        return len(picture.convert("RGB").getcolors(picture.width * picture.height))


def pictures_in(path):
    with tifffile.TiffFile(path) as file:
        return sum(bool(series.asarray().size) for series in file.series)


def features_in(path):
    features = json.loads(path.read_text())["features"]
    return sum(one["type"] == "Feature" and bool(one["geometry"]["coordinates"]) for one in features)


OPEN = {
    ".png": colors_in,
    ".svg": lambda path: len(ET.parse(path).getroot()),
    ".pdf": lambda path: sum(len(one.extract_text()) > 20 for one in pypdf.PdfReader(path, strict=True).pages),
    ".html": lambda path: Tables(path.read_text()).rows,
    ".csv": lambda path: len(pd.read_csv(path)),
    ".parquet": lambda path: pyarrow.parquet.read_table(path).num_rows,
    ".geojson": features_in,
    ".h5ad": lambda path: anndata.read_h5ad(path).n_obs,
    ".tif": pictures_in,
    ".tiff": pictures_in,
}
"""By ending: opens a file with a library that has nothing to do with ours, and counts what is in it."""


@pytest.mark.parametrize(("kind", "ending"), FORMATS)
def test_every_export_opens_in_a_program_of_others(one, tmp_path, kind, ending):
    path, _ = export(kind, [one], tmp_path / f"out{ending}", figure=small())
    expected = {ExportKind.TILES: len(one.result.grid), ExportKind.REGIONS: len(one.regions), ExportKind.HEATMAP: 2}
    found = OPEN[path.suffix](path)
    assert found == expected[kind] if kind in expected else found >= 1


def test_the_scan_itself_finds_what_it_looks_for(tmp_path):
    from e2evit_model.report.sheet import Sheet

    sheet = Sheet(50, 50)
    sheet.box(5, 5, 20, 20, LABEL_COLOR)
    sheet.save(tmp_path / "bad.png")
    assert any(LABEL in pixels for pixels in pixels_in(tmp_path / "bad.png"))
    packed = b"x\nstream\n" + zlib.compress(b"Patient-4711") + b"\nendstream"
    (tmp_path / "bad.pdf").write_bytes(packed)
    label = np.full((64, 64, 3), LABEL_COLOR, np.uint8)
    tifffile.imwrite(tmp_path / "bad.ome.tiff", label, compression="adobe_deflate", description="Patient-4711")
    assert any(LABEL in pixels for pixels in pixels_in(tmp_path / "bad.ome.tiff"))
    assert "Patient-4711" in readable_text(tmp_path / "bad.ome.tiff")
    assert "Patient-4711" in readable_text(tmp_path / "bad.pdf")


def test_a_real_slide_with_label_and_macro_leaves_nothing_of_its_header(shared_data, tmp_path):
    path = shared_data / "slides" / "CMU-1-Small-Region.svs"
    import openslide

    with openslide.OpenSlide(path) as raw:
        header = [
            str(value)
            for key, value in raw.properties.items()
            if key in ("aperio.Filename", "aperio.ScanScope ID", "aperio.User", "aperio.Date", "aperio.ImageID")
        ]
        assert "label" in raw.associated_images
    assert header
    with open_slide(path) as slide:
        result = result_of(slide.info)
    real = ExportedSlide(path=path, mpp=None, result=result, regions=every_kind())
    for kind in ExportKind:
        file, record = export(kind, [real], tmp_path / f"{kind.value}{ENDINGS[kind][0]}", figure=small())
        for text in (readable_text(file), readable_text(record)):
            assert not [
                word
                for word in (*header, "CMU-1", "Aperio Image Library", str(tmp_path))
                if len(word) > 4 and word in text
            ]


def test_tables_hold_every_tile_slide_and_region(one, tmp_path):
    result = one.result
    path, _ = export(ExportKind.TILES, [one], tmp_path / "t.parquet")
    tiles = pd.read_parquet(path)
    np.testing.assert_allclose(tiles["attention"], result.attention)
    assert tiles["times_uniform"].mean() == pytest.approx(1)
    assert set(tiles["model_sha256"]) == {result.model.weights_sha256}
    other = replace(one, result=replace(result, embedding=np.ones(4, np.float32), risk=None, why_no_risk="No head."))
    path, _ = export(ExportKind.EMBEDDING, [one, other], tmp_path / "e.csv")
    rows = list(csv.DictReader(path.open()))
    assert [float(row["embedding_3"]) for row in rows] == [0, 1]
    path, _ = export(ExportKind.RISK, [one, other], tmp_path / "r.csv")
    risks = list(csv.DictReader(path.open()))
    assert float(risks[0]["risk"]) == pytest.approx(-1.8321)
    assert (risks[1]["risk"], risks[1]["why_no_risk"]) == ("", "No head.")
    dangerous = replace(one, regions=(replace(one.regions[0], note="=1+1", class_name="@x"),))
    path, _ = export(ExportKind.REGIONS, [dangerous], tmp_path / "regions.csv")
    (row,) = csv.DictReader(path.open())
    assert (row["note"], row["class"]) == ("'=1+1", "'@x")
    inside = tiles_in_regions(result.grid, one.regions[0].polygons)
    assert int(float(row["tiles"])) == inside.sum()
    assert float(row["attention"]) == pytest.approx(result.attention[inside].sum() / result.attention.sum())
    assert float(row["area_mm2"]) == pytest.approx(0.0625)


def test_regions_come_back_from_their_geojson(one, tmp_path):
    path, _ = export(ExportKind.REGIONS, [one], tmp_path / "regions.geojson")
    assert len(read_regions(path).regions) == len(one.regions)
    measured = json.loads(path.read_text())["features"][0]["properties"]["measurements"]
    assert measured["E2E-ViT: tiles"] > 0


def test_a_report_of_two_slides_has_a_part_for_each(one, tmp_path):
    slides = [replace(one, title="First <case>"), one]
    path, _ = export(ExportKind.REPORT, slides, tmp_path / "r.html", title="Two slides")
    text = path.read_text()
    assert "First &lt;case&gt;" in text
    assert "Slide 2" in text
    assert text.count("data:image/png") >= 4
    assert "img-src data:" in text
    pdf, _ = export(ExportKind.REPORT, slides, tmp_path / "r.pdf")
    assert pdf.stat().st_size > 20_000


@pytest.mark.parametrize(
    ("kind", "count", "name", "sentence"),
    [
        (ExportKind.FIGURE, 1, "f.gif", 'Figure cannot be written as ".gif".'),
        (ExportKind.RISK, 1, "risk", 'Risk cannot be written as "risk".'),
        (ExportKind.HEATMAP, 1, "h.tiff", 'Heat map cannot be written as ".tiff".'),
        (ExportKind.HEATMAP, 1, ".ome.tiff", 'Heat map cannot be written as ".tiff".'),
        (ExportKind.HEATMAP, 2, "h.ome.tiff", "A heat map is of one slide, not of 2."),
        (ExportKind.TILES, 2, "t.csv", "A file of tiles is of one slide, not of 2."),
        (ExportKind.RISK, 0, "r.csv", "There is no analyzed slide to export."),
    ],
)
def test_what_cannot_be_exported_is_a_sentence(one, tmp_path, kind, count, name, sentence):
    with pytest.raises(OptionError) as refused:
        export(kind, [one] * count, tmp_path / name)
    assert refused.value.message == sentence
    assert list(tmp_path.glob("*.provenance.json")) == []


def test_other_refusals(one, tmp_path):
    with pytest.raises(OptionError) as refused:
        export(ExportKind.REGIONS, [replace(one, regions=())], tmp_path / "r.csv")
    assert refused.value.message == "No region is drawn on this slide."
    other = replace(one, result=replace(one.result, model=replace(one.result.model, weights_sha256="ff")))
    with pytest.raises(OptionError) as refused:
        export(ExportKind.EMBEDDING, [one, other], tmp_path / "e.csv")
    assert refused.value.message.startswith("The slides were analyzed by different models")


def test_without_anndata_it_is_said_what_is_missing(one, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(OptionError) as refused:
        export(ExportKind.EMBEDDING, [one], tmp_path / "e.h5ad")
    assert refused.value.message == "AnnData files need the package anndata, which is not installed."


def test_anndata_files_open_in_anndata(one, tmp_path):
    path = tmp_path / "e.h5ad"
    export(ExportKind.EMBEDDING, [one], path)
    data = anndata.read_h5ad(path)
    assert data.shape == (1, 4)
    assert data.obs["slide"].iloc[0] == one.result.info.fingerprint


def test_the_command_writes_a_figure_with_regions(one, tmp_path, capsys):
    write_tiny_risk_model(tmp_path / "model")
    regions = tmp_path / "drawn.geojson"
    write_regions([square(0, 0, 600, role=StripRole.EXCLUDE)], regions, mpp=0.5)
    common = ["--model", str(tmp_path / "model"), "--tissue", "all", "--precision", "fp32"]
    out = tmp_path / "figure.png"
    arguments = ["export", "figure", str(one.path), *common, "--out", str(out), "--regions", str(regions)]
    assert main.run([*arguments, "--dpi", "72", "--width-mm", "80", "--letter", "A"]) == 0
    assert Image.open(out).width == pytest.approx(80 / 25.4 * 72, abs=2)
    record = json.loads(record_path(out).read_text())
    assert len(record["slides"][0]["regions"]["exclude"]) == 1
    assert main.run(["export", "risk", str(one.path), *common, "--out", str(tmp_path / "r.png")]) == 2
    assert 'Risk cannot be written as ".png".' in capsys.readouterr().err


def heat_map_of(path):
    """Open a heat map with tifffile alone: values, colors, and the matrix from its pixels to those of the slide."""
    with tifffile.TiffFile(path) as file:
        values, colors = (series.levels[0].asarray() for series in file.series)
        said = {node.get("K"): node.text for node in ET.fromstring(file.ome_metadata).iter() if node.tag.endswith("}M")}
    matrix = np.array([row.split() for row in said["affine_to_slide_level0_px"].split(";")], float)
    return values, colors, matrix, said


def test_a_heat_map_lies_on_the_slide(one, tmp_path):
    path, record = export(ExportKind.HEATMAP, [one], tmp_path / "map.ome.tiff", figure=small(colors="magma"))
    values, colors, matrix, said = heat_map_of(path)
    grid = one.result.grid
    times = one.result.attention * len(grid)
    table = color_table("magma")
    for number in range(len(grid)):
        x, y, _ = (np.linalg.inv(matrix) @ (grid.x[number] + 112, grid.y[number] + 112, 1)).astype(int)
        assert values[y, x] == pytest.approx(times[number], rel=1e-5)
        np.testing.assert_array_equal(colors[y, x], table[round(255 * min(times[number] / 4, 1)), :3])
    outside = values.shape[0] - 1, values.shape[1] - 1
    assert np.isnan(values[outside])
    assert colors[outside].tolist() == [255, 255, 255]
    assert said["values"] == "times uniform attention"
    assert said["caption"] == "Attention: where the model looked, not why. Research use only."
    about = json.loads(record.read_text())["heat_map"]
    assert np.array_equal(about["affine_to_slide_level0_px"], matrix)
    assert about["range"] == [0, 4]


def test_the_command_writes_layers_that_need_more_runs(one, tmp_path):
    write_tiny_risk_model(tmp_path / "model")
    common = [str(one.path), "--model", str(tmp_path / "model"), "--tissue", "all", "--precision", "fp32"]
    found = {}
    for layer in ("occlusion", "rollout"):
        out = tmp_path / f"{layer}.ome.tiff"
        arguments = [
            "export",
            "heatmap",
            *common,
            "--out",
            str(out),
            "--layer",
            layer,
            "--side",
            "3",
            "--scale",
            "clipped",
        ]
        assert main.run(arguments) == 0
        found[layer], _, _, said = heat_map_of(out)
        assert said["values"] == {"occlusion": "added to the risk", "rollout": "share of the rollout"}[layer]
    squares = np.unique(found["occlusion"][np.isfinite(found["occlusion"])])
    assert 2 < len(squares) < len(np.unique(found["rollout"][np.isfinite(found["rollout"])]))
    assert main.run(["export", "tiles", *common, "--out", str(tmp_path / "t.csv"), "--layer", "rollout"]) == 0
    table = pd.read_csv(tmp_path / "t.csv")
    assert set(np.float32(table["rollout"])) == set(found["rollout"][np.isfinite(found["rollout"])])
