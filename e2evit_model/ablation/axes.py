"""Options to vary: "merger=mean,max", and the configurations that all their combinations make."""

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.errors import E2EViTError, OptionError, did_you_mean
from e2evit_model.options import OptionInfo, Options, describe
from e2evit_model.runs.ablation_folder import label_of
from e2evit_model.training.config import Augmentation, TileSettings, TrainingConfig

_GROUPS: dict[str, type[Options]] = {
    "": TrainingConfig,
    "conversion": ConversionSettings,
    "tiles": TileSettings,
    "augmentation": Augmentation,
}
_SHORT = {"ratio": "tokens_per_tile", "backbone": "model"}
"""Words of the paper for options that are called otherwise; a varied backbone is a model's id or a weight file."""
_NEVER = ("seed", "threads", "device", "folds_in_parallel")
"""Options that do not belong to a comparison: another seed is another question, the rest changes no result."""
MOST_RUNS = 200


@dataclass(frozen=True)
class Axis:
    """An option and the values that it takes; ``group`` is the part of the configuration that it belongs to."""

    name: str
    group: str
    info: OptionInfo
    values: tuple[Any, ...]


@dataclass(frozen=True)
class Variant:
    """One combination: its values by option, and its configuration or the reason why there is none."""

    values: tuple[tuple[str, str], ...]
    config: TrainingConfig | None
    reason: str = ""

    @property
    def label(self) -> str:
        """Its values in words."""
        return label_of(dict(self.values))

    @property
    def folder(self) -> str:
        """A name for its folder."""
        plain = "_".join(f"{name}-{value}" for name, value in self.values) or "as-configured"
        return "".join(c if c.isalnum() or c in "-_." else "-" for c in plain)


def options_to_vary() -> dict[str, tuple[str, OptionInfo]]:
    """Return every option that can be varied, with the part of the configuration that it belongs to; the paper's names, too."""
    known = {info.name: (group, info) for group, kind in _GROUPS.items() for info in describe(kind)}
    known = {name: found for name, found in known.items() if name not in _NEVER}
    return known | {short: known[name] for short, name in _SHORT.items()}


def parse_axis(text: str) -> Axis:
    """Read "option=value,value,...".

    Raises
    ------
    OptionError
        When there is no such option, it cannot be varied, or a value is none of its.
    """
    name, separator, listed = text.partition("=")
    name = name.strip().replace("-", "_")
    values = [value.strip() for value in listed.split(",") if value.strip()]
    if not separator or not values:
        raise OptionError(
            f'"{text}" does not say what to vary.', hint='Write an option and its values, like "merger=mean,max".'
        )
    known = options_to_vary()
    if name not in known:
        raise OptionError(f'There is no option "{name}" to vary.', hint=did_you_mean(name, list(known)))
    group, info = known[name]
    made = tuple(_value(info, value) for value in values)
    if len(set(made)) < len(made):
        raise OptionError(f'"{text}" names a value twice.', hint="Each value is one run: name it once.")
    return Axis(name, group, info, made)


def _value(info: OptionInfo, text: str) -> Any:
    if info.choices:
        spelled = next((c for c in info.choices if c.replace("_", "-") == text.lower().replace("_", "-")), None)
        if spelled is None:
            raise OptionError(f'{info.label} cannot be "{text}".', hint=did_you_mean(text, info.choices))
        return spelled
    if info.optional and text.lower() == "none":
        return None
    if info.kind is bool:
        answers = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}
        if text.lower() in answers:
            return answers[text.lower()]
    elif info.kind is str:
        return text
    else:
        try:
            return info.kind(text)
        except ValueError:
            pass
    raise OptionError(f'{info.label} cannot be "{text}".', hint=info.help)


def combine(base: TrainingConfig, axes: Sequence[Axis], *, one_at_a_time: bool = False) -> list[Variant]:
    """Return a variant for every combination of the axes' values, the last axis changing fastest.

    Parameters
    ----------
    one_at_a_time
        Only combinations that differ in at most one option from the first value of each axis.

    Raises
    ------
    OptionError
        When an option is varied twice, or there are more than 200 combinations.
    """
    names = [axis.info.name for axis in axes]
    if len(set(names)) < len(names):
        raise OptionError("An option is varied twice.", hint="Put all its values into one list.")
    chosen = [
        values
        for values in itertools.product(*(axis.values for axis in axes))
        if not one_at_a_time or sum(value != axis.values[0] for axis, value in zip(axes, values, strict=True)) <= 1
    ]
    if len(chosen) > MOST_RUNS:
        raise OptionError(
            f"These are {len(chosen)} runs.", hint="Vary fewer options at once, or one at a time (--one-at-a-time)."
        )
    return [_variant(base, axes, values) for values in chosen]


def _variant(base: TrainingConfig, axes: Sequence[Axis], values: Sequence[Any]) -> Variant:
    written = tuple((axis.name, _written(value)) for axis, value in zip(axes, values, strict=True))
    changes: dict[str, dict[str, Any]] = {group: {} for group in _GROUPS}
    for axis, value in zip(axes, values, strict=True):
        changes[axis.group][axis.info.name] = value
        if axis.info.name == "model":  # the architecture that was said belongs to the configured weights
            changes[""].setdefault("backbone", base.backbone if value == base.model else None)
    if "merge_after" in changes["conversion"] and base.freeze_blocks == base.conversion.merge_after:
        changes[""].setdefault("freeze_blocks", 0)  # they were frozen only because tiles were merged after them
    try:
        nested = {
            group: dataclasses.replace(getattr(base, group), **changed)
            for group, changed in changes.items()
            if group and changed
        }
        return Variant(written, dataclasses.replace(base, **changes[""], **nested))
    except E2EViTError as error:
        return Variant(written, None, reason=error.message)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    # a weight file is named, not where it lies
    return "none" if value is None else str(value).replace("\\", "/").rsplit("/", 1)[-1]
