"""Every file of a project's folder is named here, and nowhere else."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ProjectFolder:
    """The files of a project."""

    path: Path

    @property
    def snapshot(self) -> Path:
        """All documents as of the last snapshot."""
        return self.path / "project.json"

    @property
    def journal(self) -> Path:
        """The changes since."""
        return self.path / "journal.jsonl"

    @property
    def previous_snapshot(self) -> Path:
        """The snapshot before, for when the last one was damaged."""
        return self.path / "previous" / "project.json"

    @property
    def previous_journal(self) -> Path:
        """The changes between the snapshot before and the last one."""
        return self.path / "previous" / "journal.jsonl"

    @property
    def lock(self) -> Path:
        """Held while a process may write."""
        return self.path / "project.lock"

    def result(self, result_id: str) -> "StoredResult":
        """Return the files of one result."""
        return StoredResult(self.path / "results" / result_id)

    def thumbnail(self, slide_id: str) -> Path:
        """Return the small picture of a slide."""
        return self.path / "thumbnails" / f"{slide_id}.png"

    def stored_results(self) -> list[Path]:
        """Return the folders of all results that lie here, half-written ones too."""
        folder = self.path / "results"
        return sorted(folder.iterdir()) if folder.is_dir() else []

    def stored_thumbnails(self) -> list[Path]:
        """Return the small pictures that lie here."""
        return sorted((self.path / "thumbnails").glob("*.png"))

    def relative(self, path: Path) -> str:
        """Return a path as it is kept: relative to this folder, with "/"; absolute where no relative one exists."""
        full = path.resolve()
        try:
            return Path(os.path.relpath(full, self.path.resolve())).as_posix()
        except ValueError:  # another drive
            return full.as_posix()

    def resolve(self, kept: str) -> Path:
        """Return the path that :meth:`relative` was given."""
        return Path(os.path.normpath(self.path.resolve() / kept))


@dataclass(frozen=True)
class StoredResult:
    """The files of one result of one slide."""

    path: Path

    @property
    def record(self) -> Path:
        """Everything but the tiles and the mask."""
        return self.path / "result.json"

    @property
    def tiles(self) -> Path:
        """One line a tile, in strip order."""
        return self.path / "tiles.parquet"

    @property
    def mask(self) -> Path:
        """One line a row of the tissue mask."""
        return self.path / "mask.parquet"
