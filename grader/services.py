"""What the grader tells those who draw numbers: how good they are, what still coincides, and what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from answer_keys.drawing_services import Coincide, DrawingServices
from grader.ambiguity.coincidences import coincidences, survey_of
from grader.ambiguity.scoring import QuickScorer
from grader.judging.right_work import ranges

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from exercises.formulas.decimals import Precision
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph
    from exercises.problems.problem import Problem

LARGEST = 160  # lines: on larger sheets each of a thousand formulas has hundreds of others to be told from


def make_scorer(graph: StepGraph, precision: Precision, usual: Mapping[Quantity, Any]) -> QuickScorer | None:
    """What says how badly numbers tell mistakes apart; nothing for sheets too large to be looked at."""
    return QuickScorer(survey_of(graph), precision, usual) if len(graph.asked) <= LARGEST else None


def record(problems: Sequence[Problem]) -> list[Coincide | None]:
    """What the numbers of problems of one kind still hide, or make look alike; nothing where nobody looked."""
    if not problems or len(problems[0].graph.asked) > LARGEST:
        return [None] * len(problems)
    return [found.record() for found in coincidences(survey_of(problems[0].graph), problems)]


def plant(problem: Problem, seed: str) -> Problem:
    """As `planting.plant`, which few sheets need and which imports much."""
    from grader.ambiguity import planting

    return planting.plant(problem, seed)


def planted(problem: Problem) -> str:
    """As `planting.planted`."""
    from grader.ambiguity import planting

    return planting.planted(problem)


def students(path: Path) -> list[tuple[str, str]]:
    """The id and the name of each student on a roster; what was noticed in it is said."""
    from exercises.common.output import say
    from grader.course.people.roster_file import read_roster

    roster = read_roster(path)
    for note in roster.notes:
        say(note)
    return [(student.id, student.name) for student in roster.students]


SERVICES = DrawingServices(make_scorer, record, plant, planted, ranges, students)
