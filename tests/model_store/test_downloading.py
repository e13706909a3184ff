"""Downloads from a hub of our own, which cuts lines, lies, refuses, and asks for tokens."""

import hashlib
import random
import shutil
from pathlib import Path

import huggingface_hub
import pytest
from huggingface_hub import constants

from e2evit_model.convert import downloading
from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.hub import (
    begun_bytes,
    download_weights,
    has_token,
    in_cache,
    published,
    published_sha256,
    store_token,
    weights_at_hand,
)
from e2evit_model.convert.licences import accept
from e2evit_model.errors import BackboneError, Cancelled, LicenceError, OutputError
from e2evit_model.files import config_folder
from tests.model_store.conftest import lead_to

UNI = BACKBONES["uni"]
CONTENT = random.Random(7).randbytes(300_000)


@pytest.fixture(autouse=True)
def accepted() -> None:
    accept("uni", UNI.licence)


@pytest.fixture
def uni(hub):
    hub.put(UNI.hub_repo, "pytorch_model.bin", CONTENT)
    hub.gated.add(UNI.hub_repo)
    return hub


def refusal(error=BackboneError, **given):
    with pytest.raises(error) as caught:
        download_weights(UNI, **given)
    assert "{" not in caught.value.message + caught.value.hint
    return caught.value


def ranges(hub):
    return [wanted for method, wanted in hub.asked if method == "GET"]


def test_download_into_the_hubs_own_cache(uni):
    heard = []
    path = download_weights(UNI, token="hf_member", progress=lambda *said: heard.append(said))
    assert path.read_bytes() == CONTENT
    assert path == weights_at_hand(UNI) == in_cache(published(UNI))
    assert path == Path(huggingface_hub.hf_hub_download(UNI.hub_repo, "pytorch_model.bin", local_files_only=True))
    assert published_sha256(path) == hashlib.sha256(CONTENT).hexdigest()
    assert heard[0] == ("Asking the hub", 0, 0)
    steps = [said for said in heard if said[0] == "Downloading UNI"]
    assert steps[0] == ("Downloading UNI", 0, len(CONTENT))
    assert steps[-1] == ("Downloading UNI", len(CONTENT), len(CONTENT))
    before = len(ranges(uni))
    assert download_weights(UNI, token="hf_member") == path
    assert len(ranges(uni)) == before  # not a byte twice


def test_what_was_begun_is_gone_on_with(uni, monkeypatch):
    uni.cut_after, uni.cuts = 100_000, 1
    monkeypatch.setattr(downloading, "TRIES", 0)
    assert refusal(token="hf_member").message.startswith(
        "The weights of UNI are not on this machine, and there is no network"
    )
    assert begun_bytes(published(UNI)) == 100_000
    assert weights_at_hand(UNI) is None
    heard = []
    path = download_weights(UNI, token="hf_member", progress=lambda *said: heard.append(said))
    assert path.read_bytes() == CONTENT
    assert ranges(uni) == ["", "bytes=100000-"]
    assert heard[1] == ("Downloading UNI", 100_000, len(CONTENT))
    assert begun_bytes(published(UNI)) == 0


def test_a_line_that_breaks_is_taken_up_again_by_itself(uni):
    uni.cut_after, uni.cuts = 70_000, 4
    assert download_weights(UNI, token="hf_member").read_bytes() == CONTENT
    assert ranges(uni) == ["", "bytes=70000-", "bytes=140000-", "bytes=210000-", "bytes=280000-"]


def test_a_line_that_stays_dead_is_given_up(uni):
    uni.cut_after, uni.cuts = 0, 100
    refusal(token="hf_member")
    assert len(ranges(uni)) == downloading.TRIES


def test_a_server_without_ranges_begins_anew(uni):
    uni.cut_after, uni.cuts, uni.ignores_range = 100_000, 1, True
    assert download_weights(UNI, token="hf_member").read_bytes() == CONTENT


def test_cancelling_keeps_what_came(uni, monkeypatch):
    monkeypatch.setattr(downloading, "SECONDS_BETWEEN_WORDS", 0.0)

    def cancel_at_half(_step, done, total):
        if total and done >= total / 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        download_weights(UNI, token="hf_member", progress=cancel_at_half)
    assert len(CONTENT) / 2 <= begun_bytes(published(UNI)) < len(CONTENT)
    assert download_weights(UNI, token="hf_member").read_bytes() == CONTENT


def test_what_is_told_is_on_the_disk(hub, monkeypatch):
    """A silent line is cancelled by ending the process: what stands in a buffer then is lost."""
    monkeypatch.setattr(downloading, "SECONDS_BETWEEN_WORDS", 0.0)
    hub.put(UNI.hub_repo, "pytorch_model.bin", CONTENT[:1_000])  # less than a buffer
    told = []
    download_weights(UNI, progress=lambda step, done, _total: told.append((step, done, begun_bytes(published(UNI)))))
    downloaded = [(done, there) for step, done, there in told if step == "Downloading UNI"]
    assert (1_000, 1_000) in downloaded
    assert all(done == there for done, there in downloaded)


