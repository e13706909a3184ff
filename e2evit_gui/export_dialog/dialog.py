"""The export dialog."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.export_dialog.preview import Preview
from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.forms.texts import Sentence, muted
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.worker import Worker
from e2evit_model.cli.typed import analysis_words, changed_flags, model_words, one_line
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import describe
from e2evit_model.progress import Progress
from e2evit_model.report.exports import ENDINGS, ExportedSlide, ExportKind, export
from e2evit_model.report.slide_figure import FigureSettings
from e2evit_model.report.tile_layers import OF_OCCLUSION, LayerSettings

PAUSE_MS = 250
"""The preview waits for the hand to rest."""


PICTURES = (ExportKind.FIGURE, ExportKind.HEATMAP)
"""Kinds with settings and a preview."""

LAYER_FIELDS = tuple(info.name for info in describe(LayerSettings))


class ExportDialog(QDialog):
    """Choose what to export and where to; ``exported`` carries the path of the file."""

    exported = Signal(object)

    def __init__(
        self,
        slides: Sequence[ExportedSlide],
        model: ModelChoice | None,
        parent: QWidget | None = None,
        *,
        settings: FigureSettings | None = None,
        analysis: AnalysisSettings | None = None,
    ) -> None:
        """Offer what can be exported of the slides.

        ``settings`` are those to begin with, of the overlay on screen; ``analysis`` those that the slides were analyzed with.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export"))
        self._slides, self._model, self._analysis = list(slides), model, analysis or AnalysisSettings()
        self._worker: Worker | None = None
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("What is exported"))
        for kind, text in self._kinds():
            self.kind.addItem(text, kind)
        self.format = QComboBox()
        self.format.setAccessibleName(self.tr("Format of the file"))
        self.format.setMinimumContentsLength(8)
        self.setMinimumWidth(560)
        self.what = muted()
        shown = settings or FigureSettings()
        self.form = OptionsForm(shown)
        self.layer_form = OptionsForm(LayerSettings(**{name: getattr(shown, name) for name in LAYER_FIELDS}))
        self.preview = Preview()
        self.said = Sentence()
        self.bar = QProgressBar()
        self.bar.hide()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._draw)
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.form.changed.connect(lambda _settings: self._pause.start())
        self.layer_form.changed.connect(lambda _settings: self._pause.start())
        self._kind_chosen()

    def _kinds(self) -> list[tuple[ExportKind, str]]:
        """Return what can be exported: of several slides, only what has a row or a part for each."""
        of_many = [
            (ExportKind.REPORT, self.tr("Report")),
            (ExportKind.RISK, self.tr("Risk, as a table")),
            (ExportKind.EMBEDDING, self.tr("Embedding, as a table")),
        ]
        if len(self._slides) > 1:
            return of_many
        found = [
            (ExportKind.FIGURE, self.tr("Figure of the slide")),
            (ExportKind.HEATMAP, self.tr("Heat map that lies on the slide")),
            *of_many,
        ]
        found.append((ExportKind.TILES, self.tr("Tiles with their attention")))
        if self._slides and self._slides[0].regions:
            found.append((ExportKind.REGIONS, self.tr("Regions with their measurements")))
        return found

    def _lay_out(self) -> None:
        top = QGridLayout()
        top.addWidget(QLabel(self.tr("Export")), 0, 0)
        top.addWidget(self.kind, 0, 1)
        top.addWidget(QLabel(self.tr("as")), 0, 2)
        top.addWidget(self.format, 0, 3)
        top.setColumnStretch(1, 1)
        self._forms = QStackedWidget()
        for form in (self.form, self.layer_form):
            scroll = QScrollArea()
            scroll.setWidgetResizable(True)
            scroll.setWidget(form)
            scroll.setFrameShape(QFrame.Shape.NoFrame)
            scroll.setMinimumWidth(320)
            form.setContentsMargins(0, 0, 14, 0)
            self._forms.addWidget(scroll)
        self._figure = QWidget()
        figure = QHBoxLayout(self._figure)
        figure.setContentsMargins(0, 0, 0, 0)
        figure.addWidget(self._forms)
        figure.addWidget(self.preview, 1)
        self.write = QPushButton(self.tr("Export…"))
        self.write.setProperty("role", "primary")
        self.write.clicked.connect(self._choose)
        self.copy = QPushButton(self.tr("Copy as command"))
        self.copy.clicked.connect(self._copy)
        self.copied = muted()
        self.shut = QPushButton(self.tr("Close"))
        self.shut.clicked.connect(self._cancel_or_close)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(self.copied)
        row.addWidget(self.bar, 1)
        row.addStretch(1)
        row.addWidget(self.shut)
        row.addWidget(self.write)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.what)
        column.addWidget(self._figure, 1)
        column.addWidget(self.said)
        column.addLayout(row)

    @property
    def chosen(self) -> ExportKind:
        """What is exported."""
        return ExportKind(self.kind.currentData())

    @property
    def busy(self) -> bool:
        """Whether a file is being written, or a preview drawn."""
        return self._worker is not None or self.preview.busy or self._pause.isActive()

    def _kind_chosen(self) -> None:
        kind = self.chosen
        self.format.clear()
        self.format.addItems([ending[1:] for ending in ENDINGS[kind]])
        count = self.tr("{count} slides. ").format(count=len(self._slides)) if len(self._slides) > 1 else ""
        self.what.setText(count + self._explained()[kind])
        self._figure.setVisible(kind in PICTURES)
        self._forms.setCurrentIndex(int(kind is ExportKind.HEATMAP))
        self.said.say("")
        self.copied.setText("")
        if kind in PICTURES:
            self._pause.start()
        self.adjustSize()

    def _explained(self) -> dict[ExportKind, str]:
        return {
            ExportKind.FIGURE: self.tr("PNG for a screen, SVG or PDF for a paper: text and lines stay editable there."),
            ExportKind.HEATMAP: self.tr(
                "Values and colors as an OME-TIFF pyramid, aligned with the slide: for QuPath, napari and other viewers."
            ),
            ExportKind.REPORT: self.tr("Risk, figure, regions and how all of it was made, on one page."),
            ExportKind.RISK: self.tr("Risk, its spread, percentile, group and S(t); one row a slide."),
            ExportKind.EMBEDDING: self.tr("What the model says of the whole slide, as numbers; .h5ad is AnnData."),
            ExportKind.TILES: self.tr("One row a tile in the order of the strip; GeoJSON opens in QuPath."),
            ExportKind.REGIONS: self.tr("Classes, areas, share of attention, notes; GeoJSON opens in QuPath."),
        }

    @property
    def settings(self) -> FigureSettings:
        """What was chosen for a picture; for a heat map its layer, on a figure with nothing else on it."""
        if self.chosen is not ExportKind.HEATMAP:
            return self.form.settings
        return FigureSettings(
            **self.layer_form.settings.to_record(), opacity=1, caption=False, scale_bar=False, draw_regions=False
        )

    def _draw(self) -> None:
        form = self.layer_form if self.chosen is ExportKind.HEATMAP else self.form
        if self.chosen in PICTURES and form.valid:
            self.preview.ask(self._slides[0], self.settings)

    # writing

    def _choose(self) -> None:
        ending = self.format.currentText()
        name, _ = QFileDialog.getSaveFileName(
            self, self.tr("Export"), f"{self.chosen.value}.{ending}", f"{ending.upper()} (*.{ending})"
        )
        if name:
            path = Path(name)
            known = any(path.name.lower().endswith(one) for one in ENDINGS[self.chosen])
            self.export_to(path if known else path.with_name(f"{path.name}.{ending}"))

    def export_to(self, path: Path) -> None:
        """Write the file in a thread."""
        if self._worker is not None:
            return
        kind, slides, settings = self.chosen, self._slides, self.settings

        def task(progress: Progress) -> Path:
            return export(kind, slides, path, figure=settings, progress=progress)[0]

        self._worker = Worker(task, name="export")
        self._worker.progressed.connect(self._progressed)
        self._worker.succeeded.connect(self._written)
        self._worker.failed.connect(self._failed)
        self._worker.cancelled.connect(self._end)
        self.said.say("")
        self.bar.setRange(0, 0)
        self.bar.show()
        self.write.setEnabled(False)
        self.shut.setText(self.tr("Cancel"))
        self._worker.begin()

    @Slot(str, int, int)
    def _progressed(self, _step: str, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    @Slot(object)
    def _written(self, path: Path) -> None:
        self._end()
        self.exported.emit(path)
        self.accept()

    @Slot(object)
    def _failed(self, failure: Failure) -> None:
        self._end()
        self.said.explain(failure)

    @Slot()
    def _end(self) -> None:
        self._worker = None
        self.bar.hide()
        self.write.setEnabled(True)
        self.shut.setText(self.tr("Close"))

    def _cancel_or_close(self) -> None:
        if self._worker is not None:
            self._worker.cancel()
        else:
            self.reject()

    def _copy(self) -> None:
        with_regions = len(self._slides) == 1 and bool(self._slides[0].regions)
        words = ["e2evit", "export", self.chosen.value, *(str(one.path) for one in self._slides)]
        words += [
            *model_words(self._model),
            *analysis_words(self._analysis, regions=with_regions),
            "--out",
            f"{self.chosen.value}.{self.format.currentText()}",
        ]
        if self.chosen in PICTURES:
            words += changed_flags(
                self.layer_form.settings if self.chosen is ExportKind.HEATMAP else self.form.settings
            )
            found = self._slides[0].occlusion
            if found is not None and self.settings.layer in OF_OCCLUSION:
                words += ["--side", str(found.squares.side)]
        QGuiApplication.clipboard().setText(one_line(words))
        said = self.tr("The command was copied.")
        if with_regions:
            said += " " + self.tr("Export the regions as regions.geojson for it.")
        self.copied.setText(said)

    def done(self, code: int) -> None:
        """Stop what runs."""
        self._pause.stop()
        self.preview.stop()
        if self._worker is not None:
            self._worker.cancel()
        super().done(code)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Close as Close does."""
        self.done(QDialog.DialogCode.Rejected)
        super().closeEvent(event)
