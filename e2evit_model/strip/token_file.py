"""A token stack as a file: safetensors, mapped into memory on reading, so that what is not used is not read."""

import errno
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from e2evit_model.errors import CacheError
from e2evit_model.strip.token_stack import TokenStack

FORMAT = "e2evit token stack 1"

_NAMES = ("tokens", "prefix", "readable", "log_weights")


def write_tokens(
    path: Path,
    stack: TokenStack,
    *,
    record: Mapping[str, Any] | None = None,
    more: Mapping[str, NDArray[Any]] | None = None,
) -> None:
    """Write a stack; ``record`` are plain values and ``more`` arrays that go with it, none of them a slide's name.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    tensors = {name: np.ascontiguousarray(getattr(stack, name)) for name in _NAMES if getattr(stack, name) is not None}
    tensors |= {name: np.ascontiguousarray(values) for name, values in (more or {}).items()}
    metadata = {
        "format": FORMAT,
        "record": json.dumps(record or {}, sort_keys=True),
        "crc32": json.dumps(_checksums(tensors, every_patch=stack.every_patch), sort_keys=True),
    }
    try:
        # one entry: the library writes several in any order
        save_file(tensors, path, metadata={"e2evit": json.dumps(metadata, sort_keys=True)})
    except SafetensorError as error:
        number = str(error).rpartition("(os error ")[2].partition(")")[0]
        raise OSError(int(number) if number.isdigit() else 0, str(error)) from error


def _checksums(tensors: Mapping[str, NDArray[Any]], *, every_patch: bool) -> dict[str, int]:
    # all patches of a slide are gigabytes, and are read again at every step of a training
    named = [name for name in tensors if not (every_patch and name == "tokens")]
    return {name: zlib.crc32(tensors[name].reshape(-1).view(np.uint8).data) for name in named}


def read_tokens(path: Path) -> tuple[TokenStack, dict[str, Any], dict[str, NDArray[Any]]]:
    """Read a stack with its record and the other arrays; where every patch is kept, the tokens stay on disk until used.

    Raises
    ------
    CacheError
        When the file is damaged or of another version.
    FileNotFoundError, OSError
        When it cannot be opened.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = json.loads((file.metadata() or {})["e2evit"])
            if metadata["format"] != FORMAT:
                raise CacheError("What was kept of this slide was written by another version of the program.")
            every_patch = file.get_slice("tokens").get_shape()[2] > 1
            names = [name for name in file.keys() if not (every_patch and name == "tokens")]  # noqa: SIM118 - not a dict
            tensors = {name: file.get_tensor(name) for name in names}
        if every_patch:
            tensors["tokens"] = _mapped(path)
        if _checksums(tensors, every_patch=every_patch) != json.loads(metadata["crc32"]):
            raise _damaged()
        stack = TokenStack(**{name: tensors.pop(name) for name in _NAMES if name in tensors})
        tiles = {len(values) for values in (stack.tokens, stack.prefix, stack.readable)}
        if tiles != {len(stack)}:
            raise _damaged()
        return stack, json.loads(metadata["record"]), tensors
    except (SafetensorError, ValueError, KeyError, TypeError, IndexError) as error:
        if not path.exists():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT)) from error
        raise _damaged() from error


def _mapped(path: Path) -> NDArray[Any]:
    """Map the tokens of a file into memory: eight bytes of length, then JSON with the place of each tensor, then the tensors."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        said = json.loads(file.read(length))["tokens"]
    kind = {"F16": np.float16, "F32": np.float32}[said["dtype"]]
    offset = 8 + length + said["data_offsets"][0]
    return np.memmap(
        path, dtype=kind, mode="c", offset=offset, shape=tuple(said["shape"])
    )  # a copy where it is written


def _damaged() -> CacheError:
    return CacheError("What was kept of this slide is damaged.")
