"""The exercises of a page: each a problem with many more like it, drawn beforehand, so that one can practise on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from answer_keys.draw_problems import draw_problems
from answer_keys.order import order_of
from answer_keys.problem_set import read
from answer_keys.problems import load, sort
from exercises.common.errors import ByhandError
from exercises.common.output import say
from exercises.drawing.draw import Order
from exercises.pages.kinds_on_pages import title
from exercises.problems.levels import constants

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from answer_keys.drawing_services import DrawingServices
    from answer_keys.set_exercises import Exercise, ProblemSet
    from exercises.problems.problem import Problem


@dataclass(frozen=True, slots=True)
class PractisedExercise:
    """An exercise of a page: what it is called, and its problems, which differ in their numbers."""

    title: str
    problems: tuple[Problem, ...]


def practised(
    named: Sequence[str], count: int, services: DrawingServices
) -> tuple[str, list[PractisedExercise]]:
    """What is to be practised, and what the page is called.

    named: problems as everywhere, or problem sets.
    count: how many of each, the given one included.

    Raises ByhandError where a name means nothing, or numbers cannot be drawn.
    """
    called, found = "", []
    for name in named:
        if sort(name) == "set":
            chosen = read(Path(name))
            called = called or chosen.title
            asked = [
                one for one in chosen.exercises if one.words is None
            ]  # what a person marks is not practised
            found += [_of_set(chosen, one, count, services) for one in asked]
        else:
            found.append(_more(load(name), count, services))
    if not found:
        raise ByhandError(
            f"{', '.join(named)}: no exercise to practise; those in words are marked by a person"
        )
    return called or (found[0].title if len(found) == 1 else "Practice"), _told_apart(found)


def _told_apart(found: list[PractisedExercise]) -> list[PractisedExercise]:
    """With their numbers before their titles where there are several."""
    if len(found) == 1:
        return found
    return [replace(one, title=f"{n}. {one.title}") for n, one in enumerate(found, 1)]


def _of_set(
    chosen: ProblemSet, exercise: Exercise, count: int, services: DrawingServices
) -> PractisedExercise:
    """One exercise of a set, on numbers that no student of the course has."""
    if exercise.given is not None:
        return _more(exercise.given, count, services, own=False)
    order = order_of(exercise.options)
    problems = _drawn(order, lambda n: chosen.seed_for(exercise, f"practice page, {n}"), count, services)
    return PractisedExercise(_title(problems[0]), problems)


def _more(problem: Problem, count: int, services: DrawingServices, *, own: bool = True) -> PractisedExercise:
    """A given problem, and others like it; itself too only if it is its `own`, or nothing else can be drawn."""
    if count == 1 and own:
        return PractisedExercise(_title(problem), (problem,))
    try:
        others = _drawn(like(problem), lambda n: f"practice {problem.code} {n}", count - own, services)
    except ByhandError as error:
        say(f"{_title(problem)}: no new numbers beside its own ({error.faults[0]})")
        others = ()
    if problem.questions and not problem.kind.solution:
        others = tuple(replace(one, questions=problem.questions) for one in others)
    others = tuple(one for one in others if one.code != problem.code)
    return PractisedExercise(_title(problem), others if others and not own else (problem, *others))


def like(problem: Problem) -> Order:
    """What draws problems of the same kind, under the same conventions."""
    plan = replace(problem.plan, planted=(), function=None)
    return Order(
        problem.network,
        notation=problem.notation,
        delta=problem.delta,
        places=problem.places,
        figures=problem.figures,
        title=problem.title,
        plan=plan,
        fixed=()
        if problem.plan.function
        else tuple(constants(plan, problem.places, problem.network).items()),
    )


def _drawn(
    order: Order, seed: Callable[[int], str], count: int, services: DrawingServices
) -> tuple[Problem, ...]:
    """Problems, each once."""
    drawn = draw_problems(order, [seed(n) for n in range(count)], services)
    return tuple({one.problem.code: one.problem for one in drawn}.values())


def _title(problem: Problem) -> str:
    return (problem.title or title(problem)).replace("'", "’")
