"""What students get wrong: the catalogue of wrong formulas, line kind by line kind.

Rounding early and cutting off are policies (`student_pens`), not mistakes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from benchmarks import student_wrong_backward as backward
from benchmarks import student_wrong_forward as forward
from benchmarks.student_network import Plan, Tracer

Formula = forward.Formula


@dataclass(frozen=True)
class Mistake:
    """A wrong formula for some kinds of line."""

    id: str
    link: str
    kinds: tuple[str, ...]
    formula: Formula
    exotic: bool = False


_TABLE: list[tuple[str, str, dict[str, Formula]]] = [
    ("weighted sum", "a", forward.SUMS), ("activation", "y", forward.ACTIVATIONS),
    ("loss", "loss", forward.LOSSES), ("loss", "total", forward.TOTALS),
    ("loss slope", "loss slope", forward.LOSS_SLOPES),
    ("activation slope", "slope", forward.SLOPES),
    ("output delta", "output delta", backward.OUTPUT_DELTAS), ("hidden delta", "path", backward.PATHS),
    ("hidden delta", "sum", backward.PATH_SUMS), ("hidden delta", "hidden delta", backward.HIDDEN_DELTAS),
    ("gradient", "dW", backward.GRADIENTS), ("gradient", "dW db", backward.BOTH_GRADIENTS),
    ("gradient", "db", backward.BIAS_GRADIENTS),
    ("update", "W b", backward.UPDATES), ("update", "b", backward.BIAS_UPDATES),
]  # fmt: skip


def _collect() -> dict[str, Mistake]:
    found: dict[str, Mistake] = {}
    for link, kinds, formulas in _TABLE:
        for name, formula in formulas.items():
            mistake = Mistake(f"{link}/{name}", link, tuple(_kinds(kinds)), formula)
            assert mistake.id not in found
            found[mistake.id] = mistake
    for name, kinds, formula in backward.EXOTIC:
        found[name] = Mistake(name, name.split("/")[0], tuple(_kinds(kinds)), formula, exotic=True)
    return found


def _kinds(text: str) -> list[str]:
    """The line kinds in a table cell; kinds of two words stand alone."""
    return text.split() if text in ("W b", "dW db") else [text]


MISTAKES: dict[str, Mistake] = _collect()


@lru_cache(maxsize=512)
def places_for(plan: Plan) -> dict[str, tuple[str, ...]]:
    """For each mistake that can be made in this plan, the lines at which it can."""
    found: dict[str, tuple[str, ...]] = {}
    for mistake in MISTAKES.values():
        deltas = plan.keeps_slope_out and {"output delta", "hidden delta"} & set(mistake.kinds)
        desk = Tracer(plan)
        names = [line.name for line in plan.lines
                 if line.kind in mistake.kinds and desk.compute(line, mistake.formula) is not None
                 ]  # fmt: skip
        if names and not deltas:
            found[mistake.id] = tuple(names)
    return found
