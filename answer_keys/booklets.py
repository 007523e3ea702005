"""Making a problem set: a booklet with a cover for each student, its key, and the list of who has what."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from answer_keys.key_page import key_pdf
from answer_keys.keyfile import to_json
from answer_keys.solution import solve
from exercises.common.csv_cells import safe
from exercises.common.files import make_secret_folder, write
from exercises.pages import kinds_on_pages, row_widths, worksheet_page
from exercises.pages.rendering import render, rendered, trusted
from exercises.pages.sheet_layout import SheetLayout
from exercises.pages.worksheet_page import worksheet_pdf
from exercises.paper.sheet import PaperSheet, paper_sheet
from exercises.paper.stamping import stamped_cover
from exercises.printing.booklet import BookletPart, bind
from exercises.printing.pdf import write_pdf
from exercises.problems.marking import Marking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from answer_keys.draw_problems import DrawnProblem
    from answer_keys.owner import Owner
    from answer_keys.set_exercises import Exercise, ProblemSet
    from exercises.problems.problem import Problem

MANIFEST = ("student_id", "student_name", "exercise", "code", "points")
BOUND = SheetLayout(bound=True)
TO_WRITE = "Write each line with its formula, its numbers and its result."


@dataclass(frozen=True, slots=True)
class Booklet:
    """One student's booklet, ready to be written."""

    owner: Owner
    problems: tuple[Problem, ...]
    pdf: bytes
    key_pdf: bytes
    keys: tuple[str, ...]


def printed(found: ProblemSet, owner: Owner, everything: Sequence[DrawnProblem | None]) -> Booklet:
    """Print one student's booklet and its key, from the problems that were drawn for them; None is for a question."""
    pairs = list(zip(everything, found.exercises, strict=True))
    numbered = [(one, exercise) for one, exercise in pairs if one is not None]
    drawn = [one for one, _ in numbered]
    problems = [_of_set(found, exercise, one.problem) for one, exercise in numbered]
    solutions = [solve(problem) for problem in problems]
    paper: Any = found.paper
    codes = [problem.code for problem in problems]
    inside = owner.printed or ""
    made = [
        _sheet(found, owner, exercise, problem)
        for problem, (_, exercise) in zip(problems, numbered, strict=True)
    ]
    of = {
        exercise.name: BookletPart(one.pdf, problem.title, problem.code, _sheet_paper(found))
        for one, problem, (_, exercise) in zip(made, problems, numbered, strict=True)
    }
    sheets = [of.get(exercise.name) or question_page(found, owner, exercise) for _, exercise in pairs]
    answers = [
        BookletPart(
            key_pdf(solution, paper, one.note, inside, one.ranges, layout=BOUND),
            solution.problem.title,
            paper=found.paper,
        )
        for solution, one in zip(solutions, drawn, strict=True)
    ]
    name = owner.title(found.title)
    keywords = (worksheet_page.CODE_KEYWORD, *codes)
    front = [
        BookletPart(cover_pdf(found, owner, problems, key=key), found.title, paper=own)
        for key, own in ((False, _sheet_paper(found)), (True, found.paper))
    ]
    return Booklet(
        owner,
        tuple(problems),
        bind([front[0], *sheets], name, keywords),
        bind([front[1], *answers], f"Key to {name}", keywords),
        tuple(
            to_json(s, None, one.coincide, sheet.where or None)
            for s, one, sheet in zip(solutions, drawn, made, strict=True)
        ),
    )


def _sheet(found: ProblemSet, owner: Owner, exercise: Exercise, problem: Problem) -> PaperSheet:
    """One sheet of a booklet; on paper it says itself whose it is, and tells it where others have the same problem."""
    paper: Any = found.paper
    layout = replace(found.layout, points=_points(exercise.points), bound=True)
    if found.purpose == "screen":
        return PaperSheet(worksheet_pdf(problem, paper, owner.printed or "", layout), {})
    tag = owner.id.upper() if exercise.given is not None or owner.version else ""
    return paper_sheet(problem, paper, owner.printed, tag, layout, fillable=found.purpose == "both")


def _sheet_paper(found: ProblemSet) -> str:
    """The paper of a booklet's sheets, as `metrics.PAGE` calls it."""
    return found.paper if found.purpose == "screen" else row_widths.WITH_CELLS[found.paper]


