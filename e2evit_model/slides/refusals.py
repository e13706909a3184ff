"""The sentences for files that cannot be opened as slides."""

import errno
from pathlib import Path

from e2evit_model.errors import SlideError
from e2evit_model.slides.file_kind import DICOM, HTML, UNKNOWN, FileKind, dicom_storage

COPY_AGAIN = "Copy the file again from the scanner or the archive."
KNOWN_FORMATS = (
    "Slides are SVS, NDPI, MRXS, SCN, BIF, CZI, DICOM or tiled TIFF files; flat pictures are PNG, JPEG or TIFF."
)


def name_of(path: Path) -> str:
    """Return the name of a file or folder, without the folders above it."""
    return path.name or path.resolve().name or "The path"


def missing(path: Path) -> SlideError:
    """Make the error for a file that is not there."""
    name = name_of(path).replace("\0", "")
    return SlideError(f"{name} was not found.", hint="Check the name, and that the drive with the slide is connected.")


def folder(path: Path) -> SlideError:
    """Make the error for a folder."""
    return SlideError(
        f"{name_of(path)} is a folder, not a slide.",
        hint="Choose a slide file; of a DICOM series any one of its .dcm files, of a MIRAX slide the .mrxs file beside the folder.",
    )


def not_a_file(path: Path) -> SlideError:
    """Make the error for a device, a pipe or a socket."""
    return SlideError(f"{name_of(path)} is not a file.", hint="Choose a slide file.")


def empty(path: Path) -> SlideError:
    """Make the error for a file of no bytes."""
    return SlideError(f"{name_of(path)} is empty (0 bytes).", hint=COPY_AGAIN)


def cut_short(path: Path) -> SlideError:
    """Make the error for a file whose end is missing."""
    return SlideError(
        f"{name_of(path)} is cut short: the end of its data is missing.",
        hint="Copy the file again; copying or downloading was probably interrupted.",
    )


def no_pixels(name: str) -> SlideError:
    """Make the error for a file that opens, but gives no pixels."""
    return SlideError(f"{name} opens, but its pixels cannot be read: the file is damaged.", hint=COPY_AGAIN)


def unreadable(path: Path, error: OSError) -> SlideError:
    """Turn the system's reason why a file cannot be read into a sentence with a hint."""
    name = name_of(path)
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return missing(path)
        case errno.EACCES | errno.EPERM:
            return SlideError(
                f"{name} cannot be opened: you are not allowed to read it.",
                hint="Ask whoever manages the folder for permission to read, or copy the file to a folder of your own.",
            )
        case _:
            return SlideError(
                f"{name} could not be read ({error.strerror or type(error).__name__}).",
                hint="Check that the drive with the slide is connected.",
            )


def not_opened(path: Path, kind: FileKind) -> SlideError:
    """Make the error for a file that looks like a slide, but that its library refuses."""
    name = name_of(path)
    storage = dicom_storage(path) if kind is DICOM else None
    if storage is not None:
        return SlideError(
            f"{name} is a DICOM file whose pixels are stored as {storage}, which cannot be read here.",
            hint="Export it with JPEG or JPEG 2000 compression, or without compression.",
        )
    if kind is DICOM:
        return SlideError(
            f"{name} is a DICOM file, but not a whole slide image that can be read.",
            hint="Choose a file of a slide microscopy series, with all files of the series in its folder.",
        )
    if path.suffix.lower() == ".mrxs":
        return _mirax_alone(name)
    return SlideError(f"{name} looks like a slide, but is damaged or incomplete.", hint=COPY_AGAIN)


def not_a_slide(path: Path, kind: FileKind) -> SlideError:
    """Make the error for a file that is something else than its name says, or no picture at all."""
    name = name_of(path)
    if path.suffix.lower() == ".mrxs":
        return _mirax_alone(name)
    if kind is DICOM:
        return not_opened(path, kind)
    if kind.is_picture:
        return SlideError(
            f"{name} is {kind.name}, not what its name says.",
            hint=f"Rename it to end in {kind.endings[0]} to open it as a flat picture.",
        )
    if kind is HTML:
        return SlideError(
            f"{name} is a web page, not a slide.",
            hint="The download gave a page instead of the file; sign in there and download it again.",
        )
    if kind is UNKNOWN:
        return SlideError(
            f"{name} is not a slide in any format that is known here, or is badly damaged.", hint=KNOWN_FORMATS
        )
    return SlideError(f"{name} is {kind.name}, not a slide.", hint=KNOWN_FORMATS)


def _mirax_alone(name: str) -> SlideError:
    return SlideError(
        f"{name} is the index of a MIRAX slide, whose folder of the same name is missing or incomplete.",
        hint="Keep the .mrxs file and its folder side by side.",
    )
