"""The weights of a converted model as one dictionary: the backbone's under timm's names, merger and pooler under their own."""

from collections.abc import Mapping

from torch import Tensor, nn

from e2evit_model.convert.timm_models import VisionTransformer, refuse_other_tensors

MERGER = "merger."
POOLER = "pooler."


def joined_state(vit: VisionTransformer, beside: Mapping[str, nn.Module]) -> dict[str, Tensor]:
    """Return the weights of a backbone, and those of the modules beside it under their prefixes."""
    state = dict(vit.state_dict())
    for prefix, module in beside.items():
        state |= {prefix + name: tensor for name, tensor in module.state_dict().items()}
    return state


def load_joined(vit: VisionTransformer, beside: Mapping[str, nn.Module], state: Mapping[str, Tensor]) -> None:
    """Load what :func:`joined_state` gave, strictly.

    Raises
    ------
    WeightsError
        Naming the first tensor that is missing, left over or of another shape.
    """
    wanted = joined_state(vit, beside)
    refuse_other_tensors(wanted, state, "this model")
    cast = {key: state[key].to(tensor.dtype) for key, tensor in wanted.items()}
    for prefix, module in beside.items():
        module.load_state_dict(part_of_state(cast, prefix), strict=True)
    own = {key: value for key, value in cast.items() if not key.startswith(tuple(beside))}
    vit.load_state_dict(own, strict=True)


def part_of_state(state: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Return the tensors under a prefix, without it."""
    return {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}


def backbone_alone(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return the backbone's tensors alone."""
    return {key: value for key, value in state.items() if not key.startswith((MERGER, POOLER))}
