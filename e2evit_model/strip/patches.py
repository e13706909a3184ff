"""Which patch sizes and parts fit a tile."""

from collections.abc import Iterable

from e2evit_model.errors import OptionError

SPLITS = (1, 2, 4)
"""Parts of a tile: the whole; upper and lower half; quadrants, row by row."""


def parts_of_tile(splits: int) -> tuple[int, int]:
    """Return how many parts lie below, and how many beside each other in a tile."""
    return (1 if splits == 1 else 2, 2 if splits == 4 else 1)


def check_patches(tile_px: int, patch_sizes: Iterable[int], splits: int) -> tuple[int, ...]:
    """Return the patch sizes in rising order, when a tile and each of its parts can be cut into whole patches.

    Raises
    ------
    OptionError
        When they cannot, when there is no patch size, or for another number of parts than 1, 2 or 4.
    """
    if splits not in SPLITS:
        raise OptionError(
            f"A tile cannot be cut into {splits} parts.", hint="Choose 1 (the whole tile), 2 (halves) or 4 (quadrants)."
        )
    sizes = tuple(sorted(set(patch_sizes)))
    if not sizes:
        raise OptionError("No patch size was given.", hint="Give the patch size of the model, such as 14 or 16 px.")
    for patch_px in sizes:
        if patch_px < 1 or tile_px % patch_px:
            raise OptionError(
                f"A tile of {tile_px} px cannot be cut into patches of {patch_px} px.",
                hint=f"Choose a tile size that is a multiple of {max(patch_px, 1)} px.",
            )
        if splits > 1 and (tile_px // patch_px) % 2:
            raise OptionError(
                f"A tile of {tile_px} px has {tile_px // patch_px} patches of {patch_px} px in a row, "
                f"which cannot be halved for {splits} parts.",
                hint=f"Choose a tile size that is a multiple of {2 * patch_px} px, or one token a tile.",
            )
    return sizes
