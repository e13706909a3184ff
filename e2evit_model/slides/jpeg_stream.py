"""Make a whole JPEG of a tile as TIFF stores it: with its tables, and saying which colors are inside.

Source: ITU-T T.81 (JPEG) annex B for the markers; TIFF Technical Note 2 for shared tables; T.872 for the Adobe marker (APP14).
"""

START = b"\xff\xd8"
END = b"\xff\xd9"
SCAN = 0xDA
APP0, APP14 = 0xE0, 0xEE

LOOK_AHEAD = 1024
"""Where a tile names its colors it does so in front of its scan, within these bytes after its leading markers."""


def adobe_marker(*, rgb: bool) -> bytes:
    """Return the marker that says whether RGB or YCbCr is inside; decoders guess without it."""
    return b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00" + (b"\x00" if rgb else b"\x01")


def prefix_of(tables: bytes, *, rgb: bool) -> bytes:
    """Return what stands in front of a tile's own segments: start, colors, the tables that all tiles share.

    Parameters
    ----------
    tables
        The TIFF's JPEGTables, an abbreviated JPEG; empty when every tile has its own.
    rgb
        Whether the TIFF says that the tiles hold RGB rather than YCbCr.
    """
    shared = tables.removeprefix(START)
    end = shared.rfind(END)
    return START + adobe_marker(rgb=rgb) + (shared if end < 0 else shared[:end])


def whole_jpeg(data: bytes, prefix: bytes) -> bytes | None:
    """Put ``prefix`` in front of a tile's segments, without its own words about colors; ``None`` when it is no JPEG.

    The TIFF's statement of the colors counts, as for libtiff and OpenSlide, not the tile's.
    """
    if not data.startswith(START):
        return None
    at = 2
    while data[at : at + 1] == b"\xff" and data[at + 1 : at + 2] and APP0 <= data[at + 1] <= 0xEF:
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    if data.find(b"\xff\xee", at, at + LOOK_AHEAD) < 0 and data.find(b"\xff\xe0", at, at + LOOK_AHEAD) < 0:
        return prefix + data[at:]
    return _without_color_words(data, at, prefix)


def _without_color_words(data: bytes, at: int, prefix: bytes) -> bytes | None:
    parts = [prefix]
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == SCAN:
            parts.append(data[at:])
            return b"".join(parts)
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker not in (APP0, APP14):
            parts.append(data[at:end])
        at = end
    return None
