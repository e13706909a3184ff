"""Slides to strips on disk, and to a table of embeddings."""

import csv
import errno
import json
import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.errors import CacheError, Cancelled, CohortError, OutputError, TrainingError
from e2evit_model.slides.opening import open_slide
from e2evit_model.strip.reading import mean_patches
from e2evit_model.tiling.making import make_grid
from e2evit_model.tissue.finding import find_tissue
from e2evit_model.training import prepare, prepared_files
from e2evit_model.training.config import TileSettings
from e2evit_model.training.cross_validation import cross_validate
from e2evit_model.training.embed import embed_cohort, embed_folder
from e2evit_model.training.embeddings import Embedder
from e2evit_model.training.network import load_pretrained
from e2evit_model.training.prepare import FailedSlide, disk_need, prepare_patches, prepare_slide, slide_jobs, wish_for
from e2evit_model.training.prepared_files import prepared_path, read_strip
from tests.slide_files import damage, tissue_like, write_pyramid
from tests.training.material import TINY, five_folds, tiny_config

GOOD = 4


@pytest.fixture(scope="session")
def slides(tmp_path_factory):
    """Four small slides, and one file that is none, in a folder and one below it."""
    folder = tmp_path_factory.mktemp("slides")
    for index in range(GOOD):
        place = folder / "below" if index == 3 else folder
        place.mkdir(exist_ok=True)
        write_pyramid(place / f"S{index}.tif", tissue_like(700, 900, seed=index), mpp=0.5, levels=2)
    (folder / "bad.tif").write_bytes(b"this is no slide")
    return folder


@pytest.fixture
def cohort(slides):
    """A cohort of the slides, two of them of one patient."""
    owners = ["A", "B", "C", "A"]
    own = [
        CohortSlide(slide_id=f"S{i}", patient_id=owners[i], path=slides / ("below" if i == 3 else "") / f"S{i}.tif")
        for i in range(GOOD)
    ]
    own.append(CohortSlide(slide_id="bad", patient_id="D", path=slides / "bad.tif"))
    return Cohort(
        name="c",
        endpoint="OS",
        patient_ids=("A", "B", "C", "D"),
        time_days=np.array([10.0, 20, 30, 40]),
        event=np.array([True, False, True, True]),
        slides=tuple(own),
    )


@pytest.fixture
def config(weights):
    return tiny_config(weights, tiles=TileSettings(tissue="all"))


def test_a_prepared_strip_is_what_reading_the_slide_gives(cohort, config):
    wish = wish_for(config, TINY)
    prepared = prepare_patches(cohort.slides, wish, workers=1)
    assert [slide.slide_id for slide in prepared.prepared] == ["S0", "S1", "S2", "S3"]
    for slide in cohort.slides[:GOOD]:
        with open_slide(slide.path) as opened:
            grid = make_grid(opened.info, find_tissue(opened, method="all"), tile_px=224, mpp=0.5)
            stack = mean_patches(opened, grid, patch_sizes=(16,), splits=1)
        strip = prepared.strips.load(slide.slide_id)
        assert np.array_equal(strip.stack.sums[16], stack.sums[16])
        assert np.array_equal(strip.columns, grid.column)
        assert np.array_equal(strip.rows, grid.row)
        assert strip.mpp == 0.5


def test_a_bad_slide_is_listed_and_stops_only_those_who_do_not_leave_it_out(cohort, config):
    prepared = prepare_patches(cohort.slides, wish_for(config, TINY), workers=1)
    assert [slide.slide_id for slide in prepared.failed] == ["bad"]
    assert prepared.failed[0].reason
    with pytest.raises(TrainingError) as told:
        prepared.accept(skip_failed=False)
    assert told.value.message.startswith('1 of 5 slides cannot be used. The first is "bad": bad.tif ')
    assert "--skip-failed" in told.value.hint
    assert set(prepared.accept(skip_failed=True).keys) == {"S0", "S1", "S2", "S3"}
    with pytest.raises(TrainingError, match='The slide "bad" was not prepared'):
        prepared.strips.load("bad")


def test_no_slide_is_done_twice_and_none_is_half_after_a_stop(cohort, config, monkeypatch):
    wish = wish_for(config, TINY)
    reads = []
    real = prepare.load_or_read

    def counted(slide, grid, **more):
        reads.append(slide.info.fingerprint)
        return real(slide, grid, **more)

    monkeypatch.setattr(prepare, "load_or_read", counted)

    def stop(step, done, total):
        if step == prepare.STEP and done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        prepare_patches(cohort.slides, wish, workers=1, progress=stop)
    assert len(reads) == 2
    prepare_patches(cohort.slides, wish, workers=1)
    assert len(reads) == GOOD
    assert len(set(reads)) == GOOD
    prepare_patches(cohort.slides, wish, workers=1)
    assert len(reads) == GOOD


