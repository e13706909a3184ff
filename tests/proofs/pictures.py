"""Make the pictures of README and help pages from the program itself: ``python -m tests.proofs.pictures``.

FOLDER of ``--demo`` is what ``e2evit demo`` wrote; without one, the demo runs first (a minute). Real windows do real work: a
project of painted slides is made, a batch analyzed by the model's own process, results compared, a region drawn. Without
``--out`` the pictures in ``resources`` are written anew; with it they go there, together with all states that are looked at before
a release: both themes, two sizes of the window. ``QT_SCALE_FACTOR=2`` makes them at 200 %.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from e2evit_gui.jobs.batch import JobState
from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_model.annotations.region import StripRole, new_area
from e2evit_model.inference.settings import ModelChoice
from e2evit_model.tissue.polygons import Polygon

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
SIZES = {"small": (1366, 768), "large": (2560, 1440)}
README_SIZE = (1440, 900)
HELP_SIZE = (1180, 760)
SLIDES = 12
COLORS = 128
"""A palette, where no overlay is shown: the pictures are a quarter as large. A color bar would get steps that it has not."""
SECONDS = 300


def wait_until(true, what):
    """Let the window work until something is so; end with a sentence when it is not so after minutes."""
    for _ in range(SECONDS * 20):
        if true():
            QTest.qWait(100)
            return
        QTest.qWait(50)
    raise SystemExit(f"Waited for {SECONDS} s: {what}.")


def save(widget, path, *, overlay=False):
    """Save a picture of a widget, with a palette where no overlay is shown."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.png"
        if not widget.grab().save(str(whole)):
            raise SystemExit(f"{path} could not be written.")
        picture = Image.open(whole).convert("RGB")
        if not overlay:
            picture = picture.quantize(COLORS, dither=Image.Dither.NONE)
        picture.save(path, optimize=True)
    print(path, flush=True)


