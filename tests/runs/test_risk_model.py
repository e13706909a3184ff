"""The risk model folder: written, read, and refused with a sentence where it does not fit."""

import dataclasses
import json
import math
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from e2evit_model.errors import ModelError, OutputError
from e2evit_model.runs.risk_model import read_risk_model, write_risk_model
from e2evit_model.runs.risk_model_card import MemberCard, read_card
from tests.runs.models import WIDTH, make_card, make_heads, states


@pytest.fixture
def written(tmp_path):
    card = make_card()
    folder = tmp_path / "model"
    write_risk_model(folder, card, states(make_heads(card)))
    return folder


def edit(folder: Path, change) -> None:
    record = json.loads((folder / "model.json").read_text())
    change(record)
    (folder / "model.json").write_text(json.dumps(record))


def message_of(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_risk_model(folder)
    assert str(folder.parent) not in caught.value.message + caught.value.hint
    return caught.value.message


@pytest.mark.parametrize("head", ["hazard", "cox"])
def test_what_was_written_is_read(tmp_path, head):
    card = make_card(head=head)
    heads = make_heads(card)
    returned = write_risk_model(tmp_path / "m", card, states(heads))
    model = read_risk_model(tmp_path / "m")
    assert model.card == returned
    assert dataclasses.replace(model.card, files={}) == card
    assert set(model.card.files) == {"heads.safetensors"}
    embedding = torch.randn(WIDTH)
    prediction = model.predict(embedding)
    expected = [h.predict(embedding)[0].item() for h in heads]
    np.testing.assert_allclose(prediction.member_risks, expected, rtol=1e-6)
    assert prediction.risk == pytest.approx(np.mean(expected))
    assert prediction.bin_edges_days == (0.0, 100.0, 150.0, 200.0, 300.0, 400.0, math.inf)
    assert prediction.survival.shape == (2, 6)
    assert (np.diff(prediction.survival, axis=1) <= 1e-12).all()
    assert prediction.survival[0, -1] == pytest.approx(heads[0].predict(embedding)[1][-1].item())
    assert model.backbone_file() is None
    assert model.load_backbone() is None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m"]


def test_percentile_and_group_are_by_the_scale_of_each_member(tmp_path):
    card = make_card(
        members=tuple(
            MemberCard(inner_edges_days=(100.0,), out_of_fold_risks=risks, training_median_risk=cut)
            for risks, cut in (((-2.0, -1.9, -0.1), -1.0), ((-0.1, -0.05, -0.02), -0.05), ((-1.99, -1.98), -1.99))
        )
    )
    heads = make_heads(card)
    for head in heads:
        with torch.no_grad():
            head.weight.zero_()
            head.bias.zero_()  # S = 1/2, 1/4: a risk of -0.75
    write_risk_model(tmp_path / "m", card, states(heads))
    prediction = read_risk_model(tmp_path / "m").predict(np.zeros(WIDTH))
    assert prediction.member_risks == (-0.75, -0.75, -0.75)
    assert prediction.percentile == pytest.approx((200 / 3 + 0 + 100) / 3)
    assert prediction.group == "high"
    assert prediction.votes == (2, 3)
    assert prediction.cohort_range == (-2.0, -0.02)


def test_without_risks_of_the_cohort_there_is_no_percentile_and_no_group(tmp_path):
    card = make_card(members=(MemberCard(inner_edges_days=()),))
    write_risk_model(tmp_path / "m", card, states(make_heads(card)))
    prediction = read_risk_model(tmp_path / "m").predict(torch.zeros(WIDTH))
    assert prediction.percentile is None
    assert prediction.group is None
    assert prediction.votes is None
    assert prediction.cohort_range is None
    assert prediction.bin_edges_days == (0.0, math.inf)


def test_shared_backbone(tmp_path):
    card = make_card()
    tied = torch.randn(3, 3)
    write_risk_model(
        tmp_path / "m", card, states(make_heads(card)), {"a": tied, "b": tied, "c": tied.t(), "d": tied[1:]}
    )
    model = read_risk_model(tmp_path / "m")
    assert model.backbone_is_shared
    for member in (0, 1):
        torch.testing.assert_close(model.load_backbone(member), {"a": tied, "b": tied, "c": tied.t(), "d": tied[1:]})


def test_a_backbone_a_member_needs_an_embedding_a_member(tmp_path):
    card = make_card()
    heads = make_heads(card)
    write_risk_model(tmp_path / "m", card, states(heads), [{"a": torch.full((2,), i)} for i in (1.0, 2.0)])
    model = read_risk_model(tmp_path / "m")
    assert not model.backbone_is_shared
    assert model.load_backbone(1)["a"].tolist() == [2.0, 2.0]
    write_risk_model(tmp_path / "lazy", card, states(heads), lambda index: {"a": torch.full((2,), index + 1.0)})
    assert read_risk_model(tmp_path / "lazy").card == model.card
    rows = torch.randn(2, WIDTH)
    expected = [head.predict(row)[0].item() for head, row in zip(heads, rows, strict=True)]
    np.testing.assert_allclose(model.predict(rows).member_risks, expected, rtol=1e-6)
    with pytest.raises(ModelError) as caught:
        model.predict(rows[0])
    assert caught.value.message == "The embedding has the shape (6,), but this risk model needs (2, 6)."
    with pytest.raises(ModelError, match="There are 1 backbones for 2 members"):
        write_risk_model(tmp_path / "n", card, states(heads), [{"a": torch.zeros(1)}])


def test_an_embedding_that_is_no_number_gives_no_risk(written):
    with pytest.raises(ModelError, match="The embedding holds values that are not numbers, so there is no risk"):
        read_risk_model(written).predict(torch.full((WIDTH,), math.nan))


def test_writing_again_replaces_and_leaves_nothing_behind(written):
    card = make_card(name="second")
    write_risk_model(written, card, states(make_heads(card, seed=1)))
    assert read_card(written).name == "second"
    assert sorted(p.name for p in written.parent.iterdir()) == ["model"]


def test_a_folder_with_something_else_is_never_replaced(tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "thesis.docx").write_text("years of work")
    card = make_card()
    with pytest.raises(ModelError) as caught:
        write_risk_model(tmp_path / "m", card, states(make_heads(card)))
    assert caught.value.message == "m already holds something that is not a risk model."
    assert (tmp_path / "m" / "thesis.docx").read_text() == "years of work"


def test_a_failed_write_leaves_the_old_model(written, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("e2evit_model.runs.weights.save_file", full)
    card = make_card(name="second")
    with pytest.raises(OutputError) as caught:
        write_risk_model(written, card, states(make_heads(card)))
    assert caught.value.message == "The disk is full: heads.safetensors could not be written."
    assert read_risk_model(written).card.name == "test"
    assert sorted(p.name for p in written.parent.iterdir()) == ["model"]


def test_a_newer_version(written):
    def change(record):
        record["schema_version"] = 7
        record["something_new"] = 1

    edit(written, change)
    assert (
        message_of(written)
        == "model.json was made by a newer version of this program (schema 7; this version reads 1)."
    )


@pytest.mark.parametrize("value", [None, "1", True, 0])
def test_no_version(written, value):
    edit(written, lambda r: r.update(schema_version=value))
    assert message_of(written) == "model.json does not say which schema version it has."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda r: r.pop("tile_px"), 'model.json lacks the field "tile_px".'),
        (lambda r: r["cohort"].pop("events"), 'model.json lacks the field "cohort.events".'),
        (
            lambda r: r.update(tile_pixels=1),
            'model.json holds the unknown field "tile_pixels".',
        ),
        (
            lambda r: r.update(tile_px="224"),
            "model.json holds '224' at \"tile_px\", where a whole number is needed.",
        ),
        (
            lambda r: r["members"][1].update(inner_edges_days=[1, "x"]),
            "model.json holds 'x' at \"members[1].inner_edges_days[1]\", where a number is needed.",
        ),
        (lambda r: r.update(tile_mpp=math.nan), 'model.json holds nan at "tile_mpp", where a finite number is needed.'),
        (
            lambda r: r.update(tile_px=225),
            "model.json cannot be used: tiles of 225 px do not divide into patches of 16 px.",
        ),
        (lambda r: r.update(patch_px=0), "model.json cannot be used: tile and patch sizes must be above 0."),
        (
            lambda r: r.update(mean=[0.5]),
            "model.json cannot be used: mean and std need three numbers each, for red, green and blue.",
        ),
        (lambda r: r.update(std=[0.5, 0, 0.5]), "model.json cannot be used: a std is not above 0."),
        (lambda r: r.update(tile_mpp=-1), "model.json cannot be used: a resolution of -1 um/px is absurd."),
        (
            lambda r: r.update(order="spiral"),
            'model.json cannot be used: the order of the strip "spiral" is not known.',
        ),
        (lambda r: r.update(head="svm"), 'model.json cannot be used: the head "svm" is not known.'),
        (lambda r: r.update(members=[]), "model.json cannot be used: it has no member."),
        (
            lambda r: r["members"][1].update(inner_edges_days=[3, 2]),
            "model.json cannot be used: the time bins of member 1 do not rise from 0.",
        ),
        (
            lambda r: r["cohort"].update(events=21),
            "model.json cannot be used: the training cohort has more events than patients.",
        ),
        (
            lambda r: r.update(backbone_weights_sha256="abc"),
            "model.json cannot be used: the hash of the backbone's weights is no SHA-256.",
        ),
        (lambda r: r.update(files={}), "model.json cannot be used: it names no heads.safetensors."),
        (
            lambda r: r["files"].update({"../../secret": "0" * 64}),
            'model.json cannot be used: it names the unknown file "secret".',
        ),
        (
            lambda r: r["files"].update({"member_0.safetensors": "0" * 64}),
            "model.json cannot be used: some members have a backbone of their own, others not.",
        ),
        (
            lambda r: r.update(embedding_width=7),
            (
                'The head of member 0 does not fit model.json: "weight" is (4, 6), but the embedding\'s width and the time bins '
                "need (4, 7)."
            ),
        ),
        (
            lambda r: r["members"].pop(),
            "heads.safetensors does not fit model.json: it holds heads of more members.",
        ),
        (
            lambda r: r.update(head="cox"),
            'The head of member 0 lacks "coefficients".',
        ),
    ],
)
def test_a_card_that_cannot_be_used(written, change, message):
    edit(written, change)
    assert message_of(written) == message


