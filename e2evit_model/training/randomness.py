"""The random numbers of a fold, and everything else that decides bits: states that are stored and put back."""

import hashlib
import random
from typing import Any, Self

import torch

from e2evit_model.runs.checkpoints import capture_random, restore_random


def fix_arithmetic(threads: int | None) -> int:
    """Fix what sums depend on: the number of threads, and what happens to numbers too small for their type.

    Returns
    -------
    int
        The number of threads in use.
    """
    # numbers below the smallest normal one make the fp32 backward pass four times slower, and mean nothing
    torch.set_flush_denormal(True)
    if threads is not None:
        torch.set_num_threads(threads)
    return torch.get_num_threads()


class Randomness:
    """Where the random numbers of one fold come from.

    ``generator`` serves the order of slides and the seeds of augmentation; the global states, which dropout inside a backbone
    uses, are seeded beside it. Both are part of a checkpoint.
    """

    def __init__(self, seed: int, fold: int) -> None:
        digest = hashlib.sha256(f"{seed} {fold}".encode()).digest()
        own, global_ = (int.from_bytes(digest[start : start + 4], "little") for start in (0, 4))
        self.generator = torch.Generator().manual_seed(own)
        torch.manual_seed(global_)
        random.seed(global_)

    def permutation(self, count: int) -> list[int]:
        """Return 0 .. count - 1 in random order."""
        return [int(i) for i in torch.randperm(count, generator=self.generator)]

    def seed(self) -> int:
        """Draw a seed for what must be repeatable by itself, as the augmentation of one slide in two passes."""
        return int(torch.randint(0, 2**31 - 1, (), generator=self.generator))

    def state(self) -> dict[str, Any]:
        """Return all states, for a checkpoint."""
        return {"generator": self.generator.get_state(), "global": capture_random()}

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Put everything back as :meth:`state` found it."""
        new = cls(0, 0)
        new.generator.set_state(state["generator"])
        restore_random(state["global"])
        return new
