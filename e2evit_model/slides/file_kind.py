"""What a file really is, told by its first bytes rather than by its name."""

from dataclasses import dataclass
from pathlib import Path

HEAD_BYTES = 4096
DICOM_MAGIC_AT = 128

DICOM_SYNTAXES = {
    b"1.2.840.10008.1.2.4.57": "JPEG lossless",
    b"1.2.840.10008.1.2.4.70": "JPEG lossless",
    b"1.2.840.10008.1.2.4.80": "JPEG-LS",
    b"1.2.840.10008.1.2.4.81": "JPEG-LS",
    b"1.2.840.10008.1.2.4.100": "MPEG video",
    b"1.2.840.10008.1.2.4.110": "JPEG XL",
    b"1.2.840.10008.1.2.4.111": "JPEG XL",
    b"1.2.840.10008.1.2.4.112": "JPEG XL",
    b"1.2.840.10008.1.2.4.201": "HTJ2K",
    b"1.2.840.10008.1.2.4.202": "HTJ2K",
    b"1.2.840.10008.1.2.4.203": "HTJ2K",
    b"1.2.840.10008.1.2.5": "run lengths (RLE)",
}
"""Ways of storing DICOM pixels that OpenSlide does not read, by transfer syntax (DICOM PS3.6, table A-1)."""

TRANSFER_SYNTAX = b"\x02\x00\x10\x00UI"  # (0002,0010)


@dataclass(frozen=True, kw_only=True)
class FileKind:
    """A kind of file: ``name`` with its article, as in "is a JPEG picture", and the endings that its files have."""

    key: str
    name: str
    endings: tuple[str, ...] = ()

    @property
    def is_picture(self) -> bool:
        """Whether it is a flat picture that is opened as one."""
        return self.key in ("jpeg", "png", "bmp", "webp")

    @property
    def is_tiff(self) -> bool:
        """Whether it is built as a TIFF, as most slides are."""
        return self.key == "tiff"


JPEG = FileKind(key="jpeg", name="a JPEG picture", endings=(".jpg", ".jpeg", ".jpe", ".jfif"))
PNG = FileKind(key="png", name="a PNG picture", endings=(".png",))
BMP = FileKind(key="bmp", name="a BMP picture", endings=(".bmp",))
WEBP = FileKind(key="webp", name="a WebP picture", endings=(".webp",))
GIF = FileKind(key="gif", name="a GIF picture", endings=(".gif",))
TIFF = FileKind(key="tiff", name="a TIFF file", endings=(".tif", ".tiff", ".svs", ".ndpi", ".scn", ".bif"))
DICOM = FileKind(key="dicom", name="a DICOM file", endings=(".dcm",))
JPEG2000 = FileKind(key="jp2", name="a JPEG 2000 picture", endings=(".jp2",))
PDF = FileKind(key="pdf", name="a PDF document", endings=(".pdf",))
ZIP = FileKind(key="zip", name="a ZIP archive", endings=(".zip",))
GZIP = FileKind(key="gzip", name="a compressed (gzip) file", endings=(".gz",))
SQLITE = FileKind(key="sqlite", name="a database file", endings=(".db",))
HTML = FileKind(key="html", name="a web page", endings=(".html", ".htm"))
TEXT = FileKind(key="text", name="a text file", endings=(".txt", ".csv", ".tsv", ".json", ".xml"))
UNKNOWN = FileKind(key="unknown", name="of a kind that is not known")

MAGIC = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"BM", BMP),
    (b"GIF8", GIF),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"\0\0\0\x0cjP  ", JPEG2000),
    (b"%PDF", PDF),
    (b"PK\x03\x04", ZIP),
    (b"\x1f\x8b", GZIP),
    (b"SQLite format 3", SQLITE),
)


def kind_of(path: Path) -> FileKind:
    """Say what a file is.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    with path.open("rb") as file:
        return kind_of_head(file.read(HEAD_BYTES))


def kind_of_head(head: bytes) -> FileKind:
    """Say what a file is by its first bytes."""
    if head[DICOM_MAGIC_AT : DICOM_MAGIC_AT + 4] == b"DICM":
        return DICOM
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    for magic, kind in MAGIC:
        if head.startswith(magic):
            return kind
    if head[:512].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return HTML
    return TEXT if _is_text(head) else UNKNOWN


def dicom_storage(path: Path) -> str | None:
    """Name the way a DICOM file stores its pixels when it is one that cannot be read, else ``None``.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    at = head.find(TRANSFER_SYNTAX)
    if at < 0:
        return None
    start = at + len(TRANSFER_SYNTAX) + 2
    length = int.from_bytes(head[start - 2 : start], "little")
    return DICOM_SYNTAXES.get(head[start : start + length].rstrip(b"\0 "))


def _is_text(head: bytes) -> bool:
    if not head or b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4 and len(head) == HEAD_BYTES  # a character cut in two at the end
    return True
