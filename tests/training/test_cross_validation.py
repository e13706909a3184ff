"""The whole run: its folder, going on, several processes, bad input."""

import copy
import errno
import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np
import pandas as pd
import pytest

from e2evit_model.cohort.folds import Folds
from e2evit_model.errors import (
    Cancelled,
    CohortError,
    DeviceError,
    OptionError,
    OutputError,
    TrainingError,
    WeightsError,
)
from e2evit_model.runs import checkpoints
from e2evit_model.runs.risk_model import read_risk_model
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import RunFolder
from e2evit_model.runs.run_tables import read_predictions
from e2evit_model.runs.status import State, only_one, read_status
from e2evit_model.training import fold_files
from e2evit_model.training.cross_validation import cross_validate, resume
from e2evit_model.training.embeddings import Embedder
from e2evit_model.training.network import load_pretrained
from e2evit_model.training.run_begin import begun_config
from tests.training.material import (
    five_folds,
    install_tiny_backbone,
    make_strip,
    permuted,
    planted,
    tiny_config,
    write_tiny_weights,
)

LINEAR = {"method": "linear-nll", "standardise": True, "epochs": 12, "learning_rate": 1e-2}


@pytest.fixture(scope="module")
def small():
    """Twenty-four patients, two folds."""
    cohort, strips = planted(24, seed=5, tiles=6)
    return cohort, five_folds(cohort, count=2), strips


def run_small(small, folder, weights, **changes):
    cohort, folds, strips = small
    told = {
        name: changes.pop(name) for name in ("progress", "executor", "strips", "cohort", "folds") if name in changes
    }
    cohort, folds, strips = told.pop("cohort", cohort), told.pop("folds", folds), told.pop("strips", strips)
    config = tiny_config(weights, **(LINEAR | changes))
    return cross_validate(cohort, folds, config, folder, strips=strips, **told)


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "fine-tune", "epochs": 2},
        {},
        {"method": "linear-cox", "inner_folds": 3},
        {"method": "fine-tune", "loss": "cox", "step_size": 8, "epochs": 1},
    ],
    ids=["fine-tune", "linear nll", "linear cox", "fine-tune cox"],
)
def test_a_run_leaves_a_whole_folder_and_a_model_that_gives_its_own_predictions(changes, small, weights, tmp_path):
    cohort, folds, strips = small
    done = run_small(small, tmp_path / "run", weights, **changes)
    run = done.folder
    made_with = json.loads(run.environment.read_text())
    assert (made_with["device"], made_with["precision"]) == ("cpu", "float32")
    at_risk = json.loads(run.metrics.read_text())["groups"]["at_risk_days"]
    assert at_risk[0] == 0
    assert 3 <= len(at_risk) <= 6
    assert all(day % 10 == 0 for day in at_risk)
    for path in (run.run, run.environment, run.cohort, run.cohort_report, run.folds, run.predictions, run.metrics):
        assert path.is_file(), path.name
    for fold in range(2):
        files = run.fold(fold)
        for path in (files.status, files.bins, files.best, files.predictions, files.test_opened):
            assert path.is_file(), path.name
        assert read_status(files.status).state == State.DONE
    assert read_status(run.status).state == State.DONE
    rows = read_predictions(run.predictions)
    patients = [row for row in rows if not row.slide_id]
    assert sorted(row.patient_id for row in patients) == sorted(cohort.patient_ids)
    assert sorted(row.slide_id for row in rows if row.slide_id) == sorted(slide.slide_id for slide in cohort.slides)
    assert all(row.patient_id in folds.patients(row.fold, "test") for row in rows)
    assert {row.risk_group for row in rows} <= {"low", "high"}

    # the model folder, member by member, says what the folds said
    risk = read_risk_model(run.model)
    assert risk.backbone_is_shared == (changes.get("method") != "fine-tune")
    config = begun_config(run)
    for fold, member in enumerate(risk.card.members):
        pretrained = load_pretrained(config)
        pretrained.encoder.load_backbone_state(risk.load_backbone(fold))
        # weights of its own, so the cache of the pre-trained ones must not answer
        embedder = Embedder(
            replace(pretrained, sha256=f"fold {fold}" if not risk.backbone_is_shared else pretrained.sha256), config
        )
        own = [row for row in rows if row.fold == fold and row.slide_id]
        for row in own[:3]:
            found, survival = risk.heads[fold].predict(embedder.embed(strips.load(row.slide_id)))
            assert float(found) == pytest.approx(row.risk, rel=1e-5, abs=1e-6)
            assert survival.tolist() == pytest.approx(row.survival, rel=1e-5)
        assert member.out_of_fold_risks == tuple(row.risk for row in patients if row.fold == fold)
    assert risk.card.cohort.patients == len(cohort)
    assert json.loads(run.metrics.read_text())["harrell_c"]["mean"]["patients"] == len(cohort)


