"""``e2evit train``: from a table and a folder of slides to a risk model with honest numbers."""

import json
import shlex
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from e2evit_model.cli.flags import flags_of
from e2evit_model.cli.progress_bar import stoppable_bars
from e2evit_model.cli.table_arguments import check_table, table_arguments
from e2evit_model.cohort.fold_files import import_folds
from e2evit_model.cohort.fold_making import FoldSettings, make_folds
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.errors import OptionError, OutputError
from e2evit_model.files import output_folder
from e2evit_model.options import Options, describe
from e2evit_model.training.config import PRESETS, Augmentation, TileSettings, TrainingConfig, find_preset

if TYPE_CHECKING:
    from e2evit_model.training.cross_validation import FinishedRun

_NESTED: dict[str, type[Options]] = {
    "conversion": ConversionSettings,
    "tiles": TileSettings,
    "augmentation": Augmentation,
}
_FOLD_FLAGS = ("k", "validation", "stratify", "by_group")


@click.command("train")
@table_arguments
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="The folder of runs."
)
@click.option(
    "--run", "run_folder", type=click.Path(path_type=Path), help="The folder of this run, instead of one made in --out."
)
@click.option(
    "--folds", type=click.Path(path_type=Path), multiple=True, help="Folds from these files, instead of new ones."
)
@click.option(
    "--preset", type=click.Choice(list(PRESETS)), default="paper", show_default=True, help="Where the settings begin."
)
@click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path),
    help="Settings from a JSON file, as run.json keeps them.",
)
@flags_of(FoldSettings, only=_FOLD_FLAGS)
@flags_of(TrainingConfig)
@flags_of(ConversionSettings)
@flags_of(TileSettings)
@flags_of(Augmentation)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    out: Path,
    run_folder: Path | None,
    folds: tuple[Path, ...],
    preset: str,
    config_file: Path | None,
    **given: Any,
) -> None:
    """Train on the patients of TABLE by five-fold cross-validation, test each fold once, and make a risk model of it.

    The run folder gets predictions, figures with intervals, the report, and model/: the risk model that "e2evit analyze" and
    the window open. A run that was stopped goes on with "e2evit resume".
    """
    config = _config(ctx, preset, config_file, given)
    fold_settings = {name: given[name] for name in _FOLD_FLAGS} | {"seed": given["seed"]}
    table = {name: given[name] for name in ("table", "slides", "slide_table", "endpoint", "mapped", "pattern")}
    checked = check_table(**table)
    cohort = checked.accept()
    made = import_folds(list(folds), cohort).accept(cohort) if folds else make_folds(cohort, **fold_settings)

    from e2evit_model.runs.run_folder import run_folder_name
    from e2evit_model.training.cross_validation import cross_validate

    if run_folder is None:
        name = run_folder_name(
            table["table"].stem, Path(config.model).stem, config.to_record(), now=datetime.now().astimezone()
        )
        run_folder = output_folder(out) / name
    click.echo(
        f"{len(cohort)} patients, {cohort.events} with the event, {len(cohort.slides)} slides. Run: {run_folder}",
        err=True,
    )
    with stoppable_bars() as progress:
        done = cross_validate(
            cohort,
            made,
            config,
            run_folder,
            report=checked.to_record(),
            command=shlex.join(["e2evit", *sys.argv[1:]]),
            progress=progress,
        )
    say_run(done)


def _config(ctx: click.Context, preset: str, config_file: Path | None, given: dict[str, Any]) -> TrainingConfig:
    """Begin with the preset or the file; what the user typed goes over it, what he did not leaves it as it is."""
    record = find_preset(preset).to_record()
    if config_file is not None:
        record = _merged(record, _read_config(config_file))

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


def say_run(done: "FinishedRun") -> None:
    """Print the figures of a finished run, write its report, and say where everything is."""
    from e2evit_model.report.run_report import write_report

    click.echo(c_index_line(done.metrics))
    for slide in done.left_out:
        click.echo(f"Left out   {slide.slide_id}: {slide.reason}")
    try:
        click.echo(f"Report     {write_report(done.folder.path)}")
    except OutputError as error:
        click.echo(f"Report     not written: {error.message}", err=True)
    click.echo(f"Model      {done.folder.model}")
    click.echo("Research use only: not for diagnosis or treatment.")


def c_index_line(metrics: Any) -> str:
    """Say the C-index of a run in a few words, with its interval and its no-signal range, or why there is none."""
    harrell = metrics["harrell_c"]
    mean = harrell["mean"]
    if mean["value"] is None:
        return f"C-index not estimable: {mean['reason']}"
    said = f"C-index {mean['value']:.2f}"
    if mean.get("low") is not None:
        said += f", 95 % interval {mean['low']:.2f} to {mean['high']:.2f}"
    if harrell.get("no_signal"):
        low, high = harrell["no_signal"]
        said += f"; without a signal {low:.2f} to {high:.2f}"
    return said
