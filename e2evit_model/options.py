"""Settings as frozen dataclasses whose fields say label, unit, limits and help once.

Command-line flags, forms and the record of a run are all made from :func:`describe`.
"""

import dataclasses
import enum
import math
import types
import typing
from collections.abc import Callable
from typing import Any, Self

from e2evit_model.errors import OptionError, did_you_mean

_METADATA = "e2evit.option"


@dataclasses.dataclass(frozen=True, kw_only=True)
class OptionInfo:
    """What a field of a settings class says about itself.

    ``kind`` is the plain type (``int``, ``float``, ``bool``, ``str`` or an enum of strings); ``optional`` says that ``None`` is
    allowed and means "automatic".
    """

    name: str
    label: str
    help: str
    kind: type
    default: Any
    optional: bool = False
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> str:
        """The long flag of the command line."""
        return "--" + self.name.replace("_", "-")


def option(
    default: Any,
    *,
    label: str,
    help: str,  # noqa: A002 - the word every reader looks for
    unit: str = "",
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
) -> Any:
    """Declare a field of an :class:`Options` class."""
    said = {"label": label, "help": help, "unit": unit, "minimum": minimum, "maximum": maximum, "choices": choices}
    return dataclasses.field(default=default, metadata={_METADATA: said})


def _plain_type(annotation: Any) -> tuple[type, bool]:
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        parts = [p for p in typing.get_args(annotation) if p is not type(None)]
        return _plain_type(parts[0])[0], True
    if isinstance(annotation, typing.NewType):
        return _plain_type(annotation.__supertype__)
    return typing.cast("type", annotation), False


def describe(settings: type) -> tuple[OptionInfo, ...]:
    """Return what every option field of a settings class says, in order of declaration."""
    hints = typing.get_type_hints(settings)
    found = []
    for field in dataclasses.fields(settings):
        said = field.metadata.get(_METADATA)
        if said is None:
            continue
        kind, optional = _plain_type(hints[field.name])
        choices = said["choices"]
        if isinstance(kind, type) and issubclass(kind, enum.StrEnum):
            choices = tuple(member.value for member in kind)
        found.append(
            OptionInfo(
                name=field.name, kind=kind, optional=optional, default=field.default, **{**said, "choices": choices}
            )
        )
    return tuple(found)


def _check_number(info: OptionInfo, value: float) -> None:
    unit = f" {info.unit}" if info.unit else ""
    low, high = info.minimum, info.maximum
    if isinstance(value, float) and math.isnan(value):
        raise OptionError(f"{info.label} is not a number.", hint=info.help)
    if (low is not None and value < low) or (high is not None and value > high):
        if high is None:
            limits = f"at least {low:g}{unit}"
        elif low is None:
            limits = f"at most {high:g}{unit}"
        else:
            limits = f"between {low:g} and {high:g}{unit}"
        raise OptionError(f"{info.label} is {value:g}{unit}, but must be {limits}.", hint=info.help)


def _check(info: OptionInfo, value: Any) -> Any:
    if value is None:
        if info.optional:
            return None
        raise OptionError(f"{info.label} is missing.", hint=info.help)
    if info.choices:
        if str(value) not in info.choices:
            raise OptionError(f'{info.label} cannot be "{value}".', hint=did_you_mean(str(value), info.choices))
        return info.kind(value)
    if info.kind is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, info.kind) or (isinstance(value, bool) and info.kind is not bool):
        raise OptionError(f"{info.label} cannot be {value!r}.", hint=info.help)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        _check_number(info, value)
    return value


@dataclasses.dataclass(frozen=True, kw_only=True)
class Options:
    """Base of all settings: checks limits on construction, turns into a record and back.

    Raises
    ------
    OptionError
        On construction, when a value is outside its limits or of another type.
    """

    def __post_init__(self) -> None:
        for info in describe(type(self)):
            # a frozen dataclass is normalised once, here (an int for a float, a name for an enum member)
            object.__setattr__(self, info.name, _check(info, getattr(self, info.name)))

    def to_record(self) -> dict[str, Any]:
        """Return plain JSON values, by field name."""
        record: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            plain = getattr(value, "to_record", None)
            record[field.name] = plain() if plain is not None else value
        return record

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """Build from :meth:`to_record`; fields that are missing take their defaults.

        Raises
        ------
        OptionError
            When the record names an option that this version does not know.
        """
        hints = typing.get_type_hints(cls)
        fields = {field.name for field in dataclasses.fields(cls)}
        values: dict[str, Any] = {}
        for name, value in record.items():
            if name not in fields:
                raise OptionError(f'The option "{name}" is not known.', hint=did_you_mean(name, fields))
            kind = hints[name]
            nested: Callable[[dict[str, Any]], Any] | None = getattr(kind, "from_record", None)
            values[name] = nested(value) if nested and isinstance(value, dict) else value
        return cls(**values)
