"""Flags of the command line, made from settings classes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from e2evit_model.options import OptionInfo, Options, describe

Function = TypeVar("Function", bound=Callable[..., Any])

SLIDE = click.Path(path_type=Path)
"""A slide's path; not checked by click, since our own sentences say more."""

regions_flag = click.option(
    "--regions",
    type=click.Path(path_type=Path),
    help='GeoJSON with regions: tiles in those of the class "Exclude" or "Ignore*" are left out.',
)

json_flag = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON, for programs.")


def _parameter_type(info: OptionInfo) -> click.ParamType[Any] | type:
    if info.choices:
        return click.Choice(list(info.choices), case_sensitive=False)
    return info.kind if info.kind in (int, float, bool) else str


def _flag(info: OptionInfo) -> Callable[[Function], Function]:
    unit = f" [{info.unit}]" if info.unit else ""
    if info.kind is bool:
        return click.option(
            f"{info.flag}/--no-{info.flag[2:]}", info.name, default=info.default, help=info.help, show_default=True
        )
    return click.option(
        info.flag,
        info.name,
        type=_parameter_type(info),
        # click knows a member of an enum by its name (FINE_TUNE), our flags by its value (fine-tune)
        default=str(info.default) if info.choices and info.default is not None else info.default,
        help=info.help + unit,
        show_default=info.default is not None,
    )


def flags_of(settings: type[Options], *, only: tuple[str, ...] = ()) -> Callable[[Function], Function]:
    """Add one flag for every option of a settings class (or for those named in ``only``)."""

    def decorate(function: Function) -> Function:
        for info in reversed(describe(settings)):
            if not only or info.name in only:
                function = _flag(info)(function)
        return function

    return decorate
