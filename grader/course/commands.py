"""The command `regrade`, and what `grade` does for a course: parse, call, print."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from exercises.common.output import say, show, show_json
from exercises.common.stopping import stoppable
from grader.course.options import ALONE, FILE, is_small

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.common.stopping import Tally
    from grader.course.placing.answer_sheet import HandedIn
    from grader.course.results.records import Results
    from grader.course.work.done_before import Store
    from grader.course.work.engine import Engine

GOES_ON = "what is done is kept, and the same command goes on from here"
NOTHING_KEPT = "nothing is kept; with --out the same command goes on from where it was"


def grade_course(
    ctx: click.Context, problem: str, submissions: Sequence[Path], options: dict[str, Any]
) -> None:
    """Grade a course and end with status 1 if something could not be read or has to be settled."""
    from grader.course import choices
    from grader.course.gathering import put_together, read
    from grader.course.placing.by_eye import all_readings, keep_readings, put_in
    from grader.course.results.finish import finish
    from grader.course.results.review import waiting, write_review
    from grader.course.run import judge

    out: Path | None = options["out"]
    state = choices.made(problem, options)
    known = state.course.known_problems
    for sentence in (*known.complaints, *known.notes, *state.course.roster.notes):
        say(sentence)
    jobs = 1 if is_small(submissions) else options["jobs"] or os.cpu_count() or 1
    with stoppable(GOES_ON if out is not None else NOTHING_KEPT) as tally, _store(out) as store:
        if out is not None:
            state = choices.with_last(state, out, store, options)
        with _engine(jobs, options["dask"], out, store, tally, hints=state.hints) as engine:
            handed, lines = put_together(engine, state.course, read(engine, state.course, submissions))
            by_eye = all_readings(out, options["readings"])
            handed, strange = put_in(handed, by_eye)
            results = judge(engine, state.course, handed, state.overrides)
            said = [*strange, *finish(engine, state, results, handed)]
        keep_readings(out, by_eye)
        if out is not None and (count := write_review(out, results, lines)):
            said.append(waiting(out, count))
        if options["as_json"]:
            for record in results.records:
                show_json(record.line())
        elif out is None:
            _show(results)
    idle = _say_idle(results, handed)
    _tell(results, handed, said, out)
    if (
        results.unsettled
        or not results.records
        or state.course.known_problems.complaints
        or idle
        or _complaints(handed)
    ):
        ctx.exit(1)


@contextmanager
def _store(out: Path | None) -> Iterator[Store]:
    """The folder of results, for this run alone; what was found there is said."""
    from grader.course.work.done_before import opened

    with opened(out) as store:
        for sentence in store.said:
            say(sentence)
        yield store


@contextmanager
def _engine(
    jobs: int, dask: str, out: Path | None, store: Store, tally: Tally, *, hints: bool
) -> Iterator[Engine]:
    from exercises.common.processes import workers
    from grader.course.work.engine import Engine
    from grader.course.work.progress import bars

    with workers(jobs, dask) as (executor, width), bars(tally) as stages:
        yield Engine(executor, width, out, store, stages, hints)


def _say_idle(results: Results, handed: Sequence[HandedIn]) -> bool:
    """Say which decisions on whole sheets decided nothing; whether there are any."""
    from grader.course.placing.decisions import idle

    found = [*idle(results.course.settled, results.course.roster, handed, results.files), *results.said]
    for sentence in found:
        say(sentence)
    return bool(found)


def _tell(results: Results, handed: Sequence[HandedIn], said: Sequence[str], out: Path | None) -> None:
    from grader.course.results.finish import summary, to_settle

    for sentence in (*to_settle(results, handed, out), *summary(results, handed), *said):
        say(sentence)
    if out is not None:
        say(f"the results are in {out}" + (f"; settle {out / 'to-settle.csv'}" if results.unsettled else ""))


def _show(results: Results) -> None:
    """A line for each student, where no files were asked for."""
    from grader.course.people.csv_tables import shown

    for row in results.rows:
        out_of = "" if row.out_of is None else f" / {shown(row.out_of)}"
        mark = f"{shown(row.total)}{out_of}" if row.total is not None else "–"
        show("   ".join(part for part in (row.student.shown, mark, row.needs) if part))


def _complaints(handed: Sequence[HandedIn]) -> bool:
    return any(file.complaints for file in handed if file.sheets)


@click.command(epilog="Example:  byhand regrade results --problems corrected-keys")
@click.argument("results", type=click.Path(path_type=Path, file_okay=False))
@click.option("--problems", default="", help="Corrected keys or problem files: a folder or one file.")
@click.option(
    "--marking",
    type=FILE,
    help="A TOML file with a table [marking] (weights, repeated, follows) for all problems.",
)
@click.option("--overrides", type=FILE, help="Decisions on single lines (TOML or CSV) instead of those kept.")
@click.option(
    "--marks", type=FILE, help="Marks by hand (CSV: exercise, student, points) instead of those kept."
)
@click.option("--readings", type=FILE, help="What you read on the review page (readings.csv); it is kept.")
@click.option("--write", "write_it", is_flag=True, help="Write the new marks without asking.")
@click.option("--jobs", type=click.IntRange(1, 256), help="Processes.  [default: one a core]")
@click.option(
    "--dask",
    default="",
    metavar="ADDRESS",
    help="Work on a Dask cluster instead; whoever reaches its scheduler can run code there.",
)
def regrade(
    results: Path, problems: str, marking: Path | None, overrides: Path | None, marks: Path | None,
    readings: Path | None, write_it: bool, jobs: int | None, dask: str,
) -> None:  # fmt: skip
    """Recompute the marks in RESULTS from the stored answers, and show what changes before it is written.

    RESULTS is the folder that byhand grade wrote. Without --write you are asked; where nobody can be asked
    nothing is written.

    Whose a sheet is you settle in RESULTS/settled.csv, a table with the columns file, place, student_id and code:
    copy rows of to-settle.csv with their heading, keep those that you decide (handed in twice, swapped code,
    stranger, which problem?, unknown code), and fill in student_id. A row with a code gives the student that
    sheet of the file; a row whose code you empty gives them the whole file. What you settle counts, whatever else
    they handed in. A row with points is a mark by hand for that exercise, and final: 0 for what will not come any
    more. Single lines are decided with --overrides.
    """
    from grader.course import choices
    from grader.course.placing.by_eye import all_readings, keep_readings, put_in
    from grader.course.results.course_file import answers, load
    from grader.course.results.finish import finish
    from grader.course.results.tables import ANSWERS, read_raw
    from grader.course.run import judge
    from grader.course.work.done_before import HIDDEN

    if not (results / HIDDEN).is_dir():
        load(results)  # no folder is made where there are no results
    with stoppable(GOES_ON) as tally, _store(results) as store:
        _finish_the_last(results, store, tally, jobs, dask)
        state = choices.changed(results, problems, marking, overrides, marks)
        by_eye = all_readings(results, readings)
        handed, strange = put_in(read_raw(results / ANSWERS, answers(results)), by_eye)
        for sentence in strange:
            say(sentence)
        width = _width(handed, jobs)
        with _engine(width, dask, results, store, tally, hints=state.hints) as engine:
            found = judge(engine, state.course, handed, state.overrides)
        _say_idle(found, handed)
        _show_changes(found, results)
        if not write_it and not _agreed():
            say("nothing was written; --write writes it")
            return
        with _engine(width, dask, results, store, tally, hints=state.hints) as engine:
            said = finish(engine, state, found, handed)
        keep_readings(results, by_eye)
    _tell(found, handed, said, results)


def _width(handed: Sequence[HandedIn], jobs: int | None) -> int:
    return 1 if sum(len(file.sheets) for file in handed) < ALONE else jobs or os.cpu_count() or 1


def _show_changes(found: Results, out: Path) -> None:
    from grader.course.regrade import changes, old_records

    different = list(changes(found, old_records(out)))
    for head, lines in different:
        show("\n".join([head, *(f"  {line}" for line in lines)]))
    say(f"{len(different)} {'mark changes' if len(different) == 1 else 'marks change'}")


def _finish_the_last(out: Path, store: Store, tally: Tally, jobs: int | None, dask: str) -> None:
    """Write what the last run was about to write when it was stopped, and say so: somebody had wanted it."""
    from grader.course.results import unfinished
    from grader.course.results.finish import finish
    from grader.course.run import judge

    stopped = unfinished.read(store)
    if stopped is None:
        if unfinished.is_there(store):
            say(f"{unfinished.STOPPED}, and its note of them is damaged; run byhand grade again")
        return
    state, handed = stopped
    say(f"{unfinished.STOPPED}; they are written first:")
    with _engine(_width(handed, jobs), dask, out, store, tally, hints=state.hints) as engine:
        found = judge(engine, state.course, handed, state.overrides)
        _show_changes(found, out)
        for sentence in finish(engine, state, found, handed, again=True):
            say(sentence)
    say("they are written now")


def _agreed() -> bool:
    """Whether somebody at a terminal says yes."""
    return sys.stdin.isatty() and click.confirm("Write these marks?", default=False, err=True)
