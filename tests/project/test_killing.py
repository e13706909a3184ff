"""A hundred kills at random moments of a process that writes: nothing that was saved is lost."""

import os
import random
import signal
import subprocess
import sys
import textwrap

import pytest

from e2evit_model.project.project import Project

WRITER = textwrap.dedent(
    """
    # forks a writer for every line it is given (a time in ms), kills it then, and says the last number that it had saved
    import os, random, signal, sys, time
    from pathlib import Path
    from e2evit_model.project import project as module
    from e2evit_model.project.project import Project
    from e2evit_model.project.results import write_result
    from tests.project.material import make_entry, make_result

    module.COMPACT_BYTES = 3000  # so that many kills hit the writing of a snapshot
    folder = Path(sys.argv[1])
    entry, result = make_entry(), make_result(tiles=3)

    def write(pipe):
        project = Project.open(folder)
        assert not project.read_only, project.read_only
        number = (project.document("counter") or 0) + 1
        while True:
            documents = {"counter": number, f"key {number % 7}": "x" * (number % 300), entry.key: entry}
            if number % 10 == 0:
                kept = write_result(project.folder, entry.id, result)
                documents |= {old.key: None for old in project.results()} | {kept.key: kept}
            project.apply(project.change("Change", documents))
            project.save()
            os.write(pipe, number.to_bytes(8, "little"))
            if number % 50 == 0:
                project.compact()
            number += 1

    for line in sys.stdin:
        here, there = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(here)
            try:
                write(there)
            except BaseException as error:
                sys.stderr.write(repr(error))
            os._exit(1)
        os.close(there)
        first = os.read(here, 8)
        time.sleep(float(line) / 1000)
        os.kill(child, signal.SIGKILL)
        said = first
        while part := os.read(here, 1 << 16):
            said += part
        os.close(here)
        _, status = os.waitpid(child, 0)
        died = os.WTERMSIG(status) if os.WIFSIGNALED(status) else -1
        numbers = [int.from_bytes(said[at : at + 8], "little") for at in range(0, len(said) // 8 * 8, 8)]
        print(died, numbers[-1] if numbers else -1, flush=True)
    """
)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills by signal need a system that forks")
def test_a_hundred_kills_lose_nothing_that_was_saved(tmp_path):
    folder = tmp_path / "work"
    Project.create(folder).close()
    random.seed(os.environ.get("PYTEST_RANDOMLY_SEED", "0"))
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with_result = 0
    for kill in range(100):
        writer.stdin.write(f"{random.uniform(0, 30)}\n")
        writer.stdin.flush()
        died, saved = map(int, writer.stdout.readline().split())
        assert died == signal.SIGKILL
        project = Project.open(folder)
        assert project.read_only == "", f"kill {kill}: the lock of a killed process binds"
        # one more than was told may be there: the kill came between saving and telling
        assert project.document("counter") - saved in {0, 1}, f"kill {kill}"
        for result in project.results():
            with_result += project.folder.result(result.id).record.is_file()
        assert all(project.folder.result(result.id).record.is_file() for result in project.results())
        # every second time as after another crash, every second time closed as it should be
        project.abandon() if kill % 2 else project.close()
    writer.stdin.close()
    assert writer.wait(10) == 0
    assert with_result > 10
