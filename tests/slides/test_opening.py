"""Bad files, each with its sentence; and what is said of good ones."""

import contextlib
import os
import random
import shutil
import socket
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from e2evit_model.errors import ResolutionError, SlideError
from e2evit_model.slides import file_bytes, opening
from e2evit_model.slides.opening import open_slide
from tests.slide_files import JpegFlavour, tissue_like, write_jpeg_tiff, write_pyramid

COPY_AGAIN = "Copy the file again from the scanner or the archive."
FORMATS = "Slides are SVS, NDPI, MRXS, SCN, BIF, CZI, DICOM or tiled TIFF files; flat pictures are PNG, JPEG or TIFF."


def refusal(path: Path | str, kind: type[SlideError] = SlideError, **options: float) -> tuple[str, str]:
    with pytest.raises(kind) as caught:
        open_slide(path, **options)
    text = caught.value.message + caught.value.hint
    assert str(Path(path).parent) not in text or str(Path(path).parent) == "."
    return caught.value.message, caught.value.hint


@pytest.fixture
def picture() -> np.ndarray:
    return tissue_like(300, 400)


def test_missing(tmp_path):
    expected = ("no.svs was not found.", "Check the name, and that the drive with the slide is connected.")
    assert refusal(tmp_path / "no.svs") == expected
    assert refusal(tmp_path / "no folder" / "no.svs") == expected
    assert refusal(tmp_path / "no\0.svs") == expected
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file" / "no.svs") == expected


def test_folder(tmp_path):
    (tmp_path / "slide.svs").mkdir()
    assert refusal(tmp_path / "slide.svs") == (
        "slide.svs is a folder, not a slide.",
        "Choose a slide file; of a DICOM series any one of its .dcm files, of a MIRAX slide the .mrxs file beside the folder.",
    )


def test_the_folder_one_is_in(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert refusal(".")[0] == f"{tmp_path.name} is a folder, not a slide."


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs sockets that are files")
def test_not_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the names of sockets must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.svs")
        assert refusal("s.svs") == ("s.svs is not a file.", "Choose a slide file.")


def test_empty(tmp_path):
    (tmp_path / "a.svs").touch()
    assert refusal(tmp_path / "a.svs") == ("a.svs is empty (0 bytes).", COPY_AGAIN)


@pytest.mark.parametrize("share", [0.3, 0.8, 0.98])
@pytest.mark.parametrize("bigtiff", [False, True])
def test_cut_short(tmp_path, picture, share, bigtiff):
    path = write_jpeg_tiff(tmp_path / "a.svs", picture, tile=128, levels=2, flavour=JpegFlavour(bigtiff=bigtiff))
    os.truncate(path, int(path.stat().st_size * share))
    assert refusal(path) == (
        "a.svs is cut short: the end of its data is missing.",
        "Copy the file again; copying or downloading was probably interrupted.",
    )


@pytest.mark.parametrize("size", [4, 9, 30])
def test_a_few_bytes_of_a_tiff(tmp_path, picture, size):
    path = write_jpeg_tiff(tmp_path / "a.svs", picture, tile=128)
    os.truncate(path, size)
    message, hint = refusal(path)
    assert message in (
        "a.svs is a TIFF file, but is damaged or incomplete.",
        "a.svs is cut short: the end of its data is missing.",
    )
    assert hint


def test_text(tmp_path):
    (tmp_path / "a.svs").write_text("Dies ist kein Präparat.\n" * 500, encoding="utf-8")
    assert refusal(tmp_path / "a.svs") == ("a.svs is a text file, not a slide.", FORMATS)


def test_web_page(tmp_path):
    (tmp_path / "a.svs").write_text("\n<!DOCTYPE html><html>Please sign in</html>")
    assert refusal(tmp_path / "a.svs") == (
        "a.svs is a web page, not a slide.",
        "The download gave a page instead of the file; sign in there and download it again.",
    )


def test_archive_and_noise(tmp_path):
    (tmp_path / "a.svs").write_bytes(b"PK\x03\x04" + bytes(100))
    assert refusal(tmp_path / "a.svs") == ("a.svs is a ZIP archive, not a slide.", FORMATS)
    (tmp_path / "b.svs").write_bytes(bytes(range(256)) * 9)
    message = "b.svs is not a slide in any format that is known here, or is badly damaged."
    assert refusal(tmp_path / "b.svs") == (message, FORMATS)


def test_jpeg_under_a_slides_name(tmp_path, picture):
    Image.fromarray(picture).save(tmp_path / "a.jpg")
    (tmp_path / "a.jpg").rename(tmp_path / "a.svs")
    assert refusal(tmp_path / "a.svs") == (
        "a.svs is a JPEG picture, not what its name says.",
        "Rename it to end in .jpg to open it as a flat picture.",
    )
    (tmp_path / "a.svs").rename(tmp_path / "a.mrxs")
    assert refusal(tmp_path / "a.mrxs") == (
        "a.mrxs is the index of a MIRAX slide, whose folder of the same name is missing or incomplete.",
        "Keep the .mrxs file and its folder side by side.",
    )


def test_opens_but_cannot_be_read(tmp_path, picture):
    damaged = [(0, column, row) for column in range(4) for row in range(3)]
    path = write_jpeg_tiff(tmp_path / "a.tif", picture, tile=128, flavour=JpegFlavour(damaged=damaged))
    assert refusal(path) == ("a.tif opens, but its pixels cannot be read: the file is damaged.", COPY_AGAIN)


def test_one_damaged_tile_where_the_probe_looks_first_is_no_reason(tmp_path, picture):
    path = write_jpeg_tiff(tmp_path / "a.tif", picture, tile=128, flavour=JpegFlavour(damaged=[(0, 1, 1)]))
    with open_slide(path) as slide:
        assert slide.blocks(0).read(1, 1) is None


def test_damaged_directory(tmp_path, picture):
    path = write_jpeg_tiff(tmp_path / "a.svs", picture, tile=128)
    with path.open("r+b") as file:
        file.seek(8)
        file.write(b"\xff" * 60)
    message, hint = refusal(path)
    assert message in (
        "a.svs is a TIFF file, but is damaged or incomplete.",
        "a.svs is cut short: the end of its data is missing.",
    )
    assert hint


def test_dicom_without_pictures(tmp_path):
    (tmp_path / "a.dcm").write_bytes(bytes(128) + b"DICM" + bytes(300))
    assert refusal(tmp_path / "a.dcm") == (
        "a.dcm is a DICOM file, but not a whole slide image that can be read.",
        "Choose a file of a slide microscopy series, with all files of the series in its folder.",
    )


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (
            PermissionError(13, "Permission denied"),
            "a.tif cannot be opened: you are not allowed to read it.",
            "Ask whoever manages the folder for permission to read, or copy the file to a folder of your own.",
        ),
        (
            OSError(5, "Input/output error"),
            "a.tif could not be read (Input/output error).",
            "Check that the drive with the slide is connected.",
        ),
    ],
)
def test_what_the_system_refuses(tmp_path, picture, monkeypatch, error, message, hint):
    path = write_pyramid(tmp_path / "a.tif", picture, mpp=0.5)

    def refuse(*args: object) -> None:
        raise error

    monkeypatch.setattr(opening, "kind_of", refuse)
    assert refusal(path) == (message, hint)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything may be read by root")
