"""Canvas: question groups from the variants of a set, a quiz for each exercise and in it a group for each line.

A group draws one of its items for each student, whatever it draws elsewhere. So every item stands for itself: it tells
what is given and, worked out, the lines that its own starts from; one link of the chain is left to do. Questions in
symbols are the same for all numbers, and are left to the plain quizzes.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from answer_keys.solution import solve
from exercises.common.errors import ProblemError
from exercises.common.file_names import slug
from exercises.pages.captions import step_name
from grader.export import canvas, canvas_manifest, markup
from grader.export.drawing_png import DrawingPng
from grader.export.packages import xml, zipped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from answer_keys.in_words import InWords
    from exercises.problems.problem import Problem
    from grader.export.lines import ExportedLine

    Variants = list[tuple[Problem, ExportedLine]]


def package(
    problems: Sequence[Problem],
    exercises: Mapping[str, str],
    *,
    hints: bool = False,
    skip_small: bool = False,
    words: Sequence[InWords] = (),
) -> bytes:
    """A zip that Canvas imports. `exercises`: which exercise each problem is, by its code; `words`: those without one.

    Raises ProblemError where no exercise has several variants, or an answer would be rounded to nothing.
    """
    by_exercise: dict[str, list[Problem]] = {}
    for problem in problems:
        by_exercise.setdefault(exercises.get(problem.code, ""), []).append(problem)
    by_exercise.pop("", None)
    if not any(len(variants) > 1 for variants in by_exercise.values()):
        raise ProblemError(
            "groups draw from the variants of a set's exercises; name the folder that `byhand generate SET --roster` made"
        )
    if not skip_small:
        canvas.refuse_small(problems)
    files: dict[str, bytes] = {}
    quizzes = []
    for exercise, variants in by_exercise.items():
        name = f"byhand-exercise-{slug(exercise, 40, 80, 'x')}"
        pictures = {problem.code: DrawingPng(problem) for problem in variants}
        drawings = {f"{name}-{code}": f"images/network-{code}.png" for code in pictures}
        files |= {f"images/network-{code}.png": picture.png for code, picture in pictures.items()}
        groups = _groups(variants)
        files[f"{name}/{name}.xml"] = _assessment(name, pictures, groups, hints=hints)
        marks = sum((group[0][1].weight for group in groups), Decimal(0))
        title = pictures[variants[0].code].title
        files[f"{name}/assessment_meta.xml"] = canvas_manifest.quiz(name, title, marks)
        quizzes.append((name, drawings))
    files |= canvas.in_words(words)
    quizzes += [(one.name, {}) for one in words]
    return zipped({"imsmanifest.xml": canvas_manifest.contents(quizzes)} | files)


def _groups(variants: Sequence[Problem]) -> list[Variants]:
    """The lines of an exercise in the order of its sheet, each in all variants that ask for it."""
    found: dict[str, Variants] = {}
    for problem in variants:
        for line in canvas.kept(problem):
            found.setdefault(line.quantity.name, []).append((problem, line))
    return list(found.values())


def _assessment(
    name: str, pictures: Mapping[str, DrawingPng], groups: Sequence[Variants], *, hints: bool
) -> bytes:
    root, section = canvas.quiz_root(name, next(iter(pictures.values())).title)
    given = {
        problem.code: canvas.told(problem, pictures[problem.code], f"images/network-{problem.code}.png")
        for group in groups
        for problem, _ in group
    }
    for group in groups:
        own = _group(section, f"{name}-{group[0][1].quantity.name}", *group[0])
        for problem, line in group:
            canvas.numerical_item(
                own,
                problem,
                line,
                f"{name}-{problem.code}",
                right="" if hints else canvas.worked_line(problem, line),
                before=given[problem.code] + _starts_from(problem, line),
            )
    return xml(root, indented=True)


def _group(section: ET.Element, ident: str, problem: Problem, line: ExportedLine) -> ET.Element:
    """A group of which one item is drawn."""
    title = f"{problem.label(line.quantity).text}, {step_name(problem, line.quantity)}"
    group = ET.SubElement(section, "section", ident=ident, title=title)
    selection = ET.SubElement(ET.SubElement(group, "selection_ordering"), "selection")
    ET.SubElement(selection, "selection_number").text = "1"
    more = ET.SubElement(selection, "selection_extension")
    ET.SubElement(more, "points_per_item").text = f"{line.weight.normalize():f}"
    return group


def _starts_from(problem: Problem, line: ExportedLine) -> str:
    """The lines that a line starts from, worked out."""
    solution = solve(problem)
    above = [q for q in line.step.parents if q in problem.graph.by_quantity]
    entries = ", ".join(f"{markup.label(problem, q)} = {solution.shown(q)}" for q in dict.fromkeys(above))
    return f"<p>Worked out already: {entries}</p>" if entries else ""
