"""Slides as points: embeddings brought down to two dimensions, so that slides that look alike to the model lie side by side."""

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from e2evit_model.errors import OptionError, ProjectError
from e2evit_model.progress import Progress, silent
from e2evit_model.project.entries import ResultEntry
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.results import read_embedding

FEWEST_FOR_UMAP = 5


@dataclass(frozen=True, kw_only=True, eq=False)  # arrays cannot be compared as one
class EmbeddingMap:
    """Where each slide lies.

    ``points`` (n, 2) belong to ``slides``; ``shares`` are the parts of the variance on both axes of a principal component analysis,
    ``None`` for a map whose axes mean nothing.
    """

    slides: tuple[str, ...]
    points: NDArray[np.float64]
    shares: tuple[float, float] | None


def principal_components(embeddings: NDArray[np.floating]) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Project embeddings (n, C) onto their first two principal components (Pearson 1901), by singular values.

    Returns
    -------
    tuple
        Points (n, 2), and the share of the variance on each axis. The sign of an axis is fixed by its largest loading being
        positive, so that the same slides give the same picture.
    """
    centred = embeddings.astype(np.float64) - embeddings.mean(axis=0, dtype=np.float64)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(embeddings), 2))
    shares = [0.0, 0.0]
    total = float((spread**2).sum())
    for number in range(min(2, len(spread))):
        axis = axes[number] * np.sign(axes[number, np.argmax(np.abs(axes[number]))])
        points[:, number] = centred @ axis
        shares[number] = float(spread[number] ** 2 / total) if total > 0 else 0.0
    return points, (shares[0], shares[1])


def umap_is_here() -> bool:
    """Say whether the optional library umap-learn is installed."""
    return importlib.util.find_spec("umap") is not None


def embedding_map(
    folder: ProjectFolder, results: Sequence[ResultEntry], *, method: str = "pca", progress: Progress = silent
) -> EmbeddingMap:
    """Lay out the slides of some results of one model.

    Parameters
    ----------
    method
        "pca", or "umap" (McInnes, Healy, Melville 2018; neighbours are kept, distances are not) where umap-learn is installed.

    Raises
    ------
    ProjectError
        When a result cannot be read, or embeddings are of different lengths.
    OptionError
        When umap-learn is not installed, or there are too few slides for it.
    """
    rows = []
    for done, entry in enumerate(results):
        progress("Reading the embeddings", done, len(results))
        rows.append(read_embedding(folder, entry.id))
    if len({len(row) for row in rows}) > 1:
        raise ProjectError(
            "The embeddings are not of one model.", hint="Choose one model, or analyze the slides again with it."
        )
    slides = tuple(entry.slide for entry in results)
    if not rows:
        return EmbeddingMap(slides=(), points=np.zeros((0, 2)), shares=(0.0, 0.0))
    embeddings = np.stack(rows)
    if method == "umap":
        progress("Laying out the slides", 0, 0)
        return EmbeddingMap(slides=slides, points=_umap(embeddings), shares=None)
    points, shares = principal_components(embeddings)
    return EmbeddingMap(slides=slides, points=points, shares=shares)


def _umap(embeddings: NDArray[np.float32]) -> NDArray[np.float64]:
    if not umap_is_here():
        raise OptionError("UMAP needs the library umap-learn.", hint="Install it: pip install umap-learn")
    if len(embeddings) < FEWEST_FOR_UMAP:
        raise OptionError(
            f"UMAP needs at least {FEWEST_FOR_UMAP} slides; there are {len(embeddings)}.", hint="Choose PCA."
        )
    umap = importlib.import_module("umap")
    near = min(15, len(embeddings) - 1)
    points = umap.UMAP(n_components=2, n_neighbors=near, random_state=0).fit_transform(embeddings)
    return np.asarray(points, np.float64)
