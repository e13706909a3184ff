"""The risk model folder: ``model.json``, ``heads.safetensors`` and, where the backbone was fine-tuned, its weights.

Only safetensors are written and read; nothing in the folder is ever run as code.
"""

import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from e2evit_model.errors import ModelError
from e2evit_model.files import explain_write_error, sha256_of_file
from e2evit_model.progress import Progress, silent
from e2evit_model.runs.records import write_json
from e2evit_model.runs.risk_model_card import (
    BACKBONE_FILE,
    CARD_FILE,
    HEADS_FILE,
    HeadKind,
    RiskModelCard,
    check_card,
    member_file,
    read_card,
)
from e2evit_model.runs.weights import State, load_weights, save_weights
from e2evit_model.survival.head import CoxHead, HazardHead
from e2evit_model.survival.prediction import SurvivalPrediction, on_common_bins, percentile_among

_AGAIN = "Get the whole folder again from where the model was trained."


@dataclass(frozen=True, kw_only=True)
class RiskModel:
    """A risk model that was read and checked; the weights of backbones stay on disk until asked for."""

    folder: Path
    card: RiskModelCard
    heads: tuple[HazardHead | CoxHead, ...]

    def backbone_file(self, member: int = 0) -> Path | None:
        """Return the file with the backbone of a member: its own, the shared one, or ``None`` for the pre-trained one."""
        for name in (member_file(member), BACKBONE_FILE):
            if name in self.card.files:
                return self.folder / name
        return None

    @property
    def backbone_is_shared(self) -> bool:
        """Whether one backbone serves all members, so that one embedding is enough."""
        return member_file(0) not in self.card.files

    def load_backbone(self, member: int = 0) -> dict[str, Tensor] | None:
        """Load the backbone's state of a member, or ``None`` when the pre-trained weights are meant.

        Raises
        ------
        ModelError
            When the file cannot be read.
        """
        path = self.backbone_file(member)
        return None if path is None else load_weights(path)

    @torch.inference_mode()
    def predict(self, embedding: Tensor | NDArray[np.floating[Any]]) -> SurvivalPrediction:
        """Say risk and survival of one slide.

        Parameters
        ----------
        embedding
            (C,) when all members share one backbone, else (members, C).

        Raises
        ------
        ModelError
            When the embedding has another shape, or holds something that is no number.
        """
        rows = self._rows(embedding)
        risks, curves = [], []
        for head, row in zip(self.heads, rows, strict=True):
            risk, curve = head.predict(row)
            risks.append(float(risk))
            curves.append(curve.double().numpy())
        survival, edges = on_common_bins(curves, [member.bin_edges_days for member in self.card.members])
        return SurvivalPrediction(
            risk=float(np.mean(risks)),
            member_risks=tuple(risks),
            survival=survival,
            bin_edges_days=edges,
            percentile=self._percentile(risks),
            group=self._group(risks),
            votes=self._votes(risks),
            cohort_range=self._cohort_range(),
        )

    def _rows(self, embedding: Tensor | NDArray[np.floating[Any]]) -> Tensor:
        given = torch.as_tensor(embedding).detach().cpu().float()
        members, width = len(self.heads), self.card.embedding_width
        wanted = (width,) if self.backbone_is_shared else (members, width)
        if tuple(given.shape) != wanted:
            raise ModelError(
                f"The embedding has the shape {tuple(given.shape)}, but this risk model needs {wanted}.",
                hint="Use the backbone and the read-out that the model was trained with.",
            )
        if not bool(torch.isfinite(given).all()):
            raise ModelError(
                "The embedding holds values that are not numbers, so there is no risk.",
                hint="Try fp32 precision; if it stays, the weights or the slide are damaged.",
            )
        return given.expand(members, width)

    def _percentile(self, risks: Sequence[float]) -> float | None:
        """Average over members: each risk has its place among risks of the same member, whose scale it shares."""
        pairs = zip(risks, self.card.members, strict=True)
        places = [percentile_among(r, m.out_of_fold_risks) for r, m in pairs if m.out_of_fold_risks]
        return float(np.mean(places)) if places else None

    def _group(self, risks: Sequence[float]) -> str | None:
        """Let the members vote, each by the median of its own training part; a tie is high, the careful side."""
        votes = self._votes(risks)
        if votes is None:
            return None
        high, members = votes
        return "high" if 2 * high >= members else "low"

    def _votes(self, risks: Sequence[float]) -> tuple[int, int] | None:
        pairs = zip(risks, self.card.members, strict=True)
        votes = [r >= m.training_median_risk for r, m in pairs if m.training_median_risk is not None]
        return (sum(votes), len(votes)) if votes else None

    def _cohort_range(self) -> tuple[float, float] | None:
        known = [risk for member in self.card.members for risk in member.out_of_fold_risks]
        return (min(known), max(known)) if known else None


