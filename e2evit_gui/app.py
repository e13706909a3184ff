"""The program ``e2evit-gui``. Importing this module imports no Qt: the model's process, spawned from here, imports it too."""

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from e2evit_gui import qt_platform
from e2evit_gui.jobs import TRAINING_CHILD
from e2evit_model.errors import E2EViTError
from e2evit_model.units import check_mpp

DONE, FAULT, UNUSABLE = 0, 1, 2


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="e2evit-gui",
        description="Open a slide, see its tissue and its strip, get risk and the attention overlay. For research use only.",
    )
    parser.add_argument("slide", nargs="?", type=Path, metavar="SLIDE", help="the slide to open")
    parser.add_argument("--model", metavar="M", help="a risk model folder, a weight file, or the id of a backbone")
    parser.add_argument("--backbone", metavar="B", help="which backbone a weight file is of, where it does not say it")
    parser.add_argument("--mpp", type=float, metavar="X", help="micrometres per pixel of the slide")
    parser.add_argument("--run", action="store_true", help="begin the analysis as soon as it can begin")
    parser.add_argument("--theme", choices=("light", "dark"), help="instead of following the system")
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="do what was asked, save a picture of the window, leave"
    )
    return parser.parse_args(argv)


def main(argv: Sequence[str] | None = None) -> int:
    """Start the window.

    Returns
    -------
    int
        0 when done, 2 when what was given cannot be used, 1 for a fault of the program.
    """
    given = sys.argv[1:] if argv is None else argv
    if list(given[:1]) == [TRAINING_CHILD]:
        from e2evit_gui.jobs.training_child import main as train

        return train(given[1:])
    arguments = _arguments(given)
    try:
        if arguments.mpp is not None:
            check_mpp(arguments.mpp)
    except E2EViTError as error:
        return _refuse(error.message, error.hint, UNUSABLE)
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as error:
        return _refuse(qt_platform.NO_QT.format(reason=error), qt_platform.NO_QT_HINT, FAULT)
    sentence, hint = qt_platform.why_no_window()
    if sentence:
        return _refuse(sentence, hint, FAULT)
    logging.getLogger("e2evit_model").setLevel(logging.INFO)
    # imported only now, so that this module can be imported without Qt
    from e2evit_gui.main_window.start import start

    return start(arguments)


def _refuse(sentence: str, hint: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n{hint}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
