"""The list of models, accepted licences, and what a download leaves to check and to remove."""

import json
import random

import pytest

from e2evit_model.convert.backbones import BACKBONES
from e2evit_model.convert.hub import fetch
from e2evit_model.convert.licences import LICENCES, accept, accepted_on, licence_called
from e2evit_model.errors import BackboneError
from e2evit_model.files import config_folder
from e2evit_model.grandqc.models import NETWORKS
from e2evit_model.model_store.checking import check_model
from e2evit_model.model_store.entries import Status, entries, entry_called
from e2evit_model.model_store.removing import remove_model


def test_every_backbone_with_its_licence_and_an_estimate(hub):
    found = {entry.id: entry for entry in entries()}
    assert list(found) == [*BACKBONES, *NETWORKS]
    for name, network in NETWORKS.items():
        entry = found[name]
        assert (entry.size, entry.is_estimated, entry.status) == (network.bytes, True, Status.FREE)
        assert entry.licence == LICENCES["CC BY-NC-SA 4.0"]
        assert entry.can_be_got
    for name, backbone in BACKBONES.items():
        entry = found[name]
        assert entry.licence == LICENCES[backbone.licence]
        assert entry.licence.terms.endswith(".")
        assert (entry.size, entry.is_estimated) == (4 * backbone.parameters, True)
        assert entry.status is (Status.GATED if backbone.gated else Status.FREE)
        assert entry.can_be_got
        assert not entry.is_here
    assert hub.asked == []


def test_from_half_here_to_here_to_gone(hub, vit_small_file, vit_small):
    entry = entry_called("vit-small")
    content = vit_small_file.read_bytes()
    hub.put(vit_small.hub_repo, "model.safetensors", content)
    hub.put(vit_small.hub_repo, "config.json", b"{}")
    accept("vit-small", "Apache-2.0")
    hub.cut_after, hub.cuts = 1_000_000, 1_000
    with pytest.raises(BackboneError):
        fetch(entry.source, progress=give_up_after(3_000_000))
    half = entry_called("vit-small")
    assert half.status is Status.BEGUN
    assert 3_000_000 <= half.begun < len(content)
    assert half.can_be_got
    hub.cuts = 0
    path = fetch(entry.source)
    here = entry_called("vit-small")
    assert (here.status, here.size, here.path) == (Status.HERE, len(content), path)
    assert here.accepted
    assert check_model(here).said == "hash right, loads"
    assert remove_model(here).freed == len(content)
    assert entry_called("vit-small").status is Status.FREE


def give_up_after(size):
    def progress(_step, done, _total):
        if done >= size:
            raise BackboneError("enough")

    return progress


def test_a_downloaded_file_that_changed_on_the_disk(hub, vit_small_file, vit_small):
    hub.put(vit_small.hub_repo, "model.safetensors", vit_small_file.read_bytes())
    accept("vit-small", "Apache-2.0")
    path = fetch(entry_called("vit-small").source)
    content = bytearray(path.read_bytes())
    content[-1] ^= 255
    path.resolve().write_bytes(content)
    found = check_model(entry_called("vit-small"))
    assert found.fault == "model.safetensors has changed since it was downloaded: its hash is another one."


def test_a_published_file_of_another_layout(hub, vit_small):
    hub.put(vit_small.hub_repo, "model.safetensors", random.Random(1).randbytes(1000))
    accept("vit-small", "Apache-2.0")
    fetch(entry_called("vit-small").source)
    assert check_model(entry_called("vit-small")).fault == "model.safetensors is not a weight file."


def test_removing_what_is_half_here(hub, vit_small):
    hub.put(vit_small.hub_repo, "model.safetensors", bytes(500_000))
    accept("vit-small", "Apache-2.0")
    hub.cut_after, hub.cuts = 200_000, 1_000
    with pytest.raises(BackboneError):
        fetch(entry_called("vit-small").source, progress=give_up_after(200_000))
    assert remove_model(entry_called("vit-small")).freed == 200_000
    assert entry_called("vit-small").status is Status.FREE


def test_acceptance_is_of_a_name_with_a_date():
    assert accepted_on("uni", "CC BY-NC-ND 4.0") == ""
    accept("uni", "CC BY-NC-ND 4.0", url="https://example.org")
    accept("virchow", "Apache-2.0 with access terms")
    date = accepted_on("uni", "CC BY-NC-ND 4.0")
    assert date[:2] == "20"
    assert "T" in date
    assert accepted_on("uni", "another licence") == ""
    record = json.loads((config_folder() / "licences.json").read_text())
    assert record["uni"] == {"licence": "CC BY-NC-ND 4.0", "url": "https://example.org", "date": date}
    assert set(record) == {"uni", "virchow"}


@pytest.mark.parametrize("content", ["{", "[1]", '{"uni": "yes"}', '{"uni": {"licence": "CC BY-NC-ND 4.0"}}'])
def test_what_cannot_be_read_is_not_accepted(content):
    (config_folder() / "licences.json").write_text(content)
    assert accepted_on("uni", "CC BY-NC-ND 4.0") == ""
    accept("uni", "CC BY-NC-ND 4.0")
    assert accepted_on("uni", "CC BY-NC-ND 4.0")


def test_a_licence_that_nobody_knows():
    assert licence_called("ours").terms == "Its terms stand where the weights come from."
    assert {backbone.licence for backbone in BACKBONES.values()} <= set(LICENCES)


def test_a_mistyped_name():
    with pytest.raises(BackboneError) as caught:
        entry_called("unii")
    assert (caught.value.message, caught.value.hint) == ('No model is called "unii".', 'Did you mean "uni"?')
