"""The small parts: averages, resolutions, kinds of files, fingerprints, the cache of tiles, bytes at places, JPEG markers."""

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from hypothesis import given, settings
from hypothesis import strategies as st

from e2evit_model.errors import SlideError
from e2evit_model.slides import file_bytes, file_kind, fingerprint
from e2evit_model.slides.dicom_colors import holds_ycbcr_as_rgb
from e2evit_model.slides.file_bytes import FileBytes
from e2evit_model.slides.file_kind import kind_of_head
from e2evit_model.slides.fingerprint import files_of_slide, fingerprint_file, fingerprint_files
from e2evit_model.slides.jpeg_stream import prefix_of, whole_jpeg
from e2evit_model.slides.opened import nearest_pixel
from e2evit_model.slides.reducing import average_squares, reduced_length
from e2evit_model.slides.resolution import number_or_none, resolution_of
from e2evit_model.slides.tiff_structure import first_directory
from e2evit_model.slides.tile_cache import TileCache
from tests.slide_files import JpegFlavour, encode_tile, tables_of, tissue_like, without_tables


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 20), st.integers(1, 20), st.sampled_from([1, 2, 4, 8]), st.integers(0, 99))
def test_average_of_squares(height: int, width: int, reduce: int, seed: int):
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    result = average_squares(pixels, reduce)
    assert result.shape == (reduced_length(height, reduce), reduced_length(width, reduce), 3)
    for y, x in np.ndindex(*result.shape[:2]):
        square = pixels[y * reduce : (y + 1) * reduce, x * reduce : (x + 1) * reduce]
        # less than a square, as in a picture of a few pixels, is rounded less exactly
        np.testing.assert_allclose(
            result[y, x], square.mean(axis=(0, 1)), atol=0.51 if min(height, width) >= reduce else 1
        )


@settings(deadline=None)
@given(st.integers(-(10**6), 10**6), st.floats(1, 64))
def test_nearest_pixel(coordinate: int, downsample: float):
    assert abs(nearest_pixel(coordinate, downsample) - coordinate / downsample) <= 0.5 + 1e-6


@pytest.mark.parametrize(
    ("sides", "mpp", "note"),
    [
        ((0.25, 0.25), 0.25, ""),
        ((0.5, None), 0.5, ""),
        ((0.25, 0.26), 0.25495, ""),
        ((None, None), None, ""),
        ((0.25, 0.5), None, "The file states pixels of 0.25 x 0.5 um, not square; this was ignored."),
        ((0.0, 0.0), None, "The file states 0 um per pixel, which cannot be right; this was ignored."),
        ((float("nan"), 1.0), None, "The file states nan um per pixel, which cannot be right; this was ignored."),
        ((25400 / 96,) * 2, None, "The file states 264.6 um per pixel, which cannot be right; this was ignored."),
        ((25400 / 600,) * 2, None, "The file states 600 dots per inch, a resolution for printing; this was ignored."),
        ((41.0, 41.0), 41.0, ""),
    ],
)
def test_resolution(sides, mpp, note):
    found = resolution_of(*sides)
    assert found.mpp == (None if mpp is None else pytest.approx(mpp, rel=1e-4))
    assert (found.source, found.note) == ("file" if mpp else "", note)


def test_numbers_in_headers():
    assert [number_or_none(text) for text in ("0.25", "0,25", "abc", "", None)] == [0.25, 0.25, None, None, None]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\xff\xd8\xff\xe0", file_kind.JPEG),
        (b"\x89PNG\r\n\x1a\n", file_kind.PNG),
        (b"RIFF1234WEBPVP8 ", file_kind.WEBP),
        (b"II*\0", file_kind.TIFF),
        (b"MM\0+", file_kind.TIFF),
        (bytes(128) + b"DICM", file_kind.DICOM),
        (b"  <HTML>", file_kind.HTML),
        ("größer".encode(), file_kind.TEXT),
        ("ä".encode() * 2048 + b"x", file_kind.TEXT),
        (("x" + "ä" * 4000).encode()[:4096], file_kind.TEXT),  # a character cut in two
        (b"\x80\x81\x82", file_kind.UNKNOWN),
        (b"text\0with a null", file_kind.UNKNOWN),
        (b"", file_kind.UNKNOWN),
    ],
)
def test_kinds(head, kind):
    assert kind_of_head(head) is kind


def test_first_directory():
    assert first_directory(b"II*\0\x10\0\0\0") == 16
    assert first_directory(b"MM\0*\0\0\0\x10") == 16
    assert first_directory(b"II+\0\x08\0\0\0" + (77).to_bytes(8, "little")) == 77
    assert first_directory(b"MM\0+\0\x08\0\0" + (77).to_bytes(8, "big")) == 77
    assert first_directory(b"II*") > 2**60


