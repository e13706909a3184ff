import numpy as np
import pytest
import timm
import torch
from timm.layers import resample_abs_pos_embed

from e2evit_model.convert import banded_attention, pacing, positions
from e2evit_model.convert import e2evit as e2evit_module
from e2evit_model.convert.attention import dense_attention
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.e2evit import E2EViT
from e2evit_model.convert.learned_positions import strip_positions
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.timm_models import explain_not_plain
from e2evit_model.errors import BackboneError, Cancelled, DeviceError, OptionError, WeightsError
from tests.convert.small import IDS, build_small, strip


@pytest.fixture
def no_slopes(monkeypatch):
    monkeypatch.setattr(positions, "alibi_slopes", torch.zeros)


@pytest.mark.parametrize("name", IDS)
def test_no_new_parameter(name):
    backbone = BACKBONES[name]
    before = {key: value.clone() for key, value in build_small(backbone).state_dict().items()}
    model = E2EViT.from_timm(build_small(backbone), backbone)
    after = model.vit.state_dict()
    pos_embed = before.pop("pos_embed")
    assert list(after) == list(before)
    assert set(model.state_dict()) == {f"vit.{key}" for key in before}
    assert {key for key, _ in model.named_parameters()} == {f"vit.{key}" for key in before}
    covered = 0 if backbone.no_embed_class else backbone.prefix_tokens
    for key, value in before.items():
        expected = value
        if key == "cls_token" and covered:
            expected = value + pos_embed[:, :1]
        if key == "reg_token" and covered:
            expected = value + pos_embed[:, 1:covered]
        assert torch.equal(after[key], expected), key


@pytest.mark.parametrize("name", IDS)
def test_zero_slopes_equal_timm_without_positions(name, no_slopes, record_property):
    """timm's own model with pos_embed='none' on a picture, against the strip of the same patches, in float64."""
    backbone = BACKBONES[name]
    model = E2EViT.from_timm(build_small(backbone), backbone).double().eval()
    reference = build_small(backbone, pos_embed="none").double().eval()
    reference.load_state_dict(model.vit.state_dict(), strict=True)
    side = backbone.patch_px
    picture = torch.rand(8 * side, 8 * side, 3, dtype=torch.float64)
    mean, std = torch.tensor(backbone.mean, dtype=torch.float64), torch.tensor(backbone.std, dtype=torch.float64)
    model.mean, model.std = mean, std
    with torch.no_grad():
        right = reference.forward_features(((picture - mean) / std).permute(2, 0, 1)[None])[0]
        patches = picture.unflatten(1, (8, side)).unflatten(0, (8, side)).transpose(1, 2).flatten(0, 1)
        found = model(patches[:, None], keep_tokens=True)
    difference = max(
        (found.embedding - right[0]).abs().max().item(),
        (found.tokens - right[model.prefix :]).abs().max().item(),
    )
    record_property("largest difference", difference)
    assert difference < 1e-10


@pytest.mark.parametrize("name", IDS)
def test_folded_positions_of_the_prefix(name):
    """The prefix enters the first block as it did in pre-training."""
    backbone = BACKBONES[name]
    original = build_small(backbone)
    model = E2EViT.from_timm(build_small(backbone), backbone)
    picture = torch.rand(1, 3, backbone.patch_px * 8, backbone.patch_px * 8)
    right = original._pos_embed(original.patch_embed(picture))[0, : model.prefix]
    assert torch.allclose(
        model.tokens(strip(3, backbone.patch_px), model.groups(3))[0, : model.prefix], right, atol=1e-6
    )
    plain = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(fold_prefix_position=False))
    assert torch.equal(plain.vit.cls_token, original.cls_token)


@pytest.mark.parametrize("tiles", [1, 2, 3])
@pytest.mark.parametrize("kind", ["alibi", "alibi_2d", "none", "learned"])
def test_very_short_strips(tiles, kind):
    backbone = BACKBONES["h0-mini"]
    model = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(positions=kind)).eval()
    found = model(strip(tiles, 14), torch.arange(tiles), torch.arange(tiles))
    assert torch.isfinite(found.embedding).all()
    assert found.attention.shape == (tiles,)


