"""A result's lines for a person."""

from types import SimpleNamespace

import numpy as np
import pytest

from e2evit_model.cli.say import say_result
from e2evit_model.survival.prediction import SurvivalPrediction


class Tiles:
    """Three tiles."""

    scale = SimpleNamespace(mpp=0.5)

    def __len__(self):
        return 3


def result_with(risk):
    """What is said of a result, with some risk."""
    return SimpleNamespace(
        risk=risk,
        mask=SimpleNamespace(area_mm2=lambda: 1.25),
        grid=Tiles(),
        model=SimpleNamespace(name="a model", licence="MIT", demonstration=""),
        seconds={"read tiles": 0.5},
        device="CPU",
        notices=(),
    )


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ((-1.5, -2.0), "Risk       -1.750 (fold models -2.000 to -1.500), mean percentile 71 of the training cohort"),
        ((-1.75,), "Risk       -1.750, percentile 71 of the training cohort"),
    ],
)
def test_the_risk_says_what_its_percentile_is_of(capsys, members, said):
    survival = np.full((len(members), 1), 0.5)
    result = result_with(
        SurvivalPrediction(
            risk=-1.75, member_risks=members, survival=survival, bin_edges_days=(0, np.inf), percentile=71.0
        )
    )
    say_result(result)
    assert capsys.readouterr().out.splitlines()[0] == said
