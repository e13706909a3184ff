"""Published weights: what is in the hub's cache on this machine, and downloading with the user's own token."""

import logging
import re
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import huggingface_hub
from huggingface_hub import constants
from huggingface_hub.errors import (
    EntryNotFoundError,
    FileMetadataError,
    GatedRepoError,
    HfHubHTTPError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from huggingface_hub.file_download import repo_folder_name
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]  # exported lazily

from e2evit_model.convert.backbones import Backbone
from e2evit_model.convert.downloading import NETWORK, SHA256_DIGITS, Source, download
from e2evit_model.convert.licences import require_accepted
from e2evit_model.convert.registry import own_weights
from e2evit_model.errors import BackboneError
from e2evit_model.files import explain_write_error
from e2evit_model.progress import Progress, silent

log = logging.getLogger(__name__)

_SHA256 = re.compile(rf"[0-9a-f]{{{SHA256_DIGITS}}}")


@dataclass(frozen=True, kw_only=True)
class Published:
    """Weights on the hub: ``files`` are the names under which the one file may stand, in the order in which they are tried."""

    id: str
    title: str
    repo: str
    files: tuple[str, ...]
    licence: str
    gated: bool

    @property
    def page(self) -> str:
        """The address of the page on the hub, where the licence is accepted."""
        return f"{constants.ENDPOINT}/{self.repo}"


def published(backbone: Backbone) -> Published:
    """Return where the weights of a backbone are published."""
    files = dict.fromkeys((backbone.weight_file, "model.safetensors", "pytorch_model.bin"))
    return Published(
        id=backbone.id,
        title=backbone.title,
        repo=backbone.hub_repo,
        files=tuple(files),
        licence=backbone.licence,
        gated=backbone.gated,
    )


def page_of(backbone: Backbone) -> str:
    """Return the address of the backbone's page on the hub, where its licence is accepted."""
    return published(backbone).page


def weights_at_hand(backbone: Backbone) -> Path | None:
    """Return the weight file of a backbone on this machine, or ``None``: the user's own, else that in the hub's cache.

    Never goes to the network.
    """
    return own_weights(backbone.id) or in_cache(published(backbone))


def in_cache(wanted: Published) -> Path | None:
    """Return the file in the hub's cache, or ``None``; never goes to the network."""
    if not wanted.repo:
        return None
    for name in wanted.files:
        found = huggingface_hub.try_to_load_from_cache(wanted.repo, name)
        if isinstance(found, str) and Path(found).is_file():
            return Path(found)
    return None


def begun_bytes(wanted: Published) -> int:
    """Return how much of a file came before its download was stopped, in bytes."""
    parts = _blobs(wanted).glob("*.incomplete") if wanted.repo else ()
    return max((part.stat().st_size for part in parts), default=0)


def published_sha256(file: Path) -> str:
    """Return the hash under which the hub keeps a file of its cache; empty where it does not say it."""
    name = file.resolve().name
    return name if _SHA256.fullmatch(name) else ""


def download_weights(backbone: Backbone, *, token: str | None = None, progress: Progress = silent) -> Path:
    """Download the weight file of a backbone; see :func:`fetch`."""
    return fetch(published(backbone), token=token, progress=progress)


def fetch(wanted: Published, *, token: str | None = None, progress: Progress = silent) -> Path:
    """Download a published file into the hub's cache; goes on where it was cut off, and checks the hash at the end.

    Parameters
    ----------
    token
        The user's own token; ``None``: the one that the hub's client has stored.

    Raises
    ------
    LicenceError
        When its licence was not accepted.
    BackboneError
        When access is not granted, a token is missing, the repository or file is not there, there is no network, or what came is
        damaged.
    OutputError
        When the disk is full or may not be written to.
    Cancelled
        By ``progress``; what came so far is kept.
    """
    require_accepted(wanted.id, wanted.title, wanted.licence)
    progress("Asking the hub", 0, 0)
    token = token or huggingface_hub.get_token()
    error: Exception | None = None
    for name in wanted.files:
        try:
            _download(wanted, name, token, progress)
            # the file lies under its hash now: the hub's own client gives it its name in the cache
            return Path(huggingface_hub.hf_hub_download(wanted.repo, name, token=token or False))
        except LocalEntryNotFoundError as caught:
            raise _explain(caught, wanted, token) from caught
        except EntryNotFoundError as caught:
            error = caught
        except (NETWORK, OfflineModeIsEnabled, ConnectionError, FileMetadataError) as caught:
            raise _explain(caught, wanted, token) from caught
        except OSError as caught:
            raise explain_write_error(caught, Path(name)) from caught
    raise _explain(error or EntryNotFoundError("no name"), wanted, token) from error


def token_page() -> str:
    """Return the address at which a user makes a token."""
    return f"{constants.ENDPOINT}/settings/tokens"


