"""What a dry run measured: crosses the processes; no torch, no Qt."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """What the largest slide costs, measured.

    ``prepare_s`` is None where it was prepared before. ``learn_s`` is one step of learning from it, ``look_s`` one look at it
    without learning. ``memory_bytes`` is the peak of the process, ``gpu_bytes`` that of the GPU (0 on the CPU). ``slides`` could be
    opened, ``unreadable`` not; together they are ``share`` times as large as the largest one.
    """

    slide_id: str
    tiles: int
    prepare_s: float | None
    learn_s: float
    look_s: float
    memory_bytes: int
    gpu_bytes: int
    device: str
    numbers: str
    slides: int
    unreadable: int
    share: float
