"""Leaving out squares: exactly what an analysis of the other tiles says, for every kind of model."""

from dataclasses import replace

import numpy as np
import pytest

from e2evit_model.convert.settings import ConversionSettings, Positions
from e2evit_model.errors import Cancelled, TilingError
from e2evit_model.explain.maps import Target, occlusion_cost
from e2evit_model.explain.occlusion import STEP, occlude_slide
from e2evit_model.explain.settings import OcclusionSettings
from e2evit_model.inference.analyze import analyze_slide
from e2evit_model.inference.models import load_model
from tests.explain.material import WHOLE, bare_model, risk_model, write_slide

PAIRS = OcclusionSettings(side=2)


def mask_of(tmp_path, grid, keep, size):
    """Write a mask that holds some tiles only, as a user would leave the others out."""
    from PIL import Image

    pixels = np.zeros(size, np.uint8)
    for tile in np.flatnonzero(keep):
        x, y = int(grid.x[tile]), int(grid.y[tile])
        pixels[y : y + 224, x : x + 224] = 255
    Image.fromarray(pixels).save(tmp_path / "mask.png")
    return str(tmp_path / "mask.png")


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"members": 3},
        {"members": 2, "fine_tuned": True},
        {"conversion": ConversionSettings(positions=Positions.ALIBI_2D).to_record()},
        {"conversion": ConversionSettings(tokens_per_tile=0.5).to_record(), "members": 2},
    ],
)
def test_equals_the_analysis_without_these_tiles(tmp_path, how):
    path = write_slide(tmp_path)
    model = load_model(risk_model(tmp_path, **how))
    found = occlude_slide(path, WHOLE, PAIRS, model)
    assert found.target is Target.RISK
    assert len(found.squares) == 6  # 5 x 4 tiles in squares of 2 x 2
    whole = analyze_slide(path, WHOLE, model)
    np.testing.assert_allclose(found.whole, whole.risk.member_risks, atol=1e-6)
    for square in (0, 2, 5):
        keep = found.squares.group != square
        settings = replace(WHOLE, tissue=mask_of(tmp_path, found.grid, keep, (926, 1170)))
        without = analyze_slide(path, settings, model)
        assert np.array_equal(without.grid.x, found.grid.x[keep])
        np.testing.assert_allclose(found.without[square], without.risk.member_risks, atol=1e-6)
        assert found.change[square] == pytest.approx(whole.risk.risk - without.risk.risk, abs=1e-6)
    assert np.ptp(found.change) > 1e-5, "squares that do not matter test nothing"


def test_without_a_head_it_is_the_distance_of_the_embedding(tmp_path):
    path, model = write_slide(tmp_path), load_model(bare_model(tmp_path))
    found = occlude_slide(path, WHOLE, PAIRS, model)
    assert found.target is Target.EMBEDDING
    assert found.disagreement is None
    whole = analyze_slide(path, WHOLE, model).embedding.astype(float)
    keep = found.squares.group != 3
    settings = replace(WHOLE, tissue=mask_of(tmp_path, found.grid, keep, (926, 1170)))
    without = analyze_slide(path, settings, model).embedding.astype(float)
    cosine = whole @ without / np.linalg.norm(whole) / np.linalg.norm(without)
    assert found.change[3] == pytest.approx(1 - cosine, abs=1e-6)
    assert (found.change >= 0).all()


def test_the_disagreement_is_the_spread_over_the_fold_models(tmp_path):
    found = occlude_slide(write_slide(tmp_path), WHOLE, PAIRS, risk_model(tmp_path, members=4))
    by_member = found.whole[None, :] - found.without
    assert by_member.shape == (6, 4)
    np.testing.assert_allclose(found.disagreement, by_member.std(axis=1, ddof=1))
    tiles = found.by_tile(found.change)
    assert all(tiles[n] == found.change[g] for n, g in enumerate(found.squares.group))


def test_the_record_holds_what_was_run_and_no_name(tmp_path):
    import json

    found = occlude_slide(write_slide(tmp_path), WHOLE, OcclusionSettings(squares=3), risk_model(tmp_path, members=2))
    text = json.dumps(found.record, allow_nan=False)
    said = found.record["occlusion"]
    assert (said["target"], said["square_side_tiles"], said["squares"]) == ("risk", 4, 2)
    assert sum(said["tiles_in_square"]) == 20
    assert said["without_by_member"] == found.without.tolist()
    assert "patient" not in text


def test_all_tiles_in_one_square(tmp_path):
    with pytest.raises(TilingError) as caught:
        occlude_slide(write_slide(tmp_path), WHOLE, OcclusionSettings(side=5), bare_model(tmp_path))
    assert caught.value.message == ("All 20 tiles lie in one square of 5 x 5 tiles: without it nothing would be left.")
    assert caught.value.hint == "Choose smaller squares, or allow more of them."


def test_runs_are_counted_and_can_be_cancelled(tmp_path):
    heard = []

    def progress(step, done, total):
        if step == STEP:
            heard.append((done, total))
            if done == 3:
                raise Cancelled

    with pytest.raises(Cancelled):
        occlude_slide(write_slide(tmp_path), WHOLE, PAIRS, risk_model(tmp_path, members=2), progress=progress)
    assert heard[0] == (0, 7)
    assert heard[-1] == (3, 7)


def test_the_cost_is_said_before(tmp_path):
    said = []
    found = occlude_slide(
        write_slide(tmp_path),
        WHOLE,
        PAIRS,
        risk_model(tmp_path, members=2, fine_tuned=True),
        announce=lambda squares, cost: said.append((len(squares), cost)),
    )
    [(squares, told)] = said
    assert (squares, told.runs) == (6, 14)
    assert 0 < told.seconds / 14 <= found.seconds
    cost = occlusion_cost(63, members=2, seconds_a_run=1.5)
    assert (cost.runs, cost.seconds) == (128, 96.0)