def write_risk_model(
    folder: Path,
    card: RiskModelCard,
    heads: Sequence[State],
    backbone_state: State | Sequence[State] | Callable[[int], State] | None = None,
) -> RiskModelCard:
    """Write a risk model folder whole or not at all; a risk model that is there already is replaced.

    Parameters
    ----------
    folder
        The folder to make.
    card
        What ``model.json`` says; ``files`` is filled in here.
    heads
        One head state a member, as from ``HazardHead.state_dict()`` or ``CoxHead.state_dict()``.
    backbone_state
        ``None`` for the pre-trained backbone, one state for all members, or one state a member; a function that gives the state
        of the i-th member keeps only one of them in memory.

    Returns
    -------
    RiskModelCard
        The card as written.

    Raises
    ------
    ModelError
        When the card cannot be true, heads do not fit it, or the folder holds something else than a risk model.
    OutputError
        When it cannot be written.
    """
    check_card(card)
    _build_heads(card, heads)
    _refuse_foreign(folder)
    contents = _contents(heads, backbone_state, len(card.members))
    temporary = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    try:
        temporary.mkdir(parents=True)
        for name, state_of in contents.items():
            save_weights(temporary / name, state_of())
        written = replace(card, files={name: sha256_of_file(temporary / name) for name in contents})
        write_json(temporary / CARD_FILE, written)
        _put_in_place(temporary, folder)
    except OSError as error:
        raise explain_write_error(error, folder) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return written


def read_risk_model(folder: Path, *, progress: Progress = silent) -> RiskModel:
    """Read a risk model folder, with every file's hash and every shape checked.

    Raises
    ------
    ModelError
        When the folder is no risk model, of a newer version, incomplete, changed since it was written, or does not fit together.
    """
    card = read_card(folder)
    if HEADS_FILE not in card.files:
        raise ModelError(f"{CARD_FILE} cannot be used: it names no {HEADS_FILE}.", hint=_AGAIN)
    _check_names(card)
    for done, (name, expected) in enumerate(card.files.items()):
        progress("Checking the risk model", done, len(card.files))
        _check_hash(folder / name, expected)
    state = load_weights(folder / HEADS_FILE)
    members = len(card.members)
    heads = [_part(state, f"member_{index}.") for index in range(members)]
    if sum(map(len, heads)) != len(state):
        raise ModelError(f"{HEADS_FILE} does not fit model.json: it holds heads of more members.", hint=_AGAIN)
    return RiskModel(folder=folder, card=card, heads=_build_heads(card, heads))


def _build_heads(card: RiskModelCard, states: Sequence[State]) -> tuple[HazardHead | CoxHead, ...]:
    if len(states) != len(card.members):
        raise ModelError(
            f"The heads do not fit model.json: {len(states)} heads for {len(card.members)} members.", hint=_AGAIN
        )
    built: list[HazardHead | CoxHead] = []
    for index, (state, member) in enumerate(zip(states, card.members, strict=True)):
        maker = HazardHead if card.head == HeadKind.HAZARD else CoxHead
        head = maker(card.embedding_width, len(member.inner_edges_days) + 1)
        _check_head(f"The head of member {index}", state, head.state_dict())
        head.load_state_dict({name: tensor.detach().float() for name, tensor in state.items()})
        built.append(head.eval().requires_grad_(False))
    return tuple(built)


