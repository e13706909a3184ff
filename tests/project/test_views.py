"""What is made of many results: table, extreme tiles, map of embeddings, the training cohort's curves."""

import csv
import io
import shutil
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from e2evit_model.errors import ModelError, OptionError, OutputError, ProjectError
from e2evit_model.project import embedding_map as map_module
from e2evit_model.project.embedding_map import embedding_map, principal_components
from e2evit_model.project.extreme_tiles import extreme_tiles, tile_pictures
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.results import read_attention, write_result
from e2evit_model.project.slides import entry_of
from e2evit_model.project.table import COLUMNS, results_text, write_results_table
from e2evit_model.project.training_cohort import NO_RUN, training_survival
from e2evit_model.runs.run_error import RunError
from e2evit_model.slides.opening import open_slide
from tests.project.material import make_entry, make_result
from tests.slide_files import tissue_like, write_pyramid

# table


def test_the_table_reads_back_and_no_cell_is_a_formula(tmp_path):
    folder = ProjectFolder(tmp_path)
    slides = [make_entry("=cmd.svs"), make_entry("plain, with comma.svs"), make_entry("not analyzed.svs", mpp=None)]
    rows = [(slide, write_result(folder, slide.id, make_result(seed=n))) for n, slide in enumerate(slides[:2])]
    rows.append((slides[2], None))
    write_results_table(tmp_path / "results.csv", rows)
    with (tmp_path / "results.csv").open(newline="", encoding="utf-8") as file:
        read = list(csv.DictReader(file))
    assert [row["slide"] for row in read] == ["'=cmd.svs", "plain, with comma.svs", "not analyzed.svs"]
    assert float(read[1]["risk"]) == rows[1][1].risk
    assert (read[2]["risk"], read[2]["mpp"], read[2]["fingerprint"]) == ("", "", slides[2].fingerprint)
    by_tab = list(csv.reader(io.StringIO(results_text(rows, delimiter="\t")), delimiter="\t"))
    assert tuple(by_tab[0]) == COLUMNS
    assert {len(row) for row in by_tab} == {len(COLUMNS)}


def test_a_table_that_cannot_be_written_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="a file is in the way where a folder is needed"):
        write_results_table(tmp_path / "file" / "results.csv", [])


# extreme tiles


@pytest.mark.parametrize("most", [1, 3, 50])
def test_extreme_tiles_are_those_that_sorting_everything_gives(tmp_path, most):
    folder = ProjectFolder(tmp_path)
    results = [write_result(folder, f"slide {n}", make_result(seed=n, tiles=5 + 7 * n)) for n in range(4)]
    high, low = extreme_tiles(folder, results, count=12, most_of_a_slide=most)
    every = []
    for result in results:
        _, attention = read_attention(folder, result.id)
        times = attention.astype(np.float64) / attention.astype(np.float64).mean()
        every += [(float(value), result.slide, n) for n, value in enumerate(times)]
    for found, ordered in ((high, sorted(every, reverse=True)), (low, sorted(every))):
        expected, taken = [], {}
        for value, slide, _ in ordered:
            taken[slide] = taken.get(slide, 0) + 1
            if taken[slide] <= most:
                expected.append(value)
        assert [tile.times_uniform for tile in found] == pytest.approx(expected[:12])


def test_results_that_cannot_be_read_are_passed_over(tmp_path):
    folder = ProjectFolder(tmp_path)
    whole, damaged = (write_result(folder, f"slide {n}", make_result(seed=n)) for n in range(2))
    folder.result(damaged.id).tiles.unlink()
    high, low = extreme_tiles(folder, [damaged, whole], count=5, most_of_a_slide=9)
    assert {tile.slide for tile in (*high, *low)} == {"slide 0"}


def test_pictures_of_tiles_are_the_slides_own_pixels(tmp_path):
    folder = ProjectFolder(tmp_path / "project")
    path = write_pyramid(tmp_path / "a.tiff", tissue_like(448, 672), mpp=0.5, levels=1)
    entry = entry_of(folder, path)
    result = make_result(tiles=3, fingerprint=entry.fingerprint)
    column, row = np.array([0, 1, 2], np.int32), np.array([0, 0, 1], np.int32)
    grid = replace(result.grid, column=column, row=row, x=224 * column, y=224 * row, width=224.0, tile_px=224)
    stored = write_result(folder, entry.id, replace(result, grid=grid))
    high, _ = extreme_tiles(folder, [stored], count=3, most_of_a_slide=3)
    pictures = tile_pictures(folder, [entry], high, 224)
    with open_slide(path) as slide:
        for tile in high:
            x, y = int(grid.x[tile.tile]), int(grid.y[tile.tile])
            assert np.array_equal(pictures[tile], slide.read_region(x, y, 0, 224, 224))
    path.unlink()
    assert tile_pictures(folder, [entry], high, 224) == {}


