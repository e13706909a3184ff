"""The attention of a converted block: timm's own weights, another way to attend."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor, nn

from e2evit_model.convert.attention import Kernel, dense_attention
from e2evit_model.convert.pacing import by_rows
from e2evit_model.convert.positions import Bias
from e2evit_model.convert.timm_models import Block


class Heard(NamedTuple):
    """What a layer says while it attends: itself, its input (1, n, C), queries and keys (1, H, n, d)."""

    module: "StripAttention"
    x: Tensor
    q: Tensor
    k: Tensor


@dataclass(kw_only=True)
class AttentionPlan:
    """How the blocks attend during one forward pass.

    ``listener``, where given, hears of each layer; ``pace`` is called between the parts of the work and may raise to stop.
    """

    kernel: Kernel = dense_attention
    bias: Bias | None = None
    listener: Callable[[Heard], None] | None = None
    pace: Callable[[], None] | None = None


class StripAttention(nn.Module):
    """timm's ``Attention`` with the attending replaced: it shares every weight under its own name, so no key changes."""

    norm: nn.Module | None
    gate: nn.Module | None

    def __init__(self, attention: Any, layer: int) -> None:
        super().__init__()
        self.layer = layer
        self.num_heads = int(attention.num_heads)
        self.head_dim = int(attention.head_dim)
        self.qkv: nn.Linear = attention.qkv
        self.q_norm: nn.Module = attention.q_norm
        self.k_norm: nn.Module = attention.k_norm
        self.norm = getattr(attention, "norm", None)
        self.gate = getattr(attention, "gate", None)
        self.proj: nn.Linear = attention.proj
        self.proj_drop: nn.Module = attention.proj_drop
        self.plan = AttentionPlan()

    def project(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return queries, keys and values of (B, n, C), each (B, H, n, d)."""
        batch, tokens, _ = x.shape
        parameters = self.qkv.weight.numel()
        qkv = by_rows(self.qkv, x, parameters=parameters, pace=self.plan.pace).reshape(
            batch, tokens, 3, self.num_heads, self.head_dim
        )
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        return self.q_norm(q), self.k_norm(k), v

    def forward(self, x: Tensor, attn_mask: Tensor | None = None, is_causal: bool = False) -> Tensor:
        """Attend over the strip, (1, n, C) to (1, n, C)."""
        assert attn_mask is None  # noqa: S101 - the way that E2EViT goes through the blocks has none
        assert not is_causal  # noqa: S101
        q, k, v = self.project(x)
        if self.plan.listener is not None:
            self.plan.listener(Heard(self, x, q, k))
        attended = self.plan.kernel(q, k, v, self.plan.bias)  # (1, H, n, d)
        out = attended.transpose(1, 2).flatten(2)  # (1, n, H d)
        if self.norm is not None:
            out = self.norm(out)
        if self.gate is not None:
            out = out * self.gate(x).sigmoid()
        return by_rows(self._mix, out, parameters=self.proj.weight.numel(), pace=self.plan.pace)

    def _mix(self, x: Tensor) -> Tensor:
        mixed: Tensor = self.proj_drop(self.proj(x))
        return mixed


def run_block(block: Any, x: Tensor, plan: AttentionPlan) -> Tensor:
    """Run one block of timm over the strip, (1, n, C) to (1, n, C), its MLP in parts where that would take long."""
    block.attn.plan = plan  # also when the block is computed again for the backward pass
    if not isinstance(block, Block):
        out: Tensor = block(x)
        return out
    x = x + block.drop_path1(block.ls1(block.attn(block.norm1(x))))

    def feed_forward(part: Tensor) -> Tensor:
        fed: Tensor = block.drop_path2(block.ls2(block.mlp(block.norm2(part))))
        return fed

    parameters = sum(parameter.numel() for parameter in block.mlp.parameters())
    return x + by_rows(feed_forward, x, parameters=parameters, pace=plan.pace)
