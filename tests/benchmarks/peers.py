"""Other readers of slides, where they are installed: extra ``benchmark-peers``; cuCIM by ``pip install --no-deps cucim-cu13``."""

import importlib
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import numpy as np

Read = Callable[[int, int, int], object]
Open = Callable[[], AbstractContextManager[Read]]


@contextmanager
def _pyvips(path: Path) -> Iterator[Read]:
    pyvips = importlib.import_module("pyvips")
    image = pyvips.Image.new_from_file(str(path), access="random")
    own = threading.local()  # a region belongs to one thread; the image and its cache of tiles are shared

    def read(x: int, y: int, n: int) -> object:
        if not hasattr(own, "region"):
            own.region = pyvips.Region.new(image)
        return np.frombuffer(own.region.fetch(x, y, n, n), np.uint8)

    yield read


@contextmanager
def _tiffslide(path: Path) -> Iterator[Read]:
    with importlib.import_module("tiffslide").TiffSlide(path) as slide:
        yield lambda x, y, n: slide.read_region((x, y), 0, (n, n), as_array=True)


@contextmanager
def _cucim(path: Path) -> Iterator[Read]:
    slide = importlib.import_module("cucim").CuImage(str(path))
    yield lambda x, y, n: np.asarray(slide.read_region((x, y), (n, n), 0))


@contextmanager
def _fastslide(path: Path) -> Iterator[Read]:
    slide = importlib.import_module("fastslide").FastSlide.from_file_path(str(path))
    yield lambda x, y, n: slide.read_region(location=(x, y), level=0, size=(n, n))


_PEERS = {"pyvips": _pyvips, "tiffslide": _tiffslide, "cuCIM": _cucim, "fastslide": _fastslide}


def peer_readers(path: Path) -> tuple[dict[str, Open], str]:
    """Return the readers that work here, and a sentence on those that do not."""
    found: dict[str, Open] = {}
    missing = []
    for name, make in _PEERS.items():
        try:
            with make(path) as read:
                read(0, 0, 256)
        except Exception as error:  # noqa: BLE001 - whatever a peer raises, it is not run
            missing.append(f"{name} ({type(error).__name__})")
        else:
            found[name] = partial(make, path)
    return found, f"not run: {', '.join(missing)}" if missing else ""
