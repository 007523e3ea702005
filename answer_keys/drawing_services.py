"""What only the grader knows of numbers, as it is handed down to those who draw them.

Drawing and keys stand below the grader and must not import it. The front door knows both, and puts a `DrawingServices`
into the context of the command line (`click`'s `ctx.obj`: a function that gives it, so that nothing is
imported before it is wanted).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from exercises.drawing.search import MakeScorer
    from exercises.formulas.quantity import Quantity
    from exercises.problems.problem import Problem

Coincide = dict[str, Any]  # plain values: {"hidden": [entry, …], "alike": [[entry, entry], …]}
Ranges = dict[
    "Quantity", tuple["Decimal", "Decimal"]
]  # of each line, the least and the greatest right number


@dataclass(frozen=True, slots=True)
class DrawingServices:
    """Which numbers tell mistakes apart.

    make_scorer: makes what says how badly candidates do.
    record:      for each problem of one kind what still coincides, as a key keeps it; None where it was not
                 looked at.
    plant:       makes of a plain full pass a worked solution with a mistake in it, which a text chooses.
    planted:     that mistake in a sentence, for a key.
    ranges:      for each problem of one kind, the numbers that right work can lead to.
    read_roster: the id and the name of each student on a roster.
    """

    make_scorer: MakeScorer
    record: Callable[[Sequence[Problem]], list[Coincide | None]]
    plant: Callable[[Problem, str], Problem]
    planted: Callable[[Problem], str]
    ranges: Callable[[Sequence[Problem]], list[Ranges]]
    read_roster: Callable[[Path], list[tuple[str, str]]]


GetServices = Callable[[], DrawingServices]


def remark(coincide: Coincide) -> str:
    """What still coincides, as a sentence for the key page."""
    hidden = len(coincide["hidden"])
    involved = bool(coincide["alike"])  # their number would make each key a page of its own to lay out
    passes = {0: "no mistake that byhand knows passes", 1: "1 mistake passes"}.get(
        hidden, f"{hidden} mistakes pass"
    )
    alike = "; some cannot be told from another" if involved else ""
    more = " (byhand check lists them)" if hidden or involved else ""
    return f"With these numbers {passes} for correct work{alike}{more}."
