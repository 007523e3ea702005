"""Answers whose labels do not tell which line they are: found by their place on the whole sheet, where only one is left.

Two things tell: the label before (“sum of unit 3 …; its output …”), and the order of the sheet, where between two lines
that are known exactly as many are missing as stand there. A strange word must have one meaning in this way.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from exercises.formulas.quantity import Quantity, QuantityKind
from exercises.pages.sheet_sections import sections
from grader.answers.answer import Working, read_answer
from grader.answers.lexicon import OTHER, ROLES
from grader.answers.numbers import Typed
from grader.answers.worded import ASIDE, NOTHING, Wording, of_quantity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exercises.problems.problem import Problem
    from grader.files.extraction.keeper import Keeper
    from grader.files.extraction.open_answers import Open

_WORD = re.compile(r"[^\W\d_]{2,}")
_FEW = 3  # lines that must be known before their order tells anything


def resolve(keeper: Keeper) -> None:
    """Give each open answer its line where there is but one that it can be."""
    _weak(keeper)
    found = _by_order(keeper)
    words: dict[str, set[QuantityKind]] = {}
    for one, q in found:
        words.setdefault(_strange(one.name, keeper), set()).add(q.kind)
    for one, q in found:
        if len(words[_strange(one.name, keeper)]) == 1:
            _take(one, q, keeper)


def _take(one: Open, q: Quantity, keeper: Keeper) -> None:
    keeper.waiting.open.remove(one)
    keeper.sequence[one.at] = q
    keeper.say(f"“{one.name}” was taken for {q.name}, by its place on the sheet.")
    keeper.found.put(q, one.text, keeper.sheet.at(one.place))


def _free(q: Quantity | None, keeper: Keeper) -> bool:
    return q is not None and keeper.line(q) and q not in keeper.found.texts


def _weak(keeper: Keeper) -> None:
    """Labels without a unit: several belong each to the unit before it; a lone “output” is that of the network."""
    by_name: dict[frozenset[str], list[Open]] = {}
    for one in keeper.waiting.open:
        if one.weak is not None:
            said = keeper.names.vocabulary.find(one.name) or NOTHING
            by_name.setdefault(said.meant, []).append(one)
    for ones in by_name.values():
        lines = [_beside(one, keeper) for one in ones]
        if len(ones) == 1:
            lone, alternative = ones[0].weak, lines[0]
            lines = [lone if not _free(alternative, keeper) or alternative == lone else None]
        elif lines[-1] is None and all(lines[:-1]):
            lines[-1] = ones[-1].weak
        if all(_free(q, keeper) for q in lines) and len(set(lines)) == len(lines):
            for one, q in zip(ones, lines, strict=True):
                _take(one, q, keeper) if q is not None else None


def _beside(one: Open, keeper: Keeper) -> Quantity | None:
    """The line that a label means which takes its unit from what was answered before it."""
    before = next((q for q in reversed(keeper.sequence[: one.at]) if q is not None), None)
    said = keeper.names.vocabulary.find(one.name)
    if before is None or said is None or not before.unit:
        return None
    q = keeper.names.vocabulary.complete(said, Wording(unit=before.unit, new=before.updated))
    return q.after_update() if q is not None and before.updated and not q.updated else q


# --- order ---


def _by_order(keeper: Keeper) -> list[tuple[Open, Quantity]]:
    """The open answers that stand between two known ones where exactly as many lines are missing."""
    readings = [
        found for order in orders(keeper.found.source.problem) if (found := _in(order, keeper)) is not None
    ]
    sure = readings[0] if readings else []
    return [pair for pair in sure if all(pair in other for other in readings)]


def _in(order: Sequence[Quantity], keeper: Keeper) -> list[tuple[Open, Quantity]] | None:
    """The same by one order; None if the sheet has another one."""
    index = {q: i for i, q in enumerate(order)}
    opened = {one.at: one for one in keeper.waiting.open}
    known = [(at, index[q]) for at, q in enumerate(keeper.sequence) if q in index and q in keeper.found.texts]
    if len(known) < _FEW or any(a[1] >= b[1] for a, b in pairwise(known)):
        return None
    found: list[tuple[Open, Quantity]] = []
    for (at, low), (end, high) in pairwise([(-1, -1), *known]):
        run = [opened[i] for i in range(at + 1, end) if i in opened]
        lines = order[low + 1 : high]
        if (
            run
            and len(run) == len(lines)
            and all(_fits(one, q, keeper) for one, q in zip(run, lines, strict=True))
        ):
            found += zip(run, lines, strict=True)
    return found


def orders(problem: Problem) -> Iterator[list[Quantity]]:
    """The orders in which a sheet is answered: as it is printed, and each layer's sums before their outputs."""
    printed = [step.quantity for section in sections(problem) for step in section.steps]
    yield printed
    layers = problem.network.layers
    rank = {QuantityKind.PRE_ACTIVATION: 0, QuantityKind.ACTIVATION: 1}

    def key(q: Quantity) -> tuple[int, int]:
        return next(i for i, layer in enumerate(layers) if q.unit in layer), rank[q.kind]

    forward = [i for i, q in enumerate(printed) if q.kind in rank and not q.updated]
    by_layer = list(printed)
    for i, q in zip(forward, sorted((printed[i] for i in forward), key=key), strict=True):
        by_layer[i] = q
    yield by_layer


def _fits(one: Open, q: Quantity, keeper: Keeper) -> bool:
    """Whether a line is free, and nothing that the label says speaks against it."""
    said = keeper.names.vocabulary.heading(one.name)
    lowered = {word.lower() for word in _WORD.findall(one.name)}
    if not _free(q, keeper) or said.roles & ASIDE or lowered & OTHER or not _is_number(one.text, keeper):
        return False
    line = of_quantity(q)
    same_unit = not said.unit or said.unit == q.unit
    return (
        same_unit
        and said.meant <= line.roles
        and said.parameter in (None, line.parameter)
        and said.new <= q.updated
    )


def _is_number(text: str, keeper: Keeper) -> bool:
    return isinstance(read_answer(text, keeper.names), (Typed, Working))


def _strange(name: str, keeper: Keeper) -> str:
    """The words of a label that are not known."""
    known = keeper.names.vocabulary
    words = [w.lower() for w in _WORD.findall(name)]
    return " ".join(w for w in words if w not in ROLES and known.find(w) in (None, NOTHING))
