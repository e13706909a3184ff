"""OVERLAY: what is painted over the slide, and how."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from e2evit_gui.forms.histogram import HistogramRange
from e2evit_gui.slide_page.ask_for_layer import AskForLayer
from e2evit_gui.slide_page.explain_presenter import ExplainPresenter
from e2evit_gui.slide_page.panel import Panel, muted, number
from e2evit_gui.state.layer_values import ASKED_FOR
from e2evit_gui.state.overlay import Overlay, OverlayLayer
from e2evit_gui.state.written import percent, signed
from e2evit_model.overlay.colors import COLOR_TABLES, SIGNED_TABLES
from e2evit_model.overlay.values import DisplayScale


def _tr(text: str) -> str:
    return QCoreApplication.translate("OverlayPanel", text)


CONTOURS = (0, 2, 3, 5, 9)
"""Numbers of contour lines to choose from."""


class OverlayPanel(Panel):
    """Layer, scale, range on a histogram, colors, contours, smoothing, opacity; each change is seen at once."""

    def __init__(self, overlay: Overlay, explain: ExplainPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay = overlay
        self._empty = muted(wrap=True)
        self.layer = self._combo(self.tr("Layer"))
        for layer, text in (
            (OverlayLayer.ATTENTION, self.tr("Attention, last layer")),
            (OverlayLayer.HEAD, self.tr("Attention, layer and head")),
            (OverlayLayer.ROLLOUT, self.tr("Attention, rolled out")),
            (OverlayLayer.OCCLUSION, self.tr("Occlusion: without each square")),
            (OverlayLayer.DISAGREEMENT, self.tr("Disagreement of the folds")),
            (OverlayLayer.SEEN, self.tr("What the model sees")),
            (OverlayLayer.TISSUE, self.tr("Tissue in the tile")),
        ):
            self.layer.addItem(text, layer)
        self.block = self._combo(self.tr("Transformer layer"))
        self.head = self._combo(self.tr("Attention head"))
        self.ask = AskForLayer(overlay, explain)
        self.scale = self._combo(self.tr("Scale"))
        for scale, text in (
            (DisplayScale.RANK, self.tr("Rank")),
            (DisplayScale.CLIPPED, self.tr("As they are")),
            (DisplayScale.TIMES_UNIFORM, self.tr("Times uniform")),
            (DisplayScale.LOG, self.tr("Logarithmic")),
        ):
            self.scale.addItem(text, scale)
        self.histogram = HistogramRange()
        self._range = QLabel()
        self._reset = QPushButton(self.tr("Whole range"))
        self._reset.setProperty("role", "flat")
        self.fixed = QCheckBox(self.tr("Same range on every slide"))
        self.fixed.setToolTip(self.tr("Keep this range when another slide is analyzed, so that colors can be compared"))
        self.hide_below = QCheckBox(self.tr("Hide tiles below the range"))
        self.colors = self._combo(self.tr("Colors"))
        self.contours = self._combo(self.tr("Contour lines"))
        self.contours.setToolTip(
            self.tr("Lines of equal value, evenly over the range, smoothed over neighboring tiles")
        )
        for count in CONTOURS:
            self.contours.addItem(self.tr("{count} lines").format(count=count) if count else self.tr("none"), count)
        self.smooth = QCheckBox(self.tr("Smooth between tiles"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self._percent = muted()
        self._caption = muted(wrap=True)
        self._lay_out()
        self._connect()
        self._refresh_values()

    def _combo(self, name: str) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        return combo

    def _lay_out(self) -> None:
        self.column.addWidget(self._empty)
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1, 1)
        self._head_row = QWidget()
        heads = QHBoxLayout(self._head_row)
        heads.setContentsMargins(0, 0, 0, 0)
        heads.addWidget(self.block, 1)
        heads.addWidget(self.head, 1)
        grid.addWidget(muted(self.tr("Layer")), 0, 0)
        grid.addWidget(self.layer, 0, 1)
        grid.addWidget(self._head_row, 1, 1)
        self._scale_name = muted(self.tr("Scale"))
        grid.addWidget(self._scale_name, 2, 0)
        grid.addWidget(self.scale, 2, 1)
        self.column.addLayout(grid)
        self.column.addWidget(self._caption)
        self.column.addWidget(self.ask)
        self.column.addWidget(self.histogram)
        row = QHBoxLayout()
        row.addWidget(self._range, 1)
        row.addWidget(self._reset)
        self.column.addLayout(row)
        self.column.addWidget(self.hide_below)
        self.column.addWidget(self.fixed)
        lower = QGridLayout()
        lower.setHorizontalSpacing(10)
        lower.setVerticalSpacing(6)
        lower.setColumnStretch(1, 1)
        self._colors_name = muted(self.tr("Colors"))
        lower.addWidget(self._colors_name, 0, 0)
        lower.addWidget(self.colors, 0, 1, 1, 2)
        self._contours_name = muted(self.tr("Contours"))
        lower.addWidget(self._contours_name, 1, 0)
        lower.addWidget(self.contours, 1, 1, 1, 2)
        self._opacity_name = muted(self.tr("Opacity"))
        lower.addWidget(self._opacity_name, 2, 0)
        lower.addWidget(self.opacity, 2, 1)
        lower.addWidget(self._percent, 2, 2)
        lower.addWidget(self.smooth, 3, 1, 1, 2)
        self._percent.setMinimumWidth(36)
        self.column.addLayout(lower)
        self.column.addStretch(1)

    def _connect(self) -> None:
        overlay = self._overlay
        # Qt gives a StrEnum back as plain text
        overlay.values_changed.connect(self._refresh_values)
        overlay.choice_changed.connect(self._refresh_choice)
        self.layer.activated.connect(lambda _i: overlay.choose(layer=OverlayLayer(self.layer.currentData())))
        self.block.activated.connect(lambda _i: overlay.choose(block=self.block.currentData()))
        self.head.activated.connect(lambda _i: overlay.choose(head=self.head.currentData()))
        self.scale.activated.connect(lambda _i: overlay.choose(scale=DisplayScale(self.scale.currentData())))
        self.colors.activated.connect(lambda _i: self._choose_colors())
        self.contours.activated.connect(lambda _i: overlay.choose(contours=self.contours.currentData()))
        self.fixed.toggled.connect(overlay.fix)
        self.hide_below.toggled.connect(lambda on: overlay.choose(hide_below=on))
        self.smooth.toggled.connect(lambda on: overlay.choose(smooth=on))
        self.opacity.valueChanged.connect(lambda value: overlay.choose(opacity=value / 100))
        self.histogram.range_changed.connect(lambda low, high: overlay.choose(limits=(low, high)))
        self._reset.clicked.connect(lambda: overlay.choose(limits=None, fixed=False))

    def _choose_colors(self) -> None:
        self._overlay.choose(**{"signed_colors" if self._overlay.signed else "colors": self.colors.currentText()})

    def _refresh_values(self) -> None:
        overlay = self._overlay
        result, grid = overlay.result, overlay.grid
        self._fill_heads()
        for layer, there in (
            (OverlayLayer.ATTENTION, result is not None),
            (OverlayLayer.HEAD, result is not None and result.layers.size > 0),
            *((layer, result is not None) for layer in ASKED_FOR),
            (OverlayLayer.SEEN, result is not None),
            (OverlayLayer.TISSUE, grid is not None),
        ):
            item = self.layer.model().item(self.layer.findData(layer))  # type: ignore[attr-defined]
            item.setEnabled(there)
        self._empty.setVisible(result is None)
        self._empty.setText(self._why_empty())
        self.layer.setEnabled(grid is not None)
        self.histogram.show_values(overlay.quantity, log=overlay.scale is DisplayScale.LOG)
        self._refresh_choice()

    def _why_empty(self) -> str:
        if self._overlay.outdated:
            return self.tr("The tiles have changed: run the model again to see where it looks.")
        if not self._overlay.has_slide:
            return self.tr("Open a slide to see where a model looked.")
        return self.tr("Run a model to see where it looked. How much of each tile is tissue can be shown without one.")

    def _fill_heads(self) -> None:
        result = self._overlay.result
        layers, heads = result.layers.shape[:2] if result is not None else (0, 0)
        if self.block.count() == layers and self.head.count() == heads + 1:
            return
        self.block.clear()
        for layer in range(layers):
            self.block.addItem(self.tr("layer {number}").format(number=layer + 1), layer)
        self.head.clear()
        self.head.addItem(self.tr("all heads"), -1)
        for head in range(heads):
            self.head.addItem(self.tr("head {number}").format(number=head + 1), head)

    def _refresh_choice(self) -> None:
        overlay, choice = self._overlay, self._overlay.choice
        by_head = choice.layer is OverlayLayer.HEAD
        _show(self.layer, choice.layer)
        _show(self.block, choice.block if choice.block >= 0 else self.block.count() - 1)
        _show(self.head, choice.head)
        self._offer_scales()
        self._offer_colors()
        _show(self.contours, choice.contours)
        self._head_row.setVisible(by_head)
        valued = overlay.has_values
        _set_visible(overlay.painted, self._opacity_name, self.opacity, self._percent)
        _set_visible(valued, self.histogram, self._colors_name, self.colors, self.smooth, self._range)
        _set_visible(valued, self._contours_name, self.contours, self.hide_below, self.fixed)
        _set_visible(valued and len(overlay.scales) > 1, self._scale_name, self.scale)
        for box, value in (
            (self.smooth, choice.smooth),
            (self.fixed, choice.fixed),
            (self.hide_below, choice.hide_below),
        ):
            box.blockSignals(True)
            box.setChecked(value)
            box.blockSignals(False)
        self.opacity.blockSignals(True)
        self.opacity.setValue(round(100 * choice.opacity))
        self.opacity.blockSignals(False)
        self._percent.setText(percent(choice.opacity))
        self._caption.setText(self._caption_text())
        self._caption.setVisible(bool(self._caption.text()))
        low, high = overlay.limits if valued else (0.0, 1.0)
        self.histogram.show_range(low, high)
        self.histogram.show_colors(overlay.table)
        self._reset.setVisible(choice.limits is not None)
        self._range.setText(self._range_text(low, high) if valued else "")
        self._range.setToolTip(overlay.label)

    def _offer_scales(self) -> None:
        """Offer the scales that the layer can be shown on."""
        for index in range(self.scale.count()):
            there = DisplayScale(self.scale.itemData(index)) in self._overlay.scales
            self.scale.model().item(index).setEnabled(there)  # type: ignore[attr-defined]
        _show(self.scale, self._overlay.scale)

    def _offer_colors(self) -> None:
        """Offer tables with a middle for values with a sign, tables from dark to bright for others."""
        wanted = SIGNED_TABLES if self._overlay.signed else COLOR_TABLES
        if tuple(self.colors.itemText(index) for index in range(self.colors.count())) != wanted:
            self.colors.clear()
            self.colors.addItems(list(wanted))
        self.colors.setCurrentText(self._overlay.colors)

    def _caption_text(self) -> str:
        if self._overlay.choice.layer is OverlayLayer.SEEN and self._overlay.result is not None:
            return color_words(self._overlay.result.color_share)
        return self._overlay.caption

    def _range_text(self, low: float, high: float) -> str:
        if self._overlay.choice.layer is OverlayLayer.TISSUE:
            said = self.tr("{low} to {high} tissue").format(low=percent(low), high=percent(high))
        else:
            scale = self._overlay.scale
            factor = 100 if scale is DisplayScale.RANK else 1
            unit = {DisplayScale.RANK: self.tr(" (percentile)"), DisplayScale.TIMES_UNIFORM: "×"}.get(scale, "")
            said = f"{signed(low * factor, '.3g')} – {signed(high * factor, '.3g')}{unit}"
        if not self._overlay.choice.hide_below:
            return said
        stay = self.tr("{shown} of {count} tiles").format(
            shown=number(self._overlay.shown()), count=number(self._overlay.values.size)
        )
        return f"{said}\n{stay}"


def color_words(share: float | None) -> str:
    """Say how much of what the model sees is color."""
    if share is None:
        return _tr("Each tile as the transformer gets it: the mean of its patches.")
    said = _tr(
        "Each tile as the transformer gets it: the mean of its patches. "
        "The mean color alone explains {share} of the variance of the tiles' tokens on this slide."
    )
    return said.format(share=color_percent(share))


def color_percent(share: float) -> str:
    """Write the share of the color, whose last percent is told by tenths."""
    return percent(share, ".1f" if share > 0.99 else ".0f")


def _set_visible(shown: bool, *widgets: QWidget) -> None:
    for widget in widgets:
        widget.setVisible(shown)


def _show(combo: QComboBox, data: object) -> None:
    index = combo.findData(data)
    if index >= 0 and index != combo.currentIndex():
        combo.setCurrentIndex(index)
