"""byhand: backpropagation exercises with pencil and paper, drawn, printed, solved, graded and explained."""

# ruff: noqa: E402 - the path is set right before anything is looked for on it

import os
import sys

_OURS = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120
if __name__ == "__main__" and not sys.flags.safe_path and os.path.realpath(sys.path[0]) != _OURS:
    # `python -m byhand` looks for modules in the current folder first, where students' files may lie.
    del sys.path[0]

import importlib
from typing import TYPE_CHECKING, Any

import click

from exercises.common import output, stopping
from exercises.common.errors import ByhandError
from exercises.common.safely import safely

if TYPE_CHECKING:
    from answer_keys.drawing_services import DrawingServices

COMMANDS = {
    "new": "answer_keys.set_commands",
    "generate": "answer_keys.commands",
    "solve": "answer_keys.commands",
    "grade": "grader.commands",
    "read": "grader.commands",
    "regrade": "grader.course.commands",
    "check": "grader.commands",
    "explain": "grader.commands",
    "report": "grader.class_report.commands",
    "practice": "grader.practice.commands",
    "export": "grader.export.commands",
}


class FrontDoor(click.Group):
    """Loads a command when it is asked for, so that `byhand --help` starts in no time."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order in which one uses them."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, its module imported now."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for; of a misspelt one it is said which may have been meant."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from exercises.common.wording import nearest

            ctx.fail(f"no such command “{args[0]}”; {nearest(args[0], COMMANDS)}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Do all that a command line asks for, and import nothing meanwhile from the folder that one is in."""
        with safely(), output.written_anywhere():
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is wrong becomes sentences on stderr and status 2, never a traceback."""
        try:
            return super().invoke(ctx)
        except ByhandError as error:
            output.complain(error.faults)
            ctx.exit(2)
        except (KeyboardInterrupt, click.Abort) as stopped:
            output.say(str(stopped) or "stopped")
            ctx.exit(stopping.STATUS)
        except (click.exceptions.Exit, click.ClickException, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("BYHAND_TRACEBACK") or output.has_no_room(error):
                raise
            unexpected = output.shortened(f"{type(error).__name__}: {error}")
            output.say(
                f"Error: byhand stumbled over something it did not expect ({unexpected}). "
                "Please report it; BYHAND_TRACEBACK=1 shows where."
            )
            ctx.exit(2)


@click.group(
    cls=FrontDoor,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example:  byhand generate --shape 2-2-1 --count 3 --out problem-set",
)
@click.version_option(package_name="byhand", prog_name="byhand")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Backpropagation with pencil and paper: draw exercises, print them, grade the answers.

    PROBLEM is always a problem file, an answer key, or the name of a shipped exercise such as huddar-1.
    """
    ctx.obj = _services


def _services() -> "DrawingServices":
    """What the grader knows of numbers, for commands below it that draw them; imported when it is wanted."""
    from grader.services import SERVICES

    return SERVICES


if __name__ == "__main__":
    sys.exit(main())
