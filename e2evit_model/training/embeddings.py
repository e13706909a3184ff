"""Embeddings of a frozen model: computed once a slide and kept, keyed by weights, strip and conversion."""

import hashlib
import json
import logging
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from e2evit_model.convert.devices import choose_device
from e2evit_model.errors import TrainingError
from e2evit_model.files import cache_folder, write_whole
from e2evit_model.progress import Progress, silent
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.network import Pretrained, Tick, choose_dtype, features_of
from e2evit_model.training.repeating import Repeating
from e2evit_model.training.strips import AnyStrip, Strips

log = logging.getLogger(__name__)

STEP = "Embedding slides"


class Embedder:
    """A pre-trained model that embeds strips, and remembers what it has embedded.

    The model is used as it is: no augmentation, nothing at random, no gradient.
    """

    def __init__(self, pretrained: Pretrained, config: TrainingConfig) -> None:
        self.pretrained = pretrained
        self.config = config
        self.device = choose_device(config.device)
        self.dtype = choose_dtype(config.precision, self.device)
        self.tick: Tick | None = None
        self._encoder = pretrained.encoder.eval().to(self.device)

    def key(self, strip: AnyStrip) -> str:
        """Return the SHA-256 of what decides the embedding of a strip, in hex."""
        said = [
            self.pretrained.sha256,
            self.pretrained.backbone.id,
            self.config.conversion.to_record(),
            f"{self.device.type} {self.dtype}",
            strip.fingerprint,
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

    def embed(self, strip: AnyStrip) -> Tensor:
        """Return the embedding (C,) float32 on the CPU, from the cache where it is there.

        Raises
        ------
        TrainingError
            When it holds something that is no number; names the slide.
        """
        path = cache_folder() / "embeddings" / f"{self.key(strip)}.safetensors"
        known = _read(path, self._encoder.embedding_size)
        if known is not None:
            return known
        embedding = self._compute(strip)
        with write_whole(path) as temporary:
            try:
                save_file({"embedding": embedding}, temporary)
            except SafetensorError as error:
                raise OSError(28 if "No space left" in str(error) else 0, str(error)) from error
        return embedding

    @torch.inference_mode()
    def _compute(self, strip: AnyStrip) -> Tensor:
        with torch.autocast(self.device.type, dtype=self.dtype, enabled=self.dtype is not torch.float32):
            found = features_of(self._encoder, strip, self.device, tick=self.tick)
        embedding: Tensor = found.embedding.float().cpu().clone()
        if not bool(torch.isfinite(embedding).all()):
            raise TrainingError(
                f'The embedding of the slide "{strip.slide_id}" holds values that are no numbers.',
                hint="Try fp32 precision (--precision fp32); if it stays, the weights or the slide are damaged.",
            )
        return embedding


def _read(path: Path, width: int) -> Tensor | None:
    if not path.is_file():
        return None
    try:
        embedding = load_file(path)["embedding"]
    except (SafetensorError, OSError, KeyError) as error:
        log.info("a kept embedding is damaged and is computed again (%s)", type(error).__name__)
        return None
    return embedding if embedding.shape == (width,) else None


def embed_all(
    embedder: Embedder, strips: Strips, slide_ids: Sequence[str], *, progress: Progress = silent
) -> dict[str, Tensor]:
    """Embed slides one after the other.

    Raises
    ------
    TrainingError, CacheError, OptionError
        When a strip is missing, damaged, of another patch size, or its embedding is not finite.
    Cancelled
        When ``progress`` raises it; embeddings so far are kept on disk.
    """
    found = {}
    repeating = Repeating(progress)
    embedder.tick = repeating.again
    for done, slide_id in enumerate(slide_ids):
        repeating(STEP, done, len(slide_ids))
        found[slide_id] = embedder.embed(strips.load(slide_id))
    progress(STEP, len(slide_ids), len(slide_ids))
    return found
