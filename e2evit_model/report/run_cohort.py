"""Sections of a report on whom it is about: the cohort with its flow, the folds, and how each fold learned."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from e2evit_model.cohort.folds import Part as FoldPart
from e2evit_model.report.run_document import Block, Paragraph, Picture, Section, Table, Tone
from e2evit_model.report.run_figure_concordance import WIDTH_IN
from e2evit_model.report.run_figure_flow import FlowBox, draw_flow, flow_height_in
from e2evit_model.report.run_figure_learning import (
    LearningCurve,
    PenaltyPath,
    draw_learning,
    draw_penalties,
    learning_height_in,
    penalty_height_in,
)
from e2evit_model.report.run_material import FoldMaterial, RunMaterial
from e2evit_model.report.run_numbers import counted, decimal
from e2evit_model.survival.curves import kaplan_meier
from e2evit_model.survival.metrics import Labels

_PARTS = {FoldPart.TRAIN: "Training", FoldPart.VAL: "Validation", FoldPart.TEST: "Test"}


def cohort(material: RunMaterial) -> Section:
    """Make the section on the patients, with the flow from the table to what was used."""
    boxes = flow_boxes(material)
    blocks: list[Block] = [
        Picture(
            name="flow",
            caption="From the rows of the table to the patients and slides of this run.",
            alternative="; ".join(f"{box.name}: {box.counts}" for box in boxes),
            width_in=WIDTH_IN,
            height_in=flow_height_in(boxes),
            draw=partial(draw_flow, boxes=boxes),
        ),
        Table(header=(), rows=facts(material), shares=(0.36, 0.64)),
    ]
    in_flow = [reason for box in boxes for reason in box.left_out]
    warnings = [str(warning) for warning in material.cohort_report.get("warnings") or []]
    if unread := len(material.cohort_report.get("left_out_slides") or []):
        warnings.append(
            f"{counted(unread, 'slide')} left out: cohort_report.json in the run folder says why, one by one."
        )
    told = [warning for warning in warnings if not any(f"{reason}: left out" in warning for reason in in_flow)]
    blocks += [Paragraph(text=warning, tone=Tone.NOTE) for warning in told]
    return Section(anchor="cohort", title="Cohort", blocks=tuple(blocks))


def flow_boxes(material: RunMaterial) -> tuple[FlowBox, ...]:
    """Return the flow that the cohort's check stored, and what became of it in this run."""
    found, steps = material.cohort, _stored_steps(material.cohort_report)
    boxes = [
        FlowBox(name=step["step"], counts=f"{step['count']} {step['unit']}", left_out=step["left_out"])
        for step in steps
    ]
    lost: dict[str, int] = {}
    unread = len(material.cohort_report.get("left_out_slides") or [])
    if unread:
        lost["slide that could not be used" if unread == 1 else "slides that could not be used"] = unread
    without = steps[-1]["count"] - len(found) if steps else 0
    if without > 0:
        lost["patient without another slide" if without == 1 else "patients without another slide"] = without
    counts = (
        f"{counted(len(found), 'patient')}, {counted(found.events, 'event')}, {counted(len(found.slides), 'slide')}"
    )
    if lost and not boxes:
        given = counted(len(found.slides) + unread, "slide")
        boxes.append(FlowBox(name="Given to this run", counts=given, left_out={}))
    if boxes and not lost and steps[-1]["count"] == len(found):
        last = boxes.pop()  # the same patients: one box says both
        return (*boxes, FlowBox(name=last.name, counts=counts, left_out=last.left_out))
    return (*boxes, FlowBox(name="In this run", counts=counts, left_out=lost))


