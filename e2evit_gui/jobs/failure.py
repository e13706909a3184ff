"""What went wrong, in a form that crosses threads and processes; does not import Qt."""

import logging
import traceback
from dataclasses import dataclass

from e2evit_model.errors import E2EViTError

_log = logging.getLogger(__name__)

UNEXPECTED = "Something went wrong that should not: {kind}."
UNEXPECTED_HINT = "The slide and earlier results are untouched. The details help us to mend it."


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A sentence, a hint, and what stands under "Details" (empty for what the user can mend)."""

    message: str
    hint: str = ""
    details: str = ""

    @property
    def expected(self) -> bool:
        """Whether it is the input that cannot be used, and not a fault of the program."""
        return not self.details


def explain(error: BaseException) -> Failure:
    """Turn any error into a sentence; one that was not foreseen is logged with its traceback."""
    if isinstance(error, E2EViTError):
        # the message names the file, which may be named after a patient
        _log.info("Stopped: %s", type(error).__name__)
        _log.debug("%s %s", error.message, error.hint)
        return Failure(message=error.message, hint=error.hint)
    if isinstance(error, MemoryError):
        return Failure(
            message="There is not enough memory for this.",
            hint="Close other programs, or choose a coarser resolution of the tiles.",
        )
    _log.error("Unexpected error", exc_info=error)
    return Failure(
        message=UNEXPECTED.format(kind=type(error).__name__),
        hint=UNEXPECTED_HINT,
        details="".join(traceback.format_exception(error)),
    )
