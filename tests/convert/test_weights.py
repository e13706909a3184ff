import json
import pickle
import struct
import zipfile

import pytest
import timm
import torch
from safetensors.torch import save_file

from e2evit_model.convert import weights
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.loading import build_empty, build_seeded, load_backbone
from e2evit_model.convert.recognition import recognise
from e2evit_model.convert.timm_models import build, load_state
from e2evit_model.convert.weights import of_the_trunk, read_layout, read_weights, weights_sha256
from e2evit_model.errors import BackboneError, WeightsError
from e2evit_model.files import sha256_of_file
from tests.convert.small import build_small

AGAIN = "Get the file again, and compare its size with the one that is published."


@pytest.fixture(scope="module")
def vit_small():
    """A ViT-S at full size with seeded weights, as plain tensors."""
    return {
        key: value.detach().clone() for key, value in build_seeded(BACKBONES["vit-small"], seed=1).state_dict().items()
    }


@pytest.fixture
def published(vit_small, tmp_path):
    """The published layout: with a classifier, as safetensors."""
    path = tmp_path / "model.safetensors"
    save_file({**vit_small, "head.weight": torch.zeros(10, 384), "head.bias": torch.zeros(10)}, path)
    return path


def refusal(path, read=read_weights):
    with pytest.raises(WeightsError) as caught:
        read(path)
    assert str(path.parent) not in caught.value.message + caught.value.hint
    return caught.value


