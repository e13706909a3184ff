"""How closely the model looks at each tile: steps with their price, in the form of an analysis."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from e2evit_gui.forms.detail_field import DetailField
from e2evit_gui.slide_page.model_facts import ModelFacts
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.settings import ConversionSettings
from e2evit_model.inference.price import detail_choices, price
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import describe
from e2evit_model.units import written_bytes

CONCH = BACKBONES["conch"]


@pytest.fixture
def field(qtbot):
    (info,) = (info for info in describe(AnalysisSettings) if info.name == "merge_after")
    made = DetailField(info)
    qtbot.addWidget(made)
    return made


def words(field):
    return [field._combo.itemText(row) for row in range(field._combo.count())]


def test_each_step_is_offered_with_its_price(field):
    field.offer(CONCH, 2000, ConversionSettings(tokens_per_tile=2), gpu=False)
    steps = detail_choices(CONCH)
    assert [field._combo.itemData(row) for row in range(1, 5)] == [step.merge_after for step in steps]
    for row, step in enumerate(steps, start=1):
        need = price(2000, CONCH, ConversionSettings(tokens_per_tile=2, merge_after=step.merge_after))
        assert words(field)[row].endswith(written_bytes(need.memory_bytes))
        tip = field._combo.itemData(row, Qt.ItemDataRole.ToolTipRole)
        assert ("the paper's way" in tip) == (step.merge_after == 0)
    assert words(field)[1].startswith("Fast: about ")


def test_a_choice_stays_when_prices_change_and_a_number_between_is_shown(field):
    field.offer(CONCH, 100, ConversionSettings(), gpu=False)
    field.show_value(8)
    before = field.text
    field.offer(CONCH, 50_000, ConversionSettings(), gpu=False)
    assert field.value() == 8
    assert field.text != before
    field.show_value(5)
    assert (field.value(), field.text) == (5, "5 blocks a tile")
    field.offer(None, 0, ConversionSettings(), gpu=False)
    assert (field.value(), words(field)) == (5, ["Automatic", "5 blocks a tile"])


def test_tissue_is_found_as_the_model_was_trained_with(opened, qtbot):
    trained = SimpleNamespace(order="row", tile_px=224, tile_mpp=0.5, tissue_fraction=0.5, tissue_method="all")
    by_color = opened.session.mask
    with qtbot.waitSignal(opened.session.grid_changed, check_params_cb=lambda *_: opened.session.grid is not None):
        opened.slides.set_facts(ModelFacts(title="M", kind="risk model", card=trained))
    assert opened.session.mask.method == "all"
    assert opened.session.mask.tissue.sum() > by_color.tissue.sum()
    with qtbot.waitSignal(opened.session.grid_changed, check_params_cb=lambda *_: opened.session.grid is not None):
        opened.slides.set_facts(None)
    assert opened.session.mask.method == by_color.method


def test_the_window_counts_a_finer_look_in_memory_and_time(opened, qtbot):
    opened.models.choose(ModelChoice(source="conch"))
    qtbot.waitUntil(lambda: opened.models.facts is not None)
    field = opened.run_panel.form.fields["merge_after"]
    assert field._combo.count() == 5
    assert field.text == "Automatic (Fast)"
    fast = opened.strip_panel.header.text()
    field._combo.setCurrentIndex(4)
    field._combo.activated.emit(4)
    assert opened.session.settings.merge_after == 10
    assert opened.strip_panel.header.text() != fast


def choices(window, name):
    """The choices of a list that can be taken, and why the others cannot."""
    combo = window.run_panel.form.fields[name].findChild(QComboBox)
    free = {combo.itemData(at) for at in range(combo.count()) if combo.model().item(at).isEnabled()}
    why = {combo.itemData(at, Qt.ItemDataRole.ToolTipRole) for at in range(combo.count())} - {None}
    return free, why


def test_what_a_bare_backbone_has_not_learned_is_grey_and_says_why(opened, qtbot):
    opened.models.choose(ModelChoice(source="dinov2-small"))
    qtbot.waitUntil(lambda: opened.models.facts is not None)
    assert choices(opened, "merger") == (
        {None, "mean", "max"},
        {"The attention merger is learned: train a risk model with it."},
    )
    assert choices(opened, "read_out") == (
        {None, "cls", "cls+mean", "mean"},
        {"Only CONCH's own weight file brings a pooler."},
    )
    opened.models.choose(ModelChoice(source="conch"))
    assert choices(opened, "read_out")[0] == {None, "cls", "cls+mean", "mean", "pooler"}


def test_a_risk_model_leaves_only_the_way_it_was_trained_with(opened, qtbot):
    trained = SimpleNamespace(
        order="row",
        tile_px=224,
        tile_mpp=0.5,
        tissue_fraction=0.5,
        tissue_method="otsu",
        conversion={"merger": "attention", "positions": "none", "merge_after": 4},
    )
    opened.run_panel.suggest(opened.session.settings, ModelFacts(title="M", kind="risk model", card=trained))
    reads = {"A risk model reads slides only in the way it was trained with."}
    assert choices(opened, "merger") == ({None, "attention"}, reads)
    assert choices(opened, "positions") == ({None, "none"}, reads)
    opened.run_panel.suggest(opened.session.settings, None)
    assert choices(opened, "positions") == ({None, "alibi", "alibi_2d", "learned", "none"}, set())
