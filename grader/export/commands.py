"""The command `export`: parse, call, write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from answer_keys.options import Words
from exercises.common.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from answer_keys.in_words import InWords
    from exercises.problems.problem import Problem

SYSTEMS = ("moodle", "canvas", "new-quizzes", "brightspace", "gradescope", "qti21", "scorm")
ENDINGS = {system: ".xml" if system == "moodle" else ".zip" for system in SYSTEMS}
ONLY = {
    "category": "moodle",
    "groups": "canvas",
    "skip_small": "canvas",
    "visibility": "gradescope",
    "points": "gradescope",
}
SHOWN = 3  # codes that a warning names
NUMBERS = 20  # of each exercise of a practice page
VISIBILITIES = ("visible", "after_due_date", "after_published", "hidden")


@click.command(epilog="Example:  byhand export --to moodle huddar-1 --out huddar-1.xml")
@click.argument("problems", metavar="PROBLEM…", nargs=-1, required=True)
@click.option("--to", "system", type=Words(SYSTEMS), required=True, help="For which system.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="A file, or a folder to put it in.  [default: here]"
)
@click.option("--category", default="byhand", show_default=True, help="Moodle: category of the questions.")
@click.option(
    "--groups",
    is_flag=True,
    help="Canvas: of a set's folder, a quiz for each exercise that draws every line from everybody's numbers.",
)
@click.option(
    "--skip-small", is_flag=True, help="Canvas: leave out lines below 0.0001, which it rounds to 0."
)
@click.option(
    "--visibility",
    type=Words(VISIBILITIES),
    default="after_due_date",
    show_default=True,
    help="Gradescope: when students see the lines.",
)
@click.option("--points", type=click.FloatRange(0, min_open=True), help="Gradescope: points of a full sheet.")
@click.option("--hints", is_flag=True, help="Tell where to look, not what the answer is.")
def export(
    problems: tuple[str, ...],
    system: str,
    out: Path | None,
    category: str,
    groups: bool,
    skip_small: bool,
    visibility: str,
    points: float | None,
    hints: bool,
) -> None:
    """Write PROBLEMs for a learning-management system.

    moodle: questions with embedded answers, as Moodle XML; choose “Deferred feedback” in the quiz. canvas: Classic
    Quizzes, as QTI 1.2; new-quizzes: the same for Canvas's New Quizzes, tied to what is given. brightspace: a
    question library, a section for each problem. qti21: a package for Blackboard, OpenOlat and OPAL. gradescope: an
    autograder that runs byhand on what is handed in. scorm: a practice page as SCORM 1.2, of problems or sets; it
    reports score and completion. Otherwise PROBLEM may be the folder of a set; for Moodle each of its exercises
    becomes a category, from which a quiz can draw one question for each student.
    """
    from exercises.common.files import write

    _check_options(system)
    if system == "scorm":
        made = _practice_page(problems)
        path = _path(out, system, [])
        write(path, made)
        say(f"wrote {path}")
        return
    loaded, exercises, words = _loaded(problems)
    loaded = _asked_there(loaded, exercises, words, system)
    if system == "moodle":
        from grader.export.moodle import quiz

        made = quiz(loaded, category, hints=hints, exercises=exercises, words=words)
    elif system == "canvas" and groups:
        from grader.export.canvas_groups import package as groups_package

        made = groups_package(loaded, exercises, hints=hints, skip_small=skip_small, words=words)
    elif system in ("canvas", "new-quizzes"):
        from grader.export.canvas import package

        made = package(loaded, hints=hints, skip_small=skip_small, new=system == "new-quizzes", words=words)
    elif system == "brightspace":
        from grader.export.brightspace import package as brightspace_package

        made = brightspace_package(loaded, words)
    elif system == "qti21":
        from grader.export.qti import package as qti_package

        made = qti_package(loaded, words)
    else:
        from grader.export.gradescope import bundle

        made = bundle(loaded, visibility=visibility, hints=hints, points=points)
    for warning in _warnings(loaded, system, groups=groups):
        say(warning)
    path = _path(out, system, loaded)
    write(path, made, secret=True)  # it holds what is right
    say(f"wrote {path}")
    if system == "moodle":
        say(
            "in the quiz choose “Deferred feedback”: each line is then compared once, when all of them are written"
        )


def _check_options(system: str) -> None:
    """Refuse an option that is another system's."""
    context = click.get_current_context()
    for name, other in ONLY.items():
        said = context.get_parameter_source(name) == click.core.ParameterSource.COMMANDLINE
        if said and other != system:
            raise click.UsageError(
                f"--{name.replace('_', '-')} is for {other}; with --to {system} it says nothing"
            )


def _practice_page(named: tuple[str, ...]) -> bytes:
    """The practice page of problems or sets, packed."""
    from grader.export.scorm import package as scorm_package
    from grader.practice import runtime
    from grader.practice.numbers import practised
    from grader.practice.site import site_files

    files = runtime.files(runtime.FOLDER)
    title, exercises = practised(named, NUMBERS, click.get_current_context().obj())
    return scorm_package(title, site_files(title, exercises, files))


