"""Which break a right line owes its wrong number to: every broken line of a sheet mended by itself.

A broken line is mended by putting in what its own formula gives on the numbers above it. Right lines below
follow, each keeping its own small rounding; other broken lines stay as typed, or hand on, in their own wrong way,
what comes from further up. What changes in a line's last place in either case is the effect of the break.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from exercises.formulas.algebras import ArrayAlgebra
from exercises.formulas.formula import fold, leaves
from grader.judging.carried import visible
from grader.judging.verdict import Note, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from grader.diagnosis.diagnose import Diagnosis
    from grader.judging.verdict import JudgedLine

Array = Any
_TRIFLE = 0.05  # such a share of a difference need not be told


def blamed(found: Diagnosis, q: Quantity) -> Quantity:
    """The line where a break that shows at `q` is taken to lie: the line itself, or one left blank."""
    explanation = found.explained.get(q)
    return explanation.at if explanation is not None else q


class Repairs:
    """The effects of each break of one sheet on each of its lines."""

    def __init__(self, found: Diagnosis) -> None:
        self.found = found
        self.judged, self.column = found.judged, found.column
        self.graph = self.judged.sheets.graph

    @cached_property
    def broken(self) -> frozenset[Quantity]:
        """The lines whose numbers are taken neither for right nor for following."""
        wrong, open_, hidden = int(Verdict.WRONG), int(Verdict.NOT_ASSESSED), int(Note.HIDDEN)
        out = set()
        for q, line in self.judged.lines.items():
            verdict = int(line.verdict[self.column])
            if verdict == wrong or (verdict == open_ and int(line.note[self.column]) == hidden):
                out.add(q)
        return frozenset(out)

    def blamed(self, q: Quantity) -> tuple[Quantity, ...]:
        """Every line where the break that shows at `q` is taken to lie: itself, or those left blank."""
        explanation, at = self.found.explained.get(q), blamed(self.found, q)
        members = explanation.members if explanation is not None else ()
        lines = (h.step.quantity for h in members)
        return tuple(dict.fromkeys((at, *(p for p in lines if self.judged.lines[p].blank[self.column]))))

    @cached_property
    def breaks(self) -> dict[Quantity, Quantity]:
        """Where each break lies, in order of computation, and the line that shows it."""
        out: dict[Quantity, Quantity] = {}
        for step in self.graph.steps:
            q = step.quantity
            if q in self.broken:
                for at in self.blamed(q):
                    out.setdefault(at, q)
        return dict(sorted(out.items(), key=lambda pair: self.graph.position[pair[0]]))

    def causes(self, q: Quantity) -> list[Quantity]:
        """The breaks that can be seen in a line, by themselves or through a nearer one, in order of computation.

        Where none can, the strongest.
        """
        place = float(self.judged.lines[q].place[self.column])
        effects = zip(self.breaks, self.effects[q], self.effects_through[q], strict=True)
        above = [at for at in self.breaks if at in self.graph.ancestors[q]]
        seen = [
            at
            for at, own, through in effects
            if at in above and (visible(own, place) or visible(through, place))
        ]
        if seen:
            return seen
        strength = dict(zip(self.breaks, np.abs(self.effects[q]), strict=True))
        return [max(above, key=lambda at: (strength[at], self.graph.position[at]))] if above else []

    def is_rounded_off(self, q: Quantity) -> bool:
        """Whether rounding on the way, too, keeps a line from the key's number, by more than can be passed over."""
        line, typed = self.judged.lines[q], self.judged.sheets.value[q][self.column]
        place = max(float(line.place[self.column]), float(line.unit[self.column]))
        trifle = _TRIFLE * abs(typed - float(line.key[self.column]))
        return bool(abs(typed - line.exact[self.column]) > max(place, trifle))

    @cached_property
    def effects(self) -> dict[Quantity, Array]:
        """By how much each line's number differs for each of the breaks, other broken lines as typed."""
        return self.compare(through=False)

    @cached_property
    def effects_through(self) -> dict[Quantity, Array]:
        """The same where broken lines pass on, in their own wrong way, what reaches them."""
        return self.compare(through=True)

    def compare(self, *, through: bool) -> dict[Quantity, Array]:
        """The numbers of the sheet less those under each repair."""
        algebra, breaks = ArrayAlgebra(), list(self.breaks)
        had: dict[Quantity, Any] = {q: v[self.column] for q, v in self.judged.sheets.given.items()}
        for q, line in self.judged.lines.items():  # a wrong formula may use a later line
            if not line.blank[self.column]:
                had[q] = self.judged.sheets.value[q][self.column]
        now: dict[Quantity, Any] = dict(had)
        out: dict[Quantity, Array] = {}
        with np.errstate(all="ignore"):
            for step in self.graph.steps:
                q, line = step.quantity, self.judged.lines[step.quantity]
                followed = self.followed(q, had) if through else None
                formula = followed or step.formula
                before = fold(formula, algebra, had.__getitem__)
                after = fold(formula, algebra, now.__getitem__) + np.zeros(len(breaks))
                had[q], now[q] = self.mended(line, q, before, after, through=followed is not None)
                if q in self.breaks:
                    own = np.arange(len(breaks)) == breaks.index(q)
                    right = fold(step.formula, algebra, now.__getitem__) + np.zeros(len(breaks))
                    now[q] = np.where(own, right, now[q] if followed else had[q])
                out[q] = had[q] - now[q]
        return out

    def followed(self, q: Quantity, known: Mapping[Quantity, Array]) -> Formula | None:
        """The formula that a line was worked by; none where that is not known of a broken one."""
        right, explanation = self.graph.by_quantity[q].formula, self.found.explained.get(q)
        if q not in self.broken or blamed(self.found, q) != q:
            return right
        if explanation is not None and explanation.causes:
            wrong = explanation.causes[0].hypothesis.formula
            return wrong if all(p in known for p in leaves(wrong)) else None
        return right if explanation is not None and explanation.slip is not None else None

    def mended(
        self, line: JudgedLine, q: Quantity, before: Array, after: Array, *, through: bool
    ) -> tuple[Array, Array]:
        """What a line has, and what it would have under each repair; a break's own repair is left out."""
        if line.blank[self.column]:
            box = line.box
            middle = 0.5 * (box.lo[self.column] + box.hi[self.column])
            return (middle, middle + (after - before)) if q in self.breaks else (before, after)
        typed = self.judged.sheets.value[q][self.column]
        stays = np.full(len(self.breaks), line.anew[self.column] or (q in self.broken and not through))
        if q in self.broken and q not in self.breaks:  # mended where the blank line is that it shows
            stays &= np.array([at not in self.blamed(q) for at in self.breaks])
        return typed, np.where(stays, typed, after + (typed - before))
