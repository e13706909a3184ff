"""Nothing of the window is untranslated: every text has a German one, with the same gaps, compiled, and shown by the window."""

import ast
import re
import string
import subprocess
import sys
from collections import Counter

import pytest
from PySide6.QtCore import QTranslator

from tests.translation.sources import ROOT, UnknownWordsError, find_sources
from tests.translation.ts_file import FOLDER, compile_ts, read_ts, write_ts

UPDATE = "bring resources/translations up to date: python -m tests.translation"
LANGUAGES = ("de",)

UI_CALLS = {
    "QLabel", "QPushButton", "QToolButton", "QCheckBox", "QRadioButton", "QGroupBox", "QAction", "QMenu", "QDockWidget",
    "QListWidgetItem", "QTableWidgetItem", "QTreeWidgetItem", "heading", "muted",
    "setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle", "setPlaceholderText",
    "setAccessibleName", "setAccessibleDescription", "setLabelText", "setInformativeText", "setSuffix", "setPrefix",
    "addItem", "addAction", "addMenu", "addTab", "setTabText", "setItemText", "showMessage", "setHorizontalHeaderLabels",
    "say",
}  # fmt: skip
"""What puts words on the screen."""

WORDS = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(scope="module")
def sources():
    return find_sources()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(sources, language):
    known = read_ts(FOLDER / f"e2evit_{language}.ts")
    wanted = {(context, text) for context, texts in sources.items() for text in texts}
    missing = sorted(pair for pair in wanted if not known.get(pair))
    assert not missing, f"{UPDATE}, then translate {missing}"
    assert not sorted(set(known) - wanted), f"texts that are gone: {UPDATE}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_have_the_gaps_of_their_texts(language):
    """A gap that is lost or misspelt would be an error when the sentence is shown."""
    formatter = string.Formatter()
    for (context, text), translation in read_ts(FOLDER / f"e2evit_{language}.ts").items():
        gaps, there = (
            {name for _, name, _, _ in formatter.parse(one) if name is not None} if "{" in one else set()
            for one in (text, translation)
        )
        if context != "TrainingWizard" or "{patient}-*" not in text:
            assert gaps == there, (context, text, translation)
        assert text[-1:].isspace() == translation[-1:].isspace(), (text, translation)
        assert text.count("\n") == translation.count("\n"), (text, translation)
        assert text.endswith("…") == translation.endswith("…"), (text, translation)


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_of_a_menu_are_there_in_every_language(language):
    for (_, text), translation in read_ts(FOLDER / f"e2evit_{language}.ts").items():
        assert ("&" in text) == ("&" in translation), (text, translation)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_file_is_that_of_the_texts(language):
    translator = QTranslator()
    assert translator.load(str(FOLDER / f"e2evit_{language}.qm"))
    for (context, text), translation in read_ts(FOLDER / f"e2evit_{language}.ts").items():
        assert translator.translate(context, text) == translation, f"{UPDATE}: {context}, {text}"


def test_texts_on_screen_are_no_literals():
    """Words that go to a widget as they stand in the source would be English in every language."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rsplit(".", 1)[-1] in UI_CALLS:
                for argument in node.args[:1] if ast.unparse(node.func).endswith("addItem") else node.args:
                    words = _literal(argument)
                    if WORDS.search(words) and words not in NAMES:
                        found.append(f"{path.relative_to(ROOT.parent)}:{node.lineno}: {words}")
    assert not found, "\n".join(found)


NAMES = {"E2E-ViT Desktop", "µm/px"}
"""Words that are the same in every language."""


def _literal(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return " ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    return ""


def test_a_text_from_nowhere_is_found(monkeypatch, tmp_path):
    from tests.translation import sources as module

    (tmp_path / "words.py").write_text(
        "from PySide6.QtCore import QCoreApplication\n"
        'def tr(text):\n    return QCoreApplication.translate("Words", text)\n'
        'class Page:\n    def show(self):\n        return self.tr("A page"), tr("one"), '
        'self.tr("two " "parts"), tr("x" if self else "y")\n'
    )
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "FROM_ELSEWHERE", {})
    assert module.find_sources() == {"Page": {"A page", "two parts"}, "Words": {"one", "x", "y"}}
    (tmp_path / "more.py").write_text("class Other:\n    def show(self, text):\n        return self.tr(text)\n")
    with pytest.raises(UnknownWordsError, match=r"more.py:3: self.tr\(text\)"):
        module.find_sources()


def test_an_update_keeps_translations_and_drops_what_is_gone(tmp_path):
    path = tmp_path / "e2evit_xx.ts"
    assert write_ts(path, {"A": {"one", "two <b>"}}, {}, "xx") == [("A", "one"), ("A", "two <b>")]
    assert write_ts(path, {"A": {"one", "two <b>"}}, {("A", "one"): "eins", ("B", "gone"): "fort"}, "xx") == [
        ("A", "two <b>")
    ]
    assert read_ts(path) == {("A", "one"): "eins", ("A", "two <b>"): ""}
    write_ts(path, {"A": {"two <b>"}}, read_ts(path) | {("A", "two <b>"): "zwei & <b>"}, "xx")
    translator = QTranslator()
    assert translator.load(str(compile_ts(path)))
    assert translator.translate("A", "two <b>") == "zwei & <b>"
    assert Counter(read_ts(path)) == Counter({("A", "two <b>"): "zwei & <b>"})


SHOWN = """
import sys
from PySide6.QtCore import QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from e2evit_gui.state.program_settings import install_language
app = QApplication([])
install_language(app, "german")
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
window = MainWindow(Preferences(QSettings(sys.argv[1], QSettings.Format.IniFormat)), LogBook())
window.show()
app.processEvents()
texts = [one.text() for kind in (QAction, QLabel, QAbstractButton) for one in window.findChildren(kind)]
print("\\0".join(text for text in texts if text), end="")
window.close()
"""


def test_the_window_speaks_german(tmp_path):
    """Everything that can be read in a new window, in a process of its own, since a language is for a whole program."""
    done = subprocess.run(
        [sys.executable, "-c", SHOWN, str(tmp_path / "window.ini")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    shown = set(done.stdout.split("\0"))
    assert {"Schnitt ö&ffnen…", "&Analysieren"} <= shown
    by_text = {text: translation for (_, text), translation in read_ts(FOLDER / "e2evit_de.ts").items()}
    english = {text for text in shown if by_text.get(text, text) != text and text not in by_text.values()}
    assert not english
