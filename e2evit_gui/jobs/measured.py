"""What another process measured, as it comes back to the window: no torch, no Qt."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DiskSpace:
    """How many bytes preparing the slides takes at most, and how many are free where they go."""

    at_most: int
    free: int


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
