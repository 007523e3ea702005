"""The command `practice`: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from exercises.common.output import say

if TYPE_CHECKING:
    from answer_keys.drawing_services import GetServices

MOST = 500


@click.command(
    epilog="Example:  byhand practice huddar-1 --out site --serve\n\n"
    "A course's exercises:  byhand practice thursday.toml --out site"
)
@click.argument("problems", metavar="PROBLEM…|SET", nargs=-1, required=True)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("practice"),
    show_default=True,
    help="Folder to write to: put it on any web server.",
)
@click.option(
    "--numbers",
    type=click.IntRange(1, MOST),
    default=50,
    show_default=True,
    help="How many problems of each exercise, for practising again on other numbers.",
)
@click.option("--title", default="", help="What the page is called.")
@click.option("--serve", "shown", is_flag=True, help="Then show it in a browser, from this computer.")
@click.option(
    "--runtime",
    "home",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of what the page runs on.  [default: where make practice-runtime puts it]",
)
@click.pass_obj
def practice(
    services: GetServices,
    problems: tuple[str, ...],
    out: Path,
    numbers: int,
    title: str,
    shown: bool,
    home: Path | None,
) -> None:
    """Make a practice page of PROBLEMs, or of all exercises of a problem set.

    The page judges each line at once, in the student's own browser, as `byhand grade` does; it needs no server and
    sends nothing anywhere. Each exercise can be practised again on numbers that no student of a course has.
    """
    from grader.practice import runtime
    from grader.practice.numbers import practised
    from grader.practice.site import site_files, write_site

    files = runtime.files(home or runtime.FOLDER)
    called, exercises = practised(problems, numbers, services())
    write_site(out, site_files(title or called, exercises, files))
    count = len(exercises)
    say(
        f"wrote {out} ({count} {'exercise' if count == 1 else 'exercises'}); {out}/README.md says where to put it"
    )
    if shown:
        from grader.practice.serving import serve

        serve(out, say)