@pytest.mark.parametrize("ratio", [0.001, 0.3, 0.5, 1, 1.7, 2, 4])
def test_any_number_of_tokens(ratio):
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(tokens_per_tile=ratio)).eval()
    found = model(strip(9, 16, splits=4), keep_tokens=True)
    assert len(found.tokens) == max(int(9 * ratio + 0.5), 1)


def test_order_matters_with_alibi_and_not_without():
    backbone = BACKBONES["vit-small"]
    patches = strip(40, 16)
    mixed = torch.randperm(40, generator=torch.Generator().manual_seed(3))
    columns, rows = torch.arange(40) % 7, torch.arange(40) // 7
    changed = {}
    for kind in ("alibi", "alibi_2d", "none", "learned"):
        model = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(positions=kind)).double().eval()
        with torch.no_grad():
            one = model(patches.double(), columns, rows).embedding
            other = model(patches[mixed].double(), columns[mixed], rows[mixed]).embedding
        changed[kind] = (one - other).abs().max().item()
    assert changed["none"] < 1e-12
    assert changed["alibi_2d"] < 1e-6  # places go with the tiles; distances are float32
    assert changed["alibi"] > 1e-5
    assert changed["learned"] > 1e-5


def test_distance_in_tiles_or_tokens():
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(tokens_per_tile=4, distance="tile"))
    by_tile = model.bias(model.groups(10))
    assert by_tile.slopes.tolist() == pytest.approx((positions.alibi_slopes(6) / 4).tolist())


@pytest.mark.parametrize(("name", "parts"), [("dinov2-small", 1), ("h0-mini", 2), ("virchow2", 4)])
def test_learned_positions_are_timms_own(name, parts, record_property):
    """Resample to the patch grid of the whole strip by timm, then merge: the same, without that grid."""
    backbone = BACKBONES[name]
    vit = build_small(backbone)
    model = E2EViT.from_timm(vit, backbone, ConversionSettings(positions="learned", tokens_per_tile=parts))
    tiles, side = 4, 224 // backbone.patch_px
    covered = 0 if backbone.no_embed_class else backbone.prefix_tokens
    grid = resample_abs_pos_embed(
        vit.pos_embed,
        new_size=[side, side * tiles],
        old_size=list(vit.patch_embed.grid_size),
        num_prefix_tokens=covered,
    )[0, covered:].unflatten(0, (side, tiles, side))
    down, along = {1: (1, 1), 2: (2, 1), 4: (2, 2)}[parts]
    cut = grid.transpose(0, 1).unflatten(1, (down, -1)).unflatten(3, (along, -1))
    literal = cut.mean((2, 4)).flatten(0, 2)
    found, prefix = strip_positions(vit, model.groups(tiles))
    difference = (found[0] - literal).abs().max().item()
    record_property("largest difference", difference)
    assert difference < 1e-5
    assert prefix.shape[1] == (covered or 1)
    assert set(model.vit.state_dict()) == set(build_small(backbone).state_dict())  # here pos_embed stays
    model(strip(4, backbone.patch_px, splits=parts)).embedding.sum().backward()
    assert vit.pos_embed.grad.abs().sum() > 0


def test_read_outs():
    backbone = BACKBONES["vit-small"]
    found = {}
    for read_out in ("cls", "mean", "cls+mean"):
        model = E2EViT.from_timm(build_small(backbone), backbone, ConversionSettings(read_out=read_out)).eval()
        found[read_out] = model(strip(9, 16), keep_tokens=True)
        assert len(found[read_out].embedding) == model.embedding_size
    assert torch.equal(found["cls+mean"].embedding, torch.cat([found["cls"].embedding, found["mean"].embedding]))
    assert torch.allclose(found["mean"].embedding, found["mean"].tokens.mean(0))


def test_gradients_with_and_without_checkpoints():
    backbone = BACKBONES["h0-mini"]
    gradients = []
    for checkpointing in (True, False):
        model = E2EViT.from_timm(build_small(backbone), backbone).train()
        model.checkpointing = checkpointing
        model(strip(300, 14)).embedding.square().sum().backward()
        gradients.append({key: parameter.grad for key, parameter in model.named_parameters()})
    assert all(value is not None for value in gradients[0].values())
    for key, value in gradients[0].items():
        assert torch.allclose(value, gradients[1][key], rtol=1e-4, atol=1e-4 * value.abs().max().item()), key


