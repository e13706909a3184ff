"""Masks from files: pictures of any kind and size, polygons as QuPath writes them, and everything that does not fit."""

import json

import numpy as np
import pytest
import tifffile
from PIL import Image

from e2evit_model.errors import OutputError, TissueError
from e2evit_model.tissue.finding import find_tissue
from e2evit_model.tissue.mask import Finding, TissueMask
from e2evit_model.tissue.mask_file import mask_to_png, read_mask_file
from e2evit_model.tissue.polygons import Polygon, paint
from tests.tissue.memory_slide import MPP, SHAPE, MemorySlide, Painter, box

LEFT = np.arange(90) < 40  # columns of a mask of 90 x 70 pixels


@pytest.fixture(scope="module")
def slide():
    """A slide of 900 x 700 px at 4 um/px with one piece of tissue."""
    return MemorySlide(Painter().tissue(box(200, 100, 300, 300)).picture(), mpp=MPP)


def left_half(dtype=np.uint8, value=255):
    return np.tile(np.where(LEFT, value, 0).astype(dtype), (70, 1))


def save(path, values, mode=None):
    Image.fromarray(values, mode).save(path)
    return str(path)


def rectangle(left, top, right, bottom):
    return [[left, top], [right, top], [right, bottom], [left, bottom], [left, top]]


def feature(geometry, name=None, **properties):
    if name is not None:
        properties["classification"] = {"name": name, "color": [1, 2, 3]}
    return {
        "type": "Feature",
        "id": "x",
        "geometry": geometry,
        "properties": {"objectType": "annotation", **properties},
    }


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def write_geojson(path, *features):
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}))
    return str(path)


