"""What the model's process is asked to explain: occlusion and rollout of the slide that was analyzed. Never imports Qt."""

from pathlib import Path

from e2evit_gui.jobs.model_tasks import warm_model
from e2evit_model.explain.maps import OcclusionMap, RolloutMap
from e2evit_model.explain.occlusion import occlude_slide
from e2evit_model.explain.rollout import roll_out_strip
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.inference.analyze import prepare_strip
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.progress import Progress


def occlude(
    path: Path, settings: AnalysisSettings, choice: ModelChoice, occlusion: OcclusionSettings, *, progress: Progress
) -> OcclusionMap:
    """Run the model without each square of tiles.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.explain.occlusion.occlude_slide`.
    """
    return occlude_slide(path, settings, occlusion, warm_model(choice, progress=progress), progress=progress)


def roll_out(path: Path, settings: AnalysisSettings, choice: ModelChoice, *, progress: Progress) -> RolloutMap:
    """Roll the attention out through all layers.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`~e2evit_model.inference.analyze.analyze_slide`.
    """
    strip = prepare_strip(path, settings, warm_model(choice, progress=progress), progress=progress)
    return roll_out_strip(strip, progress=progress)
