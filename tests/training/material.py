"""Small cohorts of patch stacks, a small backbone, and stores in memory."""

import copy
import hashlib
from dataclasses import replace

import numpy as np
import torch
from safetensors.torch import save_file

from e2evit_model.cohort.cohort import Cohort, CohortSlide
from e2evit_model.cohort.fold_making import make_folds
from e2evit_model.convert import loading
from e2evit_model.convert.backbones import BACKBONES, find_backbone
from e2evit_model.convert.loading import build_seeded
from e2evit_model.strip.patch_stack import PatchStack
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.strips import Strip, StripsInMemory

TINY = replace(
    find_backbone("vit-small"),
    id="tiny-vit",
    title="Tiny ViT for tests",
    timm_arguments={"depth": 2, "embed_dim": 48, "num_heads": 3},
    width=48,
    depth=2,
    heads=3,
    parameters=0,
)


def install_tiny_backbone():
    """Make the tiny backbone known in this process: also the initializer of worker processes."""
    loading.BACKBONES = {**BACKBONES, TINY.id: TINY}


def write_tiny_weights(path, *, seed=0):
    """Write seeded weights of the tiny backbone."""
    save_file(build_seeded(TINY, seed=seed).state_dict(), path)
    return path


def tiny_config(weights, **changes):
    """Settings for the tiny backbone that train in a second."""
    values = {
        "model": str(weights),
        "backbone": TINY.id,
        "epochs": 3,
        "learning_rate": 1e-3,
        "device": "cpu",
        "threads": 1,
        "checkpointing": False,
    }
    return TrainingConfig(**(values | changes))


def make_strip(slide_id, color, *, tiles=12, splits=1, patch=16, seed=0):
    """A strip whose mean color is ``color`` (3,) in 0..1, with noise."""
    random = np.random.default_rng(seed)
    patches = (224 // patch) ** 2 // splits
    values = np.clip(np.asarray(color) + random.normal(0, 0.05, (tiles, splits, patch, patch, 3)), 0, 1)
    stack = PatchStack(
        sums={patch: np.rint(values * 255 * patches).astype(np.uint16)},
        readable=np.ones(tiles, dtype=bool),
        tile_px=224,
        splits=splits,
    )
    columns = np.arange(tiles, dtype=np.int32) % 4
    rows = np.arange(tiles, dtype=np.int32) // 4
    digest = hashlib.sha256(stack.sums[patch].tobytes()).hexdigest()
    return Strip(slide_id=slide_id, stack=stack, columns=columns, rows=rows, mpp=0.5, fingerprint=digest)


def planted(patients=60, *, seed=0, two_slides_every=7, tiles=12, signal=2.5):
    """A cohort in which the color of a slide carries the log hazard, and its strips."""
    random = np.random.default_rng(seed)
    risk = random.uniform(-1, 1, patients)
    death = random.exponential(1000 * np.exp(-signal * risk))
    censored = random.exponential(2500, patients)
    time, event = np.ceil(np.minimum(death, censored)), death <= censored
    names = tuple(f"P{index:03}" for index in range(patients))
    slides, strips = [], {}
    for index, name in enumerate(names):
        for number in range(2 if two_slides_every and index % two_slides_every == 0 else 1):
            slide = f"{name}-{number}"
            slides.append(CohortSlide(slide_id=slide, patient_id=name))
            color = (0.55 + 0.25 * risk[index], 0.4, 0.6 - 0.25 * risk[index])
            strips[slide] = make_strip(slide, color, tiles=tiles, seed=1000 * index + number)
    cohort = Cohort(name="planted", endpoint="OS", patient_ids=names, time_days=time, event=event, slides=tuple(slides))
    return cohort, StripsInMemory(strips)


def permuted(cohort, *, seed=0):
    """The cohort with times and events dealt to other patients."""
    order = np.random.default_rng(seed).permutation(len(cohort))
    return replace(cohort, time_days=cohort.time_days[order], event=cohort.event[order])


def five_folds(cohort, *, seed=0, count=5):
    """Folds of a cohort."""
    return make_folds(cohort, k=count, seed=seed)


class StoreInMemory:
    """What a fold keeps, as it would be read back from disk."""

    def __init__(self):
        self.states, self.best, self.rows, self.fail_at = [], None, [], None

    def load_last(self):
        return copy.deepcopy(self.states[-1]) if self.states else None

    def save_last(self, state):
        self.states.append(copy.deepcopy(state))

    def save_best(self, weights):
        self.best = {name: tensor.clone() for name, tensor in weights.items()}

    def save_log(self, rows):
        self.rows = list(rows)

    def load_best(self):
        return self.best

    def best_sha256(self):
        return digest_of(self.best)


def digest_of(weights):
    """A hash of all weights, to the last bit."""
    digest = hashlib.sha256()
    for name in sorted(weights):
        digest.update(name.encode() + weights[name].contiguous().view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()
