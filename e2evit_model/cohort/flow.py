"""What became of the rows of a table: the flow that is drawn, printed and stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class FlowStep:
    """One box of the flow: its name, how many are in it, and how many were left out on the way to it, by reason."""

    name: str
    count: int
    unit: str
    left_out: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Flow:
    """rows -> patients -> with time and event -> with slides, where any are known -> used."""

    steps: tuple[FlowStep, ...]

    def to_record(self) -> list[dict[str, Any]]:
        """Return plain JSON values, a step each."""
        return [
            {"step": step.name, "count": step.count, "unit": step.unit, "left_out": dict(step.left_out)}
            for step in self.steps
        ]

    def __str__(self) -> str:
        lines = []
        for step in self.steps:
            lines += [f"  - {count} {reason}" for reason, count in step.left_out.items()]
            lines.append(f"{step.name}: {step.count} {step.unit}")
        return "\n".join(lines)
