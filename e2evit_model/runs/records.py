"""Frozen dataclasses as JSON records: written plainly, and read back with every field checked."""

import dataclasses
import json
import math
import types
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from e2evit_model.errors import E2EViTError
from e2evit_model.files import write_whole

T = TypeVar("T")

_NAMES = {int: "a whole number", float: "a number", str: "text", bool: "true or false"}


class RecordFault(Exception):  # noqa: N818 - caught where the file's name is known, and told as a sentence there
    """A record does not fit its class; ``str()`` completes the sentence "model.json ..."."""


def to_record(value: Any) -> Any:
    """Turn a dataclass, and what it holds, into plain JSON values."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: to_record(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_record(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_record(item) for item in value]
    return value.item() if isinstance(value, np.generic) else value


def from_record(kind: type[T], record: Any, *, where: str = "") -> T:
    """Build a dataclass from a record; every field must be there unless it has a default, and no other.

    Raises
    ------
    RecordFault
        When a field is missing, unknown or of another type; ``where`` leads to it.
    """
    if not isinstance(record, Mapping):
        raise RecordFault(f"holds no fields{_at(where)}")
    hints = typing.get_type_hints(kind)
    fields = {field.name: field for field in dataclasses.fields(typing.cast("Any", kind))}
    for name in record:
        if name not in fields:
            raise RecordFault(f'holds the unknown field "{where}{name}"')
    values = {}
    for name, field in fields.items():
        if name in record:
            values[name] = _typed(record[name], hints[name], f"{where}{name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise RecordFault(f'lacks the field "{where}{name}"')
    return kind(**values)


def _at(where: str) -> str:
    return f' at "{where.rstrip(".")}"' if where else ""


def _typed(value: Any, annotation: Any, where: str) -> Any:
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if annotation is Any:
        return value
    if origin in (types.UnionType, typing.Union):
        plain = [part for part in arguments if part is not type(None)]
        return None if value is None else _typed(value, plain[0], where)
    if origin is tuple:
        if not isinstance(value, list):
            raise RecordFault(f'holds no list at "{where}"')
        return tuple(_typed(item, arguments[0], f"{where}[{index}]") for index, item in enumerate(value))
    if origin in (dict, Mapping):
        if not isinstance(value, Mapping):
            raise RecordFault(f'holds no fields at "{where}"')
        return {str(key): _typed(item, arguments[1], f"{where}.{key}") for key, item in value.items()}
    if dataclasses.is_dataclass(annotation):
        return from_record(typing.cast("type", annotation), value, where=f"{where}.")
    return _plain(value, annotation, where)


def _plain(value: Any, kind: type, where: str) -> Any:
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise RecordFault(f'holds {value!r:.40} at "{where}", where {_NAMES.get(kind, kind.__name__)} is needed')
    if isinstance(value, float) and not math.isfinite(value):
        raise RecordFault(f'holds {value} at "{where}", where a finite number is needed')
    return value


def write_json(path: Path, record: Any) -> None:
    """Write a record as readable JSON, whole or not at all.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    text = json.dumps(to_record(record), indent=2, ensure_ascii=False, allow_nan=False)
    with write_whole(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def read_json(path: Path, error: type[E2EViTError], *, hint: str) -> dict[str, Any]:
    """Read a JSON file that holds fields.

    Raises
    ------
    E2EViTError
        Of the class ``error``: when the file is missing, cannot be read, or is no JSON.
    """
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as missing:
        raise error(f"{path.name} is missing.", hint=hint) from missing
    except OSError as unreadable:
        raise error(f"{path.name} cannot be read ({unreadable.strerror}).", hint=hint) from unreadable
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as damaged:
        raise error(f"{path.name} is damaged: it is not readable JSON.", hint=hint) from damaged
    if not isinstance(record, dict):
        raise error(f"{path.name} is damaged: it holds no fields.", hint=hint)
    return record


def refuse_newer(record: Mapping[str, Any], known: int, error: type[E2EViTError], *, made: str, hint: str) -> None:
    """Refuse a record whose ``schema_version`` is above the ``known`` one; ``made`` begins the sentence: "This project was made".

    Raises
    ------
    E2EViTError
        Of the class ``error``: when a newer version of the program wrote it.
    """
    version = record.get("schema_version")
    if isinstance(version, int) and version > known:
        raise error(
            f"{made} by a newer version of this program (schema {version}; this version reads {known}).", hint=hint
        )
