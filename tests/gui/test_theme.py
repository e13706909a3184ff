import pytest
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from e2evit_gui.theme import icons, style
from e2evit_gui.theme.palette import DARK, LIGHT, ThemeChoice, contrast


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # WCAG's well known borderline gray
    assert contrast("#123456", "#123456") == pytest.approx(1)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_in_both_themes(colors):
    for ground in (colors.window, colors.panel, colors.base, colors.raised):
        assert contrast(colors.text, ground) >= 7
        assert contrast(colors.muted, ground) >= 4.5
        # what cannot be used now is there, but is not taken for what can
        assert 2.6 <= contrast(colors.faint, ground) <= contrast(colors.muted, ground) / 1.8
    for text, ground in (
        (colors.on_accent, colors.accent),
        (colors.info_text, colors.info_back),
        (colors.warning_text, colors.warning_back),
        (colors.error_text, colors.error_back),
        (colors.good, colors.panel),
        (colors.warning_text, colors.panel),
        (colors.error_text, colors.panel),
    ):
        assert contrast(text, ground) >= 4.5, (text, ground)
    for ground in (colors.window, colors.panel):
        assert contrast(colors.accent, ground) >= 3


@pytest.mark.parametrize(("choice", "colors"), [(ThemeChoice.LIGHT, LIGHT), (ThemeChoice.DARK, DARK)])
def test_a_choice_changes_palette_and_icons(qtbot, choice, colors):
    from PySide6.QtGui import QAction

    keeper = style.keeper()
    keeper.choose(ThemeChoice.LIGHT if choice is ThemeChoice.DARK else ThemeChoice.DARK)
    action = QAction()
    icons.wear(action, "open")
    before = action.icon().cacheKey()
    with qtbot.waitSignal(keeper.changed):
        keeper.choose(choice)
    assert style.colors() is colors
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == colors.window
    assert action.icon().cacheKey() != before
    keeper.choose(ThemeChoice.LIGHT)


def test_every_icon_draws_something(qtbot):
    from importlib.resources import files

    names = [
        file.name.removesuffix(".svg")
        for file in (files("resources") / "icons").iterdir()
        if file.name.endswith(".svg")
    ]
    assert len(names) > 15
    for name in names:
        image = icons.picture(name, "#ff0000", 32).toImage()
        assert any(image.pixelColor(x, y).alpha() > 100 for x in range(32) for y in range(32)), name


def test_the_theme_in_use_is_not_put_on_again(qtbot, qapp):
    kept = style.keeper()
    kept.choose(ThemeChoice.LIGHT)
    told = []
    kept.changed.connect(lambda: told.append(1))
    kept.choose(ThemeChoice.LIGHT)
    assert told == []
    kept.choose(ThemeChoice.DARK)
    kept.choose(ThemeChoice.LIGHT)
    assert told == [1, 1]


@pytest.fixture
def changed_in_a_running_loop(qtbot, qapp):
    """Change the theme as a menu does, with a window on the screen; return what happened, in its order."""
    keeper = style.keeper()
    keeper.choose(ThemeChoice.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    loop, happened = QEventLoop(), []

    def change(*choices):
        def choose():
            keeper.choose(choices[0])
            for choice in choices[1:]:  # between the steps of the first
                QTimer.singleShot(0, keeper, lambda choice=choice: keeper.choose(choice))
            QTimer.singleShot(0, lambda: happened.append(("heard", window.updatesEnabled())))

        def told():
            happened.append(("changed", style.colors()))
            QTimer.singleShot(0, loop.quit)

        connection = keeper.changed.connect(told)
        QTimer.singleShot(0, choose)
        loop.exec()
        keeper.disconnect(connection)
        happened.append(("painted", window.updatesEnabled()))
        return happened

    yield change
    keeper.choose(ThemeChoice.LIGHT)


def test_a_change_hears_what_the_user_does_and_shows_nothing_half_done(changed_in_a_running_loop):
    happened = changed_in_a_running_loop(ThemeChoice.DARK)
    assert happened == [("heard", False), ("changed", DARK), ("painted", True)]
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == DARK.window
    assert DARK.panel in QApplication.instance().styleSheet()


def test_a_window_looks_the_same_whichever_theme_was_there_before(qtbot, qapp, changed_in_a_running_loop):
    def dialog():
        made = QWidget()
        column = QVBoxLayout(made)
        choice, table, text = (
            QComboBox(),
            QTableWidget(3, 2),
            QLabel("Muted words that take two lines of a narrow label. " * 3),
        )
        choice.addItems(["a", "b"])
        text.setWordWrap(True)
        text.setProperty("role", "muted")
        for widget in (choice, table, text, QLineEdit("x"), QCheckBox("y"), QPushButton("z"), QTabWidget()):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            column.addWidget(widget)
        made.resize(300, 420)
        qtbot.addWidget(made)
        with qtbot.waitActive(made):
            made.show()
        return made

    def picture(window):
        # an active window has other colors
        with qtbot.waitActive(window):
            window.activateWindow()
        qapp.processEvents()
        return window.grab().toImage()

    born_light = dialog()
    born_light.grab()
    changed_in_a_running_loop(ThemeChoice.DARK)
    born_dark = dialog()
    assert picture(born_light) == picture(born_dark)
    assert not any(one.testAttribute(Qt.WidgetAttribute.WA_SetStyle) for one in born_light.findChildren(QWidget))


def test_a_theme_that_is_chosen_during_a_change_is_the_one_that_stays(changed_in_a_running_loop):
    happened = changed_in_a_running_loop(ThemeChoice.DARK, ThemeChoice.LIGHT)
    assert happened == [("heard", False), ("changed", LIGHT), ("painted", True)]
    assert QApplication.palette().color(QPalette.ColorRole.Window).name() == LIGHT.window
    assert LIGHT.panel in QApplication.instance().styleSheet()
