"""The section of a report with all figures by fold, what cannot be estimated and why, and AUC over time."""

from collections.abc import Iterator, Sequence
from functools import partial

from e2evit_model.report.run_document import Block, Paragraph, Picture, Section, Table, Tone
from e2evit_model.report.run_figure_concordance import AUC_HEIGHT_IN, draw_auc
from e2evit_model.report.run_material import RunMaterial
from e2evit_model.report.run_numbers import NOT_ESTIMABLE, decimal, listed, mean_and_sd
from e2evit_model.survival.estimate import Estimate

Column = tuple[str, tuple[Estimate, ...], str]
"""A column of a table by fold: its name, the estimates, and their mean as text."""


def by_fold(material: RunMaterial) -> Section:
    """Make the tables of all figures by fold, with what cannot be estimated and why."""
    m, unit = material.metrics, material.unit
    order: list[Column] = [
        ("Harrell's C", m.harrell_c.folds, mean_and_sd(m.harrell_c.mean.value, m.harrell_c.sd)),
        ("Uno's C", m.uno_c.folds, mean_and_sd(m.uno_c.mean, m.uno_c.sd)),
        ("Harrell's C, slides", m.harrell_c_slides.folds, mean_and_sd(m.harrell_c_slides.mean, m.harrell_c_slides.sd)),
        ("Integrated Brier", m.integrated_brier.folds, mean_and_sd(m.integrated_brier.mean, m.integrated_brier.sd)),
    ]
    auc: list[Column] = [(f"AUC at {unit.rounded(a.day)}", a.folds, mean_and_sd(a.mean, a.sd)) for a in m.auc]
    text = (
        "Test part of each fold, never used before. SD is that between folds (divisor: folds - 1). Risks of "
        "different folds have different scales and are not pooled into one C-index."
    )
    blocks: list[Block] = [_fold_table(material, order, text), *_not_estimable(order)]
    if not m.auc:
        text = "AUC over time is not estimable: nobody has the event, or nobody is followed for a year."
        blocks.append(Paragraph(text=text, tone=Tone.NOTE))
        return Section(anchor="folds", title="Order of patients, by fold", blocks=tuple(blocks))
    if any(point.mean is not None for point in m.auc):
        blocks.append(_auc_picture(material))
    blocks += [_fold_table(material, auc, "AUC of each fold, as in the figure."), *_not_estimable(auc)]
    return Section(anchor="folds", title="Order of patients, by fold", blocks=tuple(blocks))


def _fold_table(material: RunMaterial, columns: Sequence[Column], caption: str) -> Table:
    m = material.metrics
    header = ("Fold", "Patients", "Events", *(name for name, _, _ in columns))
    rows = [
        (
            str(fold.number),
            str(m.harrell_c.folds[place].patients),
            str(m.harrell_c.folds[place].events),
            *(decimal(folds[place].value) for _, folds, _ in columns),
        )
        for place, fold in enumerate(material.fold_material)
    ]
    rows.append(("Mean ± SD", str(m.patients), str(m.events), *(mean for _, _, mean in columns)))
    return Table(
        header=header,
        rows=tuple(rows),
        caption=caption,
        numeric=frozenset(range(1, len(header))),
        strong_rows=frozenset({len(rows) - 1}),
    )


def _not_estimable(columns: Sequence[Column]) -> Iterator[Paragraph]:
    """Say every reason once, with the figures and folds it holds for."""
    figures: dict[tuple[str, str], list[str]] = {}
    for name, folds, _ in columns:
        reasons: dict[str, list[str]] = {}
        for place, fold in enumerate(folds):
            if not fold.estimable:
                reasons.setdefault(fold.reason, []).append(str(place))
        for reason, places in reasons.items():
            where = f"fold {places[0]}" if len(places) == 1 else f"folds {listed(places)}"
            figures.setdefault((reason, where), []).append(name)
    for (reason, where), names in figures.items():
        text = f"{listed(names)} {'is' if len(names) == 1 else 'are'} {NOT_ESTIMABLE} in {where}: {reason}."
        yield Paragraph(text=text, tone=Tone.NOTE)


def _auc_picture(material: RunMaterial) -> Picture:
    m, unit = material.metrics, material.unit
    said = "; ".join(f"{unit.rounded(a.day)}: {mean_and_sd(a.mean, a.sd)}" for a in m.auc)
    return Picture(
        name="auc",
        caption=(
            "Cumulative/dynamic AUC: at each time, whether those who have had the event have higher risks than those "
            "who have not. Circles: folds; diamonds: their mean."
        ),
        alternative=f"AUC by time. {said}",
        width_in=5.2,
        height_in=AUC_HEIGHT_IN,
        draw=partial(draw_auc, points=m.auc, unit=unit),
    )
