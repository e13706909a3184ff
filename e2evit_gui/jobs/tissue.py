"""Find tissue for the window: networks run in a process of their own, all other ways in the thread that asks. No Qt here."""

from pathlib import Path

from e2evit_gui.jobs.apart import call_apart
from e2evit_model.progress import Progress
from e2evit_model.slides.protocol import Slide
from e2evit_model.tissue.mask import TissueMask
from e2evit_model.tissue.methods import GRANDQC_METHODS


def find_tissue(slide: Slide, path: Path, *, method: str, progress: Progress) -> TissueMask:
    """Find the tissue of an open slide, whose file is needed where another process opens it again.

    Raises
    ------
    E2EViTError
        As :func:`e2evit_model.grandqc.finding.find_tissue`.
    Cancelled
        By ``progress``.
    """
    if method in GRANDQC_METHODS:
        found = call_apart(f"{__name__}:find_by_networks", path, slide.info.mpp, method, progress=progress)
        if not isinstance(found, TissueMask):
            raise TypeError("A tissue mask was expected.")
        return found
    from e2evit_model.tissue.finding import find_tissue as find

    return find(slide, method=method, progress=progress)


def find_by_networks(path: Path, mpp: float | None, method: str, *, progress: Progress) -> TissueMask:
    """Open a slide and find its tissue by GrandQC: called in a process of its own.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`find_tissue`.
    """
    from e2evit_model.grandqc.finding import find_tissue as find
    from e2evit_model.slides.opening import open_slide

    with open_slide(path, mpp=mpp) as slide:
        return find(slide, method=method, progress=progress)
