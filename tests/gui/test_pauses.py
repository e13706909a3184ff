"""What modules made is not in the rounds of the garbage collector."""

import subprocess
import sys
import textwrap

ROUNDS = textwrap.dedent(
    """
    import gc, sys, weakref
    from PySide6.QtCore import QCoreApplication
    from e2evit_gui.main_window.start import prepare_process
    from e2evit_gui.jobs.worker import Worker

    # what a full round of the collector would look through
    looked_through = lambda: len(gc.get_objects())

    app = QCoreApplication([])

    def work(task):
        worker = Worker(task)
        worker.finished.connect(app.quit)
        worker.begin()
        app.exec()

    class Circle:
        def __init__(self):
            self.itself = self

    def libraries(_progress):
        import matplotlib.figure, sksurv.nonparametric
        gone.append(weakref.ref(Circle()))

    gone = []
    told = [looked_through()]
    prepare_process()
    told.append(looked_through())
    work(lambda _progress: None)
    aside = gc.get_freeze_count()
    work(lambda _progress: [[] for _ in range(100)])
    told.append(gc.get_freeze_count() - aside)
    before = len(sys.modules)
    work(libraries)
    told += [len(sys.modules) - before, gc.get_freeze_count() - aside, looked_through(), gone[0]() is None]
    print(*told)
    """
)


def test_a_round_of_the_collector_does_not_look_through_what_modules_made():
    done = subprocess.run([sys.executable, "-c", ROUNDS], capture_output=True, text=True, check=True)
    *numbers, garbage_is_gone = done.stdout.split()
    at_start, prepared, by_small_tasks, modules, by_libraries, at_the_end = map(int, numbers)
    assert at_start > 30_000, "there is little to set aside: this is needed no longer"
    assert prepared < at_start / 20
    assert by_small_tasks <= 0, "a task that brings no modules sets nothing aside"
    assert modules > 500
    assert by_libraries > 50_000
    assert at_the_end < at_start / 20
    assert garbage_is_gone == "True", "garbage is not set aside with the rest"
