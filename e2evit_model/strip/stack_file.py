"""A patch stack as a file: safetensors, with everything that says what it is, and nothing that says whose it is."""

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

import e2evit_model
from e2evit_model.errors import CacheError
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.patches import SPLITS
from e2evit_model.strip.phase_sums import sum_type
from e2evit_model.tiling.grid import TileGrid

FORMAT = "e2evit patch stack"
VERSION = 1

_GRID_PARTS = ("column", "row", "x", "y", "tissue")


def write_stack(path: Path, stack: PatchStack, grid: TileGrid, info: SlideInfo, *, mask_method: str = "") -> None:
    """Write a stack, its tiles' coordinates, and how it was made; not the slide's name.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    tensors: dict[str, NDArray[Any]] = {f"sums_{patch_px}": values for patch_px, values in stack.sums.items()}
    tensors["readable"] = stack.readable
    tensors |= {name: getattr(grid, name) for name in _GRID_PARTS}
    tensors = {name: np.ascontiguousarray(values) for name, values in tensors.items()}
    scale = grid.scale
    record = {
        "tile_px": stack.tile_px,
        "splits": stack.splits,
        "patch_sizes": sorted(stack.sums),
        "order": grid.order,
        "tile_width": grid.width,
        "level": scale.level,
        "reduce": scale.reduce,
        "resample": scale.resample,
        "downsample": scale.downsample,
        "mpp": scale.mpp,
        "slide_mpp": info.mpp,
        "mpp_source": info.mpp_source,
        "slide_format": info.format,
        "reader": info.reader,
        "mask_method": mask_method,
        "e2evit": e2evit_model.__version__,
        "numpy": np.__version__,
    }
    checksums = {name: _checksum(values) for name, values in tensors.items()}
    metadata = {
        "format": FORMAT,
        "version": str(VERSION),
        "record": json.dumps(record, sort_keys=True),
        "crc32": json.dumps(checksums, sort_keys=True),
    }
    try:
        save_file(tensors, path, metadata=metadata)
    except SafetensorError as error:
        # the library tells the system's reason in words only
        raise OSError(_errno_in(str(error)), str(error)) from error


def _checksum(values: NDArray[Any]) -> int:
    return zlib.crc32(values.reshape(-1).view(np.uint8).data)


def _errno_in(message: str) -> int:
    """Return the number in "... (os error 28)", 0 without one."""
    number = message.rpartition("(os error ")[2].partition(")")[0]
    return int(number) if number.isdigit() else 0


def read_stack(path: Path, grid: TileGrid, *, patch_sizes: tuple[int, ...], splits: int) -> PatchStack:
    """Read the sums of some patch sizes for a grid.

    Raises
    ------
    CacheError
        When the file is damaged, of another version, or of other tiles.
    OSError
        When it cannot be opened.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = file.metadata() or {}
            if metadata.get("format") != FORMAT or metadata.get("version") != str(VERSION):
                raise CacheError("What was kept of this slide was written by another version of the program.")
            checksums = json.loads(metadata["crc32"])
            record = json.loads(metadata["record"])
            parts = {name: file.get_tensor(name) for name in ("readable", "x", "y")}
            sums = {patch_px: file.get_tensor(f"sums_{patch_px}") for patch_px in patch_sizes}
            stack = PatchStack(sums=sums, readable=parts["readable"], tile_px=grid.tile_px, splits=record["splits"])
    except (SafetensorError, ValueError, KeyError, TypeError) as error:
        raise _damaged() from error
    for name, values in {**parts, **{f"sums_{p}": values for p, values in sums.items()}}.items():
        if _checksum(values) != checksums.get(name):
            raise _damaged()
    if not (np.array_equal(parts["x"], grid.x) and np.array_equal(parts["y"], grid.y)):
        raise CacheError("What was kept of this slide is of other tiles.")
    if not _holds_together(stack) or stack.splits % splits:
        raise _damaged()
    return stack.merged(splits)


def _holds_together(stack: PatchStack) -> bool:
    """Say whether the arrays have the shapes and types that their sizes call for."""
    if stack.splits not in SPLITS or stack.readable.dtype != np.bool_:
        return False
    for patch_px, values in stack.sums.items():
        shape = (len(stack), stack.splits, patch_px, patch_px, 3)
        if values.shape != shape or values.dtype != sum_type((stack.tile_px // patch_px) ** 2):
            return False
    return True


def _damaged() -> CacheError:
    return CacheError("What was kept of this slide is damaged.")
