"""How the command line says faults, and with which exit code."""

import click
import pytest

from e2evit_model.cli import main
from e2evit_model.errors import Cancelled, SlideError


@pytest.fixture
def command_that_raises(monkeypatch: pytest.MonkeyPatch):
    def install(error: BaseException) -> None:
        @click.command("info")
        def failing() -> None:
            raise error

        monkeypatch.setattr(main._Commands, "get_command", lambda self, ctx, name: failing)

    return install


def test_a_fault_of_the_input_is_a_sentence_with_a_hint(
    command_that_raises, capsys: pytest.CaptureFixture[str]
) -> None:
    command_that_raises(SlideError("x.svs is empty.", hint="Copy it again."))
    assert main.run(["info"]) == 2
    out = capsys.readouterr()
    assert out.err == "Error: x.svs is empty.\nHint:  Copy it again.\n"
    assert out.out == ""


def test_a_fault_of_ours_says_so_without_a_traceback(command_that_raises, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(ZeroDivisionError("division by zero"))
    assert main.run(["info"]) == 1
    err = capsys.readouterr().err
    assert err.startswith("Error: Something went wrong in the program (ZeroDivisionError: division by zero).\n")
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [["--debug", "info"], ["info", "--debug"]])
def test_debug_shows_the_traceback_wherever_it_stands(command_that_raises, arguments, capsys) -> None:
    command_that_raises(SlideError("x.svs is empty."))
    assert main.run(arguments) == 2
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("error", [Cancelled(), KeyboardInterrupt()])
def test_stopped_by_the_user(command_that_raises, error, capsys) -> None:
    command_that_raises(error)
    assert main.run(["info"]) == 130
    assert capsys.readouterr().err.strip() == "Error: Stopped."


def test_a_mistyped_command_is_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["analize"]) == 2
    assert 'There is no command "analize". Did you mean "analyze"?' in capsys.readouterr().err


def test_a_missing_argument_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["info"]) == 2
    assert "SLIDE" in capsys.readouterr().err


def test_help_names_every_command_and_the_research_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["--help"]) == 0
    out = capsys.readouterr().out
    assert "Research use only" in out
    for name in main._COMMANDS:
        assert f"\n  {name} " in out
