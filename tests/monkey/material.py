"""What a monkey plays with: slides, a project with results, a model, regions, tables, files that are none of these."""

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from e2evit_model.annotations.geojson import write_regions
from e2evit_model.project.results import write_result
from tests.annotations.shapes import every_kind
from tests.gui.conftest import section
from tests.gui.results import make_result
from tests.gui_project.hands import answering, rest, until
from tests.slide_files import write_pyramid


@dataclass(frozen=True)
class Material:
    """A folder of files, and what a file dialog may answer."""

    folder: Path

    @property
    def slides(self) -> Path:
        return self.folder / "slides"

    @property
    def project(self) -> Path:
        return self.folder / "work"

    @property
    def files(self) -> list[str]:
        """What an open dialog may answer."""
        return [str(path) for path in sorted(self.folder.rglob("*")) if path.is_file() and "out" not in path.parts]

    @property
    def folders(self) -> list[str]:
        """What a dialog for a folder may answer."""
        names = ("slides", "work", "model", "runs", "empty", "gone")
        return [str(self.folder / name) for name in names]

    @classmethod
    def make(cls, folder: Path, model: Path) -> "Material":
        """Write the files; ``model`` is a risk model's folder, which is copied."""
        made = cls(folder)
        made.slides.mkdir(parents=True)
        for seed, name in enumerate(("a.tiff", "b.tiff", "c.tiff")):
            write_pyramid(made.slides / name, section(560, 672, seed=seed), mpp=0.5, levels=2)
        write_pyramid(folder / "no mpp.tiff", section(560, 672, seed=9), mpp=None, levels=1)
        write_pyramid(folder / "blank.tiff", np.full((600, 600, 3), 243, np.uint8), mpp=0.5, levels=1)
        (folder / "words.svs").write_text("no slide\n" * 100)
        (folder / "clinical.csv").write_text("case_id,slide_id,OS_days,OS_event\nA,a,100,1\nB,b,200,0\nC,c,300,1\n")
        shutil.copytree(model, folder / "model")
        write_regions(every_kind(), folder / "regions.geojson", mpp=0.5)
        for name in ("out", "empty", "runs"):
            (folder / name).mkdir()
        return made

    def fill(self, window) -> None:
        """Make the project in a window: three slides, each with a result on its own tiles."""
        projects = window.projects
        with answering(str(self.project)):
            window.commands.new_project.trigger()
        until(lambda: projects.state.writable, "a project")
        with answering(str(self.slides)):
            window.commands.add_folder.trigger()
        until(lambda: projects.panel.order.rowCount() == 3, "the slides")
        rest(window)
        for number, slide in enumerate(projects.state.project.slides()):
            projects.open_slide(slide.id)
            until(lambda slide=slide: projects.opened_slide.slide_id == slide.id, "a slide")
            until(lambda: window.session.grid is not None, "its tiles")
            rest(window)
            result = make_result(window.session, seed=number)
            entry = write_result(projects.state.project.folder, slide.id, replace(result, embedding=_embedding(number)))
            projects.state.change("Result", {entry.key: entry}, undoable=False)
        projects.opened_slide.want_result()
        until(lambda: window.session.result is not None, "a result on the screen")


def _embedding(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=6).astype(np.float32)
