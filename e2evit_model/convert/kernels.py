"""Which kernel attends: the fastest that is right on this device."""

from functools import partial

from e2evit_model.convert.attention import Kernel, chunked_attention, unbiased_attention
from e2evit_model.convert.positions import Bias


def choose_kernel(bias: Bias | None, *, chunk: int | None = None) -> Kernel:
    """Choose how the blocks attend."""
    if bias is None:
        return unbiased_attention
    return partial(chunked_attention, chunk=chunk)
