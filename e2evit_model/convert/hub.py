"""Published weights: what is in the hub's cache on this machine, and downloading with the user's own token."""

import logging
from http import HTTPStatus
from pathlib import Path

import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.errors import (
    EntryNotFoundError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)

from e2evit_model.convert.backbones import Backbone
from e2evit_model.errors import BackboneError
from e2evit_model.files import explain_write_error

log = logging.getLogger(__name__)

_NETWORK: type[Exception] = HfHubHTTPError.__bases__[0]
"""What the hub's client raises when the line goes dead: of another library in each of its major versions."""


def _names(backbone: Backbone) -> tuple[str, ...]:
    return tuple(dict.fromkeys((backbone.weight_file, "model.safetensors", "pytorch_model.bin")))


def weights_at_hand(backbone: Backbone) -> Path | None:
    """Return the weight file of a backbone in the hub's cache on this machine, or ``None``; never goes to the network."""
    if not backbone.hub_repo:
        return None
    for name in _names(backbone):
        found = huggingface_hub.try_to_load_from_cache(backbone.hub_repo, name)
        if isinstance(found, str) and Path(found).is_file():
            return Path(found)
    return None


def page_of(backbone: Backbone) -> str:
    """Return the address of the backbone's page on the hub, where its licence is accepted."""
    return f"{constants.ENDPOINT}/{backbone.hub_repo}"


def download_weights(backbone: Backbone, *, token: str | None = None) -> Path:
    """Download the weight file of a backbone into the hub's cache; resumes what was begun.

    Parameters
    ----------
    token
        The user's own token; ``None``: the one that the hub's client has stored.

    Raises
    ------
    BackboneError
        When access is not granted, a token is missing, the repository or file is not there, there is no network.
    OutputError
        When the disk is full or may not be written to.
    """
    error: Exception | None = None
    for name in _names(backbone):
        try:
            return Path(huggingface_hub.hf_hub_download(backbone.hub_repo, name, token=token))
        except LocalEntryNotFoundError as caught:
            raise _explain(caught, backbone, token) from caught
        except EntryNotFoundError as caught:
            error = caught
        except (_NETWORK, OfflineModeIsEnabled, ConnectionError) as caught:
            raise _explain(caught, backbone, token) from caught
        except OSError as caught:
            raise explain_write_error(caught, Path(name)) from caught
    raise _explain(error or EntryNotFoundError("no name"), backbone, token) from error


def _explain(error: Exception, backbone: Backbone, token: str | None) -> BackboneError:
    log.debug("hub: %s", type(error).__name__)
    nobody = backbone.gated and (token or huggingface_hub.get_token()) is None
    page = page_of(backbone)
    message, hint = _SENTENCES[_kind_of(error, nobody=nobody)]
    said = {
        "title": backbone.title,
        "page": page,
        "repo": backbone.hub_repo,
        "file": backbone.weight_file,
        "id": backbone.id,
    }
    return BackboneError(message.format(**said), hint=hint.format(**said))


def _kind_of(error: Exception, *, nobody: bool) -> str:
    if nobody and isinstance(error, (GatedRepoError, RepositoryNotFoundError)):
        return "no token"
    if isinstance(error, HfHubHTTPError) and getattr(error.response, "status_code", 0) == HTTPStatus.UNAUTHORIZED:
        return "bad token"
    # the special before the general: gated is a kind of "not found", offline a kind of "no file"
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (GatedRepoError, "gated"),
        (RepositoryNotFoundError, "no repository"),
        (LocalEntryNotFoundError, "offline"),
        (EntryNotFoundError, "no file"),
        (HfHubHTTPError, "refused"),
    )
    return next((kind for classes, kind in kinds if isinstance(error, classes)), "offline")


_SENTENCES = {
    "no token": (
        "{title} is only given to those who accepted its licence, and there is no token that says who you are.",
        "Accept the licence at {page}, make a token in your settings there, and give it with `hf auth login`.",
    ),
    "gated": (
        "Your token may not download {title}.",
        "Ask for access at {page} with the same account; some licences are granted by hand, which takes days.",
    ),
    "no repository": (
        "{title} is not at {repo} any more, or your token may not see it.",
        "Look at {page} in a browser.",
    ),
    "offline": (
        "The weights of {title} are not on this machine, and there is no network to get them.",
        "Connect to the network, or bring the file from {page} by other means and give it with --backbone {id}.",
    ),
    "no file": (
        "{repo} has no weight file {file}.",
        "Look at {page}, download the weights there, and give the file with --backbone {id}.",
    ),
    "bad token": ("Your token is not valid.", "Make a new one on the hub and run `hf auth login`."),
    "refused": ("The hub did not give the weights of {title}.", "Try again later."),
}