def has_token() -> bool:
    """Say whether the hub's client knows a token of the user."""
    return huggingface_hub.get_token() is not None


def store_token(token: str) -> None:
    """Ask the hub whether a token is valid, and store it where the hub's own programs keep it.

    Raises
    ------
    BackboneError
        When it is not valid, or cannot be checked without a network.
    OutputError
        When it cannot be written.
    """
    try:
        huggingface_hub.login(token=token.strip(), add_to_git_credential=False)
    except ValueError as error:
        raise BackboneError("This token is not valid.", hint=f"Make a new one at {token_page()}.") from error
    except HfHubHTTPError as error:
        if getattr(error.response, "status_code", 0) == HTTPStatus.UNAUTHORIZED:
            raise BackboneError("This token is not valid.", hint=f"Make a new one at {token_page()}.") from error
        raise BackboneError("The hub did not say whether the token is valid.", hint="Try again later.") from error
    except (NETWORK, ConnectionError) as error:
        raise BackboneError(
            "The token could not be checked: there is no network.", hint="Connect to the network and try again."
        ) from error
    except OSError as error:
        raise explain_write_error(error, Path("token")) from error


def _blobs(wanted: Published) -> Path:
    return Path(constants.HF_HUB_CACHE) / repo_folder_name(repo_id=wanted.repo, repo_type="model") / "blobs"


def _download(wanted: Published, name: str, token: str | None, progress: Progress) -> None:
    url = huggingface_hub.hf_hub_url(wanted.repo, name)
    said = huggingface_hub.get_hf_file_metadata(url, token=token or False)
    if not said.etag or said.size is None:
        raise FileMetadataError("the answer names neither hash nor size")
    blobs = _blobs(wanted)
    if (blobs / said.etag).is_file():
        return
    for old in blobs.glob("*.incomplete"):
        if old.stem != said.etag:  # of a version that is no longer published
            old.unlink(missing_ok=True)
    sha256 = said.etag if _SHA256.fullmatch(said.etag) else ""
    source = Source(url=url, title=wanted.title, size=said.size, sha256=sha256)
    download(source, blobs / said.etag, headers=build_hf_headers(token=token or False), progress=progress)


def _explain(error: Exception, wanted: Published, token: str | None) -> BackboneError:
    log.debug("hub: %s", type(error).__name__)
    message, hint = _SENTENCES[_kind_of(error, nobody=wanted.gated and token is None)]
    said = {
        "title": wanted.title,
        "page": wanted.page,
        "repo": wanted.repo,
        "file": wanted.files[0],
        "id": wanted.id,
        "endpoint": constants.ENDPOINT,
    }
    return BackboneError(message.format(**said), hint=hint.format(**said))


def _kind_of(error: Exception, *, nobody: bool) -> str:
    status = getattr(error.response, "status_code", 0) if isinstance(error, HfHubHTTPError) else 0
    if nobody and isinstance(error, (GatedRepoError, RepositoryNotFoundError)):
        return "no token"
    if type(error) is HfHubHTTPError and status == HTTPStatus.UNAUTHORIZED:
        return "bad token"
    if type(error) is HfHubHTTPError and status == HTTPStatus.FORBIDDEN:
        return "token scope"
    # the special before the general: gated is a kind of "not found", offline a kind of "no file"
    kinds: tuple[tuple[type[Exception], str], ...] = (
        (GatedRepoError, "gated"),
        (RepositoryNotFoundError, "no repository"),
        (LocalEntryNotFoundError, "offline"),
        (EntryNotFoundError, "no file"),
        (HfHubHTTPError, "refused"),
        (FileMetadataError, "not the hub"),
    )
    return next((kind for classes, kind in kinds if isinstance(error, classes)), "offline")


_SENTENCES = {
    "no token": (
        "{title} is only given to those who accepted its licence, and there is no token that says who you are.",
        "Accept the licence at {page}, make a token at {endpoint}/settings/tokens, store it by `hf auth login` or in the window.",
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
        "Connect to the network, or bring the file from {page} by other means and add it: `e2evit models add FILE --as {id}`.",
    ),
    "no file": (
        "{repo} has no weight file {file}.",
        "Look at {page}, download the weights there, and add them: `e2evit models add FILE --as {id}`.",
    ),
    "bad token": (
        "Your token is not valid.",
        "Make a new one at {endpoint}/settings/tokens and store it by `hf auth login` or in the window.",
    ),
    "token scope": (
        "Your token does not cover gated models.",
        'Give it "Read access to contents of all public gated repos you can access" at {endpoint}/settings/tokens.',
    ),
    "not the hub": (
        "What answered was not the hub: a proxy or a log-in page of the network is in the way.",
        "Open {page} in a browser first, or ask your network's administrator.",
    ),
    "refused": ("The hub did not give the weights of {title}.", "Try again later."),
}
