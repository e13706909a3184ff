"""Which numbers to calculate with."""

import torch

from e2evit_model.errors import OptionError, did_you_mean

_CHOICES = ("auto", "fp32", "bf16")


def choose_precision(wanted: str, device: torch.device) -> torch.dtype:
    """Return the type to calculate with.

    Raises
    ------
    OptionError
        When the precision is unknown.
    """
    if wanted not in _CHOICES:
        raise OptionError(f'Precision cannot be "{wanted}".', hint=did_you_mean(wanted, _CHOICES))
    if wanted == "auto":
        return torch.bfloat16 if device.type == "cuda" else torch.float32
    return torch.bfloat16 if wanted == "bf16" else torch.float32
