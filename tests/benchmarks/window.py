"""V1: the window at 1080p, offscreen. Milliseconds, so that they depend on the machine; none of them counts for the gate."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import openslide
from PIL import Image

from e2evit_model.overlay.colors import COLOR_TABLES
from e2evit_model.slides.opening import open_slide
from e2evit_model.slides.scale import Scale
from e2evit_model.strip.reading import mean_patches
from e2evit_model.tiling.grid import TileGrid
from tests.benchmarks.measuring import Row, peak_memory_mb
from tests.benchmarks.reading import whole_grid
from tests.benchmarks.slides import SIDE, benchmark_slide, huge_slide
from tests.benchmarks.starting import seconds_to_window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QPointF, QSettings
from PySide6.QtWidgets import QApplication

from e2evit_gui.jobs.giving_way import process_gives_way
from e2evit_gui.jobs.worker import finish_all
from e2evit_gui.main_window.start import prepare_process
from e2evit_gui.main_window.window import MainWindow
from e2evit_gui.state.log import LogBook
from e2evit_gui.state.overlay import OverlayLayer
from e2evit_gui.state.preferences import Preferences
from e2evit_gui.theme import style
from e2evit_gui.theme.palette import ThemeChoice
from e2evit_gui.viewer.canvas import Canvas
from e2evit_gui.viewer.pyramid import Pyramid
from e2evit_gui.viewer.slide_tiles import SlideTiles
from e2evit_gui.viewer.viewport import Viewport

WIDTH, HEIGHT = 1920, 1080
FRAME_S = 1 / 60
FRAMES, QUICK_FRAMES = 150, 40
PAN_PX = 24  # a frame: a quick drag
PATIENCE_S = 60.0
TILES = 100_000


class Stage:
    """A canvas of 1080p with a slide, and a clock that notes how long the window did not answer in each frame."""

    def __init__(self, path: Path) -> None:
        prepare_process()
        self.app = QApplication.instance() or QApplication([])
        style.keeper().choose(ThemeChoice.LIGHT)
        began = time.perf_counter()
        slide = open_slide(path)
        self.tiles = SlideTiles(slide, Pyramid(slide))
        self.canvas = Canvas()
        self.canvas.resize(WIDTH, HEIGHT)
        self.canvas.show_slide(self.tiles, slide.info.mpp)
        self.canvas.show()
        self.settle()
        self.first_picture_s = time.perf_counter() - began
        self.worked_s = 0.0

    def settle(self) -> None:
        """Wait until everything in view and around it is there and painted."""
        self.canvas.repaint()
        _wait(self.app, lambda: self.canvas.settled)
        self._answer()

    def sharpen(self) -> None:
        """Wait until a frame was painted in which no tile is missing; those around the view may still be read."""
        _wait(self.app, lambda: self.canvas._whole)

    def frame(self, view: Viewport) -> float:
        """Show another view for a sixtieth of a second; return the longest time in it without an answer to the user, in seconds.

        ``worked_s`` is what painting took of the processor in this thread.
        """
        began, worked = time.perf_counter(), time.thread_time()
        self.canvas._move(view)
        self.canvas.repaint()
        longest, self.worked_s = time.perf_counter() - began, time.thread_time() - worked
        while time.perf_counter() < began + FRAME_S:
            longest = max(longest, self._answer())
            time.sleep(0.0005)
        return longest

    def _answer(self) -> float:
        began = time.perf_counter()
        self.app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        return time.perf_counter() - began

    def close(self) -> None:
        self.canvas.close()
        self.tiles.close()
        self.tiles.join()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@contextmanager
def _stage(path: Path) -> Iterator[Stage]:
    stage = Stage(path)
    try:
        yield stage
    finally:
        stage.close()


def _looking_at(stage: Stage, scale: float) -> Viewport:
    view = stage.canvas.view
    assert view is not None
    wide = replace(view, scale=scale)
    return wide.centered(SIDE * 0.3, SIDE * 0.3)


def _pan(stage: Stage, scale: float, frames: int) -> list[float]:
    view = _looking_at(stage, scale)
    stage.canvas._move(view)
    stage.settle()
    found = []
    for _ in range(frames):
        view = view.moved(-PAN_PX, -PAN_PX / 2)
        found.append(stage.frame(view))
    return found


def _by_openslide(path: Path, scale: float) -> float:
    """Return the seconds of a frame that reads its view from the file and scales it, as a simple viewer does (median of 5)."""
    width, height = round(WIDTH * scale), round(HEIGHT * scale)
    took = []
    with openslide.OpenSlide(path) as slide:
        for n in range(6):
            began = time.perf_counter()
            region = slide.read_region((round(6_000 + n * PAN_PX * scale), 6_000), 0, (width, height)).convert("RGB")
            region.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
            took.append(time.perf_counter() - began)
    return float(np.median(took[1:]))


def _row(case: str, seconds: list[float], target_ms: float, why: str = "", **beside: object) -> Row:
    ms = np.array(seconds) * 1e3
    value = float(np.percentile(ms, 95)) if len(ms) > 1 else float(ms[0])
    said = f"median {np.median(ms):.1f}, longest {ms.max():.1f} ms" if len(ms) > 1 else ""
    return Row(
        id="V1",
        case=case,
        ours=value,
        ratio=value,
        target=target_ms,
        lower_is_better=True,
        unit="ms",
        gate=False,
        why="; ".join(part for part in (said, why) if part),
        **beside,  # type: ignore[arg-type]
    )


def v1(*, quick: bool, peers: bool) -> list[Row]:
    """Jump, pan, overlay, strip, start and memory of the window."""
    frames = QUICK_FRAMES if quick else FRAMES
    path = benchmark_slide(quick=False, pyramid=True)
    rows = []
    with _stage(path) as stage:
        rows.append(_row("first picture of a slide", [stage.first_picture_s], 300.0, "three levels, 20 480 px"))
        rows += _jumps(stage, path, frames // 3)
        for zoom in (1.0, 0.7, 0.51):
            beside = _by_openslide(path, 1 / zoom) * 1e3
            rows.append(
                _row(
                    f"pan at {zoom:g}, p95 of a frame",
                    _pan(stage, 1 / zoom, frames),
                    16.7,
                    beside=beside,
                    beside_name=PEER,
                )
            )
        rows.append(_zooming(stage, frames))
        with _analysis(benchmark_slide(quick=False)):
            rows.append(_row("pan at 0.7 while a slide is analyzed, p95", _pan(stage, 1 / 0.7, frames), 33.0))
    rows += _many_tiles(frames)
    rows += [_row("start to a window that answers (median)", [seconds_to_window()], 1_500.0), _huge()]
    return rows


PEER = "ms a frame by OpenSlide"


def _jumps(stage: Stage, path: Path, count: int) -> list[Row]:
    """Jump to places never seen: the frame itself, from the levels that are there, and when everything in it is sharp."""
    random = np.random.default_rng(1)
    frames, sharp = [], []
    for x, y in (random.uniform(0.1, 0.9, (count, 2)) * SIDE).tolist():  # Qt takes Python's numbers only
        view = replace(_looking_at(stage, 1.0)).centered(x, y)
        began = time.perf_counter()
        frames.append(stage.frame(view))
        stage.sharpen()
        sharp.append(time.perf_counter() - began)
        stage.settle()
    beside = _by_openslide(path, 1.0) * 1e3
    return [
        _row("cold jump at 1:1, p95 of a frame", frames, 16.7, beside=beside, beside_name=PEER),
        _row("cold jump at 1:1, p95 until all of it is sharp", sharp, 100.0),
    ]


def _zooming(stage: Stage, frames: int) -> Row:
    view = _looking_at(stage, 8.0)
    stage.canvas._move(view)
    stage.settle()
    found, worked = [], []
    for number in range(frames):
        view = view.zoomed(1.06 if number < frames / 2 else 1 / 1.06, WIDTH / 2, HEIGHT / 2)
        found.append(stage.frame(view))
        worked.append(stage.worked_s * 1e3)
    said = f"of which this thread itself {np.percentile(worked, 95):.1f}: Qt scales pictures in threads of its own"
    return _row("zoom from 0.125 to 9.8 and back, p95 of a frame", found, 16.7, said)


@contextmanager
def _analysis(path: Path) -> Iterator[None]:
    """Read a slide and run a model over and over in another process, as the window does it."""
    context = get_context("spawn")
    begun, stop = context.Event(), context.Event()
    process = context.Process(target=_analyze_until, args=(path, begun, stop))
    process.start()
    try:
        begun.wait(120)
        yield
    finally:
        stop.set()
        process.join()


def _analyze_until(path: Path, begun: object, stop: object) -> None:
    from tests.benchmarks.model import VIT_S, both_models

    process_gives_way()
    model, _ = both_models(VIT_S)
    with open_slide(path) as slide:
        grid = whole_grid(slide)
        begun.set()  # type: ignore[attr-defined]
        while not stop.is_set():  # type: ignore[attr-defined]
            model.encode(mean_patches(slide, grid, patch_sizes=(14,)).means(14), grid.column, grid.row)


def many_tiles(count: int = TILES) -> TileGrid:
    """Lay so many tiles in a square."""
    side = int(np.ceil(count**0.5))
    row, column = np.divmod(np.arange(count), side)
    return TileGrid(
        column=column.astype(np.int32),
        row=row.astype(np.int32),
        x=column * 224,
        y=row * 224,
        tissue=np.random.default_rng(0).random(count).astype(np.float32),
        width=224.0,
        tile_px=224,
        order="row",
        scale=Scale(level=0, reduce=1, resample=1.0, downsample=1.0, mpp=0.25),
    )


@contextmanager
def _window(path: Path) -> Iterator[MainWindow]:
    app = QApplication.instance() or QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        preferences = Preferences(QSettings(str(Path(folder) / "settings.ini"), QSettings.Format.IniFormat))
        window = MainWindow(preferences, LogBook())
        window.resize(WIDTH, HEIGHT)
        window.show()
        window.open(path)
        _wait(app, lambda: window.session.grid is not None and not window.slides.busy)
        yield window
        window.close()
        finish_all()


def _wait(app: QCoreApplication, done: Callable[[], bool]) -> None:
    until = time.perf_counter() + PATIENCE_S
    while not done() and time.perf_counter() < until:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
        time.sleep(0.0005)


def _many_tiles(frames: int) -> list[Row]:
    """Change the overlay, look up the tile under the cursor and scroll the strip with 100 000 tiles."""
    with _window(huge_slide()) as window:
        app = QApplication.instance()
        window.session.set_grid(many_tiles())
        window.overlay.choose(layer=OverlayLayer.TISSUE)
        _wait(app, lambda: window.page.canvas.settled)

        def painted(change: Callable[[], object]) -> float:
            began = time.perf_counter()
            change()
            app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)
            return time.perf_counter() - began

        limits = [painted(lambda n=n: window.overlay.choose(limits=(0.1, 0.6 + n / 1e3))) for n in range(frames)]
        colors = [painted(lambda n=n: window.overlay.choose(colors=COLOR_TABLES[n % 3])) for n in range(frames)]
        opacity = [painted(lambda n=n: window.overlay.choose(opacity=0.3 + n / 1e3)) for n in range(frames)]
        random, canvas = np.random.default_rng(2), window.page.canvas
        points = random.uniform(0, 70_000, (2_000, 2)).tolist()
        looked = []
        for x, y in points:
            began = time.perf_counter()
            canvas.tile_at(x, y)
            looked.append(time.perf_counter() - began)
        hovered = [painted(lambda p=p: canvas.hovered.emit(QPointF(*p))) for p in points[:frames]]
        view = window.strip_panel.view
        bar = view.verticalScrollBar()
        places = np.linspace(0, bar.maximum(), frames).astype(int).tolist()
        near = [int(bar.maximum() * 0.4) + 40 * n for n in range(frames)]
        jumped = [painted(lambda at=at: (bar.setValue(at), view.viewport().repaint())) for at in places]
        scrolled = [painted(lambda at=at: (bar.setValue(at), view.viewport().repaint())) for at in near]
    said = f"{TILES:,} tiles"
    return [
        _row("overlay: change of the range, p95 with painting", limits, 16.0, said),
        _row("overlay: change of the colors, p95 with painting", colors, 16.0, said),
        _row("overlay: change of the opacity, p95 with painting", opacity, 16.0, said),
        _row("hover: which tile is it, p95", looked, 1.0, said),
        _row("hover: frames and words that follow it, p95 with painting", hovered, 16.7, said),
        _row("strip: jump, p95 with painting", jumped, 16.7, said),
        _row("strip: scroll, p95 with painting", scrolled, 16.7, said),
    ]


def _huge() -> Row:
    peak = peak_memory_mb(_look_around, huge_slide())
    return Row(
        id="V1",
        case="memory: a slide of 100 096 x 80 128 px, looked at all over",
        ours=peak,
        ratio=peak,
        target=512.0,
        lower_is_better=True,
        unit="MB",
        gate=False,
        peak_mb=peak,
        why="above the program without a slide; the viewer keeps 256 MB of tiles",
    )


def _look_around(path: Path) -> Callable[[], object]:
    app = QApplication.instance() or QApplication([])

    def look() -> None:
        with _stage(path) as stage:
            assert stage.app is app
            width, height = stage.tiles.slide.info.width, stage.tiles.slide.info.height
            places = (np.random.default_rng(3).uniform(0.05, 0.95, (60, 2)) * (width, height)).tolist()
            for (x, y), scale in zip(places, np.geomspace(0.7, 60, 60).tolist(), strict=True):
                stage.canvas._move(replace(stage.canvas.view, scale=scale).centered(x, y))
                stage.settle()

    return look
