"""Everything that was said beforehand of a course: options, files of decisions, and what the last run was told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exercises.common.errors import ByhandError
from exercises.common.output import say
from exercises.common.wording import count
from grader.course.people.course_problems import find, set_policy, set_title
from grader.course.people.csv_tables import shown
from grader.course.people.people import Roster
from grader.course.people.roster_file import read_roster
from grader.course.placing.by_hand import kept, read_marks
from grader.course.placing.decisions import faults
from grader.course.placing.overrides import read_overrides
from grader.course.placing.placed import Course
from grader.course.placing.settled import NAME, read_scheme, read_settled
from grader.course.regrade import correct
from grader.course.results import course_file, unfinished
from grader.course.results.course_file import State

if TYPE_CHECKING:
    from grader.course.people.course_problems import CourseProblems
    from grader.course.placing.placed import HandMark
    from grader.course.work.done_before import Store


def made(problem: str, options: dict[str, Any]) -> State:
    """What the options of `grade` say, read and checked. Raises ByhandError with everything that is wrong."""
    out: Path | None = options["out"]
    if bool(options["canvas"]) != bool(options["column"]):
        raise ByhandError("--canvas and --column belong together: the gradebook, and the name of its column")
    if options["canvas"] and out is None:
        raise ByhandError("--canvas needs --out: the filled gradebook is written there, not over your export")
    known_problems, manifest = find(problem)
    if options["marking"]:
        known_problems.marked(read_scheme(options["marking"]))
    if options["roster"]:
        roster = read_roster(options["roster"])
    else:
        roster = manifest.roster()
        roster = roster if roster.students else Roster((), open=True)
    folder = Path(problem) if Path(problem).is_dir() else None
    course = Course(known_problems, manifest, roster, options["latest"] == "name")
    if folder is not None:
        course = replace(course, policy=set_policy(folder))
    course = _with_settled(course, out)
    if options["marks"]:
        course = replace(course, marks=(*course.marks, *read_marks(options["marks"])))
    overrides = read_overrides(options["overrides"]) if options["overrides"] else ()
    forms = () if options["feedback"] == "none" or out is None else tuple(options["feedback"].split(","))
    canvas = (str(options["canvas"].resolve()), options["column"]) if options["canvas"] else None
    title = set_title(folder) if folder is not None else ""
    return State(course, tuple(overrides), options["hints"], options["paper"], forms, canvas, title)


def _with_settled(course: Course, out: Path | None) -> Course:
    """A course with what stands in settled.csv.

    Raises ByhandError where it names nobody: such a row would otherwise decide nothing, and not say so.
    """
    path = out / NAME if out is not None else None
    if path is None or not path.is_file():
        return course
    course = replace(course, settled=read_settled(path), marks=(*kept(course.marks), *read_marks(path)))
    found = list(faults(course.settled, course.roster, course.manifest))
    if found:
        raise ByhandError(*found)
    return course


def with_last(state: State, out: Path, store: Store, options: dict[str, Any]) -> State:
    """A state with the decisions of the last run that were not made anew; it is said, and what is not kept too."""
    last = _last(out, store, state.course.known_problems)
    if last is None:
        return state
    if not options["overrides"]:
        if last.overrides:
            say(f"{count(len(last.overrides), 'decision')} on single lines kept from the last run")
        state = replace(state, overrides=last.overrides)
    marks = kept(last.course.marks)
    if marks and not options["marks"]:
        say(f"{count(len(marks), 'mark')} by hand kept from the last run")
        course = replace(state.course, marks=(*state.course.marks, *marks))
        state = replace(state, course=course)
    return state


def _last(out: Path, store: Store, known_problems: CourseProblems) -> State | None:
    """What the last run was told, if there was one; that it was stopped, or had other keys, is said."""
    stopped = unfinished.read(store)
    if stopped is not None:
        say(f"{unfinished.STOPPED}; they are written anew")
        last = stopped[0]
    elif (out / course_file.NAME).is_file():
        last = course_file.load(out)
    else:
        return None
    known = last.course.known_problems.problems
    other = [code for code, problem in known_problems.problems.items() if known.get(code, problem) != problem]
    if other:
        listed = ", ".join(other[:4]) + (" …" if len(other) > 4 else "")  # noqa: PLR2004
        say(f"other keys or marks than in the last run: {listed}; those given now count")
    return last


def changed(
    results: Path, problems: str, marking: Path | None, overrides: Path | None, marks: Path | None
) -> State:
    """What the last run knew, with what has been corrected since."""
    state = course_file.load(results)
    course: Course = state.course
    if problems:
        for sentence in correct(course.known_problems, problems):
            say(sentence)
    if marking is not None:
        course.known_problems.marked(read_scheme(marking))
    by_hand = read_marks(marks) if marks is not None else course.marks
    before = {_told(one) for one in course.marks}
    course = _with_settled(replace(course, marks=by_hand), results)
    now = {_told(one): one.origin for one in course.marks}
    for told in sorted(before ^ set(now)):
        say(f"mark by hand, {told}" + (f" ({now[told]})" if told in now else ": taken back"))
    state = replace(state, course=course)
    return state if overrides is None else replace(state, overrides=tuple(read_overrides(overrides)))


def _told(mark: HandMark) -> str:
    about = f"exercise {mark.exercise}" if mark.exercise else mark.code
    return ", ".join(part for part in (mark.student, about, f"{shown(mark.points)} points") if part)
