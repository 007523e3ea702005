"""Sheets that somebody filled in without working: what they earn, against the same sheets with those lines blank.

    python benchmarks/gaming.py

A number that is the key's, or is accepted beside the key's, is no wrong number and stays on both sheets.
"""

from __future__ import annotations

import sys
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from answer_keys.solution import solve
from exercises.drawing.draw import Order, draw
from exercises.formulas import decimals
from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.networks.network import Network
from grader.feedback.report import grade
from grader.files.extraction.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exercises.problems.problem import Problem
    from grader.feedback.report_records import Report

Numbers = dict[Quantity, Decimal]
SHAPES = ((2, 2, 1), (2, 2, 2))
ACTIVATIONS = ("sigmoid", "tanh", "relu")
_NEAR = Decimal("1.5")  # units of the last place: the key's number, cut off or rounded on the way
_CLOSE = 9  # units that inner products rounded on the way may make
_FORWARD = (QuantityKind.PRE_ACTIVATION, QuantityKind.ACTIVATION, QuantityKind.LOSS)


def right(problem: Problem) -> Numbers:
    """Every line as the key has it."""
    values = solve(problem).values
    return {q: decimals.rounded(values[q], problem.places) for q in problem.graph.by_quantity}


def gaming(problem: Problem, other: Problem) -> Iterator[tuple[str, Numbers]]:
    """Ways to fill in a sheet without working, each with what then stands there."""
    key, theirs = right(problem), right(other)
    known = {**problem.values, **key}
    forward = {q: v for q, v in key.items() if q.kind in _FORWARD and not q.updated}
    behind = [q for q in key if q not in forward]
    old = {q: known[q.before_update()] for q in key if q.updated}
    stale = {q: v for q, v in old.items() if q.kind in (QuantityKind.WEIGHT, QuantityKind.BIAS)}
    targets = {q.unit: v for q, v in problem.values.items() if q.kind is QuantityKind.TARGET}
    for name, number in (("zeros", "0"), ("ones", "1"), ("halves", "0.5"), ("minus ones", "-1")):
        value = Decimal(number)
        yield name, dict.fromkeys(key, value)
        yield f"{name} after the forward pass", {**forward, **dict.fromkeys(behind, value)}
        yield f"{name}, then old weights", {**forward, **dict.fromkeys(behind, value), **old}
    yield "old weights", {**key, **stale}
    yield "old weights and old check run", {**key, **old}
    met = {q: targets[q.unit] for q in key if q.kind is QuantityKind.ACTIVATION and q.unit in targets}
    yield "y = t", {**key, **met}
    zero = [q for q in behind if not q.updated]
    yield "y = t, zeros, old weights", {**forward, **met, **dict.fromkeys(zero, Decimal(0)), **old}
    yield "another key", theirs
    yield "another key after the forward pass", {**forward, **{q: theirs[q] for q in behind}}
    for name, made in (("key × 1.01", _scaled), ("key + 0.01", _moved)):
        changed = {q: decimals.rounded(made(v), problem.places) for q, v in key.items()}
        yield name, changed
        yield f"{name} after the forward pass", {**forward, **{q: changed[q] for q in behind}}


def _scaled(value: Decimal) -> Decimal:
    return value * Decimal("1.01")


def _moved(value: Decimal) -> Decimal:
    return value + Decimal("0.01")


def blanked(problem: Problem, numbers: Numbers) -> Numbers:
    """The same with every wrong number left out: one that is wrong, too, alone on a sheet with the key's numbers."""
    key, unit = right(problem), Decimal(1).scaleb(-problem.places)
    off = {q: abs(v - key[q]) / unit for q, v in numbers.items()}
    close = [q for q, units in off.items() if _NEAR < units <= _CLOSE]
    alone = grade(problem, [sheet({**key, q: numbers[q]}) for q in close])
    fine = {
        q for q, report in zip(close, alone, strict=True) if report.by_quantity[q.name].verdict == "correct"
    }
    return {q: v for q, v in numbers.items() if off[q] <= _NEAR or q in fine}


def sheet(numbers: Numbers) -> Submission:
    """What is handed in."""
    return Submission("", "", {q: f"{v:f}" for q, v in numbers.items()})


def share(report: Report) -> float:
    """The share of the marks that could be had."""
    return report.score / report.out_of if report.out_of else 0.0


def drawn(shape: Any, activation: str, seed: str) -> Problem:
    """A problem of one kind."""
    net = Network(shape, (activation,) * (len(shape) - 1), "half-squared-error", "yes")
    return draw(Order(net), f"gaming/{seed}")


def compared(problem: Problem, other: Problem) -> Iterator[tuple[str, Report, Report]]:
    """Each way with the report on it and that on the sheet with its wrong lines blank."""
    names, filled = zip(*gaming(problem, other), strict=True)
    sheets = [*filled, *(blanked(problem, numbers) for numbers in filled)]
    reports = grade(problem, [sheet(numbers) for numbers in sheets])
    yield from zip(names, reports[: len(names)], reports[len(names) :], strict=True)


def rows(count: int) -> Iterator[tuple[str, int, int, float]]:
    """For each way: sheets, sheets above the blank one, and the greatest difference in share."""
    found: dict[str, list[float]] = {}
    for shape in SHAPES:
        for activation in ACTIVATIONS:
            problems = [drawn(shape, activation, f"{n}") for n in range(count + 1)]
            for problem, other in pairwise(problems):
                for name, filled, blank in compared(problem, other):
                    found.setdefault(name, []).append(share(filled) - share(blank))
    for name, more in found.items():
        yield name, len(more), sum(one > 0 for one in more), max(more)


def table(count: int) -> None:
    """Print the rows; the floor is that none is above the blank sheet."""
    print("\nSheets filled in without working, against the same with those lines blank (floor: none above)\n")
    print("| way | sheets | above the blank sheet | most |\n|---|---|---|---|")
    for name, sheets, above, most in rows(count):
        print(f"| {name} | {sheets} | **{above}** | {most:+.3f} |", flush=True)


if __name__ == "__main__":
    table(5)
