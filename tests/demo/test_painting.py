import numpy as np
import openslide
import pytest
from scipy import ndimage

from e2evit_model.demo import painting as module
from e2evit_model.demo.painting import Painting, paint_image, paint_slide, write_pyramid
from e2evit_model.demo.painting_marks import Pen
from e2evit_model.errors import Cancelled, OptionError, OutputError

SMALL = {"width_px": 1500, "height_px": 1200}


@pytest.fixture(scope="module")
def small():
    return paint_image(Painting(**SMALL))


def tissue_of(pixels):
    """Return where a painted picture is stained: darker in green than glass, and no pen."""
    smooth = ndimage.uniform_filter(pixels.astype(np.float32), (9, 9, 1))
    return smooth[..., 1] < 225


def dark_share(pixels):
    """Return the share of tissue that is as dark in red as nuclei are."""
    return np.count_nonzero(pixels[..., 0] < 120) / np.count_nonzero(tissue_of(pixels))


def test_the_same_settings_give_the_same_pixels(small):
    assert np.array_equal(small, paint_image(Painting(**SMALL)))


def test_another_seed_paints_another_slide(small):
    other = paint_image(Painting(**SMALL, seed=8))
    assert np.mean(np.abs(other.astype(int) - small) > 20) > 0.2


def test_it_has_tissue_on_glass_in_the_colors_of_hematoxylin_and_eosin(small):
    assert (small.shape, small.dtype) == ((1200, 1500, 3), np.uint8)
    tissue = tissue_of(small)
    assert 0.35 < tissue.mean() < 0.8
    corner = small[:40, :40].reshape(-1, 3)
    assert np.allclose(corner.mean(axis=0), [244, 242, 245], atol=1.5)
    stained = small[600:700, 300:900][tissue[600:700, 300:900]].astype(float)
    red, green, blue = stained.mean(axis=0)
    assert red > blue > green  # eosin takes green, then blue
    nuclei = stained[stained[:, 0] < 110].mean(axis=0)
    assert nuclei[2] > nuclei[0] > nuclei[1]  # hematoxylin takes green, then red


@pytest.mark.parametrize("name", ["nuclear_grade", "lymphocytes"])
def test_planted_properties_are_seen_in_the_tumor(name):
    shares = {}
    for value in (0.0, 1.0):
        paintings = [Painting(**SMALL, pen=Pen.NONE, dust=False, seed=seed, **{name: value}) for seed in (1, 2, 3)]
        # the middle of the tumor
        shares[value] = np.mean([dark_share(paint_image(p)[250:550, 750:1200]) for p in paintings])
    assert shares[1.0] > 1.3 * shares[0.0]


def test_the_strength_of_a_stain_is_that_of_the_color():
    pale = paint_image(Painting(**SMALL, hematoxylin=0.6, eosin=0.6, pen=Pen.NONE))
    strong = paint_image(Painting(**SMALL, hematoxylin=1.4, eosin=1.4, pen=Pen.NONE))
    tissue = tissue_of(strong)
    assert strong[tissue].mean() < pale[tissue].mean() - 20


@pytest.mark.parametrize(("pen", "channel"), [(Pen.GREEN, 1), (Pen.BLUE, 2)])
def test_the_pen_has_its_color_and_leaves_the_rest_as_it_was(pen, channel):
    without = paint_image(Painting(**SMALL, pen=Pen.NONE)).astype(int)
    marked = paint_image(Painting(**SMALL, pen=pen)).astype(int)
    changed = np.abs(marked - without).max(axis=2) > 30
    assert 0.01 < changed.mean() < 0.1
    on_glass = changed & (without.min(axis=2) > 235)
    assert np.argmax(marked[on_glass].mean(axis=0)) == channel
    assert changed[:, :700].sum() == 0


def test_dust_can_be_left_out():
    with_dust = paint_image(Painting(**SMALL, pen=Pen.NONE))
    without = paint_image(Painting(**SMALL, pen=Pen.NONE, dust=False))
    assert np.count_nonzero(np.abs(with_dust.astype(int) - without).max(axis=2) > 30) > 200
    assert np.abs(with_dust.astype(int) - without).max() > 60


def test_a_finer_scan_shows_the_same_section():
    coarse = paint_image(Painting(width_px=800, height_px=700, mpp=1.0, pen=Pen.NONE, dust=False))
    fine = paint_image(Painting(width_px=1600, height_px=1400, mpp=0.5, pen=Pen.NONE, dust=False))
    halved = fine.reshape(700, 2, 800, 2, 3).mean(axis=(1, 3))
    blurred = [ndimage.gaussian_filter(p.astype(float), (12, 12, 0)) for p in (coarse, halved)]
    assert np.corrcoef(blurred[0].ravel(), blurred[1].ravel())[0, 1] > 0.95


def test_no_block_shows_at_its_border(monkeypatch):
    settings = Painting(width_px=900, height_px=800, pen=Pen.NONE, dust=False)
    whole = paint_image(settings).astype(int)
    monkeypatch.setattr(module, "BLOCK_PX", 256)
    in_blocks = paint_image(settings).astype(int)
    # the camera's noise lies differently, the tissue does not
    assert np.abs(whole - in_blocks).max() <= 9
    assert np.abs(whole - in_blocks).mean() < 2


def test_openslide_opens_the_pyramid_with_its_resolution(tmp_path):
    painting = Painting(width_px=2300, height_px=1210, mpp=0.25)
    paint_slide(tmp_path / "slide.tiff", painting)
    with openslide.OpenSlide(tmp_path / "slide.tiff") as slide:
        assert slide.level_dimensions == ((2300, 1210), (575, 303))
        assert float(slide.properties["openslide.mpp-x"]) == pytest.approx(0.25)
        assert float(slide.properties["openslide.mpp-y"]) == pytest.approx(0.25)
        finest = np.asarray(slide.read_region((0, 0), 0, (2300, 1210)).convert("RGB")).astype(int)
        small = np.asarray(slide.read_region((0, 0), 1, (575, 302)).convert("RGB")).astype(int)
    assert np.abs(finest - paint_image(painting)).mean() < 3
    assert np.abs(finest[:1208].reshape(302, 4, 575, 4, 3).mean(axis=(1, 3)) - small).mean() < 4
    assert [p.name for p in tmp_path.iterdir()] == ["slide.tiff"]


def test_progress_is_told_and_cancelling_leaves_nothing(tmp_path):
    told = []
    paint_image(Painting(**SMALL), progress=lambda *step: told.append(step))
    assert told[0] == ("Painting a slide", 0, 4)
    assert told[-1] == ("Painting a slide", 4, 4)

    def cancel(step, done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        paint_slide(tmp_path / "slide.tiff", Painting(**SMALL), progress=cancel)
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(tmp_path, small):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError) as caught:
        write_pyramid(tmp_path / "file" / "slide.tiff", small, 0.5)
    assert caught.value.message == "slide.tiff could not be written: a file is in the way where a folder is needed."


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"width_px": 10}, "Width is 10 px, but must be between 600 and 40000 px."),
        ({"nuclear_grade": 1.5}, "Nuclear grade is 1.5, but must be between 0 and 1."),
        ({"mpp": 0.0}, "Resolution is 0 um/px, but must be between 0.2 and 4 um/px."),
        ({"pen": "red"}, 'Pen mark cannot be "red".'),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, message):
    with pytest.raises(OptionError) as caught:
        Painting(**settings)
    assert caught.value.message == message