def _check_head(which: str, state: State, wanted: State) -> None:
    for name, expected in wanted.items():
        if name not in state:
            raise ModelError(f'{which} lacks "{name}".', hint=_AGAIN)
        if state[name].shape != expected.shape:
            raise ModelError(
                f'{which} does not fit model.json: "{name}" is {tuple(state[name].shape)}, '
                f"but the embedding's width and the time bins need {tuple(expected.shape)}.",
                hint=_AGAIN,
            )
        if not bool(torch.isfinite(state[name]).all()):
            raise ModelError(f'{which} holds values that are not numbers in "{name}".', hint=_AGAIN)
    if unknown := sorted(set(state) - set(wanted)):
        raise ModelError(f'{which} holds the unknown "{unknown[0]}".', hint=_AGAIN)
    if "scale" in state and not bool((state["scale"] > 0).all()):
        raise ModelError(f"{which} divides by a scale that is not above 0.", hint=_AGAIN)
    if "baseline_survival" in state and not _is_survival(state["baseline_survival"]):
        raise ModelError(f"{which} has a baseline survival that is not between 0 and 1, or rises.", hint=_AGAIN)


def _is_survival(curve: Tensor) -> bool:
    return bool(((curve >= 0) & (curve <= 1)).all()) and bool((curve.diff() <= 0).all())


def _part(state: State, prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in state.items() if name.startswith(prefix)}


def _contents(
    heads: Sequence[State], backbone: State | Sequence[State] | Callable[[int], State] | None, members: int
) -> dict[str, Callable[[], State]]:
    all_heads = {f"member_{index}.{name}": t for index, head in enumerate(heads) for name, t in head.items()}
    contents: dict[str, Callable[[], State]] = {HEADS_FILE: lambda: all_heads}
    if backbone is None:
        return contents
    if isinstance(backbone, Mapping):
        return contents | {BACKBONE_FILE: partial(dict, backbone)}
    if not callable(backbone) and len(backbone) != members:
        raise ModelError(f"There are {len(backbone)} backbones for {members} members.", hint="Give one a member.")
    get = backbone if callable(backbone) else backbone.__getitem__
    return contents | {member_file(index): partial(get, index) for index in range(members)}


def _check_names(card: RiskModelCard) -> None:
    own = {member_file(index) for index in range(len(card.members))}
    present = own & set(card.files)
    # only names that we write: a name with a folder in it would lead out of the model's own
    if unknown := sorted(set(card.files) - own - {HEADS_FILE, BACKBONE_FILE}):
        raise ModelError(
            f'{CARD_FILE} cannot be used: it names the unknown file "{Path(unknown[0]).name}".', hint=_AGAIN
        )
    if present and (present != own or BACKBONE_FILE in card.files):
        raise ModelError(
            f"{CARD_FILE} cannot be used: some members have a backbone of their own, others not.", hint=_AGAIN
        )


def _check_hash(path: Path, expected: str) -> None:
    if not path.is_file():
        raise ModelError(f"The risk model is not whole: {path.name} is missing.", hint=_AGAIN)
    try:
        found = sha256_of_file(path)
    except OSError as error:
        raise ModelError(f"{path.name} cannot be read ({error.strerror}).", hint=_AGAIN) from error
    if found != expected:
        raise ModelError(
            f"{path.name} is not the file that model.json was written with: its hash differs.", hint=_AGAIN
        )


def _refuse_foreign(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir()) and not (folder / CARD_FILE).is_file()):
        raise ModelError(
            f"{folder.name} already holds something that is not a risk model.", hint="Choose a new or an empty folder."
        )


def _put_in_place(temporary: Path, folder: Path) -> None:
    if folder.is_dir():
        # a folder cannot be replaced in one step: the old one steps aside, and goes when the new one stands
        old = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}.old")
        folder.rename(old)
        temporary.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    else:
        temporary.rename(folder)
