"""Which line some written working is the formula of: what stands before the number may tell more than its label does."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from exercises.formulas.algebras import exact_value
from exercises.formulas.formula import leaves
from grader.answers.answer import Working, read_answer

if TYPE_CHECKING:
    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from grader.files.extraction.keeper import Keeper

_SYMBOLIC = re.compile(r"[A-Za-zδŷ]_?\{?[\d₀-₉].*=", re.DOTALL)
_OPERATOR = re.compile(r"[-−*·+(/^]")
_NEAR = Decimal("1e-12")
_LONGEST = 300  # characters


def worked_line(name: str, text: str, keeper: Keeper) -> Quantity | None:
    """The line whose formula stands in a text, or in the name before it: `y5(1 - y5) = 0.2138`; None if none is certain."""
    link = _first(f"{name} = {text}" if _OPERATOR.search(name) else text, keeper)
    if link is None:
        return None
    used = set(leaves(link))
    steps = keeper.found.source.problem.graph.by_quantity
    alike = [q for q, step in steps.items() if set(step.parents) == used and _same(link, step.formula)]
    return alike[0] if len(alike) == 1 else None


def contradicted(quantity: Quantity, text: str, keeper: Keeper) -> bool:
    """Whether the working is the formula of a line that this one is not made from: `a3 = w35*y3 + w45*y4`."""
    steps = keeper.found.source.problem.graph.by_quantity
    link = _first(text, keeper) if quantity in steps else None
    if link is None or set(leaves(link)) & {quantity.before_update(), *steps[quantity].parents}:
        return False
    other = worked_line("", text, keeper)
    return other is not None and other not in _before(quantity, keeper)


def _before(quantity: Quantity, keeper: Keeper) -> set[Quantity]:
    """A line and all lines that it is made from."""
    steps, waiting = keeper.found.source.problem.graph.by_quantity, [quantity]
    found: set[Quantity] = set()
    while waiting:
        q = waiting.pop()
        if q in steps and q not in found:
            found.add(q)
            waiting += steps[q].parents
    return found


def _first(text: str, keeper: Keeper) -> Formula | None:
    """The first link that is made of names."""
    if len(text) > _LONGEST or _SYMBOLIC.search(text) is None:
        return None
    names = keeper.names
    read = read_answer(text, lambda written: names(written) or names.anything(written))
    links = read.links if isinstance(read, Working) and read.unread is None else ()
    return links[0] if links and any(True for _ in leaves(links[0])) else None


def _same(one: Formula, other: Formula) -> bool:
    """Whether two formulas give the same for whatever stands in them."""
    for start in (3, 11):
        known = {q: Decimal(start + i) / 7 for i, q in enumerate(dict.fromkeys(leaves(other)))}
        values = [exact_value(formula, known.__getitem__) for formula in (one, other)]
        if None in values or abs(values[0] - values[1]) > _NEAR:  # type: ignore[operator]
            return False
    return True
