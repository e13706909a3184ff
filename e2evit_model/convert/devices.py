"""Where a model runs."""

import torch

from e2evit_model.convert.settings import Device
from e2evit_model.errors import DeviceError


def choose_device(wanted: Device) -> torch.device:
    """Return the device to run on: the GPU when there is one and the CPU is not asked for.

    Raises
    ------
    DeviceError
        When CUDA is asked for where there is none.
    """
    if wanted is Device.CPU:
        return torch.device("cpu")
    if torch.cuda.is_available():
        return torch.device("cuda")
    if wanted is Device.CUDA:
        raise DeviceError(
            "A CUDA GPU was asked for, but none was found.",
            hint='Choose the CPU (--device cpu), or run "e2evit doctor" to see why.',
        )
    return torch.device("cpu")
