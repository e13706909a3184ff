"""Everything that was chosen in the wizard, and templates of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from e2evit_model.cohort.fold_making import FoldSettings
from e2evit_model.cohort.mapping import checked_fields
from e2evit_model.errors import OptionError, TrainingError
from e2evit_model.files import is_file, is_folder
from e2evit_model.runs.records import read_json, write_json
from e2evit_model.training.config import TrainingConfig

TEMPLATE_VERSION = 1
_KIND = "e2evit training template"
_OTHER = "Choose a file that was saved by the wizard with Save as template."
_OF_PATIENTS = ("excluded",)


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What was chosen so far. ``mapping`` holds only what the user said of the columns; the rest is proposed again each time.

    ``fold_files`` are folds to import instead of making them; ``vary`` are options with their values, to be compared.
    """

    table: Path | None = None
    slides: Path | None = None
    slide_table: Path | None = None
    endpoint: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    folds: FoldSettings = field(default_factory=FoldSettings)
    fold_files: tuple[Path, ...] = ()
    config: TrainingConfig = field(default_factory=TrainingConfig)
    vary: tuple[str, ...] = ()
    one_at_a_time: bool = False


def template_of(draft: Draft) -> dict[str, Any]:
    """Return a draft as plain JSON values without what belongs to one cohort or one machine: no file, folder or patient."""
    config = draft.config.to_record()
    if is_folder(Path(draft.config.model)) or is_file(Path(draft.config.model)):
        config["model"] = None
    mapping = {name: value for name, value in draft.mapping.items() if name not in _OF_PATIENTS}
    return {
        "kind": _KIND,
        "version": TEMPLATE_VERSION,
        "endpoint": draft.endpoint,
        "mapping": {name: list(value) if isinstance(value, tuple) else value for name, value in mapping.items()},
        "folds": draft.folds.to_record(),
        "config": config,
        "vary": list(draft.vary),
        "one_at_a_time": draft.one_at_a_time,
    }


def save_template(draft: Draft, path: Path) -> None:
    """Write a template.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    write_json(path, template_of(draft))


def load_template(path: Path, draft: Draft) -> Draft:
    """Return a draft with the choices of a template; files and folders stay, and a weight file where the template has none.

    Raises
    ------
    TrainingError
        When the file is no template, damaged, or of a newer version.
    OptionError, CohortError
        When it holds options or roles that are not known, or outside their limits.
    """
    record = read_json(path, TrainingError, hint=_OTHER)
    version = record.get("version")
    if record.get("kind") != _KIND or not isinstance(version, int):
        raise TrainingError(f"{path.name} is not a template of a training.", hint=_OTHER)
    if version > TEMPLATE_VERSION:
        raise TrainingError(
            f"{path.name} was made by a newer version of this program.", hint="Install the newest version."
        )
    folds, config, mapping = record.get("folds"), record.get("config"), record.get("mapping")
    if not (isinstance(folds, dict) and isinstance(config, dict) and isinstance(mapping, dict)):
        raise TrainingError(f"{path.name} is damaged: a part of the template is missing.", hint=_OTHER)
    if config.get("model") is None:
        config = {**config, "model": draft.config.model}
    endpoint = record.get("endpoint")
    try:
        return replace(
            draft,
            endpoint=endpoint if isinstance(endpoint, str) else None,
            mapping=MappingProxyType(checked_fields(mapping)),
            folds=FoldSettings.from_record(folds),
            fold_files=(),
            config=TrainingConfig.from_record(config),
            vary=tuple(str(axis) for axis in record.get("vary", ())),
            one_at_a_time=bool(record.get("one_at_a_time", False)),
        )
    except TypeError as error:
        raise OptionError(f"{path.name} is damaged: an option has no plain value.", hint=_OTHER) from error
