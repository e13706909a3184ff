"""The manager of models with real widgets, a process of its own, and a hub of our own."""

import shutil
from pathlib import Path

import pytest
from huggingface_hub import constants
from PySide6.QtWidgets import QDialog, QMessageBox, QPushButton

from e2evit_gui.jobs.failure import Failure
from e2evit_gui.model_manager.add_question import AddQuestion
from e2evit_gui.model_manager.manager import ModelManager
from e2evit_gui.model_manager.presenter import StorePresenter
from e2evit_gui.model_manager.words import sign_of, state_of, where
from e2evit_gui.slide_page.model_facts import facts_of
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.licences import accept, accepted_on
from e2evit_model.convert.registry import own_models
from e2evit_model.grandqc.models import NETWORKS
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.model_store.adding import add_model
from e2evit_model.model_store.entries import Status, entries, entry_called
from e2evit_model.model_store.given import Checked, Given
from tests.inference.models import write_tiny_risk_model
from tests.model_store.conftest import hub, vit_small_file  # noqa: F401 - fixtures

SMALL = BACKBONES["vit-small"]
TIMEOUT = 60_000


@pytest.fixture(autouse=True)
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def manager(qtbot):
    presenter = StorePresenter()
    made = ModelManager(presenter)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: bool(presenter.entries), timeout=TIMEOUT)
    yield made
    presenter.shut_down()


@pytest.fixture
def for_the_process(hub, monkeypatch, vit_small_file):  # noqa: F811
    """Lead the process of the manager to the hub of our own, by its environment."""
    monkeypatch.setenv("HF_ENDPOINT", hub.address)
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    hub.put(SMALL.hub_repo, "model.safetensors", vit_small_file.read_bytes())
    yield hub
    hub.go_on.set()


def row(manager, name):
    items = [manager.list.topLevelItem(n) for n in range(manager.list.topLevelItemCount())]
    return next([item.text(column) for column in range(4)] for item in items if item.text(0) == name)


def test_every_backbone_with_where_it_is_its_size_and_licence(manager):
    assert manager.list.topLevelItemCount() == len(BACKBONES) + len(NETWORKS)
    assert row(manager, "UNI") == ["UNI", "on request", "about 1.2 GB", "CC BY-NC-ND 4.0"]
    assert row(manager, "DINOv2 ViT-S/14")[1:] == ["to download", "about 88 MB", "Apache-2.0"]
    manager.list.choose("uni")
    details = manager.details
    assert details.title.text() == "UNI"
    assert "303 million parameters: 24 blocks" in details.facts.text()
    assert details.terms.text().startswith("Not for commercial use.")
    assert "creativecommons.org/licenses/by-nc-nd/4.0" in details.links.text()
    assert "huggingface.co/MahmoodLab/UNI" in details.links.text()
    assert "ask for access on its page" in details.state.text()
    manager.list.choose("grandqc")
    assert "Finds tissue on slides, at 10 µm/px" in details.facts.text()
    assert details.notes.text() == NETWORKS["grandqc"].notes


def test_a_licence_is_accepted_before_a_download(qtbot, manager):
    manager.list.choose("uni")
    details = manager.details
    assert details.accept.isVisible()
    assert not details.download.isEnabled()
    assert details.download.toolTip() == "Accept the licence first"
    details.accept.click()
    qtbot.waitUntil(details.download.isEnabled, timeout=TIMEOUT)
    date = accepted_on("uni", "CC BY-NC-ND 4.0")
    assert details.accepted.text() == f"Accepted by you on {date[:10]}."
    assert not details.accept.isVisible()


def test_download_check_and_remove(qtbot, for_the_process, manager):
    accept("vit-small", "Apache-2.0")
    manager.list.choose("vit-small")
    manager.presenter.refresh()
    qtbot.waitUntil(manager.details.download.isEnabled, timeout=TIMEOUT)
    with qtbot.waitSignal(manager.presenter.told, timeout=TIMEOUT) as told:
        manager.details.download.click()
        assert manager.job.isVisible()
        assert not manager.details.download.isEnabled()
    assert told.args == ["ViT-S/16, ImageNet-21k is here."]
    qtbot.waitUntil(lambda: row(manager, SMALL.title)[1] == "here", timeout=TIMEOUT)
    assert not manager.job.isVisible()
    assert entry_called("vit-small").status is Status.HERE
    with qtbot.waitSignal(manager.presenter.told, timeout=TIMEOUT) as told:
        manager.details.check.click()
    assert told.args == ["ViT-S/16, ImageNet-21k: hash right, loads."]
    manager.details.remove.click()
    box = manager.findChild(QMessageBox)
    assert box.informativeText() == "43 MB will be freed."
    with qtbot.waitSignal(manager.presenter.told, timeout=TIMEOUT) as told:
        next(button for button in box.findChildren(QPushButton) if button.text() == "Remove").click()
    assert told.args == ["ViT-S/16, ImageNet-21k was removed: 43 MB freed."]
    qtbot.waitUntil(lambda: row(manager, SMALL.title)[1] == "to download", timeout=TIMEOUT)


