"""The reporting list TRIPOD+AI, in our words: what the run can answer is filled in, the rest is left to the authors and said so.

Items after Collins et al., BMJ 2024;385:e078378 (27 items, 52 with their parts).
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from e2evit_model.report.run_document import Block, Paragraph, Section, Table, Tone
from e2evit_model.report.run_material import RunMaterial
from e2evit_model.report.run_methods import evaluated_how, learned_how
from e2evit_model.report.run_numbers import NOT_ESTIMABLE, counted, mean_and_sd, with_interval
from e2evit_model.report.run_results import ENOUGH_EVENTS


class Answer(StrEnum):
    """Who answers an item."""

    RUN = "answered"
    PART = "in part"
    AUTHORS = "authors"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One item of the list: what it asks for, and what the run says to it."""

    number: str
    asks: str
    answer: Answer = Answer.AUTHORS
    said: Callable[[RunMaterial], str] | None = None


def tripod(material: RunMaterial) -> Section:
    """Make the section with the filled list."""
    items = [item for _, group in GROUPS for item in group]
    count = {answer: sum(item.answer is answer for item in items) for answer in Answer}
    blocks: list[Block] = [
        Paragraph(
            text=(
                "For a paper about this model. Items after TRIPOD+AI (Collins et al., BMJ 2024;385:e078378), in "
                f"short words: the published list decides. Of {len(items)} items this run answers "
                f"{count[Answer.RUN]}, {count[Answer.PART]} in part; {count[Answer.AUTHORS]} are for the authors."
            ),
            tone=Tone.NOTE,
        )
    ]
    for title, group in GROUPS:
        rows = tuple((item.number, item.asks, item.answer.value, _said(item, material)) for item in group)
        blocks.append(Table(header=("", title, "Status", "Answer"), rows=rows, shares=(0.06, 0.31, 0.12, 0.51)))
    return Section(anchor="tripod", title="TRIPOD+AI", blocks=tuple(blocks))


def _said(item: Item, material: RunMaterial) -> str:
    return "To be answered by the authors." if item.said is None else item.said(material)


def _title(m: RunMaterial) -> str:
    what = (
        "development with internal validation (cross-validation) of a prognostic model from whole slide images by a "
        "vision transformer"
    )
    return f"This is the {what}; endpoint {m.record.endpoint}. Target population: to be named by the authors."


def _objective(_: RunMaterial) -> str:
    return "Development with internal validation; no evaluation on other data. Aims: to be stated by the authors."


def _source(m: RunMaterial) -> str:
    return (
        f'One cohort, "{m.record.cohort}". Kind of study, source and representativeness: to be stated by the authors.'
    )


def _dates(m: RunMaterial) -> str:
    return f"Longest time {m.unit.said(float(m.cohort.time_days.max()))}. Calendar dates are not in the data: authors."


def _preparation(m: RunMaterial) -> str:
    card = m.card
    return (
        f"Same for all slides: tissue by {card.tissue_method}, tiles of {card.tile_px} px at {card.tile_mpp:g} µm per "
        f"pixel with at least {100 * card.tissue_fraction:.0f} % tissue, normalised with the backbone's mean and deviation. "
        "Staining and scanning: authors."
    )


def _outcome(m: RunMaterial) -> str:
    return f'Endpoint "{m.record.endpoint}", time in days to event or censoring. How and when it was assessed: authors.'


def _blinding(_: RunMaterial) -> str:
    return "The model never saw outcomes of its test parts. How outcomes were assessed: authors."


def _predictors(_: RunMaterial) -> str:
    return "Pixels of the slides alone; clinical columns serve only as the baseline beside the model."


def _size(m: RunMaterial) -> str:
    few = " Fewer" if m.metrics.events < ENOUGH_EVENTS else " No fewer"
    return (
        f"{counted(m.metrics.patients, 'patient')}, {counted(m.metrics.events, 'event')}: all that could be "
        f"used.{few} than the {ENOUGH_EVENTS} events advised for an evaluation. Justification: authors."
    )


