"""One row a slide: the embeddings of a cohort or a folder by a frozen model, as a table for other programs."""

import csv
import hashlib
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.cohort.slide_files import SlideFile, find_slides, stem_of
from e2evit_model.convert.settings import Merger
from e2evit_model.errors import CohortError, E2EViTError, OptionError, OutputError
from e2evit_model.files import write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.spreadsheet import safe_cell
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.embeddings import Embedder
from e2evit_model.training.network import load_pretrained
from e2evit_model.training.prepare import FailedSlide, PreparedSlide, wish_for
from e2evit_model.training.prepare_tokens import prepare_material, read_prepared

log = logging.getLogger(__name__)

KINDS = (".csv", ".parquet")
_NAMES = ("patient_id", "slide_id", "n_tiles", "mpp", "model_hash")

Vector = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class EmbeddedSlide:
    """The embedding (C,) of a slide of ``n_tiles`` tiles at ``mpp`` um a pixel."""

    patient_id: str
    slide_id: str
    n_tiles: int
    mpp: float
    embedding: Vector


@dataclass(frozen=True, kw_only=True)
class EmbeddingTable:
    """What was written: the rows, and the slides that could not be embedded with the reason; these have no row.

    ``model_hash`` is equal for equal weights, conversion, tiles and precision.
    """

    model_hash: str
    slides: tuple[EmbeddedSlide, ...]
    failed: tuple[FailedSlide, ...]


def embed_folder(
    folder: Path,
    config: TrainingConfig,
    out: Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> EmbeddingTable:
    """Embed all slides of a folder and those below it; see :func:`embed_slides`. Slides are called by their file's name.

    Raises
    ------
    CohortError
        When the folder is not there, or holds no slide.
    E2EViTError
        As :func:`embed_slides`.
    """
    files = find_slides(folder)
    if not files:
        raise CohortError(f"There is no slide in {folder.name}.", hint="Choose the folder that holds the slides.")
    slides = [CohortSlide(slide_id=name, patient_id="", path=path) for name, path in _named(files, folder).items()]
    return embed_slides(slides, config, out, workers=workers, executor=executor, progress=progress)


def embed_cohort(
    cohort: Cohort,
    config: TrainingConfig,
    out: Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> EmbeddingTable:
    """Embed all slides of a cohort; see :func:`embed_slides`."""
    return embed_slides(cohort.slides, config, out, workers=workers, executor=executor, progress=progress)


def embed_slides(
    slides: Sequence[CohortSlide],
    config: TrainingConfig,
    out: Path,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress = silent,
) -> EmbeddingTable:
    """Embed slides and write one row each: patient_id, slide_id, n_tiles, mpp, model_hash, embedding_0 ...

    Slides are read in other processes while those before them are embedded here. What is done is kept, so a call that was stopped
    goes on. Slides that fail are listed beside the table in ``<name>.failed.csv``; they have no row.

    Parameters
    ----------
    config
        Its model, conversion, tiles, device and precision count.
    out
        A file ending in .csv or .parquet.

    Raises
    ------
    OutputError
        When the file cannot be written, or has another ending.
    BackboneError, WeightsError, DeviceError
        When the model cannot be had.
    OptionError
        When the settings ask for something that is learned.
    TrainingError
        When a slide has no file.
    Cancelled
        When ``progress`` raises it.
    """
    if out.suffix.lower() not in KINDS:
        raise OutputError(f"{out.name} is neither .csv nor .parquet.", hint="Give the table one of these endings.")
    if config.conversion.merger is Merger.ATTENTION:
        raise OptionError(
            "The attention merger is learned, and embedding trains nothing: its weights would all be equal.",
            hint="Choose mean or max, or train a risk model with it (e2evit train --merger attention).",
        )
    pretrained = load_pretrained(config)
    embedder = Embedder(pretrained, config)
    wish = wish_for(config, pretrained.backbone)
    patients = {slide.slide_id: slide.patient_id for slide in slides}
    done: dict[str, EmbeddedSlide] = {}
    failed: dict[str, FailedSlide] = {}

    def heard(found: PreparedSlide | FailedSlide) -> None:
        if isinstance(found, FailedSlide):
            failed[found.slide_id] = found
            return
        try:
            embedding = embedder.embed(read_prepared(config, found)).numpy()
        except OutputError:
            raise
        except E2EViTError as error:
            failed[found.slide_id] = FailedSlide(slide_id=found.slide_id, reason=error.message, hint=error.hint)
            return
        done[found.slide_id] = EmbeddedSlide(
            patient_id=patients[found.slide_id],
            slide_id=found.slide_id,
            n_tiles=found.tiles,
            mpp=found.mpp,
            embedding=embedding,
        )

    prepare_material(slides, config, pretrained, workers=workers, executor=executor, heard=heard, progress=progress)
    said = {
        "model": [pretrained.sha256, pretrained.backbone.id, config.conversion.to_record(), str(embedder.dtype)],
        "tiles": [config.tiles.to_record(), wish.tile_mpp, wish.tile_px],
    }
    table = EmbeddingTable(
        model_hash=hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest(),
        slides=tuple(done[slide.slide_id] for slide in slides if slide.slide_id in done),
        failed=tuple(failed[slide.slide_id] for slide in slides if slide.slide_id in failed),
    )
    _write(table, out)
    log.info("%d slides embedded, %d failed", len(table.slides), len(table.failed))
    return table


def _named(files: Sequence[SlideFile], folder: Path) -> Mapping[str, Path]:
    """Name slides by their file; where two have the same name, by folder and file."""
    counts = Counter(stem_of(file.path.name) for file in files)
    named: dict[str, Path] = {}
    for file in files:
        stem = stem_of(file.path.name)
        inside = file.path.relative_to(folder).as_posix()
        named[stem if counts[stem] == 1 else inside] = file.path
    return named


def _write(table: EmbeddingTable, out: Path) -> None:
    beside = out.with_name(f"{out.stem}.failed.csv")
    if table.failed:
        with write_whole(beside) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["slide_id", "reason", "hint"])
            writer.writerows([safe_cell(slide.slide_id), slide.reason, slide.hint] for slide in table.failed)
    else:
        beside.unlink(missing_ok=True)
    if not table.slides:
        raise OutputError(
            f"None of {len(table.failed)} slides could be embedded, so {out.name} was not written.",
            hint=f"The first: {table.failed[0].reason}" if table.failed else "Choose some slides.",
        )
    with write_whole(out) as temporary:
        if out.suffix.lower() == ".csv":
            _write_csv(table, temporary)
        else:
            _write_parquet(table, temporary)


def _write_csv(table: EmbeddingTable, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*_NAMES, *(f"embedding_{i}" for i in range(len(table.slides[0].embedding)))])
        for slide in table.slides:
            names = (safe_cell(slide.patient_id), safe_cell(slide.slide_id))
            # the shortest text that gives the same float32 again
            writer.writerow([*names, slide.n_tiles, slide.mpp, table.model_hash, *map(str, slide.embedding)])


def _write_parquet(table: EmbeddingTable, path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "patient_id": [slide.patient_id for slide in table.slides],
            "slide_id": [slide.slide_id for slide in table.slides],
            "n_tiles": [slide.n_tiles for slide in table.slides],
            "mpp": [slide.mpp for slide in table.slides],
            "model_hash": table.model_hash,
        }
    )
    values = np.stack([slide.embedding for slide in table.slides])
    columns = pd.DataFrame(values, columns=[f"embedding_{i}" for i in range(values.shape[1])])
    pd.concat([frame, columns], axis=1).to_parquet(path, index=False)