def test_nothing_of_a_run_but_its_sources_says_where_files_lie(small, weights, tmp_path):
    run = run_small(small, tmp_path / "run", weights).folder
    told = json.loads(run.run.read_text())
    assert told.pop("sources") == {"model": str(weights)}
    texts = [json.dumps(told)] + [
        path.read_text() for path in run.path.rglob("*") if path.suffix in {".json", ".csv"} and path != run.run
    ]
    assert not [text for text in texts if str(tmp_path) in text or str(weights.parent) in text]


@pytest.mark.parametrize(
    "changes",
    [{}, {"method": "linear-cox"}, {"method": "fine-tune", "epochs": 4}],
    ids=["linear nll", "linear cox", "fine-tune"],
)
def test_a_planted_signal_is_found_and_permuted_labels_are_not(changes, weights, tmp_path):
    cohort, strips = planted(40, seed=1, tiles=6)
    folds = five_folds(cohort, count=3)
    found = cross_validate(cohort, folds, tiny_config(weights, **(LINEAR | changes)), tmp_path / "a", strips=strips)
    c = found.metrics["harrell_c"]
    assert c["mean"]["value"] > c["no_signal"][1]
    assert c["mean"]["value"] > 0.7
    shuffled = permuted(cohort, seed=2)
    folds = five_folds(shuffled, count=3)
    null = cross_validate(shuffled, folds, tiny_config(weights, **(LINEAR | changes)), tmp_path / "b", strips=strips)
    c = null.metrics["harrell_c"]
    assert c["no_signal"][0] <= c["mean"]["value"] <= c["no_signal"][1]


def test_folds_in_other_processes_give_the_same_bits(small, weights, tmp_path):
    changes = {"method": "fine-tune", "epochs": 1}
    alone = run_small(small, tmp_path / "alone", weights, **changes).folder
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=install_tiny_backbone) as pool:
        both = run_small(small, tmp_path / "both", weights, executor=pool, **changes).folder
    assert both.predictions.read_bytes() == alone.predictions.read_bytes()


def test_a_run_that_is_done_is_not_trained_again(small, weights, tmp_path):
    run = run_small(small, tmp_path / "run", weights).folder
    before = {path: path.stat().st_mtime_ns for path in run.path.glob("fold_*/*")}
    again = resume(run.path, strips=small[2])
    assert {path: path.stat().st_mtime_ns for path in run.path.glob("fold_*/*")} == before
    assert again.metrics["harrell_c"] == json.loads(run.metrics.read_text())["harrell_c"]


@pytest.mark.parametrize("executor", [False, True], ids=["this process", "an executor"])
def test_a_cancelled_run_says_so_and_goes_on(executor, small, weights, tmp_path):
    changes = {"method": "fine-tune", "epochs": 3}
    whole = run_small(small, tmp_path / "whole", weights, **changes).folder
    stopped = RunFolder(tmp_path / "stopped")
    calls = 0

    def progress(step, done, total):
        nonlocal calls
        calls += 1
        if calls == (2 if executor else 60):
            raise Cancelled

    pool = ThreadPoolExecutor(1) if executor else None
    with pytest.raises(Cancelled):
        run_small(small, stopped.path, weights, progress=progress, **({"executor": pool} if pool else {}), **changes)
    if pool:
        pool.shutdown()
    assert read_status(stopped.status).state == State.CANCELLED
    assert not stopped.predictions.is_file()
    resume(stopped.path, strips=small[2])
    assert stopped.predictions.read_bytes() == whole.predictions.read_bytes()
    assert read_status(stopped.status).state == State.DONE


