"""``E2EViT``: a pre-trained timm ViT that reads a whole slide as one strip. It adds no parameter to it."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from e2evit_model.convert.backbones import Backbone, Rgb
from e2evit_model.convert.cls_attention import cls_shares, roll_out
from e2evit_model.convert.kernels import attend, prepare
from e2evit_model.convert.learned_positions import strip_positions
from e2evit_model.convert.merging import Groups, make_groups, places_of, to_parts
from e2evit_model.convert.pacing import Pace, Tick
from e2evit_model.convert.patch_embedding import embed_mean_patches, refuse_not_linear
from e2evit_model.convert.positions import Bias, make_bias
from e2evit_model.convert.precision import choose_precision
from e2evit_model.convert.settings import ConversionSettings, DistanceUnit, Positions, ReadOut
from e2evit_model.convert.strip_attention import AttentionPlan, Heard, StripAttention, run_block
from e2evit_model.convert.timm_models import VisionTransformer, explain_not_plain, refuse_other_tensors
from e2evit_model.errors import BackboneError, DeviceError, OptionError
from e2evit_model.progress import Progress, silent

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class StripFeatures:
    """What the model makes of one strip of N tiles, as tensors.

    ``embedding`` is (C,), or (2 C,) for CLS and mean. ``attention`` (N,) float32 is the share of CLS attention of each tile, last
    layer, mean over heads, raw: with the prefix's share it sums to 1; it carries no gradient. ``layers``, where asked for, is
    (L, heads, N) float16, the same by layer and head *times N*, so that 1 means uniform. ``tokens``, where asked for, is (G, C)
    after the final norm.
    """

    embedding: Tensor
    attention: Tensor
    layers: Tensor | None = None
    tokens: Tensor | None = None


@dataclass(frozen=True, kw_only=True)
class Encoding:
    """The same as arrays: ``embedding`` (C,) float32, ``attention`` (N,) float32, ``layers`` (L, heads, N) float16.

    ``layers`` has no layer (0, heads, N) where they were not asked for. ``precision`` is "fp32" or "bf16", as computed.
    """

    embedding: NDArray[np.float32]
    attention: NDArray[np.float32]
    layers: NDArray[np.float16]
    precision: str


class E2EViT(nn.Module):
    """A live timm ``VisionTransformer`` with folded patch embedding, merged tokens and ALiBi; see :meth:`from_timm`.

    Source: "Turning Pre-Trained Vision Transformers into End-to-End Histopathology Whole Slide Image Models for Survival
    Prediction" (CVPR 2026). ``vit`` owns every parameter, under timm's own names. With ``checkpointing`` blocks are computed again
    for the backward pass instead of being kept.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, vit: VisionTransformer, mean: Rgb, std: Rgb, settings: ConversionSettings) -> None:
        super().__init__()
        self.vit = vit
        self.settings = settings
        self.checkpointing = True
        # not persistent: what is saved is the backbone's state alone
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32), persistent=False)
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32), persistent=False)

    @classmethod
    def from_timm(
        cls, vit: VisionTransformer, source: Backbone | tuple[Rgb, Rgb], settings: ConversionSettings | None = None
    ) -> Self:
        """Convert a timm ViT, which is taken over and changed; one that was converted before takes the new settings.

        Parameters
        ----------
        source
            The backbone it is, or the mean and std of RGB in 0..1 that it was trained with.

        Raises
        ------
        BackboneError
            When it is not a plain vision transformer whose patches are embedded by one linear map; says why.
        """
        settings = settings or ConversionSettings()
        name = source.title if isinstance(source, Backbone) else type(vit).__name__
        converted = any(
            isinstance(block.attn, StripAttention) for block in getattr(vit, "blocks", []) if hasattr(block, "attn")
        )
        reason = "" if converted else explain_not_plain(vit)
        if reason:
            raise BackboneError(
                f"{name} cannot be converted: {reason}.", hint="Plain vision transformers of timm can be converted."
            )
        refuse_not_linear(vit.patch_embed, name)
        _place(vit, settings, name)
        if not converted:
            for layer, block in enumerate(vit.blocks):
                block.attn = StripAttention(block.attn, layer)
            vit.reset_classifier(0)
        mean, std = (source.mean, source.std) if isinstance(source, Backbone) else source
        return cls(vit, mean, std, settings).train(vit.training)

    @property
    def patch_px(self) -> int:
        """The side of a patch in pixels."""
        return int(self.vit.patch_embed.proj.kernel_size[0])

    @property
    def prefix(self) -> int:
        """How many tokens stand before the tiles': CLS and registers."""
        return int(self.vit.num_prefix_tokens)

    @property
    def heads(self) -> int:
        """The number of attention heads."""
        return int(self.vit.blocks[0].attn.num_heads)

    @property
    def embedding_size(self) -> int:
        """The length of the embedding."""
        return int(self.vit.embed_dim) * (2 if self.settings.read_out is ReadOut.CLS_MEAN else 1)

    def load_backbone_state(self, state: Mapping[str, Tensor]) -> None:
        """Load the weights of ``vit`` strictly, as they were saved from a converted model of the same kind.

        Raises
        ------
        WeightsError
            Naming the first tensor that is missing, left over or of another shape.
        """
        wanted = self.vit.state_dict()
        refuse_other_tensors(wanted, state, "this model")
        self.vit.load_state_dict({key: state[key].to(tensor.dtype) for key, tensor in wanted.items()}, strict=True)

    def groups(self, tiles: int) -> Groups:
        """Return which parts of how many tiles become one token."""
        return make_groups(tiles, self.settings.tokens_per_tile)

    def bias(self, groups: Groups, columns: Tensor | None = None, rows: Tensor | None = None) -> Bias | None:
        """Make the bias for a strip; ``columns`` and ``rows`` (N,) are only needed for ``alibi_2d``."""
        places = None
        if self.settings.positions is Positions.ALIBI_2D and columns is not None and rows is not None:
            places = places_of(columns, rows, groups)
        unit = groups.tiles / len(groups) if self.settings.distance is DistanceUnit.TILE else 1.0
        bias = make_bias(self.settings.positions, self.heads, self.prefix, unit=unit, places=places)
        return None if bias is None else bias.to(self.mean.device)

    def tokens(self, patches: Tensor, groups: Groups) -> Tensor:
        """Embed mean patches (N, splits, P, P, 3) in 0..1 as (1, prefix + G, C), ready for the first block."""
        parts = to_parts(patches, groups.parts)  # (N parts, P, P, 3)
        means = groups.means(parts)  # (G, P, P, 3)
        x = embed_mean_patches(self.vit.patch_embed.proj, means, self.mean, self.std)[None]  # (1, G, C)
        before = [self.vit.cls_token] if self.vit.reg_token is None else [self.vit.cls_token, self.vit.reg_token]
        prefix = torch.cat(before, dim=1)  # (1, prefix, C)
        if self.vit.pos_embed is not None:
            here, at_prefix = strip_positions(self.vit, groups)
            x = x + here
            prefix = prefix + at_prefix
        ready: Tensor = self.vit.norm_pre(torch.cat([prefix.to(x.dtype), x], dim=1))
        return ready

    def _blocks(self, x: Tensor, plan: AttentionPlan, pace: Pace) -> Tensor:
        prepare(x, plan.bias, self.vit.blocks[0].attn.head_dim)
        again = self.checkpointing and self.training and torch.is_grad_enabled()
        for done, block in enumerate(self.vit.blocks):
            pace.reach(done)
            # still (1, n, C) after each block
            x = checkpoint(run_block, block, x, plan, use_reentrant=False) if again else run_block(block, x, plan)
        pace.reach(len(self.vit.blocks))
        return x

    def _read_out(self, x: Tensor) -> Tensor:
        cls, mean = x[0, 0], x[0, self.prefix :].mean(0)
        chosen = {ReadOut.CLS: [cls], ReadOut.MEAN: [mean], ReadOut.CLS_MEAN: [cls, mean]}[self.settings.read_out]
        return torch.cat([self.vit.fc_norm(part) for part in chosen])

    def check_patches(self, patches: Tensor) -> None:
        """Refuse what is not a strip of mean patches for this model.

        Raises
        ------
        OptionError
            When there is no tile, or patches are of another size.
        """
        side = self.patch_px
        if patches.ndim != 5 or len(patches) == 0 or patches.shape[2:] != (side, side, 3):
            shape = " x ".join(map(str, patches.shape))
            raise OptionError(
                f"The strip has the shape {shape}, but the model needs tiles x parts x {side} x {side} x 3.",
                hint="Read the slide again for this model.",
            )

    def forward(
        self,
        patches: Tensor,
        columns: Tensor | None = None,
        rows: Tensor | None = None,
        *,
        all_layers: bool = False,
        keep_tokens: bool = False,
        chunk: int | None = None,
        tick: Tick | None = None,
    ) -> StripFeatures:
        """Encode one strip.

        Parameters
        ----------
        patches
            (N, splits, P, P, 3) mean patches, RGB in 0..1.
        columns, rows
            (N,) places of the tiles on the grid, for ``alibi_2d``.
        all_layers, keep_tokens
            Keep attention by layer and head; keep the tokens.
        chunk
            So many queries at once, where memory is short.

        Raises
        ------
        OptionError
            When the strip does not fit the model.
        BackboneError
            When the model needs places and there are none.
        """
        self.check_patches(patches)
        groups = self.groups(len(patches))
        bias = self.bias(groups, columns, rows)
        depth = len(self.vit.blocks)
        shares: dict[int, Tensor] = {}

        def listen(heard: Heard) -> None:
            layer = heard.module.layer
            if all_layers or layer == depth - 1:
                by_token = cls_shares(heard.q.detach(), heard.k.detach(), self.prefix)  # (H, G)
                shares[layer] = groups.to_tiles(by_token)  # (H, N)

        pace = Pace(tick, depth)
        plan = AttentionPlan(kernel=partial(attend, chunk=chunk, tick=pace), bias=bias, listener=listen, pace=pace)
        x = self._blocks(self.tokens(patches, groups), plan, pace)
        x = self.vit.norm(x)  # (1, prefix + G, C)
        by_layer = [shares[layer] * groups.tiles for layer in range(depth)] if all_layers else []
        return StripFeatures(
            embedding=self._read_out(x),
            attention=shares[depth - 1].mean(0),
            layers=torch.stack(by_layer).to(torch.float16) if all_layers else None,
            tokens=x[0, self.prefix :] if keep_tokens else None,
        )

    @torch.no_grad()
    def encode(
        self,
        stack_means: NDArray[np.float32],
        columns: NDArray[np.integer[Any]],
        rows: NDArray[np.integer[Any]],
        *,
        device: torch.device | str = "cpu",
        precision: str = "auto",
        chunk: int | None = None,
        all_layers: bool = True,
        progress: Progress = silent,
    ) -> Encoding:
        """Encode the mean patches of one slide on a device, without gradients; the model moves there and stays.

        Parameters
        ----------
        stack_means
            (N, splits, P, P, 3) float32 in 0..1, as ``PatchStack.means`` gives them.
        columns, rows
            (N,) places of the tiles on the grid.
        precision
            "fp32", "bf16", or "auto": whichever is faster here, bf16 where both are.
        chunk
            So many queries at once, where memory is short.

        Raises
        ------
        torch.OutOfMemoryError
            When the device has too little memory: go on with a smaller ``chunk``, then on the CPU.
        DeviceError
            When the main memory does not suffice.
        OptionError, BackboneError
            As :meth:`forward`.
        """
        place = torch.device(device)
        self.eval().to(place)
        dtype = choose_precision(precision, place)
        patches = torch.from_numpy(np.ascontiguousarray(stack_means)).to(place)
        where = [torch.from_numpy(np.ascontiguousarray(axis, dtype=np.int64)).to(place) for axis in (columns, rows)]

        def tick(done: int, total: int) -> None:
            progress("Running the model", done, total)

        with torch.autocast(place.type, dtype=dtype, enabled=dtype is not torch.float32), _memory_said(len(patches)):
            found = self(patches, *where, all_layers=all_layers, chunk=chunk, tick=tick)
        layers = found.layers if all_layers else torch.empty(0, self.heads, len(patches), dtype=torch.float16)
        return Encoding(
            embedding=found.embedding.float().cpu().numpy(),
            attention=found.attention.float().cpu().numpy(),
            layers=layers.cpu().numpy(),
            precision="fp32" if dtype is torch.float32 else "bf16",
        )

    @torch.no_grad()
    def rollout(
        self,
        patches: Tensor,
        columns: Tensor | None = None,
        rows: Tensor | None = None,
        *,
        chunk: int | None = None,
        tick: Tick | None = None,
    ) -> Tensor:
        """Return the attention rollout of CLS over all layers by tile, (N,) float32; with the prefix's part it sums to 1.

        Keeps the input of every layer in main memory, L n C numbers. ``tick`` counts every block twice: there and back.
        """
        self.check_patches(patches)
        groups = self.groups(len(patches))
        bias = self.bias(groups, columns, rows)
        inputs: list[tuple[StripAttention, Tensor]] = []
        depth = len(self.vit.blocks)
        pace = Pace(tick, 2 * depth)
        plan = AttentionPlan(
            kernel=partial(attend, chunk=chunk, tick=pace),
            bias=bias,
            listener=lambda heard: inputs.append((heard.module, heard.x.cpu())),
            pace=pace,
        )
        self._blocks(self.tokens(patches, groups), plan, pace)
        share = roll_out(inputs, bias, chunk=chunk, pace=pace)
        return groups.to_tiles(share[self.prefix :])


