"""The attention pooler that CONCH was pre-trained to be read out by.

Lu et al.: A visual-language foundation model for computational pathology (Nature Medicine 2024); pooling after Yu et al.: CoCa:
Contrastive Captioners are Image-Text Foundation Models (TMLR 2022).
"""

from collections.abc import Mapping
from typing import Any, Self

import torch
from torch import Tensor, nn

from e2evit_model.errors import WeightsError

_POOL = "visual.attn_pool_contrast."
_NORM = "visual.ln_contrast."
_HEADS = 8


class ContrastPooler(nn.Module):
    """One learned query that attends over all tokens after the final norm, CLS among them, then a norm.

    (1, n, C) to (1, ``width``). This is what CONCH gives for linear probing; its projection to the space of texts is left out.
    """

    def __init__(self, width: int, context: int, queries: int = 1) -> None:
        super().__init__()
        self.width = width
        self.query = nn.Parameter(torch.zeros(queries, width))
        self.attn = nn.MultiheadAttention(width, _HEADS, kdim=context, vdim=context, batch_first=True)
        self.ln_q = nn.LayerNorm(width)
        self.ln_k = nn.LayerNorm(context)
        self.ln_contrast = nn.LayerNorm(width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Pool the tokens of strips, (B, n, C) to (B, width)."""
        keys = self.ln_k(tokens)
        query = self.ln_q(self.query)[None].expand(len(tokens), -1, -1)
        pooled = self.attn(query, keys, keys, need_weights=False)[0][:, 0]
        normed: Tensor = self.ln_contrast(pooled)
        return normed

    @classmethod
    def from_state(cls, state: Mapping[str, Tensor]) -> Self:
        """Build a pooler with its own stored weights.

        Raises
        ------
        WeightsError
            When they are not those of such a pooler.
        """
        try:
            queries, width = state["query"].shape
            context = state["ln_k.weight"].shape[0]
            pooler = cls(width, context, queries)
            pooler.load_state_dict({key: value.float() for key, value in state.items()}, strict=True)
        except (KeyError, ValueError, IndexError, RuntimeError, AssertionError) as error:
            raise WeightsError(
                "The attention pooler of the weights is not the one of CONCH.",
                hint="Get the weight file again, or read out by the CLS token.",
            ) from error
        return pooler.eval()

    @classmethod
    def from_file(cls, keys: Mapping[str, Any]) -> Self | None:
        """Build the pooler that stands beside the trunk in a weight file of the hub; ``None`` where there is none.

        Raises
        ------
        WeightsError
            When it lacks a tensor, has one too many, or one of another shape.
        """
        own = {key.removeprefix(_POOL): value for key, value in keys.items() if key.startswith(_POOL)}
        if not own:
            return None
        norm = {key.replace(_NORM, "ln_contrast."): value for key, value in keys.items() if key.startswith(_NORM)}
        return cls.from_state(own | norm)
