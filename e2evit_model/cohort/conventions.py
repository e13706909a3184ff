"""The conventions in which survival tables are shared: which columns hold time and event.

Each convention is a function from normalised column names to endpoints. Sources: the tables published with MCAT, PORPOISE,
SurvPath, MMP, Patho-Bench and AdvMIL, the TCGA Clinical Data Resource, and exports of cBioPortal, GDC, PDC and R.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from e2evit_model.cohort.values import TimeUnit

Names = Mapping[str, str]
"""Normalised column name to the column as the table spells it."""

_PREFIX = re.compile(r"^(cases|demographic|diagnoses|follow_ups|case)\.(?=.)")
_ENDPOINTS = ("os", "dss", "dfi", "pfi", "dfs", "pfs", "rfs", "efs", "mfs")
_UNIT_WORDS = {
    "days": TimeUnit.DAYS,
    "day": TimeUnit.DAYS,
    "weeks": TimeUnit.WEEKS,
    "months": TimeUnit.MONTHS,
    "month": TimeUnit.MONTHS,
    "mo": TimeUnit.MONTHS,
    "years": TimeUnit.YEARS,
    "year": TimeUnit.YEARS,
    "yrs": TimeUnit.YEARS,
}


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One endpoint that a table offers. ``unit`` is ``None`` when neither convention nor name tells it."""

    name: str
    convention: str
    event: str
    time: str | None = None
    death_time: str | None = None
    follow_up_time: str | None = None
    unit: TimeUnit | None = None


def normalised(column: str) -> str:
    """Return a column's name in lower case, GDC's prefixes taken off, everything but letters and digits an underscore."""
    return re.sub(r"[^a-z0-9]+", "_", _PREFIX.sub("", column.lower())).strip("_")


def unit_in_name(column: str) -> TimeUnit | None:
    """Return the unit that a column's name holds."""
    return next((_UNIT_WORDS[word] for word in normalised(column).split("_") if word in _UNIT_WORDS), None)


def _cbioportal(names: Names) -> list[Endpoint]:
    ends = [name.removesuffix("_status") for name in names if name.endswith("_status")]
    return [
        Endpoint(
            name=end.upper(),
            convention="cBioPortal",
            time=names[f"{end}_months"],
            event=names[f"{end}_status"],
            unit=TimeUnit.MONTHS,
        )
        for end in ends
        if f"{end}_months" in names
    ]


def _tcga_cdr(names: Names) -> list[Endpoint]:
    return [
        Endpoint(
            name=end.upper(), convention="TCGA-CDR", time=names[f"{end}_time"], event=names[end], unit=TimeUnit.DAYS
        )
        for end in ("os", "dss", "dfi", "pfi")
        if end in names and f"{end}_time" in names
    ]


def _vital_status(names: Names) -> list[Endpoint]:
    follow_up = first_of(names, ("days_to_last_follow_up", "days_to_last_followup", "last_contact_days_to"))
    death = first_of(names, ("days_to_death", "death_days_to"))
    if "vital_status" not in names or follow_up is None or death is None:
        return []
    convention = "PDC" if names["vital_status"] == "Vital Status" else "GDC"
    return [
        Endpoint(
            name="OS",
            convention=convention,
            event=names["vital_status"],
            death_time=death,
            follow_up_time=follow_up,
            unit=TimeUnit.DAYS,
        )
    ]


def _mmp(names: Names) -> list[Endpoint]:
    found = []
    for end in _ENDPOINTS:
        event = first_of(names, (f"{end}_censorship", f"{end}_cr_censorship"))
        if f"{end}_survival_days" in names and event is not None:
            time = names[f"{end}_survival_days"]
            found.append(Endpoint(name=end.upper(), convention="MMP", time=time, event=event, unit=TimeUnit.DAYS))
    return found


