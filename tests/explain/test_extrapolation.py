"""The four-resolution check: attention against timm's own blocks, agreement against scipy, regions that cannot be read."""

import csv
import json

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr
from timm.layers import resample_abs_pos_embed

from e2evit_model.cli import main
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.loading import build_seeded
from e2evit_model.convert.settings import ConversionSettings, Positions
from e2evit_model.errors import BackboneError, TilingError
from e2evit_model.explain import extrapolation
from e2evit_model.explain.extrapolation import KINDS, SIZES, extrapolate, region_attention
from e2evit_model.explain.region import Region, read_square
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.report.extrapolation_figure import write_extrapolation_files
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like, write_pyramid
from tests.training.conftest import known_tiny_backbone, weights  # noqa: F401 - fixtures
from tests.training.material import TINY


def by_timm(pixels, *, learned):
    """CLS attention of the last block by timm's own modules, with positions resampled by timm or with none."""
    vit = build_seeded(TINY, seed=4).eval()
    mean, std = (torch.tensor(values).view(1, 3, 1, 1) for values in (TINY.mean, TINY.std))
    x = (torch.from_numpy(pixels).permute(2, 0, 1)[None].float() / 255 - mean) / std
    rows, columns = pixels.shape[0] // 16, pixels.shape[1] // 16
    with torch.no_grad():
        x = vit.patch_embed.proj(x).flatten(2).transpose(1, 2)
        places = resample_abs_pos_embed(vit.pos_embed, new_size=[rows, columns], num_prefix_tokens=1)
        x = torch.cat([vit.cls_token + vit.pos_embed[:, :1], x + places[:, 1:] * learned], 1)
        x = vit.blocks[0](x)
        last = vit.blocks[1]
        qkv = (
            last.attn.qkv(last.norm1(x)).reshape(1, -1, 3, TINY.heads, TINY.width // TINY.heads).permute(2, 0, 3, 1, 4)
        )
        shares = (qkv[0][0, :, :1] @ qkv[1][0].transpose(-2, -1) * last.attn.scale).softmax(-1)[:, 0, 1:]
    return (shares.mean(0) * rows * columns).reshape(rows, columns).numpy()


@pytest.mark.parametrize("shape", [(224, 224), (160, 160), (320, 256)])
@pytest.mark.parametrize("learned", [True, False])
def test_attention_is_that_of_timms_own_blocks(shape, learned):
    pixels = np.random.default_rng(1).integers(0, 256, (*shape, 3), dtype=np.uint8)
    settings = ConversionSettings(positions=Positions.LEARNED)
    encoder = E2EViT.from_timm(build_seeded(TINY, seed=4), TINY, settings).eval()
    kind = Positions.LEARNED if learned else Positions.NONE
    # timm enlarges positions by an antialiased bicubic of torch, ours by the same filter as two matrices
    found = region_attention(encoder, pixels, kind)
    np.testing.assert_allclose(found, by_timm(pixels, learned=learned), rtol=2e-3)


def test_agreement_is_spearmans_in_the_shared_area_of_every_pair():
    random = np.random.default_rng(2)
    maps = tuple(random.random((size // 16, size // 16)).astype(np.float32) for size in SIZES)
    found = extrapolation._compared(Positions.NONE, maps, 16)
    shared = [one[(len(one) - 28) // 2 :][:28, (len(one) - 28) // 2 :][:, :28].ravel() for one in maps]
    assert found.with_smallest == pytest.approx([spearmanr(shared[0], other).statistic for other in shared[1:]])
    pairs = [spearmanr(shared[a], shared[b]).statistic for a in range(4) for b in range(a + 1, 4)]
    assert found.every_pair == pytest.approx(np.mean(pairs))
    assert found.control == pytest.approx(spearmanr(shared[0], maps[-1][:28, :28].ravel()).statistic)
    assert extrapolation._rank_correlation(np.ones(9, np.float32), np.arange(9, dtype=np.float32)) == 0.0


@pytest.mark.usefixtures("known_tiny_backbone")
def test_from_a_region_to_its_files(weights, tmp_path):  # noqa: F811 - the fixture
    region = Region(pixels=tissue_like(SIZES[-1], SIZES[-1]), x=0, y=0, mpp=0.5)
    found = extrapolate(region, ModelChoice(source=str(weights), backbone=TINY.id))
    assert [kind.positions for kind in found.kinds] == list(KINDS)
    for kind in found.kinds:
        assert [one.shape for one in kind.maps] == [(size // 16, size // 16) for size in SIZES]
        assert all(np.isfinite(one).all() and (one >= 0).all() for one in kind.maps)
    picture, table, record = write_extrapolation_files(found, tmp_path / "out")
    assert picture.read_bytes().startswith(b"\x89PNG")
    with table.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["positions"] for row in rows] == [str(kind) for kind in KINDS]
    assert float(rows[0]["r_1120_with_448"]) == pytest.approx(found.kinds[0].with_smallest[2], abs=1e-4)
    assert json.loads(record.read_text())["rank_correlation"]["none"]["control_elsewhere"] == found.kinds[1].control
    assert str(tmp_path) not in record.read_text()


def test_patches_that_do_not_fit_are_refused(monkeypatch):
    monkeypatch.setattr(extrapolation, "SIZES", (448, 680))
    region = Region(pixels=tissue_like(680, 680), x=0, y=0, mpp=0.5)
    built = build_seeded(TINY, seed=0)
    monkeypatch.setattr(extrapolation, "load_backbone", lambda *given, **told: (built, TINY, "0"))
    with pytest.raises(BackboneError, match=r"^Patches of 16 px do not fit squares of 448, 680 px\.$"):
        extrapolate(region, ModelChoice(source="x"))


def test_a_region_is_read_where_most_tissue_is_or_where_it_is_asked_for(tmp_path):
    image = np.full((900, 1400, 3), 243, np.uint8)
    image[200:800, 700:1350] = tissue_like(600, 650)
    with open_slide(write_pyramid(tmp_path / "s.tiff", image, mpp=0.5)) as slide:
        found = read_square(slide, 448, mpp=0.5)
        assert 690 <= found.x <= 910
        assert np.abs(found.pixels.astype(int) - image[found.y :, found.x :][:448, :448]).mean() < 8
        asked = read_square(slide, 448, mpp=0.5, at=(300, 400))
        assert (asked.x, asked.y) == (76, 176)
        with pytest.raises(TilingError) as raised:
            read_square(slide, 448, mpp=0.5, at=(100, 400))
        assert raised.value.message == "A square of 448 px around (100, 400) reaches over the border of the slide."
        with pytest.raises(TilingError) as raised:
            read_square(slide, 1120, mpp=0.5)
        assert raised.value.message == (
            "The region is too small: 1120 x 1120 pixels are needed, and there are 1400 x 900 at the model's resolution."
        )


def test_the_command_says_what_cannot_be(tmp_path, capsys):
    path = write_pyramid(tmp_path / "s.tiff", tissue_like(600, 600), mpp=0.5)
    arguments = ["extrapolate", str(path), "--model", "dinov2-small", "--out", str(tmp_path / "o")]
    assert main.run([*arguments, "--at", "12"]) == 2
    assert '"12" is not a place: write two whole numbers, like 12000,8000.' in capsys.readouterr().err
    assert main.run(arguments) == 2
    assert "The region is too small: 1120 x 1120 pixels are needed" in capsys.readouterr().err
