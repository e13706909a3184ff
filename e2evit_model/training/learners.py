"""What the fold loop trains: the whole network on strips, or a linear layer on embeddings that are computed already."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from e2evit_model.survival.head import HazardHead
from e2evit_model.training.config import TrainingConfig
from e2evit_model.training.network import HEAD, RiskNetwork, make_optimizer
from e2evit_model.training.predictions import Embeddings
from e2evit_model.training.strips import Strips

Weights = dict[str, Tensor]


class Learner(Protocol):
    """A model whose head gives the outputs of a slide from its embedding."""

    head: nn.Linear

    def embed(self, slide_id: str, *, augmentation_seed: int | None = None) -> Tensor:
        """Return the embedding (C,) of a slide, with a graph where gradients are on."""
        ...

    def make_optimizer(self) -> torch.optim.Optimizer:
        """Make a new optimizer over the weights that learn."""
        ...

    def evaluating(self) -> AbstractContextManager[None]:
        """Switch off everything at random, and gradients."""
        ...

    def state(self) -> Weights:
        """Return the weights as they are trained, on the CPU: for going on."""
        ...

    def load_state(self, state: Weights) -> None:
        """Go on from :meth:`state`, to the last bit."""
        ...

    def weights(self) -> Weights:
        """Return the weights of the model that comes out, on the CPU."""
        ...


class WholeNetwork:
    """Fine-tuning: the backbone and the head, fed with strips."""

    def __init__(self, network: RiskNetwork, strips: Strips) -> None:
        self.network = network
        self.head = network.head
        self._strips = strips

    def embed(self, slide_id: str, *, augmentation_seed: int | None = None) -> Tensor:
        """Return the embedding (C,) of a slide; the strip is loaded for it and let go."""
        return self.network.embed(self._strips.load(slide_id), augmentation_seed=augmentation_seed)

    def make_optimizer(self) -> torch.optim.Optimizer:
        """Make Adam over all weights that are not frozen."""
        return make_optimizer(self.network)

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Switch off everything at random, and gradients."""
        with self.network.evaluating():
            yield

    def state(self) -> Weights:
        """Return head and backbone."""
        return self.network.weights()

    def load_state(self, state: Weights) -> None:
        """Load head and backbone."""
        self.network.load_weights(state)

    def weights(self) -> Weights:
        """Return head and backbone."""
        return self.network.weights()


class LinearProbe:
    """The paper's linear probing: one linear layer on frozen embeddings.

    Where the config asks for it, embeddings are standardised by ``mean`` and ``scale`` (C,); :meth:`weights` has them folded into
    the layer, so that a risk model needs no more than the layer.
    """

    def __init__(
        self, embeddings: Embeddings, config: TrainingConfig, *, bins: int, mean: Tensor, scale: Tensor
    ) -> None:
        self._embeddings = embeddings
        self._config = config
        self.mean, self.scale = mean, scale
        self.head: nn.Linear = HazardHead(len(mean), bins)

    def embed(self, slide_id: str, *, augmentation_seed: int | None = None) -> Tensor:  # noqa: ARG002 - nothing to change
        """Return the standardised embedding of a slide."""
        return (self._embeddings[slide_id] - self.mean) / self.scale

    def make_optimizer(self) -> torch.optim.Optimizer:
        """Make Adam over the layer."""
        config = self._config
        return torch.optim.Adam(self.head.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay)

    @contextmanager
    def evaluating(self) -> Iterator[None]:
        """Switch off gradients."""
        with torch.no_grad():
            yield

    def state(self) -> Weights:
        """Return the layer as it works on standardised embeddings."""
        return {name: tensor.detach().clone() for name, tensor in self.head.state_dict().items()}

    def load_state(self, state: Weights) -> None:
        """Load the layer as it works on standardised embeddings."""
        self.head.load_state_dict(state)

    @torch.no_grad()
    def weights(self) -> Weights:
        """Return the layer as it works on plain embeddings."""
        weight = self.head.weight / self.scale
        return {f"{HEAD}weight": weight.clone(), f"{HEAD}bias": (self.head.bias - weight @ self.mean).clone()}
