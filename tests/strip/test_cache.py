"""Patch stacks on disk: found again, made again when damaged, never half, never in the way."""

import errno
import json
import multiprocessing
import os
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import filelock
import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import load_file, save_file

from e2evit_model.errors import Cancelled
from e2evit_model.strip import cache, stack_file
from e2evit_model.strip.cache import cache_size, clear_cache, load_or_read, trim_cache
from e2evit_model.strip.reading import mean_patches
from tests.strip.memory_slide import MemorySlide, grid_of, random_picture

READ_AGAIN = "What was kept of this slide is damaged. The slide is read again."


@pytest.fixture
def slide():
    return MemorySlide(random_picture(np.random.default_rng(0), 700, 700), block=(100, 100), damaged={(6, 6)})


@pytest.fixture
def grid():
    return grid_of([2, 0, 1, 2], [1, 0, 2, 2], 224)


def the_file(own_cache: Path) -> Path:
    (path,) = (own_cache / "strips").glob("*.safetensors")
    return path


def assert_equal(stack, expected):
    assert sorted(stack.sums) == sorted(expected.sums)
    assert (stack.tile_px, stack.splits) == (expected.tile_px, expected.splits)
    np.testing.assert_array_equal(stack.readable, expected.readable)
    for patch_px, values in expected.sums.items():
        assert stack.sums[patch_px].dtype == values.dtype
        np.testing.assert_array_equal(stack.sums[patch_px], values)


def test_the_second_time_nothing_is_read(slide, grid):
    expected = mean_patches(slide, grid)
    slide.reads.clear()
    assert_equal(load_or_read(slide, grid)[0], expected)
    assert slide.reads
    slide.reads.clear()
    stack, notices = load_or_read(slide, grid)
    assert_equal(stack, expected)
    assert not expected.readable.all()
    assert not slide.reads
    assert notices == ()


@pytest.mark.parametrize(("sizes", "splits"), [((14,), 4), ((16,), 1), ((14, 16), 2), ((16, 14), 1)])
def test_a_stack_that_holds_more_serves_for_less(slide, grid, sizes, splits):
    load_or_read(slide, grid, patch_sizes=(14, 16), splits=4)
    slide.reads.clear()
    stack, _ = load_or_read(slide, grid, patch_sizes=sizes, splits=splits)
    assert not slide.reads
    assert_equal(stack, mean_patches(slide, grid, patch_sizes=sizes, splits=splits))


@pytest.mark.parametrize(("sizes", "splits"), [((14, 16), 1), ((14,), 2), ((8,), 1)])
def test_a_stack_that_holds_less_does_not_serve(slide, grid, sizes, splits):
    load_or_read(slide, grid, patch_sizes=(14,))
    slide.reads.clear()
    stack, notices = load_or_read(slide, grid, patch_sizes=sizes, splits=splits)
    assert slide.reads
    assert notices == ()
    assert_equal(stack, mean_patches(slide, grid, patch_sizes=sizes, splits=splits))


def test_another_slide_grid_or_order_is_another_stack(slide, grid):
    load_or_read(slide, grid)
    other = MemorySlide(255 - slide.picture, block=slide.block)
    for slide_now, grid_now in (
        (other, grid),
        (slide, grid.subset(np.array([0, 1, 2]))),
        (slide, grid.subset(np.array([1, 0, 2, 3]))),
    ):
        slide_now.reads.clear()
        stack, _ = load_or_read(slide_now, grid_now)
        assert slide_now.reads
        assert_equal(stack, mean_patches(slide_now, grid_now))


def test_without_the_cache_nothing_is_written(slide, grid, own_cache):
    load_or_read(slide, grid, use_cache=False)
    assert not list(own_cache.rglob("*"))


def cut_short(path):
    path.write_bytes(path.read_bytes()[:-1000])


def cut_in_the_header(path):
    path.write_bytes(path.read_bytes()[:50])


def emptied(path):
    path.write_bytes(b"")


def one_bit_turned(path):
    content = bytearray(path.read_bytes())
    with safe_open(path, framework="numpy") as file:
        assert "sums_14" in file.keys()  # noqa: SIM118 - no mapping
    content[-3000] ^= 1
    path.write_bytes(content)


def text_instead(path):
    path.write_text("This is no stack. " * 100)


def rewritten(path, **changes):
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    save_file(tensors, path, metadata={**metadata, **changes})


def without_metadata(path):
    save_file(load_file(path), path, metadata={"format": stack_file.FORMAT, "version": str(stack_file.VERSION)})


def lying_about_its_parts(path):
    rewritten(path, record=json.dumps({"splits": 3}))


