"""What goes wrong while training, as sentences."""

from e2evit_model.errors import DeviceError, TrainingError


def not_a_number(slide: str, what: str = "loss") -> TrainingError:
    """Return the error for a loss, risk or gradient that is no number, with the name of the slide."""
    return TrainingError(
        f'Training stopped at the slide "{slide}": the {what} is no longer a number.',
        hint="Look at this slide; try a smaller learning rate, or fp32 precision. The last good epoch is kept.",
    )


def out_of_memory(slide: str) -> DeviceError:
    """Return the error for a device whose memory does not suffice, with the name of the slide."""
    return DeviceError(
        f'The memory of the GPU does not suffice for the slide "{slide}".',
        hint="Save memory (--checkpointing), use bf16 (--precision bf16), leave out tiles (--drop-tiles), or train on the CPU.",
    )
