"""3 Tiles: mask, resolution, size; what the masks look like; how much disk it takes."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import Sentence, heading, muted
from e2evit_gui.training_wizard.contact_sheet import ContactSheet
from e2evit_gui.training_wizard.page import Page
from e2evit_gui.training_wizard.presenter import WizardPresenter
from e2evit_gui.training_wizard.slide_presenter import Card, SlidePresenter
from e2evit_gui.training_wizard.words import tr, worded_form
from e2evit_model.cohort.cohort import Cohort
from e2evit_model.training.config import TileSettings
from e2evit_model.units import written_bytes

_SHOWN = ("mpp", "tissue_fraction", "order", "tile_mpp", "tile_px", "damaged_share")


class TilesPage(Page):
    """``slide_requested`` carries the path of a slide, and the resolution that the user gave for it or None."""

    slide_requested = Signal(object, object)

    def __init__(self, presenter: WizardPresenter, slides: SlidePresenter, parent: QWidget | None = None) -> None:
        super().__init__(
            tr("Tiles"),
            tr(
                "How tissue is found and cut into tiles; stored with the model, which will read every later slide the same way. "
                "Look at the masks: click a slide to open it."
            ),
            parent,
        )
        self._presenter, self._slides = presenter, slides
        self._turn = 0
        self._of: Cohort | None = None
        self._seen: tuple[object, ...] = ()
        self.tissue = QComboBox()
        self.tissue.setAccessibleName(tr("Tissue"))
        self.tissue.addItem(tr("Found by color (Otsu)"), "otsu")
        self.tissue.addItem(tr("GrandQC"), "grandqc")
        self.tissue.addItem(tr("GrandQC without artefacts"), "grandqc-artefacts")
        self.tissue.addItem(tr("The whole picture"), "all")
        self.form = worded_form(presenter.draft.config.tiles, _SHOWN)
        self.sheet = ContactSheet()
        self.sheet_state = muted()
        self.faults = Sentence("warning")
        self.others = QPushButton(tr("Show others"))
        self.disk = muted()
        self.disk_error = Sentence()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(heading(tr("Tissue and tiles")))
        row = QGridLayout()
        row.addWidget(QLabel(tr("Tissue")), 0, 0)
        row.addWidget(self.tissue, 0, 1)
        row.setColumnStretch(1, 1)
        left.addLayout(row)
        left.addWidget(self.form)
        left.addSpacing(10)
        left.addWidget(heading(tr("Disk")))
        left.addWidget(self.disk)
        left.addWidget(self.disk_error)
        left.addStretch(1)
        narrow = QWidget()
        narrow.setLayout(left)
        left.setContentsMargins(0, 0, 0, 0)
        narrow.setFixedWidth(300)
        right = QVBoxLayout()
        right.setSpacing(8)
        title = QHBoxLayout()
        title.addWidget(heading(tr("Masks")))
        title.addWidget(self.sheet_state, 1)
        title.addWidget(self.others)
        right.addLayout(title)
        right.addWidget(self.faults)
        right.addWidget(self.sheet)
        right.addStretch(1)
        whole = QHBoxLayout()
        whole.setSpacing(24)
        whole.addWidget(narrow)
        whole.addLayout(right, 1)
        self.column.addLayout(whole, 1)

    def _connect(self) -> None:
        slides = self._slides
        self.tissue.activated.connect(self._tissue_chosen)
        self.form.changed.connect(self._edited)
        self.watch(self.form)
        self.others.clicked.connect(self._show_others)
        self.sheet.chosen.connect(self._card_chosen)
        slides.cards_begun.connect(self.sheet.begin)
        slides.card_made.connect(self._card_made)
        slides.cards_ended.connect(self._show_state)
        slides.disk_changed.connect(self._show_disk)
        slides.progressed.connect(self._progressed)
        self._presenter.draft_changed.connect(self._show_settings)

    def entered(self) -> None:
        """Look at the slides, unless nothing has changed since the last time."""
        self._show_settings()
        self._look()

    def blocked(self) -> str:
        """Say which setting is wrong."""
        return "" if self.form.valid else tr("A setting is outside its limits.")

    def _settings(self) -> TileSettings:
        return self._presenter.draft.config.tiles

    def _show_settings(self) -> None:
        tiles = self._settings()
        if self.form.settings != tiles:
            self.form.show_settings(tiles)
        self.tissue.setCurrentIndex(max(self.tissue.findData(tiles.tissue), 0))
        mpp, side = self._slides.tile_of(replace(self._presenter.draft.config, tiles=TileSettings()))
        self.form.suggest({"tile_mpp": f"{mpp:g}", "tile_px": str(side), "mpp": tr("files")})

    def _tissue_chosen(self, _index: int) -> None:
        self._edited(replace(self.form.settings, tissue=str(self.tissue.currentData())))

    def _edited(self, tiles: TileSettings) -> None:
        self._presenter.choose_config(replace(self._presenter.draft.config, tiles=tiles))
        self._slides.forget_dry_run()
        self.blocked_changed.emit()
        self._look()

    def _look(self) -> None:
        """Make the cards and ask for the disk again when something changed."""
        cohort, config = self._presenter.cohort, self._presenter.draft.config
        asked = (config.tiles, self._slides.tile_of(config), self._turn)
        if cohort is None or (cohort is self._of and asked == self._seen):
            return
        self._of, self._seen = cohort, asked
        self._slides.show_sheet(cohort, config, self._turn)
        self._slides.ask_disk(cohort, config)
        self._show_state()

    def _show_others(self) -> None:
        self._turn += 1
        self._look()

    def _card_made(self, sheet: int, card: Card) -> None:
        if sheet == self._slides.sheet:
            self.sheet.show_card(card)
            self._show_state()

    def _card_chosen(self, card: Card) -> None:
        self.slide_requested.emit(card.path, self._settings().mpp)

    def _show_state(self) -> None:
        cohort = self._presenter.cohort
        total = len(cohort.slides) if cohort is not None else 0
        shown = [card.card for card in self.sheet.cards if card.card is not None]
        text = tr("{n} of {total} slides").format(n=len(self.sheet.cards), total=total)
        if self._slides.looking:
            text = tr("looking at slide {n} of {total}…").format(n=len(shown) + 1, total=len(self.sheet.cards))
        self.sheet_state.setText(text)
        self.others.setVisible(total > len(self.sheet.cards))
        faulty = [card for card in shown if card.message]
        if faulty:
            first = faulty[0]
            self.faults.say(
                tr("{n} of these slides cannot be used. {name}: {why}").format(
                    n=len(faulty), name=first.slide_id, why=first.message
                ),
                first.hint,
            )
        else:
            self.faults.say("")

    def _show_disk(self) -> None:
        need = self._slides.disk
        self.disk_error.explain(self._slides.failures.get("disk"))
        if need is not None:
            text = tr("Preparing the slides takes at most {need}; {free} are free.").format(
                need=written_bytes(need.at_most), free=written_bytes(need.free)
            )
            self.disk.setText(text)
            if need.at_most > need.free:
                self.disk_error.say(tr("That may not suffice."), tr("Free some space, or choose larger tiles."))
        elif self._slides.asking("disk"):
            self.disk.setText(tr("Looking at the size of all slides…"))
        else:
            self.disk.setText("")

    def _progressed(self, kind: str, _step: str, done: int, total: int) -> None:
        if kind == "disk" and total:
            self.disk.setText(tr("Looking at the size of all slides: {done} of {total}").format(done=done, total=total))
