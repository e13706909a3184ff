"""Progress and cancelling are one callable."""

from typing import Protocol

from e2evit_model.errors import Cancelled

__all__ = ["Cancelled", "Progress", "silent"]


class Progress(Protocol):
    """Hear of progress; may raise ``Cancelled``, which everything lets through.

    Called from the thread that works, at least every second or two and at most some hundred times a step.
    ``step`` is a short name in the user's words ("Reading tiles"); ``total`` is 0 while unknown.
    """

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note that ``done`` of ``total`` parts of ``step`` are done."""
        ...


def silent(step: str, done: int, total: int) -> None:
    """Ignore progress: the default everywhere."""
