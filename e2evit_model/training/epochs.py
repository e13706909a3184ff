"""The loop over epochs of one fold: train, look at the validation part, remember the best, store everything, go on after a stop."""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from e2evit_model.progress import Progress
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.early_stopping import EarlyStopping
from e2evit_model.training.faults import not_a_number, out_of_memory
from e2evit_model.training.learners import Learner, Weights
from e2evit_model.training.objectives import Objective, Step
from e2evit_model.training.randomness import Randomness

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class EpochRow:
    """One line of ``log.csv``; ``val_c_index`` is ``None`` where the validation part has no comparable pair."""

    epoch: int
    train_loss: float
    val_loss: float
    val_c_index: float | None
    better: bool
    learning_rate: float
    seconds: float


class EpochStore(Protocol):
    """Where the loop keeps what it must not lose; everything is written whole or not at all."""

    def load_last(self) -> dict[str, Any] | None:
        """Return the newest whole state, ``None`` at the beginning."""
        ...

    def save_last(self, state: dict[str, Any]) -> None:
        """Keep a state beside the one before."""
        ...

    def save_best(self, weights: Weights) -> None:
        """Keep the weights of the best epoch."""
        ...

    def save_log(self, rows: list[EpochRow]) -> None:
        """Keep the learning curve."""
        ...


@dataclass
class _State:
    """Everything that changes from epoch to epoch."""

    learner: Learner
    optimizer: torch.optim.Optimizer
    randomness: Randomness
    stopping: EarlyStopping
    rows: list[EpochRow] = field(default_factory=list)

    def to_record(self) -> dict[str, Any]:
        return {
            "learner": self.learner.state(),
            "optimizer": self.optimizer.state_dict(),
            "randomness": self.randomness.state(),
            "stopping": self.stopping.to_record(),
            "rows": [vars(row) for row in self.rows],
        }

    def go_on_from(self, record: dict[str, Any]) -> None:
        self.learner.load_state(record["learner"])
        self.optimizer.load_state_dict(record["optimizer"])
        self.randomness = Randomness.from_state(record["randomness"])
        self.stopping = EarlyStopping.from_record(
            record["stopping"], patience=self.stopping.patience, min_delta=self.stopping.min_delta
        )
        self.rows = [EpochRow(**row) for row in record["rows"]]


def run_epochs(
    learner: Learner,
    objective: Objective,
    config: TrainingConfig,
    store: EpochStore,
    *,
    fold: int,
    progress: Progress,
) -> list[EpochRow]:
    """Train until the validation part gets no better, or all epochs are done; the best weights are in the store then.

    A run that was stopped goes on after its last whole epoch, to the same bits on the CPU with as many threads.

    Returns
    -------
    list of EpochRow
        The learning curve.

    Raises
    ------
    TrainingError
        When a loss or a gradient is no number; names the slide. The state of the epoch before stays.
    OutputError
        When a state cannot be written (the disk is full); the state before stays.
    Cancelled
        When ``progress`` raises it.
    """
    state = _State(
        learner=learner,
        optimizer=learner.make_optimizer(),
        randomness=Randomness(config.seed, fold),
        stopping=EarlyStopping(patience=config.patience, min_delta=config.min_delta),
    )
    record = store.load_last()
    if record is not None:
        state.go_on_from(record)
        log.info("fold %d goes on after epoch %d", fold, len(state.rows))
    while len(state.rows) < config.epochs and not state.stopping.should_stop:
        step = f"Fold {fold}, epoch {len(state.rows) + 1} of at most {config.epochs}"
        row = _one_epoch(state, objective, config, lambda done, total, step=step: progress(step, done, total))  # type: ignore[misc]
        state.rows.append(row)
        if row.better:
            store.save_best(learner.weights())
        store.save_last(state.to_record())
        store.save_log(state.rows)
        log.info("fold %d: %s", fold, _sentence(row))
    return state.rows


def _sentence(row: EpochRow) -> str:
    c_index = "not estimable" if row.val_c_index is None else f"{row.val_c_index:.3f}"
    return (
        f"epoch {row.epoch}, training loss {row.train_loss:.4f}, validation loss {row.val_loss:.4f}, C-index {c_index}"
    )


Tick = Callable[[int, int], None]


def _one_epoch(state: _State, objective: Objective, config: TrainingConfig, tick: Tick) -> EpochRow:
    begin = time.perf_counter()
    steps = objective.steps(state.randomness)
    slides = sum(len(step) for step in steps)
    total = slides + objective.val_slides
    done, losses = 0, []
    for step in steps:
        state.optimizer.zero_grad(set_to_none=True)
        losses.append(_one_step(state, objective, config, step, lambda n, done=done: tick(done + n, total)))  # type: ignore[misc]
        done += len(step)
        tick(done, total)
    with state.learner.evaluating():
        seen = objective.validate(state.learner, lambda n: tick(slides + n, total))
    epoch = len(state.rows) + 1
    weighted = sum(loss * len(step) for loss, step in zip(losses, steps, strict=True))
    return EpochRow(
        epoch=epoch,
        train_loss=weighted / slides,
        val_loss=seen.loss,
        val_c_index=seen.c_index,
        better=state.stopping.is_better(epoch, seen.c_index, seen.loss),
        learning_rate=config.learning_rate,
        seconds=time.perf_counter() - begin,
    )


def _one_step(
    state: _State, objective: Objective, config: TrainingConfig, step: Step, tick: Callable[[int], None]
) -> float:
    try:
        loss = objective.backward(state.learner, step, state.randomness, tick)
    except torch.OutOfMemoryError as error:
        raise out_of_memory(", ".join(step.slide_ids)) from error
    parameters: list[Tensor] = [p for group in state.optimizer.param_groups for p in group["params"]]
    limit = math.inf if config.clip_norm is None else config.clip_norm
    norm = float(torch.nn.utils.clip_grad_norm_(parameters, limit))
    if not math.isfinite(norm):
        raise not_a_number(", ".join(step.slide_ids), "gradient")
    state.optimizer.step()
    return loss