# map


@given(
    arrays(
        np.float32,
        st.tuples(st.integers(2, 12), st.integers(1, 6)),
        elements=st.floats(-100, 100, width=32, allow_subnormal=False),
    )
)
def test_principal_components_keep_as_much_variance_as_the_covariance_says(embeddings):
    points, shares = principal_components(embeddings)
    values = np.linalg.eigvalsh(np.atleast_2d(np.cov(embeddings.astype(np.float64).T)))[::-1]
    total = values.sum()
    variance = points.var(axis=0, ddof=1)
    expected = np.zeros(2)
    expected[: min(2, len(values))] = np.maximum(values, 0)[:2]
    assert variance == pytest.approx(expected, rel=1e-6, abs=1e-6 * max(total, 1))
    if total > 1e-6:
        assert shares == pytest.approx(expected / total, abs=1e-6)
    assert np.allclose(points.mean(axis=0), 0, atol=1e-4)


def test_the_same_slides_lie_at_the_same_points_in_any_order(tmp_path):
    folder = ProjectFolder(tmp_path)
    results = [write_result(folder, f"slide {n}", make_result(seed=n)) for n in range(6)]
    one, other = embedding_map(folder, results), embedding_map(folder, results[::-1])
    assert one.slides == other.slides[::-1]
    assert one.points == pytest.approx(other.points[::-1], abs=1e-6)


def test_embeddings_of_different_models_and_missing_umap_are_sentences(tmp_path, monkeypatch):
    folder = ProjectFolder(tmp_path)
    short = write_result(folder, "a", make_result(embedding=np.zeros(3, np.float32)))
    long = write_result(folder, "b", make_result())
    with pytest.raises(ProjectError) as refused:
        embedding_map(folder, [short, long])
    assert refused.value.message == "The embeddings are not of one model."
    monkeypatch.setattr(map_module, "umap_is_here", lambda: False)
    with pytest.raises(OptionError) as refused:
        embedding_map(folder, [long], method="umap")
    assert refused.value.message == "UMAP needs the library umap-learn."
    monkeypatch.setattr(map_module, "umap_is_here", lambda: True)
    with pytest.raises(OptionError) as refused:
        embedding_map(folder, [long], method="umap")
    assert refused.value.message == "UMAP needs at least 5 slides; there are 1."


# the training cohort


def write_model(folder):
    """A card alone: the weights are not looked at."""
    from e2evit_model.runs.records import write_json
    from tests.runs.models import make_card

    folder.mkdir(parents=True)
    write_json(folder / "model.json", make_card())


def test_curves_are_those_of_the_runs_groups(tmp_path):
    from lifelines import KaplanMeierFitter

    from e2evit_model.runs.run_tables import PredictionRow, write_predictions

    write_model(tmp_path / "run" / "model")
    rng = np.random.default_rng(0)
    rows = [
        PredictionRow(
            patient_id=f"P{n}",
            slide_id="" if n % 5 else "S",
            fold=0,
            risk=float(n),
            survival=(0.5,),
            time_days=float(rng.integers(1, 900)),
            event=bool(rng.random() < 0.5),
            risk_group="high" if n > 15 else "low",
        )
        for n in range(30)
    ]
    write_predictions(tmp_path / "run" / "predictions.csv", rows)
    found = training_survival(tmp_path / "run" / "model")
    assert [group.group for group in found.groups] == ["low", "high"]
    for group in found.groups:
        own = [row for row in rows if row.risk_group == group.group and not row.slide_id]
        fitted = KaplanMeierFitter().fit([row.time_days for row in own], [row.event for row in own])
        days = np.array([0.0, 50.0, 200.0, 500.0, 800.0])
        assert group.curve.at(days) == pytest.approx(fitted.predict(days).to_numpy())
        assert len(group.labels) == len(own)


def test_a_model_without_its_run_says_so_and_faults_are_sentences(tmp_path):
    write_model(tmp_path / "model")
    found = training_survival(tmp_path / "model")
    assert (found.groups, found.why) == ((), NO_RUN)
    (tmp_path / "predictions.csv").write_text("not a table")
    with pytest.raises(RunError, match=r"predictions\.csv is damaged: it is not a table of risks\."):
        training_survival(tmp_path / "model")
    shutil.copytree(tmp_path / "model", tmp_path / "copy of the model")
    assert training_survival(tmp_path / "copy of the model").why == NO_RUN
    with pytest.raises(ModelError):
        training_survival(tmp_path)
