"""The command `report`: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exercises.common.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.problem import Problem

PAPERS = ("a4", "letter")
LEAST = 5
ENDINGS = (".pdf", ".html")


@click.command(epilog="Example:  byhand report results --out class-report.pdf")
@click.argument("results", metavar="RESULTS…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("class-report.pdf"),
    show_default=True,
    help="A .pdf or an .html file.",
)
@click.option(
    "--problems",
    multiple=True,
    metavar="PROBLEM",
    help="A problem, a key, or a folder of them, for its notation; may be repeated.",
)
@click.option(
    "--min-group",
    "least",
    type=click.IntRange(1),
    default=LEAST,
    show_default=True,
    help="Say nothing of fewer students than this.",
)
@click.option("--title", default="", help="What the report is called.")
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
@click.pass_context
def report(
    ctx: click.Context,
    results: tuple[Path, ...],
    out: Path,
    problems: tuple[str, ...],
    least: int,
    title: str,
    paper: Any,
) -> None:
    """Report on a whole class, with nobody to be recognised in it.

    RESULTS are lines of `byhand grade --json`: files, or a folder with results.jsonl. The report bears the title of
    the set of problems, unless you give it another.
    """
    from exercises.common.errors import FileError
    from exercises.common.files import write
    from grader.class_report.report_pages import ClassReport
    from grader.class_report.sheet_records import read
    from grader.class_report.tally import Threshold
    from grader.course.results.unfinished import STOPPED
    from grader.course.work.done_before import UNFINISHED, is_kept

    if out.suffix.lower() not in ENDINGS:
        raise FileError(f"{out}: expected a file that ends in .pdf or .html")
    reading = read(results)
    for folder in (one for one in results if is_kept(one, UNFINISHED)):
        reading.complaints.append(f"{folder}: {STOPPED}; byhand regrade {folder} finishes it")
    for complaint in reading.complaints:
        say(complaint)
    if not reading.sheets:
        raise FileError("no record of `byhand grade --json` in what was given; nothing to report")
    known = {problem.code: problem for problem in _problems(problems)}
    titled = title or " and ".join(reading.titles or _titles(problems))
    made = ClassReport(reading.sheets, Threshold(least), known, titled, reading.roster)
    write(out, made.pdf(paper) if out.suffix.lower() == ".pdf" else made.html(paper))
    say(f"wrote {out}")
    if reading.complaints:
        ctx.exit(1)


def _titles(named: tuple[str, ...]) -> Iterator[str]:
    """The titles of the sets of problems that were named."""
    from grader.course.people.course_problems import set_title

    yield from dict.fromkeys(title for title in map(set_title, map(Path, named)) if title)


def _problems(named: tuple[str, ...]) -> Iterator[Problem]:
    """The problems that were named, and those in folders; a folder's other files are passed over."""
    from answer_keys.problems import load
    from exercises.common.errors import ByhandError
    from grader.files.folders import below
    from grader.files.links import leads_out

    for name in named:
        folder = Path(name)
        if not folder.is_dir():
            yield load(name)
            continue
        for file, passed_over in below(folder):
            if not passed_over and (file.suffix != ".toml" or not (file.is_file() or file.is_symlink())):
                continue
            if wrong := passed_over or leads_out(file, folder):
                say(f"{file}: {wrong}")
                continue
            try:
                yield load(str(file))
            except ByhandError as error:
                say(f"{file}: passed over, no problem ({error.faults[0]})")