def test_a_strip_that_was_cut_short_is_made_again(cohort, config):
    wish = wish_for(config, TINY)
    job = slide_jobs(cohort.slides[:1], wish)[0]
    done = prepare_slide(job)
    path = prepared_path(done.key)
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    with pytest.raises(CacheError, match='What was prepared of the slide "S0" is damaged'):
        read_strip(done.key, "S0")
    assert prepare_slide(job) == done
    assert path.read_bytes() == whole
    path.unlink()
    with pytest.raises(CacheError, match='What was prepared of the slide "S0" is gone'):
        read_strip(done.key, "S0")


def test_other_tile_settings_never_meet_the_same_file(cohort, config):
    first = prepare_patches(cohort.slides, wish_for(config, TINY), workers=1).strips.keys
    keys = set(first.values())
    for tiles in (
        TileSettings(tissue="all", tile_px=448),
        TileSettings(tissue="all", order="column"),
        TileSettings(tissue="all", mpp=0.25, tile_mpp=0.5),
    ):
        other = prepare_patches(cohort.slides, wish_for(replace(config, tiles=tiles), TINY), workers=1).strips.keys
        assert not keys & set(other.values())
        keys |= set(other.values())


def test_processes_give_the_same_files_and_a_cancel_stops_them(cohort, config):
    wish = wish_for(config, TINY)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        prepared = prepare_patches(cohort.slides, wish, executor=pool)
    keys = prepared.strips.keys
    many = {slide_id: prepared_path(key).read_bytes() for slide_id, key in keys.items()}
    shutil.rmtree(prepared_path("x").parent)
    alone = prepare_patches(cohort.slides, wish, workers=1)
    assert alone == prepared
    assert {slide_id: prepared_path(key).read_bytes() for slide_id, key in alone.strips.keys.items()} == many

    def stop(step, done, total):
        if step == prepare.STEP:
            raise Cancelled

    with ThreadPoolExecutor(1) as threads, pytest.raises(Cancelled):
        prepare_patches(cohort.slides, wish, executor=threads, progress=stop)


def test_the_disk_that_is_needed_is_said_before_and_suffices(cohort, config):
    jobs = slide_jobs(cohort.slides, wish_for(config, TINY))
    need = disk_need(jobs)
    prepared = prepare.prepare_slides(jobs, workers=1)
    written = sum(prepared.strips.load(s.slide_id).stack.sums[16].nbytes for s in prepared.prepared)
    assert need.at_most == written  # all of these slides is tissue
    assert need.sentence.startswith("Preparing the slides takes at most 0.00 GB of disk; ")
    assert disk_need(jobs).at_most == 0
    assert replace(need, at_most=need.free + 1).sentence.endswith(" That may not suffice.")


