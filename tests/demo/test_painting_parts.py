import numpy as np
import pytest
from scipy import ndimage
from scipy.spatial import cKDTree

from e2evit_model.demo.painting_anatomy import lay_out
from e2evit_model.demo.painting_cells import along_contours, epithelial_cells
from e2evit_model.demo.painting_fields import CELL_UM, Window, at, enlarge, grain, lattice, waves
from e2evit_model.demo.painting_nuclei import COLUMNAR, DIRECTIONS, make_bank, press, tumor_kind
from e2evit_model.demo.painting_stain import EOSIN, EOSIN_UNIT, GLASS, HEMATOXYLIN, HEMATOXYLIN_UNIT, stain, stain_table


@pytest.fixture
def random():
    return np.random.default_rng(5)


@pytest.mark.parametrize(("x", "y", "mpp"), [(0, 0, 0.5), (37, 91, 0.25), (333, 200, 0.5), (120, 13, 1.7)])
def test_linear_enlargement_is_that_of_scipy(random, x, y, mpp):
    field = random.random((60, 80), dtype=np.float32)
    got = enlarge(field, Window(x=x, y=y, width=50, height=40, mpp=mpp))
    rows = (y + np.arange(40) + 0.5) * mpp / CELL_UM - 0.5
    columns = (x + np.arange(50) + 0.5) * mpp / CELL_UM - 0.5
    expected = ndimage.map_coordinates(field, np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest")
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_smooth_enlargement_goes_through_the_cells_and_keeps_straight_slopes(random):
    field = random.random((20, 30), dtype=np.float32)
    same = enlarge(field, Window(x=0, y=0, width=30, height=20, mpp=CELL_UM), smooth=True)
    np.testing.assert_allclose(same, field, atol=1e-6)
    slope = np.tile(np.arange(30, dtype=np.float32), (20, 1))
    fine = enlarge(slope, Window(x=40, y=40, width=60, height=10, mpp=CELL_UM / 10), smooth=True)
    np.testing.assert_allclose(fine[0], (40 + np.arange(60) + 0.5) / 10 - 0.5, atol=1e-5)


def test_waves_and_grain_have_standard_deviation_1_and_grain_has_no_seam(random):
    assert waves(random, (90, 70), 9.0).shape == (90, 70)
    noise = grain(random, 128, 3.0)
    assert noise.std() == pytest.approx(1, abs=1e-3)
    across_seam = np.abs(noise[0] - noise[-1]).mean()
    inside = np.abs(np.diff(noise, axis=0)).mean()
    assert across_seam < 1.5 * inside


def test_points_of_a_lattice_keep_their_distance(random):
    points = lattice(random, 400, 300, 10)
    distances = cKDTree(points).query(points, k=2)[0][:, 1]
    assert distances.min() > 3.5
    assert len(points) == pytest.approx(400 * 300 / (10 * 8.66), rel=0.1)


def test_points_outside_take_the_nearest_cell():
    field = np.arange(6.0).reshape(2, 3)
    assert at(field, np.array([-5.0, 100.0]), np.array([1.0, 100.0])).tolist() == [0.0, 5.0]


def test_cells_stand_along_a_contour_and_point_outwards(random):
    y, x = np.mgrid[0:100, 0:100].astype(np.float32)
    field = np.hypot(x - 49.5, y - 49.5) * CELL_UM
    cells = along_contours(field, 120.0, 6.0, random)
    offset = cells.points - 50 * CELL_UM
    np.testing.assert_allclose(np.hypot(*offset.T), 120, atol=1.0)
    assert len(cells.points) == pytest.approx(2 * np.pi * 120 / 6, abs=3)
    outwards = np.arctan2(offset[:, 1], offset[:, 0])
    assert np.cos(cells.direction - outwards).min() > 0.98


def test_a_contour_that_is_not_there_has_no_cells(random):
    assert along_contours(np.zeros((10, 10), np.float32), 5.0, 3.0, random).points.shape == (0, 2)


def test_stain_follows_the_law_of_beer_and_lambert():
    table = stain_table()
    for h, e in [(0, 0), (100, 0), (0, 100), (60, 40)]:
        density = h / HEMATOXYLIN_UNIT * HEMATOXYLIN + e / EOSIN_UNIT * EOSIN
        np.testing.assert_allclose(table[256 * h + e], GLASS * 10**-density, atol=0.6)
    planes = np.array([[0, 100]], np.uint8), np.array([[0, 40]], np.uint8)
    assert np.array_equal(stain(*planes, table)[0], table[[0, 256 * 100 + 40]])
    assert table.min() >= 4
    assert table.max() <= 251
    assert np.linalg.norm([HEMATOXYLIN, EOSIN], axis=1) == pytest.approx([1, 1], abs=0.01)


def test_nuclei_have_their_size_and_direction():
    bank = make_bank(COLUMNAR, 0.25)
    assert len(bank.hematoxylin) == COLUMNAR.shapes
    for shape in bank.hematoxylin:
        assert len(shape) == DIRECTIONS
        for turn, picture in enumerate(shape):
            y, x = np.nonzero(picture > 40)
            area = len(x) * 0.25**2
            assert area == pytest.approx(np.pi / 4 * COLUMNAR.length_um * COLUMNAR.width_um, rel=0.6)
            values, vectors = np.linalg.eigh(np.cov(x, y))
            assert values[1] > 1.8 * values[0]
            angle = np.arctan2(vectors[1, 1], vectors[0, 1]) - turn * np.pi / DIRECTIONS
            assert abs(np.cos(angle)) > 0.93


def test_a_higher_grade_draws_larger_nuclei_of_more_different_sizes():
    areas = {}
    for grade in (0.0, 1.0):
        bank = make_bank(tumor_kind(grade), 0.5)
        areas[grade] = np.array([np.count_nonzero(shape[0] > 40) for shape in bank.hematoxylin])
    assert areas[1.0].mean() > 1.6 * areas[0.0].mean()
    assert areas[1.0].std() / areas[1.0].mean() > 1.3 * areas[0.0].std() / areas[0.0].mean()


def test_pressing_is_the_maximum_and_leaves_out_what_reaches_over_the_border(random):
    picture = np.full((3, 3), 9, np.uint8)
    plane = np.zeros((10, 10), np.uint8)
    plane[4, 4] = 20
    press(plane, [picture] * 3, np.array([[4.7, 4.2], [0.0, 5.0], [9.9, 9.9]]), np.maximum)
    expected = np.zeros((10, 10), np.uint8)
    expected[3:6, 3:6] = 9
    expected[4, 4] = 20
    assert np.array_equal(plane, expected)


def test_epithelial_nuclei_lie_in_epithelium_of_their_kind(random):
    anatomy = lay_out(1500, 1200, grade=0.5, lymphocytes=0.5, random=random)
    normal, tumor = epithelial_cells(anatomy, 0.5, random)
    for cells, in_tumor in ((normal, False), (tumor, True)):
        assert len(cells.points) > 100
        way_in = at(anatomy.epithelium, *cells.points.T)
        assert np.mean(way_in > -2) > 0.97
        assert np.mean(at(anatomy.is_tumor, *cells.points.T) == in_tumor) > 0.95
    assert cKDTree(tumor.points).query(tumor.points, k=2)[0][:, 1].min() > 4.4
