"""What the model's process is asked to do. Imported there alone; never imports Qt."""

import logging
from dataclasses import dataclass
from pathlib import Path

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.loading import named_backbone
from e2evit_model.convert.recognition import recognise
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import LoadedModel, load_model
from e2evit_model.inference.result import SlideResult
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.progress import Progress
from e2evit_model.project.entries import ResultEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.results import write_result
from e2evit_model.slides.opening import open_slide

_log = logging.getLogger(__name__)


@dataclass
class _Warm:
    """The model used last, and the state of its files when it was loaded."""

    choice: ModelChoice
    files: tuple[tuple[str, int, int], ...]
    model: LoadedModel


_warm: list[_Warm] = []


def _state_of_files(choice: ModelChoice) -> tuple[tuple[str, int, int], ...]:
    path = Path(choice.source)
    files = sorted(path.iterdir()) if path.is_dir() else [path] if path.is_file() else []
    return tuple((one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in files)


def warm_model(choice: ModelChoice, *, progress: Progress) -> LoadedModel:
    """Return the model that is in memory when it is the one that is asked for, else load it in its place.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.inference.models.load_model`.
    """
    files = _state_of_files(choice)
    if not (_warm and _warm[0].choice == choice and _warm[0].files == files):
        _warm.clear()
        _warm.append(_Warm(choice=choice, files=files, model=load_model(choice, progress=progress)))
    else:
        _log.info("The model is still in memory")
    return _warm[0].model


def analyze(path: Path, settings: AnalysisSettings, choice: ModelChoice, *, progress: Progress) -> SlideResult:
    """Analyze a slide with the model that is in memory, or load it first; one model is kept.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.inference.analyze.analyze_slide`.
    """
    # the slide first: a wrong file is found in milliseconds, a model takes seconds to load
    open_slide(path, mpp=settings.mpp).close()
    return analyze_slide(path, settings, warm_model(choice, progress=progress), progress=progress)


def recognise_weights(choice: ModelChoice, *, progress: Progress) -> Backbone:
    """Say which backbone a weight file is of: the one that the user named (any ViT of timm, too), else what its layout tells.

    Raises
    ------
    BackboneError
        When no backbone has the name.
    WeightsError
        When the file cannot be read, or its layout is of no known backbone, or of several.
    """
    progress("Recognizing the weights", 0, 0)
    return named_backbone(choice.backbone) if choice.backbone else recognise(Path(choice.source))


def analyze_into_project(
    path: Path, settings: AnalysisSettings, choice: ModelChoice, folder: Path, slide_id: str, *, progress: Progress
) -> ResultEntry:
    """Analyze a slide and write its result into the folder of a project; the window gets no more than the entry.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`analyze`; ``OutputError`` when the result cannot be written.
    """
    result = analyze(path, settings, choice, progress=progress)
    progress("Writing the result", 0, 0)
    return write_result(ProjectFolder(folder), slide_id, result)
