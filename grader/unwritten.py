"""What is said of a break in a line not written down, of which no more is known than the number it must have held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises import typeset
from exercises.wording import listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exercises.quantity import Quantity
    from grader.unknowns import Held
    from grader.words import Speaker

MOST = 4  # so many lines are named one by one
UNWRITTEN = "a line that you did not write down"


def sentences(speaker: Speaker, q: Quantity, held: Held) -> str:
    """What is said of the line that shows the break, from behind “does not follow from your lines; ”."""
    if speaker.conditions(q):  # the number rests on another that is no more than likely
        return f"{speaker.somewhere(q)}."
    if not speaker.is_sure(speaker.found.explained[q]):
        which = _any_of([speaker.label(p) for p in held.among])
        right = _all_of(speaker, held.lines)
        return f"another number in one line not written down, {which}, would make it right, and {right} too."
    label = speaker.label(held.at)
    follows = f"so would {_all_of(speaker, held.lines)}"
    said = f"with {label} = {typeset.number(held.number)}, {UNWRITTEN}, it would, and {follows}."
    others = [speaker.label(p) for p in held.among if p != held.at]
    if others:
        said += f" It may also have broken at {_any_of(others)}."
    return f"{said} Right is {_right(speaker, q, held.at)}."


def hint(speaker: Speaker, q: Quantity, held: Held) -> str:
    """Where to look, without any number."""
    which = _any_of([speaker.label(p) for p in held.among])
    return f"Look at {which}, which you did not write down; {_all_of(speaker, (q, *held.lines))} build on it."


def _any_of(names: Sequence[str]) -> str:
    """One of some lines, in order of computation."""
    if len(names) > MOST:
        return f"one of the lines from {names[0]} to {names[-1]}"
    return listed(names, "or")


def _all_of(speaker: Speaker, lines: Sequence[Quantity]) -> str:
    """Some lines by name, the first of them if they are many."""
    names = [speaker.label(p) for p in lines]
    if len(names) > MOST + 1:
        return f"{', '.join(names[:MOST])} and several more lines"
    return listed(names)


def _right(speaker: Speaker, q: Quantity, at: Quantity) -> str:
    """A blank line worked rightly: its name, its formula, with numbers, and what that gives."""
    formula, after = speaker.formula(at), speaker.found.explained[q].after
    parts = [
        speaker.label(at),
        typeset.symbolic(formula, speaker.problem.label),
        typeset.substituted(formula, lambda p: speaker.shown(p, after)),
        speaker.shown(at, after),
    ]
    return " = ".join(dict.fromkeys(parts))
