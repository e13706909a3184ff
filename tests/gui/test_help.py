"""Help: every page is there, no link is dead, F1 leads to the page about what one is in."""

import re
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QByteArray, QCoreApplication, QTranslator, QUrl
from PySide6.QtGui import QImage, QTextDocument

from e2evit_gui.dialogs import help_pages
from e2evit_gui.dialogs.help_browser import HelpBrowser
from e2evit_gui.dialogs.help_pages import ENGLISH, FIRST_PAGE, language, page_text, pages
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


@pytest.mark.parametrize("code", [ENGLISH, "de"])
@pytest.mark.parametrize("name", sorted(pages()))
def test_no_link_and_no_picture_is_dead(name, code):
    text = page_text(name, code)
    for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)]+)\)", text):
        assert target.startswith("http") or target.split("#")[0].removesuffix(".md") in pages(), target
    for picture in re.findall(r"!\[[^\]]*\]\(([^)\s]+)", text):
        assert (FOLDER / picture).is_file(), picture


def shape(text):
    """What two languages of a page share: headings, rows of tables and numbers in them, points, links, pictures and code."""
    rows = re.findall(r"^\|.*", text, flags=re.MULTILINE)
    code = re.findall(r"```.*?```|`[^`]+`", text, flags=re.DOTALL)
    return {
        "headings": len(re.findall(r"^#+ ", text, flags=re.MULTILINE)),
        "rows": [row.count("|") for row in rows],
        "numbers": [[one.replace(",", ".") for one in re.findall(r"[+-]?\d+(?:[.,]\d+)?", row)] for row in rows],
        "points": len(re.findall(r"^(?:- |\d+\. )", text, flags=re.MULTILINE)),
        "links": re.findall(r"\]\(([^)]+)\)", text),
        "code": code,
        "bold": len(re.findall(r"\*\*[^*]+\*\*", text)),
    }


@pytest.mark.parametrize("name", sorted(pages()))
def test_german_pages_say_what_the_english_ones_say(name):
    assert page_text(name, "de") != page_text(name)
    assert shape(page_text(name, "de")) == shape(page_text(name))


def test_the_list_is_the_same_in_german():
    assert list(pages("de")) == list(pages())
    assert pages("de")["limits"] == "Grenzen"


def test_a_page_without_a_translation_is_the_english_one_called_as_the_first_page_calls_it(tmp_path, monkeypatch):
    help_folder = tmp_path / "help"
    (help_folder / "xx").mkdir(parents=True)
    written = {
        "index.md": "# Help\n[Limits](limits.md) [Export](export.md)",
        "limits.md": "# Limits",
        "export.md": "# Export",
        "xx/index.md": "# Hilfe\n[Grenzen (englisch)](limits.md) [Ausfuhr](export.md)",
        "xx/export.md": "# Ausgeben",
    }
    for name, text in written.items():
        (help_folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(help_pages, "files", lambda package: tmp_path)
    assert pages("xx") == {"index": "Hilfe", "limits": "Grenzen (englisch)", "export": "Ausgeben"}
    assert page_text("limits", "xx") == "# Limits"
    assert page_text("export", "xx") == "# Ausgeben"


def test_words_of_the_window_in_german_pages_are_those_of_its_translation():
    translated = {
        (one.findtext("translation") or "").replace("&", "").rstrip("…")
        for one in ET.parse(str(files("resources") / "translations" / "e2evit_de.ts")).iter("message")
    }
    for name in sorted(pages()):
        for path in re.findall(r"\*\*((?:Datei|Annotieren|Training), [^*]+)\*\*", page_text(name, "de")):
            for word in path.split(", ", 1):
                assert any(one.startswith(word) for one in translated), (name, word)


def test_the_window_says_its_language(qtbot, window):
    assert language() == ENGLISH
    translator = QTranslator()
    assert translator.load(str(files("resources") / "translations" / "e2evit_de.qm"))
    QCoreApplication.installTranslator(translator)
    try:
        assert language() == "de"
        browser = HelpBrowser()
        qtbot.addWidget(browser)
        browser.show_page("limits")
        assert browser.browser.toPlainText().startswith("Grenzen")
        assert [browser.list.item(row).text() for row in range(2)] == ["Hilfe", "Einen Schnitt öffnen"]
        browser.show_page("extrapolation")
        assert browser.browser.toPlainText().startswith("Trägt die Annahme?")
    finally:
        QCoreApplication.removeTranslator(translator)


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