@pytest.mark.parametrize("precision", [torch.float32, torch.bfloat16])
def test_the_first_training_step_of_a_process(precision):
    """The trial of the kernel must not happen inside a block, which is computed again for the backward pass."""
    banded_attention.works.cache_clear()
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone).train()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=precision is torch.bfloat16):
        embedding = model(strip(300, 16)).embedding
    embedding.float().square().sum().backward()
    assert all(parameter.grad is not None for parameter in model.parameters())
    assert banded_attention.works.cache_info().currsize == 1


def test_gradients_of_the_whole_model_against_the_dense_kernel(monkeypatch, record_property):
    backbone = BACKBONES["vit-small"]
    gradients = []
    for kernel in (None, e2evit_module.attend):
        if kernel is None:
            monkeypatch.setattr(e2evit_module, "attend", lambda q, k, v, bias, **_: dense_attention(q, k, v, bias))
        else:
            monkeypatch.undo()
        model = E2EViT.from_timm(build_small(backbone), backbone).train()
        model(strip(400, 16)).embedding.square().sum().backward()
        gradients.append(torch.cat([parameter.grad.flatten() for parameter in model.parameters()]))
    difference = ((gradients[0] - gradients[1]).abs().max() / gradients[0].abs().max()).item()
    record_property("largest difference", difference)
    assert difference < 1e-5


def test_encode_gives_arrays_and_reports_progress():
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone)
    patches = strip(30, 16)
    heard = []
    found = model.encode(
        patches.numpy(),
        np.arange(30, dtype=np.int32),
        np.zeros(30, np.int32),
        precision="fp32",
        progress=lambda *said: heard.append(said),
    )
    assert found.precision == "fp32"
    assert found.embedding.dtype == np.float32
    assert found.embedding.shape == (96,)
    assert (found.attention.dtype, found.layers.dtype) == (np.float32, np.float16)
    assert found.layers.shape == (2, 6, 30)
    assert heard[0] == ("Running the model", 0, 2)
    assert heard[-1] == ("Running the model", 2, 2)
    with torch.no_grad():
        assert torch.allclose(torch.from_numpy(found.embedding), model(patches).embedding)
    smaller = model.encode(patches.numpy(), np.arange(30), np.zeros(30), precision="fp32", chunk=4, all_layers=False)
    assert smaller.layers.shape == (0, 6, 30)
    assert np.allclose(smaller.embedding, found.embedding, atol=1e-5)


def test_bf16_is_near_fp32(record_property):
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone)
    place = np.arange(400)
    exact, rough = (
        model.encode(strip(400, 16).numpy(), place, place, precision=precision) for precision in ("fp32", "bf16")
    )
    assert rough.precision == "bf16"
    cosine = exact.embedding @ rough.embedding / np.linalg.norm(exact.embedding) / np.linalg.norm(rough.embedding)
    record_property("cosine", float(cosine))
    assert cosine > 0.999


def test_cancel_inside_a_block(monkeypatch):
    """The listener is heard between the parts of a block as well, not only between blocks."""
    monkeypatch.setattr(pacing, "_PAUSE_S", 0.0)
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone)
    calls = []

    def progress(step, done, total):
        calls.append(done)
        if len(calls) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        model.encode(strip(30, 16).numpy(), np.arange(30), np.arange(30), progress=progress)
    assert calls == [0, 0, 0]


def test_long_work_is_done_in_parts(monkeypatch):
    monkeypatch.setattr(pacing, "_LARGEST_FLOP", 1.0)
    backbone = BACKBONES["h0-mini"]
    model = E2EViT.from_timm(build_small(backbone), backbone).eval()
    patches = strip(700, 14)
    with torch.no_grad():
        parts = model(patches).embedding
        monkeypatch.undo()
        assert torch.allclose(parts, model(patches).embedding, atol=1e-4)


