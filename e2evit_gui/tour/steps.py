"""What the tour shows, in its order."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication


def _tr(text: str) -> str:
    return QCoreApplication.translate("Tour", text)


@dataclass(frozen=True)
class Step:
    """One card; ``target`` names the part of the window that it stands beside, empty for the middle of the window."""

    target: str
    title: str
    text: str


def tour_steps() -> list[Step]:
    """Return the cards, in the language of the window."""
    return [
        Step(
            "",
            _tr("A look around, on a painted slide"),
            _tr(
                "In two minutes: from a slide to what a model looked at. The program paints the slide itself and takes weights "
                "that need no download, so nothing of yours is touched."
            ),
        ),
        Step(
            "canvas",
            _tr("The slide"),
            _tr(
                "Drag to move, turn the wheel to zoom at the cursor, press 0 for the whole slide. The line around the tissue is "
                "what will be read; K hides it, G shows the tiles."
            ),
        ),
        Step(
            "image",
            _tr("Check the resolution"),
            _tr(
                "Everything depends on micrometres per pixel. Here it says what the file claims and where that comes from; when "
                "it is wrong or missing, put it right here."
            ),
        ),
        Step(
            "strip",
            _tr("The strip is what the model reads"),
            _tr(
                "All tissue tiles side by side. Point at a tile, here or on the slide: both light up. “What the model sees” "
                "shows how little is left of a tile after merging."
            ),
        ),
        Step(
            "analyze",
            _tr("Before a run"),
            _tr(
                "Each line says whether something is in order, and what the run will cost. When Run is grey, the line with the "
                "reason stands here."
            ),
        ),
        Step(
            "run",
            _tr("Now press Run"),
            _tr("The model reads the whole slide in a process of its own. The tour goes on when the result is there."),
        ),
        Step(
            "overlay",
            _tr("Where the model looked"),
            _tr(
                "The colors are attention: where the model looked, not why. Opacity, range and scale change at once; hold C to "
                "look underneath."
            ),
        ),
        Step(
            "risk",
            _tr("Risk, when a model has learned one"),
            _tr(
                "The weights of this tour were never trained on survival, so there is no risk and the panel says so. With a model "
                "of the training wizard (Ctrl+T), risk, percentile and survival curve stand here."
            ),
        ),
        Step(
            "menu",
            _tr("From here on"),
            _tr(
                "Open your own slide with Ctrl+O. Ctrl+E exports, Ctrl+L finds any command by a few letters, F1 explains what you "
                "are in. The tour stands in the Help menu. For research use only."
            ),
        ),
    ]
