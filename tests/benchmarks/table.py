"""The rows as a Markdown table, and as one figure: how near each is to its target."""

from pathlib import Path

import numpy as np

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
        *(["![Time and memory by the number of tiles](growth.svg)", ""] if any(row.curve for row in rows) else []),
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


def names(rows: list[Row]) -> list[str]:
    """Return what each row is called in the figure; a case that stands several times says beside what."""
    cases = [f"{row.id}  {row.case}" for row in rows]
    return [
        f"{case}, beside {row.beside_name}" if cases.count(case) > 1 else case
        for case, row in zip(cases, rows, strict=True)
    ]


def write_figure(rows: list[Row], machine: Machine, folder: Path) -> None:
    """Write ``benchmarks.md``, ``benchmarks.svg``, and ``growth.svg`` where a row has a curve; ``profile.py`` writes one more.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{NAME}.md").write_text(markdown(rows, machine), encoding="utf-8")
    _draw([row for row in rows if share_of_target(row) is not None], machine, folder / f"{NAME}.svg")
    for row in rows:
        if row.curve:
            draw_growth(row, machine, folder / "growth.svg")


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
    axes.set_yticks(range(len(rows)), names(rows), fontsize=8)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, 0.5) / 2.2, max(high, 2) * 1.6)  # room for the numbers beside the dots
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


def draw_growth(row: Row, machine: Machine, path: Path) -> None:
    """Draw seconds and memory of a row's curve over the number of tiles, with the growth that is allowed.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    import matplotlib as mpl
    import matplotlib.ticker

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    mpl.rcParams["svg.hashsalt"] = "growth"
    sizes, seconds, memory = np.array(row.curve).T
    figure, both = plt.subplots(1, 2, figsize=(10, 3.4), layout="constrained")
    for axes, values, unit, place, side in (
        (both[0], seconds, "s", (-6, 5), "right"),
        (both[1], memory, "MB", (6, -11), "left"),
    ):
        axes.plot(sizes, values, "o-", color="#2f6f4f", linewidth=1.5, markersize=5, zorder=2)
        for size, value in zip(sizes, values, strict=True):
            axes.annotate(
                f"{number(value)} {unit}",
                (size, value),
                place,
                textcoords="offset points",
                ha=side,
                fontsize=8,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )
        axes.set_xlabel("tiles", fontsize=9)
        axes.tick_params(labelsize=8)
        axes.spines[["top", "right"]].set_visible(False)
    times, room = both
    ratio = sizes / sizes[0]
    for exponent, style in ((1.0, ":"), (row.target or 1.0, "--"), (2.0, "-.")):
        times.plot(sizes, seconds[0] * ratio**exponent, style, color="#999999", linewidth=1, zorder=1)
        times.annotate(
            f"tiles^{exponent:g}",
            (sizes[-1], seconds[0] * ratio[-1] ** exponent),
            (4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color="#666666",
        )
    times.set_xscale("log")
    times.set_yscale("log")
    times.set_xlim(sizes[0] / 1.6, sizes[-1] * 1.9)
    times.set_xticks(sizes)
    times.xaxis.set_minor_locator(mpl.ticker.NullLocator())
    for axis in (times.xaxis, times.yaxis, room.xaxis, room.yaxis):
        axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: f"{value:,.0f}"))
    times.set_title(f"Seconds of the model: tiles^{row.ours or 0:.2f}", fontsize=10, loc="left")
    room.set_xlim(0, sizes[-1] * 1.15)
    room.set_ylim(0, memory.max() * 1.2)
    room.set_title("Memory of the whole process, MB", fontsize=10, loc="left")
    figure.supxlabel(str(machine), fontsize=6, color="#555555")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
