import shutil

import numpy as np
import pytest
from PIL import Image

from e2evit_model.errors import CohortError
from e2evit_model.progress import Cancelled
from e2evit_model.project.paths import ProjectFolder
from e2evit_model.project.slides import entry_of, expand, find_moved, missing_slides, take_in, write_thumbnail
from e2evit_model.slides.opening import open_slide
from tests.slide_files import tissue_like, write_pyramid


@pytest.fixture(scope="module")
def slides(tmp_path_factory):
    """Three different slides in nested folders."""
    root = tmp_path_factory.mktemp("slides")
    (root / "deep" / "er").mkdir(parents=True)
    paths = [root / "a.tiff", root / "deep" / "b.tiff", root / "deep" / "er" / "c.tiff"]
    for seed, path in enumerate(paths):
        write_pyramid(path, tissue_like(300, 400 + 10 * seed, seed=seed), mpp=0.5, levels=1)
    return root


def copy(slides, tmp_path):
    return shutil.copytree(slides, tmp_path / "slides")


def test_folders_are_replaced_by_the_slides_below_them_each_once(slides):
    found = expand([slides, slides / "a.tiff", slides / "deep"])
    assert [path.name for path in found] == ["a.tiff", "b.tiff", "c.tiff"]


def test_slides_are_taken_in_once_and_what_is_none_is_refused(slides, tmp_path):
    files = copy(slides, tmp_path)
    shutil.copy(files / "a.tiff", files / "copy of a.tiff")
    (files / "words.svs").write_text("no slide")
    folder = ProjectFolder(tmp_path / "project")
    seen = []
    taken = take_in(folder, expand([files]), progress=lambda *said: seen.append(said))
    assert [entry.name for entry in taken.entries] == ["a.tiff", "b.tiff", "c.tiff"]
    assert [entry.path for entry in taken.entries] == [
        "../slides/a.tiff",
        "../slides/deep/b.tiff",
        "../slides/deep/er/c.tiff",
    ]
    assert taken.known == 1
    assert [name for name, _ in taken.refused] == ["words.svs"]
    assert seen[-1] == ("Taking slides into the project", 5, 5)
    with open_slide(files / "a.tiff") as slide:
        assert taken.entries[0].fingerprint == slide.info.fingerprint
        assert (taken.entries[0].width, taken.entries[0].height, taken.entries[0].mpp) == (400, 300, 0.5)
    again = take_in(folder, expand([files]), known={entry.id for entry in taken.entries})
    assert (again.entries, again.known) == ((), 4)


def test_taking_in_can_be_cancelled(slides, tmp_path):
    def stop(_step, done, _total):
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        take_in(ProjectFolder(tmp_path), expand([slides]), progress=stop)


def test_a_small_picture_is_made_once_and_looks_like_the_slide(slides, tmp_path):
    folder = ProjectFolder(tmp_path / "project")
    entry = entry_of(folder, slides / "a.tiff")
    path = write_thumbnail(folder, entry)
    picture = np.asarray(Image.open(path))
    assert picture.shape == (144, 192, 3)
    with open_slide(slides / "a.tiff") as slide:
        whole = slide.read_region(0, 0, 0, 400, 300)
    assert abs(picture.mean() - whole.mean()) < 1.5
    before = path.stat().st_mtime_ns
    assert write_thumbnail(folder, entry) == path
    assert path.stat().st_mtime_ns == before


def test_moved_slides_are_found_by_content_under_any_name(slides, tmp_path):
    files = copy(slides, tmp_path)
    folder = ProjectFolder(tmp_path / "project")
    entries = take_in(folder, expand([files])).entries
    assert missing_slides(folder, entries) == ()
    elsewhere = tmp_path / "elsewhere"
    shutil.move(files, elsewhere)
    assert missing_slides(folder, entries) == tuple(entry.id for entry in entries)
    (elsewhere / "deep" / "b.tiff").rename(elsewhere / "renamed.tiff")
    # another slide under an old name, and one that is gone
    shutil.copy(elsewhere / "a.tiff", elsewhere / "deep" / "b.tiff")
    (elsewhere / "deep" / "er" / "c.tiff").unlink()
    (elsewhere / "notes.svs").write_text("x" * entries[0].bytes)
    found = find_moved(entries, elsewhere)
    assert found[entries[1].id] == elsewhere / "renamed.tiff"
    assert found[entries[0].id].name in {"a.tiff", "b.tiff"}
    assert set(found) == {entries[0].id, entries[1].id}


def test_looking_in_a_folder_that_is_gone_is_a_sentence(tmp_path):
    with pytest.raises(CohortError, match="nowhere is not a folder"):
        find_moved([], tmp_path / "nowhere")


def test_paths_are_kept_relative_and_lead_back(tmp_path):
    folder = ProjectFolder(tmp_path / "project")
    for path in (tmp_path / "x.svs", tmp_path / "project" / "in.svs", tmp_path / "a" / "b" / "c.svs"):
        kept = folder.relative(path)
        assert not kept.startswith("/")
        assert folder.resolve(kept) == path.resolve()
    moved = ProjectFolder(tmp_path / "other" / "project")
    assert moved.resolve(folder.relative(tmp_path / "x.svs")) == (tmp_path / "other" / "x.svs").resolve()
