"""Checkpoints: whole at every moment, fall back one epoch, hold no code, bring back every random state."""

import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from e2evit_model.errors import OutputError
from e2evit_model.runs.checkpoints import capture_random, load_checkpoint, restore_random, save_checkpoint
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import FoldFolder


@pytest.fixture
def fold(tmp_path):
    return FoldFolder(tmp_path / "fold_0")


def state_of(epoch):
    return {
        "epoch": epoch,
        "weights": {"a": torch.full((1000,), float(epoch))},
        "note": "x",
        "best": None,
        "seen": [1, 2.5, True],
    }


def test_nothing_yet(fold):
    assert load_checkpoint(fold) is None


def test_the_newest_state_and_the_one_before(fold):
    for epoch in (1, 2, 3):
        save_checkpoint(fold, state_of(epoch))
    found = load_checkpoint(fold)
    assert found.notice == ""
    assert found.state["epoch"] == 3
    torch.testing.assert_close(found.state["weights"], state_of(3)["weights"])
    assert found.state["seen"] == [1, 2.5, True]
    assert sorted(p.name for p in fold.path.iterdir()) == ["last.pt", "previous.pt"]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_cut_short_goes_back_one_epoch(fold, share):
    for epoch in (1, 2):
        save_checkpoint(fold, state_of(epoch))
    content = fold.last.read_bytes()
    fold.last.write_bytes(content[: int(share * len(content))])
    found = load_checkpoint(fold)
    assert found.state["epoch"] == 1
    assert found.notice == "The last state of fold_0 was cut short; it goes on from the epoch before."
    save_checkpoint(fold, state_of(2))
    assert load_checkpoint(fold).state["epoch"] == 2
    fold.last.unlink()  # as if the process died between the two renames
    assert load_checkpoint(fold).state["epoch"] == 1


def test_a_flipped_bit_in_a_tensor_is_found(fold):
    for epoch in (1, 2):
        save_checkpoint(fold, state_of(epoch))
    content = bytearray(fold.last.read_bytes())
    place = content.find(torch.full((100,), 2.0).numpy().tobytes())
    assert place > 0
    content[place + 50] ^= 4
    fold.last.write_bytes(content)
    assert load_checkpoint(fold).state["epoch"] == 1


def test_both_damaged(fold):
    for epoch in (1, 2):
        save_checkpoint(fold, state_of(epoch))
    fold.last.write_bytes(b"")
    fold.previous.write_bytes(b"PK")
    with pytest.raises(RunError) as caught:
        load_checkpoint(fold)
    assert caught.value.message == "The state of fold_0 is damaged, and the one before it too."


def test_a_pickle_with_code_is_never_run(fold, tmp_path):
    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "exploded",)

    fold.path.mkdir()
    torch.save({"epoch": Bomb()}, fold.last)
    fold.previous.write_bytes(pickle.dumps(Bomb()))
    with pytest.raises(RunError):
        load_checkpoint(fold)
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize("value", [np.float64(1.0), np.zeros(3), {1, 2}, nn.Linear(1, 1), Path("x")])
def test_what_could_not_be_read_back_is_not_written(fold, value):
    save_checkpoint(fold, state_of(1))
    with pytest.raises(TypeError, match=r"state\.inner\[0\] is a .*, which a checkpoint cannot hold"):
        save_checkpoint(fold, {"inner": [value]})
    assert load_checkpoint(fold).state["epoch"] == 1


def test_a_full_disk_leaves_the_state_before(fold):
    save_checkpoint(fold, state_of(1))
    code = (
        "import resource, signal, sys; from pathlib import Path; import torch\n"
        "from e2evit_model.runs.checkpoints import save_checkpoint; from e2evit_model.runs.run_folder import FoldFolder\n"
        "from e2evit_model.errors import OutputError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "try: save_checkpoint(FoldFolder(Path(sys.argv[1])), {'epoch': 2, 'w': torch.zeros(100000)})\n"
        "except OutputError as error: print(error.message)\n"
    )
    if os.name != "posix":
        pytest.skip("a limit on the size of files can be set on POSIX only")
    done = subprocess.run([sys.executable, "-c", code, str(fold.path)], capture_output=True, text=True, check=False)
    assert "last.pt could not be written" in done.stdout, done.stderr
    assert load_checkpoint(fold).state["epoch"] == 1
    assert sorted(p.name for p in fold.path.iterdir()) == ["last.pt"]


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "f").write_text("in the way")
    with pytest.raises(OutputError, match=r"last\.pt could not be written: a file is in the way"):
        save_checkpoint(FoldFolder(tmp_path / "f"), state_of(1))


def test_every_random_state_comes_back(fold):
    generator = np.random.default_rng(3)
    save_checkpoint(fold, {"random": capture_random(generator)})

    def draw():
        return (
            random.random(),
            torch.rand(3).tolist(),
            generator.normal(size=3).tolist(),
            generator.integers(9, size=3).tolist(),
        )

    first = draw()
    draw()
    restore_random(load_checkpoint(fold).state["random"], generator)
    assert draw() == first


def test_a_stopped_training_ends_bitwise_as_one_that_never_stopped(tmp_path):
    def fresh():
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(4, 8), nn.Dropout(0.5), nn.Linear(8, 1))
        return model, torch.optim.Adam(model.parameters(), lr=0.1)

    def epoch(model, optimizer):
        loss = model(torch.randn(16, 4)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    model, optimizer = fresh()
    for _ in range(6):
        epoch(model, optimizer)
    wanted = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    fold = FoldFolder(tmp_path / "fold_1")
    model, optimizer = fresh()
    for _ in range(3):
        epoch(model, optimizer)
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "random": capture_random()}
    save_checkpoint(fold, state)
    model, optimizer = fresh()
    torch.manual_seed(99)
    found = load_checkpoint(fold).state
    model.load_state_dict(found["model"])
    optimizer.load_state_dict(found["optimizer"])
    restore_random(found["random"])
    for _ in range(3):
        epoch(model, optimizer)
    assert all(torch.equal(wanted[name], tensor) for name, tensor in model.state_dict().items())
