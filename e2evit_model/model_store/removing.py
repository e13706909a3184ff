"""Take a model off this machine, and say how much room that gave back."""

from dataclasses import dataclass, replace
from pathlib import Path

import huggingface_hub

from e2evit_model.convert.registry import OwnModel, forget
from e2evit_model.errors import BackboneError
from e2evit_model.files import explain_write_error
from e2evit_model.model_store.entries import Entry


@dataclass(frozen=True, kw_only=True)
class Removed:
    """What was done: ``freed`` in bytes, and ``why_not_all`` a sentence when the file itself is still somewhere."""

    freed: int
    why_not_all: str = ""


def remove_model(entry: Entry) -> Removed:
    """Remove the weights of a model, with what was half downloaded; what stands at a place of the user's own is only forgotten.

    Raises
    ------
    BackboneError
        When there is nothing to remove.
    OutputError
        When the file or the list cannot be written.
    """
    if entry.own is not None:
        return _remove_own(entry.own)
    if entry.source is None or not (entry.is_here or entry.begun):
        raise BackboneError(f"{entry.title} is not on this machine.", hint="There is nothing to remove.")
    removed = _remove_from_cache(entry.source.repo)
    if entry.network is not None:
        return replace(removed, why_not_all="GrandQC's networks come together, and were removed together.")
    return removed


def _remove_own(own: OwnModel) -> Removed:
    if not own.kept:
        forget(own.id)
        return Removed(freed=0, why_not_all="It was used from its own place, where it still is.")
    freed, why = own.size, ""
    try:
        if own.path.is_file():
            if own.path.stat().st_nlink > 1:
                freed, why = 0, "The file that you added is still at its first place and holds the room."
            own.path.unlink()
        else:
            freed = 0
        forget(own.id)
        if own.path.parent.is_dir() and not any(own.path.parent.iterdir()):
            own.path.parent.rmdir()
    except OSError as error:
        raise explain_write_error(error, own.path) from error
    return Removed(freed=freed, why_not_all=why)


def _remove_from_cache(repo: str) -> Removed:
    cache = Path(huggingface_hub.constants.HF_HUB_CACHE)
    freed = 0
    try:
        blobs = cache / huggingface_hub.file_download.repo_folder_name(repo_id=repo, repo_type="model") / "blobs"
        for part in blobs.glob("*.incomplete"):
            freed += part.stat().st_size
            part.unlink()
        info = huggingface_hub.scan_cache_dir(cache)
        found = [one for one in info.repos if one.repo_id == repo and one.repo_type == "model"]
        hashes = [revision.commit_hash for one in found for revision in one.revisions]
        if hashes:
            plan = info.delete_revisions(*hashes)
            freed += plan.expected_freed_size
            plan.execute()
    except OSError as error:
        raise explain_write_error(error, cache) from error
    return Removed(freed=freed)
