"""DICOM slides whose header says RGB while their JPEG frames hold YCbCr, as some converters write them.

OpenSlide believes the header there and shows salmon-red glass and green tissue (seen with OpenSlide 4.0.1 on a slide that
bfconvert wrote). The frames say it themselves: a JFIF marker is only allowed with YCbCr (ITU-T T.871), an Adobe marker states
the colors, and halved chroma makes no sense for RGB.
"""

import mmap
from pathlib import Path

PHOTOMETRIC_INTERPRETATION = b"\x28\x00\x04\x00CS"  # (0028,0004)
PIXEL_DATA = (
    b"\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff",
    b"\xe0\x7f\x10\x00OW\x00\x00\xff\xff\xff\xff",
)  # encapsulated
FRAME_HEAD_BYTES = 4096
START_OF_IMAGE = b"\xff\xd8\xff"
APP0, APP14, SCAN = 0xE0, 0xEE, 0xDA
FRAME_HEADERS = (0xC0, 0xC1, 0xC2)


def holds_ycbcr_as_rgb(path: Path) -> bool:
    """Say whether a DICOM file's header says RGB while its first frame is a JPEG of YCbCr.

    Raises
    ------
    OSError
        When the file cannot be read.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(PHOTOMETRIC_INTERPRETATION)
        if at < 0 or data[at + 8 : at + 8 + data[at + 6]].strip(b" \0") != b"RGB":
            return False
        pixels = max(data.find(tag, at) for tag in PIXEL_DATA)
        if pixels < 0:
            return False
        frame = data.find(START_OF_IMAGE, pixels)
        return frame >= 0 and jpeg_says_ycbcr(data[frame : frame + FRAME_HEAD_BYTES])


def jpeg_says_ycbcr(head: bytes) -> bool:
    """Say whether a JPEG says by itself that it holds YCbCr; ``False`` when it says RGB or nothing."""
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF and head[at + 1] != SCAN:
        marker, body = head[at + 1], head[at + 4 : at + 2 + int.from_bytes(head[at + 2 : at + 4], "big")]
        if marker == APP0 and body.startswith(b"JFIF"):
            return True
        if marker == APP14 and body.startswith(b"Adobe") and len(body) >= 12:
            return body[11] == 1
        if marker in FRAME_HEADERS and len(body) >= 15:
            components, sampling = body[5], body[7]
            return components == 3 and sampling != body[10]
        at += 4 + len(body)
    return False
