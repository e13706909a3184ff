"""Early stopping: the C-index of the validation part decides, its loss breaks ties."""

import math
from dataclasses import dataclass
from typing import Any, Self


@dataclass
class EarlyStopping:
    """Remember the best epoch and say when to stop.

    An epoch is better when its C-index is above the highest one so far by more than ``min_delta``, or within ``min_delta`` of it
    at a lower loss. The highest C-index only rises, so ties cannot lead downhill step by step. Where no C-index can be estimated
    (no comparable pair in the validation part) the loss decides alone.
    """

    patience: int
    min_delta: float
    highest: float = -math.inf
    best_c_index: float = math.nan
    best_loss: float = math.inf
    best_epoch: int = -1
    waited: int = 0

    @property
    def should_stop(self) -> bool:
        """Whether no epoch was better for ``patience`` epochs."""
        return self.waited >= self.patience

    def is_better(self, epoch: int, c_index: float | None, loss: float) -> bool:
        """Take note of an epoch; return whether it is the best so far."""
        better = self._better(c_index, loss)
        if c_index is not None:
            self.highest = max(self.highest, c_index)
        if better:
            self.best_c_index = math.nan if c_index is None else c_index
            self.best_loss, self.best_epoch, self.waited = loss, epoch, 0
        else:
            self.waited += 1
        return better

    def _better(self, c_index: float | None, loss: float) -> bool:
        if self.best_epoch < 0:
            return True
        if c_index is None:
            return loss < self.best_loss
        if c_index > self.highest + self.min_delta:
            return True
        return c_index >= self.highest - self.min_delta and loss < self.best_loss

    def to_record(self) -> dict[str, Any]:
        """Return plain values for a checkpoint."""
        return {
            "highest": self.highest,
            "best_c_index": self.best_c_index,
            "best_loss": self.best_loss,
            "best_epoch": self.best_epoch,
            "waited": self.waited,
        }

    @classmethod
    def from_record(cls, record: dict[str, Any], *, patience: int, min_delta: float) -> Self:
        """Go on from :meth:`to_record`."""
        return cls(patience=patience, min_delta=min_delta, **record)
