"""RISK: the score and its place among the training cohort, its spread, S(t), and the tiles that got most attention."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from e2evit_gui.forms.texts import heading, line
from e2evit_gui.slide_page.member_dots import MemberDots
from e2evit_gui.slide_page.panel import Facts, Panel, muted
from e2evit_gui.slide_page.presenter import Presenter
from e2evit_gui.slide_page.survival_plot import SurvivalPlot
from e2evit_gui.state.overlay import Overlay
from e2evit_gui.state.session import Session
from e2evit_gui.state.written import signed
from e2evit_gui.theme import icons
from e2evit_gui.viewer.thumbnails import Thumbnails
from e2evit_model.inference.result import SlideResult
from e2evit_model.survival.prediction import SurvivalPrediction

TOP = 12


class RiskPanel(Panel):
    """Score or why there is none; never a bare probability. ``tile_requested``: go to this tile on the slide."""

    tile_requested = Signal(int)

    def __init__(self, session: Session, overlay: Overlay, presenter: Presenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._overlay, self._presenter = session, overlay, presenter
        self._ranking: list[int] = []
        self.empty = muted(wrap=True)
        self.score = QLabel()
        self.score.setProperty("role", "score")
        self.place = QLabel()
        self.place.setWordWrap(True)
        self.why = muted(wrap=True)
        self.demonstration = QLabel()
        self.demonstration.setProperty("role", "warning")
        self.demonstration.setWordWrap(True)
        self._folds_name = muted(wrap=True)
        self.folds = MemberDots()
        self._curve_name = muted(self.tr("Survival, S(t)"))
        self.curve = SurvivalPlot()
        self.facts = Facts()
        self._top = self._make_top()
        said: tuple[QWidget, ...] = (self.empty, self.demonstration, self.score, self.place, self.why)
        drawn: tuple[QWidget, ...] = (self._folds_name, self.folds, self._curve_name, self.curve, self._top)
        self._line = line()
        for widget in (*said, *drawn, self._line, self.facts):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        self._connect()
        self._refresh()

    def _make_top(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        self.thumbnails = Thumbnails()
        self.thumbnails.setAccessibleName(self.tr("Tiles with the highest values"))
        row = QHBoxLayout()
        self._top_name = heading(self.tr("Top tiles"))
        row.addWidget(self._top_name, 1)
        for icon, text, step in (
            ("previous", self.tr("Previous top tile ([)"), -1),
            ("next", self.tr("Next top tile (])"), 1),
        ):
            button = QToolButton()
            button.setAutoRaise(True)
            button.setToolTip(text)
            button.setAccessibleName(text)
            icons.wear(button, icon)
            button.clicked.connect(lambda _on=False, step=step: self.step(step))
            row.addWidget(button)
        column.addLayout(row)
        self.top_unit = muted(wrap=True)
        self.top_unit.setToolTip(
            self.tr(
                "The tiles with the highest values of the overlay's layer. 1.00× is what the mean tile of this slide has."
            )
        )
        column.addWidget(self.top_unit)
        column.addWidget(self.thumbnails)
        return box

    def _connect(self) -> None:
        self._session.result_changed.connect(self._refresh)
        self._session.selected_changed.connect(self._mark)
        self._session.hovered_changed.connect(self._mark)
        self._overlay.values_changed.connect(self._refresh_top)
        self.thumbnails.chosen.connect(self.tile_requested)
        self.thumbnails.hovered.connect(self._session.set_hovered)

    def step(self, step: int) -> None:
        """Go to the next or the previous top tile; the best one when none is selected."""
        if not self._ranking:
            return
        selected = self._session.selected
        at = self._ranking.index(selected) + step if selected in self._ranking else 0
        self.tile_requested.emit(self._ranking[at % len(self._ranking)])

    def _why_empty(self) -> str:
        if self._session.slide is None:
            return self.tr("Open a slide to see its risk.")
        if self._session.outdated is not None:
            return self.tr("The tiles have changed: run the model again to see the risk.")
        return self.tr("Run a risk model to see the risk. A backbone alone gives the embedding and the attention.")

    def _refresh(self) -> None:
        result = self._session.result
        risk = result.risk if result is not None else None
        self.empty.setVisible(result is None)
        self.empty.setText(self._why_empty())
        for widget in (self.score, self.place, self._curve_name, self.curve):
            widget.setVisible(risk is not None)
        several = risk is not None and len(risk.member_risks) > 1
        self._folds_name.setVisible(several)
        self.folds.setVisible(several)
        self.why.setVisible(result is not None and risk is None)
        self.why.setText(result.why_no_risk if result is not None else "")
        self.demonstration.setText(result.model.demonstration if result is not None else "")
        self.demonstration.setVisible(bool(self.demonstration.text()))
        self.curve.show_risk(risk)
        self.folds.show_risk(risk)
        if risk is not None:
            self._show_risk(risk)
        self._show_facts(result)
        self._refresh_top()

    def _show_risk(self, risk: SurvivalPrediction) -> None:
        count = len(risk.member_risks)
        self.score.setText(signed(risk.risk))
        parts = [
            self._percentile_text(risk),
            self._group_text(risk),
            self.tr("Larger is worse; the number has no unit."),
        ]
        self.place.setText("\n".join(part for part in parts if part))
        self.place.setToolTip(
            self.tr(
                "Each fold model places its own risk among its out-of-fold risks of the training cohort, and compares it with "
                "the median of its own training part. So a higher risk may have a lower percentile, or the other group."
            )
            if count > 1
            else ""
        )
        name = self.tr("Risk by the {count} fold models")
        if risk.cohort_range is not None:
            name = self.tr("Risk by the {count} fold models; the line is the range of the training cohort")
        self._folds_name.setText(name.format(count=count))

    def _percentile_text(self, risk: SurvivalPrediction) -> str:
        if risk.percentile is None:
            return ""
        text = self.tr("Percentile {place} among the training cohort's out-of-fold risks.")
        if len(risk.member_risks) > 1:
            text = self.tr("Percentile {place} of the training cohort: mean of the {count} fold models.")
        return text.format(place=f"{risk.percentile:.0f}", count=len(risk.member_risks))

    def _group_text(self, risk: SurvivalPrediction) -> str:
        """Say the group; where several models vote, by how many of them."""
        if risk.group is None:
            return ""
        group = {"low": self.tr("low"), "high": self.tr("high")}.get(risk.group, risk.group)
        if len(risk.member_risks) == 1:
            return self.tr("Group by the training cohort's median: {group} risk.").format(group=group)
        if risk.votes is None:
            return self.tr("Group: {group} risk, by vote of the fold models.").format(group=group)
        high, members = risk.votes
        text = self.tr("Group: {group} risk, by vote of the fold models ({votes} of {count}).")
        return text.format(group=group, votes=high if risk.group == "high" else members - high, count=members)

    def _show_facts(self, result: SlideResult | None) -> None:
        self.facts.setVisible(result is not None)
        self._line.setVisible(result is not None)
        if result is None:
            return
        seconds = sum(result.seconds.values())
        self.facts.show_value(self.tr("Model"), result.model.name)
        self.facts.show_value(self.tr("Licence"), result.model.licence)
        self.facts.show_value(self.tr("Device"), result.device)
        self.facts.show_value(self.tr("Time"), f"{seconds:.1f} s")
        steps = "\n".join(f"{name}: {time:.2f} s" for name, time in result.seconds.items())
        self.facts.setToolTip(steps)

    def _refresh_top(self) -> None:
        overlay = self._overlay
        there = overlay.has_values and self._session.result is not None
        self._top.setVisible(there)
        self._ranking = [int(one) for one in overlay.ranking()[:TOP]] if there else []
        captions = overlay.beside_mean(self._ranking)
        self.top_unit.setText(self.tr("times the mean of the slide's tiles") if overlay.shares else overlay.unit)
        self.thumbnails.show_tiles(self._presenter.tiles, overlay.grid, self._ranking, captions)

    def _mark(self, _tile: int) -> None:
        self.thumbnails.mark(self._session.selected, self._session.hovered)