class TestFingerprint:
    def test_samples_of_a_large_file(self, tmp_path: Path, monkeypatch):
        monkeypatch.setattr(fingerprint, "WHOLE_BYTES", 1000)
        monkeypatch.setattr(fingerprint, "END_BYTES", 100)
        monkeypatch.setattr(fingerprint, "SAMPLE_BYTES", 10)
        data = random.Random(1).randbytes(2000)
        first = fingerprint_file(self.write(tmp_path / "a", data))
        assert first == fingerprint_file(self.write(tmp_path / "b", data))
        changed = {0, 99, 1950, 1999, len(data) + 1}  # head, tail, and another length
        for at in changed:
            other = data + b"x" if at > len(data) else data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            assert fingerprint_file(self.write(tmp_path / "c", other)) != first
        sampled = np.zeros(2000, int)
        for start, length in fingerprint._sampled(2000):
            sampled[start : start + length] += 1
        assert sampled.max() == 1
        assert (sampled[:100] == 1).all()
        assert (sampled[-100:] == 1).all()
        assert sampled[100:-100].sum() == 160
        for at in np.flatnonzero(sampled[100:-100])[::20] + 100:
            other = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
            assert fingerprint_file(self.write(tmp_path / "c", other)) != first

    def test_a_series_in_any_order_under_any_names(self, tmp_path: Path):
        paths = [self.write(tmp_path / str(n), bytes([n]) * 50) for n in range(4)]
        renamed = [self.write(tmp_path / f"z{9 - n}", bytes([n]) * 50) for n in range(4)]
        assert fingerprint_files(paths) == fingerprint_files(paths[::-1]) == fingerprint_files(renamed)
        assert fingerprint_files(paths) != fingerprint_files(paths[:3])

    def test_files_of_a_dicom_series(self, tmp_path: Path):
        def dicom(uid: str) -> bytes:
            value = uid.encode() + b"\0" * (len(uid) % 2)
            return bytes(128) + b"DICM" + bytes(40) + b"\x20\x00\x0e\x00UI" + len(value).to_bytes(2, "little") + value

        for name, uid in (("a", "1.2.34"), ("b", "1.2.34"), ("c", "1.2.345"), ("d", "1.2.3")):
            self.write(tmp_path / name, dicom(uid))
        self.write(tmp_path / "notes.txt", b"1.2.34")
        (tmp_path / "folder").mkdir()
        found = files_of_slide(tmp_path / "b", "dicom", "1.2.34")
        assert [path.name for path in found] == ["a", "b"]

    def test_files_of_a_mirax_slide(self, tmp_path: Path):
        self.write(tmp_path / "s.mrxs", b"")
        (tmp_path / "s").mkdir()
        self.write(tmp_path / "s" / "Data0000.dat", b"")
        self.write(tmp_path / "s" / "Slidedat.ini", b"")
        found = files_of_slide(tmp_path / "s.mrxs", "mirax")
        assert [path.name for path in found] == ["s.mrxs", "Data0000.dat", "Slidedat.ini"]

    @staticmethod
    def write(path: Path, data: bytes) -> Path:
        path.write_bytes(data)
        return path


class TestTileCache:
    def test_the_least_recently_used_goes_first(self):
        cache = TileCache(3 * 12)
        tiles = {n: np.full((2, 2, 3), n, np.uint8) for n in range(4)}
        for n in range(3):
            cache.put((0, n, 0), tiles[n])
        assert cache.get((0, 0, 0)) is tiles[0]
        cache.put((0, 3, 0), tiles[3])
        assert [cache.get((0, n, 0)) is not None for n in range(4)] == [True, False, True, True]
        assert cache.held_bytes == 36
        cache.put((0, 3, 0), tiles[3])
        assert cache.held_bytes == 36
        cache.clear()
        assert (cache.held_bytes, cache.get((0, 3, 0))) == (0, None)

    def test_threads(self):
        cache = TileCache(50 * 12)

        def work(seed: int) -> bool:
            draw = random.Random(seed)
            for _ in range(500):
                n = draw.randrange(200)
                tile = cache.get((0, n, 0))
                if tile is None:
                    cache.put((0, n, 0), np.full((2, 2, 3), n, np.uint8))
                elif tile[0, 0, 0] != n:
                    return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert all(pool.map(work, range(4)))
        assert 0 < cache.held_bytes <= 600


