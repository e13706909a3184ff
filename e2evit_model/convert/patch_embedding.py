"""The patch embedding of mean patches: normalization and convolution as one affine map, and the proof that it is one."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from e2evit_model.errors import BackboneError

LARGEST_DIFFERENCE = 1e-4


def embed_mean_patches(convolution: nn.Conv2d, patches: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    """Embed mean patches, (G, P, P, 3) RGB in 0..1, as (G, C); the same as the mean of the embedded patches.

    Both the normalization and the convolution are affine in each patch, so they commute with the mean over patches.
    ``mean`` and ``std`` are (3,).
    """
    normal = (patches - mean) / std  # (G, P, P, 3)
    flat = normal.permute(0, 3, 1, 2).flatten(1)  # (G, 3 P P), the order of the convolution's weight
    return F.linear(flat, convolution.weight.flatten(1), convolution.bias)


def explain_not_linear(embed: nn.Module) -> str:
    """Say why a patch embedding is not one plain convolution; empty when it may be one."""
    convolution = getattr(embed, "proj", None)
    others = {name for name, _ in embed.named_children()} - {"proj", "norm"}
    if others or not isinstance(convolution, nn.Conv2d):
        return "its patch embedding is not one convolution (a hybrid or convolutional stem)"
    if not isinstance(getattr(embed, "norm", None) or nn.Identity(), nn.Identity):
        return "its patch embedding normalizes each patch, which does not commute with the mean"
    if convolution.kernel_size != convolution.stride or convolution.kernel_size[0] != convolution.kernel_size[1]:
        return "its patches overlap or are not square"
    if convolution.padding not in ((0, 0), "valid") or convolution.dilation != (1, 1) or convolution.groups != 1:
        return "its patch embedding pads, dilates or groups"
    if convolution.in_channels != 3:
        return f"it wants {convolution.in_channels} channels instead of red, green and blue"
    return ""


def refuse_not_linear(embed: nn.Module, name: str) -> nn.Conv2d:
    """Return the convolution of a patch embedding after proving on random tiles that mean patches may replace patches.

    Raises
    ------
    BackboneError
        With the reason, when the embedding of the mean patch is not the mean of the embedded patches within 1e-4.
    """
    hint = "Only plain vision transformers can be converted, whose patches are embedded by one linear map."
    reason = explain_not_linear(embed)
    if reason:
        raise BackboneError(f"{name} cannot be converted: {reason}.", hint=hint)
    convolution = embed.proj
    assert isinstance(convolution, nn.Conv2d)  # noqa: S101 - explain_not_linear said so
    if not convolution.weight.is_meta:
        difference = _difference(embed, convolution)
        if not difference <= LARGEST_DIFFERENCE:
            raise BackboneError(
                f"{name} cannot be converted: embedding the mean of patches differs from the mean of embedded patches "
                f"by {difference:.2g} of its size.",
                hint=hint,
            )
    return convolution


@torch.no_grad()
def _difference(embed: nn.Module, convolution: nn.Conv2d) -> float:
    weight = convolution.weight
    side = convolution.kernel_size[0]
    height, width = getattr(embed, "img_size", None) or (side * 4, side * 4)
    generator = torch.Generator().manual_seed(0)
    tiles = torch.randn(2, 3, height, width, generator=generator).to(weight.device, weight.dtype)
    was_training = embed.training
    embed.eval()
    tokens = embed(tiles)
    embed.train(was_training)
    literal = tokens.reshape(2, -1, weight.shape[0]).mean(1)
    high, wide = height // side * side, width // side * side
    patches = tiles[:, :, :high, :wide].unflatten(2, (-1, side)).unflatten(4, (-1, side))  # (2, 3, h, P, w, P)
    mean_patch = patches.mean((2, 4)).flatten(1)
    folded = F.linear(mean_patch, weight.flatten(1), convolution.bias)
    if literal.shape != folded.shape:
        return float("inf")
    scale = tokens.std().clamp_min(torch.finfo(torch.float32).tiny)
    return float((literal - folded).abs().max() / scale)
