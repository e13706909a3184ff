"""Flat pictures: their colors, their limits, and what is said of damaged ones."""

import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from e2evit_model.slides import flat_reader
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like
from tests.slides.test_opening import refusal


@pytest.fixture
def picture() -> np.ndarray:
    return tissue_like(300, 400)


def test_flat_pictures(tmp_path, picture, monkeypatch):
    Image.fromarray(picture).save(tmp_path / "a.jpg", quality=95)
    with open_slide(tmp_path / "a.jpg", mpp=0.5) as slide:
        assert np.abs(slide.read_region(0, 0, 0, 400, 300).astype(int) - picture).mean() < 8
        assert (slide.info.format, slide.info.mpp_source) == ("JPEG (flat)", "user")
    os.truncate(tmp_path / "a.jpg", 5000)
    message = "a.jpg is damaged or cut short: its pixels cannot be read."
    assert refusal(tmp_path / "a.jpg") == (message, "Copy the file again, or save the picture anew.")

    Image.fromarray(picture).convert("I;16").save(tmp_path / "b.png")
    assert refusal(tmp_path / "b.png") == (
        "b.png has more than 8 bits a color, as fluorescence pictures have; brightfield pictures with 8 bits are needed.",
        "Export it as 8-bit RGB.",
    )

    Image.fromarray(picture).save(tmp_path / "c.png")
    monkeypatch.setattr(flat_reader, "LARGEST_SIDE", 350)
    assert refusal(tmp_path / "c.png") == (
        "c.png is a flat picture of 400 x 300 px; flat pictures can be opened up to 350 x 350 px.",
        "Convert it to a tiled, pyramidal TIFF, which is read piece by piece.",
    )


def test_a_flat_picture_larger_than_memory(tmp_path, picture, monkeypatch):
    Image.fromarray(picture).save(tmp_path / "a.png")
    monkeypatch.setattr(flat_reader, "BYTES_PER_PIXEL", 1 << 40)
    message, hint = refusal(tmp_path / "a.png")
    assert message.startswith("a.png needs 122880000.0 GB of memory while it is opened, but only ")
    assert hint == (
        "Close other programs, or convert the picture to a tiled, pyramidal TIFF, which is read piece by piece."
    )


def test_a_bomb(tmp_path):
    """A header that claims far more pixels than are allowed is refused before anything is decoded."""
    claims = struct.pack(">IIBBBBB", 60_000, 30_000, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", claims), (b"IDAT", zlib.compress(bytes(100)))]
    coded = [struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in chunks]
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(coded))
    message = "a.png is a flat picture; flat pictures can be opened up to 20000 x 20000 px."
    assert refusal(tmp_path / "a.png")[0] == message


def test_transparency_is_white(tmp_path):
    layer = np.zeros((20, 30, 4), np.uint8)
    layer[:, :15] = (200, 10, 10, 255)
    Image.fromarray(layer).save(tmp_path / "a.png")
    with open_slide(tmp_path / "a.png") as slide:
        pixels = slide.read_region(0, 0, 0, 30, 20)
    assert (pixels[:, 15:] == 255).all()
    assert (pixels[:, :15] == (200, 10, 10)).all()


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_flat_tiffs_of_other_colors(tmp_path, picture, mode):
    image = Image.fromarray(picture).convert(mode)
    image.save(tmp_path / "a.tif")
    with open_slide(tmp_path / "a.tif") as slide:
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 400, 300), np.asarray(image.convert("RGB")))


def test_a_turned_picture_is_set_upright(tmp_path, picture):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    Image.fromarray(picture).save(tmp_path / "a.png", exif=exif)
    with open_slide(tmp_path / "a.png") as slide:
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 300, 400), np.rot90(picture, -1))
