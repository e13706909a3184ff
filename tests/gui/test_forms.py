import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from e2evit_gui.forms.histogram import HistogramRange
from e2evit_gui.forms.options_form import OptionsForm
from e2evit_gui.slide_page.command import command_of
from e2evit_model.convert.settings import Device
from e2evit_model.inference.settings import AnalysisSettings, ModelChoice
from e2evit_model.options import describe
from e2evit_model.tiling.orders import Order


@pytest.fixture
def form(qtbot):
    made = OptionsForm(AnalysisSettings())
    qtbot.addWidget(made)
    return made


def type_into(qtbot, form, name, text):
    line = form.fields[name].findChild(QLineEdit)
    line.clear()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_every_setting_has_a_field_with_name_and_help(form):
    assert set(form.fields) == {info.name for info in describe(AnalysisSettings)}
    for name, field in form.fields.items():
        assert field.toolTip() == next(info.help for info in describe(AnalysisSettings) if info.name == name)
        assert field.value() == getattr(AnalysisSettings(), name)


def test_typing_a_number_changes_the_settings(qtbot, form):
    with qtbot.waitSignal(form.changed) as told:
        type_into(qtbot, form, "tile_mpp", "0,25")  # a decimal comma is understood
    assert told.args[0] == AnalysisSettings(tile_mpp=0.25)
    with qtbot.waitSignal(form.changed) as told:
        type_into(qtbot, form, "tile_mpp", "")
    assert told.args[0].tile_mpp is None


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("tile_mpp", "200", "Resolution of the tiles is 200 um/px, but must be between 0.05 and 20 um/px."),
        ("tile_mpp", "half", '"half" is not a number.'),
        ("damaged_share", "2", "Damaged tiles allowed is 2, but must be between 0 and 1."),
        ("tile_mpp", "nan", "Resolution of the tiles is not a number."),
    ],
)
def test_an_error_stands_at_its_field_and_the_settings_stay(qtbot, form, name, text, sentence):
    with qtbot.assertNotEmitted(form.changed):
        type_into(qtbot, form, name, text)
    assert form.fields[name].error == sentence
    assert form.settings == AnalysisSettings()
    assert not form.valid
    type_into(qtbot, form, name, "0.5")
    assert form.valid
    assert getattr(form.settings, name) == 0.5


def test_a_list_offers_automatic_where_the_setting_does(qtbot, form):
    order = form.fields["order"].findChild(QComboBox)
    assert [order.itemText(n) for n in range(order.count())] == ["Automatic", "Row", "Column", "Serpentine", "Hilbert"]
    order.setCurrentIndex(4)
    order.activated.emit(4)
    assert form.settings.order is Order.HILBERT
    device = form.fields["device"].findChild(QComboBox)
    assert [device.itemText(n) for n in range(device.count())] == ["Automatic", "CPU", "GPU (CUDA)"]


def test_the_command_names_what_differs_from_the_defaults(tmp_path):
    slide = tmp_path / "my slide.svs"
    model = ModelChoice(source="model.safetensors", backbone="uni")
    settings = AnalysisSettings(order=Order.HILBERT, cache=False, tile_mpp=0.5, device=Device.CPU)
    command = command_of(slide, model, settings)
    assert command == (
        f"e2evit analyze '{slide}' --model model.safetensors --backbone uni --out 'my slide-result' "
        "--order hilbert --tile-mpp 0.5 --device cpu --no-cache"
    )


@pytest.fixture
def histogram(qtbot):
    made = HistogramRange()
    qtbot.addWidget(made)
    made.resize(216, 96)  # 200 px of axis
    made.show_values(np.linspace(0, 1, 1000))
    made.show_range(0.0, 1.0)
    made.show()
    return made


def drag(qtbot, widget, x0, x1):
    qtbot.mousePress(widget, Qt.MouseButton.LeftButton, pos=QPoint(x0, 40))
    qtbot.mouseMove(widget, QPoint(x1, 40))
    qtbot.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=QPoint(x1, 40))


def test_dragging_a_handle_moves_the_range_live(qtbot, histogram):
    with qtbot.waitSignal(histogram.range_changed) as told:
        drag(qtbot, histogram, 9, 58)
    assert told.args == pytest.approx([0.25, 1.0], abs=0.01)
    drag(qtbot, histogram, 207, 108)
    assert histogram.range == pytest.approx((0.25, 0.5), abs=0.01)


def test_the_handles_do_not_cross(qtbot, histogram):
    histogram.show_range(0.4, 0.6)
    drag(qtbot, histogram, 88, 200)
    low, high = histogram.range
    assert low == high == pytest.approx(0.6)


def test_a_logarithmic_axis_leaves_out_what_has_no_logarithm(qtbot, histogram):
    histogram.show_values(np.array([0.0, -1.0, 1e-4, 1e-2]), log=True)
    histogram.show_range(1e-4, 1e-2)
    with qtbot.waitSignal(histogram.range_changed) as told:
        drag(qtbot, histogram, 9, 108)
    assert told.args == pytest.approx([1e-3, 1e-2], rel=0.05)


@pytest.mark.parametrize("values", [[], [0.5], [0.5, 0.5], [np.nan]])
def test_odd_values_are_painted_all_the_same(qtbot, histogram, values):
    histogram.show_values(np.array(values))
    histogram.show_range(0.5, 0.5)
    assert not histogram.grab().isNull()
