"""What goes wrong while training, as sentences."""

from e2evit_model.errors import TrainingError


def not_a_number(slide: str, what: str = "loss") -> TrainingError:
    """Return the error for a loss, risk or gradient that is no number, with the name of the slide."""
    return TrainingError(
        f'Training stopped at the slide "{slide}": the {what} is no longer a number.',
        hint="Look at this slide; try a smaller learning rate, or fp32 precision. The last good epoch is kept.",
    )
