"""The rows as a Markdown table, and as one figure: how near each is to its target."""

from pathlib import Path

from tests.benchmarks.machine import Machine
from tests.benchmarks.measuring import Row

NAME = "benchmarks"


def number(value: float | None) -> str:
    """Return three significant digits, without an exponent."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"


def markdown(rows: list[Row], machine: Machine) -> str:
    """Return the table with what it was measured on."""
    lines = [
        "# Benchmarks",
        "",
        "![How many times each target is reached](benchmarks.svg)",
        "",
        "![Where the time of a slide goes](profile.svg)",
        "",
        f"Measured on: {machine}.",
        "",
        'A ratio is the median of interleaved rounds, with half of their spread; "ours" and "beside" are medians.',
        "",
        "| id | case | ratio or value | in processor time | target | | ours | beside | peak memory | notes |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        spread = "" if row.spread is None else f" ± {row.spread / 2:.0%}"
        target = "" if row.target is None else f"{'≤' if row.lower_is_better else '≥'} {row.target:g}"
        cells = (
            row.id,
            row.case,
            f"{number(row.ratio)}{spread}",
            number(row.cpu_ratio),
            target,
            _verdict(row),
            f"{number(row.ours)} {row.unit}" if row.ours is not None else "-",
            f"{number(row.beside)} {row.beside_name}" if row.beside is not None else row.beside_name or "-",
            "-" if row.peak_mb is None else f"{row.peak_mb:,.0f} MB",
            row.why,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _verdict(row: Row) -> str:
    if row.ratio is None:
        return "not run"
    if row.target is None:
        return ""
    return "met" if row.met else "missed"


def share_of_target(row: Row) -> float | None:
    """Return how many times the target is reached: 1 at the target, more beyond it; ``None`` where that says nothing."""
    if row.ratio is None or not row.target or row.ratio <= 0:
        return None
    return row.target / row.ratio if row.lower_is_better else row.ratio / row.target


def write_figure(rows: list[Row], machine: Machine, folder: Path) -> None:
    """Write ``benchmarks.md`` and ``benchmarks.svg``; ``profile.py`` writes the third file that stands beside them.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.md").write_text(markdown(rows, machine), encoding="utf-8")
    _draw([row for row in rows if share_of_target(row) is not None], machine, folder / f"{NAME}.svg")


def _draw(rows: list[Row], machine: Machine, path: Path) -> None:
    import matplotlib as mpl
    import matplotlib.ticker

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = NAME  # the same rows give the same file
    figure, axes = plt.subplots(figsize=(10, 0.28 * len(rows) + 1.6), layout="constrained")
    for line, row in enumerate(rows):
        share = share_of_target(row) or 0.0
        axes.plot([1, share], [line, line], color="#b8b8b8", linewidth=2, zorder=1)
        axes.scatter(share, line, s=34, color="#2f6f4f" if row.met else "#b3432b", zorder=2)
        unit = f" {row.unit}".rstrip() if row.ratio == row.ours else "x"
        axes.annotate(
            f"{number(row.ratio)}{unit}",
            (share, line),
            xytext=(6 if share >= 1 else -6, 0),
            textcoords="offset points",
            ha="left" if share >= 1 else "right",
            va="center",
            fontsize=8,
        )
    axes.set_yticks(range(len(rows)), [f"{row.id}  {row.case}" for row in rows], fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.5) / 1.3, max(high, 2) * 1.6)
    axes.axvline(1, color="black", linewidth=1, zorder=0)
    axes.set_xlabel("times the target (right of the line: better than it should be)", fontsize=9)
    axes.xaxis.set_major_locator(mpl.ticker.LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:g}"))
    axes.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    axes.tick_params(axis="x", labelsize=8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)
    figure.supxlabel(str(machine), fontsize=6, color="#555555", wrap=True)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
