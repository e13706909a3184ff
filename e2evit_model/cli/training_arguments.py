"""The arguments that say how to train: preset, settings file, every option, folds; shared by all commands that train."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from e2evit_model.cli.flags import flags_of
from e2evit_model.cohort.cohort import Cohort
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.cohort.fold_making import FoldSettings, make_folds
from e2evit_model.cohort.folds import Folds
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.errors import OptionError
from e2evit_model.options import Options, describe
from e2evit_model.training.config import PRESETS, Augmentation, TileSettings, TrainingConfig, find_preset

Function = TypeVar("Function", bound=Callable[..., Any])

_NESTED: dict[str, type[Options]] = {
    "conversion": ConversionSettings,
    "tiles": TileSettings,
    "augmentation": Augmentation,
}
_FOLD_FLAGS = ("k", "validation", "stratify", "by_group")


def training_arguments(function: Function) -> Function:
    """Add the arguments that :func:`chosen_config` and :func:`chosen_folds` take."""
    for add in reversed(
        (
            click.option(
                "--folds",
                type=click.Path(path_type=Path),
                multiple=True,
                help="Folds from these files, instead of new ones.",
            ),
            click.option(
                "--preset",
                type=click.Choice(list(PRESETS)),
                default="paper",
                show_default=True,
                help="Where the settings begin.",
            ),
            click.option(
                "--config",
                "config_file",
                type=click.Path(path_type=Path),
                help="Settings from a JSON file, as run.json keeps them.",
            ),
            flags_of(FoldSettings, only=_FOLD_FLAGS),
            flags_of(TrainingConfig),
            *(flags_of(kind) for kind in _NESTED.values()),
        )
    ):
        function = add(function)
    return function


def chosen_folds(cohort: Cohort, given: dict[str, Any]) -> Folds:
    """Import the folds that the user gave, or make new ones.

    Raises
    ------
    CohortError
        When the files are no folds of this cohort, or no folds can be made of it.
    """
    if given["folds"]:
        return import_folds(list(given["folds"]), cohort).accept(cohort)
    return make_folds(cohort, **{name: given[name] for name in _FOLD_FLAGS}, seed=given["seed"])


def chosen_config(ctx: click.Context, given: dict[str, Any]) -> TrainingConfig:
    """Begin with the preset or the file; what the user typed goes over it, what he did not leaves it as it is.

    Raises
    ------
    OptionError
        When the file cannot be read as settings, or they cannot work together.
    """
    record = find_preset(given["preset"]).to_record()
    if given["config_file"] is not None:
        record = _merged(record, _read_config(given["config_file"]))

    def typed(settings: type[Options]) -> dict[str, Any]:
        source = click.core.ParameterSource.DEFAULT
        return {
            info.name: given[info.name]
            for info in describe(settings)
            if info.name in given and ctx.get_parameter_source(info.name) is not source
        }

    record = _merged(record, typed(TrainingConfig) | {name: typed(kind) for name, kind in _NESTED.items()})
    return TrainingConfig.from_record(record)


def _merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for name, value in over.items():
        merged[name] = _merged(base.get(name, {}), value) if isinstance(value, dict) else value
    return merged


def _read_config(path: Path) -> dict[str, Any]:
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OptionError(
            f"{path.name} cannot be read as settings.", hint="Give a JSON file, as run.json keeps them."
        ) from error
    if not isinstance(record, dict):
        raise OptionError(f"{path.name} holds no settings.", hint="Give a JSON file, as run.json keeps them.")
    settings = record.get("config", record)
    return settings if isinstance(settings, dict) else {}
