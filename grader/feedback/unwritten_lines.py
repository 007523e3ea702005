"""What is said of a break in a line not written down, of which no more is known than the number it must have held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import HeldNumber
    from grader.feedback.sheet_numbers import SheetNumbers

MOST = 4  # so many lines are named one by one
UNWRITTEN = "a line that you did not write down"


def sentences(figures: SheetNumbers, q: Quantity, held: HeldNumber) -> str:
    """What is said of the line that shows the break, from behind “does not follow from your lines; ”."""
    if figures.conditions(q):  # the number rests on another that is no more than likely
        return f"{figures.somewhere(q)}."
    if not figures.is_sure(figures.found.explained[q]):
        which = _any_of([figures.label(p) for p in held.among])
        right = _all_of(figures, held.lines)
        return f"another number in one line not written down, {which}, would make it right, and {right} too."
    label = figures.label(held.at)
    follows = f"so would {_all_of(figures, held.lines)}"
    said = f"with {label} = {typeset.number(held.number)}, {UNWRITTEN}, it would, and {follows}."
    others = [figures.label(p) for p in held.among if p != held.at]
    if others:
        said += f" It may also have broken at {_any_of(others)}."
    return f"{said} Right is {_right(figures, q, held.at)}."


def hint(figures: SheetNumbers, q: Quantity, held: HeldNumber) -> str:
    """Where to look, without any number."""
    which = _any_of([figures.label(p) for p in held.among])
    return f"Look at {which}, which you did not write down; {_all_of(figures, (q, *held.lines))} build on it."


def _any_of(names: Sequence[str]) -> str:
    """One of some lines, in order of computation."""
    if len(names) > MOST:
        return f"one of the lines from {names[0]} to {names[-1]}"
    return listed(names, "or")


def _all_of(figures: SheetNumbers, lines: Sequence[Quantity]) -> str:
    """Some lines by name, the first of them if they are many."""
    names = [figures.label(p) for p in lines]
    if len(names) > MOST + 1:
        return f"{', '.join(names[:MOST])} and several more lines"
    return listed(names)


def _right(figures: SheetNumbers, q: Quantity, at: Quantity) -> str:
    """A blank line worked rightly: its name, its formula, with numbers, and what that gives."""
    formula, after = figures.formula(at), figures.found.explained[q].after
    parts = [
        figures.label(at),
        typeset.symbolic(formula, figures.problem.label),
        typeset.substituted(formula, lambda p: figures.shown(p, after)),
        figures.shown(at, after),
    ]
    return " = ".join(dict.fromkeys(parts))