def test_a_wrong_hash(uni):
    uni.lies = True
    error = refusal(token="hf_member")
    assert error.message == "The weights of UNI came damaged: they are not what is published."
    assert error.hint.startswith("They were thrown away. Download them again;")
    assert begun_bytes(published(UNI)) == 0
    uni.lies = False
    assert download_weights(UNI, token="hf_member").read_bytes() == CONTENT


def test_a_new_version_throws_away_what_was_begun_of_the_old(uni, monkeypatch):
    uni.cut_after, uni.cuts = 100_000, 1
    monkeypatch.setattr(downloading, "TRIES", 0)
    refusal(token="hf_member")
    uni.put(UNI.hub_repo, "pytorch_model.bin", CONTENT[::-1])
    assert download_weights(UNI, token="hf_member").read_bytes() == CONTENT[::-1]
    assert begun_bytes(published(UNI)) == 0


def test_no_room(uni, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10, 9, downloading.RESERVE))
    error = refusal(OutputError, token="hf_member")
    assert error.message == "There is not enough room for UNI: 1 MB are still to come, 67 MB are free."
    assert error.hint == "Free some space, or set HF_HOME to a folder on a larger disk."


def test_a_folder_that_is_in_the_way(uni, tmp_path):
    (tmp_path / "hub").write_text("a file")
    assert refusal(OutputError, token="hf_member").message == (
        "pytorch_model.bin could not be written: a file is in the way where a folder is needed."
    )


def test_two_at_once(uni, monkeypatch):
    inner = []

    def again(_step, _done, total):
        if total and not inner:
            inner.append(refusal(token="hf_member"))

    download_weights(UNI, token="hf_member", progress=again)
    assert inner[0].message == "UNI is being downloaded already."


def test_the_licence_comes_first(uni):
    (config_folder() / "licences.json").unlink()
    error = refusal(LicenceError, token="hf_member")
    assert error.message == "The licence of UNI (CC BY-NC-ND 4.0) has not been accepted."
    assert error.hint == "Read it (`e2evit models show uni`), then run `e2evit models get uni --accept-licence`."
    assert uni.asked == []


@pytest.mark.parametrize(
    ("token", "message"),
    [
        (None, "UNI is only given to those who accepted its licence, and there is no token that says who you are."),
        ("hf_stranger", "Your token may not download UNI."),
        ("hf_narrow", "Your token does not cover gated models."),
        ("hf_invalid", "Your token is not valid."),
    ],
)
def test_tokens(token, message, uni, log_in):
    log_in(token)
    error = refusal()
    assert error.message == message
    assert uni.address in error.hint
    log_in("hf_member")
    assert download_weights(UNI).read_bytes() == CONTENT


def test_what_is_not_there(hub):
    error = refusal(token="hf_member")
    assert error.message == "UNI is not at MahmoodLab/UNI any more, or your token may not see it."
    hub.put(UNI.hub_repo, "readme.md", b"hello")
    error = refusal(token="hf_member")
    assert error.message == "MahmoodLab/UNI has no weight file pytorch_model.bin."
    assert error.hint == (
        f"Look at {hub.address}/MahmoodLab/UNI, download the weights there, and add them: `e2evit models add FILE --as uni`."
    )


def test_another_name_of_the_file_is_tried(hub):
    hub.put(UNI.hub_repo, "model.safetensors", CONTENT)
    assert download_weights(UNI).name == "model.safetensors"


def test_a_hub_that_is_ill_and_a_portal_in_the_way(uni):
    uni.fails = True
    assert refusal(token="hf_member").message == "The hub did not give the weights of UNI."
    uni.is_portal = True
    assert refusal(token="hf_member").message == (
        "What answered was not the hub: a proxy or a log-in page of the network is in the way."
    )


def test_offline(uni, monkeypatch):
    said = "The weights of UNI are not on this machine, and there is no network to get them."
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert refusal(token="hf_member").message == said
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    lead_to("http://127.0.0.1:9", monkeypatch)
    assert refusal(token="hf_member").message == said


def test_a_token_is_stored_only_when_the_hub_knows_it(hub):
    with pytest.raises(BackboneError) as caught:
        store_token("hf_invalid")
    assert caught.value.message == "This token is not valid."
    assert caught.value.hint == f"Make a new one at {hub.address}/settings/tokens."
    assert not has_token()
    store_token(" hf_member\n")
    assert has_token()
    assert huggingface_hub.get_token() == "hf_member"


def test_a_token_without_a_network(hub, monkeypatch):
    lead_to("http://127.0.0.1:9", monkeypatch)
    with pytest.raises(BackboneError) as caught:
        store_token("hf_member")
    assert caught.value.message == "The token could not be checked: there is no network."
