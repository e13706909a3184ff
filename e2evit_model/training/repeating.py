"""Progress inside a slide: a long one must not keep the user from cancelling, nor the heart from beating."""

from e2evit_model.progress import Progress


class Repeating:
    """A progress that can say again what it said last, at every block of the transformer."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last: tuple[str, int, int] | None = None

    def __call__(self, step: str, done: int, total: int) -> None:
        """Pass progress on, and remember it."""
        self._last = (step, done, total)
        self._progress(step, done, total)

    def again(self, done: int, total: int) -> None:  # noqa: ARG002 - blocks are counted, but slides are told
        """Say again what was said last; may raise ``Cancelled``."""
        if self._last is not None:
            self._progress(*self._last)
