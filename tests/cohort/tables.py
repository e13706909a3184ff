"""Tables and cohorts for tests."""

import numpy as np

from e2evit_model.cohort.check import check_cohort
from e2evit_model.cohort.cohort import Cohort, CohortSlide


def check_text(tmp_path, text, *, name="table.csv", encoding="utf-8", **how):
    """Check a table given as text."""
    path = tmp_path / name
    path.write_text(text, encoding=encoding)
    return check_cohort(path, **how)


def labels(check):
    """Patient -> (days, event) of what can be used."""
    cohort = check.cohort
    return {
        p: (round(float(t), 6), bool(e))
        for p, t, e in zip(cohort.patient_ids, cohort.time_days, cohort.event, strict=True)
    }


def make_cohort(n=60, *, seed=0, event_rate=0.4, slides_each=2, sites=0):
    """A random cohort."""
    random = np.random.default_rng(seed)
    ids = tuple(f"P{index}" for index in range(n))
    event = np.zeros(n, dtype=bool)
    event[random.permutation(n)[: round(event_rate * n)]] = True
    return Cohort(
        name="made",
        endpoint="OS",
        patient_ids=ids,
        time_days=random.integers(1, 2000, n).astype(float),
        event=event,
        slides=tuple(CohortSlide(slide_id=f"{p}-{s}", patient_id=p) for p in ids for s in range(slides_each)),
        groups=tuple(f"site {random.integers(sites)}" for _ in ids) if sites else (),
    )
