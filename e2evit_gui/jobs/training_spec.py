"""Everything that a training is started with, as one JSON file; imports nothing of the window and no torch."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from e2evit_model.errors import TrainingError
from e2evit_model.runs.records import RecordFault, from_record, read_json, write_json
from e2evit_model.training.config import TrainingConfig

if TYPE_CHECKING:
    from e2evit_model.cohort.check import CohortCheck

SCHEMA_VERSION = 1
_AGAIN = "Start the training again from the wizard."


@dataclass(frozen=True, kw_only=True)
class TrainingSpec:
    """What was asked: files by their full paths, the whole mapping as it was shown, the config as a record of options.

    ``folds`` is a ``folds.csv`` (``patient_id``, ``fold_0`` ...). ``vary`` are options with their values ("merger=mean,max"): with
    any, every combination is trained, or one change at a time. The file stays on this machine: it holds paths.
    """

    table: str
    slides: str
    folds: str
    slide_table: str | None = None
    endpoint: str | None = None
    mapping: Mapping[str, Any] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    vary: tuple[str, ...] = ()
    one_at_a_time: bool = False
    schema_version: int = SCHEMA_VERSION

    def check(self) -> "CohortCheck":
        """Read table and folder as they were read when the training was asked for.

        Raises
        ------
        CohortError
            When a file is gone or is no table.
        """
        slide_table = Path(self.slide_table) if self.slide_table else None
        from e2evit_model.cohort.check import check_cohort  # with pandas, which the window does not start with

        return check_cohort(
            Path(self.table), Path(self.slides), self.mapping, endpoint=self.endpoint, slide_table=slide_table
        )

    def training_config(self) -> TrainingConfig:
        """Return the config.

        Raises
        ------
        OptionError
            When it holds an option that is unknown or outside its limits.
        """
        return TrainingConfig.from_record(dict(self.config))


def write_spec(spec: TrainingSpec, path: Path) -> None:
    """Write the file, whole or not at all.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    write_json(path, spec)


def read_spec(path: Path) -> TrainingSpec:
    """Read the file.

    Raises
    ------
    TrainingError
        When it is missing, damaged, or of a newer version.
    """
    record = read_json(path, TrainingError, hint=_AGAIN)
    version = record.get("schema_version")
    if isinstance(version, int) and version > SCHEMA_VERSION:
        raise TrainingError(
            f"{path.name} was made by a newer version of this program.", hint="Install the newest version."
        )
    try:
        return from_record(TrainingSpec, record)
    except RecordFault as fault:
        raise TrainingError(f"{path.name} {fault}.", hint=_AGAIN) from fault