def test_main_memory_that_does_not_suffice(monkeypatch):
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone)

    def fail(error):
        def attend(*_, **__):
            raise error

        monkeypatch.setattr(e2evit_module, "attend", attend)
        return model.encode(strip(3, 16).numpy(), np.arange(3), np.arange(3))

    with pytest.raises(DeviceError) as caught:
        fail(RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"))
    assert caught.value.message == "The memory of this computer does not suffice for 3 tiles."
    with pytest.raises(torch.OutOfMemoryError):
        fail(torch.OutOfMemoryError("CUDA out of memory"))
    with pytest.raises(RuntimeError, match="a fault of ours"):
        fail(RuntimeError("a fault of ours"))


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((0, 1, 16, 16, 3), "0 x 1 x 16 x 16 x 3"),
        ((5, 1, 14, 14, 3), "5 x 1 x 14 x 14 x 3"),
        ((5, 16, 16, 3), "5 x 16 x 16 x 3"),
    ],
)
def test_a_strip_of_another_shape(shape, said):
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone)
    with pytest.raises(OptionError) as caught:
        model(torch.zeros(shape))
    assert caught.value.message == f"The strip has the shape {said}, but the model needs tiles x parts x 16 x 16 x 3."


def test_unknown_precision():
    backbone = BACKBONES["vit-small"]
    model = E2EViT.from_timm(build_small(backbone), backbone)
    with pytest.raises(OptionError) as caught:
        model.encode(strip(2, 16).numpy(), np.arange(2), np.arange(2), precision="bf61")
    assert caught.value.message == 'Precision cannot be "bf61".'
    assert caught.value.hint == 'Did you mean "bf16"?'


def test_a_converted_model_takes_new_settings():
    backbone = BACKBONES["virchow2"]
    model = E2EViT.from_timm(build_small(backbone), backbone)
    cls = model.vit.cls_token.clone()
    again = E2EViT.from_timm(model.vit, backbone, ConversionSettings(tokens_per_tile=0.5))
    assert torch.equal(again.vit.cls_token, cls)  # folded once, not twice
    assert len(again.groups(10)) == 5
    with pytest.raises(BackboneError) as caught:
        E2EViT.from_timm(model.vit, backbone, ConversionSettings(positions="learned"))
    assert caught.value.message == "Virchow2 has no learned positions (any more)."


def test_state_of_a_converted_model_goes_into_another():
    backbone = BACKBONES["vit-small"]
    first, second = (E2EViT.from_timm(build_small(backbone, seed=seed), backbone).eval() for seed in (1, 2))
    state = dict(first.vit.state_dict())
    second.load_backbone_state(state)
    assert torch.equal(first(strip(4, 16)).embedding, second(strip(4, 16)).embedding)
    with pytest.raises(WeightsError) as caught:
        second.load_backbone_state({**state, "more": torch.zeros(1)})
    assert caught.value.message == "The weights have a tensor more, which this model does not know."


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"attn_drop_rate": 0.1}, "it drops attention weights at random"),
        ({"patch_drop_rate": 0.1}, "it drops patches at random"),
        ({"class_token": False, "global_pool": "avg"}, "it has no CLS token, so nothing would say where it looked"),
    ],
)
def test_what_is_not_plain(change, reason):
    vit = timm.create_model("vit_tiny_patch16_224", num_classes=0, depth=1, **change)
    assert explain_not_plain(vit) == reason


@pytest.mark.parametrize(
    "change", [{"pre_norm": True}, {"qk_norm": True}, {"scale_attn_norm": True}, {"fc_norm": True}, {"num_classes": 5}]
)
def test_variants_of_plain_vits_are_followed(change, no_slopes):
    def make(**more):
        torch.manual_seed(0)
        arguments = {"num_classes": 0, "depth": 2, "embed_dim": 48, "num_heads": 3, **change, **more}
        vit = timm.create_model("vit_tiny_patch16_224", img_size=64, **arguments)
        for parameter in vit.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        return vit.eval()

    with torch.random.fork_rng():
        model = E2EViT.from_timm(make(), ((0, 0, 0), (1, 1, 1)))
        reference = make(pos_embed="none", num_classes=0)
    reference.load_state_dict(model.vit.state_dict(), strict=True)
    picture = torch.rand(64, 64, 3)
    patches = picture.unflatten(1, (4, 16)).unflatten(0, (4, 16)).transpose(1, 2).flatten(0, 1)
    with torch.no_grad():
        right = reference(picture.permute(2, 0, 1)[None])[0]
        assert torch.allclose(model(patches[:, None]).embedding, right, atol=1e-4)
