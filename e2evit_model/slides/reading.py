"""What a library has to offer so that an open slide can be built on it, and the error for damaged data."""

from typing import Protocol

from e2evit_model.errors import SlideError
from e2evit_model.slides.protocol import Pixels


class DamagedPixelsError(SlideError):
    """The data of some pixels cannot be decoded; the rest of the slide may be fine."""


class LevelReader(Protocol):
    """Read pixels of a level by one library. Every method may be called from several threads."""

    def read_inside(self, level: int, left: int, top: int, width: int, height: int) -> Pixels:
        """Read a region that lies wholly inside ``level``; all numbers in pixels of that level.

        Raises
        ------
        DamagedPixelsError
            When the data cannot be decoded.
        SlideError
            When the slide was closed, or the file is out of reach.
        """
        ...

    def block_size(self, level: int) -> tuple[int, int]:
        """Return (width, height) of the pieces that are cheap to read, in pixels of the level; multiples of 8."""
        ...

    def icc_profile(self) -> bytes | None:
        """Return the color profile of the file."""
        ...

    def close(self) -> None:
        """Let go of the file; reads that are under way end as if it was open."""
        ...


def closed_error() -> SlideError:
    """Make the error for a read after closing."""
    return SlideError("The slide has been closed.", hint="Open it again.")


def damaged_error(name: str) -> DamagedPixelsError:
    """Make the error for data that cannot be decoded; ``name`` is the file's name."""
    return DamagedPixelsError(
        f"A part of {name} is damaged and cannot be read.", hint="Copy the file again from the scanner or the archive."
    )


def out_of_reach_error(name: str, error: OSError) -> SlideError:
    """Make the error for a file that could be opened, but not read any more."""
    return SlideError(
        f"{name} could not be read ({error.strerror or type(error).__name__}).",
        hint="Check that the drive with the slide is still connected.",
    )


def is_rgb_profile(profile: bytes | None) -> bool:
    """Say whether an ICC profile is for RGB pixels (its header names the color space at byte 16)."""
    return profile is not None and len(profile) > 128 and profile[16:20] == b"RGB "