def test_permission(tmp_path, picture):
    path = write_pyramid(tmp_path / "a.tif", picture, mpp=0.5)
    path.chmod(0)
    assert refusal(path)[0] == "a.tif cannot be opened: you are not allowed to read it."


def test_a_drive_that_is_lost_is_not_taken_for_damage(tmp_path, picture, monkeypatch):
    path = write_pyramid(tmp_path / "a.tif", picture, mpp=0.5, tile=128)
    with open_slide(path) as slide:
        blocks = slide.blocks(0)

        def lost(*args: object) -> bytes:
            raise OSError(5, "Input/output error")

        monkeypatch.setattr(file_bytes, "_read_at", lost)
        with pytest.raises(SlideError) as caught:
            blocks.read(0, 0)
    assert caught.value.message == "a.tif could not be read (Input/output error)."
    assert caught.value.hint == "Check that the drive with the slide is still connected."


@pytest.mark.parametrize("mpp", [0.0, -0.5, 100.1, float("nan"), float("inf")])
def test_absurd_resolution_of_the_user(tmp_path, picture, mpp):
    path = write_pyramid(tmp_path / "a.tif", picture, mpp=0.5)
    message, hint = refusal(path, ResolutionError, mpp=mpp)
    assert message == f"The resolution of {mpp:g} um per pixel cannot be right."
    assert hint == "Give micrometres per pixel, between 0 and 100; a 40x scan has about 0.25, a 20x scan about 0.5."


@pytest.mark.parametrize(
    ("mpp", "note"),
    [
        (25400 / 72, "The file states 352.8 um per pixel, which cannot be right; this was ignored."),
        (25400 / 300, "The file states 300 dots per inch, a resolution for printing; this was ignored."),
        (None, None),
    ],
)
def test_resolution_of_the_file_that_is_not_believed(tmp_path, picture, mpp, note):
    path = write_pyramid(tmp_path / "a.tif", picture, mpp=mpp)
    with open_slide(path) as slide:
        assert (slide.info.mpp, slide.info.mpp_source) == (None, "")
        assert slide.info.notes == (() if note is None else (note,))
    with open_slide(path, mpp=0.25) as slide:
        assert (slide.info.mpp, slide.info.mpp_source, slide.info.notes) == (0.25, "user", ())


def test_path_as_text_and_what_is_said(tmp_path, picture):
    path = write_jpeg_tiff(
        tmp_path / "a.svs", picture, description="Aperio Image Library v1\r\n|MPP = 0.2521|AppMag = 40"
    )
    with open_slide(str(path)) as slide:
        info = slide.info
    assert (info.format, info.scanner, info.objective) == ("Aperio SVS", "Aperio", 40)
    assert info.mpp == pytest.approx(0.2521)