def _stored_steps(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps = report.get("flow") or []
    known = {"step", "count", "unit", "left_out"}
    return [step for step in steps if isinstance(step, dict) and known <= set(step)]


def facts(material: RunMaterial) -> tuple[tuple[str, str], ...]:
    """Return what is said of the cohort in a small table; no identifier of a patient or a slide."""
    found, unit = material.cohort, material.unit
    labels = Labels.of(found.time_days, found.event)
    survival = kaplan_meier(labels)
    # follow-up by the reverse Kaplan-Meier estimate: censoring is the event
    followed = kaplan_meier(Labels.of(found.time_days, np.logical_not(found.event)))
    slides = Counter(slide.patient_id for slide in found.slides)
    several = sum(count > 1 for count in slides.values())
    rows = [
        ("Cohort", found.name),
        ("Endpoint", found.endpoint),
        ("Patients with the event", f"{found.events} of {len(found)} ({100 * found.events / len(found):.0f} %)"),
        ("Median survival", unit.said(survival.median_days if survival else None)),
        ("Median follow-up (reverse Kaplan-Meier)", unit.said(followed.median_days if followed else None)),
        ("Longest time", unit.said(float(found.time_days.max()))),
        ("Patients with several slides", str(several)),
    ]
    if found.groups:
        rows.append(("Groups kept together in the folds", str(len(set(found.groups)))))
    rows += _table_facts(material.cohort_report)
    return tuple(rows)


def _table_facts(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    rows = []
    if convention := report.get("convention"):
        rows.append(("Convention of the table", str(convention)))
    mapping = report.get("mapping")
    names = {
        "patient": "patient",
        "slide": "slide",
        "time": "time",
        "event": "event",
        "death_time": "time of death",
        "follow_up_time": "time of follow-up",
    }
    if isinstance(mapping, Mapping):
        used = [f'{said} is "{mapping[role]}"' for role, said in names.items() if mapping.get(role)]
        rows.append(("Columns", "; ".join(used)))
        for role, said in (
            ("event_values", "Values that mean the event"),
            ("censored_values", "Values that mean censored"),
        ):
            if values := mapping.get(role):
                rows.append((said, ", ".join(map(str, values))))
        if mapping.get("covariates"):
            rows.append(("Clinical columns", ", ".join(map(str, mapping["covariates"]))))
    return rows


def folds(material: RunMaterial) -> Section:
    """Make the table of what each fold is made of."""
    by_fold: dict[int, dict[str, Mapping[str, Any]]] = {}
    for record in material.fold_parts:
        by_fold.setdefault(record["fold"], {})[record["part"]] = record
    rows = tuple((str(fold), *(_composition(parts.get(part)) for part in _PARTS)) for fold, parts in by_fold.items())
    return Section(
        anchor="composition",
        title="Folds",
        blocks=(
            Table(
                header=("Fold", *_PARTS.values()),
                rows=rows,
                numeric=frozenset({1, 2, 3}),
                caption="Patients / events / slides. All slides of a patient are in the same part.",
            ),
        ),
    )


def _composition(record: Mapping[str, Any] | None) -> str:
    return "none" if record is None else f"{record['patients']} / {record['events']} / {record['slides']}"


def learning(material: RunMaterial) -> Section:
    """Make the section on how each fold learned: curves, or the choice of a penalty."""
    own = material.fold_material
    blocks: list[Block] = []
    curves = tuple(
        LearningCurve(fold=f.number, epochs=f.epochs, best=f.details.get("best_epoch")) for f in own if f.epochs
    )
    if curves:
        blocks.append(_learning_picture(curves))
    paths = tuple(path for fold in own if (path := _path(fold)) is not None)
    if paths:
        blocks.append(_penalty_picture(paths))
    blocks.append(_chosen(material))
    return Section(anchor="learning", title="Learning", blocks=tuple(blocks))


def _learning_picture(curves: tuple[LearningCurve, ...]) -> Picture:
    return Picture(
        name="learning_curves",
        caption=(
            "Loss and C-index by epoch. The weights of the epoch marked by a line were kept: the best by the "
            "validation part; the test part had no say."
        ),
        alternative="; ".join(f"fold {c.fold}: {len(c.epochs)} epochs, epoch {c.best} kept" for c in curves),
        width_in=WIDTH_IN,
        height_in=learning_height_in(len(curves)),
        draw=partial(draw_learning, curves=curves),
    )


def _penalty_picture(paths: tuple[PenaltyPath, ...]) -> Picture:
    return Picture(
        name="penalties",
        caption=(
            "Cross-validated log partial likelihood of each penalty that was tried, inside the training part, less "
            "that of the best. The penalty marked by a line was taken."
        ),
        alternative="; ".join(f"fold {path.fold}: penalty {path.chosen:.3g}" for path in paths if path.chosen),
        width_in=WIDTH_IN,
        height_in=penalty_height_in(len(paths)),
        draw=partial(draw_penalties, paths=paths),
    )


def _path(fold: FoldMaterial) -> PenaltyPath | None:
    penalties, scores = fold.details.get("penalties"), fold.details.get("cross_validated_log_likelihood")
    if not penalties or not scores or len(penalties) != len(scores):
        return None
    return PenaltyPath(
        fold=fold.number, penalties=tuple(penalties), scores=tuple(scores), chosen=fold.details.get("penalty")
    )


def _chosen(material: RunMaterial) -> Table:
    """Tabulate what each fold chose, where its bins and its cut are, and when its test part was opened."""
    unit = material.unit
    header = (
        "Fold",
        "Chosen",
        f"Edges of time bins ({unit.name})",
        "Cut between low and high",
        "Test part opened (UTC)",
    )
    rows = tuple(
        (
            str(fold.number),
            _choice(fold),
            ", ".join(f"{unit.of(edge):.2f}" for edge in fold.inner_edges_days),
            decimal(fold.training_median_risk),
            fold.test_opened.replace("T", " ").removesuffix("+00:00"),
        )
        for fold in material.fold_material
    )
    return Table(
        header=header,
        rows=rows,
        numeric=frozenset({3}),
        caption="The test part of each fold was opened once, for the weights that had been chosen by then.",
    )


def _choice(fold: FoldMaterial) -> str:
    details = fold.details
    if "best_epoch" in details:
        seconds = sum(row.get("seconds") or 0.0 for row in fold.epochs)
        return f"epoch {details['best_epoch']} of {details.get('epochs')} ({seconds:.0f}\u00a0s)"
    if isinstance(details.get("penalty"), int | float):
        return f"penalty {details['penalty']:.3g}"
    return "-"
