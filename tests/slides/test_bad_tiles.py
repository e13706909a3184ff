"""The fast path on files that are damaged or unusual: every tile equals OpenSlide's, or is given up; never a wrong pixel."""

from itertools import product

import numpy as np
import openslide
import pytest
import tifffile

from e2evit_model.errors import SlideError
from e2evit_model.slides.jpeg_tiles import JpegBlocks
from e2evit_model.slides.opening import open_slide
from tests import slide_files
from tests.slide_files import JpegFlavour, tile_place, tissue_like, write_jpeg_tiff

HEIGHT, WIDTH, TILE = 410, 570, 128
PLACES = list(product(range(-(-WIDTH // TILE)), range(-(-HEIGHT // TILE))))


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return tissue_like(HEIGHT, WIDTH, seed=17)


def shown_by_openslide(path, column, row):
    """Return a tile as OpenSlide shows it, ``None`` where it cannot; it is opened anew, since an error ends it."""
    width, height = min(TILE, WIDTH - column * TILE), min(TILE, HEIGHT - row * TILE)
    with openslide.OpenSlide(path) as peer:
        try:
            region = np.asarray(peer.read_region((column * TILE, row * TILE), 0, (width, height)))
        except openslide.OpenSlideError:
            return None
    return np.where(region[..., 3:] == 255, region[..., :3], 255)


def equal_or_given_up(path):
    """Compare every tile; return how many were read, how many were given up, and whether the level is read by its tiles."""
    read = given_up = 0
    with open_slide(path) as slide:
        blocks = slide.blocks(0)
        for column, row in PLACES:
            pixels = blocks.read(column, row)
            if pixels is None:
                given_up += 1
                continue
            expected = shown_by_openslide(path, column, row)
            assert expected is not None, (column, row)
            np.testing.assert_array_equal(pixels, expected, err_msg=f"tile {column}, {row}")
            read += 1
    return read, given_up, isinstance(blocks, JpegBlocks)


def flipped(path, random, *, bits, column, row):
    """Change some bits of a tile behind its header."""
    offset, length = tile_place(path, 0, column, row)
    data = bytearray(path.read_bytes())
    begin = data.index(b"\xff\xda", offset) + 14
    for at in random.integers(begin, offset + length, bits).tolist():
        data[at] ^= 1 << int(random.integers(8))
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("flavour", [JpegFlavour(), JpegFlavour(color="ycbcr", subsampling=(2, 2), shared_tables=True)])
def test_flipped_bits_are_no_wrong_pixels(tmp_path, image, flavour, seed):
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    random = np.random.default_rng(seed)
    for column, row in PLACES[::3]:
        flipped(path, random, bits=int(random.integers(1, 4)), column=column, row=row)
    read, given_up, _ = equal_or_given_up(path)
    assert read + given_up == len(PLACES)
    assert read >= len(PLACES) * 2 // 3


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
@pytest.mark.parametrize("shared_tables", [False, True])
def test_tiles_that_the_table_cuts_short_are_no_wrong_pixels(tmp_path, image, share, shared_tables):
    """The data is whole, but the table of the file says that it ends before."""
    flavour = JpegFlavour(color="ycbcr", subsampling=(2, 1), shared_tables=shared_tables)
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    lengths = {place: tile_place(path, 0, *place)[1] for place in PLACES[1::4]}
    with tifffile.TiffFile(path) as file:
        page = file.pages[0]
        table = page.tags["TileByteCounts"].valueoffset
    with path.open("r+b") as file:
        for (column, row), length in lengths.items():
            file.seek(table + 4 * (row * -(-WIDTH // TILE) + column))
            assert int.from_bytes(file.read(4), "little") == length
            file.seek(-4, 1)
            file.write(max(int(length * share), 1).to_bytes(4, "little"))
    read, given_up, _ = equal_or_given_up(path)
    assert read + given_up == len(PLACES)
    assert read >= len(PLACES) * 3 // 4 - 1


def without_tables_of_kind(path, image, monkeypatch, missing):
    """Write a slide whose shared tables lack one kind."""

    def tables(data):
        kept = (part for kind, part in slide_files.segments(data) if kind in (0xDB, 0xC4) and kind != missing)
        return b"\xff\xd8" + b"".join(kept) + b"\xff\xd9"

    monkeypatch.setattr(slide_files, "tables_of", tables)
    return write_jpeg_tiff(path, image, tile=TILE, flavour=JpegFlavour(shared_tables=True))


def test_without_quantisation_tables_a_slide_is_refused(tmp_path, image, monkeypatch):
    path = without_tables_of_kind(tmp_path / "a.tif", image, monkeypatch, 0xDB)
    with pytest.raises(SlideError) as caught:
        open_slide(path)
    assert caught.value.message == "a.tif opens, but its pixels cannot be read: the file is damaged."


def test_without_huffman_tables_the_usual_ones_are_taken_as_by_openslide(tmp_path, image, monkeypatch):
    path = without_tables_of_kind(tmp_path / "a.tif", image, monkeypatch, 0xC4)
    read, given_up, _ = equal_or_given_up(path)
    assert (read, given_up) == (len(PLACES), 0)


def test_rare_subsampling_equals_openslide(tmp_path, image):
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=JpegFlavour(color="ycbcr", subsampling=(4, 1)))
    read, given_up, _ = equal_or_given_up(path)
    assert (read, given_up) == (len(PLACES), 0)


@pytest.mark.parametrize("bigtiff", [False, True])
def test_sparse_tiles_beside_damaged_ones(tmp_path, image, bigtiff):
    flavour = JpegFlavour(
        color="ycbcr",
        subsampling=(2, 2),
        shared_tables=True,
        bigtiff=bigtiff,
        sparse=[(0, 0, 0), (0, 4, 3)],
        damaged=[(0, 1, 1)],
        cut=[(0, 3, 2)],
    )
    path = write_jpeg_tiff(tmp_path / "a.tif", image, tile=TILE, flavour=flavour)
    read, given_up, by_tiles = equal_or_given_up(path)
    assert read + given_up == len(PLACES)
    assert given_up in (1, 2)
    assert by_tiles


def test_a_big_endian_bigtiff_has_the_pixels_of_a_plain_file(tmp_path, image):
    plain = write_jpeg_tiff(tmp_path / "l.tif", image, tile=TILE)
    path = write_jpeg_tiff(tmp_path / "b.tif", image, tile=TILE, flavour=JpegFlavour(byteorder=">", bigtiff=True))
    with open_slide(path) as slide:
        blocks = slide.blocks(0)
        for column, row in PLACES:
            np.testing.assert_array_equal(blocks.read(column, row), shown_by_openslide(plain, column, row))
