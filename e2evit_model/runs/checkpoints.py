"""The state of a fold after each epoch, from which it goes on as if it had never stopped.

``last.pt`` is written beside the state before it, ``previous.pt``: whatever moment the process dies, one of the two is whole.
Only tensors and plain values are written, and read with ``weights_only=True``: nothing in the file can run as code.
"""

import logging
import os
import pickle
import random
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from e2evit_model.errors import OutputError
from e2evit_model.files import write_whole
from e2evit_model.runs.run_error import RunError
from e2evit_model.runs.run_folder import FoldFolder

log = logging.getLogger(__name__)

_PLAIN = (Tensor, str, int, float, bool, type(None), bytes)


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A state that was read; ``notice`` is a sentence when it is not the newest one, else empty."""

    state: dict[str, Any]
    notice: str = ""


def save_checkpoint(fold: FoldFolder, state: Mapping[str, Any]) -> None:
    """Write the state of a fold; the one before is kept as ``previous.pt``.

    Raises
    ------
    OutputError
        When it cannot be written, or the disk is full; the state before stays as it was.
    TypeError
        When it holds anything but tensors and plain values, which could not be read back.
    """
    _check_plain(state, "state")
    with write_whole(fold.last) as temporary:
        try:
            with temporary.open("wb") as file:
                torch.save(dict(state), file)
                file.flush()
                os.fsync(file.fileno())  # a rename may reach the disk before the content does
        except RuntimeError as error:  # torch's own writer says so when the disk is full
            raise OutputError(
                f"{fold.last.name} could not be written; the disk may be full.", hint="Free some space, then resume."
            ) from error
        if fold.last.is_file():
            fold.last.replace(fold.previous)


def load_checkpoint(fold: FoldFolder) -> Checkpoint | None:
    """Read the newest whole state of a fold; ``None`` when it has none yet.

    Raises
    ------
    RunError
        When there are states, but none is whole.
    """
    damaged_ones: list[Path] = []
    there = [path for path in (fold.last, fold.previous) if path.is_file()]
    for path in there:
        try:
            with zipfile.ZipFile(path) as archive:
                damaged = archive.testzip()  # torch does not look at the checksums
            if damaged is None:
                state = torch.load(path, map_location="cpu", weights_only=True)
                for other in damaged_ones:
                    other.unlink()  # or the next writing would put it in the place of the whole one
                return Checkpoint(state=state, notice="" if path == fold.last else _fallen_back(fold))
        except (OSError, RuntimeError, EOFError, zipfile.BadZipFile, pickle.UnpicklingError, ValueError) as error:
            log.debug("%s cannot be used: %s", path.name, type(error).__name__)
        log.warning("%s of %s is damaged", path.name, fold.path.name)
        damaged_ones.append(path)
    if there:
        raise RunError(
            f"The state of {fold.path.name} is damaged, and the one before it too.",
            hint="Delete the folder of this fold and resume: the fold starts again.",
        )
    return None


def _fallen_back(fold: FoldFolder) -> str:
    return f"The last state of {fold.path.name} was cut short; it goes on from the epoch before."


def _check_plain(value: Any, where: str) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _check_plain(item, f"{where}.{key}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _check_plain(item, f"{where}[{index}]")
    elif not isinstance(value, _PLAIN) or isinstance(value, np.generic):
        raise TypeError(f"{where} is a {type(value).__name__}, which a checkpoint cannot hold")


def capture_random(generator: np.random.Generator | None = None) -> dict[str, Any]:
    """Return every random state as plain values: Python's, torch's on each device, and one of NumPy's generators."""
    version, words, gauss = random.getstate()
    state: dict[str, Any] = {
        "python": [version, list(words), gauss],
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }
    if generator is not None:
        # 128-bit numbers are written as text, since a checkpoint need not hold such
        numbers = generator.bit_generator.state
        state["numpy"] = {**numbers, "state": {name: str(value) for name, value in numbers["state"].items()}}
    return state


def restore_random(state: Mapping[str, Any], generator: np.random.Generator | None = None) -> None:
    """Set every random state that :func:`capture_random` took; states of GPUs that are not here are left out."""
    version, words, gauss = state["python"]
    random.setstate((version, tuple(words), gauss))
    torch.set_rng_state(state["torch"])
    if torch.cuda.is_available() and len(state["cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(list(state["cuda"]))
    if generator is not None and "numpy" in state:
        numbers = state["numpy"]
        words = {name: int(value) for name, value in numbers["state"].items()}
        generator.bit_generator.state = {**numbers, "state": words}
