"""What the wizard asks of a process of its own, since it needs torch. Imported there alone; never imports Qt."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import torch

from e2evit_gui.jobs.measured import DiskSpace, DryRun
from e2evit_model.cohort.cohort import CohortSlide
from e2evit_model.convert.backbones import BACKBONES, Backbone
from e2evit_model.convert.devices import choose_device
from e2evit_model.convert.loading import named_backbone
from e2evit_model.convert.recognition import recognise
from e2evit_model.errors import E2EViTError, TrainingError
from e2evit_model.inference.price import kept_bytes
from e2evit_model.progress import Progress
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.scale import choose_scale
from e2evit_model.survival.losses import discrete_nll
from e2evit_model.training.config import Method, TrainingConfig
from e2evit_model.training.network import Pretrained, RiskNetwork, load_pretrained, make_optimizer
from e2evit_model.training.prepare import LOOKING, STEP, disk_need, slide_jobs, wish_for
from e2evit_model.training.prepare_tokens import prepare_material, read_prepared
from e2evit_model.training.prepared_files import StripWish
from e2evit_model.training.strips import AnyStrip

_log = logging.getLogger(__name__)
_LOOK_EVERY_S = 0.05
_COLD_S = 5.0
"""In a shorter first step much is memory and kernels that are set up once: the second step is the measure then."""


def backbone_of(config: TrainingConfig) -> Backbone:
    """Return what the model of a config is, without loading its weights.

    Raises
    ------
    BackboneError, WeightsError
        When it is unknown, or a weight file does not say what it is.
    """
    if config.backbone:
        return named_backbone(config.backbone)
    if config.model in BACKBONES or not Path(config.model).exists():
        return named_backbone(config.model)
    return recognise(Path(config.model))


def name_backbone(model: Path, name: str | None, *, progress: Progress) -> Backbone:
    """Say which backbone a weight file is of: as the user says, else by its layout.

    Raises
    ------
    BackboneError, WeightsError
        As :func:`backbone_of`.
    """
    progress("Recognizing the weights", 0, 0)
    return named_backbone(name) if name else recognise(model)


def need_of_disk(slides: Sequence[CohortSlide], config: TrainingConfig, *, progress: Progress) -> DiskSpace:
    """Say how much disk preparing some slides takes.

    Raises
    ------
    E2EViTError
        When the model is unknown, or a slide has no file.
    """
    backbone = backbone_of(config)
    wish = wish_for(config, backbone)
    jobs = slide_jobs(slides, wish)
    if config.conversion.needs_pixels:
        tile = kept_bytes(1, backbone, config.conversion, training=True, tile_px=wish.tile_px)
        # what names their files is known only with the weights: all slides count as still to be looked at
        need = disk_need(jobs, tile_bytes=round(tile), path_of=lambda *_: Path(), progress=progress)
    else:
        need = disk_need(jobs, progress=progress)
    return DiskSpace(at_most=need.at_most, free=need.free)


def dry_run(slides: Sequence[CohortSlide], config: TrainingConfig, *, progress: Progress) -> DryRun:
    """Prepare the largest slide of a cohort, and learn from it once; nothing but its strip is kept.

    Raises
    ------
    TrainingError
        When no slide can be opened, or the largest one cannot be used.
    E2EViTError
        When the model cannot be had or run.
    """
    device = choose_device(config.device)
    backbone = backbone_of(config)
    wish = wish_for(config, backbone)
    sizes = _sizes(slides, wish, progress)
    largest = max(sizes, key=lambda slide_id: sizes[slide_id])
    with _peak_memory() as peak:
        progress("Loading the model", 0, 0)
        pretrained = load_pretrained(config)
        strip, prepare_s = _prepared(next(s for s in slides if s.slide_id == largest), config, pretrained, progress)
        network = RiskNetwork(pretrained.encoder, config, bins=config.bins, device=device)
        if device.type == "cuda":
            torch.cuda.reset_peak_memory_stats()
        progress("Looking at the largest slide", 0, 1)
        look_s = _seconds_of_a_look(network, strip)
        learn_s = 0.0
        if config.method is Method.FINE_TUNE:
            progress("Learning from the largest slide", 0, 1)
            learn_s = _seconds_of_learning(network, strip)
            if learn_s < _COLD_S:
                learn_s = _seconds_of_learning(network, strip)
    return DryRun(
        slide_id=largest,
        tiles=len(strip),
        prepare_s=prepare_s,
        learn_s=learn_s,
        look_s=look_s,
        memory_bytes=peak[0],
        gpu_bytes=torch.cuda.max_memory_allocated() if device.type == "cuda" else 0,
        device=torch.cuda.get_device_name() if device.type == "cuda" else "CPU",
        numbers="bf16" if network.dtype is torch.bfloat16 else "fp32",
        slides=len(sizes),
        unreadable=len(slides) - len(sizes),
        share=sum(sizes.values()) / sizes[largest],
    )


def _sizes(slides: Sequence[CohortSlide], wish: StripWish, progress: Progress) -> dict[str, float]:
    """Return the area of each slide that can be opened, in pixels of the model's resolution."""
    sizes: dict[str, float] = {}
    reason = ""
    for done, slide in enumerate(slides):
        progress("Looking at the slides", done, len(slides))
        try:
            if slide.path is None:
                raise TrainingError(f'The slide "{slide.slide_id}" has no file.')
            with open_slide(slide.path, mpp=wish.tiles.mpp) as opened:
                info = opened.info
                sizes[slide.slide_id] = info.width * info.height / choose_scale(info, wish.tile_mpp).downsample ** 2
        except E2EViTError as error:
            reason = reason or error.message
    if not sizes:
        raise TrainingError(f"No slide of the cohort can be opened: {reason}", hint="Look at the page of the tiles.")
    return sizes


