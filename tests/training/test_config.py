import json

import pytest

from e2evit_model.errors import OptionError
from e2evit_model.options import describe
from e2evit_model.training.config import Augmentation, Loss, Method, TileSettings, TrainingConfig, find_preset


def test_the_defaults_are_the_paper_s_settings():
    config = find_preset("paper")
    assert config == TrainingConfig()
    assert (config.method, config.loss) == (Method.FINE_TUNE, Loss.NLL)
    assert (config.learning_rate, config.epochs, config.patience, config.min_delta) == (1e-4, 30, 5, 1e-3)
    assert (config.step_size, config.bins, config.weight_decay) == (1, 4, 0)
    assert config.augmentation == Augmentation()
    assert config.layer_decay == 1
    assert config.freeze_blocks == 0


def test_a_preset_that_is_not_known_is_told_with_the_nearest():
    with pytest.raises(OptionError, match='No training settings are called "papr"') as told:
        find_preset("papr")
    assert told.value.hint == 'Did you mean "paper"?'


def test_cox_on_one_patient_at_a_time_is_refused_with_the_reason():
    with pytest.raises(OptionError) as told:
        TrainingConfig(loss="cox")
    assert told.value.message == (
        "The Cox loss needs several patients a step: of one patient alone it is always 0, and nothing is learned."
    )
    assert "--step-size 16" in told.value.hint
    assert TrainingConfig(loss="cox", step_size=16).uses_cox
    assert TrainingConfig(method="linear-cox").uses_cox
    assert not TrainingConfig(method="linear-nll").uses_cox


def test_the_likelihood_probe_does_not_take_the_cox_loss():
    with pytest.raises(OptionError, match="cannot use the Cox loss"):
        TrainingConfig(method="linear-nll", loss="cox", step_size=8)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("epochs", 0, "Epochs is 0, but must be between 1 and 10000."),
        ("learning_rate", -1.0, "Learning rate is -1, but must be between 1e-08 and 1."),
        ("method", "fine-tuning", 'Method cannot be "fine-tuning".'),
        ("seed", None, "Seed is missing."),
    ],
)
def test_values_outside_the_limits_are_refused(name, value, message):
    with pytest.raises(OptionError) as told:
        TrainingConfig(**{name: value})
    assert told.value.message == message


def test_a_config_survives_its_record_through_json():
    config = TrainingConfig(
        method="linear-cox",
        augmentation=Augmentation(turn_tiles=True, gain=0.1),
        tiles=TileSettings(tissue_fraction=0.3, order="hilbert"),
    )
    assert TrainingConfig.from_record(json.loads(json.dumps(config.to_record()))) == config


def test_a_record_with_an_option_of_another_version_is_refused():
    record = TrainingConfig().to_record()
    record["augmentation"]["gains"] = 0.1
    with pytest.raises(OptionError, match='The option "gains" is not known'):
        TrainingConfig.from_record(record)


def test_every_flag_of_training_is_unique():
    flags = [info.flag for kind in (TrainingConfig, TileSettings, Augmentation) for info in describe(kind)]
    assert len(flags) == len(set(flags))
