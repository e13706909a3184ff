"""``analyze_slide``: from a slide file to risk, embedding and attention."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from e2evit_model.convert.e2evit import Encoding
from e2evit_model.errors import SlideError
from e2evit_model.grandqc.finding import find_tissue
from e2evit_model.inference.encoding import encode_members
from e2evit_model.inference.models import LoadedModel, load_model
from e2evit_model.inference.plan import AnalysisPlan, make_plan
from e2evit_model.inference.record import provenance
from e2evit_model.inference.result import SlideResult
from e2evit_model.inference.seen import color_share_of_strip, seen_tiles
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.inference.tile_tokens import tokens_of_tiles
from e2evit_model.progress import Progress, silent
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.protocol import Slide, SlideInfo
from e2evit_model.strip.cache import load_or_read
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.strip.token_stack import TokenStack
from e2evit_model.tiling.grid import TileGrid
from e2evit_model.tiling.making import make_grid
from e2evit_model.tissue.mask import TissueMask

_log = logging.getLogger(__name__)

NO_HEAD = "This model was not trained on survival: it gives the embedding and the attention, and no risk."


NO_ATTENTION = "Tiles were merged after the last block: their mean weighs all the same, so attention tells none apart."


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """What was seen of a slide before the model ran over the strip."""

    mask: TissueMask
    grid: TileGrid
    stack: PatchStack
    tokens: tuple[TokenStack, ...]


@dataclass
class _Journal:
    """What is said and timed on the way."""

    seconds: dict[str, float] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        begin = time.perf_counter()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + time.perf_counter() - begin
        _log.info("%s took %.2f s", step, self.seconds[step])


def analyze_slide(
    path: Path | str,
    settings: AnalysisSettings,
    model: ModelChoice | LoadedModel,
    *,
    progress: Progress = silent,
) -> SlideResult:
    """Analyze one slide: tissue, tiles, mean patches, embedding, attention, and risk where the model has a trained head.

    Parameters
    ----------
    path
        A slide file; of a DICOM series any one file.
    settings
        What the user chose; what is not chosen comes from the model, then from the defaults.
    model
        Which model, or one that is loaded already.

    Raises
    ------
    E2EViTError
        With the reason in one sentence: ``SlideError``, ``ResolutionError``, ``TissueError``, ``TilingError``, ``BackboneError``,
        ``WeightsError``, ``ModelError``, ``DeviceError``, ``OptionError``.
    Cancelled
        When ``progress`` raises it.
    """
    journal = _Journal()
    # the slide first: a wrong file is the commonest fault, and is found in milliseconds
    with journal.timed("open slide"):
        slide = open_slide(path, mpp=settings.mpp)
    journal.notices.extend(slide.info.notes)
    with slide:
        if isinstance(model, LoadedModel):
            loaded = model
        else:
            with journal.timed("load model"):
                loaded = load_model(model, progress=progress)
        plan = make_plan(settings, loaded)
        journal.notices.extend(plan.notices)
        mask, grid, stack, tokens = _see(slide, plan, loaded, journal, progress)
    with journal.timed("run model"):
        encodings, device, said = encode_members(loaded, plan, stack, grid, tokens=tokens, progress=progress)
    journal.notices.extend(said)
    if plan.conversion.merge_after == loaded.backbone.depth:
        journal.notices.append(NO_ATTENTION)
    seen = _Seen(mask=mask, grid=grid, stack=stack, tokens=tokens)
    return _result(slide, loaded, plan, journal, seen=seen, encodings=encodings, device=device)


@dataclass(frozen=True, kw_only=True)
class PreparedStrip:
    """A slide made ready for the model, which was not run: what experiments on the strip begin with.

    ``tokens`` is what the first blocks saw of the tiles, as :func:`~e2evit_model.inference.encoding.encode_parts` takes it; empty
    where the model sees mean patches alone.
    """

    info: SlideInfo
    mask: TissueMask
    grid: TileGrid
    stack: PatchStack
    loaded: LoadedModel
    plan: AnalysisPlan
    notices: tuple[str, ...]
    tokens: tuple[TokenStack, ...] = ()


def prepare_strip(
    path: Path | str,
    settings: AnalysisSettings,
    model: ModelChoice | LoadedModel,
    *,
    progress: Progress = silent,
) -> PreparedStrip:
    """Do all that :func:`analyze_slide` does before it runs the model, with the same choices.

    Raises
    ------
    E2EViTError, Cancelled
        As :func:`analyze_slide`.
    """
    journal = _Journal()
    with open_slide(path, mpp=settings.mpp) as slide:
        journal.notices.extend(slide.info.notes)
        loaded = model if isinstance(model, LoadedModel) else load_model(model, progress=progress)
        plan = make_plan(settings, loaded)
        journal.notices.extend(plan.notices)
        mask, grid, stack, tokens = _see(slide, plan, loaded, journal, progress)
        return PreparedStrip(
            info=slide.info,
            mask=mask,
            grid=grid,
            stack=stack,
            loaded=loaded,
            plan=plan,
            notices=tuple(journal.notices),
            tokens=tokens,
        )


def _see(
    slide: Slide, plan: AnalysisPlan, loaded: LoadedModel, journal: _Journal, progress: Progress
) -> tuple[TissueMask, TileGrid, PatchStack, tuple[TokenStack, ...]]:
    """Find the tissue, lay the tiles, read their mean patches, and where the model looks closer, let it look at each tile."""
    with journal.timed("find tissue"):
        mask = plan.selection.corrected(find_tissue(slide, method=plan.tissue, progress=progress))
    with journal.timed("lay tiles"):
        grid = make_grid(
            slide.info, mask, tile_px=plan.tile_px, mpp=plan.tile_mpp, fraction=plan.tissue_fraction, order=plan.order
        )
    if grid.scale.note:
        journal.notices.append(grid.scale.note)
    # refused before the slide is read; the whole tissue is read all the same, so that other regions find it in the cache
    plan.selection.kept_or_refused(grid)
    with journal.timed("read tiles"):
        stack, said = load_or_read(
            slide,
            grid,
            patch_sizes=(loaded.backbone.patch_px,),
            splits=plan.splits,
            mask_method=plan.recorded_tissue,
            use_cache=plan.cache,
            progress=progress,
        )
    journal.notices.extend(said)
    whole = grid
    grid, stack = _leave_out_damaged(grid, stack, plan, journal)
    kept = plan.selection.kept_or_refused(grid)
    chosen = grid.subset(kept)
    tokens: tuple[TokenStack, ...] = ()
    if plan.conversion.needs_pixels:
        with journal.timed("look at every tile"):
            tokens, told = tokens_of_tiles(slide, whole, chosen, loaded, plan, progress=progress)
        journal.notices.extend(told)
    return mask, chosen, stack.subset(kept), tokens


def _leave_out_damaged(
    grid: TileGrid, stack: PatchStack, plan: AnalysisPlan, journal: _Journal
) -> tuple[TileGrid, PatchStack]:
    damaged = int(np.count_nonzero(~stack.readable))
    if damaged == 0:
        return grid, stack
    share = damaged / len(grid)
    if share > plan.damaged_share or damaged == len(grid):
        raise SlideError(
            f"{damaged} of {len(grid)} tiles cannot be read ({share:.0%}): the file is damaged.",
            hint=f"Up to {plan.damaged_share:.0%} may be damaged (--damaged-share). Copy or scan the slide again.",
        )
    journal.notices.append(f"{damaged} of {len(grid)} tiles are damaged in the file and were left out.")
    return grid.subset(stack.readable), stack.subset(stack.readable)


def _result(
    slide: Slide,
    loaded: LoadedModel,
    plan: AnalysisPlan,
    journal: _Journal,
    *,
    seen: _Seen,
    encodings: list[Encoding],
    device: str,
) -> SlideResult:
    grid = seen.grid
    risk = None
    if loaded.risk is not None:
        embeddings = np.stack([encoding.embedding for encoding in encodings])
        risk = loaded.risk.predict(embeddings[0] if loaded.risk.backbone_is_shared else embeddings)
    means = seen.stack.means(loaded.backbone.patch_px)
    encoder = loaded.encoder(0, plan.conversion)
    groups = encoder.groups(len(grid))
    layers = np.stack([encoding.layers for encoding in encodings]).mean(axis=0, dtype=np.float32)
    result = SlideResult(
        info=slide.info,
        mask=seen.mask,
        grid=grid,
        model=replace(loaded.summary, conversion=plan.conversion.to_record()),
        # fine-tuned members have embeddings of their own: the first one's is given, as one vector of one model
        embedding=encodings[0].embedding,
        attention=np.stack([encoding.attention for encoding in encodings]).mean(axis=0),
        layers=layers.astype(np.float16),
        seen=seen_tiles(means, groups),
        color_share=color_share_of_strip(encoder, means, groups, seen.tokens[0] if seen.tokens else None),
        risk=risk,
        why_no_risk="" if risk else NO_HEAD,
        notices=tuple(journal.notices),
        seconds=journal.seconds,
        device=device,
    )
    return replace(result, record=provenance(result, loaded, plan))
