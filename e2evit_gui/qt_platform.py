"""Say why Qt could not start here, before it tries: where its platform plugin fails, Qt ends the process. No Qt in this file."""

import ctypes
import os
import sys

NEEDED = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""What Qt's xcb plugin loads and a bare Linux lacks: the file, and the Debian package that holds it."""

NO_QT = "The window cannot start: Qt's libraries cannot be loaded here ({reason})."
NO_QT_HINT = (
    "On Debian and Ubuntu: sudo apt-get install libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1"
)
NO_LIBRARIES = "The window cannot start: Qt needs libraries that are not on this system: {missing}."
NO_LIBRARIES_HINT = "On Debian and Ubuntu: sudo apt-get install {missing}"
NO_DISPLAY = "The window cannot start: there is no display."
NO_DISPLAY_HINT = "On a remote machine connect with ssh -X; the command line, e2evit, works without a display."


def why_no_window() -> tuple[str, str]:
    """Return a sentence and a hint when Qt cannot start here; both empty when it can, as far as can be told.

    Looks only at Linux with X11; Wayland, Windows and macOS bring what Qt needs.
    """
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    if sys.platform != "linux" or (platform and not platform.startswith("xcb")):
        return "", ""
    if os.environ.get("WAYLAND_DISPLAY") and not platform:
        return "", ""
    missing = [package for file, package in NEEDED.items() if not _loads(file)]
    if missing:
        return (
            NO_LIBRARIES.format(missing=", ".join(missing)),
            NO_LIBRARIES_HINT.format(missing=" ".join(missing)),
        )
    return ("", "") if _display_answers() else (NO_DISPLAY, NO_DISPLAY_HINT)


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def _display_answers() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt will say more
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return bool(answers)