@contextmanager
def _memory_said(tiles: int) -> Iterator[None]:
    """Turn torch's complaint about main memory into a sentence; that about a GPU's passes as it is."""
    try:
        yield
    except torch.OutOfMemoryError:
        raise
    except RuntimeError as error:
        if "allocate memory" not in str(error) and "not enough memory" not in str(error):
            raise
        raise DeviceError(
            f"The memory of this computer does not suffice for {tiles} tiles.",
            hint="Close other programs, choose a smaller backbone or fewer tokens a tile, or exclude part of the slide.",
        ) from error


def _place(vit: VisionTransformer, settings: ConversionSettings, name: str) -> None:
    """Keep the learned positions, or take them away."""
    if settings.positions is Positions.LEARNED:
        if vit.pos_embed is None:
            raise BackboneError(
                f"{name} has no learned positions (any more).",
                hint="Load the weights again, or choose other positions.",
            )
        return
    if vit.pos_embed is not None:
        if settings.fold_prefix_position:
            fold_prefix_position(vit)
        vit.pos_embed = None


@torch.no_grad()
def fold_prefix_position(vit: VisionTransformer) -> None:
    """Add to CLS and registers the constant that ``pos_embed`` adds to them, where it covers the prefix."""
    if vit.no_embed_class or vit.pos_embed is None:
        return
    vit.cls_token.add_(vit.pos_embed[:, :1])
    if vit.reg_token is not None:
        vit.reg_token.add_(vit.pos_embed[:, 1 : vit.num_prefix_tokens])
