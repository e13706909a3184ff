"""Sections of a report: the short answer, order by fold, groups, survival over time, calibration, clinical baseline."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from e2evit_model.report.run_document import Block, Headline, Headlines, Paragraph, Picture, Section, Table, Tone
from e2evit_model.report.run_figure_concordance import (
    WIDTH_IN,
    ConcordanceRow,
    concordance_height_in,
    concordance_row,
    draw_concordance,
)
from e2evit_model.report.run_figure_survival import (
    CALIBRATION_HEIGHT_IN,
    SURVIVAL_HEIGHT_IN,
    draw_calibration,
    draw_survival,
)
from e2evit_model.report.run_material import RunMaterial
from e2evit_model.report.run_metrics import ByFold, CrossValidated, Curve, Metrics
from e2evit_model.report.run_numbers import (
    NOT_ESTIMABLE,
    TimeUnit,
    counted,
    decimal,
    interval,
    listed,
    mean_and_sd,
    p_value,
    span,
    with_interval,
)
from e2evit_model.survival.curves import Calibration
from e2evit_model.survival.estimate import Estimate
from e2evit_model.survival.metrics import Labels

ENOUGH_EVENTS = 100
FEW_EVENTS = (
    f"Guidance asks for at least {ENOUGH_EVENTS} events to evaluate a prognostic model (Vergouwe et al. 2005; Collins "
    "et al. 2016)"
)


def in_short(material: RunMaterial) -> Section:
    """Make the section that is read first."""
    m = material.metrics
    blocks: list[Block] = []
    if material.card.demonstration:
        blocks.append(Paragraph(text=material.card.demonstration, tone=Tone.WARNING))
    blocks += [verdict(m.harrell_c), Headlines(entries=_headlines(material)), _events_note(material)]
    rows = _concordance_rows(material)
    if rows:
        blocks.append(
            Picture(
                name="c_index",
                caption=(
                    "C-index: the share of pairs of patients whose risks are in the order of their outcomes. "
                    "Diamond: mean over the test parts of all folds, with its 95 % interval (else ± SD between "
                    "folds); circles: folds; grey band: where the mean falls when risks are dealt to patients at "
                    "random (95 % of draws); dashed line: chance."
                ),
                alternative="; ".join(f"{row.name}: {row.said}" for row in rows),
                width_in=WIDTH_IN,
                height_in=concordance_height_in(len(rows)),
                draw=partial(draw_concordance, rows=rows),
            )
        )
    return Section(anchor="in-short", title="In short", blocks=tuple(blocks))


def verdict(c: CrossValidated) -> Paragraph:
    """Say whether the model orders patients better than chance, by the cohort's own no-signal range."""
    mean = c.mean
    if mean.value is None or c.no_signal is None:
        return Paragraph(text=f"Whether there is a signal is {NOT_ESTIMABLE}: {mean.reason}.", tone=Tone.WARNING)
    low, high = c.no_signal
    chance = f"the range of {span(low, high)} that risks dealt to the same patients at random reach"
    told = f"the C-index of {decimal(mean.value)}"
    if mean.value > high:
        text = (
            f"The model orders these patients better than chance: {told} lies above {chance} ({p_value(c.p)}, "
            "one-sided)."
        )
        return Paragraph(text=text, tone=Tone.GOOD)
    if mean.value < low:
        text = f"The model orders these patients worse than chance: {told} lies below {chance}."
        return Paragraph(text=f"{text} Check which value of the event column means the event.", tone=Tone.WARNING)
    text = f"No signal was found: {told} lies inside {chance} ({p_value(c.p)}, one-sided)."
    return Paragraph(text=text, tone=Tone.WARNING)


