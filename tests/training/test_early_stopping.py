import pytest

from e2evit_model.training.early_stopping import EarlyStopping


def run(values, *, patience=3, min_delta=1e-3):
    """Which epochs are better, and how many are run."""
    stopping = EarlyStopping(patience=patience, min_delta=min_delta)
    better = []
    for epoch, (c_index, loss) in enumerate(values, start=1):
        better.append(stopping.is_better(epoch, c_index, loss))
        if stopping.should_stop:
            break
    return better, stopping


def test_a_higher_c_index_is_better_whatever_the_loss():
    better, stopping = run([(0.5, 1.0), (0.6, 2.0), (0.55, 0.1)])
    assert better == [True, True, False]
    assert (stopping.best_epoch, stopping.best_c_index, stopping.best_loss) == (2, 0.6, 2.0)


def test_ties_are_broken_by_the_loss():
    better, _ = run([(0.6, 1.0), (0.6, 0.9), (0.6005, 0.95), (0.6, 0.8)])
    assert better == [True, True, False, True]


def test_ties_cannot_lead_downhill():
    values = [(0.6 - 0.0009 * step, 1.0 - 0.1 * step) for step in range(5)]
    better, _ = run(values, patience=10)
    assert better == [True, True, False, False, False]


def test_training_stops_after_patience_epochs_without_gain():
    better, stopping = run([(0.6, 1.0)] + [(0.5, 1.0)] * 10, patience=3)
    assert len(better) == 4
    assert stopping.should_stop


@pytest.mark.parametrize("loss", [1.0, float("inf")])
def test_without_a_c_index_the_loss_decides_and_the_first_epoch_counts(loss):
    better, _ = run([(None, loss), (None, 0.9), (None, 0.95)])
    assert better == [True, True, False]


def test_it_goes_on_from_its_record():
    _, stopping = run([(0.5, 1.0), (0.4, 1.0)], patience=2)
    again = EarlyStopping.from_record(stopping.to_record(), patience=2, min_delta=1e-3)
    assert not again.is_better(3, 0.45, 1.0)
    assert again.should_stop
