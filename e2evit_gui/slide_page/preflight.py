"""What is checked before a run, and why a run cannot begin. No widgets, no torch."""

from dataclasses import dataclass
from enum import StrEnum

import psutil
from PySide6.QtCore import QCoreApplication

from e2evit_gui.forms.durations import written_seconds
from e2evit_gui.jobs.devices import gpu_at_hand
from e2evit_gui.jobs.failure import Failure
from e2evit_gui.slide_page.estimate import estimate
from e2evit_gui.slide_page.model_facts import ModelFacts
from e2evit_gui.slide_page.panel import number
from e2evit_gui.state.session import Session
from e2evit_gui.state.written import percent
from e2evit_model.convert.settings import Device
from e2evit_model.inference.settings import AnalysisSettings
from e2evit_model.slides.protocol import SlideInfo
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.units import written_bytes


def _tr(text: str) -> str:
    return QCoreApplication.translate("Preflight", text)


class State(StrEnum):
    """How a check ended; the names are those of icons."""

    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"
    MISSING = "missing"


@dataclass(frozen=True, kw_only=True)
class Check:
    """One line of the preflight. ``why`` is a sentence when this keeps a run from beginning."""

    name: str
    value: str
    state: State
    why: str = ""


def checks(
    session: Session, facts: ModelFacts | None, *, preparing: bool, recognising: bool, problem: Failure | None
) -> list[Check]:
    """Return all checks in the order of the data's way; ``problem`` is why there is no tissue or are no tiles."""
    slide = session.slide
    if slide is None:
        return [
            Check(name=_tr("Slide"), value=_tr("none is open"), state=State.MISSING, why=_tr("Open a slide first.")),
            *_of_model(facts, recognising=recognising),
            _of_device(session.settings.device),
        ]
    found = [
        Check(name=_tr("Slide"), value=slide.info.format, state=State.GOOD),
        _of_resolution(slide.info),
        *_of_tiles(session, preparing=preparing, problem=problem),
        *_of_model(facts, recognising=recognising),
        _of_device(session.settings.device),
    ]
    if session.grid is not None and facts is not None and facts.backbone is not None:
        found.extend(_of_memory(len(session.grid), facts, session.settings))
    return found


def why_not(found: list[Check]) -> str:
    """Return the first sentence that keeps a run from beginning, empty when it can begin."""
    return next((check.why for check in found if check.why), "")


def planned_device(device: Device) -> str:
    """Say in short where a model would run now."""
    return _tr("GPU") if device is not Device.CPU and gpu_at_hand() else _tr("CPU")


def _of_resolution(info: SlideInfo) -> Check:
    name = _tr("Resolution")
    if info.mpp is None:
        why = _tr("The file does not say how large a pixel is: give it in the IMAGE panel.")
        return Check(name=name, value=_tr("unknown"), state=State.ERROR, why=why)
    source = _tr("given by you") if info.mpp_source == "user" else _tr("from the file")
    return Check(name=name, value=f"{info.mpp:.4g} µm/px ({source})", state=State.GOOD)


def _of_tiles(session: Session, *, preparing: bool, problem: Failure | None) -> list[Check]:
    mask, grid, slide = session.mask, session.grid, session.slide
    waiting = _tr("being found…")
    reason = problem.message if problem is not None else ""
    if mask is None:
        value, why = (waiting, _tr("The tissue is being found.")) if preparing else (_tr("not found"), reason)
        why = why or _tr("The tissue was not looked for to the end.")
        return [Check(name=_tr("Tissue"), value=value, state=State.MISSING if preparing else State.ERROR, why=why)]
    area = mask.area_mm2()
    covered = percent(float(mask.tissue.mean()), ".2g")
    if area is not None:
        covered = _tr("{area:.3g} mm² (outline)").format(area=area)
    tissue = Check(name=_tr("Tissue"), value=covered, state=State.GOOD)
    if grid is not None:
        return [tissue, *_of_grid(grid)]
    if preparing:
        return [
            tissue,
            Check(name=_tr("Tiles"), value=waiting, state=State.MISSING, why=_tr("The tiles are being laid.")),
        ]
    unknown = slide is not None and slide.info.mpp is None
    state = State.MISSING if unknown else State.ERROR
    why = reason or ("" if unknown else _tr("The tiles were not laid to the end."))
    return [tissue, Check(name=_tr("Tiles"), value=_tr("none"), state=state, why=why)]


def _of_grid(grid: TileGrid) -> list[Check]:
    if len(grid) == 0:
        why = _tr("No tile holds enough tissue: lower the share of tissue in a tile.")
        return [Check(name=_tr("Tiles"), value="0", state=State.ERROR, why=why)]
    scale = grid.scale
    how = _tr("not resampled")
    if scale.reduce > 1 or scale.resample != 1:
        how = _tr("averaged {factor:.3g}× from level {level}").format(
            factor=scale.reduce * scale.resample, level=scale.level
        )
    elif scale.level:
        how = _tr("level {level}, not resampled").format(level=scale.level)
    return [
        Check(
            name=_tr("Tiles"),
            value=_tr("{count}, each {side} × {side} px").format(count=number(len(grid)), side=grid.tile_px),
            state=State.GOOD,
        ),
        Check(
            name=_tr("Pixels"),
            value=_tr("{mpp:.3g} µm/px, {how}").format(mpp=scale.mpp, how=how),
            state=State.WARNING if scale.note else State.GOOD,
        ),
    ]


def _of_model(facts: ModelFacts | None, *, recognising: bool) -> list[Check]:
    name = _tr("Model")
    if facts is None:
        return [Check(name=name, value=_tr("none is chosen"), state=State.MISSING, why=_tr("Choose a model."))]
    if facts.problem:
        return [Check(name=name, value=facts.title, state=State.ERROR, why=facts.problem)]
    if recognising:
        why = _tr("The weight file is being looked at.")
        return [Check(name=name, value=_tr("being recognized…"), state=State.MISSING, why=why)]
    value = facts.title
    if facts.kind != "risk model":
        value = _tr("{title} (no risk, attention only)").format(title=value)
    found = [Check(name=name, value=value, state=State.GOOD)]
    if facts.licence:
        strict = "NC" in facts.licence or "research" in facts.licence.lower()
        found.append(Check(name=_tr("Licence"), value=facts.licence, state=State.WARNING if strict else State.GOOD))
    return found


def _of_device(device: Device) -> Check:
    name = _tr("Device")
    if device is Device.CUDA and not gpu_at_hand():
        why = _tr("No NVIDIA GPU was found on this machine: choose another device.")
        return Check(name=name, value=_tr("GPU"), state=State.ERROR, why=why)
    if device is Device.CPU:
        return Check(name=name, value=_tr("CPU"), state=State.GOOD)
    return Check(name=name, value=_tr("GPU") if gpu_at_hand() else _tr("CPU (no NVIDIA GPU found)"), state=State.GOOD)


def _of_memory(tiles: int, facts: ModelFacts, settings: AnalysisSettings) -> list[Check]:
    need = estimate(tiles, facts, settings, gpu=gpu_at_hand())
    free = psutil.virtual_memory().available
    text = _tr("about {need} of {free} free").format(need=written_bytes(need.memory_bytes), free=written_bytes(free))
    state = State.WARNING if need.memory_bytes > 0.8 * free else State.GOOD
    return [
        Check(name=_tr("Memory"), value=text, state=state),
        Check(name=_tr("Time"), value=_tr("about {time}").format(time=written_seconds(need.seconds)), state=State.GOOD),
    ]
