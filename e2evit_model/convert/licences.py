"""Licences of published weights: what each allows, in a sentence, and which ones the user accepted when. No torch here.

Acceptances are kept in ``licences.json`` of the user's config folder, each with the licence's name and the date.
"""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from e2evit_model.errors import LicenceError
from e2evit_model.files import config_folder, write_whole

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Licence:
    """A licence: its name, what it asks for in plain words, and where its text stands."""

    name: str
    terms: str
    url: str = ""


_TABLE = (
    Licence(
        name="Apache-2.0",
        terms="Free for any use, commercial use too, as long as its notice goes along.",
        url="https://www.apache.org/licenses/LICENSE-2.0",
    ),
    Licence(
        name="CC BY-NC-ND 4.0",
        terms=(
            "Not for commercial use. Name the authors. What is made from it, also a fine-tuned model, must not be passed on."
        ),
        url="https://creativecommons.org/licenses/by-nc-nd/4.0/",
    ),
    Licence(
        name="CC BY-NC-SA 4.0",
        terms="Not for commercial use. Name the authors. What is made from it may be passed on under these terms only.",
        url="https://creativecommons.org/licenses/by-nc-sa/4.0/",
    ),
    Licence(
        name="Prov-GigaPath research terms",
        terms="For research only, never for the care of patients. The terms stand on the model's page.",
    ),
    Licence(
        name="Apache-2.0 with access terms",
        terms="Free for any use once access was granted. What you agree to when you ask for access stands on the model's page.",
        url="https://www.apache.org/licenses/LICENSE-2.0",
    ),
)

LICENCES = {licence.name: licence for licence in _TABLE}


def licence_called(name: str) -> Licence:
    """Return what is known of a licence; one that is not in the table is only known by its name."""
    return LICENCES.get(name, Licence(name=name, terms="Its terms stand where the weights come from."))


def accepted_on(model: str, licence: str) -> str:
    """Return the date (ISO 8601) on which the user accepted this licence for this model; empty when that was never done.

    An acceptance is of a name: when a model comes under another licence, it is asked again.
    """
    entry = _read().get(model, {})
    return entry["date"] if entry.get("licence") == licence and entry.get("date") else ""


def accept(model: str, licence: str, *, url: str = "") -> None:
    """Write down that the user accepts a licence today.

    Raises
    ------
    OutputError
        When the config folder cannot be written.
    """
    now = datetime.now(UTC).astimezone().isoformat(timespec="seconds")
    record = {**_read(), model: {"licence": licence, "url": url, "date": now}}
    with write_whole(_file()) as temporary:
        temporary.write_text(json.dumps(record, indent=2), encoding="utf-8")
    log.info("Licence accepted: %s, %s", model, licence)


def require_accepted(model: str, title: str, licence: str) -> None:
    """Go on only when the licence was accepted.

    Raises
    ------
    LicenceError
        When it was not.
    """
    if not accepted_on(model, licence):
        raise LicenceError(
            f"The licence of {title} ({licence}) has not been accepted.",
            hint=f"Read it (`e2evit models show {model}`), then run `e2evit models get {model} --accept-licence`.",
        )


def _file() -> Path:
    return config_folder() / "licences.json"


def _read() -> dict[str, dict[str, str]]:
    try:
        record = json.loads(_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # then nothing is accepted, and the user is asked again
        log.warning("licences.json cannot be read (%s)", type(error).__name__)
        return {}
    entries = record.items() if isinstance(record, dict) else ()
    return {key: value for key, value in entries if isinstance(value, dict)}
