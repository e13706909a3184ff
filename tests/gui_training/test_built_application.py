"""A built application has no Python to run a module with: it becomes the process that trains by its first argument."""

import subprocess
import sys

from e2evit_gui import app
from e2evit_gui.jobs import training_child
from e2evit_gui.jobs.training_child import child_words


def test_the_words_lead_to_the_process_that_trains_built_or_not(monkeypatch, tmp_path):
    asked = subprocess.run([*child_words(), "--help"], capture_output=True, text=True, check=True, timeout=60)
    assert "Train a risk model in a process of its own." in asked.stdout
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    program, *words = child_words()
    assert program == sys.executable
    heard = []
    monkeypatch.setattr(training_child, "main", lambda given: heard.append(list(given)) or 0)
    assert app.main([*words, "--run", str(tmp_path)]) == 0
    assert heard == [["--run", str(tmp_path)]]