class Studio:
    """A window on the demo's material, and the states that are shown."""

    def __init__(self, demo, folder):
        self.demo = demo
        settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(Preferences(settings), LogBook())
        self.window.resize(*README_SIZE)
        self.window.show()
        self.window.choose_model(ModelChoice(source=str(demo / "run" / "model")))

    def at_rest(self):
        """Wait until everything is read and painted."""
        window, projects = self.window, self.window.projects
        window.page.canvas.repaint()
        wait_until(
            lambda: (
                not (
                    window.slides.busy
                    or window.models.busy
                    or projects.presenter.busy
                    or projects.presenter.looking
                    or projects.pictures.busy
                    or projects.opened_slide.busy
                )
                and window.page.canvas.settled
            ),
            "the window does not come to rest",
        )

    def one_slide(self):
        """Open the demo's slide and analyze it."""
        self.window.open(self.demo / "demo-slide.tiff")
        wait_until(lambda: self.window.session.grid is not None, "no tiles were laid")
        self.at_rest()
        self.window.run()
        wait_until(lambda: self.window.session.result is not None, "the analysis does not end")
        self.at_rest()

    def project(self, folder):
        """Make a project of slides of the painted cohort."""
        projects = self.window.projects
        self.window.slides.close()
        projects.presenter.create(folder)
        wait_until(lambda: projects.state.project is not None, "the project is not made")
        projects.presenter.add(sorted((self.demo / "cohort" / "slides").glob("*.tiff"))[:SLIDES])
        wait_until(lambda: len(projects.state.project.slides()) == SLIDES, "the slides are not taken in")
        self.at_rest()

    def begin_batch(self):
        """Analyze all slides, and stop in the middle with the queue in front."""
        projects, docks = self.window.projects, self.window.docks
        projects.analyze(projects.panel.order.shown)
        docks.queue.show()
        docks.queue.raise_()
        wait_until(lambda: self._count(JobState.DONE) >= SLIDES // 3, "the batch does not go on")

    def end_batch(self):
        """Wait for the rest of the batch."""
        queue = self.window.projects.queue
        wait_until(lambda: queue.running is None and not queue.waiting, "the batch does not end")
        failed = [job for job in queue.jobs if job.state is not JobState.DONE]
        if failed:
            raise SystemExit(f"Not analyzed: {[(job.name, job.failure and job.failure.message) for job in failed]}")

    def _count(self, state):
        return sum(job.state is state for job in self.window.projects.queue.jobs)

    def first_slide(self):
        """Open the first slide of the project: it comes with its result."""
        window, projects = self.window, self.window.projects
        projects.open_slide(projects.panel.order.shown[0])
        wait_until(lambda: window.session.result is not None, "the slide does not open with its result")
        window.docks.strip.raise_()
        self.at_rest()

    def region(self):
        """Draw a region that is left out, with a class and a note."""
        window = self.window
        info = window.session.slide.info
        corners = np.array([(0.34, 0.30), (0.55, 0.24), (0.66, 0.42), (0.58, 0.62), (0.38, 0.58)])
        outline = corners * (info.width, info.height)
        drawn = replace(
            new_area((Polygon(outer=outline),)), class_name="Tumor", note="glands, high grade", role=StripRole.EXCLUDE
        )
        window.regions.regions.add([drawn], "Draw")
        window.regions.regions.select([drawn.key])
        window.regions.dock.raise_()
        self.at_rest()

    def results(self, tab):
        """Show a tab of the results."""
        self.window.results.show(tab)
        page = self.window.results.page
        page.resize(900, 580)
        wait_until(
            lambda: (
                not (page.gallery.busy or page.map.busy or page.survival.busy or self.window.projects.pictures.busy)
            ),
            f"the results do not come to rest ({tab})",
        )
        return page

    def comparison(self):
        """Compare four slides."""
        window = self.window
        window.results.compare(window.projects.panel.order.shown[:4])
        made = window.results.comparisons[-1]
        made.resize(1100, 720)
        wait_until(
            lambda: not made.busy and all(pane.canvas.settled for pane in made.panes), "the comparison does not load"
        )
        return made

    def close(self):
        """Close everything, and wait for what it started."""
        self.window.projects.close_for_good()
        self.window.close()
        finish_all()


def demo_material(given, work):
    """Return the demo's folder: the given one, or one that is made now."""
    if given is not None:
        return given
    demo = work / "demo"
    subprocess.run(
        [sys.executable, "-c", "from e2evit_model.cli.main import main; main()", "demo", "--out", str(demo)], check=True
    )
    return demo


def states(studio, work):
    """Bring the program from state to state; yield a name and the widget that shows it."""
    window = studio.window
    yield "empty", window
    studio.one_slide()
    yield "window", window
    studio.project(work / "Painted cohort")
    yield "project-new", window
    studio.begin_batch()
    yield "batch", window
    studio.end_batch()
    studio.at_rest()
    yield "batch-done", window
    studio.first_slide()
    yield "project", window
    for tab in ("table", "gallery", "map", "survival"):
        yield tab, studio.results(tab)
    window.results.page.hide()
    made = studio.comparison()
    yield "compare", made
    made.close()
    studio.region()
    yield "region", window


RESOURCE_OF = {
    "window": "pictures/window.png",
    "batch": "help/pictures/batch.png",
    "region": "help/pictures/region.png",
    "gallery": "help/pictures/gallery.png",
    "map": "help/pictures/map.png",
    "survival": "help/pictures/survival.png",
    "compare": "help/pictures/compare.png",
}


WITH_OVERLAY = {"window", "compare"}


def shoot(studio, name, widget, out):
    """Save a state into the resources, or in both themes and, for the main window, in all sizes into a folder."""
    keeper = style.keeper()
    if out is None:
        if name in RESOURCE_OF:
            # words in a help page are read at half of this width: no larger than needed
            if widget is studio.window and name != "window":
                widget.resize(*HELP_SIZE)
                QTest.qWait(300)
            save(widget, RESOURCES / RESOURCE_OF[name], overlay=name in WITH_OVERLAY)
        if name == "window":
            keeper.choose(ThemeChoice.DARK)
            studio.at_rest()
            save(widget, RESOURCES / "pictures" / "window-dark.png", overlay=True)
            keeper.choose(ThemeChoice.LIGHT)
            studio.at_rest()
        return
    before = widget.size()
    # a batch goes on while it is looked at: one picture shows it as it is now
    sizes = {"": None} if widget is not studio.window or name == "batch" else SIZES
    for size, pixels in sizes.items():
        for theme in (ThemeChoice.LIGHT, ThemeChoice.DARK):
            keeper.choose(theme)
            if pixels is not None:
                widget.resize(*pixels)
            QTest.qWait(300)
            if name != "batch":
                studio.at_rest()
            save(widget, out / f"{'-'.join(part for part in (name, size, str(theme)) if part)}.png", overlay=True)
    widget.resize(before)
    keeper.choose(ThemeChoice.LIGHT)


def main():
    """Make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", type=Path, help="what e2evit demo wrote; without it, the demo runs first")
    parser.add_argument("--out", type=Path, help="write every state here, in both themes, instead of into resources")
    given = parser.parse_args()
    work = Path(tempfile.mkdtemp(prefix="pictures-"))
    for name in ("CACHE", "CONFIG", "DATA"):
        os.environ[f"E2EVIT_{name}"] = str(work / name.lower())
    demo = demo_material(given.demo, work)
    app = QApplication(sys.argv[:1])
    style.keeper().choose(ThemeChoice.LIGHT)
    studio = Studio(demo, work)
    try:
        for name, widget in states(studio, work):
            QTest.qWait(300)
            shoot(studio, name, widget, given.out)
    finally:
        studio.close()
        app.quit()
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
