"""Help: every page is there, no link is dead, F1 leads to the page about what one is in."""

import re
from importlib.resources import files

import pytest
from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtGui import QImage, QTextDocument

from e2evit_gui.dialogs.help_browser import FIRST_PAGE, page_text, pages
from e2evit_gui.main_window.help import PAGE_OF, page_for
from e2evit_gui.slide_page.regions_panel import RegionsPanel

TASKS = {
    "open-a-slide",
    "why-is-run-grey",
    "regions",
    "export",
    "train-on-a-cohort",
    "what-the-numbers-mean",
    "limits",
    "projects",
    "reading-the-overlay",
    "options",
    "ablation",
    "extrapolation",
}
FOLDER = files("resources") / "help"


def test_the_tasks_have_their_pages_with_a_title():
    assert set(pages()) >= TASKS | {FIRST_PAGE}
    for name, title in pages().items():
        assert title.strip("# ") == title != "", name


@pytest.mark.parametrize("name", sorted(pages()))
def test_no_link_and_no_picture_is_dead(name):
    text = page_text(name)
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text):
        assert target.startswith("http") or target.split("#")[0].removesuffix(".md") in pages(), target
    for picture in re.findall(r"!\[[^\]]*\]\(([^)\s]+)", text):
        assert (FOLDER / picture).is_file(), picture


def test_the_words_of_the_preflight_are_explained(opened):
    text = page_text("why-is-run-grey")
    assert "Choose a model." in text
    assert opened.run_panel.reason.text() in text


def test_f1_leads_to_the_page_about_the_panel(window):
    assert set(PAGE_OF.values()) <= set(pages())
    for dock in window.docks.all:
        if dock.objectName() != "log":
            assert dock.objectName() in PAGE_OF, dock.objectName()
    panel = window.findChild(RegionsPanel)
    assert page_for(panel.classes) == "regions"
    assert page_for(window.run_panel.run) == "why-is-run-grey"
    assert page_for(window.page.canvas) == "open-a-slide"
    assert page_for(None) == FIRST_PAGE


def test_no_picture_is_wider_than_the_page(qtbot, window):
    """Extrapolation has pictures of 930 px: the page had to be moved sideways to read it."""
    window.help.show_page("extrapolation")
    browser = window.help.browser.browser
    for width in (980, 700, 1400):
        window.help.browser.resize(width, 600)
        qtbot.waitUntil(lambda: browser.horizontalScrollBar().maximum() == 0, timeout=5000)
        sizes = [image_width(browser, "pictures/extrapolation-dinov2.png")]
        assert sizes == [min(930, browser.room)]
    window.help.browser.close()


def image_width(browser, name):
    image = browser.document().resource(QTextDocument.ResourceType.ImageResource.value, QUrl(name))
    if isinstance(image, QByteArray):
        return QImage.fromData(image).width()
    return round(image.width() / image.devicePixelRatio())


def test_links_lead_from_page_to_page(window):
    window.help.show_page("train-on-a-cohort")
    browser = window.help.browser
    assert browser.page == "train-on-a-cohort"
    browser.browser.anchorClicked.emit(QUrl("limits.md"))
    assert browser.page == "limits"
    assert "Attention is not a reason" in browser.browser.toPlainText()
    window.help.show_page("there is no such page")
    assert browser.page == FIRST_PAGE
    browser.close()
