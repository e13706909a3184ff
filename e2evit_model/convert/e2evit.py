"""``E2EViT``: a pre-trained timm ViT that reads a whole slide as one strip. It adds no parameter to it."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from e2evit_model.convert.backbones import Backbone, Rgb
from e2evit_model.convert.cls_attention import cls_shares, roll_out
from e2evit_model.convert.features import Encoding, StripFeatures, as_arrays, memory_said
from e2evit_model.convert.kernels import attend, prepare
from e2evit_model.convert.learned_positions import strip_positions
from e2evit_model.convert.mergers import PatchScores
from e2evit_model.convert.merging import Groups, make_groups, places_of, to_parts
from e2evit_model.convert.pacing import Pace, Tick
from e2evit_model.convert.patch_embedding import embed_mean_patches, refuse_not_linear
from e2evit_model.convert.placing import PutAside, place, refuse_settings
from e2evit_model.convert.pooler import ContrastPooler
from e2evit_model.convert.positions import Bias, make_bias
from e2evit_model.convert.precision import choose_precision
from e2evit_model.convert.settings import ConversionSettings, DistanceUnit, Merger, Positions, ReadOut
from e2evit_model.convert.stored_state import MERGER, POOLER, joined_state, load_joined
from e2evit_model.convert.strip_attention import AttentionPlan, Heard, StripAttention, run_block
from e2evit_model.convert.tile_tokens import check_tokens, merge_tokens
from e2evit_model.convert.timm_models import VisionTransformer, explain_not_plain
from e2evit_model.errors import BackboneError, OptionError
from e2evit_model.progress import Progress, silent
from e2evit_model.strip.token_stack import TokenStack

__all__ = ["E2EViT", "Encoding", "StripFeatures"]


class E2EViT(nn.Module):
    """A live timm ``VisionTransformer`` with folded patch embedding, merged tokens and ALiBi; see :meth:`from_timm`.

    Source: "Turning Pre-Trained Vision Transformers into End-to-End Histopathology Whole Slide Image Models for Survival
    Prediction" (CVPR 2026). ``vit`` owns every parameter of the backbone, under timm's own names. ``scores`` is the merger that
    learns, ``pooler`` the read-out that was pre-trained, where the settings ask for them. With ``checkpointing`` blocks are
    computed again for the backward pass instead of being kept.
    """

    mean: Tensor
    std: Tensor

    def __init__(
        self,
        vit: VisionTransformer,
        mean: Rgb,
        std: Rgb,
        settings: ConversionSettings,
        *,
        name: str = "This model",
        pooler: ContrastPooler | None = None,
    ) -> None:
        super().__init__()
        self.vit = vit
        self.name = name
        self.checkpointing = True
        self.settings = settings
        self.pooler = pooler
        self.scores: PatchScores | None = None
        self.aside: PutAside | None = None
        # not persistent: what is saved is the backbone's state alone
        self.register_buffer("mean", torch.tensor(mean, dtype=torch.float32), persistent=False)
        self.register_buffer("std", torch.tensor(std, dtype=torch.float32), persistent=False)

    @classmethod
    def from_timm(
        cls,
        vit: VisionTransformer,
        source: Backbone | tuple[Rgb, Rgb],
        settings: ConversionSettings | None = None,
        *,
        pooler: ContrastPooler | None = None,
    ) -> Self:
        """Convert a timm ViT, which is taken over and changed; one that was converted before takes the new settings.

        Parameters
        ----------
        source
            The backbone it is, or the mean and std of RGB in 0..1 that it was trained with.
        pooler
            The read-out that was pre-trained with it, where it has one.

        Raises
        ------
        BackboneError
            When it is not a plain vision transformer whose patches are embedded by one linear map; says why.
        OptionError
            When the settings do not fit it.
        """
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
        mean, std = (source.mean, source.std) if isinstance(source, Backbone) else source
        settings = settings or ConversionSettings()
        model = cls(vit, mean, std, settings, name=name, pooler=pooler)
        model.configure(settings)
        if not converted:
            for layer, block in enumerate(vit.blocks):
                block.attn = StripAttention(block.attn, layer)
            vit.reset_classifier(0)
        return model.train(vit.training)

    def configure(self, settings: ConversionSettings) -> None:
        """Take other settings: the weights of the backbone serve any.

        Raises
        ------
        OptionError
            When tiles would be merged after more blocks than there are.
        BackboneError
            When positions are needed that were lost, or the backbone has no pooler.
        """
        refuse_settings(self.name, settings, depth=self.depth, has_pooler=self.pooler is not None)
        self.aside = place(self.vit, settings, self.name, self.aside)
        if settings.merger is Merger.ATTENTION and self.scores is None:
            like = self.vit.cls_token
            self.scores = PatchScores(int(self.vit.embed_dim)).to(like.device, like.dtype)
        elif settings.merger is not Merger.ATTENTION:
            self.scores = None
        self.settings = settings

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
        if self.settings.read_out is ReadOut.POOLER and self.pooler is not None:
            return self.pooler.width
        return int(self.vit.embed_dim) * (2 if self.settings.read_out is ReadOut.CLS_MEAN else 1)

    @property
    def depth(self) -> int:
        """The number of blocks."""
        return len(self.vit.blocks)

    def _beside(self) -> dict[str, nn.Module]:
        found: dict[str, nn.Module] = {}
        if self.scores is not None:
            found[MERGER] = self.scores
        if self.settings.read_out is ReadOut.POOLER and self.pooler is not None:
            found[POOLER] = self.pooler
        return found

    def backbone_state(self) -> dict[str, Tensor]:
        """Return the weights of ``vit`` under timm's names, and those of merger and pooler where these are used."""
        return joined_state(self.vit, self._beside())

    def load_backbone_state(self, state: Mapping[str, Tensor]) -> None:
        """Load what :meth:`backbone_state` gave strictly, as saved from a converted model of the same kind.

        Raises
        ------
        WeightsError
            Naming the first tensor that is missing, left over or of another shape.
        """
        load_joined(self.vit, self._beside(), state)

    def groups(self, tiles: int) -> Groups:
        """Return which parts of how many tiles become one token."""
        return make_groups(tiles, self.settings.tokens_per_tile)

    def bias(self, groups: Groups, columns: Tensor | None = None, rows: Tensor | None = None) -> Bias | None:
        """Make the bias for a strip; ``columns`` and ``rows`` (N,) are only needed for ``alibi_2d``."""
        places = None
        if self.settings.positions is Positions.ALIBI_2D and columns is not None and rows is not None:
            places = places_of(columns, rows, groups, self.settings.split)
        unit = groups.tiles / len(groups) if self.settings.distance is DistanceUnit.TILE else 1.0
        bias = make_bias(self.settings.positions, self.heads, self.prefix, unit=unit, places=places)
        return None if bias is None else bias.to(self.mean.device)

    def tokens(self, strip: Tensor | TokenStack, groups: Groups) -> Tensor:
        """Make (1, prefix + G, C), ready for the first block over the strip, of mean patches or of tokens of tiles."""
        if isinstance(strip, TokenStack):
            merged, prefix = merge_tokens(self, strip, groups)  # (G, C), (1, prefix, C) or None
            x = merged[None]
            if prefix is not None:
                return torch.cat([prefix.to(x.dtype), x], dim=1)
        else:
            parts = to_parts(strip, groups.parts)  # (N parts, P, P, 3)
            means = groups.means(parts)  # (G, P, P, 3)
            x = embed_mean_patches(self.vit.patch_embed.proj, means, self.mean, self.std)[None]  # (1, G, C)
        before = [self.vit.cls_token] if self.vit.reg_token is None else [self.vit.cls_token, self.vit.reg_token]
        prefix = torch.cat(before, dim=1)  # (1, prefix, C)
        if self.vit.pos_embed is not None:
            here, at_prefix = strip_positions(self.vit, groups, self.settings.split)
            x = x + here
            prefix = prefix + at_prefix
        ready: Tensor = self.vit.norm_pre(torch.cat([prefix.to(x.dtype), x], dim=1))
        return ready

    def _blocks(self, x: Tensor, plan: AttentionPlan, pace: Pace) -> Tensor:
        first = self.settings.merge_after
        if first < self.depth:
            prepare(x, plan.bias, self.vit.blocks[0].attn.head_dim)
        again = self.checkpointing and self.training and torch.is_grad_enabled()
        for done, block in enumerate(self.vit.blocks[first:]):
            pace.reach(done)
            # still (1, n, C) after each block
            x = checkpoint(run_block, block, x, plan, use_reentrant=False) if again else run_block(block, x, plan)
        pace.reach(self.depth - first)
        return x

    def _read_out(self, x: Tensor) -> Tensor:
        if self.settings.read_out is ReadOut.POOLER and self.pooler is not None:
            pooled: Tensor = self.pooler(x)[0]
            return pooled
        cls, mean = x[0, 0], x[0, self.prefix :].mean(0)
        chosen = {ReadOut.CLS: [cls], ReadOut.MEAN: [mean], ReadOut.CLS_MEAN: [cls, mean]}[self.settings.read_out]
        return torch.cat([self.vit.fc_norm(part) for part in chosen])

    def check_strip(self, strip: Tensor | TokenStack) -> None:
        """Refuse what is not a strip for this model.

        Raises
        ------
        OptionError
            When there is no tile, patches are of another size, or the model needs what is not there.
        """
        if isinstance(strip, TokenStack):
            check_tokens(self, strip)
            return
        if self.settings.needs_pixels:
            raise OptionError(
                "Mean patches are not enough for this model: it must see every patch of every tile.",
                hint="Read the slide again for this model.",
            )
        side = self.patch_px
        if strip.ndim != 5 or len(strip) == 0 or strip.shape[2:] != (side, side, 3):
            shape = " x ".join(map(str, strip.shape))
            raise OptionError(
                f"The strip has the shape {shape}, but the model needs tiles x parts x {side} x {side} x 3.",
                hint="Read the slide again for this model.",
            )

    def forward(
        self,
        strip: Tensor | TokenStack,
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
        strip
            (N, splits, P, P, 3) mean patches, RGB in 0..1; or the tokens of N tiles, as :mod:`tile_tokens` makes them.
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
        self.check_strip(strip)
        groups = self.groups(len(strip))
        bias = self.bias(groups, columns, rows)
        first, depth = self.settings.merge_after, self.depth
        shares: dict[int, Tensor] = {}

        def listen(heard: Heard) -> None:
            layer = heard.module.layer
            if all_layers or layer == depth - 1:
                by_token = cls_shares(heard.q.detach(), heard.k.detach(), self.prefix)  # (H, G)
                shares[layer] = groups.to_tiles(by_token)  # (H, N)

        pace = Pace(tick, depth - first)
        plan = AttentionPlan(kernel=partial(attend, chunk=chunk, tick=pace), bias=bias, listener=listen, pace=pace)
        x = self._blocks(self.tokens(strip, groups), plan, pace)
        if first < depth:
            x = self.vit.norm(x)  # (1, prefix + G, C)
        even = torch.full((1, groups.tiles), 1 / groups.tiles, device=x.device)
        by_layer = [shares[layer] * groups.tiles for layer in range(first, depth)] if all_layers else []
        none = torch.empty(0, self.heads, groups.tiles)
        return StripFeatures(
            embedding=self._read_out(x),
            attention=shares.get(depth - 1, even).mean(0),
            layers=(torch.stack(by_layer) if by_layer else none).to(torch.float16) if all_layers else None,
            tokens=x[0, self.prefix :] if keep_tokens else None,
        )

    @torch.no_grad()
    def encode(
        self,
        strip: NDArray[np.float32] | TokenStack,
        columns: NDArray[np.integer[Any]],
        rows: NDArray[np.integer[Any]],
        *,
        device: torch.device | str = "cpu",
        precision: str = "auto",
        chunk: int | None = None,
        all_layers: bool = True,
        progress: Progress = silent,
    ) -> Encoding:
        """Encode one slide on a device, without gradients; the model moves there and stays.

        Parameters
        ----------
        strip
            (N, splits, P, P, 3) float32 in 0..1, as ``PatchStack.means`` gives them, or the tokens of the tiles.
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
        fed = strip if isinstance(strip, TokenStack) else torch.from_numpy(np.ascontiguousarray(strip)).to(place)
        where = [torch.from_numpy(np.ascontiguousarray(axis, dtype=np.int64)).to(place) for axis in (columns, rows)]

        def tick(done: int, total: int) -> None:
            progress("Running the model", done, total)

        with torch.autocast(place.type, dtype=dtype, enabled=dtype is not torch.float32), memory_said(len(strip)):
            found = self(fed, *where, all_layers=all_layers, chunk=chunk, tick=tick)
        return as_arrays(found, "fp32" if dtype is torch.float32 else "bf16", heads=self.heads)

    @torch.no_grad()
    def rollout(
        self,
        strip: Tensor | TokenStack,
        columns: Tensor | None = None,
        rows: Tensor | None = None,
        *,
        chunk: int | None = None,
        tick: Tick | None = None,
    ) -> Tensor:
        """Return the attention rollout of CLS over the layers of the strip by tile, (N,) float32.

        With the prefix's part it sums to 1; it is 1 / N where tiles are merged after the last block. Keeps the input of every
        layer in main memory, L n C numbers. ``tick`` counts every block twice: there and back.
        """
        self.check_strip(strip)
        groups = self.groups(len(strip))
        if self.settings.merge_after == self.depth:
            return torch.full((groups.tiles,), 1 / groups.tiles)
        bias = self.bias(groups, columns, rows)
        inputs: list[tuple[StripAttention, Tensor]] = []
        pace = Pace(tick, 2 * (self.depth - self.settings.merge_after))
        plan = AttentionPlan(
            kernel=partial(attend, chunk=chunk, tick=pace),
            bias=bias,
            listener=lambda heard: inputs.append((heard.module, heard.x.cpu())),
            pace=pace,
        )
        self._blocks(self.tokens(strip, groups), plan, pace)
        share = roll_out(inputs, bias, chunk=chunk, pace=pace)
        return groups.to_tiles(share[self.prefix :])