def _mcat(names: Names) -> list[Endpoint]:
    return [
        Endpoint(
            name=(end or "_os").lstrip("_").upper(),
            convention="MCAT, PORPOISE or SurvPath",
            time=names[f"survival_months{end}"],
            event=names[f"censorship{end}"],
            unit=TimeUnit.MONTHS,
        )
        for end in ("", "_dss", "_dfi", "_pfi")
        if f"survival_months{end}" in names and f"censorship{end}" in names
    ]


def _patho_bench(names: Names) -> list[Endpoint]:
    return [
        Endpoint(
            name=end.upper(),
            convention="Patho-Bench",
            time=names[f"{end}_{unit}"],
            event=names[f"{end}_event"],
            unit=unit,
        )
        for end in (name.removesuffix("_event") for name in names if name.endswith("_event"))
        for unit in TimeUnit
        if f"{end}_{unit}" in names
    ]


def _adv_mil(names: Names) -> list[Endpoint]:
    if "t" not in names or "e" not in names:
        return []
    return [Endpoint(name="OS", convention="AdvMIL", time=names["t"], event=names["e"])]


def _r_survival(names: Names) -> list[Endpoint]:
    if "time" not in names or "status" not in names:
        return []
    unit = TimeUnit.DAYS if {"inst", "ph_ecog"} <= set(names) else None  # the "lung" data themselves
    return [Endpoint(name="OS", convention="R survival", time=names["time"], event=names["status"], unit=unit)]


CONVENTIONS: tuple[Callable[[Names], list[Endpoint]], ...] = (
    _cbioportal,
    _tcga_cdr,
    _mmp,
    _mcat,
    _patho_bench,
    _vital_status,
    _adv_mil,
    _r_survival,
)

TIME_NAMES = re.compile(
    r"^(?!(os|dss|pfs|dfs|pfi|dfi|rfs)$)(time|days|weeks|months|years|duration|futime|follow_?up|fu|((os|overall|survival|surv|dss|pfs|dfs|pfi|dfi|rfs)_?)+)"
    r"((_|$)(survival|time|days?|weeks?|months?|years?|mo|yrs?|duration|followup|follow_up))*$"
)
EVENT_NAMES = re.compile(
    r"^(event|events|status|vital_status|dead|death|died|deceased|fustat|delta|cens|censor|censored|censoring|censorship|is_dead"
    r"|event_observed|((os|overall_survival|survival|dss|pfs|dfs|pfi|dfi|rfs)_?)+(event|status|cens|censor|censored|censorship)?)$"
)
"""Names that hint at time and event where no convention fits; a match on both columns is needed."""

PATIENT_NAMES = (
    "case_submitter_id",
    "submitter_id",
    "bcr_patient_barcode",
    "patient_id",
    "case_id",
    "patient_barcode",
    "patientid",
    "caseid",
    "patient",
    "case",
    "subject_id",
    "subject",
    "participant_id",
    "pid",
    "id",
)
SLIDE_NAMES = (
    "slide_id",
    "pathology_id",
    "slide",
    "slide_name",
    "slide_file",
    "slide_filename",
    "slide_submitter_id",
    "filename",
    "file_name",
    "file",
    "wsi",
    "wsi_id",
    "image_id",
    "image",
    "image_name",
)
GROUP_NAMES = ("site", "tissue_source_site", "center", "centre", "institution", "hospital", "scanner")
COVARIATE_NAMES = {
    "age": ("age", "age_at_diagnosis", "age_at_index", "age_at_initial_pathologic_diagnosis", "age_years"),
    "sex": ("sex", "gender", "is_female"),
    "stage": (
        "stage",
        "ajcc_pathologic_stage",
        "ajcc_pathologic_tumor_stage",
        "pathologic_stage",
        "tumor_stage",
        "clinical_stage",
        "figo_stage",
    ),
    "grade": ("grade", "tumor_grade", "histological_grade", "neoplasm_histologic_grade"),
}


def first_of(names: Names, wanted: tuple[str, ...]) -> str | None:
    """Return the column of the first wanted name that is there."""
    return next((names[name] for name in wanted if name in names), None)