@pytest.mark.parametrize(
    ("name", "bad", "message"),
    [
        ("scale", [0.0], "The head of member 0 divides by a scale that is not above 0."),
        (
            "baseline_survival",
            [0.5, 0.6],
            "The head of member 0 has a baseline survival that is not between 0 and 1, or rises.",
        ),
        ("mean", [math.inf], 'The head of member 0 holds values that are not numbers in "mean".'),
    ],
)
def test_a_cox_head_that_cannot_be(tmp_path, name, bad, message):
    card = make_card(head="cox", members=(MemberCard(inner_edges_days=(9.0,)),), embedding_width=1)
    state = make_heads(card)[0].state_dict() | {name: torch.tensor(bad)}
    with pytest.raises(ModelError) as caught:
        write_risk_model(tmp_path / "m", card, [state])
    assert caught.value.message == message
    assert list(tmp_path.iterdir()) == []


def test_weights_that_changed_are_refused(written):
    file = written / "heads.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert message_of(written) == (
        "heads.safetensors is not the file that model.json was written with: its hash differs."
    )
    file.unlink()
    assert message_of(written) == "The risk model is not whole: heads.safetensors is missing."


def test_a_pickle_in_place_of_weights_is_never_run(written, tmp_path):
    class Bomb:
        def __reduce__(self):
            return Path.touch, (tmp_path / "exploded",)

    import hashlib

    content = pickle.dumps(Bomb())
    (written / "heads.safetensors").write_bytes(content)
    edit(written, lambda r: r.update(files={"heads.safetensors": hashlib.sha256(content).hexdigest()}))
    assert message_of(written) == "heads.safetensors is damaged: it is not a readable safetensors file."
    assert not (tmp_path / "exploded").exists()


def test_what_is_no_risk_model(tmp_path):
    assert message_of(tmp_path / "nothing") == "nothing is not a folder."
    (tmp_path / "empty").mkdir()
    assert message_of(tmp_path / "empty") == "empty is not a risk model: model.json is missing."
    (tmp_path / "empty" / "model.json").write_bytes(b"\xff\xfe{")
    assert message_of(tmp_path / "empty") == "model.json is damaged: it is not readable JSON."
    (tmp_path / "empty" / "model.json").write_text("[1]")
    assert message_of(tmp_path / "empty") == "model.json is damaged: it holds no fields."


def test_a_card_is_read_without_torch(written):
    code = (
        "import sys; from pathlib import Path; from e2evit_model.runs.risk_model_card import read_card; "
        "print(read_card(Path(sys.argv[1])).name, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(written)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["test", "False"]
