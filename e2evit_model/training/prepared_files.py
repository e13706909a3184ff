"""Prepared strips on disk: one file a slide, found by what decides its content, read at every epoch without the slide.

Apart from the cache of the viewer (``strip.cache``), which forgets the oldest when it is full: a training run cannot lose strips.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from e2evit_model.errors import CacheError, TrainingError
from e2evit_model.files import cache_folder, write_whole
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.training.config import TileSettings
from e2evit_model.training.strips import Strip

FORMAT = "e2evit prepared strip 1"
PREPARE_AGAIN = "Prepare the slides of the cohort again."


@dataclass(frozen=True, kw_only=True)
class StripWish:
    """How strips of a cohort are wanted: tile settings with nothing left open, the patch size and the parts of a tile."""

    tiles: TileSettings
    tile_mpp: float
    tile_px: int
    patch_px: int
    splits: int

    def key(self, info: SlideInfo) -> str:
        """Return the SHA-256 of what decides the strip of a slide, in hex."""
        said = {
            "format": FORMAT,
            "slide": [info.fingerprint, info.reader, info.mpp],
            "tiles": self.tiles.to_record(),
            "numbers": [self.tile_mpp, self.tile_px, self.patch_px, self.splits],
        }
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def prepared_path(key: str) -> Path:
    """Return where the strip of a key is, or would be."""
    return cache_folder() / "prepared" / f"{key}.safetensors"


def write_strip(key: str, strip: Strip) -> None:
    """Write a strip, whole or not at all; the file does not hold the slide's name.

    Raises
    ------
    OutputError
        When it cannot be written.
    """
    (patch_px, sums), *_ = strip.stack.sums.items()
    tensors = {"sums": np.ascontiguousarray(sums), "columns": strip.columns, "rows": strip.rows}
    record = {
        "format": FORMAT,
        "patch_px": patch_px,
        "splits": strip.stack.splits,
        "tile_px": strip.tile_px,
        "mpp": strip.mpp,
        "fingerprint": strip.fingerprint,
    }
    metadata = {"record": json.dumps(record)}  # one entry: the library writes several in any order
    with write_whole(prepared_path(key)) as temporary:
        try:
            save_file(tensors, temporary, metadata=metadata)
        except SafetensorError as error:
            number = str(error).rpartition("(os error ")[2].partition(")")[0]
            raise OSError(int(number) if number.isdigit() else 0, str(error)) from error


def read_strip(key: str, slide_id: str) -> Strip:
    """Read a prepared strip.

    Raises
    ------
    CacheError
        When the file is missing or damaged.
    """
    path = prepared_path(key)
    try:
        with safe_open(path, framework="numpy") as file:
            metadata: Mapping[str, str] = file.metadata() or {}
            record: dict[str, Any] = json.loads(metadata["record"])
            sums, columns, rows = (file.get_tensor(name) for name in ("sums", "columns", "rows"))
            stack = PatchStack(
                sums={record["patch_px"]: sums},
                readable=np.ones(len(sums), dtype=bool),
                tile_px=record["tile_px"],
                splits=record["splits"],
            )
            return Strip(
                slide_id=slide_id,
                stack=stack,
                columns=columns,
                rows=rows,
                mpp=record["mpp"],
                fingerprint=record["fingerprint"],
            )
    except FileNotFoundError as error:
        raise CacheError(f'What was prepared of the slide "{slide_id}" is gone.', hint=PREPARE_AGAIN) from error
    except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
        raise CacheError(f'What was prepared of the slide "{slide_id}" is damaged.', hint=PREPARE_AGAIN) from error


@dataclass(frozen=True)
class PreparedSlides:
    """What was prepared of the slides of a cohort: slide to key; small, so that it goes to other processes."""

    keys: Mapping[str, str]

    def key_of(self, slide_id: str) -> str:
        """Return the key of a slide's file.

        Raises
        ------
        TrainingError
            When the slide was not prepared.
        """
        if slide_id not in self.keys:
            raise TrainingError(f'The slide "{slide_id}" was not prepared.', hint=PREPARE_AGAIN)
        return self.keys[slide_id]


class PreparedStrips(PreparedSlides):
    """The prepared strips of a cohort."""

    def load(self, slide_id: str) -> Strip:
        """Load one strip.

        Raises
        ------
        TrainingError
            When the slide was not prepared.
        CacheError
            When its file is gone or damaged.
        """
        return read_strip(self.key_of(slide_id), slide_id)