def _loaded(names: tuple[str, ...]) -> tuple[list[Problem], dict[str, str], list[InWords]]:
    """The problems, each once, the exercise of each where a set tells, and its questions that are answered in words.

    A folder stands for all keys below it.
    """
    from answer_keys.in_words import read_in_words
    from answer_keys.problems import load

    found: dict[str, Problem] = {}
    words: list[InWords] = []
    exercises: dict[str, str] = {}
    for name in names:
        if not Path(name).is_dir():
            problem = load(name)
            found.setdefault(problem.code, problem)
            continue
        words += read_in_words(Path(name))
        for problem, exercise in _in_folder(name):
            found.setdefault(problem.code, problem)
            if exercise:
                exercises.setdefault(problem.code, exercise)
    return list(found.values()), exercises, words


def _in_folder(name: str) -> Iterator[tuple[Problem, str]]:
    """The problems in a folder, such as that of a set, with their exercises; exercise by exercise, as in its manifest."""
    from exercises.common.errors import FileError
    from grader.course.people.course_problems import find

    files = (p for e in ("*.toml", "*.json") for p in Path(name).rglob(e))
    if next(files, None) is None:
        raise FileError(f"{name}: no problem file (.toml) and no answer key (…-key.json) in this folder")
    known, manifest = find(name)
    for sentence in (*known.complaints, *known.notes):
        say(sentence)
    by_code = {entry.code: entry.exercise for entry in manifest.entries}
    place = {exercise: n for n, exercise in enumerate(manifest.exercises)}
    order = sorted(known.problems, key=lambda code: place.get(by_code.get(code, ""), len(place)))
    yield from ((known.problems[code], by_code.get(code, "")) for code in order)


def _asked_there(
    problems: list[Problem], exercises: dict[str, str], words: list[InWords], system: str
) -> list[Problem]:
    """The problems that a system can ask; what of a set it cannot is told."""
    if system != "gradescope":
        return _without_solutions(problems, exercises, system)
    for one in words:
        say(f"exercise {one.exercise} is left out: it is answered in words, which a person marks")
    return problems


def _without_solutions(problems: list[Problem], exercises: dict[str, str], system: str) -> list[Problem]:
    """Leave out exercises about a printed solution, which are no list of numbers to compare.

    Of a set an exercise is left out with a sentence; a problem that is named is refused.
    """
    from exercises.common.errors import ProblemError

    why = f"asks what is wrong with a printed solution, which {system} has no fields for"
    advice = "hand out its worksheet, and grade what comes back with `byhand grade`"
    printed = [problem for problem in problems if problem.kind.solution]
    named = [problem.code for problem in printed if problem.code not in exercises]
    if named or len(printed) == len(problems):
        raise ProblemError(*(f"{code}: {why}; {advice}" for code in named or [p.code for p in printed]))
    for exercise in dict.fromkeys(exercises[problem.code] for problem in printed):
        say(f"exercise {exercise} is left out: it {why}; {advice}")
    return [problem for problem in problems if not problem.kind.solution]


def _path(out: Path | None, system: str, problems: list[Problem]) -> Path:
    """Where to write: the file asked for, or one named after the problem in the folder asked for."""
    from exercises.common.files import make_folder

    ending = ENDINGS[system]
    if out is not None and out.suffix.lower() == ending:
        return out
    if out is not None and out.suffix.lower() in ENDINGS.values() and not out.is_dir():
        raise click.UsageError(f"{out}: {system} takes a {ending} file; name it so, or name a folder")
    folder = out or Path()
    make_folder(folder)
    stem = problems[0].code if len(problems) == 1 else "problems"
    return folder / f"{stem}-{system}{ending}"


def _warnings(problems: list[Problem], system: str, *, groups: bool) -> list[str]:
    """What does not come over, a sentence for all problems that it is true of."""
    from grader.export.canvas import KEPT

    found: dict[str, list[str]] = {}
    for problem in problems:
        if system != "gradescope" and problem.questions:
            become = "are left out" if groups else "become questions of their own, which a person marks"
            found.setdefault(f"answers in symbols {become}", []).append(problem.code)
        asked = problem.precision.words if problem.figures else f"{problem.places} places"
        if system == "canvas" and problem.precision.widest > KEPT:
            told = (
                f"asks for {asked}, but Canvas keeps {KEPT} of an answer; the bounds were widened accordingly"
            )
            found.setdefault(told, []).append(problem.code)
    return [f"{_few(codes)}: {told}" for told, codes in found.items()]


def _few(codes: list[str]) -> str:
    """Some codes, and how many more there are."""
    shown = ", ".join(codes[:SHOWN])
    return f"{shown} and {len(codes) - SHOWN} more" if len(codes) > SHOWN else shown
