import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton

from e2evit_gui.dialogs.about import About
from e2evit_gui.dialogs.backbone_question import BackboneQuestion
from e2evit_gui.dialogs.research_use import ResearchUse
from e2evit_gui.jobs.failure import Failure
from e2evit_model.convert.backbones import BACKBONES


@pytest.mark.parametrize("make", [lambda: ResearchUse(first=True), lambda: ResearchUse(first=False), About])
def test_no_text_of_a_dialog_is_cut_off(qtbot, make):
    dialog = make()
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    for label in dialog.findChildren(QLabel):
        if label.text():
            needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
            assert label.height() >= needed


def test_the_notice_is_accepted_once_and_quitting_does_not_accept(qtbot, window):
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    def press(text):
        dialog = QApplication.activeModalWidget()
        next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()

    QTimer.singleShot(50, lambda: press("Quit"))
    assert not window.questions.accept_research_use()
    QTimer.singleShot(50, lambda: press("I understand"))
    assert window.questions.accept_research_use()
    assert window.questions.accept_research_use(), "it is not asked again"


def test_the_question_for_a_backbone_offers_likely_ones_first(qtbot):
    why = Failure(message="w.pth has a layout that several backbones share: uni, pathorchestra.", hint="")
    question = BackboneQuestion("w.pth", why)
    qtbot.addWidget(question)
    ids = [question.choice.itemData(n) for n in range(question.choice.count())]
    assert ids[:2] == ["uni", "pathorchestra"]
    assert set(ids) == set(BACKBONES)
    assert question.backbone == "uni"
    question.show()
    qtbot.waitExposed(question)
    qtbot.keyClick(question, Qt.Key.Key_Return)
    assert question.result() == QDialog.DialogCode.Accepted


def test_another_vit_of_timm_is_named_by_typing(qtbot):
    question = BackboneQuestion("w.pth", Failure(message="It does not say.", hint=""))
    qtbot.addWidget(question)
    question.choice.lineEdit().selectAll()
    qtbot.keyClicks(question.choice, "vit_tiny_patch16_224 ")
    assert question.backbone == "vit_tiny_patch16_224"
    question.choice.setCurrentIndex(2)
    assert question.backbone == question.choice.itemData(2)
