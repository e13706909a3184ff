"""What TIFFs say of their resolution, their objective and their levels."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from e2evit_model.slides.opening import open_slide
from tests.slide_files import halve, tissue_like


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return tissue_like(150, 200)


@pytest.mark.parametrize(
    ("size", "unit", "mpp"),
    [
        ((0.25, 0.25), "µm", 0.25),
        ((250, 250), "nm", 0.25),
        ((0.00025, 0.00025), "mm", 0.25),
        ((0.25, 0.25), None, 0.25),  # micrometres are OME's default
        ((0.25, 0.25), "furlong", None),
    ],
)
def test_ome_units(tmp_path: Path, picture, size, unit, mpp):
    said = {"axes": "YXS", "PhysicalSizeX": size[0], "PhysicalSizeY": size[1]}
    if unit:
        said |= {"PhysicalSizeXUnit": unit, "PhysicalSizeYUnit": unit}
    tifffile.imwrite(tmp_path / "a.ome.tif", picture, photometric="rgb", metadata=said, rowsperstrip=20)
    with open_slide(tmp_path / "a.ome.tif") as slide:
        assert slide.info.format == "OME-TIFF"
        assert slide.info.mpp == (None if mpp is None else pytest.approx(mpp))


def test_ome_objective_and_the_second_picture(tmp_path: Path, picture):
    """The largest picture counts, with the resolution of its own element; its magnification is the objective's."""
    xml = """<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
    <Instrument ID="Instrument:0"><Objective ID="Objective:0:0" NominalMagnification="20.0"/></Instrument>
    <Image ID="Image:0" Name="label"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint8" SizeX="100" SizeY="75" SizeC="3"
     SizeZ="1" SizeT="1" PhysicalSizeX="9" PhysicalSizeY="9"><Channel ID="Channel:0:0" SamplesPerPixel="3"/>
     <TiffData IFD="0" PlaneCount="1"/></Pixels></Image>
    <Image ID="Image:1"><Pixels ID="Pixels:1" DimensionOrder="XYCZT" Type="uint8" SizeX="200" SizeY="150" SizeC="3"
     SizeZ="1" SizeT="1" PhysicalSizeX="0.5" PhysicalSizeY="0.5"><Channel ID="Channel:1:0" SamplesPerPixel="3"/>
     <TiffData IFD="1" PlaneCount="1"/></Pixels></Image></OME>"""
    with tifffile.TiffWriter(tmp_path / "a.ome.tif", ome=False) as writer:
        writer.write(halve(picture), photometric="rgb", description=xml, metadata=None)
        writer.write(picture, photometric="rgb", metadata=None)
    with open_slide(tmp_path / "a.ome.tif") as slide:
        assert (slide.info.width, slide.info.mpp, slide.info.objective) == (200, 0.5, 20)
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 200, 150), picture)


def test_imagej(tmp_path: Path, picture):
    tifffile.imwrite(
        tmp_path / "a.tif",
        picture,
        imagej=True,
        photometric="rgb",
        resolution=(2, 2),
        metadata={"unit": "um"},
        rowsperstrip=20,
    )
    with open_slide(tmp_path / "a.tif") as slide:
        assert slide.info.mpp == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("resolution", "unit", "mpp"),
    [
        ((20_000, 20_000), "CENTIMETER", 0.5),
        ((50_800, 50_800), "INCH", 0.5),
        ((2, 2), "NONE", None),
        ((0, 0), "CENTIMETER", None),
    ],
)
def test_resolution_tags(tmp_path: Path, picture, resolution, unit, mpp):
    tifffile.imwrite(
        tmp_path / "a.tif",
        picture,
        photometric="rgb",
        rowsperstrip=20,
        resolution=resolution,
        resolutionunit=unit,
        metadata=None,
    )
    with open_slide(tmp_path / "a.tif") as slide:
        assert slide.info.mpp == (None if mpp is None else pytest.approx(mpp))


def test_levels_in_subdirectories_of_a_plain_tiff(tmp_path: Path, picture):
    """OpenSlide opens it with one level; all of them are read, whatever they are compressed with."""
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        options = {"tile": (64, 64), "photometric": "rgb", "compression": "lzw", "predictor": True, "metadata": None}
        writer.write(picture, subifds=2, **options)
        writer.write(halve(picture), subfiletype=1, **options)
        writer.write(halve(halve(picture)), subfiletype=1, **options)
    with open_slide(tmp_path / "a.tif") as slide:
        assert [(level.width, level.height) for level in slide.info.levels] == [(200, 150), (100, 75), (50, 37)]
        np.testing.assert_array_equal(slide.read_region(0, 0, 1, 100, 75), halve(picture))
        np.testing.assert_array_equal(slide.read_region(0, 0, 2, 50, 37), halve(halve(picture)))


def test_gray(tmp_path: Path, picture):
    tifffile.imwrite(tmp_path / "a.tif", picture[..., 0], photometric="minisblack", rowsperstrip=20)
    with open_slide(tmp_path / "a.tif") as slide:
        np.testing.assert_array_equal(slide.read_region(0, 0, 0, 200, 150), np.repeat(picture[..., :1], 3, axis=-1))


def test_a_damaged_strip_costs_only_itself(tmp_path: Path, picture):
    path = tmp_path / "a.tif"
    tifffile.imwrite(path, picture, photometric="rgb", rowsperstrip=30, compression="zlib", metadata=None)
    with tifffile.TiffFile(path) as tiff:
        offset, size = tiff.pages.first.dataoffsets[1], tiff.pages.first.databytecounts[1]
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xaa" * size)
    with open_slide(path) as slide:
        np.testing.assert_array_equal(slide.read_region(0, 60, 0, 200, 90), picture[60:])
        assert slide.blocks(0).read(0, 0) is None
