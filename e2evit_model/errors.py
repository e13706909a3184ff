"""One tree of errors: a sentence for a pathologist, and a hint that says what to do about it."""

from collections.abc import Iterable
from difflib import get_close_matches


class E2EViTError(Exception):
    """Say what cannot be done, and what to do about it.

    Parameters
    ----------
    message
        One sentence in the user's words, ending with a full stop.
    hint
        What the user can do; may be empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way between two processes with message and hint."""
        return _rebuild, (type(self), self.message, self.hint)


def _rebuild(kind: type[E2EViTError], message: str, hint: str) -> E2EViTError:
    return kind(message, hint=hint)


class OptionError(E2EViTError):
    """A setting is outside its limits, or unknown."""


class SlideError(E2EViTError):
    """A slide cannot be opened or read."""


class ResolutionError(SlideError):
    """The size of a pixel is unknown, or absurd."""


class TissueError(E2EViTError):
    """No tissue was found, or a mask does not fit the slide."""


class TilingError(E2EViTError):
    """No tile can be laid on the slide."""


class AnnotationError(E2EViTError):
    """Regions cannot be read or kept."""


class CacheError(E2EViTError):
    """A cached file is damaged or of another version; it is made again."""


class BackboneError(E2EViTError):
    """A backbone is unknown, cannot be had or cannot be converted."""


class WeightsError(BackboneError):
    """A weight file is damaged, unsafe, or of another architecture."""


class LicenceError(BackboneError):
    """The licence of published weights has not been accepted."""


class ModelError(E2EViTError):
    """A risk model folder cannot be used."""


class CohortError(E2EViTError):
    """A clinical table or a set of folds cannot be used."""


class TrainingError(E2EViTError):
    """A model cannot be trained, or a training run cannot go on."""


class ProjectError(E2EViTError):
    """A project cannot be opened, changed or read."""


class OutputError(E2EViTError):
    """A result cannot be written."""


class DeviceError(E2EViTError):
    """The chosen device is not there, or has too little memory."""


class Cancelled(Exception):  # noqa: N818 - the user's wish is not an error
    """The user cancelled; raised by a progress callable and let through by everything."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Make the hint for a mistyped name.

    Returns
    -------
    str
        ``Did you mean "uni"?`` when one known name is close, else the list of all known names.
    """
    names = sorted(known)
    lowered = {n.lower(): n for n in names}
    close = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{lowered[close[0]]}"?'
    return f"Known are: {', '.join(names)}."