@pytest.mark.parametrize(
    "damage",
    [cut_short, cut_in_the_header, emptied, one_bit_turned, text_instead, without_metadata, lying_about_its_parts],
)
def test_a_damaged_file_is_made_again_and_said(slide, grid, own_cache, damage):
    expected, _ = load_or_read(slide, grid)
    damage(the_file(own_cache))
    slide.reads.clear()
    stack, notices = load_or_read(slide, grid)
    assert notices == (READ_AGAIN,)
    assert slide.reads
    assert_equal(stack, expected)
    slide.reads.clear()
    assert load_or_read(slide, grid)[1] == ()
    assert not slide.reads


@pytest.mark.parametrize("version", ["0", "2", "later"])
def test_a_file_of_another_version_is_made_again_and_said(slide, grid, own_cache, version):
    load_or_read(slide, grid)
    rewritten(the_file(own_cache), version=version)
    slide.reads.clear()
    _, notices = load_or_read(slide, grid)
    assert notices == (
        "What was kept of this slide was written by another version of the program. The slide is read again.",
    )
    assert slide.reads


def test_a_file_of_other_tiles_does_not_serve(slide, grid, own_cache):
    load_or_read(slide, grid)
    name = the_file(own_cache)
    other = grid.subset(np.array([3, 1, 2, 0]))
    load_or_read(slide, other)
    (new,) = set((own_cache / "strips").glob("*.safetensors")) - {name}
    new.replace(name)
    _, notices = load_or_read(slide, grid)
    assert notices == ("What was kept of this slide is of other tiles. The slide is read again.",)


def test_the_file_says_how_it_was_made_and_not_of_whom(slide, grid, own_cache):
    load_or_read(slide, grid, mask_method="otsu")
    with safe_open(the_file(own_cache), framework="numpy") as file:
        metadata = file.metadata()
        np.testing.assert_array_equal(file.get_tensor("x"), grid.x)
        np.testing.assert_array_equal(file.get_tensor("row"), grid.row)
    record = json.loads(metadata["record"])
    assert record["mask_method"] == "otsu"
    assert (record["mpp"], record["slide_mpp"], record["mpp_source"]) == (0.5, 0.5, "file")
    assert (record["order"], record["reader"], record["patch_sizes"]) == ("row", "memory", [14, 16])
    assert "path" not in metadata["record"]


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "the disk with the cache folder is full"),
        (errno.EACCES, "writing to the cache folder is not allowed"),
        (errno.EIO, "the cache folder cannot be used"),
    ],
)
def test_a_cache_that_cannot_be_written_is_only_said(slide, grid, own_cache, monkeypatch, number, reason):
    def fail(path, *args, **kwargs):
        path.write_bytes(b"half of a")
        raise OSError(number, os.strerror(number), str(path))

    monkeypatch.setattr(cache, "write_stack", fail)
    stack, notices = load_or_read(slide, grid)
    assert notices == (f"What was read of this slide could not be kept for the next time: {reason}.",)
    assert_equal(stack, mean_patches(slide, grid))
    assert not [path for path in (own_cache / "strips").iterdir() if path.suffix != ".lock"]


def test_the_library_tells_of_a_full_disk_in_words(slide, grid, tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise stack_file.SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(stack_file, "save_file", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        stack_file.write_stack(tmp_path / "stack", mean_patches(slide, grid), grid, slide.info)
    assert caught.value.errno == errno.ENOSPC


def test_a_file_in_the_way_of_the_folder_is_only_said(slide, grid, own_cache):
    (own_cache / "strips").write_text("in the way")
    stack, notices = load_or_read(slide, grid)
    assert [notice.partition(": ")[2] for notice in notices] == [
        "a file is in the way where the cache folder should be."
    ]
    assert_equal(stack, mean_patches(slide, grid))


def _load(started, counts):
    picture = random_picture(np.random.default_rng(0), 700, 700)
    slide = MemorySlide(picture, block=(100, 100), delay=0.005)
    started.wait()
    stack, notices = load_or_read(slide, grid_of([0, 1, 2], [0, 0, 1], 224))
    counts.put((sum(slide.reads.values()), int(stack.sums[14].sum(dtype=np.int64)), notices))


def test_of_two_processes_one_reads():
    context = multiprocessing.get_context("spawn")
    started, counts = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_load, args=(started, counts)) for _ in range(2)]
    for worker in workers:
        worker.start()
    found = sorted(counts.get(timeout=60) for _ in workers)
    for worker in workers:
        worker.join()
    assert found[0][0] == 0
    assert found[1][0] > 0
    assert found[0][1:] == found[1][1:]


