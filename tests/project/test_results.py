import dataclasses
import errno
import json
from pathlib import Path

import numpy as np
import pytest

from e2evit_model.errors import OutputError, ProjectError
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.results import model_key, read_attention, read_embedding, read_result, write_result
from tests.project.material import make_result


def same(one, other):
    """Whether two values are equal in every bit and type."""
    if dataclasses.is_dataclass(one):
        assert type(one) is type(other)
        return all(
            same(getattr(one, field.name), getattr(other, field.name)) or pytest.fail(field.name)
            for field in dataclasses.fields(one)
        )
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    return one == other


def test_a_result_of_before_votes_were_kept_is_read(tmp_path):
    folder = ProjectFolder(tmp_path)
    entry = write_result(folder, "s" * 16, make_result(seed=1))
    record = folder.result(entry.id).record
    said = json.loads(record.read_text())
    del said["risk"]["votes"], said["risk"]["cohort_range"]
    record.write_text(json.dumps(said))
    risk = read_result(folder, entry.id).risk
    assert (risk.votes, risk.cohort_range, risk.group) == (None, None, "high")


@pytest.mark.parametrize("risk", [True, False])
@pytest.mark.parametrize("seed", range(3))
def test_a_result_comes_back_in_every_bit(tmp_path, seed, risk):
    result = make_result(seed=seed, tiles=1 + 40 * seed, risk=risk)
    folder = ProjectFolder(tmp_path)
    entry = write_result(folder, "s" * 16, result)
    assert same(read_result(folder, entry.id), result)
    assert same(read_embedding(folder, entry.id), result.embedding)
    grid, attention = read_attention(folder, entry.id)
    assert same(grid, result.grid)
    assert same(attention, result.attention)
    assert (entry.tiles, entry.risk, entry.slide) == (
        len(result.grid),
        result.risk.risk if risk else None,
        "s" * 16,
    )
    assert [path.name for path in folder.stored_results()] == [entry.id]


def test_models_are_told_apart_by_what_makes_their_numbers(tmp_path):
    one = make_result()
    other_tiles = dataclasses.replace(one, grid=dataclasses.replace(one.grid, order="snake"))
    other_weights = dataclasses.replace(one, model=dataclasses.replace(one.model, weights_sha256="1" * 64))
    other_slide = make_result(seed=5)
    assert model_key(one) == model_key(other_slide)
    assert len({model_key(one), model_key(other_tiles), model_key(other_weights)}) == 3


def test_a_result_that_cannot_be_written_leaves_nothing(tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OutputError) as refused:
        write_result(ProjectFolder(tmp_path), "s" * 16, make_result())
    assert refused.value.message == "The disk is full: result.json could not be written."
    assert ProjectFolder(tmp_path).stored_results() == []


def test_what_is_missing_or_damaged_is_a_sentence(tmp_path):
    folder = ProjectFolder(tmp_path)
    entry = write_result(folder, "s" * 16, make_result())
    place = folder.result(entry.id)
    whole = {path: path.read_bytes() for path in place.path.iterdir()}
    for path in (place.tiles, place.mask):
        for damage in (None, b"", whole[path][:-10], b"PAR1" + bytes(50)):
            path.unlink() if damage is None else path.write_bytes(damage)
            with pytest.raises(ProjectError) as refused:
                read_result(folder, entry.id)
            assert refused.value.message == "A stored result of this slide is damaged."
            assert refused.value.hint == "Analyze the slide again."
        path.write_bytes(whole[path])
    record = json.loads(whole[place.record])
    for text, sentence in (
        ("{", "result.json is damaged: it is not readable JSON."),
        (json.dumps(record | {"embedding": "x"}), 'result.json holds no list at "embedding".'),
        (
            json.dumps(record | {"schema_version": 9}),
            "A result of this slide was made by a newer version of this program (schema 9; this version reads 1).",
        ),
    ):
        place.record.write_text(text)
        with pytest.raises(ProjectError) as refused:
            read_result(folder, entry.id)
        assert refused.value.message == sentence
    with pytest.raises(ProjectError) as refused:
        read_result(folder, "no-such-result")
    assert refused.value.message == "result.json is missing."
