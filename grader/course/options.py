"""The options of `grade` that are for a whole course."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.files.folders import below

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SMALL = 400_000  # bytes of submissions that are sooner read here than by processes that must be started first
ALONE = 30  # files that are
FORMS = ("pdf,html", "html", "pdf", "none")

_NAMES = frozenset(
    {"roster", "overrides", "marks", "marking", "canvas", "column", "feedback", "latest", "jobs", "dask"}
)


def course_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of `grade` that are for a whole course."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


FILE = click.Path(path_type=Path, dir_okay=False, exists=True)
_OPTIONS = (
    click.option("--roster", type=FILE, help="Who is in the course: CSV with the columns name and id."),
    click.option("--overrides", type=FILE, help="Decisions on single lines (TOML or CSV), which win."),
    click.option("--marks", type=FILE, help="Marks by hand (CSV with exercise, student, points), which win."),
    click.option(
        "--marking",
        type=FILE,
        help="A TOML file with a table [marking] (weights, repeated, follows) for all problems.",
    ),
    click.option("--canvas", type=FILE, help="A gradebook that Canvas exported, to be filled in."),
    click.option("--column", default="", help="The gradebook's column, such as “Assignment 3 (1234)”."),
    click.option(
        "--feedback",
        type=click.Choice(FORMS),
        default=FORMS[0],
        show_default=True,
        help="Pages to hand back. PDFs take by far the most time.",
    ),
    click.option(
        "--latest",
        type=click.Choice(["time", "name"]),
        default="time",
        show_default=True,
        help="Of two files by one student the one counts that was changed last, or comes last by name.",
    ),
    click.option("--jobs", type=click.IntRange(1, 256), help="Processes.  [default: one a core]"),
    click.option(
        "--dask",
        default="",
        metavar="ADDRESS",
        help="Work on a Dask cluster instead; whoever reaches its scheduler can run code there.",
    ),
)


def is_course(ctx: click.Context, problem: str) -> bool:
    """Whether `grade` is asked for a course: a folder of problems, or any option that only a course has."""
    typed = click.core.ParameterSource.COMMANDLINE
    names = (option.name for option in ctx.command.params if option.name in _NAMES)
    return Path(problem[:250]).is_dir() or any(ctx.get_parameter_source(n) is typed for n in names if n)


def is_small(submissions: Sequence[Path]) -> bool:
    """Whether processes would take longer to start than to be done with the work."""
    total = number = 0
    for path in submissions:
        for file in (file for file, _ in below(path)) if path.is_dir() else [path]:
            try:
                total += file.stat().st_size
            except OSError:
                continue
            number += 1
            if number > ALONE or total > SMALL:
                return False
    return True