def _headlines(material: RunMaterial) -> tuple[Headline, ...]:
    m = material.metrics
    c, log_rank = m.harrell_c, m.groups.log_rank
    return (
        Headline(
            name="C-index, patients",
            value=decimal(c.mean.value),
            below=(_told(c.mean) or interval(c.mean) or "without an interval", c.mean.interval),
        ),
        Headline(
            name="No-signal range",
            value=span(*c.no_signal) if c.no_signal else NOT_ESTIMABLE,
            below=("risks dealt at random", p_value(c.p)),
        ),
        Headline(
            name="Low against high risk",
            value=p_value(log_rank.value) if log_rank.value is not None else NOT_ESTIMABLE,
            below=(_told(log_rank) or "log-rank test", "cut at the training medians"),
        ),
        Headline(
            name="Integrated Brier score",
            value=decimal(m.integrated_brier.mean),
            below=(m.integrated_brier.reason or "smaller is better", "without knowledge up to 0.250"),
        ),
        Headline(
            name="Tested on",
            value=counted(m.patients, "patient"),
            below=(
                f"{counted(m.events, 'event')}, {counted(m.slides, 'slide')}",
                f"{len(c.folds)}-fold cross-validation",
            ),
        ),
        Headline(
            name="C-index, slides",
            value=mean_and_sd(m.harrell_c_slides.mean, m.harrell_c_slides.sd),
            below=(m.harrell_c_slides.reason or "mean ± SD over folds", "to compare with papers"),
        ),
    )


def _told(estimate: Estimate) -> str:
    return "" if estimate.estimable else estimate.reason


def _events_note(material: RunMaterial) -> Paragraph:
    events = material.metrics.events
    many = f"This cohort has {counted(events, 'event')}"
    if events < ENOUGH_EVENTS:
        text = f"{FEW_EVENTS}. {many}: the figures are uncertain, and small differences between models mean nothing."
        return Paragraph(text=text, tone=Tone.WARNING)
    return Paragraph(text=f"{FEW_EVENTS}. {many}.", tone=Tone.NOTE)


def _concordance_rows(material: RunMaterial) -> tuple[ConcordanceRow, ...]:
    m = material.metrics
    rows = [concordance_row("Model, patients", m.harrell_c)]
    rows += [_row_by_fold("Model, slides", m.harrell_c_slides), _row_by_fold("Model, Uno's C", m.uno_c)]
    if m.clinical and m.clinical.harrell_c:
        rows.append(concordance_row("Clinical columns alone", m.clinical.harrell_c))
    return tuple(row for row in rows if row is not None)


def _row_by_fold(name: str, found: ByFold) -> ConcordanceRow | None:
    if found.mean is None:
        return None
    said = mean_and_sd(found.mean, found.sd)
    return ConcordanceRow(
        name=name, said=said, mean=found.mean, interval=None, folds=_values(found.folds), no_signal=None
    )


def _values(folds: tuple[Estimate, ...]) -> tuple[float, ...]:
    return tuple(fold.value for fold in folds if fold.value is not None)


def groups(material: RunMaterial) -> Section:
    """Make the section of low and high risk."""
    m, unit = material.metrics, material.unit
    curves = {name: curve for name, curve in (("low", m.groups.low), ("high", m.groups.high)) if curve is not None}
    log_rank = m.groups.log_rank
    note = f"log-rank {p_value(log_rank.value)}"
    told = note if log_rank.estimable else f"log-rank p is {NOT_ESTIMABLE}: {log_rank.reason}"
    blocks: list[Block] = [
        Paragraph(
            text=(
                "Each patient's out-of-fold risk is compared with the median risk of the training part of the same "
                "fold: the cut was known before the patient was seen. No best cut was looked for, since that finds a "
                "difference in one of three cohorts without any. Of such cohorts one in twenty still gives p < 0.05 here."
            )
        ),
        Picture(
            name="kaplan_meier",
            caption=(
                "Kaplan-Meier estimate with its 95 % log-log band, out-of-fold patients of all folds; beside each "
                f"name: events of patients; ticks: censored. {told[:1].upper()}{told[1:]}."
            ),
            alternative=f"Survival of {listed([_curve_said(n, c, unit) for n, c in curves.items()])}; {told}",
            width_in=WIDTH_IN,
            height_in=SURVIVAL_HEIGHT_IN,
            draw=partial(
                draw_survival,
                curves=curves,
                labels=_labels(material, curves),
                unit=unit,
                endpoint=material.record.endpoint,
                note=note,
            ),
        ),
        Table(
            header=("Group", "Patients", "Events", "Median survival"),
            rows=tuple(
                (f"{name} risk", str(c.patients), str(c.events), unit.said(c.median_days)) for name, c in curves.items()
            ),
            numeric=frozenset({1, 2, 3}),
        ),
    ]
    return Section(anchor="groups", title="Low and high risk", blocks=tuple(blocks))