def test_a_silent_line_is_cancelled_and_what_came_is_kept(qtbot, for_the_process, manager):
    accept("vit-small", "Apache-2.0")
    for_the_process.stops_at = 5_000_000
    manager.list.choose("vit-small")
    manager.presenter.refresh()
    qtbot.waitUntil(manager.details.download.isEnabled, timeout=TIMEOUT)
    manager.details.download.click()
    qtbot.waitUntil(lambda: entry_called("vit-small").begun == 5_000_000, timeout=TIMEOUT)
    with qtbot.waitSignal(manager.presenter.told, timeout=5_000) as told:
        manager.cancel.click()
    assert told.args == ["The download was stopped. What came so far is kept."]
    qtbot.waitUntil(lambda: row(manager, SMALL.title)[1] == "half here", timeout=TIMEOUT)
    assert manager.details.download.text() == "Go on with the download"
    assert manager.details.state.text() == "5 MB came before the download was stopped. It goes on from there."


def test_without_access_the_sentence_stands_in_the_window(qtbot, for_the_process, manager):
    uni = BACKBONES["uni"]
    for_the_process.put(uni.hub_repo, "pytorch_model.bin", b"x")
    for_the_process.gated.add(uni.hub_repo)
    accept("uni", uni.licence)
    with qtbot.waitSignal(manager.presenter.failed, timeout=TIMEOUT):
        manager.presenter.download(entry_called("uni"))
    assert manager.error.isVisible()
    assert manager.error.text().startswith("UNI is only given to those who accepted its licence")


def test_progress_of_a_download_in_bytes_with_time_left(manager):
    presenter = manager.presenter
    presenter._doing = "download"
    manager._job_changed("Downloading UNI", 300_000, 3_000_000)
    assert manager.left.text() == "307 MB of 3.1 GB"
    manager._clock._began -= 10
    manager._job_changed("Downloading UNI", 600_000, 3_000_000)
    assert manager.left.text() == "614 MB of 3.1 GB, 80 s left"
    assert manager.bar.value() / manager.bar.maximum() == pytest.approx(0.2)