def test_pixels_of_two_bytes(tmp_path, picture):
    tifffile.imwrite(tmp_path / "a.ome.tif", picture[..., 0].astype(np.uint16), metadata={"axes": "YX"})
    assert refusal(tmp_path / "a.ome.tif") == (
        "a.ome.tif has more than 8 bits a color, as fluorescence slides have; brightfield slides with 8 bits are needed.",
        "Export it as 8-bit RGB.",
    )


def test_fluorescence_channels(tmp_path, picture):
    tifffile.imwrite(
        tmp_path / "a.ome.tif", np.stack([picture[..., 0]] * 4), metadata={"axes": "CYX"}, photometric="minisblack"
    )
    assert refusal(tmp_path / "a.ome.tif") == (
        "a.ome.tif has separate channels, as fluorescence slides have; a brightfield slide in RGB is needed.",
        "Export it as 8-bit RGB.",
    )


def test_planar_and_alpha(tmp_path, picture):
    tifffile.imwrite(
        tmp_path / "p.tif", np.moveaxis(picture, -1, 0), planarconfig="separate", photometric="rgb", tile=(64, 64)
    )
    tifffile.imwrite(
        tmp_path / "s.tif", np.moveaxis(picture, -1, 0), planarconfig="separate", photometric="rgb", rowsperstrip=33
    )
    for name in ("p.tif", "s.tif"):
        with open_slide(tmp_path / name) as slide:
            np.testing.assert_array_equal(slide.read_region(0, 0, 0, 400, 300), picture)
    alpha = np.dstack([picture, np.zeros((300, 400), np.uint8)])
    alpha[:, :200, 3] = 255
    tifffile.imwrite(tmp_path / "a.tif", alpha, photometric="rgb", extrasamples=["unassalpha"], rowsperstrip=33)
    with open_slide(tmp_path / "a.tif") as slide:
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 200, 300), picture[:, :200])
        assert (slide.read_region(200, 0, 0, 200, 300) == 255).all()


def test_several_pictures_of_the_same_size(tmp_path, picture):
    tifffile.imwrite(tmp_path / "a.tif", np.stack([picture, 255 - picture]), photometric="rgb")
    with open_slide(tmp_path / "a.tif") as slide:
        assert slide.info.notes == ("The file holds 2 pictures of the same size; the first one is shown.",)
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 400, 300), picture)


def test_the_fingerprint_is_of_the_content(tmp_path, picture):
    path = write_pyramid(tmp_path / "a.tif", picture, mpp=0.5)
    shutil.copy(path, tmp_path / "other name.tif")
    other = write_pyramid(tmp_path / "c.tif", 255 - picture, mpp=0.5)
    prints = []
    for name in (path, tmp_path / "other name.tif", other):
        with open_slide(name, mpp=0.7) as slide:
            prints.append(slide.info.fingerprint)
    assert prints[0] == prints[1] != prints[2]


def test_no_file_stays_open(tmp_path, picture):
    """Twenty slides opened, read and closed leave as many open files as before."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        pytest.skip("open files cannot be counted here")
    paths = [write_pyramid(tmp_path / "a.tif", picture, mpp=0.5), tmp_path / "b.png", tmp_path / "c.tif"]
    Image.fromarray(picture).save(paths[1])
    tifffile.imwrite(paths[2], picture, rowsperstrip=20, photometric="rgb")

    def opened() -> int:
        links = []
        for link in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # the one that lists the folder
                links.append(str(link.readlink()))
        return sum(str(tmp_path) in link for link in links)

    for path in paths * 7:
        with open_slide(path) as slide:
            slide.blocks(0).read(0, 0)
            assert opened() <= 2
        assert opened() == 0


@pytest.mark.parametrize("seed", range(6))
def test_damage_anywhere_is_a_sentence_or_a_hole(tmp_path, picture, seed):
    """Bytes are changed where directories and headers lie: the file opens with what is left, or is refused."""
    draw = random.Random(seed)
    plain = tmp_path / "seed.tif"
    tifffile.imwrite(plain, picture, photometric="rgb", rowsperstrip=40, compression="zlib", metadata=None)
    tiled = write_jpeg_tiff(tmp_path / "tiled.svs", picture, tile=128, flavour=JpegFlavour(shared_tables=True))
    Image.fromarray(picture).save(tmp_path / "flat.jpg")
    for path in (plain, tiled, tmp_path / "flat.jpg"):
        data = path.read_bytes()
        with contextlib.suppress(tifffile.TiffFileError), tifffile.TiffFile(path) as tiff:
            hot = tiff.pages.first.offset
        for _ in range(12):
            changed = bytearray(data)
            for _ in range(draw.choice([1, 3, 20])):
                near = hot if path.suffix != ".jpg" and draw.random() < 0.7 else 0
                changed[min(near + draw.randrange(400), len(data) - 1)] = draw.choice([0, 255, 1, draw.randrange(256)])
            target = tmp_path / f"changed{path.suffix}"
            target.write_bytes(changed)
            refused = None
            try:
                with open_slide(target) as slide:
                    slide.blocks(0).read(0, 0)
            except SlideError as error:
                refused = error
            assert refused is None or (target.name in refused.message and refused.hint)