def _curve_said(name: str, curve: Curve, unit: TimeUnit) -> str:
    return f"{name} risk ({curve.patients} patients, {curve.events} events, median {unit.said(curve.median_days)})"


def _labels(material: RunMaterial, names: dict[str, Curve]) -> dict[str, Labels]:
    rows = material.patients
    labels = Labels.of([row.time_days for row in rows], [row.event for row in rows])
    group = np.array([row.risk_group for row in rows])
    return {name: labels.pick(group == name) for name in names}


def calibrated(material: RunMaterial) -> Section:
    """Make the section on predicted survival itself."""
    found, unit = material.metrics.calibration, material.unit
    blocks: list[Block] = []
    if found.points:
        blocks.append(
            Picture(
                name="calibration",
                caption=(
                    f"Survival at {unit.said(found.day)}, the median time of an event: the mean prediction in groups "
                    f"of similar prediction against the Kaplan-Meier estimate with its 95 % band, {_sizes(found)} "
                    "patients each. On the dashed line both agree."
                ),
                alternative="; ".join(
                    f"predicted {decimal(p.predicted)}, observed {decimal(p.observed)}, {p.patients} patients"
                    for p in found.points
                ),
                width_in=4.6,
                height_in=CALIBRATION_HEIGHT_IN,
                draw=partial(draw_calibration, calibration=found),
            )
        )
    else:
        text = (
            f"Calibration is {NOT_ESTIMABLE}: {found.reason}. Predicted survival must not be read as a probability "
            "then."
        )
        blocks.append(Paragraph(text=text, tone=Tone.NOTE))
    return Section(anchor="calibration", title="Calibration", blocks=tuple(blocks))


def _sizes(found: Calibration) -> str:
    least, most = (bound(point.patients for point in found.points) for bound in (min, max))
    return str(least) if least == most else f"{least} to {most}"


def clinical(material: RunMaterial) -> Section:
    """Make the section on the clinical baseline."""
    return Section(anchor="clinical", title="Beside clinical columns", blocks=tuple(_clinical_blocks(material.metrics)))


def _clinical_blocks(m: Metrics) -> Iterator[Block]:
    if m.clinical is None:
        text = (
            "The table has no clinical columns (age, stage, grade), so nothing can be said of whether the image adds "
            "anything to what is known without it."
        )
        yield Paragraph(text=text, tone=Tone.NOTE)
        return
    if m.clinical.harrell_c is None or m.clinical.added_by_model is None:
        yield Paragraph(text=f"The clinical baseline is {NOT_ESTIMABLE}: {m.clinical.reason}", tone=Tone.NOTE)
        return
    added, alone = m.clinical.added_by_model, m.clinical.harrell_c
    yield Table(
        header=("", "C-index (95 % interval)", "Mean ± SD of folds", "No-signal range"),
        rows=(_compared("Model", m.harrell_c), _compared(f"Clinical: {listed(added.columns)}", alone)),
        numeric=frozenset({1, 2, 3}),
        caption=(
            "Both on the same test parts; the clinical columns by a Cox model with a slight ridge penalty, fitted in "
            "each fold."
        ),
    )
    ratio = float(np.exp(added.log_hazard_ratio_a_deviation))
    helps = "adds to" if added.p < 0.05 else "was not shown to add to"
    yield Paragraph(
        text=(
            f"The model's risk {helps} the clinical columns (likelihood ratio {decimal(added.likelihood_ratio)}, "
            f"{p_value(added.p)}; hazard ratio {decimal(ratio)} a standard deviation of risk within folds; "
            f"{counted(added.patients, 'patient')}, {counted(added.events, 'event')}). {added.method}."
        )
    )
    for column, reason in added.left_out.items():
        yield Paragraph(text=f'"{column}" is not used: {reason}.', tone=Tone.NOTE)


def _compared(name: str, c: CrossValidated) -> tuple[str, str, str, str]:
    chance = span(*c.no_signal) if c.no_signal else NOT_ESTIMABLE
    return name, with_interval(c.mean), mean_and_sd(c.mean.value, c.sd), chance