KILLED_WHILE_WRITING = """
    import os
    import numpy as np
    from e2evit_model.strip import cache
    from tests.strip.memory_slide import MemorySlide, grid_of, random_picture

    def half(path, *args, **kwargs):
        path.write_bytes(b"half of a stack")
        os.kill(os.getpid(), 9)

    cache.write_stack = half
    slide = MemorySlide(random_picture(np.random.default_rng(0), 700, 700), block=(100, 100))
    cache.load_or_read(slide, grid_of([2, 0, 1, 2], [1, 0, 2, 2], 224))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill signal")
def test_a_killed_writer_leaves_nothing_half_and_blocks_nobody(slide, grid, own_cache):
    slide.damaged.clear()
    root = Path(__file__).parents[2]
    ended = subprocess.run([sys.executable, "-c", textwrap.dedent(KILLED_WHILE_WRITING)], cwd=root, check=False)
    assert ended.returncode == -9
    (left,) = (own_cache / "strips").glob(".*.safetensors")
    assert cache_size() == 0
    _, notices = load_or_read(slide, grid)
    assert notices == ()
    # what it left goes once it is surely nobody's
    assert left.exists()
    os.utime(left, (time.time() - 7200,) * 2)
    trim_cache()
    assert not left.exists()
    assert the_file(own_cache).exists()


def test_waiting_for_another_reader_can_be_cancelled(slide, grid, own_cache):
    (own_cache / "strips").mkdir()
    lock = filelock.FileLock(own_cache / "strips" / f"{cache._key(slide, grid)}.lock")
    heard = []

    def cancel(step, done, total):
        heard.append((step, done, total))
        if len(heard) == 2:
            raise Cancelled

    with lock, pytest.raises(Cancelled):
        load_or_read(slide, grid, progress=cancel)
    assert heard == [("Waiting for another run that reads this slide", 0, 0)] * 2
    assert not slide.reads


def test_what_another_reader_made_while_waiting_is_taken(slide, grid, own_cache):
    expected, _ = load_or_read(slide, grid)
    slide.reads.clear()
    made = the_file(own_cache)
    aside = made.rename(own_cache / "aside")
    lock = filelock.FileLock(own_cache / "strips" / f"{cache._key(slide, grid)}.lock", thread_local=False)
    lock.acquire()

    def other_is_done(step, done, total):
        if lock.is_locked:
            aside.rename(made)
            lock.release()

    stack, _ = load_or_read(slide, grid, progress=other_is_done)
    assert_equal(stack, expected)
    assert not slide.reads


def test_cancelling_keeps_nothing(slide, grid, own_cache):
    def cancel(step, done, total):
        raise Cancelled

    with pytest.raises(Cancelled):
        load_or_read(slide, grid, progress=cancel)
    assert cache_size() == 0
    slide.reads.clear()
    assert load_or_read(slide, grid)[1] == ()


def test_the_stack_used_longest_ago_goes_first(slide, own_cache):
    grids = [grid_of([column], [0], 224) for column in range(3)]
    made = []
    for age, grid in enumerate(grids):
        load_or_read(slide, grid)
        (new,) = set((own_cache / "strips").glob("*.safetensors")) - set(made)
        made.append(new)
        os.utime(new, (1000 + age,) * 2)
    assert cache_size() == sum(path.stat().st_size for path in made)
    load_or_read(slide, grids[0])  # used again
    size = made[1].stat().st_size
    assert trim_cache(cache_size() - 1) == size
    assert [path.exists() for path in made] == [True, False, True]
    assert trim_cache(0, keep=made[2]) > 0
    assert [path.exists() for path in made] == [False, False, True]


def test_clearing_removes_stacks_and_locks_and_nothing_else(slide, grid, own_cache):
    load_or_read(slide, grid)
    stranger = own_cache / "strips" / "notes.txt"
    stranger.write_text("not ours")
    size = cache_size()
    assert size > 0
    assert clear_cache() == size
    assert cache_size() == 0
    assert list((own_cache / "strips").iterdir()) == [stranger]


def test_a_stack_without_tiles_is_kept_too(slide):
    nothing = grid_of([], [], 224)
    load_or_read(slide, nothing)
    stack, notices = load_or_read(slide, nothing)
    assert (len(stack), notices) == (0, ())
    assert cache_size() > 0


def test_clearing_a_cache_that_was_never_made():
    assert (clear_cache(), cache_size(), trim_cache()) == (0, 0, 0)


def test_threads_of_one_process_read_once(slide, grid):
    slide.delay = 0.002
    found = []
    threads = [threading.Thread(target=lambda: found.append(load_or_read(slide, grid)[0])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(slide.reads.values()) == {1}
    assert_equal(found[0], found[2])