def _prepared(
    slide: CohortSlide, config: TrainingConfig, pretrained: Pretrained, progress: Progress
) -> tuple[AnyStrip, float | None]:
    begin = time.perf_counter()
    seen: list[str] = []

    def watched(step: str, done: int, total: int) -> None:
        seen.append(step)
        progress(step, done, total)

    found = prepare_material([slide], config, pretrained, workers=1, progress=watched)
    if found.failed:
        result = found.failed[0]
        raise TrainingError(f'The largest slide, "{slide.slide_id}", cannot be used: {result.reason}', hint=result.hint)
    # of a slide that was prepared before only these steps are told
    seconds = time.perf_counter() - begin if set(seen) - {STEP, LOOKING} else None
    return read_prepared(config, found.prepared[0]), seconds


def _seconds_of_a_look(network: RiskNetwork, strip: AnyStrip) -> float:
    begin = time.perf_counter()
    with network.evaluating():
        network(strip).cpu()
    return time.perf_counter() - begin


def _seconds_of_learning(network: RiskNetwork, strip: AnyStrip) -> float:
    optimizer = make_optimizer(network)
    begin = time.perf_counter()
    network.train()
    out = network(strip)
    if network.config.uses_cox:
        loss = out.sum()
    else:
        first, seen = torch.zeros((), dtype=torch.long), torch.ones((), dtype=torch.bool)
        loss = discrete_nll(out, first.to(out.device), seen.to(out.device))
    loss.backward()
    optimizer.step()
    float(loss.detach().cpu())  # waits for a GPU
    return time.perf_counter() - begin


@contextmanager
def _peak_memory() -> Iterator[list[int]]:
    """Watch the memory of this process; the list holds its peak in bytes."""
    process, peak, over = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_EVERY_S):
            peak[0] = max(peak[0], process.memory_info().rss)

    thread = threading.Thread(target=watch, name="peak memory", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()
        peak[0] = max(peak[0], process.memory_info().rss)
