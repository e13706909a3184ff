"""What the project remembers of the window: model, settings, overlay, order of the list, the slide that was open."""

import dataclasses
import logging
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from e2evit_gui.state.overlay import OverlayChoice
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.errors import OptionError
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import describe
from e2evit_model.project.paths import ProjectFolder

_log = logging.getLogger(__name__)


def overlay_record(choice: OverlayChoice) -> dict[str, Any]:
    """Return plain JSON values of an overlay's choice."""
    said = {field.name: getattr(choice, field.name) for field in dataclasses.fields(choice)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def overlay_changes(record: object) -> dict[str, Any]:
    """Return what of a record can be chosen in this version; what it does not know is passed over."""
    if not isinstance(record, Mapping):
        return {}
    default, changes = OverlayChoice(), {}
    for field in dataclasses.fields(default):
        if field.name in record:
            value, usual = record[field.name], getattr(default, field.name)
            if isinstance(usual, StrEnum):
                if value not in {str(one) for one in type(usual)}:
                    continue
                value = type(usual)(value)
            elif isinstance(value, list):
                value = tuple(value)
            elif value is not None and usual is not None and type(value) is not type(usual):
                continue
            changes[field.name] = value
    return changes


def model_record(choice: ModelChoice | None, folder: ProjectFolder) -> dict[str, Any] | None:
    """Return a model as it is kept: a path relative to the project, or the name of a backbone."""
    if choice is None:
        return None
    path = Path(choice.source)
    is_file = choice.source not in BACKBONES and path.exists()
    return {
        "path": folder.relative(path) if is_file else None,
        "name": None if is_file else choice.source,
        "backbone": choice.backbone,
    }


def model_choice(record: object, folder: ProjectFolder) -> ModelChoice | None:
    """Return the model of a record; ``None`` when there is none, or its file is not here."""
    if not isinstance(record, Mapping):
        return None
    backbone = record.get("backbone")
    if isinstance(record.get("path"), str):
        path = folder.resolve(record["path"])
        return ModelChoice(source=str(path), backbone=backbone) if path.exists() else None
    return ModelChoice(source=record["name"], backbone=backbone) if isinstance(record.get("name"), str) else None


def settings_record(settings: AnalysisSettings) -> dict[str, Any]:
    """Return the settings that hold for all slides: not a slide's own resolution, nor what was drawn on it."""
    return {info.name: getattr(settings, info.name) for info in describe(AnalysisSettings) if info.name != "mpp"}


def settings_of(record: object) -> AnalysisSettings:
    """Return the settings of a record, the defaults where it cannot be used."""
    known = {info.name for info in describe(AnalysisSettings)}
    said = {key: value for key, value in record.items() if key in known} if isinstance(record, Mapping) else {}
    try:
        return AnalysisSettings(**said)
    except OptionError as error:
        _log.debug("settings of the project are not used: %s", error.message)
        return AnalysisSettings()
