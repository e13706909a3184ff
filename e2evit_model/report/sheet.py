"""A white page to draw figures on: text, pictures, a color bar, a scale bar; plain pixels, quickly made."""

import math
from functools import cache
from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from e2evit_model.files import write_whole

INK = (32, 33, 36)
PALE_INK = (95, 99, 104)
WARNING_INK = (176, 42, 18)
MARGIN = 28
TEXT_PX = 20
SMALL_PX = 17
TITLE_PX = 26

CAPTION = "Attention: where the model looked, not why. Research use only."
RESEARCH_USE = "Research use only."


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """Return the typeface that comes with matplotlib, which is there on every system and has all the signs we use."""
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), size)


class Sheet:
    """A page of ``width`` x ``height`` pixels; (x, y) are pixels from its upper left corner."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), "white")
        self._pen = ImageDraw.Draw(self.image)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: int = TEXT_PX,
        bold: bool = False,
        color: tuple[int, int, int] = INK,
        anchor: str = "la",
    ) -> None:
        """Write one line; ``anchor`` as Pillow has it ("la" is left and top, "rm" right and middle)."""
        self._pen.text((x, y), text, font=font(size, bold=bold), fill=color, anchor=anchor)

    def paste(self, x: float, y: float, picture: NDArray[np.uint8] | Image.Image, *, frame: bool = False) -> None:
        """Lay a picture (h, w, 3) on the page, with a thin frame around it if wanted."""
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
        self.image.paste(image, (round(x), round(y)))
        if frame:
            box = (round(x) - 1, round(y) - 1, round(x) + image.width, round(y) + image.height)
            self._pen.rectangle(box, outline=(200, 203, 207))

    def box(self, x: float, y: float, width: float, height: float, color: tuple[int, int, int]) -> None:
        """Fill a rectangle with a thin outline."""
        self._pen.rectangle((x, y, x + width, y + height), fill=color, outline=PALE_INK)

    def color_bar(
        self, x: float, y: float, height: int, table: NDArray[np.uint8], ticks: list[tuple[float, str]]
    ) -> None:
        """Draw an upright color bar, highest value on top, with numbers at its right; ``table`` is (256, 4)."""
        width = 30
        rows = np.linspace(255, 0, height).round().astype(int)
        self.paste(x, y, np.repeat(table[rows, None, :3], width, axis=1), frame=True)
        for position, label in ticks:
            level = y + (1 - position) * (height - 1)
            self._pen.line((x + width, level, x + width + 7, level), fill=INK, width=2)
            self.text(x + width + 14, level, label, anchor="lm", size=SMALL_PX)

    def scale_bar(self, x: float, y: float, longest_px: float, um_per_px: float | None, px_per_px: float) -> None:
        """Draw a scale bar whose lower left corner is at (x, y), on a white ground so that it is read on any picture."""
        length, label = scale_bar(longest_px, um_per_px, px_per_px)
        wide = max(length, font(SMALL_PX).getlength(label))
        self._pen.rectangle((x, y - 46, x + wide + 24, y), fill="white", outline=(200, 203, 207))
        middle = x + 12 + wide / 2
        self.text(middle, y - 24, label, size=SMALL_PX, anchor="ms")
        self._pen.rectangle((middle - length / 2, y - 15, middle + length / 2, y - 9), fill=INK)

    def save(self, path: Path) -> None:
        """Write the page as PNG without any metadata, whole or not at all.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        with write_whole(path) as temporary:
            self.image.save(temporary, format="PNG", compress_level=3)


def scale_bar(longest_px: float, um_per_px: float | None, px_per_px: float = 1.0) -> tuple[float, str]:
    """Choose a round length (1, 2 or 5 times a power of ten) for a scale bar.

    Parameters
    ----------
    longest_px
        How long the bar may become, in pixels of the picture.
    um_per_px
        Micrometres a pixel of the picture; ``None`` while unknown: the bar then counts level-0 pixels.
    px_per_px
        Level-0 pixels a pixel of the picture.

    Returns
    -------
    tuple[float, str]
        The bar's length in pixels of the picture, and its label ("200 µm", "2 mm", "1000 px").
    """
    unit = um_per_px if um_per_px is not None else px_per_px
    longest = longest_px * unit
    power = 10.0 ** math.floor(math.log10(longest))
    length = max(step * power for step in (1, 2, 5) if step * power <= longest * (1 + 1e-9))
    if um_per_px is None:
        return length / unit, f"{length:g} px"
    label = f"{length / 1000:g} mm" if length >= 1000 else f"{length:g} µm"
    return length / unit, label


def wrapped(text: str, width_px: float, *, size: int = TEXT_PX) -> list[str]:
    """Break a text into lines that are at most ``width_px`` wide."""
    lines: list[str] = []
    for word in text.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and font(size).getlength(joined) <= width_px:
            lines[-1] = joined
        else:
            lines.append(word)
    return lines


def fitted(text: str, width_px: float, *, size: int = TEXT_PX) -> str:
    """Cut a text so that it is at most ``width_px`` wide, with three dots where something is missing."""
    typeface = font(size)
    if typeface.getlength(text) <= width_px:
        return text
    while text and typeface.getlength(text + "…") > width_px:
        text = text[:-1]
    return text.rstrip() + "…"
