"""Tokens of tiles that are kept: parts of them, damage, numbers, cancelling, memory, their key; and what cannot be."""

import threading

import numpy as np
import pytest
import torch

from e2evit_model.convert import token_stream as token_stream_module
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.convert.tile_tokens import TileEncoder
from e2evit_model.convert.token_stream import tokens_key
from e2evit_model.errors import BackboneError, Cancelled, OptionError
from tests.convert.late_merging import EXACT, SIDE, convert, encode, slide_of
from tests.strip.memory_slide import MemorySlide, grid_of, random_picture


def test_some_of_the_tiles_are_a_strip_of_their_own():
    backbone = BACKBONES["virchow2"]
    model = convert(backbone, merge_after=2)
    slide, grid = slide_of(backbone)
    keep = np.arange(len(grid)) % 3 != 0
    whole, alone = encode(model, slide, grid), encode(model, slide, grid.subset(keep))
    torch.testing.assert_close(model(whole.subset(keep)).embedding, model(alone).embedding, atol=1e-6, rtol=1e-6)


def test_damaged_tiles_are_not_readable():
    backbone = BACKBONES["vit-small"]
    model = convert(backbone, merge_after=1)
    tile = backbone.patch_px * SIDE
    slide = MemorySlide(random_picture(np.random.default_rng(0), 3 * tile, tile), block=(tile, tile), damaged={(1, 0)})
    stack = encode(model, slide, grid_of([0, 1, 2], [0, 0, 0], tile))
    assert stack.readable.tolist() == [True, False, True]
    assert not stack.tokens[1].any()


def test_kept_as_fp16_unless_the_numbers_are_too_large():
    backbone = BACKBONES["vit-small"]
    slide, grid = slide_of(backbone)
    exact = encode(convert(backbone, merge_after=1), slide, grid)
    model = convert(backbone, merge_after=1, kept_tokens="fp16")
    half = encode(model, slide, grid)
    assert (exact.tokens.dtype, half.tokens.dtype, half.prefix.dtype) == (np.float32, np.float16, np.float16)
    assert half.nbytes < 0.6 * exact.nbytes
    np.testing.assert_allclose(half.tokens, exact.tokens, rtol=1e-3, atol=1e-3)
    with torch.no_grad():
        model.vit.blocks[0].mlp.fc2.bias[3] = 1e5
    large = encode(model, slide, grid)
    assert large.tokens.dtype == np.float32
    assert np.isfinite(large.tokens).all()
    assert large.tokens[..., 3].min() > 9e4


def test_can_be_cancelled_and_leaves_no_thread():
    backbone = BACKBONES["vit-small"]
    model = convert(backbone, merge_after=1)
    slide, grid = slide_of(backbone)
    told = []

    def progress(step, done, total):
        told.append((step, done, total))
        if done >= 2:
            raise Cancelled

    # A thread of an earlier test may end meanwhile: only new ones count.
    before = set(threading.enumerate())
    with pytest.raises(Cancelled):
        encode(model, slide, grid, batch=2, progress=progress)
    assert not set(threading.enumerate()) - before
    assert told[0] == ("Looking at every tile", 0, len(grid))
    assert told[-1][1] == 2


def test_too_little_memory_on_a_gpu_means_smaller_batches(monkeypatch):
    backbone = BACKBONES["vit-small"]
    model = convert(backbone, merge_after=1)
    slide, grid = slide_of(backbone)
    sizes = []

    class Tight(TileEncoder):
        def __call__(self, pixels, index, pace=None):
            sizes.append(len(pixels))
            if len(pixels) > 2:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().__call__(pixels, index, pace)

    right = encode(model, slide, grid)
    monkeypatch.setattr(token_stream_module, "TileEncoder", Tight)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    found = encode(model, slide, grid, batch=8)
    np.testing.assert_allclose(found.tokens, right.tokens, atol=1e-5)
    assert sizes[:3] == [8, 4, 2]
    assert max(sizes[2:]) == 2


def test_the_key_knows_what_decides_the_tokens_and_nothing_else():
    backbone = BACKBONES["vit-small"]

    def key(model, **more):
        return tokens_key(model, **{"precision": "fp32", "device": "cpu"} | more)

    first = convert(backbone, double=False, merge_after=1)
    with torch.no_grad():
        tuned = convert(backbone, double=False, merge_after=1)
        for block in tuned.vit.blocks[1:]:
            block.mlp.fc1.weight.add_(1)
        tuned.vit.norm.weight.add_(1)
    assert key(first) == key(tuned)
    assert key(first) == key(
        convert(backbone, double=False, merge_after=1, tokens_per_tile=0.5, positions="none", read_out="mean")
    )
    others = [
        {"merge_after": 2},
        {"merge_after": 1, "merger": "max"},
        {"merge_after": 1, "tokens_per_tile": 4},
        {"merge_after": 1, "tokens_per_tile": 4, "split": "bands"},
        {"merge_after": 1, "positions": "learned"},
        {"merge_after": 1, "kept_tokens": "fp16"},
        {"merge_after": 1, "seed": 1},
        {"merger": "max"},
    ]
    keys = [key(convert(backbone, double=False, **change)) for change in others]
    keys += [key(first), key(first, precision="bf16"), key(first, every_patch=True)]
    assert len(set(keys)) == len(keys)
    last = [convert(backbone, double=False, merge_after=3) for _ in range(2)]
    with torch.no_grad():
        last[1].vit.norm.weight.add_(1)
    assert key(last[0]) != key(last[1])  # the final norm belongs to the tiles then


def test_a_model_takes_another_depth_and_goes_back():
    backbone = BACKBONES["virchow2"]
    slide, grid = slide_of(backbone)
    model = convert(backbone)
    paper = model(encode(model, slide, grid)).embedding
    model.configure(ConversionSettings(merge_after=2, **EXACT))
    right = convert(backbone, merge_after=2)
    torch.testing.assert_close(model(encode(model, slide, grid)).embedding, right(encode(right, slide, grid)).embedding)
    model.configure(ConversionSettings(**EXACT))
    torch.testing.assert_close(model(encode(model, slide, grid)).embedding, paper)


def test_what_cannot_be():
    backbone = BACKBONES["vit-small"]
    with pytest.raises(OptionError) as told:
        convert(backbone, merge_after=4)
    assert told.value.message == "ViT-S/16, ImageNet-21k has 3 blocks, so tiles cannot be merged after block 4."
    assert told.value.hint == "Choose 0 to 3."
    with pytest.raises(BackboneError) as told:
        convert(backbone, read_out="pooler")
    assert told.value.message == "ViT-S/16, ImageNet-21k has no attention pooler to read out by."
    slide, grid = slide_of(backbone, side=7)
    with pytest.raises(OptionError) as told:
        encode(convert(backbone, merge_after=1, tokens_per_tile=4), slide, grid)
    assert told.value.message == "A tile of 112 px has 7 patches of 16 px in a row, which cannot be halved for 4 parts."
    slide, grid = slide_of(backbone)
    model = convert(backbone, merge_after=1)
    with pytest.raises(OptionError) as told:
        model(torch.rand(3, 1, 16, 16, 3))
    assert told.value.message == "Mean patches are not enough for this model: it must see every patch of every tile."
    for other in ({}, {"merge_after": 1, "tokens_per_tile": 2}):
        with pytest.raises(OptionError) as told:
            model(encode(convert(backbone, **other), slide, grid))
        assert told.value.message == "The tokens of the tiles were made for another model, or with other settings."
