"""What is drawn on the open slide, which of it is selected, and the way back."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from e2evit_gui.state.session import Session
from e2evit_model.annotations.region import Region, StripRole
from e2evit_model.annotations.selection import Correction, TileSelection
from e2evit_model.annotations.slide_regions import EMPTY, SlideRegions

MOST_STEPS = 200
"""So many changes can be undone."""


class _Change(QUndoCommand):
    """From one state to the next; states share all regions that did not change."""

    def __init__(
        self, text: str, before: SlideRegions, after: SlideRegions, show: Callable[[SlideRegions], None]
    ) -> None:
        super().__init__(text)
        self._before, self._after, self._show = before, after, show

    def redo(self) -> None:
        """Take the state after the change."""
        self._show(self._after)

    def undo(self) -> None:
        """Take the state before the change."""
        self._show(self._before)


class Regions(QObject):
    """Hold the regions of the open slide; every change goes over ``undo``.

    ``changed`` comes with any change of what is drawn; ``strip_changed`` when other tiles are kept now or the tissue was corrected;
    ``selected_changed`` when others are selected; ``previewed`` carries a region while it is dragged, and None at the end. What was
    drawn on a slide is found again when it is opened again.
    """

    changed = Signal()
    strip_changed = Signal()
    selected_changed = Signal()
    previewed = Signal(object)  # Region or None

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._drawn = EMPTY
        self._selection = EMPTY.selection()
        self._selected: tuple[str, ...] = ()
        self._selected_set: frozenset[str] = frozenset()
        self._by_slide: dict[str, SlideRegions] = {}
        self._slide = ""
        self.undo = QUndoStack(self)
        self.undo.setUndoLimit(MOST_STEPS)
        self.next_class = ""
        session.slide_changed.connect(self.follow_slide)

    @property
    def slide(self) -> str:
        """The fingerprint of the slide that they are drawn on, empty for none."""
        return self._slide

    @property
    def drawn(self) -> SlideRegions:
        """All that is drawn on the open slide."""
        return self._drawn

    @property
    def selection(self) -> TileSelection:
        """Which tiles are kept, and how the tissue was corrected."""
        return self._selection

    @property
    def selected(self) -> tuple[Region, ...]:
        """The selected regions, in the order in which they are drawn."""
        keys = self._selected_set
        return tuple(region for region in self._drawn.regions if region.key in keys) if keys else ()

    @property
    def one_selected(self) -> Region | None:
        """The selected region when it is the only one."""
        return self._drawn.find(self._selected[0]) if len(self._selected) == 1 else None

    def is_selected(self, region: Region) -> bool:
        """Say whether a region is selected."""
        return region.key in self._selected_set

    def take(self, drawn: SlideRegions) -> None:
        """Show what was kept elsewhere; there is no way back from it."""
        self.undo.clear()
        self.select(())
        self._show(drawn)

    def select(self, keys: Iterable[str]) -> None:
        """Select regions by their keys."""
        chosen = tuple(keys)
        if chosen != self._selected:
            self._selected, self._selected_set = chosen, frozenset(chosen)
            self.selected_changed.emit()

    def preview(self, region: Region | None) -> None:
        """Show a region as it is being dragged; nothing is changed yet."""
        self.previewed.emit(region)

    # changes

    def add(self, regions: Iterable[Region], text: str) -> None:
        """Draw more regions and select the new ones."""
        added = tuple(regions)
        self._push(text, self._drawn.with_regions(added))
        self.select(region.key for region in added)

    def change(self, regions: Iterable[Region], text: str) -> None:
        """Replace regions by others with the same keys."""
        changed = tuple(regions)
        if changed:
            self._push(text, self._drawn.with_changed(changed))

    def delete_selected(self) -> None:
        """Remove the selected regions."""
        if self._selected:
            self._push(self.tr("Delete regions"), self._drawn.without(self._selected))

    def correct(self, correction: Correction) -> None:
        """Change the tissue."""
        self._push(self.tr("Correct the tissue"), self._drawn.with_correction(correction))

    def drop_corrections(self) -> None:
        """Take the tissue as it was found."""
        if self._drawn.corrections:
            self._push(self.tr("Tissue as it was found"), self._drawn.without_corrections())

    def clear(self) -> None:
        """Remove every region; corrections of the tissue stay."""
        if self._drawn.regions:
            self._push(self.tr("Delete all regions"), self._drawn.without(one.key for one in self._drawn.regions))

    def set_role(self, regions: Iterable[Region], role: StripRole) -> None:
        """Say what areas mean for the strip."""
        areas = [replace(region, role=role) for region in regions if region.is_area and region.role is not role]
        texts = {
            StripRole.INCLUDE: self.tr("Include in the strip"),
            StripRole.EXCLUDE: self.tr("Exclude from the strip"),
            StripRole.NONE: self.tr("Leave the strip alone"),
        }
        self.change(areas, texts[role])

    def _push(self, text: str, after: SlideRegions) -> None:
        self.undo.push(_Change(text, self._drawn, after, self._show))

    def _show(self, drawn: SlideRegions) -> None:
        self._drawn = drawn
        if self._slide:
            self._by_slide[self._slide] = drawn
        there = {region.key for region in drawn.regions} if self._selected else set()
        self.changed.emit()
        self.select(key for key in self._selected if key in there)
        selection = drawn.selection()
        if selection != self._selection:
            self._selection = selection
            self.strip_changed.emit()

    def follow_slide(self) -> None:
        """Take what was drawn on the slide that is open now; nothing happens when that is done already."""
        slide = self._session.slide
        fingerprint = slide.info.fingerprint if slide is not None else ""
        if fingerprint != self._slide:
            self._slide = fingerprint
            self.take(self._by_slide.get(fingerprint, EMPTY) if fingerprint else EMPTY)