def _missing(m: RunMaterial) -> str:
    text = "Patients without label or slide were left out (see Cohort); no outcome was imputed."
    if m.metrics.clinical:
        text += " Clinical baseline: missing values were set to the training median."
    return text


def _entering(m: RunMaterial) -> str:
    return (
        f"As tokens of the strip: the mean of the patches of {m.card.patch_px} px in each tile; nothing was selected "
        "by hand."
    )


def _predicted(_: RunMaterial) -> str:
    return "By the one fold model that had never seen the patient, as the program predicts for new slides."


def _clusters(m: RunMaterial) -> str:
    if m.cohort.groups:
        return (
            f"Patients of a group were kept in one part of a fold ({len(set(m.cohort.groups))} groups). Figures by "
            "group: authors."
        )
    return "No column of sites was given; differences between sites were not looked at."


def _measures(_: RunMaterial) -> str:
    return (
        "Harrell's and Uno's C, AUC over time, integrated Brier score, Kaplan-Meier by group with log-rank, "
        "calibration from 50 events on; bootstrap intervals and a no-signal range."
    )


def _balance(_: RunMaterial) -> str:
    return "Nothing was resampled or weighted; folds are stratified by the event unless they were imported."


def _output(_: RunMaterial) -> str:
    return (
        "A relative risk and a survival curve; two groups cut at the training median of each fold, chosen before "
        "testing."
    )


def _same(_: RunMaterial) -> str:
    return "Training and test parts are of the same cohort; they differ by chance only."


def _code(m: RunMaterial) -> str:
    program = m.environment.get("program") or "version not known"
    return f"E2E-ViT Desktop {program} (GPL-3.0-or-later); settings, seeds and hashes are under What was done."


def _participants(m: RunMaterial) -> str:
    censored = m.metrics.patients - m.metrics.events
    return f"See the flow: {m.metrics.events} with the event, {censored} censored; follow-up under Cohort."


def _characteristics(_: RunMaterial) -> str:
    return (
        "Events, follow-up and slides are under Cohort. Demographics, treatments and missing values by group: authors."
    )


def _each(m: RunMaterial) -> str:
    return (
        f"Table under Folds: patients, events and slides in training, validation and test part of {len(m.folds)} folds."
    )


def _specification(_: RunMaterial) -> str:
    return (
        "The folder model/ holds all fold models; the program opens it and applies it to new slides. Sharing it: see "
        "the licence."
    )


def _performance(m: RunMaterial) -> str:
    c = m.metrics.harrell_c
    if c.mean.value is None:
        return f"C-index {NOT_ESTIMABLE}: {c.mean.reason}."
    text = (
        f"C-index {with_interval(c.mean)}, {mean_and_sd(c.mean.value, c.sd)} over folds; the rest under Order of "
        "patients."
    )
    return f"{text} Subgroups: authors."


def _noted(_: RunMaterial) -> str:
    return "See Limits; to be completed by the authors."


def _input(_: RunMaterial) -> str:
    return (
        "Slides without known resolution, without tissue or with too many unreadable tiles are refused with the reason."
    )


_RUN, _PART = Answer.RUN, Answer.PART

