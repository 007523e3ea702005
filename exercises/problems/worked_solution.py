"""A worked solution with a mistake in it, as it stands on a sheet: its lines, and what there is to do with it.

Two kinds of exercise print one. In "find the mistake" a single line is wrong, and every line after it was
worked out rightly from the numbers printed above it; the right value of that line is asked. In "convention"
δ has one sign and every update the rule of the other; the right updates are asked. Each printed line is
rounded half up from the printed ones, so that each can be checked by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exercises.common.errors import ProblemError
from exercises.formulas.algebras import exact_value
from exercises.networks.solution_graph import planted_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from decimal import Decimal

    from exercises.formulas.decimals import Precision
    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import Step
    from exercises.problems.specification import Specification

NEAR = 2  # units of the last place by which a printed line may miss the numbers above it


def carried(
    steps: Iterable[Step],
    given: Mapping[Quantity, Decimal],
    precision: Precision,
    wrong: Mapping[Quantity, Formula],
) -> dict[Quantity, Decimal]:
    """Every line worked out from the lines as printed; those of `wrong` by another formula.

    Raises ProblemError where a value does not exist.
    """
    known, found = dict(given), {}
    for step in steps:
        q = step.quantity
        value = exact_value(wrong.get(q, step.formula), known.__getitem__)
        if value is None:
            raise ProblemError(f"printed: {q.name} does not exist with these numbers")
        known[q] = found[q] = precision.rounded(value)
    return found


def wrong_lines(said: Specification) -> tuple[Quantity, ...]:
    """The lines that do not follow from what is printed above them, in order."""
    return said.kind.solution.wrong(said.worked, said.plan) if said.kind.solution else ()


def faults(said: Specification) -> Iterator[str]:
    """What is wrong with a printed solution, one sentence each."""
    worked, printed = said.worked, said.printed
    if said.plan.planted and planted_line(said.plan) not in worked.by_quantity:
        yield 'planted: expected the code of a mistake and the line it was made in, such as ["H03", "delta3"]'
        return
    missing = [q.name for q in worked.by_quantity if q not in printed]
    if missing:
        listed = ", ".join(missing[:6]) + (" …" if len(missing) > 6 else "")  # noqa: PLR2004 - a line
        yield f"printed: {listed} missing; expected every line of the worked solution"
        return
    yield from _inconsistent(said)


def _inconsistent(said: Specification) -> Iterator[str]:
    """Lines that are wrong beside the one that is meant to be, or a mistake that cannot be seen."""
    worked, printed = said.worked, said.printed
    known = {**said.values, **printed}
    wrong = set(wrong_lines(said))
    for step in worked.steps:
        q = step.quantity
        exact = exact_value(step.formula, known.__getitem__)
        if exact is None:
            yield f"printed.{q.name}: no value exists with the numbers above it"
            continue
        value = said.precision.rounded(exact)
        follows = abs(value - printed[q]) <= NEAR * said.precision.unit(value)
        if not follows and q not in wrong:
            yield f"printed.{q.name} is {printed[q]:f}, but {value:f} follows from the lines above it"
        if follows and q in wrong and said.plan.planted:
            yield f"printed.{q.name} is right; expected the mistake there"
