"""How the strip is read, in the wizard: every option, the price of detail, what cannot be chosen, what reaches the command."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from e2evit_gui.jobs.measured import DiskSpace
from e2evit_gui.training_wizard.reading_part import USUAL_TILES
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.price import detail_choices, kept_bytes, price
from e2evit_model.training.config import Augmentation, Method, TrainingConfig
from e2evit_model.units import written_bytes
from tests.gui_training.conftest import answer, checked, to_tiles, type_into

SMALL = BACKBONES["vit-small"]


def box(wizard, name):
    return wizard.model.reading.form.fields[name].findChild(QComboBox)


def choose(wizard, name, value):
    """Choose a value of a list as the user does; a greyed one cannot be."""
    combo = box(wizard, name)
    at = combo.findData(value)
    assert combo.model().item(at).isEnabled(), combo.itemData(at, Qt.ItemDataRole.ToolTipRole)
    combo.setCurrentIndex(at)
    combo.activated.emit(at)


def conversion(wizard):
    return wizard.presenter.draft.config.conversion


def test_every_option_of_the_method_is_there_and_reaches_the_settings(qtbot, wizard):
    choose(wizard, "merge_after", 8)
    choose(wizard, "merger", "max")
    choose(wizard, "split", "bands")
    choose(wizard, "positions", "alibi_2d")
    choose(wizard, "distance", "tile")
    choose(wizard, "read_out", "cls+mean")
    choose(wizard, "kept_tokens", "fp32")
    type_into(qtbot, wizard.model.reading.form.fields["tokens_per_tile"].findChild(QLineEdit), "2,5")
    assert conversion(wizard) == ConversionSettings(
        merge_after=8,
        merger="max",
        split="bands",
        positions="alibi_2d",
        distance="tile",
        read_out="cls+mean",
        kept_tokens="fp32",
        tokens_per_tile=2.5,
    )
    assert wizard.model.reading.follows.text().startswith(
        "The patch embedding and the first 8 blocks keep their pre-trained weights"
    )
    assert box(wizard, "merger").itemText(0) == "Mean"
    assert box(wizard, "read_out").itemText(2) == "Mean of the tiles"


def test_detail_has_its_price_for_a_usual_slide_then_for_those_of_the_cohort(
    qtbot, wizard, asked, table, slides_folder
):
    steps = detail_choices(SMALL)
    combo = box(wizard, "merge_after")
    assert [combo.itemData(row) for row in range(combo.count())] == [step.merge_after for step in steps]
    need = price(USUAL_TILES, SMALL, ConversionSettings(merge_after=steps[3].merge_after))
    assert combo.itemText(3).endswith(written_bytes(need.memory_bytes))
    assert wizard.model.reading.price.text() == ("Seconds and memory of detail are of one slide of 2\u2009000 tiles.")
    to_tiles(qtbot, wizard, table, slides_folder)
    tiles = [card.card.tiles for card in wizard.tiles.sheet.cards]
    mean = round(sum(tiles) / len(tiles))
    assert wizard.slides.usual_tiles == mean > 0
    answer(wizard, DiskSpace(at_most=1, free=2))
    wizard.go_to(3)
    choose(wizard, "merge_after", 8)
    assert wizard.model.reading.price.text().startswith(
        f"Seconds and memory of detail are of one slide of {mean} tiles"
    )
    kept = written_bytes(16 * kept_bytes(mean, SMALL, conversion(wizard), training=True))
    assert wizard.model.reading.follows.text().endswith(f"Tokens kept on disk: about {kept} for 16 slides.")


def test_the_attention_merger_is_off_where_nothing_of_the_model_learns(qtbot, wizard):
    page, combo = wizard.model, box(wizard, "merger")
    at = combo.findData("attention")
    assert combo.model().item(at).isEnabled()
    page.methods[Method.LINEAR_COX].click()
    assert not combo.model().item(at).isEnabled()
    assert combo.itemData(at, Qt.ItemDataRole.ToolTipRole) == (
        "The attention merger is learned, and linear probing leaves the model as it is."
    )
    page.methods[Method.FINE_TUNE].click()
    choose(wizard, "merger", "attention")
    page.methods[Method.LINEAR_COX].click()
    assert wizard.presenter.draft.config.method is Method.FINE_TUNE
    assert page.methods[Method.FINE_TUNE].isChecked(), "what is shown is what counts"
    assert page.reading.refused.text() == (
        "The attention merger must be learned, and linear probing leaves the model as it is.\n"
        "Choose fine-tuning (--method fine-tune), or the merger mean or max."
    )
    choose(wizard, "merger", "max")
    assert not page.reading.refused.isVisible()


def test_what_cannot_go_together_is_said_and_the_choice_goes_back(qtbot, wizard):
    wizard.presenter.choose_config(TrainingConfig(augmentation=Augmentation(turn_tiles=True)))
    choose(wizard, "merge_after", 4)
    assert wizard.model.reading.refused.text().startswith("Tiles cannot be turned, nor colors varied, where the model")
    assert box(wizard, "merge_after").currentData() == 0
    assert conversion(wizard).merge_after == 0


def test_blocks_below_the_merger_learn_again_when_it_goes_back(qtbot, wizard):
    choose(wizard, "merge_after", 8)
    assert wizard.presenter.draft.config.freeze_blocks == 8
    choose(wizard, "merge_after", 4)
    assert wizard.presenter.draft.config.freeze_blocks == 4
    choose(wizard, "merge_after", 0)
    assert wizard.presenter.draft.config.freeze_blocks == 0


def test_more_blocks_than_the_backbone_has_are_refused(qtbot, wizard):
    wizard.presenter.choose_config(TrainingConfig(conversion=ConversionSettings(merge_after=20)))
    assert box(wizard, "merge_after").currentText() == "20 blocks a tile"
    assert wizard.model.blocked() == f"{SMALL.title} has 12 blocks, so tiles cannot be merged after block 20."


@pytest.mark.parametrize("backbone", ["vit-small", "conch"])
def test_the_pooler_is_offered_for_conch_alone(qtbot, wizard, backbone):
    wizard.presenter.choose_config(TrainingConfig(model=backbone))
    combo = box(wizard, "read_out")
    assert combo.model().item(combo.findData("pooler")).isEnabled() == (backbone == "conch")


def test_the_command_trains_with_what_was_chosen(qtbot, wizard, asked, table, slides_folder):
    to_tiles(qtbot, wizard, table, slides_folder)
    answer(wizard, DiskSpace(at_most=12_000_000, free=9_000_000_000))
    choose(wizard, "merge_after", 8)
    choose(wizard, "merger", "max")
    wizard.go_to(5)
    checked(qtbot, wizard)
    assert asked[-1][0].endswith("need_of_disk"), "it takes other room on the disk now"
    answer(wizard, DiskSpace(at_most=77_000_000, free=9_000_000_000))
    rows = {row[1]: row[2] for row in wizard.review.facts.rows()}
    assert (rows["Merge after block"], rows["Merger"], rows["Frozen blocks"]) == ("8", "max", "8")
    assert rows["Disk"] == "at most 77 MB"
    wizard.review.copy.click()
    asked_folder = wizard.review.run
    command = wizard.review.command.toPlainText().split()
    written = json.loads(Path(command[command.index("--config") + 1]).read_text())
    assert written["conversion"]["merge_after"] == 8
    assert written["conversion"]["merger"] == "max"
    assert str(asked_folder) in command