def test_a_token_that_the_hub_does_not_know(qtbot, for_the_process, manager, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_TOKEN_PATH", str(tmp_path / "token"))
    token = manager.token
    assert not token.save.isEnabled()
    token.field.setText("hf_nobody")
    with qtbot.waitSignal(manager.presenter.failed, timeout=TIMEOUT):
        token.save.click()
    assert manager.error.text().startswith("This token is not valid.")
    assert not (tmp_path / "token").exists()
    token.field.setText("hf_member")
    with qtbot.waitSignal(manager.presenter.told, timeout=TIMEOUT) as told:
        token.save.click()
    assert told.args == ["The token is valid and was stored."]
    assert (tmp_path / "token").read_text() == "hf_member"
    assert token.field.text() == ""


def test_add_a_file(qtbot, manager, vit_small_file, tmp_path):  # noqa: F811
    path = tmp_path / "ours.safetensors"
    shutil.copyfile(vit_small_file, path)
    manager.ask_about(path)
    question = manager.findChild(AddQuestion)
    with qtbot.waitSignal(manager.presenter.told, timeout=TIMEOUT) as told:
        question.accept()
    assert told.args == ["vit-small was added."]
    qtbot.waitUntil(lambda: row(manager, SMALL.title)[1] == "your file", timeout=TIMEOUT)
    assert manager.details.remove.isVisible()
    assert not manager.details.download.isVisible()


def test_the_question_of_what_a_file_is(qtbot):
    question = AddQuestion(Path("/somewhere/ours.safetensors"))
    qtbot.addWidget(question)
    question.show()
    assert not question.known.isVisible()
    question.by_id.click()
    question.backbone.setCurrentIndex(question.backbone.findData("uni"))
    assert question.known.isVisible()
    question.accept()
    assert question.given == Given(backbone="uni")
    question.by_timm.click()
    question.accept()
    assert question.error.text().startswith("The name in timm is missing.")
    question.timm.setText("vit_base_patch16_224.ours")
    question.normalization.setCurrentIndex(question.normalization.findData("own"))
    question.accept()
    assert question.error.text().startswith("Mean and std are missing.")
    question.mean.setText("120, 110, 100")
    question.std.setText("0.2 0.2 0.2")
    question.accept()
    assert question.error.text().startswith("Mean and std are of colors from 0 to 1, but one of them is above 1.")
    question.mean.setText("0.7, 0.6, 0.7")
    question.mpp.setText("half")
    question.accept()
    assert question.error.text().startswith('"half" is not a number.')
    question.mpp.setText("0,5")
    question.in_place.click()
    question.accept()
    assert question.result() == QDialog.DialogCode.Accepted
    assert question.given == Given(
        timm="vit_base_patch16_224.ours", mean=(0.7, 0.6, 0.7), std=(0.2, 0.2, 0.2), mpp=0.5, in_place=True
    )


def test_what_a_check_found_is_said(qtbot, manager):
    told, failed = [], []
    manager.presenter.told.connect(told.append)
    manager.presenter.failed.connect(failed.append)
    good, bad = (
        Checked(id="a", title="A", said="loads"),
        Checked(id="b", title="B", fault="B is damaged.", hint="Again."),
    )
    for found in ((), (good,), (good, good), (good, bad), (bad, bad)):
        manager.presenter._tell_checked(found)
    assert told == ["There is no model on this machine.", "A: loads.", "All 2 models are as they should be."]
    assert failed == [
        Failure(message="B: B is damaged.", hint="Again."),
        Failure(message="B: B is damaged. 1 more are not as they were.", hint="Again."),
    ]


def test_words_of_every_state(tmp_path, vit_small_file):  # noqa: F811
    path = tmp_path / "ours.safetensors"
    shutil.copyfile(vit_small_file, path)
    add_model(path, Given(in_place=True))
    entry = entry_called("vit-small")
    assert (where(entry), sign_of(entry)) == ("your file", "good")
    assert state_of(entry) == "Used from its own place: ours.safetensors."
    path.unlink()
    entry = entry_called("vit-small")
    assert (where(entry), sign_of(entry)) == ("file gone", "error")
    assert state_of(entry).startswith("Your own file is not at its place any more")
    assert all(where(one) and state_of(one) and sign_of(one) for one in entries())


def test_the_window_opens_it_and_does_nothing_before(qtbot, window, tmp_path):
    assert window.model_store.manager is None
    assert window.model_store.presenter is None
    write_tiny_risk_model(tmp_path / "risk")
    add_model(tmp_path / "risk", Given())
    window.model_menu.fill()
    actions = {action.text(): action for action in window.model_menu.actions()}
    assert "Tiny" in actions
    actions["UNI\ton request"].trigger()
    manager = window.model_store.manager
    assert manager.isVisible()
    qtbot.waitUntil(lambda: manager.list.current == "uni", timeout=TIMEOUT)
    assert [model.title for model in own_models()] == ["Tiny"]
    assert row(manager, "Tiny")[1] == "your file"
    manager.close()
    window.commands.models.trigger()
    assert manager.isVisible()
    assert window.model_store.manager is manager


def test_weights_that_came_are_taken_up(qtbot, window, vit_small_file, tmp_path):  # noqa: F811
    window.choose_model(ModelChoice(source="vit-small"))
    assert window.models.facts.problem == "The weights of ViT-S/16, ImageNet-21k are not on this machine."
    path = tmp_path / "ours.safetensors"
    shutil.copyfile(vit_small_file, path)
    add_model(path, Given())
    window.commands.models.trigger()
    window.model_store.presenter.refresh()
    qtbot.waitUntil(lambda: not window.models.facts.problem, timeout=TIMEOUT)


def test_a_model_of_the_users_own_can_be_chosen(tmp_path, vit_small_file):  # noqa: F811
    path = tmp_path / "ours.safetensors"
    shutil.copyfile(vit_small_file, path)
    add_model(path, Given(timm="vit_small_patch16_224.ours", mean=(0.5,) * 3, std=(0.5,) * 3, licence="ours"))
    facts = facts_of(ModelChoice(source="vit_small_patch16_224.ours"))
    assert (facts.title, facts.licence, facts.problem) == ("vit_small_patch16_224.ours", "ours", "")
