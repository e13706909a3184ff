"""One fold by every method: what is learned, what cannot be reached, and going on after a stop."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from e2evit_model.errors import Cancelled, DeviceError, TrainingError
from e2evit_model.survival.losses import cox_loss
from e2evit_model.training.config import Augmentation
from e2evit_model.training.fold import fit_fold, predict_test_part
from e2evit_model.training.learners import WholeNetwork
from e2evit_model.training.network import RiskNetwork, load_pretrained
from e2evit_model.training.objectives import CoxObjective, Step
from e2evit_model.training.parts import FinalModel, declare_final, split
from e2evit_model.training.randomness import Randomness, fix_arithmetic
from e2evit_model.training.strips import StripsInMemory
from tests.training.material import StoreInMemory, digest_of, five_folds, tiny_config

METHODS = [
    {"epochs": 2, "augmentation": "all"},
    {"loss": "cox", "step_size": 8, "epochs": 2, "augmentation": "all"},
    {"method": "linear-nll", "standardise": True, "epochs": 5},
    {"method": "linear-cox", "inner_folds": 3},
]
NAMES = ["fine-tune nll", "fine-tune cox", "linear nll", "linear cox"]


def config_of(weights, changes):
    changes = dict(changes)
    if changes.get("augmentation") == "all":
        changes["augmentation"] = Augmentation(turn_tiles=True, gain=0.1, offset=0.05, drop_tiles=0.2)
    return tiny_config(weights, **changes)


def fit(config, cohort, strips, folder, *, store=None, progress=None, fold=0, folds=None):
    fix_arithmetic(1)
    part, sealed = split(cohort, folds or five_folds(cohort, count=3), fold, strips, folder / "opened.json")
    store = store or StoreInMemory()
    told = {"progress": progress} if progress else {}
    return fit_fold(part, config, load_pretrained(config), store, **told), sealed, store


@pytest.mark.parametrize("changes", METHODS, ids=NAMES)
def test_the_test_part_changes_nothing_of_what_is_learned(changes, weights, cohort_and_strips, tmp_path):
    cohort, strips = cohort_and_strips
    config = config_of(weights, changes)
    folds = five_folds(cohort, count=3)
    fitted, sealed, store = fit(config, cohort, strips, tmp_path, folds=folds)
    _, before = predict_test_part(fitted, sealed)

    test = folds.patients(0, "test")
    rows = cohort.positions(test)
    time, event = cohort.time_days.copy(), cohort.event.copy()
    time[rows], event[rows] = np.roll(time[rows], 1) + 7, ~event[rows]
    own = [slide.slide_id for slide in cohort.slides_of(test)]
    swapped = dict(strips.strips)
    for slide, other in zip(own, [*own[1:], own[0]], strict=True):
        swapped[slide] = replace(strips.strips[other], slide_id=slide)
    poisoned = replace(cohort, time_days=time, event=event)

    again, sealed, other_store = fit(config, poisoned, StripsInMemory(swapped), tmp_path, folds=folds)
    assert digest_of(other_store.best) == digest_of(store.best)
    assert again.training_median_risk == fitted.training_median_risk
    _, after = predict_test_part(again, sealed)
    assert not np.array_equal(before.risk, after.risk)  # the poison was there


@pytest.mark.parametrize("changes", METHODS[:3], ids=NAMES[:3])
def test_a_stopped_fold_goes_on_to_the_same_bits(changes, weights, cohort_and_strips, tmp_path):
    cohort, strips = cohort_and_strips
    config = replace(config_of(weights, changes), epochs=4, patience=4)
    whole, _, store = fit(config, cohort, strips, tmp_path)

    calls, interrupted = 0, StoreInMemory()

    def stop(step, done, total):
        nonlocal calls
        calls += 1
        if calls == limit:
            raise Cancelled

    for limit in (70, 45, 130):
        calls = 0
        try:
            fit(config, cohort, strips, tmp_path, store=interrupted, progress=stop)
        except Cancelled:
            torch.manual_seed(limit)  # what happens between two runs does not matter
    again, _, _ = fit(config, cohort, strips, tmp_path, store=interrupted)
    assert digest_of(interrupted.best) == digest_of(store.best)
    assert again.training_median_risk == whole.training_median_risk
    curves = [[(r.train_loss, r.val_loss, r.val_c_index) for r in s.rows] for s in (interrupted, store)]
    assert curves[0] == curves[1]


def test_a_strip_of_the_test_part_cannot_be_had_while_learning(cohort_and_strips, tmp_path):
    cohort, strips = cohort_and_strips
    folds = five_folds(cohort, count=3)
    part, _ = split(cohort, folds, 0, strips, tmp_path / "opened.json")
    test = folds.patients(0, "test")
    assert not set(test) & {*part.train.patient_ids, *part.val.patient_ids, *part.both.patient_ids}
    slide = cohort.slides_of(test)[0].slide_id
    with pytest.raises(TrainingError, match=f'The slide "{slide}" does not belong to this part of the cohort'):
        part.strips.load(slide)


def test_the_seal_opens_for_the_final_model_alone_and_says_when(cohort_and_strips, tmp_path):
    cohort, strips = cohort_and_strips
    _, sealed = split(cohort, five_folds(cohort, count=3), 0, strips, tmp_path / "opened.json")
    assert sealed.opened() is None
    with pytest.raises(TrainingError, match="declare_final"):
        FinalModel(object(), 0, "a" * 64)
    with pytest.raises(TrainingError, match="A model of fold 1 cannot be tested on the test part of fold 0"):
        sealed.open(declare_final(1, "a" * 64))
    assert sealed.opened() is None
    test, own = sealed.open(declare_final(0, "a" * 64))
    assert own.load(test.slides[0].slide_id).slide_id == test.slides[0].slide_id
    record = sealed.opened()
    assert record["model_sha256"] == "a" * 64
    assert record["opened"].startswith("20")
    sealed.open(declare_final(0, "a" * 64))
    assert sealed.opened() == record  # opened once, whenever it is asked again
    with pytest.raises(TrainingError) as told:
        sealed.open(declare_final(0, "b" * 64))
    assert told.value.message == "The test part of fold 0 was opened before, for a model with other weights."


def test_a_loss_that_is_no_number_stops_with_the_slide_and_keeps_the_epochs_before(
    weights, cohort_and_strips, tmp_path
):
    cohort, strips = cohort_and_strips
    fix_arithmetic(1)
    config = tiny_config(weights, epochs=3)
    part, _ = split(cohort, five_folds(cohort, count=3), 0, strips, tmp_path / "opened.json")
    bad = part.train.slides[4].slide_id
    store = StoreInMemory()

    class TurnsBad:
        def load(self, slide_id):
            strip = strips.load(slide_id)
            if slide_id == bad and store.states:
                strip = replace(strip, stack=replace(strip.stack, sums={16: strip.stack.sums[16] * np.float32("nan")}))
            return strip

    part, _ = split(cohort, five_folds(cohort, count=3), 0, TurnsBad(), tmp_path / "opened.json")
    with pytest.raises(TrainingError) as told:
        fit_fold(part, config, load_pretrained(config), store)
    assert told.value.message == f'Training stopped at the slide "{bad}": the loss is no longer a number.'
    assert "The last good epoch is kept" in told.value.hint
    assert len(store.states) == 1
    assert all(bool(torch.isfinite(tensor).all()) for tensor in store.best.values())


def test_cox_in_two_passes_has_the_gradient_of_the_whole_batch(weights, cohort_and_strips, tmp_path):
    cohort, strips = cohort_and_strips
    fix_arithmetic(1)
    config = tiny_config(weights, loss="cox", step_size=10)
    part, _ = split(cohort, five_folds(cohort, count=3), 0, strips, tmp_path / "opened.json")
    network = RiskNetwork(load_pretrained(config).encoder, config, bins=4, device=torch.device("cpu")).double()
    network.train()
    plain = strips.strips
    network.embed = lambda strip, augmentation_seed=None: (
        network.encoder(torch.from_numpy(strip.stack.means(16)).double()).embedding
    )
    learner = WholeNetwork(network, StripsInMemory(plain))
    objective = CoxObjective(part.train, part.val, config)
    (step, *_) = objective.steps(Randomness(0, 0))
    assert isinstance(step, Step)
    assert len(step.slide_ids) > len(step.patient_ids)  # someone has two slides
    loss = objective.backward(learner, step, Randomness(0, 0), lambda n: None)
    exact = [None if p.grad is None else p.grad.clone() for p in network.parameters()]

    network.zero_grad()
    risks = [
        torch.stack(
            [network.head(learner.embed(slide.slide_id)).squeeze() for slide in part.train.slides_of([patient])]
        ).mean()
        for patient in step.patient_ids
    ]
    labels = part.train.subset(step.patient_ids)
    whole = cox_loss(torch.stack(risks), torch.from_numpy(labels.time_days), torch.from_numpy(labels.event))
    whole.backward()
    assert loss == pytest.approx(float(whole.detach()), rel=1e-12)
    compared = 0
    for parameter, found in zip(network.parameters(), exact, strict=True):
        if parameter.grad is not None:
            torch.testing.assert_close(found, parameter.grad, rtol=1e-9, atol=1e-13)
            compared += 1
    assert compared > 20


def test_every_step_of_cox_has_an_event_and_every_patient_comes_once(cohort_and_strips, tmp_path, weights):
    cohort, strips = cohort_and_strips
    part, _ = split(cohort, five_folds(cohort, count=3), 0, strips, tmp_path / "opened.json")
    event = dict(zip(cohort.patient_ids, cohort.event, strict=True))
    for size in (2, 5, 1000):
        objective = CoxObjective(part.train, part.val, tiny_config(weights, loss="cox", step_size=size))
        steps = objective.steps(Randomness(1, 0))
        assert all(any(event[p] for p in step.patient_ids) for step in steps)
        assert sorted(p for step in steps for p in step.patient_ids) == sorted(part.train.patient_ids)


def test_cox_on_a_validation_part_without_events_is_refused(cohort_and_strips, tmp_path, weights):
    cohort, strips = cohort_and_strips
    part, _ = split(cohort, five_folds(cohort, count=3), 0, strips, tmp_path / "opened.json")
    silent = replace(part.val, event=np.zeros(len(part.val), dtype=bool))
    with pytest.raises(TrainingError, match="it needs two patients and an event"):
        CoxObjective(part.train, silent, tiny_config(weights, loss="cox", step_size=8))


def test_a_fold_without_validation_part_is_refused(cohort_and_strips, tmp_path):
    cohort, strips = cohort_and_strips
    folds = copy.deepcopy(five_folds(cohort, count=3))
    folds = type(folds)(
        parts=tuple({p: ("train" if part == "val" else part) for p, part in f.items()} for f in folds.parts)
    )
    with pytest.raises(TrainingError, match="Fold 1 has no validation part"):
        split(cohort, folds, 1, strips, tmp_path / "opened.json")


def test_too_little_memory_is_said_with_the_slide(weights, cohort_and_strips, tmp_path, monkeypatch):
    cohort, strips = cohort_and_strips
    part, _ = split(cohort, five_folds(cohort, count=3), 0, strips, tmp_path / "opened.json")
    seen = []

    def no_room(self, strip, augmentation_seed=None):
        seen.append(strip.slide_id)
        raise torch.OutOfMemoryError

    monkeypatch.setattr(RiskNetwork, "embed", no_room)
    config = tiny_config(weights)
    with pytest.raises(DeviceError) as told:
        fit_fold(part, config, load_pretrained(config), StoreInMemory())
    assert told.value.message == f'The memory of the GPU does not suffice for the slide "{seen[0]}".'