GROUPS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "Title, abstract, introduction",
        (
            Item(number="1", asks="Title: development or evaluation, population, outcome", answer=_PART, said=_title),
            Item(number="2", asks="Abstract by the list for abstracts"),
            Item(number="3a", asks="Clinical context and why a model is needed; earlier models"),
            Item(number="3b", asks="Target population, place in the care pathway, intended users"),
            Item(number="3c", asks="Known inequalities between groups of patients"),
            Item(number="4", asks="Objectives: development, evaluation or both", answer=_PART, said=_objective),
        ),
    ),
    (
        "Methods: data and participants",
        (
            Item(number="5a", asks="Sources of data for development and evaluation", answer=_PART, said=_source),
            Item(number="5b", asks="Dates of accrual and end of follow-up", answer=_PART, said=_dates),
            Item(number="6a", asks="Setting; number and location of centres"),
            Item(number="6b", asks="Eligibility of participants"),
            Item(number="6c", asks="Treatments, and how they were handled"),
            Item(
                number="7",
                asks="Preparation of data and its quality checks, alike for all groups",
                answer=_PART,
                said=_preparation,
            ),
            Item(number="8a", asks="Outcome, time horizon, how and when assessed", answer=_PART, said=_outcome),
            Item(number="8b", asks="Who assessed the outcome, if it needs judgement"),
            Item(number="8c", asks="Blinding of the assessment of the outcome", answer=_PART, said=_blinding),
            Item(number="9a", asks="How the first predictors were chosen", answer=_RUN, said=_predictors),
            Item(number="9b", asks="Predictors: definition, how and when measured", answer=_PART, said=_preparation),
            Item(number="9c", asks="Who assessed predictors, if they need judgement"),
            Item(number="10", asks="Sample size and its justification", answer=_PART, said=_size),
            Item(number="11", asks="Missing data: how handled, what was left out", answer=_RUN, said=_missing),
        ),
    ),
    (
        "Methods: analysis",
        (
            Item(number="12a", asks="Which data for which purpose; partitions", answer=_RUN, said=evaluated_how),
            Item(number="12b", asks="How predictors enter the model", answer=_RUN, said=_entering),
            Item(
                number="12c", asks="Type of model, building, tuning, internal validation", answer=_RUN, said=learned_how
            ),
            Item(number="12d", asks="Heterogeneity between clusters", answer=_PART, said=_clusters),
            Item(number="12e", asks="Measures and plots of performance", answer=_RUN, said=_measures),
            Item(number="12f", asks="Updating of the model after evaluation", answer=_RUN, said=lambda _: "None."),
            Item(number="12g", asks="How predictions were computed for evaluation", answer=_RUN, said=_predicted),
            Item(number="13", asks="Class imbalance: methods and recalibration", answer=_RUN, said=_balance),
            Item(number="14", asks="Fairness: what was done about it"),
            Item(number="15", asks="Output of the model; groups and their thresholds", answer=_RUN, said=_output),
            Item(number="16", asks="Differences between training and evaluation data", answer=_RUN, said=_same),
            Item(number="17", asks="Ethical approval and consent"),
        ),
    ),
    (
        "Open science, patients and public",
        (
            Item(number="18a", asks="Funding"),
            Item(number="18b", asks="Conflicts of interest"),
            Item(number="18c", asks="Protocol"),
            Item(number="18d", asks="Registration"),
            Item(number="18e", asks="Sharing of data"),
            Item(number="18f", asks="Sharing of code", answer=_PART, said=_code),
            Item(number="19", asks="Involvement of patients and the public"),
        ),
    ),
    (
        "Results",
        (
            Item(number="20a", asks="Flow of participants, events, follow-up", answer=_RUN, said=_participants),
            Item(number="20b", asks="Characteristics of participants", answer=_PART, said=_characteristics),
            Item(number="20c", asks="Comparison of predictors with the development data", answer=_RUN, said=_same),
            Item(number="21", asks="Participants and events in each analysis", answer=_RUN, said=_each),
            Item(
                number="22",
                asks="The full model, so that it can be applied and tested",
                answer=_RUN,
                said=_specification,
            ),
            Item(
                number="23a", asks="Performance with intervals, also in key subgroups", answer=_PART, said=_performance
            ),
            Item(number="23b", asks="Heterogeneity of performance between clusters", answer=_PART, said=_clusters),
            Item(number="24", asks="Results of updating", answer=_RUN, said=lambda _: "The model was not updated."),
        ),
    ),
    (
        "Discussion",
        (
            Item(number="25", asks="Interpretation, fairness, earlier studies"),
            Item(number="26", asks="Limitations and their effects", answer=_PART, said=_noted),
            Item(number="27a", asks="Handling of poor or missing input when used", answer=_RUN, said=_input),
            Item(number="27b", asks="What users must do and know"),
            Item(number="27c", asks="Next steps; applicability and generalisability"),
        ),
    ),
)
