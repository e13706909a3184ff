"""IMAGE: what is known of the slide, and the question for its resolution when the file does not say it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from e2evit_gui.slide_page.panel import Facts, Panel, muted, number
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.state.session import Session
from e2evit_gui.state.written import percent
from e2evit_model.errors import ResolutionError
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.units import check_mpp, objective_of


class ImagePanel(Panel):
    """Show size, resolution and its source, scanner, format, tissue; ``mpp_given`` carries what the user typed."""

    mpp_given = Signal(float)

    def __init__(self, session: Session, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._presenter = session, presenter
        self._empty = muted(self.tr("No slide is open."))
        self.facts = Facts()
        first = (self.tr("Resolution"), self.tr("Objective"), self.tr("Size"), self.tr("Extent"), self.tr("Tissue"))
        for name in first:
            self.facts.add(name)
        self._question = self._make_question()
        self._change = QPushButton(self.tr("Change the resolution…"))
        self._change.setProperty("role", "flat")
        self._change.clicked.connect(self._ask_again)
        for widget in (self._empty, self.facts, self._question):
            self.column.addWidget(widget)
        self.column.addWidget(self._change, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)
        session.slide_changed.connect(self._refresh)
        session.mask_changed.connect(self._refresh_tissue)
        self._refresh()

    def _make_question(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 0)
        self._why = QLabel()
        self._why.setProperty("role", "warning")
        self._why.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setPlaceholderText("0.25")
        self.field.setAccessibleName(self.tr("Resolution of the slide in micrometres per pixel"))
        self.field.returnPressed.connect(self._take)
        use = QPushButton(self.tr("Use"))
        use.clicked.connect(self._take)
        row = QHBoxLayout()
        row.addWidget(self.field, 1)
        row.addWidget(muted("µm/px"))
        row.addWidget(use)
        self.error = QLabel()
        self.error.setProperty("role", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        column.addWidget(self._why)
        column.addLayout(row)
        column.addWidget(self.error)
        return box

    def _refresh(self) -> None:
        slide = self._session.slide
        self._empty.setVisible(slide is None)
        self.facts.setVisible(slide is not None)
        self._question.setVisible(slide is not None and slide.info.mpp is None)
        self._change.setVisible(slide is not None and slide.info.mpp is not None)
        self.error.hide()
        self.field.clear()
        if slide is not None:
            self._why.setText(
                self.tr(
                    "The file does not say how large a pixel is, so no tiles can be laid. "
                    "A 40× scan has about 0.25 µm per pixel, a 20× scan about 0.5."
                )
            )
            self._show(slide.info)
        self._refresh_tissue()

    def _show(self, info: SlideInfo) -> None:
        tiles = self._presenter.tiles
        resolution = self.tr("unknown")
        if info.mpp is not None:
            source = {"user": self.tr("given by you"), "file": self.tr("from the file")}.get(
                info.mpp_source, info.mpp_source
            )
            resolution = f"{info.mpp:.4g} µm/px ({source})"
        objective = ""
        if info.objective is not None:
            objective = f"{info.objective:g}×"
        elif info.mpp is not None:
            objective = self.tr("about {power:.3g}×").format(power=objective_of(info.mpp))
        rows = {
            self.tr("Resolution"): resolution,
            self.tr("Objective"): objective,
            self.tr("Size"): f"{number(info.width)} × {number(info.height)} px",
            self.tr("Extent"): _extent(info),
            self.tr("Scanner"): info.scanner,
            self.tr("Format"): info.format,
            self.tr("Reader"): info.reader,
            self.tr("Levels"): str(len(info.levels)),
            self.tr("Note"): " ".join(
                part for part in (*info.notes, tiles.pyramid.note if tiles is not None else "") if part
            ),
        }
        for name, text in rows.items():
            self.facts.show_value(name, text)

    def _refresh_tissue(self) -> None:
        mask = self._session.mask
        area = mask.area_mm2() if mask is not None else None
        text = ""
        if mask is not None and area is None:
            text = self.tr("{share} of the slide").format(share=percent(float(mask.tissue.mean()), ".2g"))
        elif area is not None:
            text = self.tr("{area:.3g} mm² (outline)").format(area=area)
        self.facts.show_value(self.tr("Tissue"), text)

    def _ask_again(self) -> None:
        slide = self._session.slide
        if slide is not None and slide.info.mpp is not None:
            self._why.setText(self.tr("Give the right value where the file says a wrong one."))
            self.field.setText(f"{slide.info.mpp:.4g}")
            self._question.show()
            self._change.hide()
            self.field.setFocus()
            self.field.selectAll()

    def _take(self) -> None:
        text = self.field.text().strip().replace(",", ".")
        try:
            mpp = check_mpp(float(text))
        except ValueError:
            self._refuse(self.tr('"{text}" is not a number.').format(text=text) if text else self.tr("Give a number."))
        except ResolutionError as error:
            self._refuse(f"{error.message} {error.hint}")
        else:
            self.error.hide()
            self.mpp_given.emit(mpp)

    def _refuse(self, text: str) -> None:
        self.error.setText(text)
        self.error.show()


def _extent(info: SlideInfo) -> str:
    if info.mpp is None:
        return ""
    return f"{info.width * info.mpp / 1000:.3g} × {info.height * info.mpp / 1000:.3g} mm"
