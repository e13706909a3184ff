"""Slide file to risk, seconds by step: as the program does it, and by its fallbacks, OpenSlide's pixels and attention in chunks.

``python -m tests.proofs.slide_to_risk --data FOLDER --weights FILE [--fast-only] [--json FILE]`` takes the real svs of the data
folder, one of its sections as a pyramid, and a slide of 10 000 tiles that the benchmarks paint, with a ViT-S/14 of the given
weights and a head that was drawn at random: the risk says nothing, but every step that gives one is done. Nothing is taken from a
cache.

The fallbacks are what the program was before the fast ways, and what it goes back to where they fail: the same tiles, the same
mean patches, an embedding that is compared.
"""

import argparse
import json
import os
import tempfile
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
import torch
from PIL import Image

from e2evit_model.convert import kernels
from e2evit_model.convert.attention import chunked_attention
from e2evit_model.convert.loading import load_encoder
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.runs.risk_model import write_risk_model
from e2evit_model.runs.risk_model_card import MemberCard, RiskModelCard, TrainingCohort
from e2evit_model.slides.opened import OpenedSlide
from tests.benchmarks.machine import Machine
from tests.benchmarks.slides import benchmark_slide
from tests.slide_files import write_pyramid

BACKBONE = "dinov2-small"
SIDE_PX = 22_528  # 100 x 100 tiles of 224 px, cut from tiles of 256
SECTION_MPP = 0.688
RUNS = 3
STEPS = ("open slide", "find tissue", "lay tiles", "read tiles", "load model", "run model")


def slides(data, folder):
    """Return name, path and settings of the three slides."""
    section = min((data / "sections").glob("*.jpg"))
    pyramid = write_pyramid(
        folder / f"{section.stem}.tiff", np.asarray(Image.open(section).convert("RGB")), mpp=SECTION_MPP
    )
    svs = min((data / "slides").glob("*.svs"))
    return [
        (svs.name, svs, AnalysisSettings(cache=False)),
        (f"{section.stem} as a pyramid", pyramid, AnalysisSettings(cache=False)),
        (
            "10 000 tiles, painted",
            benchmark_slide(quick=False, side=SIDE_PX),
            AnalysisSettings(cache=False, tissue="all"),
        ),
    ]


def risk_model(weights, folder):
    """Write a risk model with the given weights and a head of one member that was drawn at random."""
    encoder, backbone, sha = load_encoder(weights, backbone=BACKBONE)
    generator = torch.Generator().manual_seed(0)
    width = encoder.embedding_size
    head = {"weight": torch.randn(4, width, generator=generator) / 8, "bias": torch.full((4,), -1.0)}
    card = RiskModelCard(
        name="Head drawn at random",
        backbone=backbone.id,
        backbone_weights_sha256=sha,
        conversion=ConversionSettings().to_record(),
        order="row",
        tile_mpp=0.5,
        tile_px=224,
        patch_px=encoder.patch_px,
        mean=backbone.mean,
        std=backbone.std,
        tissue_method="otsu",
        tissue_fraction=0.5,
        read_out="cls",
        embedding_width=width,
        head="hazard",
        members=(MemberCard(inner_edges_days=(365.0, 730.0, 1095.0), out_of_fold_risks=(-3.9, -2.0, -0.1)),),
        cohort=TrainingCohort(name="none", endpoint="OS", patients=3, events=2, slides=3),
        licence=backbone.licence,
        versions={},
    )
    write_risk_model(folder, card, [head], encoder.backbone_state())
    return folder


def only_chunks(q, bias, *, chunk=None, tick=None):
    """Choose the slow kernel."""
    return partial(chunked_attention, chunk=chunk, tick=tick)


@contextmanager
def fallbacks():
    """Let the program read by OpenSlide alone and attend in chunks."""
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(OpenedSlide, "_fast", return_value=None))
        stack.enter_context(mock.patch.object(kernels, "choose_kernel", only_chunks))
        yield


def by_step(results):
    """Return the median seconds of each step."""
    return {step: float(np.median([found.seconds.get(step, 0.0) for found in results])) for step in STEPS}


def line(name, seconds):
    """Write a line of the table."""
    print(
        f"{name:<34}" + "".join(f"{seconds[step]:>12.2f}" for step in STEPS) + f"{sum(seconds.values()):>10.2f}",
        flush=True,
    )


def main():
    """Analyze the slides in both ways, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--weights", required=True)
    parser.add_argument("--fast-only", action="store_true", help="leave out the fallbacks, which take minutes")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    machine, table = Machine.this(), []
    print(
        f"{machine}\n{'seconds (median of ' + str(RUNS) + ')':<34}"
        + "".join(f"{step:>12}" for step in STEPS)
        + "     whole"
    )
    with tempfile.TemporaryDirectory() as folder:
        os.environ["E2EVIT_CACHE"] = str(Path(folder) / "cache")
        model = ModelChoice(source=str(risk_model(given.weights, Path(folder) / "model")))
        for name, path, settings in slides(given.data, Path(folder)):
            analyze_slide(path, settings, model)  # what is tried once a machine and once a process
            fast = [analyze_slide(path, settings, model) for _ in range(RUNS)]
            print(f"{name}: {len(fast[0].grid)} tiles, log-risk {fast[0].risk.risk:.4f}")
            row = {"slide": name, "tiles": len(fast[0].grid), "fast": by_step(fast)}
            line("  as it is", row["fast"])
            if not given.fast_only:
                with fallbacks():
                    slow = analyze_slide(path, settings, model)
                row["fallbacks"] = by_step([slow])
                line("  by OpenSlide and chunks (once)", row["fallbacks"])
                apart = np.abs(slow.embedding - fast[0].embedding).max() / np.abs(slow.embedding).max()
                ratio = sum(row["fallbacks"].values()) / sum(row["fast"].values())
                risks = abs(slow.risk.risk - fast[0].risk.risk)
                print(f"  {ratio:.1f} times as fast; embeddings differ by {apart:.1e}, risks by {risks:.1e}")
                row |= {"embedding": float(apart), "ratio": ratio}
            table.append(row)
    if given.json:
        given.json.write_text(json.dumps({"machine": str(machine), "rows": table}, indent=2) + "\n")


if __name__ == "__main__":
    main()
