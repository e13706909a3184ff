"""The plot of survival: where its axis ends, and what is written beside it."""

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF

from e2evit_gui.results_page.survival_tab import DAYS_A_YEAR, GroupPlot
from e2evit_model.project.training_cohort import GroupCurve
from e2evit_model.survival.curves import kaplan_meier
from e2evit_model.survival.metrics import Labels
from e2evit_model.survival.prediction import SurvivalPrediction


def group(name, years):
    labels = Labels.of(np.array(years) * DAYS_A_YEAR, np.arange(len(years)) % 2 == 0)
    return GroupCurve(group=name, labels=labels, curve=kaplan_meier(labels))


@pytest.mark.parametrize(("longest", "end"), [(9.58, 10), (8.0, 8), (0.9, 0.9), (13.1, 14)])
def test_the_axis_ends_at_a_tick_behind_the_longest_curve(qtbot, longest, end):
    plot = GroupPlot()
    qtbot.addWidget(plot)
    plot.show_groups((group("low", [longest / 2, longest / 3, longest]), group("high", [0.2, 0.3, 0.4])), "OS")
    assert plot.x_axis.high == pytest.approx(end)
    assert plot.x_axis.ticks[-1][0] == pytest.approx(end)
    assert 2 <= len(plot.x_axis.ticks) <= 12


def test_the_title_stands_above_the_highest_number(qtbot):
    plot = GroupPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show_groups((group("low", [1, 2, 3]),), "OS")
    line = QFontMetricsF(plot.font()).height()
    assert plot.place(0, 1).y() - line / 2 >= line


def test_both_bands_have_the_same_weight(qtbot):
    """A band that is nearly invisible says that nothing is known of its group."""
    plot = GroupPlot()
    qtbot.addWidget(plot)
    plot.resize(600, 400)
    plot.show_slide(
        SurvivalPrediction(
            risk=0.0,
            member_risks=(0.0,),
            survival=np.array([[0.9, 0.8]]),
            bin_edges_days=(0.0, 400.0, np.inf),
            group="low",
        )
    )
    groups = (group("low", [1, 2, 3, 4, 5]), group("high", [1, 2, 3, 4, 5]))
    weights = []
    for one in groups:
        plot.show_groups((one,), "OS")
        image, at = plot.grab().toImage(), plot.place(1.5, 0.55).toPoint()
        ground = image.pixelColor(plot.place(1.5, 1.0).toPoint().x() + 3, 2)
        band = image.pixelColor(at)
        weights.append(abs(band.lightnessF() - ground.lightnessF()))
    assert min(weights) > 0.03
    assert max(weights) < 2 * min(weights)
