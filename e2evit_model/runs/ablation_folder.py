"""The folder of an ablation, and what its variants are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.runs.run_folder import RunFolder


def label_of(values: Mapping[str, str]) -> str:
    """Return the values of a variant, by option, in words."""
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in values.items()) or "as configured"


@dataclass(frozen=True)
class AblationFolder:
    """The files of an ablation, named here and nowhere else."""

    path: Path

    @property
    def record(self) -> Path:
        """What was asked: options, values, configurations."""
        return self.path / "ablation.json"

    @property
    def folds(self) -> Path:
        """The folds that all variants share."""
        return self.path / "folds.csv"

    @property
    def table(self) -> Path:
        """One row a variant."""
        return self.path / "ablation.csv"

    @property
    def figure(self) -> Path:
        """All variants on one axis."""
        return self.path / "ablation.svg"

    @property
    def runs(self) -> Path:
        """The folder of the variants' runs."""
        return self.path / "runs"

    def run(self, name: str) -> RunFolder:
        """Return the run of a variant by the name of its folder."""
        return RunFolder(self.runs / name)
