"""Everything that was chosen, as rows for reading. No widgets."""

from pathlib import Path
from typing import Any

from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.slide_presenter import SlidePresenter
from e2evit_gui.training_wizard.words import count, tr
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.options import Options, describe
from e2evit_model.training.config import TrainingConfig
from e2evit_model.units import written_bytes

Row = list[str]


def summary(presenter: WizardPresenter, slides: SlidePresenter) -> list[Row]:
    """Return rows of page, name and value; of the settings those that differ from the paper's."""
    rows = [*_of_cohort(presenter), *_of_folds(presenter), *_of_model(presenter, slides)]
    rows += _of_settings(presenter.draft.config)
    if slides.disk is not None:
        rows.append([tr("Compute"), tr("Disk"), tr("at most {need}").format(need=written_bytes(slides.disk.at_most))])
    shown = ""
    for row in rows:  # the page is named once
        row[0], shown = ("" if row[0] == shown else row[0]), row[0]
    return rows


def _of_cohort(presenter: WizardPresenter) -> list[Row]:
    if presenter.checked is None or presenter.draft.table is None:
        return []
    check, page = presenter.checked.check, tr("Cohort")
    used = tr("{patients} patients, {events} with the event ({endpoint}), {slides} slides").format(
        patients=count(len(check.cohort)),
        events=count(check.cohort.events),
        endpoint=check.mapping.endpoint,
        slides=count(len(check.cohort.slides)),
    )
    columns = ", ".join(f"{role.replace('_', ' ')} = {name}" for role, name in check.mapping.columns().items())
    return [
        [page, tr("Table"), presenter.draft.table.name],
        [page, tr("Used"), used],
        [page, tr("Columns"), columns],
    ]


def _of_folds(presenter: WizardPresenter) -> list[Row]:
    made, draft = presenter.made, presenter.draft
    if made is None or made.folds is None:
        return []
    page = tr("Folds")
    if made.imported:
        names = ", ".join(path.name for path in draft.fold_files)
        return [[page, tr("Imported"), tr("{n} folds from {names}").format(n=len(made.folds), names=names)]]
    return [
        [page, tr("Made"), tr("{n} folds, seed {seed}").format(n=len(made.folds), seed=draft.folds.seed)],
        *_changed(page, draft.folds, skip=("k", "seed")),
    ]


def _of_model(presenter: WizardPresenter, slides: SlidePresenter) -> list[Row]:
    config, page = presenter.draft.config, tr("Model")
    backbone = BACKBONES.get(config.model) or slides.backbone
    own = Path(config.model).name
    name = backbone.title if backbone is not None else own
    file = tr(", weights of {name}").format(name=own) if config.model not in BACKBONES and own != name else ""
    licence = backbone.licence if backbone is not None else ""
    return [
        [page, tr("Backbone"), name + file],
        *([[page, tr("Licence"), licence]] if licence else []),
        [page, tr("Method"), str(config.method)],
    ]


def _of_settings(config: TrainingConfig) -> list[Row]:
    compute = ("device", "precision", "threads", "folds_in_parallel", "checkpointing", "skip_failed")
    learning = _changed(tr("Model"), config, skip=("method", "model", "backbone", *compute))
    rows = [*learning, *_changed(tr("Model"), config.conversion), *_changed(tr("Model"), config.augmentation)]
    if not rows:
        rows = [[tr("Model"), tr("Settings"), tr("all as in the paper")]]
    tiles = _changed(tr("Tiles"), config.tiles) or [[tr("Tiles"), tr("Settings"), tr("all as proposed")]]
    here = [
        [tr("Compute"), info.label, _written(getattr(config, info.name), info.unit)]
        for info in describe(TrainingConfig)
        if info.name in ("device", "precision") or (info.name in compute and getattr(config, info.name) != info.default)
    ]
    return [*rows, *tiles, *here]


def _changed(page: str, settings: Options, *, skip: tuple[str, ...] = ()) -> list[Row]:
    return [
        [page, tr(info.label), _written(getattr(settings, info.name), info.unit)]
        for info in describe(type(settings))
        if info.name not in skip and getattr(settings, info.name) != info.default
    ]


def _written(value: Any, unit: str) -> str:
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if value is None:
        return tr("automatic")
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{text} {unit.replace('um', 'µm')}".strip()
