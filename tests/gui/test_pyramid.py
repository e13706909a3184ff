import numpy as np
import pytest

from e2evit_gui.viewer.pyramid import COARSEST_PX, DAMAGED_GRAY, LARGEST_TILE, WIDEST_GAP, Pyramid, TileKey
from e2evit_model.slides.opening import open_slide
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff, write_pyramid


@pytest.fixture(scope="module")
def flat_file(tmp_path_factory):
    """A file of one level, large enough to need levels that the file cannot decode by itself."""
    return write_jpeg_tiff(
        tmp_path_factory.mktemp("flat") / "flat.tiff", tissue_like(300, 8800), tile=256, levels=1, quality=80
    )


def read_whole(pyramid, level):
    """Put all tiles of a level together, each read the naive way."""
    one = pyramid.levels[level]
    picture = np.zeros((one.height, one.width, 3), np.uint8)
    for row in range(one.rows):
        for column in range(one.columns):
            pixels = read(pyramid, TileKey(level, column, row))
            y, x = row * one.tile_height, column * one.tile_width
            picture[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
    return picture


def read(pyramid, key):
    return pyramid.read(key, lambda finer: read(pyramid, finer))


def test_the_files_own_levels_are_painted_as_they_are(slide_file):
    with open_slide(slide_file) as slide:
        pyramid = Pyramid(slide)
        assert [level.downsample for level in pyramid.levels] == [1.0, 2.0, 4.0]
        assert pyramid.note == ""
        for number, level in enumerate(slide.info.levels):
            expected = slide.read_region(0, 0, number, level.width, level.height)
            assert np.array_equal(read_whole(pyramid, number), expected)


LACKS = "The file lacks some levels of its pyramid: they are averaged from finer ones."


@pytest.mark.parametrize(("left_out", "note"), [((), ""), ((1, 3), ""), ((1, 2, 3), LACKS)])
def test_levels_are_made_between_those_that_a_scanner_leaves_out(tmp_path, left_out, note):
    path = write_pyramid(tmp_path / "gaps.tiff", tissue_like(1536, 1920), mpp=0.5, levels=5, left_out=left_out)
    with open_slide(path) as slide:
        assert len(slide.info.levels) == 5 - len(left_out)
        pyramid = Pyramid(slide)
        assert [level.downsample for level in pyramid.levels] == [1, 2, 4, 8, 16]
        assert pyramid.note == note
        finest = slide.read_region(0, 0, 0, 1920, 1536).astype(np.float64)
        for number in left_out:
            side = 2**number
            naive = finest.reshape(1536 // side, side, 1920 // side, side, 3).mean(axis=(1, 3))
            assert np.abs(read_whole(pyramid, number) - naive).max() <= 6, "the file's own level 2 was coded twice"


@pytest.mark.parametrize(
    ("left_out", "rough"),
    [
        ((), [2, 3, 4, 5, 5, 5]),
        ((1, 3), [2, 4, 4, 5, 5, 5]),
        ((1, 2, 3), [4, 4, 4, 5, 5, 5]),
    ],
)
def test_a_rough_picture_is_of_the_file_itself_where_it_has_one(tmp_path, left_out, rough):
    path = write_pyramid(tmp_path / "rough.tiff", tissue_like(1536, 1920), mpp=0.5, levels=6, left_out=left_out)
    with open_slide(path) as slide:
        pyramid = Pyramid(slide)
        assert [pyramid.rough_level(level) for level in range(6)] == rough


def test_tiles_are_whole_blocks_of_at_most_512_px(slide_file):
    with open_slide(slide_file) as slide:
        for level in Pyramid(slide).levels:
            assert level.tile_width <= LARGEST_TILE
            assert level.tile_width % 256 == 0


def test_a_file_of_one_level_gets_the_others_by_averaging(flat_file):
    with open_slide(flat_file) as slide:
        pyramid = Pyramid(slide)
        assert pyramid.note == "The file has no pyramid: wider views are averaged from its finest pixels."
        ratios = [b.downsample / a.downsample for a, b in zip(pyramid.levels, pyramid.levels[1:], strict=False)]
        assert ratios
        assert max(ratios) <= WIDEST_GAP
        coarsest = pyramid.levels[-1]
        assert max(coarsest.width, coarsest.height) <= COARSEST_PX
        assert coarsest.file_level is None, "the test needs a level beyond what decoding can reduce"
        finest = slide.read_region(0, 0, 0, 8800, 300).astype(np.float64)
        factor = round(coarsest.downsample)
        rows, columns = coarsest.height, coarsest.width
        naive = finest[: rows * factor, : columns * factor].reshape(rows, factor, columns, factor, 3).mean(axis=(1, 3))
        # each halving rounds by half a gray level, and JPEG's scaled decoding is a mean of coefficients
        assert np.abs(read_whole(pyramid, pyramid.coarsest) - naive).max() <= 3


def test_a_damaged_block_is_gray_and_the_others_are_there(tmp_path):
    path = write_jpeg_tiff(
        tmp_path / "d.tiff", tissue_like(512, 768), tile=256, flavour=JpegFlavour(damaged=[(0, 1, 0)])
    )
    with open_slide(path) as slide:
        picture = read_whole(Pyramid(slide), 0)
    assert (picture[:256, 256:512] == DAMAGED_GRAY).all()
    assert picture[:256, :256].std() > 5
    assert picture[256:, 256:512].std() > 5


@pytest.mark.parametrize(("scale", "level"), [(0.1, 0), (1.0, 0), (1.9, 0), (2.0, 1), (3.5, 1), (4.0, 2), (99, 2)])
def test_the_coarsest_level_that_is_fine_enough_is_painted(slide_file, scale, level):
    with open_slide(slide_file) as slide:
        assert Pyramid(slide).level_for(scale) == level


def test_tiles_in_a_rectangle_are_those_that_touch_it(slide_file):
    rng = np.random.default_rng(3)
    with open_slide(slide_file) as slide:
        pyramid = Pyramid(slide)
        for _ in range(50):
            level = int(rng.integers(0, 3))
            left, top = rng.uniform(-300, 1300, 2)
            right, bottom = left + rng.uniform(1, 900), top + rng.uniform(1, 900)
            one = pyramid.levels[level]
            naive = set()
            for row in range(one.rows):
                for column in range(one.columns):
                    x, y = column * one.tile_width * one.downsample, row * one.tile_height * one.downsample
                    side_x, side_y = one.tile_width * one.downsample, one.tile_height * one.downsample
                    if x <= right and x + side_x > left and y <= bottom and y + side_y > top:
                        naive.add((level, column, row))
            assert set(pyramid.tiles_in(level, left, top, right, bottom)) == naive
