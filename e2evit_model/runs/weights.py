"""Weights as safetensors files, whole or not at all; nothing that is read can run as code."""

from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from e2evit_model.errors import ModelError, OutputError
from e2evit_model.files import write_whole

State = Mapping[str, Tensor]
"""Tensors by name, as ``state_dict()`` gives them."""


def save_weights(path: Path, state: State) -> None:
    """Write tensors by name; tied tensors are written out each.

    Raises
    ------
    OutputError
        When the file cannot be written, or the disk is full.
    """
    plain = _apart(state)
    with write_whole(path) as temporary:
        try:
            save_file(plain, temporary)
        except SafetensorError as error:
            if "No space left" in str(error):
                raise OutputError(
                    f"The disk is full: {path.name} could not be written.", hint="Free some space and try again."
                ) from error
            raise OutputError(f"{path.name} could not be written.", hint="Choose another folder.") from error


def _apart(state: State) -> dict[str, Tensor]:
    """Copy tensors that share memory with others, or are part of a larger one, which safetensors refuses; only those."""
    plain, seen = {}, set()
    for name, tensor in state.items():
        own = tensor.detach().cpu().contiguous()
        storage = own.untyped_storage()
        if storage.data_ptr() in seen or storage.nbytes() != own.nbytes:
            own = own.clone()
        seen.add(storage.data_ptr())
        plain[name] = own
    return plain


def load_weights(path: Path) -> dict[str, Tensor]:
    """Read tensors by name.

    Raises
    ------
    ModelError
        When the file is missing, cannot be read, or is no whole safetensors file.
    """
    try:
        return load_file(path)
    except (SafetensorError, OSError) as error:
        raise ModelError(
            f"{path.name} is damaged: it is not a readable safetensors file.",
            hint="Get the whole folder again from where the model was trained.",
        ) from error
