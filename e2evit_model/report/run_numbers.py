"""How numbers are written in a report: three decimals, intervals beside them, and "not estimable" where there is none."""

from collections.abc import Sequence

from e2evit_model.survival.estimate import Estimate

NOT_ESTIMABLE = "not estimable"
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = 30.4375
_MONTHS_UP_TO_DAYS = 3 * DAYS_PER_YEAR


def decimal(value: float | None, digits: int = 3) -> str:
    """Write a number with a true minus sign, or that there is none."""
    return NOT_ESTIMABLE if value is None else f"{value:.{digits}f}".replace("-", "−")


def span(low: float, high: float) -> str:
    """Write a range."""
    return f"{decimal(low)} to {decimal(high)}"


def interval(estimate: Estimate) -> str:
    """Write the interval of a figure in brackets; nothing when it has none."""
    return "" if estimate.low is None or estimate.high is None else f"({span(estimate.low, estimate.high)})"


def with_interval(estimate: Estimate) -> str:
    """Write a figure and its interval."""
    return f"{decimal(estimate.value)} {interval(estimate)}".strip()


def mean_and_sd(mean: float | None, sd: float | None) -> str:
    """Write a mean over folds and the deviation between them."""
    return decimal(mean) if mean is None or sd is None else f"{decimal(mean)} ± {decimal(sd)}"


def p_value(p: float | None) -> str:
    """Write p with its sign: ``p = 0.012``, ``p < 0.001``."""
    if p is None:
        return f"p {NOT_ESTIMABLE}"
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def counted(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun: "1 patient", "23 patients"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}".replace(",", "\u202f")


class TimeUnit:
    """The unit in which times are shown: months up to three years, else years."""

    def __init__(self, longest_days: float) -> None:
        in_months = longest_days <= _MONTHS_UP_TO_DAYS
        self.days = DAYS_PER_MONTH if in_months else DAYS_PER_YEAR
        self.name = "months" if in_months else "years"

    def of(self, days: float) -> float:
        """Return days in this unit."""
        return days / self.days

    def said(self, days: float | None, *, none: str = "not reached") -> str:
        """Write a time with its unit, or what stands for none."""
        return none if days is None else f"{self.of(days):.1f} {self.name}"

    def rounded(self, days: float) -> str:
        """Write a time that is round, or nearly: "1 year", "3 years", "7.5 months"."""
        text = f"{self.of(days):.3g}"
        return f"{text} {self.name[:-1] if text == '1' else self.name}"


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence: "age, stage and grade"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
