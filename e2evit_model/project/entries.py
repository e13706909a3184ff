"""What a project keeps: slides, results and documents under keys, and changes of them that can be turned around."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SLIDE = "slide/"
RESULT = "result/"
REGIONS = "regions/"
VIEW = "view/"
OUTDATED = "outdated/"
WINDOW = "window"
"""Keys: one document a slide under each of the first and the third to fifth, one a result under the second, one for the window.

``OUTDATED`` holds the id of a slide's result when its tiles, by regions or settings, are others now.
"""

OF_A_SLIDE = (SLIDE, REGIONS, VIEW, OUTDATED)
"""What the keys of one slide's own documents begin with; its id follows."""


@dataclass(frozen=True, kw_only=True)
class SlideEntry:
    """A slide of a project, also while its file is missing.

    ``path`` is relative to the project's folder, with "/" (absolute only where no relative one exists: another drive). ``bytes`` is
    the size of the file that is opened; ``fingerprint`` is of all its files. ``mpp`` is micrometres a pixel, ``mpp_source`` says
    where it is from ("file", "user", ""). ``added`` is the time it was taken in (ISO 8601, UTC).
    """

    id: str
    name: str
    path: str
    fingerprint: str
    bytes: int
    width: int
    height: int
    mpp: float | None
    mpp_source: str
    format: str
    added: str

    @property
    def key(self) -> str:
        """The key of its document."""
        return SLIDE + self.id


@dataclass(frozen=True, kw_only=True)
class ResultEntry:
    """A result of a slide by a model, as far as lists and tables show it; the rest lies in ``results/<id>``.

    ``model_key`` is equal for results that may be compared: same weights, conversion and tiles. ``created`` is ISO 8601, UTC.
    """

    id: str
    slide: str
    model: str
    model_key: str
    backbone: str
    risk: float | None
    percentile: float | None
    group: str | None
    tiles: int
    tissue_mm2: float | None
    seconds: float
    created: str

    @property
    def key(self) -> str:
        """The key of its document."""
        return RESULT + self.id


Document = Any
"""A JSON value."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Documents before and after, by key; ``None`` stands for no document. ``label`` says in the user's words what was done."""

    label: str
    before: Mapping[str, Document]
    after: Mapping[str, Document]

    def inverse(self) -> "Change":
        """Return the change that takes this one back."""
        return Change(label=self.label, before=self.after, after=self.before)

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return self.before == self.after