class TestFileBytes:
    def test_reads_at_places_from_threads(self, tmp_path: Path):
        data = random.Random(2).randbytes(100_000)
        (tmp_path / "a").write_bytes(data)
        source = FileBytes(tmp_path / "a")
        places = [(random.Random(n).randrange(99_000), n % 900) for n in range(400)]
        with ThreadPoolExecutor(5) as pool:
            for (offset, size), found in zip(places, pool.map(lambda p: source.read(*p), places), strict=True):
                assert found == data[offset : offset + size]
        assert source.read(99_990, 100) == data[99_990:]
        source.close()
        source.close()
        with pytest.raises(SlideError, match=r"^The slide has been closed\.$"):
            source.read(0, 1)

    def test_a_file_that_has_gone(self, tmp_path: Path):
        with pytest.raises(SlideError, match=r"^a\.svs could not be read \(No such file or directory\)\.$"):
            FileBytes(tmp_path / "a.svs").read(0, 1)

    def test_one_descriptor_only(self, tmp_path: Path, monkeypatch):
        (tmp_path / "a").write_bytes(b"x")
        made = []
        real = file_bytes._Descriptor
        monkeypatch.setattr(file_bytes, "_Descriptor", lambda path: made.append(1) or real(path))
        source = FileBytes(tmp_path / "a")
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda _: source.read(0, 1), range(50))) == [b"x"] * 50
        assert len(made) == 1


class TestDicomColors:
    @staticmethod
    def dicom(path: Path, photometric: bytes, frame: bytes) -> Path:
        said = b"\x28\x00\x04\x00CS" + len(photometric).to_bytes(2, "little") + photometric
        pixels = b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\0\0\0\0" + b"\xfe\xff\x00\xe0"
        path.write_bytes(bytes(128) + b"DICM" + said + bytes(60) + pixels + len(frame).to_bytes(4, "little") + frame)
        return path

    @pytest.mark.parametrize(
        ("color", "subsampling", "marker", "found"),
        [
            ("ycbcr", (1, 1), True, True),  # a JFIF marker
            ("ycbcr", (2, 1), False, True),  # halved chroma
            ("ycbcr", (1, 1), False, False),  # says nothing: the header counts, as for Aperio's tiles
            ("rgb", (1, 1), True, False),  # an Adobe marker
            ("rgb", (1, 1), False, False),
        ],
    )
    def test_what_the_frame_says(self, tmp_path: Path, color, subsampling, marker, found):
        frame = encode_tile(
            tissue_like(64, 64), 90, JpegFlavour(color=color, subsampling=subsampling, adobe_marker=marker)
        )
        assert holds_ycbcr_as_rgb(self.dicom(tmp_path / "a.dcm", b"RGB ", frame)) is found
        assert not holds_ycbcr_as_rgb(self.dicom(tmp_path / "b.dcm", b"YBR_FULL_422", frame))

    def test_what_is_no_jpeg(self, tmp_path: Path):
        assert not holds_ycbcr_as_rgb(self.dicom(tmp_path / "a.dcm", b"RGB ", bytes(100)))
        (tmp_path / "b.dcm").write_bytes(bytes(128) + b"DICM")
        assert not holds_ycbcr_as_rgb(tmp_path / "b.dcm")


class TestJpegStream:
    @pytest.mark.parametrize("color", ["rgb", "ycbcr"])
    @pytest.mark.parametrize("marker", [True, False])
    @pytest.mark.parametrize("shared", [True, False])
    def test_a_tile_becomes_a_whole_jpeg_of_its_colors(self, color, marker, shared):
        pixels = tissue_like(64, 64)
        plain = encode_tile(pixels, 90, JpegFlavour(color=color))
        tile = encode_tile(pixels, 90, JpegFlavour(color=color, adobe_marker=marker))
        tables = tables_of(tile) if shared else b""
        jpeg = whole_jpeg(without_tables(tile) if shared else tile, prefix_of(tables, rgb=color == "rgb"))
        np.testing.assert_array_equal(simplejpeg.decode_jpeg(jpeg), simplejpeg.decode_jpeg(plain))

    def test_the_tag_counts_not_the_tile(self):
        """A tile that says YCbCr in a picture that says RGB is decoded as RGB, wherever it says so."""
        tile = encode_tile(tissue_like(64, 64), 90, JpegFlavour(color="ycbcr"))
        late = tile[:2] + tables_of(tile)[2:-2] + tile[2:20] + without_tables(tile)[20:]
        as_rgb = [whole_jpeg(data, prefix_of(b"", rgb=True)) for data in (tile, late)]
        for jpeg in as_rgb:
            assert simplejpeg.decode_jpeg_header(jpeg)[2] == "RGB"
        np.testing.assert_array_equal(*[simplejpeg.decode_jpeg(jpeg) for jpeg in as_rgb])

    @pytest.mark.parametrize(
        "data", [b"", b"\xff", b"\xff\xd8", b"nonsense", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0", bytes(50)]
    )
    def test_what_is_no_jpeg_is_none_or_does_not_decode(self, data):
        jpeg = whole_jpeg(data, prefix_of(b"", rgb=True))
        if jpeg is not None:
            with pytest.raises(ValueError, match=r".+"):
                simplejpeg.decode_jpeg(jpeg)

    @settings(deadline=None)
    @given(st.binary(max_size=60))
    def test_noise_never_hangs_or_breaks_it(self, noise: bytes):
        result = whole_jpeg(b"\xff\xd8" + noise, b"P")
        assert result is None or result.startswith(b"P")
