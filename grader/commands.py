"""The commands `grade`, `check` and `explain`: parse, call, print."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exercises.common.output import say, show, show_json
from grader.course.options import FILE, course_options
from grader.files.registry import described

if TYPE_CHECKING:
    from exercises.problems.problem import Problem
    from grader.feedback.report_records import Report

PAPERS = ("a4", "letter")
HELP = f"""Grade answers to PROBLEM, and say which step broke.

PROBLEM may also be a folder of keys and problem files, and --roster names the students: then a whole course is
graded. Each sheet is matched to its problem and its student, and what was done before is not done again.

SUBMISSION is {described()}, an export of Google Forms, Microsoft Forms, Moodle or Canvas, a folder of these, or -
for standard input.
"""
_ONE = ("as_json", "hints", "out", "paper", "readings")  # options of `grade` that one problem has as well


@click.command(
    help=HELP,
    epilog="Example:  byhand grade huddar-1 answers.txt --out feedback\n\n"
    "For a course:  byhand grade problem-set returned --roster roster.csv --out results",
)
@click.argument("problem", metavar="PROBLEM")
@click.argument(
    "submissions", metavar="SUBMISSION…", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="Print one report a line (JSON Lines).")
@click.option(
    "--hints",
    is_flag=True,
    help="Tell where to look, not what the answer is; no mistake is named in any output.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Write feedback pages and reports here."
)
@click.option("--paper", type=click.Choice(PAPERS), default="a4", show_default=True)
@click.option(
    "--readings",
    type=FILE,
    help="What you read on the review page (readings.csv), which wins; kept in --out.",
)
@course_options
@click.pass_context
def grade(ctx: click.Context, /, problem: str, submissions: tuple[Path, ...], **options: Any) -> None:
    """Grade one problem, or a whole course; what `--help` says is `HELP`."""
    from grader.course.commands import grade_course
    from grader.course.options import is_course

    if is_course(ctx, problem):
        grade_course(ctx, problem, submissions, options)
    else:
        _grade_one(ctx, problem, submissions, **{name: options[name] for name in _ONE})


def _grade_one(
    ctx: click.Context,
    problem: str,
    submissions: tuple[Path, ...],
    as_json: bool,
    hints: bool,
    out: Path | None,
    paper: Any,
    readings: Path | None,
) -> None:
    """Grade what was handed in for one problem, for people to read."""
    from answer_keys.problems import load, paper_of
    from grader.course.placing.by_eye import all_readings, keep_readings
    from grader.course.results.review import waiting
    from grader.course.work.within_share import judge_reading
    from grader.files.collect import collect
    from grader.read_by_eye import cuts_of, strangers, write_review_of_one
    from grader.stacks.submissions import with_paper

    _in_order(problem, submissions)
    loaded = load(problem)
    where = paper_of(problem)
    by_eye = all_readings(out, readings)
    reading = with_paper(collect(submissions, loaded, where), loaded, where, by_eye)
    reading.complaints += strangers(by_eye, reading)
    reports = judge_reading(loaded, reading, hints=hints)
    for complaint in reading.complaints:
        say(complaint)
    if out is not None:
        from grader.handback.feedback_page import write_results

        write_results(loaded, reports, out, paper, cuts_of(reading, reports))
        keep_readings(out, by_eye)
        if count := write_review_of_one(out, loaded, reading, by_eye):
            say(waiting(out, count))
    _print(loaded, reports, as_json=as_json)
    unreadable = False
    for report in reports:
        for answer in report.unreadable:
            unreadable = True
            say(f"{report.student}, {answer.quantity}: {answer.feedback}")
    if reading.complaints or unreadable or not reports:
        ctx.exit(1)


def _in_order(problem: str, submissions: tuple[Path, ...]) -> None:
    """Raise UsageError where somebody put the answers first."""
    from answer_keys.problems import sort
    from exercises.common.errors import ByhandError

    try:
        sort(problem)
    except ByhandError:
        last = str(submissions[-1])
        try:
            sort(last)
        except ByhandError:
            return
        if not Path(problem).exists():
            return
        raise click.UsageError(
            f"the problem comes first, and then what was handed in: byhand grade {last} {problem}"
        ) from None


def _print(problem: Problem, reports: list[Report], *, as_json: bool) -> None:
    if as_json:
        for report in reports:
            show_json(report.as_line())
        return
    from grader.handback.terminal import show

    show(problem, reports)


@click.command(epilog="Example:  byhand read answers.txt huddar-1")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.argument("problem", metavar="[PROBLEM]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON, a line for each student.")
@click.pass_context
def read(ctx: click.Context, file: Path, problem: str | None, as_json: bool) -> None:
    """Show what is read in FILE, without judging it, and what was left over. Look at it before you hand in.

    Without PROBLEM it is told by the code in FILE, if its key or problem file lies in the same folder or it is shipped.
    """
    from answer_keys.problems import paper_of
    from grader.as_read import as_json_lines, as_text, told_by
    from grader.files.collect import collect
    from grader.stacks.submissions import with_paper

    loaded, where = told_by(file, problem), paper_of(problem) if problem else None
    reading = with_paper(collect([file], loaded, where), loaded, where)
    for complaint in reading.complaints:
        say(complaint)
    for submission in reading.submissions:
        if as_json:
            show_json(as_json_lines(submission))
        else:
            show(as_text(submission, loaded))
    for piece in reading.left_over:
        say(f"not read: {piece.where}: {piece.text}")
    if reading.complaints or not reading.submissions:
        ctx.exit(1)


@click.command(epilog="Example:  byhand check my-problem.toml")
@click.argument("problem", metavar="PROBLEM")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def check(problem: str, as_json: bool) -> None:
    """Show which mistakes PROBLEM's numbers hide, or make look alike."""
    from answer_keys.problems import load
    from grader.ambiguity.check import check as look

    found = look(load(problem))
    if as_json:
        show_json(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
    else:
        show(found.as_text())


@click.command(epilog="Example:  byhand explain H01")
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """List the catalogue of mistakes, or show the one with CODE and a worked example."""
    from grader.mistakes.examples import as_text, listing

    show(listing() if code is None else as_text(code))
