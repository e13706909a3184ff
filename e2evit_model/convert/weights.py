"""Weight files: read without ever running what is in them, and their layout without loading them."""

import hashlib
import json
import logging
import pickle
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file
from torch import Tensor

from e2evit_model.errors import OutputError, WeightsError
from e2evit_model.files import cache_folder, sha256_of_file, write_whole

log = logging.getLogger(__name__)

TRUNK_PREFIXES = ("visual.trunk.", "trunk.")
"""What published files put before the keys of the trunk where they hold more than it."""

_WRAPPERS = ("model", "state_dict")
_AGAIN = "Get the file again, and compare its size with the one that is published."
_KINDS = "Weights are read from safetensors files, or from PyTorch files that hold nothing but tensors."


def _is_safetensors(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(9)
    return len(start) == 9 and start[8:9] == b"{"  # eight bytes of length, then JSON


def _check_file(path: Path) -> None:
    if not path.is_file():
        raise WeightsError(f"There is no weight file {path.name}.", hint="Check the name, or choose another file.")
    if path.stat().st_size == 0:
        raise WeightsError(f"{path.name} is empty.", hint=_AGAIN)


def _load_pickled(path: Path, device: str) -> Any:
    with path.open("rb") as file:
        if not file.read(4).startswith((b"PK\x03\x04", b"\x80")):
            raise WeightsError(f"{path.name} is not a weight file.", hint=_KINDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # on pickle protocols: the user is told in our own words, or not at all
            return torch.load(path, map_location=device, weights_only=True)
    except pickle.UnpicklingError as error:
        log.debug("refused %s: %s", path.name, error)
        # torch names what it did not run: a GLOBAL, a class or a function that is not about tensors
        if "GLOBAL" not in str(error) and "class" not in str(error):
            raise WeightsError(f"{path.name} is damaged, or not a weight file.", hint=_AGAIN) from error
        raise WeightsError(
            f"{path.name} holds program code besides weights. It was not run.",
            hint="Use a safetensors file, or ask for one where you got this from. " + _KINDS,
        ) from error
    except (RuntimeError, EOFError, ValueError, LookupError, AttributeError, TypeError, MemoryError) as error:
        # a zip archive that is cut short, or bytes that only begin like a pickle
        raise WeightsError(f"{path.name} is damaged, or not a weight file.", hint=_AGAIN) from error


def _only_tensors(found: Any, path: Path) -> dict[str, Tensor]:
    for wrapper in _WRAPPERS:
        if isinstance(found, Mapping) and isinstance(found.get(wrapper), Mapping):
            found = found[wrapper]
    tensors = {k: v for k, v in found.items() if isinstance(v, Tensor)} if isinstance(found, Mapping) else {}
    if not tensors:
        raise WeightsError(f"{path.name} holds no weights.", hint=_KINDS)
    return {str(key): value for key, value in tensors.items()}


def read_weights(path: Path) -> dict[str, Tensor]:
    """Read every tensor of a weight file into main memory, in the type in which it is stored.

    Raises
    ------
    WeightsError
        When the file is missing, empty, damaged, of another kind, or a pickle that needs code to run (nothing is run).
    """
    _check_file(path)
    if not _is_safetensors(path):
        return _only_tensors(_load_pickled(path, "cpu"), path)
    try:
        return load_file(path)
    except SafetensorError as error:
        raise _explain_safetensors(error, path) from error


def read_layout(path: Path) -> dict[str, tuple[int, ...]]:
    """Read the names and shapes of the tensors of a weight file, and nothing else of it.

    Raises
    ------
    WeightsError
        As :func:`read_weights`.
    """
    _check_file(path)
    if not _is_safetensors(path):
        return {key: tuple(value.shape) for key, value in _only_tensors(_load_pickled(path, "meta"), path).items()}
    try:
        with safe_open(path, framework="pt") as file:
            return {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()}  # noqa: SIM118 - not a dict
    except SafetensorError as error:
        raise _explain_safetensors(error, path) from error


def _explain_safetensors(error: SafetensorError, path: Path) -> WeightsError:
    log.debug("safetensors: %s", error)
    with path.open("rb") as file:
        header = int.from_bytes(file.read(8), "little")
    if "ncomplete" in str(error) or header + 8 > path.stat().st_size:
        return WeightsError(f"{path.name} is cut short: its last part is missing.", hint=_AGAIN)
    return WeightsError(f"{path.name} is damaged, or not a weight file.", hint=_AGAIN)


def of_the_trunk(keys: Mapping[str, Any]) -> dict[str, Any]:
    """Leave only the trunk of what a file holds, its prefix taken off, without a classifier.

    A file without a prefix is all trunk; one with a prefix may hold a text model and poolers beside it.
    """
    for prefix in TRUNK_PREFIXES:
        trunk = {key.removeprefix(prefix): value for key, value in keys.items() if key.startswith(prefix)}
        if trunk:
            return trunk
    return {key: value for key, value in keys.items() if not key.startswith("head.")}


def weights_sha256(path: Path) -> str:
    """Return the SHA-256 of a weight file in hex, remembered by name, size and time of change."""
    stat = path.stat()
    identity = f"{path.resolve()} {stat.st_size} {stat.st_mtime_ns}"
    note = cache_folder() / "weights" / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.json"
    try:
        return str(json.loads(note.read_text())["sha256"])
    except (OSError, ValueError, KeyError):
        log.debug("hashing %s", path.name)
    digest = sha256_of_file(path)
    try:
        with write_whole(note) as temporary:
            temporary.write_text(json.dumps({"sha256": digest}))
    except OutputError as error:
        log.debug("the hash of %s is not remembered: %s", path.name, error)
    return digest