def test_safetensors_and_torch_files_are_the_same(published, vit_small, tmp_path):
    torch.save({"model": vit_small, "epoch": 3}, tmp_path / "weights.bin")
    torch.save(vit_small, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    for path in (published, tmp_path / "weights.bin", tmp_path / "old.pth"):
        vit, backbone, digest = load_backbone(path, backbone="vit-small")
        assert backbone is BACKBONES["vit-small"]
        assert digest == sha256_of_file(path)
        assert all(torch.equal(value, vit_small[key]) for key, value in vit.state_dict().items())
        assert not vit.training


def test_half_precision_is_cast_up(vit_small, tmp_path):
    path = tmp_path / "half.safetensors"
    save_file({key: value.half() for key, value in vit_small.items()}, path)
    vit, _, _ = load_backbone(path)
    assert {parameter.dtype for parameter in vit.parameters()} == {torch.float32}
    assert torch.equal(vit.norm.weight, vit_small["norm.weight"].half().float())


@pytest.mark.parametrize("prefix", ["visual.trunk.", "trunk."])
def test_prefixes_of_published_files(prefix, vit_small, tmp_path):
    """CONCH's files hold a text model and poolers beside the trunk."""
    path = tmp_path / "pytorch_model.bin"
    beside = {
        "text.token_embedding.weight": torch.zeros(3),
        prefix.removesuffix("trunk.") + "attn_pool.query": torch.zeros(2),
    }
    torch.save(
        {**{prefix + key: value for key, value in vit_small.items()}, **beside, "logit_scale": torch.ones(())}, path
    )
    vit, backbone, _ = load_backbone(path, backbone="vit-small")
    assert torch.equal(vit.cls_token, vit_small["cls_token"])
    assert recognise(path) is backbone


def test_dinov2_native_layout(tmp_path):
    """mask_token; and with registers, positions that cover CLS, which timm adds to it."""
    state = {key: value.clone() for key, value in build_seeded(BACKBONES["dinov2-small"], seed=2).state_dict().items()}
    path = tmp_path / "dinov2_vits14_pretrain.pth"
    torch.save({**state, "mask_token": torch.zeros(1, 384)}, path)
    vit, backbone, _ = load_backbone(path)
    assert backbone.id == "dinov2-small"
    assert torch.equal(vit.pos_embed, state["pos_embed"])
    small = BACKBONES["h0-mini"]
    original = build_small(small)
    native = {key: value.clone() for key, value in original.state_dict().items()}
    native["register_tokens"] = native.pop("reg_token")
    of_cls = torch.rand(1, 1, native["pos_embed"].shape[2])
    native["pos_embed"] = torch.cat([of_cls, native["pos_embed"]], dim=1)
    native["mask_token"] = torch.zeros(1, 3)
    loaded = build_small(small, seed=9)
    load_state(loaded, native, small.title)
    assert torch.allclose(loaded.cls_token, original.cls_token + of_cls)
    assert torch.equal(loaded.reg_token, original.reg_token)
    assert torch.equal(loaded.pos_embed, original.pos_embed)


def test_positions_of_another_picture_size_are_resampled(vit_small, tmp_path):
    path = tmp_path / "model.safetensors"
    save_file({**vit_small, "pos_embed": torch.ones(1, 1 + 24 * 24, 384)}, path)
    vit, _, _ = load_backbone(path, backbone="vit-small")
    assert vit.pos_embed.shape == (1, 197, 384)
    assert torch.allclose(vit.pos_embed, torch.ones(()), atol=1e-5)


class Evil:
    """Would make a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (str(self.path), "w")


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("zipped", [True, False])
def test_a_pickle_with_code_is_refused_and_nothing_runs(zipped, tmp_path, vit_small):
    victim, path = tmp_path / "was_here", tmp_path / "pytorch_model.bin"
    content = {**vit_small, "surprise": Evil(victim)}
    if zipped:
        torch.save(content, path)
    else:
        path.write_bytes(pickle.dumps(content, protocol=2))
    for read in (read_weights, read_layout, load_backbone):
        error = refusal(path, read)
        assert error.message == "pytorch_model.bin holds program code besides weights. It was not run."
        assert error.hint.startswith("Use a safetensors file, or ask for one where you got this from.")
    path.with_suffix(".4").write_bytes(pickle.dumps(content, protocol=4))
    assert refusal(path.with_suffix(".4")).message == "pytorch_model.4 is damaged, or not a weight file."
    assert not victim.exists()
    if zipped:
        torch.load(path, weights_only=False)  # so the file does what was feared
        assert victim.exists()


@pytest.mark.parametrize("share", [0.001, 0.5, 0.999])
def test_a_file_that_is_cut_short(share, published, vit_small, tmp_path):
    torch.save(vit_small, tmp_path / "weights.bin")
    for path in (published, tmp_path / "weights.bin"):
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * share)])
        for read in (read_weights, read_layout):
            error = refusal(path, read)
            said = f"{path.name} is cut short: its last part is missing."
            assert error.message in {said, f"{path.name} is damaged, or not a weight file."}
            assert error.hint == AGAIN
    if share > 0.1:
        assert refusal(published).message == "model.safetensors is cut short: its last part is missing."


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "weights.bin is empty."),
        (b"\xff\xd8\xff\xe0 a picture", "weights.bin is not a weight file."),
        (b"a text, long enough", "weights.bin is not a weight file."),
        (b"\x80\x04 not a pickle", "weights.bin is damaged, or not a weight file."),
        (b"PK\x03\x04 not a zip", "weights.bin is damaged, or not a weight file."),
        (struct.pack("<Q", 10**6) + b"{", "weights.bin is cut short: its last part is missing."),
        (struct.pack("<Q", 4) + b"{!!}", "weights.bin is damaged, or not a weight file."),
        (pickle.dumps([1, 2]), "weights.bin is damaged, or not a weight file."),
    ],
)
def test_what_is_no_weight_file(content, message, tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(content)
    assert refusal(path).message == message
    assert refusal(path, read_layout).message == message


def test_files_that_hold_something_else(tmp_path):
    torch.save({"epoch": 3, "names": ["a"]}, tmp_path / "notes.bin")
    assert refusal(tmp_path / "notes.bin").message == "notes.bin holds no weights."
    with zipfile.ZipFile(tmp_path / "archive.bin", "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert refusal(tmp_path / "archive.bin").message == "archive.bin is damaged, or not a weight file."
    assert refusal(tmp_path / "gone.bin").message == "There is no weight file gone.bin."
    assert refusal(tmp_path).message == f"There is no weight file {tmp_path.name}."


def test_weights_of_another_architecture(published):
    def said(backbone):
        with pytest.raises(WeightsError) as caught:
            load_backbone(published, backbone=backbone)
        return caught.value

    wide = said("conch")
    assert wide.message == "The tensor cls_token has the shape 1 x 1 x 384, but CONCH needs 1 x 1 x 768."
    assert wide.hint == "These weights are not for CONCH: choose the backbone that they were made for."
    assert said("dinov2-small").message == (
        "The tensor patch_embed.proj.weight has the shape 384 x 3 x 16 x 16, but DINOv2 ViT-S/14 needs 384 x 3 x 14 x 14."
    )
    assert said("deit3_small_patch16_224").message == (
        "The tensors of the weights cannot be brought into the layout of deit3_small_patch16_224."
    )
    assert said("vit_small_patch8_224").message == (
        "The tensor patch_embed.proj.weight has the shape 384 x 3 x 16 x 16, but vit_small_patch8_224 needs 384 x 3 x 8 x 8."
    )


def test_a_tensor_too_many(vit_small):
    vit = build(BACKBONES["vit-small"])
    with pytest.raises(WeightsError) as caught:
        load_state(vit, {**vit_small, "blocks.12.norm1.weight": torch.zeros(384)}, "ViT-S")
    assert caught.value.message == "The weights have a tensor blocks.12.norm1.weight, which ViT-S does not know."


def test_registers_that_are_missing_or_too_many_are_called_so():
    small = {"img_size": 28, "patch_size": 14, "depth": 1, "embed_dim": 16, "num_heads": 2, "num_classes": 0}
    without, with_four = (timm.models.VisionTransformer(**small, reg_tokens=count) for count in (0, 4))
    with pytest.raises(WeightsError) as lacking:
        load_state(with_four, without.state_dict(), "H0-mini")
    assert lacking.value.message == "The weights have no register tokens, and H0-mini needs 4."
    assert lacking.value.hint == "These weights are not for H0-mini: choose the backbone that they were made for."
    with pytest.raises(WeightsError) as more:
        load_state(without, with_four.state_dict(), "DINOv2 ViT-S/14")
    assert more.value.message == "The weights have 4 register tokens, and DINOv2 ViT-S/14 has none."


def test_patches_of_another_size_are_not_resampled_silently(vit_small):
    """timm's filter would turn 16 px patches into 14 px ones and go on."""
    vit = build(BACKBONES["dinov2-small"])
    state = {**vit.state_dict(), "patch_embed.proj.weight": torch.zeros(384, 3, 16, 16)}
    with pytest.raises(WeightsError) as caught:
        load_state(vit, state, "DINOv2")
    assert caught.value.message == (
        "The tensor patch_embed.proj.weight has the shape 384 x 3 x 16 x 16, but DINOv2 needs 384 x 3 x 14 x 14."
    )


def test_unknown_backbone(published):
    with pytest.raises(BackboneError) as caught:
        load_backbone(published, backbone="vit-smal")
    assert caught.value.message == 'No backbone is called "vit-smal".'
    assert caught.value.hint == 'Did you mean "vit-small"?'


def test_folders(published, tmp_path):
    assert load_backbone(tmp_path)[1].id == "vit-small"
    published.rename(tmp_path / "a.safetensors")
    assert load_backbone(tmp_path)[1].id == "vit-small"
    (tmp_path / "b.safetensors").write_bytes(b"")
    with pytest.raises(WeightsError) as caught:
        load_backbone(tmp_path)
    assert caught.value.message == f"The folder {tmp_path.name} holds more than one weight file."
    (tmp_path / "empty").mkdir()
    with pytest.raises(WeightsError) as caught:
        load_backbone(tmp_path / "empty")
    assert caught.value.message == "The folder empty holds no weight file."


def layout_file(path, backbone):
    """Write a safetensors file with the published layout at full size and no numbers in memory: one byte each, sparse."""
    with torch.device("meta"):
        state = build(backbone).state_dict()
    header, offset = {}, 0
    for key, value in state.items():
        header[backbone.key_prefix + key] = {
            "dtype": "U8",
            "shape": list(value.shape),
            "data_offsets": [offset, offset + value.numel()],
        }
        offset += value.numel()
    head = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        file.truncate(8 + len(head) + offset)
    return path


@pytest.mark.parametrize(
    "name", ["vit-small", "conch", "h0-mini", "gigapath", "virchow", "virchow2", "uni2-h", "dinov2-small"]
)
def test_the_layout_says_which_backbone(name, tmp_path):
    assert recognise(layout_file(tmp_path / "weights.safetensors", BACKBONES[name])).id == name


@pytest.mark.parametrize("name", ["uni", "pathorchestra", "conch-v1.5"])
def test_a_layout_that_several_share_is_asked_for(name, tmp_path):
    with pytest.raises(WeightsError) as caught:
        recognise(layout_file(tmp_path / "weights.safetensors", BACKBONES[name]))
    assert caught.value.message == (
        "weights.safetensors has a layout that several backbones share: uni, pathorchestra, conch-v1.5."
    )
    assert "--backbone" in caught.value.hint


def test_a_layout_that_nobody_has(tmp_path, vit_small):
    path = tmp_path / "weights.safetensors"
    save_file({key: value for key, value in vit_small.items() if "blocks.11" not in key}, path)
    with pytest.raises(WeightsError) as caught:
        recognise(path)
    assert caught.value.message == (
        "weights.safetensors does not have the layout of any known backbone (16 px patches, width 384, 11 blocks)."
    )
    save_file({"weight": torch.zeros(3)}, path)
    with pytest.raises(WeightsError) as caught:
        recognise(path)
    assert caught.value.message == "weights.safetensors does not have the layout of any known backbone."


def test_any_vit_of_timm_by_name(tmp_path):
    path = tmp_path / "tiny.safetensors"
    vit = timm.create_model("vit_tiny_patch16_224", num_classes=0)
    save_file(vit.state_dict(), path)
    loaded, backbone, _ = load_backbone(path, backbone="vit_tiny_patch16_224")
    assert torch.equal(loaded.cls_token, vit.cls_token)
    assert (backbone.width, backbone.depth, backbone.heads, backbone.patch_px) == (192, 12, 3, 16)
    assert backbone.mean == (0.5, 0.5, 0.5)
    with pytest.raises(BackboneError) as caught:
        load_backbone(path, backbone="resnet18")
    assert caught.value.message == "resnet18 cannot be converted: it is a ResNet, not a plain vision transformer."


def test_the_hash_is_remembered_until_the_file_changes(published, monkeypatch):
    first = weights_sha256(published)
    assert first == sha256_of_file(published)

    def must_not(path):
        raise AssertionError("hashed again")

    monkeypatch.setattr(weights, "sha256_of_file", must_not)
    assert weights_sha256(published) == first
    monkeypatch.undo()
    published.write_bytes(published.read_bytes() + b" ")
    assert weights_sha256(published) == sha256_of_file(published) != first


def test_seeded_weights_are_always_the_same():
    state = torch.random.get_rng_state()
    one, other = (build_seeded(BACKBONES["vit-small"], seed=7).state_dict() for _ in range(2))
    assert all(torch.equal(value, other[key]) for key, value in one.items())
    assert torch.equal(torch.random.get_rng_state(), state)
    assert not torch.equal(one["cls_token"], build_seeded(BACKBONES["vit-small"], seed=8).cls_token)


def test_empty_models_have_everything_that_a_state_fills():
    """to_empty leaves buffers undefined: a plain ViT must have none."""
    assert list(build_empty(BACKBONES["vit-small"]).buffers()) == []


def test_trunk_of_a_plain_file_loses_only_the_classifier():
    keys = {"cls_token": 1, "head.weight": 2, "norm.weight": 3}
    assert of_the_trunk(keys) == {"cls_token": 1, "norm.weight": 3}
