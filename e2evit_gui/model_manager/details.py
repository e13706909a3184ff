"""One model: what it is, its licence, where its weights are, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import heading, hero, line, muted
from e2evit_gui.model_manager.words import facts_of, link, state_of, tr
from e2evit_model.model_store.entries import Entry, Status
from e2evit_model.units import written_bytes

WIDTH = 400


class Details(QScrollArea):
    """Shows one model; its buttons ask."""

    accept_requested = Signal()
    download_requested = Signal()
    check_requested = Signal()
    remove_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setAccessibleName(tr("Model"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(WIDTH)
        self.title = hero("")
        self.title.setWordWrap(True)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.facts = muted()
        self.licence = QLabel()
        self.terms = _wrapped()
        self.notes = muted()
        self.links = QLabel()
        self.accepted = muted()
        self.state = _wrapped()
        self.accept = QPushButton(tr("Accept the licence"))
        self.download = QPushButton()
        self.check = QPushButton(tr("Check"))
        self.remove = QPushButton(tr("Remove…"))
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.licence.setStyleSheet("font-weight: 600;")
        self.links.setOpenExternalLinks(True)
        self.links.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.links.setWordWrap(True)
        self.download.setProperty("role", "primary")
        self.check.setToolTip(tr("Compare the file with its hash, and see whether it loads"))
        self._inside = QWidget()
        self._inside.setObjectName("panel")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addWidget(self.title)
        column.addWidget(self.facts)
        column.addWidget(line())
        column.addWidget(heading(tr("Licence")))
        for widget in (self.licence, self.terms, self.notes, self.links):
            column.addWidget(widget)
        self._accept_row = _row(self.accept)
        column.addWidget(self._accept_row)
        column.addWidget(self.accepted)
        column.addWidget(line())
        column.addWidget(heading(tr("Weights")))
        column.addWidget(self.state)
        column.addWidget(_row(self.download, self.check, self.remove))
        column.addStretch(1)
        self.setWidget(self._inside)

    def _connect(self) -> None:
        self.accept.clicked.connect(self.accept_requested)
        self.download.clicked.connect(self.download_requested)
        self.check.clicked.connect(self.check_requested)
        self.remove.clicked.connect(self.remove_requested)

    def show_entry(self, entry: Entry | None, *, busy: bool) -> None:
        """Show a model; while something runs nothing else can be begun."""
        self._inside.setVisible(entry is not None)
        if entry is None:
            return
        # a long name of timm may be broken after each of its parts
        self.title.setText(entry.title.replace("_", "_\u200b").replace(".", ".\u200b"))
        self.facts.setText(facts_of(entry))
        self.licence.setText(entry.licence.name)
        self.terms.setText(entry.licence.terms)
        described = entry.backbone or entry.network
        notes = described.notes if described is not None else ""
        self.notes.setText(notes)
        self.notes.setVisible(bool(notes))
        self.links.setText(_links(entry))
        self.links.setVisible(bool(self.links.text()))
        must_accept = entry.can_be_got and not entry.accepted
        self._accept_row.setVisible(must_accept)
        self.accepted.setVisible(bool(entry.accepted))
        self.accepted.setText(tr("Accepted by you on {day}.").format(day=entry.accepted[:10]) if entry.accepted else "")
        self.state.setText(state_of(entry))
        self._show_buttons(entry, busy=busy)

    def _show_buttons(self, entry: Entry, *, busy: bool) -> None:
        gone_on = entry.status is Status.BEGUN
        words = tr("Go on with the download") if gone_on else tr("Download, about {size}")
        self.download.setText(words.format(size=written_bytes(entry.size)))
        self.download.setVisible(entry.can_be_got)
        self.download.setEnabled(not busy and bool(entry.accepted))
        self.download.setToolTip("" if entry.accepted else tr("Accept the licence first"))
        self.accept.setEnabled(not busy)
        self.check.setVisible(entry.is_here)
        self.check.setEnabled(not busy)
        self.remove.setVisible(entry.is_here or gone_on or entry.own is not None)
        self.remove.setEnabled(not busy)


def _links(entry: Entry) -> str:
    found = []
    if entry.licence.url:
        found.append(link(entry.licence.url, tr("Text of the licence")))
    if entry.source is not None and entry.source.repo:
        found.append(link(entry.source.page, tr("Page of the model")))
    return " &nbsp;·&nbsp; ".join(found)


def _wrapped() -> QLabel:
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


def _row(*buttons: QPushButton) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 2, 0, 2)
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    return box