class TestPictures:
    @pytest.mark.parametrize(
        ("suffix", "values"),
        [
            (".png", left_half()),
            (".png", left_half(value=1)),
            (".png", left_half(bool, 1)),
            (".png", left_half(np.uint16, 60_000)),
            (".tif", left_half(np.uint16, 1)),
            (".tif", left_half(np.float32, 1)),
            (".png", np.repeat(left_half()[..., np.newaxis], 3, axis=2)),
            (".jpg", left_half()),
            (".bmp", left_half()),
        ],
    )
    def test_white_is_tissue(self, slide, tmp_path, suffix, values):
        mask = find_tissue(slide, method=save(tmp_path / f"mask{suffix}", values))
        np.testing.assert_array_equal(mask.tissue, np.tile(LEFT, (70, 1)))
        assert mask.downsample == 10
        assert mask.mpp == 40
        assert mask.method == f"file: mask{suffix}"

    def test_every_label_but_0_is_tissue(self, slide, tmp_path):
        labels = left_half(value=3)
        labels[:10, :10], labels[10:20, :10] = 1, 2
        mask = find_tissue(slide, method=save(tmp_path / "labels.png", labels))
        np.testing.assert_array_equal(mask.tissue, np.tile(LEFT, (70, 1)))

    def test_labels_in_16_bit(self, slide, tmp_path):
        labels = left_half(np.uint16, 3)
        labels[:10, :10], labels[10:20, :10] = 1, 2
        tifffile.imwrite(tmp_path / "labels.tif", labels)
        mask = find_tissue(slide, method=str(tmp_path / "labels.tif"))
        np.testing.assert_array_equal(mask.tissue, np.tile(LEFT, (70, 1)))

    def test_grays_are_parted_in_the_middle(self, slide, tmp_path):
        gray = np.tile(np.linspace(0, 255, 90).astype(np.uint8), (70, 1))
        mask = find_tissue(slide, method=save(tmp_path / "gray.png", gray))
        np.testing.assert_array_equal(mask.tissue, gray > 127)

    def test_a_palette_is_looked_up(self, slide, tmp_path):
        picture = Image.fromarray(left_half(value=1)).convert("P")
        picture.putpalette([255, 255, 255, 0, 0, 0])  # index 0 is white
        picture.save(tmp_path / "palette.png")
        mask = find_tissue(slide, method=str(tmp_path / "palette.png"))
        np.testing.assert_array_equal(mask.tissue, ~np.tile(LEFT, (70, 1)))

    @pytest.mark.parametrize(("height", "width"), [(69, 90), (71, 90), (7, 9), (700, 900), (1400, 1800)])
    def test_any_size_of_the_same_shape_fits(self, slide, tmp_path, height, width):
        values = np.zeros((height, width), dtype=np.uint8)
        values[:, : width // 3] = 255
        mask = find_tissue(slide, method=save(tmp_path / "mask.png", values))
        assert mask.findings.shape == (int(np.ceil(700 / mask.downsample)), width)
        assert mask.tissue.mean() == pytest.approx(1 / 3, abs=0.01)
        assert mask.tissue[:, 0].all()

    def test_another_shape_does_not_fit(self, slide, tmp_path):
        with pytest.raises(TissueError) as caught:
            find_tissue(slide, method=save(tmp_path / "other.png", np.full((90, 70), 255, dtype=np.uint8)))
        assert (
            caught.value.message
            == "other.png does not fit the slide: the mask has 70 x 90 pixels, the slide 900 x 700."
        )
        assert caught.value.hint == "A mask must show the whole slide, at any size."

    @pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
    def test_what_is_no_picture_is_refused(self, slide, tmp_path, content):
        (tmp_path / "broken.png").write_bytes(content)
        with pytest.raises(TissueError) as caught:
            find_tissue(slide, method=str(tmp_path / "broken.png"))
        assert caught.value.message == "broken.png is neither a picture nor GeoJSON that can be read as a mask."
        assert caught.value.hint == "Give a PNG in which tissue is white, or GeoJSON polygons from QuPath."

    def test_a_picture_cut_short_is_refused(self, slide, tmp_path):
        path = tmp_path / "cut.png"
        save(path, np.random.default_rng(0).integers(0, 255, (70, 90), dtype=np.uint8))
        path.write_bytes(path.read_bytes()[:2000])
        with pytest.raises(TissueError, match=r"^cut.png is neither a picture nor GeoJSON"):
            find_tissue(slide, method=str(path))

    def test_a_picture_with_too_many_pixels_is_refused(self, slide, tmp_path, monkeypatch):
        monkeypatch.setattr("e2evit_model.tissue.mask_file.MOST_PIXELS", 1000)
        with pytest.raises(TissueError) as caught:
            find_tissue(slide, method=save(tmp_path / "large.png", left_half()))
        assert caught.value.message == "large.png has too many pixels for a mask."

    def test_a_decompression_bomb_is_refused(self, slide, tmp_path, monkeypatch):
        monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
        with pytest.raises(TissueError, match=r"^bomb.png has too many pixels for a mask.$"):
            find_tissue(slide, method=save(tmp_path / "bomb.png", left_half()))

    def test_a_mask_that_is_all_black_has_no_tissue(self, slide, tmp_path):
        with pytest.raises(TissueError, match=r"^No tissue found on this slide.$"):
            find_tissue(slide, method=save(tmp_path / "black.png", left_half(value=0)))


class TestOwnPictures:
    def test_every_finding_is_read_back(self, slide, tmp_path):
        findings = np.random.default_rng(0).integers(0, len(Finding), (70, 90), dtype=np.uint8)
        mask_to_png(TissueMask(findings=findings, downsample=10.0, mpp=40.0, method="test"), tmp_path / "own.png")
        np.testing.assert_array_equal(find_tissue(slide, method=str(tmp_path / "own.png")).findings, findings)

    def test_it_shows_each_finding_in_its_color(self, tmp_path):
        findings = np.arange(len(Finding), dtype=np.uint8)[np.newaxis]
        mask_to_png(TissueMask(findings=findings, downsample=1.0, mpp=None, method="test"), tmp_path / "own.png")
        colors = np.array(Image.open(tmp_path / "own.png").convert("RGB"))[0]
        assert len(np.unique(colors, axis=0)) == len(Finding)
        np.testing.assert_array_equal(colors[Finding.BACKGROUND], [255, 255, 255])

    def test_it_cannot_be_written_where_a_file_is_in_the_way(self, tmp_path):
        (tmp_path / "taken").write_text("")
        mask = TissueMask(findings=np.zeros((2, 2), dtype=np.uint8), downsample=1.0, mpp=None, method="test")
        with pytest.raises(OutputError, match=r"^own.png could not be written"):
            mask_to_png(mask, tmp_path / "taken" / "own.png")


class TestGeoJson:
    def tissue_box(self, mask):
        rows, columns = np.nonzero(mask.tissue)
        scale = mask.downsample
        return [columns.min() * scale, rows.min() * scale, (columns.max() + 1) * scale, (rows.max() + 1) * scale]

    @pytest.mark.parametrize(
        "content",
        [
            {"type": "FeatureCollection", "features": [feature(polygon(rectangle(100, 50, 400, 300)))]},
            [feature(polygon(rectangle(100, 50, 400, 300)), "Tumor")],
            feature(polygon(rectangle(100, 50, 400, 300)), classification={"names": ["Tumor", "deep"]}),
            feature(polygon(rectangle(100, 50, 400, 300)), classification="Tissue"),
            feature(polygon(rectangle(100, 50, 400, 300)), classification={"name": None}),
            polygon(rectangle(100, 50, 400, 300)),
            {"type": "MultiPolygon", "coordinates": [[rectangle(100, 50, 400, 200)], [rectangle(200, 190, 300, 300)]]},
            {"type": "GeometryCollection", "geometries": [polygon(rectangle(100, 50, 400, 300))]},
            [{"type": "Feature", "geometry": polygon(rectangle(100, 50, 400, 300)), "properties": None}],
            polygon([[x, y, 0] for x, y in rectangle(100, 50, 400, 300)]),
        ],
    )
    def test_every_form_of_geojson(self, slide, tmp_path, content):
        (tmp_path / "drawn.geojson").write_text("\ufeff" + json.dumps(content), encoding="utf-8")
        mask = find_tissue(slide, method=str(tmp_path / "drawn.geojson"))
        np.testing.assert_allclose(self.tissue_box(mask), [100, 50, 400, 300], atol=mask.downsample / 2)
        assert mask.method == "file: drawn.geojson"
        assert mask.mpp == pytest.approx(mask.downsample * MPP)

    def test_a_hole_is_no_tissue_and_a_part_in_the_hole_is(self, slide, tmp_path):
        path = write_geojson(
            tmp_path / "drawn.json",
            feature(polygon(rectangle(100, 100, 700, 600), rectangle(200, 200, 600, 500))),
            feature(polygon(rectangle(300, 300, 500, 400))),
        )
        mask = find_tissue(slide, method=path)
        at = {
            x: bool(mask.tissue[int(350 / mask.downsample), int(x / mask.downsample)]) for x in (50, 150, 250, 400, 650)
        }
        assert at == {50: False, 150: True, 250: False, 400: True, 650: True}

    @pytest.mark.parametrize(
        ("name", "finding"),
        [
            ("Exclude", Finding.EXCLUDED),
            ("ignore", Finding.EXCLUDED),
            ("Ignore*", Finding.EXCLUDED),
            ("Pen", Finding.PEN),
            ("Artefact", Finding.DEBRIS),
        ],
    )
    def test_what_is_left_out_wins_whatever_the_order(self, slide, tmp_path, name, finding):
        tissue = feature(polygon(rectangle(100, 100, 700, 600)), "Tissue")
        out = feature(polygon(rectangle(300, 300, 500, 400)), name)
        for features in ([tissue, out], [out, tissue]):
            mask = find_tissue(slide, method=write_geojson(tmp_path / "drawn.geojson", *features))
            assert mask.findings[int(350 / mask.downsample), int(400 / mask.downsample)] == finding
            assert mask.findings[int(150 / mask.downsample), int(400 / mask.downsample)] == Finding.TISSUE

    def test_a_file_that_only_leaves_out_goes_over_otsu(self, slide, tmp_path):
        path = write_geojson(tmp_path / "out.geojson", feature(polygon(rectangle(100, 200, 250, 500)), "Ignore*"))
        mask, whole = find_tissue(slide, method=path), find_tissue(slide)
        assert mask.method == f"{whole.method}, without file: out.geojson"
        assert mask.area_mm2() == pytest.approx(whole.area_mm2() / 2, rel=0.1)
        assert mask.area_mm2(Finding.EXCLUDED) == pytest.approx(150 * 300 * (MPP / 1000) ** 2, rel=0.05)

    def test_points_and_lines_are_passed_over(self, slide, tmp_path):
        path = write_geojson(
            tmp_path / "drawn.geojson",
            feature({"type": "Point", "coordinates": [5, 5]}),
            feature({"type": "LineString", "coordinates": [[5, 5], [6, 6]]}),
            {"type": "Feature", "geometry": None, "properties": {}},
            feature(polygon(rectangle(100, 50, 400, 300))),
        )
        assert find_tissue(slide, method=path).tissue.mean() == pytest.approx(300 * 250 / (900 * 700), rel=0.02)

    def test_a_polygon_may_reach_a_little_over_the_border(self, slide, tmp_path):
        path = write_geojson(tmp_path / "drawn.geojson", feature(polygon(rectangle(-20, -20, 450, 720))))
        assert find_tissue(slide, method=path).tissue.mean() == pytest.approx(0.5, abs=0.01)

    def test_polygons_of_another_slide_are_refused(self, slide, tmp_path):
        path = write_geojson(tmp_path / "other.geojson", feature(polygon(rectangle(5000, 5000, 9000, 9000))))
        with pytest.raises(TissueError) as caught:
            find_tissue(slide, method=path)
        assert caught.value.message == "The polygons in other.geojson lie beyond the slide."
        assert caught.value.hint == (
            "They must be of this slide, and in pixels of its finest level, as QuPath exports them."
        )

    def test_a_file_without_polygons_is_refused(self, slide, tmp_path):
        with pytest.raises(TissueError) as caught:
            find_tissue(slide, method=write_geojson(tmp_path / "none.geojson"))
        assert caught.value.message == "There is no polygon in none.geojson."

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "{",
            "7",
            "null",
            "[7]",
            '"text"',
            "{}",
            '{"type": "Feature"}',
            '{"type": "Circle"}',
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}',
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, "a"], [5, 5]]]}',
            '{"type": "Polygon", "coordinates": [[[0, 0], [1, NaN], [5, 5]]]}',
            '{"type": "Polygon", "coordinates": [[[0], [1], [5]]]}',
            '{"type": "Polygon", "coordinates": 5}',
            '{"type": "Feature", "properties": [1], "geometry": {"type": "Point"}}',
            "[" * 100_000,
        ],
    )
    def test_what_is_no_geojson_is_refused(self, slide, tmp_path, text):
        (tmp_path / "broken.geojson").write_text(text)
        with pytest.raises(TissueError) as caught:
            find_tissue(slide, method=str(tmp_path / "broken.geojson"))
        assert caught.value.message == "broken.geojson is not GeoJSON with polygons."
        assert caught.value.hint == "Export the annotations of the slide from QuPath as GeoJSON, and give that file."

    def test_a_file_that_may_not_be_read(self, slide, tmp_path, monkeypatch):
        def refuse(*args, **kwargs):
            raise PermissionError(13, "Permission denied")

        (tmp_path / "locked.geojson").write_text("{}")
        monkeypatch.setattr("pathlib.Path.read_text", refuse)
        with pytest.raises(
            TissueError, match=r"^The mask file locked.geojson could not be read \(Permission denied\).$"
        ):
            find_tissue(slide, method=str(tmp_path / "locked.geojson"))

    def test_a_binary_file_is_refused(self, slide, tmp_path):
        (tmp_path / "broken.geojson").write_bytes(bytes(range(256)))
        with pytest.raises(TissueError, match=r"^broken.geojson is not GeoJSON with polygons.$"):
            find_tissue(slide, method=str(tmp_path / "broken.geojson"))


def test_painting_takes_pixels_whose_centre_is_inside():
    painted = np.zeros((6, 8), dtype=np.uint8)
    paint(painted, Polygon(outer=np.array([[10, 10], [39, 10], [39, 31], [10, 31]], dtype=float)), 2, 10.0)
    wanted = np.zeros((6, 8), dtype=np.uint8)
    wanted[1:3, 1:4] = 2
    np.testing.assert_array_equal(painted, wanted)


def test_findings_are_laid_over_another_raster(slide, tmp_path):
    drawn = read_mask_file(tmp_path / save(tmp_path / "mask.png", left_half()), slide.info)
    laid = drawn.laid_over((36, 46), 20.0)
    assert laid.shape == (36, 46)
    np.testing.assert_array_equal(laid[:35, :45] > 0, np.tile(np.arange(45) < 20, (35, 1)))
    assert not laid[35:].any()
    assert SHAPE == (700, 900)
