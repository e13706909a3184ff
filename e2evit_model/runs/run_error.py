"""What goes wrong with the folder of a run."""

from e2evit_model.errors import E2EViTError


class RunError(E2EViTError):
    """A run folder cannot be used, or is in use."""