def test_a_full_disk_is_raised_not_listed(cohort, config, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(prepared_files, "save_file", full)
    with pytest.raises(OutputError, match="The disk is full"):
        prepare_patches(cohort.slides, wish_for(config, TINY), workers=1)


def test_a_slide_without_file_is_said(cohort, config):
    without = replace(cohort, slides=(replace(cohort.slides[0], path=None),))
    with pytest.raises(TrainingError, match='The slide "S0" has no file'):
        prepare_patches(without.slides, wish_for(config, TINY))


def test_a_prepared_file_does_not_name_the_slide(cohort, config):
    key = prepare_patches(cohort.slides, wish_for(config, TINY), workers=1).strips.keys["S1"]
    head = prepared_path(key).read_bytes()[:2000]
    assert b"S1" not in head
    assert b"tif" not in head


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_table_has_one_row_a_slide_and_no_row_for_a_failed_one(kind, slides, config, tmp_path):
    out = tmp_path / f"table.{kind}"
    table = embed_folder(slides, config, out, workers=1)
    frame = pd.read_csv(out, dtype={"slide_id": str}) if kind == "csv" else pd.read_parquet(out)
    assert sorted(frame["slide_id"]) == ["S0", "S1", "S2", "S3"]
    assert list(frame.columns[:5]) == ["patient_id", "slide_id", "n_tiles", "mpp", "model_hash"]
    values = frame.filter(like="embedding_").to_numpy(dtype=np.float32)
    assert values.shape == (GOOD, 48)
    assert np.all(np.abs(values).sum(axis=1) > 0)
    assert frame["n_tiles"].tolist() == [12] * GOOD
    assert set(frame["model_hash"]) == {table.model_hash}
    embedder = Embedder(load_pretrained(config), config)
    wanted = prepare_slide(
        slide_jobs([CohortSlide(slide_id="S2", patient_id="", path=slides / "S2.tif")], wish_for(config, TINY))[0]
    )
    row = frame["slide_id"].tolist().index("S2")
    assert np.array_equal(values[row], embedder.embed(read_strip(wanted.key, "S2")).numpy())
    listed = list(csv.DictReader((tmp_path / "table.failed.csv").open()))
    assert [line["slide_id"] for line in listed] == ["bad"]
    assert listed[0]["reason"]
    assert table.failed[0] == FailedSlide(**listed[0])


def test_embedding_goes_on_where_it_was_stopped(cohort, config, tmp_path, monkeypatch):
    computed = []
    real = Embedder._compute
    monkeypatch.setattr(Embedder, "_compute", lambda self, strip: computed.append(strip.slide_id) or real(self, strip))

    def stop(step, done, total):
        if len(computed) == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        embed_cohort(cohort, config, tmp_path / "t.csv", workers=1, progress=stop)
    assert not (tmp_path / "t.csv").exists()
    table = embed_cohort(cohort, config, tmp_path / "t.csv", workers=1)
    assert sorted(computed) == ["S0", "S1", "S2", "S3"]
    assert [slide.patient_id for slide in table.slides] == ["A", "B", "C", "A"]


def test_two_files_of_one_name_are_told_apart(slides, config, tmp_path):
    folder = tmp_path / "both"
    for place in ("one", "two"):
        (folder / place).mkdir(parents=True)
        shutil.copy(slides / f"S{int(place == 'two')}.tif", folder / place / "same.tif")
    table = embed_folder(folder, config, tmp_path / "t.csv", workers=1)
    assert [slide.slide_id for slide in table.slides] == ["one/same.tif", "two/same.tif"]


def test_bad_wishes_of_a_table_are_refused(slides, config, tmp_path):
    with pytest.raises(OutputError, match=r"table.xlsx is neither .csv nor .parquet"):
        embed_folder(slides, config, tmp_path / "table.xlsx")
    (tmp_path / "empty").mkdir()
    with pytest.raises(CohortError, match="There is no slide in empty"):
        embed_folder(tmp_path / "empty", config, tmp_path / "t.csv")
    (tmp_path / "empty" / "x.tif").write_bytes(b"no")
    with pytest.raises(OutputError, match=r"None of 1 slides could be embedded, so t.csv was not written"):
        embed_folder(tmp_path / "empty", config, tmp_path / "t.csv")
    assert not (tmp_path / "t.csv").exists()


def test_from_slide_files_to_a_run(tmp_path, weights):
    """Slides on disk, one of them bad: prepared, left out, trained on."""
    random = np.random.default_rng(0)
    own, times, events = [], [], []
    for index in range(16):
        path = tmp_path / f"P{index}.tif"
        if index == 7:
            path.write_bytes(b"no slide")
        else:
            image = np.clip(tissue_like(460, 460, seed=index).astype(int) - 4 * index, 0, 255).astype(np.uint8)
            write_pyramid(path, image, mpp=0.5, levels=1)
        own.append(CohortSlide(slide_id=f"S{index}", patient_id=f"P{index}", path=path))
        times.append(1000.0 - 50 * index + random.integers(0, 40))
        events.append(index % 4 != 1)
    cohort = Cohort(
        name="files",
        endpoint="OS",
        patient_ids=tuple(f"P{i}" for i in range(16)),
        time_days=np.array(times),
        event=np.array(events),
        slides=tuple(own),
    )
    folds = five_folds(cohort, count=2)
    config = tiny_config(weights, method="linear-nll", epochs=2, tiles=TileSettings(tissue="all"))
    with pytest.raises(TrainingError, match="1 of 16 slides cannot be used"):
        cross_validate(cohort, folds, config, tmp_path / "run")
    config = replace(config, skip_failed=True)
    done = cross_validate(cohort, folds, config, tmp_path / "other")
    assert [slide.slide_id for slide in done.left_out] == ["S7"]
    assert done.metrics["patients"] == 15
    report = json.loads(done.folder.cohort_report.read_text())
    assert [slide["slide_id"] for slide in report["left_out_slides"]] == ["S7"]


def test_damaged_tiles_are_left_out_up_to_the_share_that_is_allowed(tmp_path, config):
    path = write_pyramid(tmp_path / "D.tif", tissue_like(1400, 1400), mpp=0.5, levels=1)
    damage(path, 0, 2, 2)
    slide = CohortSlide(slide_id="D", patient_id="", path=path)
    mild = replace(config, tiles=TileSettings(tissue="all", damaged_share=0.2))
    done = prepare_slide(slide_jobs([slide], wish_for(mild, TINY))[0])
    lost = 36 - done.tiles
    assert 1 <= lost <= 4
    assert done.notices == (f"{lost} of 36 tiles are damaged in the file and were left out.",)
    assert len(read_strip(done.key, "D")) == done.tiles
    strict = replace(config, tiles=TileSettings(tissue="all", damaged_share=0))
    failed = prepare_slide(slide_jobs([slide], wish_for(strict, TINY))[0])
    assert isinstance(failed, FailedSlide)
    assert failed.reason == f"{lost} of 36 tiles cannot be read ({lost / 36:.0%}): the file is damaged."
