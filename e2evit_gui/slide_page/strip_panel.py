"""STRIP: the tiles in the order in which the model reads them, linked with the slide both ways."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.slide_page.estimate import estimate
from e2evit_gui.slide_page.model_facts import tiles_for
from e2evit_gui.slide_page.overlay_panel import color_percent, color_words
from e2evit_gui.slide_page.panel import muted, number
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.slide_page.tile_box import TileBox
from e2evit_gui.state.overlay import Overlay
from e2evit_gui.state.session import Session
from e2evit_gui.viewer.slide_tiles import FRAME_MS
from e2evit_gui.viewer.strip_view import StripForm, StripView
from e2evit_model.overlay.picture import as_bytes, look_up
from e2evit_model.units import written_bytes


class StripPanel(QWidget):
    """Header with what the strip holds and needs, three forms, the strip, and beside it the tile that was clicked.

    ``tile_requested``: go to this tile on the slide.
    """

    tile_requested = Signal(int)

    def __init__(self, session: Session, overlay: Overlay, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._session, self._overlay, self._presenter = session, overlay, presenter
        self.view = StripView()
        self.header = muted()
        self.forms = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(12, 4, 8, 4)
        row.setSpacing(4)
        row.addWidget(self.header, 1)
        for form, text, tip in (
            (StripForm.ROW, self.tr("One row"), self.tr("All tiles side by side")),
            (StripForm.WRAPPED, self.tr("Wrapped"), self.tr("Wrapped like text; Ctrl+wheel changes the size")),
            (StripForm.SEEN, self.tr("What the model sees"), self.tr("The mean of all patches of each tile")),
        ):
            button = QPushButton(text)
            button.setCheckable(True)
            button.setProperty("role", "segment")
            button.setToolTip(tip)
            button.clicked.connect(lambda _on=False, form=form: self.view.set_form(form))
            button.setChecked(form is self.view.form)
            self.forms.addButton(button)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        lower = QHBoxLayout()
        lower.setSpacing(0)
        lower.addWidget(self.view, 1)
        self.tile = TileBox(session, overlay, presenter)
        lower.addWidget(self.tile)
        column.addLayout(lower, 1)
        self._bands_of: tuple[object, ...] = ()
        self._bands_soon = QTimer(self)
        self._bands_soon.setSingleShot(True)
        self._bands_soon.setInterval(FRAME_MS)
        self._bands_soon.timeout.connect(self._refresh_bands)
        self._connect()
        self.refresh_header()
        self._refresh_forms()

    def _connect(self) -> None:
        session, view = self._session, self.view
        session.slide_changed.connect(self._refresh)
        session.grid_changed.connect(self._refresh)
        session.result_changed.connect(self._refresh_result)
        session.hovered_changed.connect(view.highlight)
        session.selected_changed.connect(view.select)
        session.settings_changed.connect(self.refresh_header)
        self._overlay.choice_changed.connect(self._refresh_bands_soon)
        view.hovered.connect(session.set_hovered)
        view.clicked.connect(self.tile_requested)

    def _refresh(self) -> None:
        self.view.show_strip(self._presenter.tiles, self._session.grid)
        self._bands_of = ()
        self._refresh_result()
        self._refresh_bands()
        self.refresh_header()
        self._refresh_forms()

    def _refresh_forms(self) -> None:
        """Offer the forms of a strip only while there is one."""
        for button in self.forms.buttons():
            button.setEnabled(self._session.grid is not None)

    def _refresh_result(self) -> None:
        result = self._session.result
        self.view.set_seen(result.seen if result is not None else None)
        self.refresh_header()

    def _refresh_bands_soon(self) -> None:
        """Color the strip a frame after the slide: both at once would be late while the range is dragged."""
        if not self._bands_soon.isActive():
            self._bands_soon.start()

    def _refresh_bands(self) -> None:
        overlay = self._overlay
        shown = overlay.has_values and overlay.choice.visible and overlay.values.size == self._count()
        made_of = (shown, *overlay.coloring)
        if made_of == self._bands_of:
            return
        self._bands_of = made_of
        if not shown:
            self.view.set_bands(None)
            return
        index, alpha = as_bytes(overlay.positions())
        colors = look_up(overlay.table, index)
        colors[:, 3] = alpha
        self.view.set_bands(colors)

    def _count(self) -> int:
        return len(self._session.grid) if self._session.grid is not None else 0

    def refresh_header(self) -> None:
        """Write what the strip holds, and what it needs once a model is chosen."""
        grid = self._session.grid
        if grid is None:
            self.header.setText("")
            return
        facts = self._presenter.facts
        settings = self._session.settings
        order = tiles_for(settings, facts).order if self._session.result is None else grid.order
        words = {
            "row": self.tr("row by row"),
            "column": self.tr("column by column"),
            "serpentine": self.tr("serpentine"),
            "hilbert": self.tr("along a Hilbert curve"),
        }
        tokens = settings.tokens_per_tile or 1.0
        parts = [self.tr("N = {count} tiles").format(count=number(len(grid))), words.get(str(order), str(order))]
        parts.append(
            self.tr("1 token a tile") if tokens == 1 else self.tr("{tokens:g} tokens a tile").format(tokens=tokens)
        )
        if facts is not None and facts.backbone is not None:
            need = estimate(len(grid), facts, settings)
            parts.append(
                self.tr("{memory}, about {time}").format(
                    memory=written_bytes(need.memory_bytes), time=written_seconds(need.seconds)
                )
            )
        result = self._session.result
        if result is not None and result.color_share is not None:
            share = color_percent(result.color_share)
            parts.append(self.tr("{share} of it is color").format(share=share))
        self.header.setText("   |   ".join(parts))
        self.header.setToolTip(color_words(result.color_share) if result is not None else "")
