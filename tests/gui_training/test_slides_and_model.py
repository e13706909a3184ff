"""The pages of tiles, model and compute, without a process of its own where none is needed."""

import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.jobs.measured import DiskSpace, DryRun
from e2evit_gui.training_wizard.estimate import estimate
from e2evit_gui.training_wizard.slide_presenter import choose_slides
from e2evit_model.cohort.cohort import CohortSlide
from e2evit_model.cohort.fold_making import make_folds
from e2evit_model.cohort.folds import Part
from e2evit_model.training.config import Loss, Method, TrainingConfig
from tests.gui_training.conftest import answer, to_tiles, type_into, with_cohort


def test_slides_of_a_sheet_are_spread_over_the_cohort_and_others_follow(tmp_path):
    slides = [CohortSlide(slide_id=str(n), patient_id=str(n), path=tmp_path) for n in range(100)]
    first, second = ([int(slide.slide_id) for slide in choose_slides(slides, turn)] for turn in (0, 1))
    assert first == [n * 100 // 12 for n in range(12)]
    assert not set(first) & set(second)
    assert len(choose_slides(slides[:5], 3)) == 5
    assert choose_slides([CohortSlide(slide_id="a", patient_id="a")], 0) == []


def test_the_sheet_shows_masks_and_a_click_opens_the_slide(qtbot, wizard, asked, table, slides_folder):
    to_tiles(qtbot, wizard, table, slides_folder)
    cards = wizard.tiles.sheet.cards
    assert [card.slide_id for card in cards] == [f"S{n * 16 // 12:02}" for n in range(12)]
    ring = max(cards[0].card.rings, key=len)
    picture = cards[0].card.picture
    x, y = (ring[:, axis] / picture.width() for axis in (0, 1))
    shoelace = abs(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2
    assert shoelace == pytest.approx(cards[0].card.area_mm2 / 0.32**2, rel=0.1), (
        "the outline lies on the picture as on the slide"
    )
    with qtbot.waitSignal(wizard.slide_requested) as heard:
        qtbot.mouseClick(cards[3], Qt.MouseButton.LeftButton)
    assert heard.args == [slides_folder / "S04.tiff", None]
    with qtbot.waitSignal(wizard.slide_requested):
        qtbot.keyClick(cards[3], Qt.Key.Key_Return)


def test_a_slide_that_cannot_be_used_has_the_reason_on_its_card(qtbot, wizard, asked, table, slides_folder, tmp_path):
    folder = tmp_path / "damaged"
    shutil.copytree(slides_folder, folder)
    (folder / "S04.tiff").write_bytes(b"no slide at all")
    to_tiles(qtbot, wizard, table, folder)
    card = next(card for card in wizard.tiles.sheet.cards if card.slide_id == "S04")
    assert card.card.message
    assert card.said() == card.card.message
    assert wizard.tiles.faults.text().startswith(f"1 of these slides cannot be used. S04: {card.card.message}")


def test_other_settings_look_at_the_slides_again(qtbot, wizard, asked, table, slides_folder):
    presenter = to_tiles(qtbot, wizard, table, slides_folder)
    before = wizard.tiles.sheet.cards[0].card.tiles
    with qtbot.waitSignal(wizard.slides.cards_ended, timeout=30_000):
        type_into(qtbot, wizard.tiles.form.fields["tile_px"].findChild(QLineEdit), "112")
    assert presenter.draft.config.tiles.tile_px == 112
    assert wizard.tiles.sheet.cards[0].card.tiles > 2 * before
    sheet = wizard.slides.sheet
    wizard.go_to(1)
    wizard.go_to(2)
    assert wizard.slides.sheet == sheet, "nothing is read twice"


def test_a_tile_size_outside_its_limits_is_said_at_the_field(qtbot, wizard, asked, table, slides_folder):
    to_tiles(qtbot, wizard, table, slides_folder)
    type_into(qtbot, wizard.tiles.form.fields["tile_px"].findChild(QLineEdit), "3")
    assert wizard.tiles.form.fields["tile_px"].error == "Size of a tile is 3 px, but must be between 14 and 4096 px."
    qtbot.waitUntil(lambda: not wizard.next.isEnabled())


def test_the_disk_needed_is_told_and_when_it_does_not_suffice(qtbot, wizard, asked, table, slides_folder):
    presenter = to_tiles(qtbot, wizard, table, slides_folder)
    assert asked[0] == (
        "e2evit_gui.jobs.training_tasks:need_of_disk",
        presenter.cohort.slides,
        presenter.draft.config,
    )
    answer(wizard, DiskSpace(at_most=12_000_000, free=9_000_000_000))
    assert wizard.tiles.disk.text() == "Preparing the slides takes at most 12 MB; 9.0 GB are free."
    assert not wizard.tiles.disk_error.isVisible()
    wizard.slides.ask_disk(presenter.cohort, presenter.draft.config)
    answer(wizard, DiskSpace(at_most=12_000_000_000, free=9_000_000_000))
    assert wizard.tiles.disk_error.text().startswith("That may not suffice.")


def test_a_backbone_without_its_weights_cannot_be_chosen_and_says_why(qtbot, wizard, asked, table, slides_folder):
    to_tiles(qtbot, wizard, table, slides_folder)
    answer(wizard, DiskSpace(at_most=1, free=2))
    with qtbot.waitSignal(wizard.slides.here_changed, timeout=20_000):
        wizard.go_to(3)
    page = wizard.model
    row = next(
        n for n in range(page.backbones.count()) if page.backbones.item(n).data(Qt.ItemDataRole.UserRole) == "uni2-h"
    )
    item = page.backbones.item(row)
    page.backbones.scrollToItem(item)
    place = page.backbones.visualItemRect(item).center()
    qtbot.mouseClick(page.backbones.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert wizard.presenter.draft.config.model == "uni2-h"
    assert page.error.text().startswith("The weights of UNI 2 (ViT-H) are not on this machine.")
    assert "CC BY-NC-ND 4.0" in page.licence.text()
    assert "forbid commercial use" in page.licence.text()
    qtbot.waitUntil(lambda: not wizard.next.isEnabled())


def test_a_weight_file_that_several_backbones_fit_is_asked_about(qtbot, wizard, asked, table, slides_folder, tmp_path):
    to_tiles(qtbot, wizard, table, slides_folder)
    answer(wizard, DiskSpace(at_most=1, free=2))
    wizard.go_to(3)
    path = tmp_path / "weights.safetensors"
    path.write_bytes(b"")
    wizard.model.take_file(path)
    assert asked[-1] == ("e2evit_gui.jobs.training_tasks:name_backbone", path, None)
    answer(wizard, Failure(message="Several have this layout.", hint="Say which one."))
    assert wizard.model.error.text() == "Several have this layout.\nSay which one."
    qtbot.waitUntil(lambda: wizard.reason.text() == "Say which backbone the weight file is of.")
    at = wizard.model.architecture.findText("UNI")
    wizard.model.architecture.setCurrentIndex(at)
    wizard.model.architecture.activated.emit(at)
    assert asked[-1] == ("e2evit_gui.jobs.training_tasks:name_backbone", path, "uni")


def test_cox_at_one_slide_a_step_is_refused_at_the_field(qtbot, wizard):
    wizard.model.unfold.setChecked(True)
    field = wizard.model.learning[Method.FINE_TUNE].fields["loss"]
    box = field.findChild(type(wizard.tiles.tissue))
    box.setCurrentIndex(box.findData("cox"))
    box.activated.emit(box.currentIndex())
    assert field.error.startswith("The Cox loss needs several patients a step")
    assert wizard.presenter.draft.config.loss is Loss.NLL


def measured(**changes):
    values = {
        "slide_id": "S05",
        "tiles": 9,
        "prepare_s": 2.0,
        "learn_s": 3.0,
        "look_s": 1.0,
        "memory_bytes": 700_000_000,
        "gpu_bytes": 0,
        "device": "CPU",
        "numbers": "fp32",
        "slides": 16,
        "unreadable": 0,
        "share": 8.0,
    }
    return DryRun(**(values | changes))


def test_the_time_is_what_every_slide_costs_by_its_share(qtbot, wizard, table, slides_folder):
    cohort = with_cohort(qtbot, wizard, table, slides_folder).cohort
    folds = make_folds(cohort, k=2)
    config = TrainingConfig(epochs=10)
    found = estimate(measured(), cohort, folds, config)
    expected = 0.0
    for fold in range(2):
        for part, seconds in ((Part.TRAIN, 3.0), (Part.VAL, 1.0)):
            expected += sum(0.5 * seconds for _ in cohort.slides_of(folds.patients(fold, part)))  # 8.0 / 16 slides
    assert found.prepare_s == 16.0
    assert found.folds_s == pytest.approx(10 * expected)
    assert found.total_s == pytest.approx(16.0 + 10 * expected)
    cox = estimate(measured(), cohort, folds, TrainingConfig(epochs=10, loss="cox", step_size=8))
    assert cox.folds_s > found.folds_s
    linear = estimate(measured(prepare_s=None, learn_s=0.0), cohort, folds, TrainingConfig(method="linear-cox"))
    assert (linear.prepare_s, linear.embed_s, linear.total_s) == (None, 8.0, 8.0)


def test_what_was_measured_is_shown_and_forgotten_with_other_settings(qtbot, wizard, asked, table, slides_folder):
    presenter = with_cohort(qtbot, wizard, table, slides_folder)
    wizard.go_to(4)
    qtbot.mouseClick(wizard.compute.measure, Qt.MouseButton.LeftButton)
    assert asked[-1] == ("e2evit_gui.jobs.training_tasks:dry_run", presenter.cohort.slides, presenter.draft.config)
    assert not wizard.compute.measure.isEnabled()
    answer(wizard, measured())
    texts = {name: value.text() for name, (_, value) in wizard.compute.rows.items()}
    assert texts["Memory"] == "700 MB"
    assert texts["Learning from it"] == "3.0 s"
    assert texts["Slide"] == "S05, 9 tiles"
    type_into(qtbot, wizard.compute.form.fields["threads"].findChild(QLineEdit), "1")
    assert wizard.slides.measured is None
    assert not wizard.compute.rows["Memory"][1].isVisible()


def test_slides_that_cannot_be_opened_are_said_until_they_are_left_out(qtbot, wizard, asked, table, slides_folder):
    with_cohort(qtbot, wizard, table, slides_folder)
    wizard.go_to(4)
    qtbot.mouseClick(wizard.compute.measure, Qt.MouseButton.LeftButton)
    answer(wizard, measured(unreadable=1))
    assert wizard.compute.warning.text().startswith("1 slide cannot be opened: the training will stop there.")
    box = wizard.compute.form.fields["skip_failed"].findChild(QCheckBox)
    box.click()
    assert wizard.presenter.draft.config.skip_failed
    assert wizard.slides.measured is not None, "what was measured still holds"
    assert not wizard.compute.warning.isVisible()


def test_a_dry_run_that_dies_is_a_sentence(qtbot, wizard, asked, table, slides_folder):
    with_cohort(qtbot, wizard, table, slides_folder)
    wizard.go_to(4)
    qtbot.mouseClick(wizard.compute.measure, Qt.MouseButton.LeftButton)
    answer(
        wizard,
        Failure(message="The model's process ended unexpectedly (stopped by the system, SIGKILL).", hint="Close."),
    )
    assert wizard.compute.error.text().startswith("The model's process ended unexpectedly")
    assert wizard.compute.measure.isEnabled()
