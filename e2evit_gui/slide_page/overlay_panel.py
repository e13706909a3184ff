"""OVERLAY: what is painted over the slide, and how."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QSlider, QWidget

from e2evit_gui.forms.histogram import HistogramRange
from e2evit_gui.slide_page.panel import Panel, muted
from e2evit_gui.state.overlay import Overlay, OverlayLayer
from e2evit_model.overlay.colors import COLOR_TABLES, color_table
from e2evit_model.overlay.values import DisplayScale


class OverlayPanel(Panel):
    """Layer, scale, range on a histogram, colors, smoothing, opacity; each change is seen at once."""

    def __init__(self, overlay: Overlay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._overlay = overlay
        self._empty = muted(
            self.tr("Run a model to see where it looked. The tissue fraction of the tiles can be shown before."),
            wrap=True,
        )
        self.layer = self._combo(self.tr("Layer"))
        for layer, text in (
            (OverlayLayer.ATTENTION, self.tr("Attention, last layer")),
            (OverlayLayer.HEAD, self.tr("Attention, layer and head")),
            (OverlayLayer.SEEN, self.tr("What the model sees")),
            (OverlayLayer.TISSUE, self.tr("Tissue in the tile")),
        ):
            self.layer.addItem(text, layer)
        self.block = self._combo(self.tr("Transformer layer"))
        self.head = self._combo(self.tr("Attention head"))
        self.scale = self._combo(self.tr("Scale"))
        for scale, text in (
            (DisplayScale.RANK, self.tr("Rank")),
            (DisplayScale.CLIPPED, self.tr("Clipped")),
            (DisplayScale.TIMES_UNIFORM, self.tr("Times uniform")),
            (DisplayScale.LOG, self.tr("Logarithmic")),
        ):
            self.scale.addItem(text, scale)
        self.histogram = HistogramRange()
        self._range = QLabel()
        self._reset = QPushButton(self.tr("Whole range"))
        self._reset.setProperty("role", "flat")
        self.colors = self._combo(self.tr("Colors"))
        self.colors.addItems(list(COLOR_TABLES))
        self.smooth = QCheckBox(self.tr("Smooth between tiles"))
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setRange(0, 100)
        self.opacity.setAccessibleName(self.tr("Opacity"))
        self._percent = muted()
        self._caption = muted(self.tr("Attention is where the model looked, not why."), wrap=True)
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
        self.column.addWidget(self.histogram)
        row = QHBoxLayout()
        row.addWidget(self._range, 1)
        row.addWidget(self._reset)
        self.column.addLayout(row)
        lower = QGridLayout()
        lower.setHorizontalSpacing(10)
        lower.setVerticalSpacing(6)
        lower.setColumnStretch(1, 1)
        self._colors_name = muted(self.tr("Colors"))
        lower.addWidget(self._colors_name, 0, 0)
        lower.addWidget(self.colors, 0, 1, 1, 2)
        self._opacity_name = muted(self.tr("Opacity"))
        lower.addWidget(self._opacity_name, 1, 0)
        lower.addWidget(self.opacity, 1, 1)
        lower.addWidget(self._percent, 1, 2)
        lower.addWidget(self.smooth, 2, 1, 1, 2)
        self._percent.setMinimumWidth(36)
        self.column.addLayout(lower)
        self.column.addWidget(self._caption)
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
        self.colors.activated.connect(lambda _i: overlay.choose(colors=self.colors.currentText()))
        self.smooth.toggled.connect(lambda on: overlay.choose(smooth=on))
        self.opacity.valueChanged.connect(lambda value: overlay.choose(opacity=value / 100))
        self.histogram.range_changed.connect(lambda low, high: overlay.choose(limits=(low, high)))
        self._reset.clicked.connect(lambda: overlay.choose(limits=None))

    def _refresh_values(self) -> None:
        overlay = self._overlay
        result, grid = overlay.result, overlay.grid
        self._fill_heads()
        for layer, there in (
            (OverlayLayer.ATTENTION, result is not None),
            (OverlayLayer.HEAD, result is not None and result.layers.size > 0),
            (OverlayLayer.SEEN, result is not None),
            (OverlayLayer.TISSUE, grid is not None),
        ):
            item = self.layer.model().item(self.layer.findData(layer))  # type: ignore[attr-defined]
            item.setEnabled(there)
        self._empty.setVisible(result is None)
        self.histogram.show_values(overlay.quantity, log=overlay.scale is DisplayScale.LOG)
        self._refresh_choice()

    def _fill_heads(self) -> None:
        result = self._overlay.result
        layers, heads = result.layers.shape[:2] if result is not None else (0, 0)
        if self.block.count() == layers and self.head.count() == heads + 1:
            return
        self.block.clear()
        for number in range(layers):
            self.block.addItem(self.tr("layer {number}").format(number=number + 1), number)
        self.head.clear()
        self.head.addItem(self.tr("all heads"), -1)
        for number in range(heads):
            self.head.addItem(self.tr("head {number}").format(number=number + 1), number)

    def _refresh_choice(self) -> None:
        overlay, choice = self._overlay, self._overlay.choice
        by_head = choice.layer is OverlayLayer.HEAD
        _show(self.layer, choice.layer)
        _show(self.block, choice.block if choice.block >= 0 else self.block.count() - 1)
        _show(self.head, choice.head)
        _show(self.scale, overlay.scale)
        self.colors.setCurrentText(choice.colors)
        self._head_row.setVisible(by_head)
        valued = overlay.has_values
        painted = valued or (choice.layer is OverlayLayer.SEEN and overlay.result is not None)
        _set_visible(painted, self._opacity_name, self.opacity, self._percent)
        _set_visible(valued, self.histogram, self._colors_name, self.colors, self.smooth, self._range)
        _set_visible(valued and choice.layer is not OverlayLayer.TISSUE, self._scale_name, self.scale)
        for box, value in ((self.smooth, choice.smooth),):
            box.blockSignals(True)
            box.setChecked(value)
            box.blockSignals(False)
        self.opacity.blockSignals(True)
        self.opacity.setValue(round(100 * choice.opacity))
        self.opacity.blockSignals(False)
        self._percent.setText(f"{choice.opacity:.0%}")
        self._caption.setVisible(choice.layer in (OverlayLayer.ATTENTION, OverlayLayer.HEAD) and valued)
        low, high = overlay.limits if valued else (0.0, 1.0)
        self.histogram.show_range(low, high)
        self.histogram.show_colors(color_table(choice.colors))
        self._reset.setVisible(choice.limits is not None)
        self._range.setText(self._range_text(low, high) if valued else "")

    def _range_text(self, low: float, high: float) -> str:
        if self._overlay.choice.layer is OverlayLayer.TISSUE:
            return self.tr("{low:.0%} to {high:.0%} tissue").format(low=low, high=high)
        scale = self._overlay.scale
        factor = 100 if scale is DisplayScale.RANK else 1
        self._range.setToolTip(self._overlay.label)
        unit = {DisplayScale.RANK: self.tr(" (percentile)"), DisplayScale.TIMES_UNIFORM: "×"}.get(scale, "")
        return f"{low * factor:.3g} – {high * factor:.3g}{unit}"


def _set_visible(shown: bool, *widgets: QWidget) -> None:
    for widget in widgets:
        widget.setVisible(shown)


def _show(combo: QComboBox, data: object) -> None:
    index = combo.findData(data)
    if index >= 0 and index != combo.currentIndex():
        combo.setCurrentIndex(index)