def test_a_state_that_was_cut_short_goes_back_one_epoch_to_the_same_bits(small, weights, tmp_path, monkeypatch):
    changes = {"method": "fine-tune", "epochs": 3}
    whole = run_small(small, tmp_path / "whole", weights, **changes).folder
    stopped = RunFolder(tmp_path / "stopped")
    saves = 0

    def save(folder, state):
        nonlocal saves
        checkpoints.save_checkpoint(folder, state)
        saves += 1
        if saves == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(fold_files, "save_checkpoint", save)
        with pytest.raises(KeyboardInterrupt):
            run_small(small, stopped.path, weights, **changes)
    assert read_status(stopped.fold(0).status).state == State.CANCELLED
    last = stopped.fold(0).last
    last.write_bytes(last.read_bytes()[: last.stat().st_size // 2])
    resume(stopped.path, strips=small[2])
    assert stopped.predictions.read_bytes() == whole.predictions.read_bytes()


def test_a_full_disk_in_mid_run_is_said_and_nothing_is_lost(small, weights, tmp_path, monkeypatch):
    changes = {"method": "fine-tune", "epochs": 3}
    whole = run_small(small, tmp_path / "whole", weights, **changes).folder
    full = RunFolder(tmp_path / "full")
    real, saves = checkpoints.torch.save, 0

    def save(state, file):
        nonlocal saves
        saves += 1
        if saves == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(state, file)

    with monkeypatch.context() as patched:
        patched.setattr(checkpoints.torch, "save", save)
        with pytest.raises((OutputError, TrainingError)) as told:
            run_small(small, full.path, weights, **changes)
    assert "The disk is full: last.pt could not be written." in told.value.message
    assert read_status(full.fold(0).status).state == State.FAILED
    resume(full.path, strips=small[2])
    assert full.predictions.read_bytes() == whole.predictions.read_bytes()


def test_one_fold_that_fails_does_not_keep_the_others_from_ending(small, weights, tmp_path):
    cohort, folds, strips = small
    bad = cohort.slides_of(folds.patients(0, "train"))[0].slide_id
    # a patient is in the training or validation part of the other fold, or in its test part
    strip = strips.load(bad)
    broken = replace(strip, stack=replace(strip.stack, sums={16: strip.stack.sums[16] * np.float32("nan")}))
    changed = replace(strips, strips={**strips.strips, bad: broken})
    with pytest.raises(TrainingError) as told:
        run_small(small, tmp_path / "run", weights, strips=changed, method="fine-tune", epochs=1)
    assert bad in told.value.message
    run = RunFolder(tmp_path / "run")
    assert read_status(run.fold(0).status).state == State.FAILED
    assert bad in read_status(run.fold(0).status).message
    assert read_status(run.status).state == State.FAILED


def test_two_trainings_in_one_folder_are_refused(small, weights, tmp_path):
    run = RunFolder(tmp_path / "run")
    with only_one(run.lock), pytest.raises(RunError, match="A training is running in this run folder already"):
        run_small(small, run.path, weights)


def test_another_run_in_the_folder_is_refused(small, weights, tmp_path):
    run = run_small(small, tmp_path / "run", weights).folder
    with pytest.raises(RunError, match="run holds another run already"):
        run_small(small, run.path, weights, seed=1)
    cohort, folds, _ = small
    other = replace(cohort, time_days=cohort.time_days + 1)
    with pytest.raises(RunError, match="run was begun with another cohort"):
        run_small(small, run.path, weights, cohort=other)
    swapped = Folds(parts=tuple(reversed(copy.deepcopy(folds).parts)))
    with pytest.raises(RunError, match="run was begun with other folds"):
        run_small(small, run.path, weights, folds=swapped)


def test_a_folder_with_other_things_is_left_alone(small, weights, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(RunError, match="mine already holds something that is not a run"):
        run_small(small, tmp_path / "mine", weights)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "dear"


def test_a_run_of_a_newer_version_is_refused(small, weights, tmp_path):
    run = run_small(small, tmp_path / "run", weights).folder
    record = json.loads(run.run.read_text())
    run.run.write_text(json.dumps({**record, "schema_version": 99}))
    with pytest.raises(RunError, match="made by a newer version of this program"):
        resume(run.path, strips=small[2])


def test_a_run_that_never_began_cannot_be_resumed(tmp_path):
    with pytest.raises(RunError, match=r"nowhere is not a run: run.json is missing"):
        resume(tmp_path / "nowhere")


def test_cuda_is_not_replaced_in_silence(small, weights, tmp_path, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(DeviceError, match="A CUDA GPU was asked for, but none was found"):
        run_small(small, tmp_path / "run", weights, device="cuda")
    assert not (tmp_path / "run").exists()


def test_weights_of_another_width_are_refused_before_anything_is_written(small, tmp_path):
    from e2evit_model.convert.backbones import find_backbone

    wrong = write_tiny_weights(tmp_path / "wrong.safetensors")
    with pytest.raises(WeightsError, match="has the shape"):
        run_small(small, tmp_path / "run", wrong, backbone=find_backbone("vit-small").id)
    assert not (tmp_path / "run").exists()


def test_strips_of_another_patch_size_are_refused(small, weights, tmp_path):
    strips = small[2]
    other = {name: make_strip(name, (0.5, 0.4, 0.5), patch=14) for name in strips.strips}
    with pytest.raises((OptionError, TrainingError)) as told:
        run_small(small, tmp_path / "run", weights, strips=replace(strips, strips=other))
    assert "patches of 14 px, not of 16 px" in told.value.message


def test_more_frozen_blocks_than_there_are_is_refused(small, weights, tmp_path):
    with pytest.raises(OptionError, match="3 blocks cannot be frozen: Tiny ViT for tests has 2"):
        run_small(small, tmp_path / "run", weights, method="fine-tune", freeze_blocks=3)


def test_folds_with_too_few_events_are_refused(small, weights, tmp_path):
    cohort = small[0]
    quiet = replace(cohort, event=np.zeros(len(cohort), dtype=bool))
    with pytest.raises(CohortError, match="The set of folds has 4 problems") as told:
        run_small(small, tmp_path / "run", weights, cohort=quiet)
    assert "Fold 0 has 0 events in its train part: at least 2 are needed." in told.value.hint


def test_the_clinical_baseline_stands_beside_the_model(small, weights, tmp_path):
    cohort, _, _ = small
    ages = pd.DataFrame({"age": [str(40 + i) for i in range(len(cohort))]}, index=list(cohort.patient_ids))
    done = run_small(small, tmp_path / "run", weights, cohort=replace(cohort, covariates=ages))
    clinical = done.metrics["clinical"]
    assert clinical["harrell_c"]["mean"]["patients"] == len(cohort)
    assert 0 <= clinical["added_by_model"]["p"] <= 1
    assert clinical["added_by_model"]["columns"] == ["age"]
