"""How the strip is read, on the page of the model: detail with its price, merger, tokens, positions, read-out, and what follows."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from e2evit_gui.forms.detail_field import DetailField
from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.jobs.devices import gpu_at_hand
from e2evit_gui.training_wizard.words import count, tr, worded_form
from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.settings import Device, Merger, ReadOut
from e2evit_model.errors import OptionError
from e2evit_model.inference.price import kept_bytes
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.units import written_bytes

_SHOWN = ("merge_after", "merger", "tokens_per_tile", "split", "positions", "distance", "read_out", "kept_tokens")
USUAL_TILES = 2000
"""Tiles of a slide while none of the cohort was looked at."""


class ReadingPart(QWidget):
    """``changed`` carries other conversion settings."""

    changed = Signal(object)

    def __init__(self, config: TrainingConfig, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = worded_form(config.conversion, _SHOWN, makers={"merge_after": DetailField})
        self.form.changed.connect(self.changed)
        self.price = muted()
        self.follows = muted()
        self.refused = Sentence()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(heading(tr("How the strip is read")))
        for widget in (self.form, self.refused, self.price, self.follows):
            column.addWidget(widget)

    def refuse(self, error: OptionError | None) -> None:
        """Say why a choice was not taken; None takes that back."""
        self.refused.say(error.message if error else "", error.hint if error else "")

    def blocked(self, backbone: Backbone | None) -> str:
        """Say what keeps these settings from being used with a backbone."""
        after = self.form.settings.merge_after
        if not self.form.valid:
            return tr("A setting is outside its limits.")
        if backbone is not None and after > backbone.depth:
            return tr("{title} has {depth} blocks, so tiles cannot be merged after block {after}.").format(
                title=backbone.title, depth=backbone.depth, after=after
            )
        return ""

    def show_config(self, config: TrainingConfig, backbone: Backbone | None, *, tiles: int, slides: int) -> None:
        """Show what was chosen, and what it takes on a slide of so many ``tiles`` (0: not known yet) and of all ``slides``."""
        detail = self.form.fields["merge_after"]
        if isinstance(detail, DetailField):
            gpu = config.device is not Device.CPU and gpu_at_hand()
            detail.offer(backbone, tiles or USUAL_TILES, config.conversion, gpu=gpu)
        self.form.show_settings(config.conversion)
        learns = config.method is Method.FINE_TUNE
        self.form.fields["merger"].forbid(
            Merger.ATTENTION,
            "" if learns else tr("The attention merger is learned, and linear probing leaves the model as it is."),
        )
        brings = backbone is None or backbone.id == "conch" or config.conversion.read_out is ReadOut.POOLER
        self.form.fields["read_out"].forbid(
            ReadOut.POOLER, "" if brings else tr("Only CONCH's own weight file brings a pooler.")
        )
        self.price.setText(_price_said(tiles))
        self.follows.setText(" ".join([*config.sentences, *_kept_said(config, backbone, tiles=tiles, slides=slides)]))
        self.follows.setVisible(bool(self.follows.text()))


def _price_said(tiles: int) -> str:
    if tiles:
        return tr(
            "Seconds and memory of detail are of one slide of {tiles} tiles, the mean of those on the page of the tiles."
        ).format(tiles=count(tiles))
    return tr("Seconds and memory of detail are of one slide of {tiles} tiles.").format(tiles=count(USUAL_TILES))


def _kept_said(config: TrainingConfig, backbone: Backbone | None, *, tiles: int, slides: int) -> list[str]:
    if backbone is None or not tiles or not slides or not config.conversion.needs_pixels:
        return []
    side = config.tiles.tile_px or backbone.tile_px
    need = slides * kept_bytes(tiles, backbone, config.conversion, training=True, tile_px=side)
    return [
        tr("Tokens kept on disk: about {need} for {slides} slides.").format(need=written_bytes(need), slides=slides)
    ]
