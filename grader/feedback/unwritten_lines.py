"""What is said of a break in a line not written down, of which no more is known than the number it must have held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import typeset
from grader.feedback.claims import BlankHeld, DoesNotFollow, LineGives, Said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.explanation import HeldNumber
    from grader.feedback.sheet_numbers import SheetNumbers

MOST = 4  # so many lines are named one by one
UNWRITTEN = "a line that you did not write down"


def sentences(figures: SheetNumbers, q: Quantity, held: HeldNumber) -> Said:
    """What is said of the line that shows the break, from behind “does not follow from your lines; ”."""
    apart = DoesNotFollow(q)
    if figures.conditions(q):  # the number rests on another that is no more than likely
        return Said(f"{figures.somewhere(q)}.", (apart,))
    taken = figures.taken(figures.found.explained[q].after)
    would = BlankHeld(held.at, held.number, (q, *held.lines), taken)
    if not figures.is_sure(figures.found.explained[q]):
        which = _any_of([figures.label(p) for p in held.among])
        too = _all_of(figures, held.lines)
        said = f"another number in one line not written down, {which}, would make it right, and {too} too."
        return Said(said, (would,))
    label = figures.label(held.at)
    follows = f"so would {_all_of(figures, held.lines)}"
    said = f"with {label} = {typeset.number(held.number)}, {UNWRITTEN}, it would, and {follows}."
    others = [figures.label(p) for p in held.among if p != held.at]
    if others:
        said += f" It may also have broken at {_any_of(others)}."
    after, formula = figures.found.explained[q].after, figures.formula(held.at)
    numbers = figures.put_in(formula, after, figures.legible(figures.used(held.at, after)))
    right = LineGives(held.at, formula, numbers, figures.shown(held.at, after), taken)
    return Said(f"{said} Right is {label} = {right.words(figures)}.", (would, right))


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
