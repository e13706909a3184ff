import pytest
from PySide6.QtTest import QTest

from e2evit_gui.training_wizard.file_choice import FileChoice


@pytest.mark.parametrize("folder", [True, False])
@pytest.mark.parametrize("text", ["x" * 300, "~nobody of this name/a", "gone"])
def test_whatever_is_typed_is_judged(qtbot, folder, text):
    choice = FileChoice("Folder of slides", folder=folder)
    qtbot.addWidget(choice)
    choice.line.setText(text)
    QTest.keyClick(choice.line, "\r")
    choice.line.editingFinished.emit()
    assert choice.error.text() == f"There is no such {'folder' if folder else 'file'}."
    assert str(choice.path) == text
