"""Keep token stacks on disk beside the patch stacks: the same folder, the same limit, whole or not at all.

A file's name is made from what decides the tokens: the slide's content, its reader, the grid, and a key that says which weights
looked at the tiles, how deep, and how patches were merged.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

from e2evit_model.errors import CacheError, OutputError
from e2evit_model.files import write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.protocol import Slide
from e2evit_model.strip.cache import TOKENS, alone, remove_kept, stacks_folder, trim_cache, why_not_kept
from e2evit_model.strip.token_file import read_tokens, write_tokens
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.tiling.grid import TileGrid

log = logging.getLogger(__name__)


def load_or_encode(
    slide: Slide,
    grid: TileGrid,
    key: str,
    encode: Callable[[], TokenStack],
    *,
    use_cache: bool = True,
    progress: Progress = silent,
) -> tuple[TokenStack, tuple[str, ...]]:
    """Return the tokens of a grid's tiles from the cache, or make them and keep them.

    When another process makes the same, waits for it. A cache that cannot be used is no reason to stop; a notice says so.

    Parameters
    ----------
    key
        What decides the tokens besides slide and grid, as :func:`~e2evit_model.convert.token_stream.tokens_key` gives it.
    encode
        Makes them.

    Returns
    -------
    TokenStack, tuple of str
        The stack, and notices for the user.
    """
    if not use_cache:
        return encode(), ()
    path = kept_tokens_path(slide, grid, key)
    notices: list[str] = []
    stack = _find(path, grid, notices)
    if stack is not None:
        return stack, tuple(notices)
    with alone(path.with_suffix(".lock"), progress):
        stack = _find(path, grid, notices)  # another process may have made it meanwhile
        if stack is None:
            stack = encode()
            try:
                with write_whole(path) as temporary:
                    write_tokens(temporary, stack)
            except OutputError as error:
                notices.append(
                    f"What the model saw of the tiles could not be kept for the next time: {why_not_kept(error.__cause__)}."
                )
            trim_cache(keep=path)
    return stack, tuple(notices)


def kept_tokens_path(slide: Slide, grid: TileGrid, key: str) -> Path:
    """Return where the tokens of a grid are kept, or would be."""
    said = (slide.info.fingerprint, slide.info.reader, grid.fingerprint(), key)
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
    return stacks_folder() / f"{digest}-{TOKENS}.safetensors"


def _find(path: Path, grid: TileGrid, notices: list[str]) -> TokenStack | None:
    try:
        stack, _, _ = read_tokens(path)
        os.utime(path)
    except CacheError as error:
        notices.append(f"{error.message} The slide is read again.")
        remove_kept(path)
        return None
    except OSError as error:
        log.debug("no kept tokens: %s", error.strerror)
        return None
    log.info("the tokens of %d tiles from the cache", len(stack))
    return stack if len(stack) == len(grid) else None
