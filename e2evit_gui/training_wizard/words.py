"""Choices and roles of the wizard in words."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QComboBox

from e2evit_gui.forms.field import Field
from e2evit_gui.forms.options_form import OptionsForm
from e2evit_model.options import Options

Settings = TypeVar("Settings", bound=Options)

CHOICES = {
    "event+time": "Events and times",
    "event": "Events",
    "none": "None",
    "nll": "Likelihood of time bins",
    "cox": "Cox partial likelihood",
    "embeddings": "Risk of the mean embedding",
    "risks": "Mean of the slides' risks",
    "ridge": "Ridge",
    "elastic-net": "Elastic net",
    "alibi": "ALiBi, along the strip",
    "alibi_2d": "ALiBi, on the slide",
    "learned": "Learned, stretched",
    "row": "Row by row",
    "column": "Column by column",
    "serpentine": "To and fro",
    "hilbert": "Hilbert curve",
    "token": "Tokens",
    "tile": "Tiles",
    "cls": "CLS token",
    "cls+mean": "CLS token and mean",
    "mean": "Mean of the tiles",
    "merger mean": "Mean",
}

ROLES = {
    "patient": "Patient",
    "slide": "Slide",
    "time": "Time",
    "event": "Event",
    "death_time": "Time of death",
    "follow_up_time": "Time of last follow-up",
    "group": "Site",
}
"""The roles that a column can have, in the order shown."""


def tr(text: str) -> str:
    """Translate words of the wizard."""
    return QCoreApplication.translate("TrainingWizard", text)


def worded_form(
    settings: Settings, only: Sequence[str], *, makers: Mapping[str, type[Field]] = MappingProxyType({})
) -> OptionsForm[Settings]:
    """Make a form whose lists show words rather than names of options; a choice may have its own words in one list."""
    form = OptionsForm(settings, only, makers=makers)
    for name, field in form.fields.items():
        for box in field.findChildren(QComboBox):
            for index in range(box.count()):
                choice = str(box.itemData(index))
                words = CHOICES.get(f"{name} {choice}", CHOICES.get(choice))
                if words:
                    box.setItemText(index, tr(words))
    return form


def count(number: float) -> str:
    """Write a count with thin spaces between thousands."""
    return f"{number:,.0f}".replace(",", "\u2009")


def counted(number: int, what: str) -> str:
    """Write how many of something there are: "1 slide", "2 slides"."""
    return f"{count(number)} {tr(what if number == 1 else what + 's')}"
