"""Mean and standard deviation of the pictures that a model was trained on: known, or said by the user, never guessed."""

import math
from collections.abc import Sequence

from e2evit_model.convert.backbones import Rgb
from e2evit_model.errors import OptionError

WELL_KNOWN: dict[str, tuple[Rgb, Rgb]] = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "half": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)),
    "clip": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
}
"""Normalizations with a name: of ImageNet, 0.5 throughout (augreg ViTs), of OpenAI's CLIP."""

_IN_ITS_CARD = "The model's card on its page says it; most pathology models use that of ImageNet."


def parse_rgb(text: str, what: str) -> Rgb:
    """Read three numbers, for red, green and blue, with commas or spaces between them.

    Raises
    ------
    OptionError
        When these are not three numbers.
    """
    try:
        values = [float(part) for part in text.replace(",", " ").split()]
    except ValueError:
        values = []
    if len(values) != 3:
        raise OptionError(f'{what} "{text}" is not three numbers.', hint="Give red, green and blue: 0.485,0.456,0.406")
    return values[0], values[1], values[2]


def check_normalization(mean: Sequence[float], std: Sequence[float]) -> tuple[Rgb, Rgb]:
    """Check that mean and std are of RGB in 0..1.

    Raises
    ------
    OptionError
        When they cannot be.
    """
    if not all(math.isfinite(value) for value in (*mean, *std)):
        raise OptionError("Mean or std is not a number.", hint=_IN_ITS_CARD)
    if max(*mean, *std) > 1:
        raise OptionError(
            "Mean and std are of colors from 0 to 1, but one of them is above 1.",
            hint="Values for colors from 0 to 255 are to be divided by 255.",
        )
    if min(mean) < 0 or min(std) <= 0:
        raise OptionError("A mean cannot be below 0, and a std must be above 0.", hint=_IN_ITS_CARD)
    return (mean[0], mean[1], mean[2]), (std[0], std[1], std[2])


def chosen_normalization(name: str | None, mean: str | None, std: str | None) -> tuple[Rgb, Rgb] | None:
    """Return what the user said, by name or by numbers; ``None`` when nothing was said.

    Raises
    ------
    OptionError
        When only one of mean and std was given, or they are not three numbers each.
    """
    if name is not None and (mean or std):
        raise OptionError("The normalization is given twice, by name and by numbers.", hint="Give one of the two.")
    if name is not None:
        return WELL_KNOWN[name]
    if not mean and not std:
        return None
    if not mean or not std:
        raise OptionError("Mean and std belong together, but only one was given.", hint=_IN_ITS_CARD)
    return check_normalization(parse_rgb(mean, "The mean"), parse_rgb(std, "The std"))
