"""The command ``e2evit``: its commands, and how faults are said.

Exit codes: 0 done, 1 a fault of the program, 2 the user's input cannot be used, 130 stopped by the user.
"""

import logging
import os
import sys
import traceback
from importlib import import_module
from typing import NoReturn

import click

from e2evit_model import __version__
from e2evit_model.errors import Cancelled, E2EViTError, did_you_mean

DONE, OUR_FAULT, BAD_INPUT, STOPPED = 0, 1, 2, 130

_COMMANDS = {
    "ablate": "e2evit_model.cli.ablate:command",
    "analyze": "e2evit_model.cli.analyze:command",
    "cache": "e2evit_model.cli.cache:command",
    "cohort": "e2evit_model.cli.cohort:command",
    "demo": "e2evit_model.cli.demo:command",
    "desktop": "e2evit_model.cli.desktop:command",
    "doctor": "e2evit_model.cli.doctor:command",
    "embed": "e2evit_model.cli.embed:command",
    "export": "e2evit_model.cli.export:command",
    "extrapolate": "e2evit_model.cli.extrapolate:command",
    "info": "e2evit_model.cli.info:command",
    "models": "e2evit_model.cli.models:command",
    "occlude": "e2evit_model.cli.occlusion:command",
    "predict": "e2evit_model.cli.predict:command",
    "report": "e2evit_model.cli.runs:report",
    "resume": "e2evit_model.cli.runs:resume",
    "runs": "e2evit_model.cli.runs:runs",
    "strip": "e2evit_model.cli.strip:command",
    "tiles": "e2evit_model.cli.tiles:command",
    "train": "e2evit_model.cli.train:command",
}


class _Commands(click.Group):
    """Commands that are imported when they are called: torch takes seconds, ``--help`` must not."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if not name.startswith("-") and name not in _COMMANDS:
            raise click.UsageError(f'There is no command "{name}". {did_you_mean(name, _COMMANDS)}', ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="e2evit")
@click.option("--debug", is_flag=True, help="Show every decision, and the full traceback when something fails.")
@click.pass_context
def e2evit(ctx: click.Context, *, debug: bool) -> None:
    """Survival risk from whole slide images, and a view of where the model looked.

    Start with "e2evit demo". Research use only: not for diagnosis or treatment.
    """
    ctx.obj = debug
    logging.basicConfig(level=logging.DEBUG if debug else logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # libraries that tell more than a user wants: every retry, every font
    for chatty in ("huggingface_hub", "matplotlib", "PIL", "urllib3", "filelock"):
        logging.getLogger(chatty).setLevel(logging.WARNING if debug else logging.ERROR)


def _say(message: str, hint: str = "") -> None:
    click.echo(f"Error: {message}", err=True)
    if hint:
        click.echo(f"Hint:  {hint}", err=True)


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code; every fault becomes a sentence on stderr."""
    debug = "--debug" in arguments
    # --debug may stand anywhere: a user adds it at the end of the line that failed
    ordered = (["--debug"] if debug else []) + [a for a in arguments if a != "--debug"]
    try:
        outcome = e2evit.main(ordered, prog_name="e2evit", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except (click.Abort, Cancelled, KeyboardInterrupt):
        _say("Stopped.")
        return STOPPED
    except E2EViTError as error:
        if debug:
            traceback.print_exc()
        _say(error.message, error.hint)
        return BAD_INPUT
    except BrokenPipeError:
        # the reader of our output (head, less) has left: that is no fault
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the outermost frame: nothing may end in a traceback
        if debug:
            traceback.print_exc()
        _say(
            f"Something went wrong in the program ({type(error).__name__}: {error}).",
            "This is a fault of ours. Run the command again with --debug and report what it prints.",
        )
        return OUR_FAULT
    return outcome if isinstance(outcome, int) else DONE


def main() -> NoReturn:
    """Run the command line of this process."""
    sys.exit(run(sys.argv[1:]))
