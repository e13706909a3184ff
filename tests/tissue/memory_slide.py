"""A slide in memory, and pictures of slides painted for tests."""

from typing import Self

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from e2evit_model.slides.protocol import Level, Pixels, SlideInfo


class MemoryBlocks:
    """Square blocks of a picture; those in ``damaged`` cannot be read."""

    def __init__(
        self, picture: Pixels, side: int, damaged: frozenset[tuple[int, int]], reads: list[tuple[int, int]]
    ) -> None:
        self.picture, self.damaged, self.reads = picture, damaged, reads
        self.height, self.width = picture.shape[:2]
        self.block_width = self.block_height = side
        self.columns, self.rows = -(-self.width // side), -(-self.height // side)

    def read(self, column: int, row: int, *, memory: Pixels | None = None) -> Pixels | None:
        self.reads.append((column, row))
        if (column, row) in self.damaged:
            return None
        side = self.block_width
        return self.picture[row * side : (row + 1) * side, column * side : (column + 1) * side]


class MemorySlide:
    """A slide whose finest level is an array; further levels are its means over 2^n pixels."""

    def __init__(
        self,
        picture: Pixels,
        *,
        mpp: float | None = 4.0,
        downsamples: tuple[int, ...] = (1,),
        side: int = 64,
        damaged: frozenset[tuple[int, int]] = frozenset(),
    ) -> None:
        self.pictures = [np.asarray(Image.fromarray(picture).reduce(factor)) for factor in downsamples]
        self.side, self.damaged = side, damaged
        self.reads: list[tuple[int, int]] = []
        levels = tuple(
            Level(width=level.shape[1], height=level.shape[0], downsample=float(factor))
            for level, factor in zip(self.pictures, downsamples, strict=True)
        )
        self._info = SlideInfo(
            width=picture.shape[1],
            height=picture.shape[0],
            levels=levels,
            mpp=mpp,
            mpp_source="" if mpp is None else "file",
            format="memory",
            reader="memory",
            fingerprint="00",
        )

    @property
    def info(self) -> SlideInfo:
        return self._info

    def blocks(self, level: int, *, reduce: int = 1) -> MemoryBlocks:
        picture = np.asarray(Image.fromarray(self.pictures[level]).reduce(reduce))
        return MemoryBlocks(picture, self.side, self.damaged, self.reads)

    def read_region(self, x: int, y: int, level: int, width: int, height: int) -> Pixels:
        raise AssertionError("the tissue finder reads blocks")

    def icc_profile(self) -> bytes | None:
        return None

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None: ...


GLASS = (241, 239, 242)
MPP = 4.0
SHAPE = (700, 900)  # 2.8 x 3.6 mm at MPP


def box(top: int, left: int, height: int, width: int) -> NDArray[np.bool_]:
    """Select a rectangle of the painted picture."""
    shape = np.zeros(SHAPE, dtype=np.bool_)
    shape[top : top + height, left : left + width] = True
    return shape


class Painter:
    """Paints a slide at 4 um a pixel on glass."""

    def __init__(self, *, glass: tuple[int, int, int] = GLASS, seed: int = 0) -> None:
        self.random = np.random.default_rng(seed)
        self.canvas = np.full((*SHAPE, 3), glass, dtype=np.float64)

    def tissue(self, where: NDArray[np.bool_]) -> Self:
        """Paint stroma with nuclei."""
        nuclei = ndimage.gaussian_filter(self.random.normal(size=SHAPE), 1.2) > 0.22
        return self._mix(where, (222, 150, 190))._mix(where & nuclei, (110, 70, 140))

    def pale(self, where: NDArray[np.bool_]) -> Self:
        """Paint pale stroma: hardly darker than glass, with fibres."""
        fibres = ndimage.gaussian_filter(self.random.normal(size=SHAPE), (0.8, 5)) > 0.1
        return self._mix(where, (240, 226, 236))._mix(where & fibres, (232, 205, 222))

    def fat(self, where: NDArray[np.bool_]) -> Self:
        """Paint fat cells of about 80 um: thin pink walls around glass."""
        rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
        walls = ((rows + (columns // 20 % 2) * 10) % 20 < 2) | (columns % 20 < 2)
        return self._mix(where & walls, (225, 165, 195))

    def color(self, where: NDArray[np.bool_], color: tuple[int, int, int], *, blur: float = 3.0) -> Self:
        """Paint one color with a soft border, as pen or dust out of focus."""
        soft = ndimage.gaussian_filter(where.astype(np.float64), blur)[..., np.newaxis]
        self.canvas = self.canvas * (1 - soft) + np.array(color) * soft
        return self

    def _mix(self, where: NDArray[np.bool_], color: tuple[int, int, int]) -> Self:
        self.canvas[where] = color
        return self

    def picture(self) -> Pixels:
        """Return the picture with a camera's noise."""
        noisy = ndimage.gaussian_filter(self.canvas, (0.5, 0.5, 0)) + self.random.normal(size=self.canvas.shape)
        return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)
