"""Many sheets of right work put together from few pages: what the network saw of cells that a writer filled is drawn anew.

Whole pages cost seconds each; cells that were once captured and cut cost nothing. For each writer and capture there is
a bank of what the network saw under each figure, in two halves of different strokes, as neighbouring lines of a page have.
Students work out new problems rightly, and each figure of theirs is one of the bank's, by chance: so readings are made
of the confusions that the network really has with this writer, and never of pictures that were easy.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks import students
from benchmarks.hands import into_cells
from exercises.formulas.quantity import parse_name
from exercises.pages.answer_cells import cell_plan
from exercises.problems.problem_file import from_table
from grader.answers.read_sheet import read_answers
from grader.handwriting.network import evidence, named
from grader.handwriting.numbers import posterior
from grader.handwriting.reading import decide
from grader.judging.batch import gather
from grader.judging.judge import judge
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from exercises.problems.problem import Problem
    from grader.handwriting.numbers import NumberPosterior
    from grader.handwriting.reading import NumberReading

POLICIES = ("half-up", "half-even", "remembered", "rounded-products")
KINDS = (((2, 2, 1), "sigmoid"), ((2, 2, 1), "tanh"), ((2, 1), "sigmoid"), ((2, 2, 2), "sigmoid"))
FIGURES = "0123456789"


class Bank:
    """What the network saw of each figure of one writer in one capture, in two halves."""

    def __init__(self) -> None:
        self.seen: tuple[dict[str, list[Any]], ...] = (defaultdict(list), defaultdict(list))

    def add(self, texts: Mapping[str, str], posteriors: Sequence[NumberPosterior]) -> None:
        """The cells of a sheet, and what was written on its lines; every second line is of the other half."""
        for n, found in enumerate(posteriors):
            for row, figure in zip(found.seen, _cells(texts[found.quantity], found.roles), strict=True):
                self.seen[n % 2][figure].append(row)

    @property
    def whole(self) -> bool:
        """Whether each half has all figures, and a minus."""
        return all(self.seen[n].get(c) for n in (0, 1) for c in (*FIGURES, "-", " "))

    def redrawn(
        self, texts: Mapping[str, str], roles: tuple[Any, ...], rng: np.random.Generator
    ) -> list[NumberPosterior]:
        """What a sheet with these numbers says, one cell drawn for each figure."""
        found = []
        for name, text in texts.items():
            own = self.seen[len(found) % 2]
            rows = [own[c][rng.integers(len(own[c]))] for c in _cells(text, roles)]
            seen = np.stack(rows)
            found.append(posterior(name, roles, evidence(named(seen)), seen=seen))
        return found


def _cells(text: str, roles: Sequence[str]) -> str:
    cells = into_cells(text, roles.count("whole"), roles.count("place"))
    if cells is None:
        raise ValueError(text)
    return cells


def right_work(number: int) -> tuple[Problem, dict[str, str], tuple[Any, ...]]:
    """A problem, a student's right numbers for it that have room in its cells, and what each cell of a line is for."""
    rng = random.Random(f"redrawn {number}")
    shape, activation = KINDS[number % len(KINDS)]
    table = students.wide_problem(rng, shape, activation, bias=True)
    values = {name: Decimal(repr(v)) for name, v in table["values"].items()}
    problem = from_table({**table, "values": values}, "bench")
    plan = cell_plan(problem)
    roles = ("sign", *("whole",) * plan.whole, *("place",) * plan.places)
    texts = dict(students.simulate(table, rng.choice(POLICIES), rng).answers)
    fit = {name: text for name, text in texts.items() if into_cells(text, plan.whole, plan.places)}
    return problem, fit, roles


def accused(problem: Problem, readings: Mapping[str, NumberReading]) -> list[str]:
    """The lines of a sheet of right work that are wrong after reading; what is not read counts as unreadable."""
    texts = {parse_name(name): ("?" if r.text is None else r.text) for name, r in readings.items()}
    judged = judge(gather(problem.graph, [problem.values], [read_answers(texts)], [problem.precision]))
    return [q.name for q, line in judged.lines.items() if (line.verdict == Verdict.WRONG).any()]


def redraw(banks: Mapping[tuple[str, str], Bank], sheets: int) -> Counter[str]:
    """Counts of so many sheets, shared among the writers and captures of banks that are whole."""
    usable = {where: bank for where, bank in sorted(banks.items()) if bank.whole}
    count = Counter[str]()
    for number in range(sheets if usable else 0):
        who, how = list(usable)[number % len(usable)]
        problem, texts, roles = right_work(number)
        rng = np.random.default_rng(number)
        readings = decide(problem, usable[who, how].redrawn(texts, roles, rng))
        wrong = {
            name: r.text for name, r in readings.items() if r.text not in {None, texts[name].lstrip("+")}
        }
        lines = accused(problem, readings)
        count.update(
            sheets=1, accused=int(bool(lines)), numbers=len(texts), misread=len(wrong),
            read=sum(r.text is not None for r in readings.values()),
        )  # fmt: skip
        for name, text in wrong.items():
            print(f"redrawn: {who}, {how}: {texts[name]} read as {text}" + ", accused" * (name in lines))
        for name in set(lines) - set(wrong):
            print(f"redrawn: {who}, {how}: {texts[name]} at {name} accused, though read as written")
    return count
