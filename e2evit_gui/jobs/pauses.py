"""Keep the pauses of Python's garbage collector short: what modules made is looked through once, not at every round."""

import gc
import sys

MANY_MODULES = 100
"""So many new modules are worth it: what else is there at that moment is not looked through again either."""

_seen = 0


def set_modules_aside() -> None:
    """Take what is there out of the collector's rounds when many modules came in since the last time.

    A full round stops every thread: 76 ms with the libraries for figures and survival, which never become garbage. One such
    round comes first, or garbage would stay, too: 22 MB on a working day. What has been set aside is still freed with its last
    reference; only a circle among it stays.
    """
    global _seen  # noqa: PLW0603 - the collector, too, is one for the process
    if len(sys.modules) - _seen < MANY_MODULES:
        return
    _seen = len(sys.modules)
    gc.collect()
    gc.freeze()