def _points(points: Decimal) -> str:
    return f"{points.normalize():f}"


def _of_set(found: ProblemSet, exercise: Exercise, problem: Problem) -> Problem:
    """The problem under its number in the set, with the marks that the set gives its lines."""
    title = problem.title or kinds_on_pages.title(problem)
    marking = problem.marking if found.marking is None else found.marking
    return replace(problem, title=f"Exercise {exercise.name}: {title}", marking=marking)


def question_page(found: ProblemSet, owner: Owner, exercise: Exercise) -> BookletPart:
    """The page of a question that is answered in words."""
    words = exercise.words
    if words is None:
        raise ValueError(exercise.name)
    title = f"Exercise {exercise.name}: {words.title}"
    html = render(
        "question.html",
        **worksheet_page.dressing(_sheet_paper(found)),  # type: ignore[arg-type]
        title=title,
        code="",
        owner=owner.printed,
        paragraphs=words.paragraphs,
        lines=words.lines,
        points=_points(exercise.points),
    )
    laid_out = write_pdf(html)
    pdf = laid_out if found.purpose == "screen" else stamped_cover(laid_out)
    return BookletPart(pdf, title, paper=_sheet_paper(found))


def cover_pdf(found: ProblemSet, owner: Owner, problems: Sequence[Problem], *, key: bool) -> bytes:
    """The first page of a booklet, or of its key."""
    from exercises.printing.press.press import print_pdf

    of = iter(problems)
    rows = [_row(exercise, None if exercise.words is not None else next(of)) for exercise in found.exercises]
    on_paper = found.purpose != "screen" and not key
    html = rendered(
        "cover.html",
        **worksheet_page.dressing(found.paper if key else _sheet_paper(found)),  # type: ignore[arg-type]
        title=found.title if owner.id else owner.title(found.title),
        course=found.course,
        date=found.date,
        code="",
        owner=(owner.printed or "") if key else owner.printed,
        instructions=() if key else instructions(found),
        rows=rows,
        total=_points(sum((e.points for e in found.exercises), Decimal(0))),
        key=key,
    )
    laid_out = print_pdf(html, forms=not key)
    return stamped_cover(laid_out) if on_paper else laid_out


def instructions(found: ProblemSet) -> tuple[str, ...]:
    """What a cover tells: the set's own words, or how mistakes are charged; and when the sheets are due."""
    marking = found.marking or Marking()
    return (*(found.instructions or (TO_WRITE, marking.told)), *found.rules)


def _row(exercise: Exercise, problem: Problem | None) -> dict[str, Any]:
    """An exercise in the table on a cover."""
    words = exercise.words
    title = (
        words.title if words is not None else problem.title.partition(": ")[2] if problem is not None else ""
    )
    return {
        "name": exercise.name,
        "title": title,
        "task": trusted(kinds_on_pages.summary(problem)) if problem is not None else "",
        "code": problem.code if problem is not None else "",
        "points": _points(exercise.points),
    }


def write_booklet(booklet: Booklet, out: Path, stem: str) -> None:
    """One student's files: the booklet, its key as a page, and a key file for each exercise; `stem` begins their names."""
    write(out / "booklets" / f"{stem}.pdf", booklet.pdf)
    write(out / "booklet-keys" / f"{stem}-key.pdf", booklet.key_pdf, secret=True)
    for problem, text in zip(booklet.problems, booklet.keys, strict=True):
        write(out / "keys" / f"{problem.code}-key.json", text, secret=True)


def make_folders(out: Path) -> None:
    """The folders that a set is written to."""
    for folder in (out, out / "booklets", out / "booklet-keys", out / "keys"):
        make_secret_folder(folder)


def manifest(found: ProblemSet, made: Sequence[tuple[Owner, Sequence[str]]]) -> str:
    """Who has which problem: a CSV table, a row for each student and exercise."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(MANIFEST)
    for owner, codes in made:
        for exercise, code in zip(found.exercises, codes, strict=True):
            texts = (safe(text) for text in (owner.id, owner.name, exercise.name))
            writer.writerow([*texts, code, _points(exercise.points)])
    return out.getvalue()
