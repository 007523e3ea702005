"""The numbers of one student's sheet, as sentences about it show them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from math import isfinite, isnan, log10, nan
from typing import TYPE_CHECKING

from exercises.common.wording import listed
from exercises.formulas import enough_digits, typeset
from exercises.formulas.decimals import Precision
from exercises.formulas.formula import leaves
from exercises.formulas.last_places import LastPlaces
from grader.answers.numbers import Typed
from grader.diagnosis.explain import TIE
from grader.feedback import kept_values
from grader.judging.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.formulas.formula import Formula
    from exercises.formulas.quantity import Quantity
    from exercises.networks.steps import StepGraph
    from exercises.problems.problem import Problem
    from grader.answers.answer import Working
    from grader.answers.read_sheet import ReadAnswer
    from grader.diagnosis.diagnose import Diagnosis
    from grader.diagnosis.explanation import Explanation
    from grader.judging.verdict import Judgement

MOST = 12  # places shown
NONE: frozenset[Quantity] = frozenset()
SURE = 0.5  # a blank line is named only from this probability on
NAMED = 3  # so many broken lines are named one by one


@dataclass(frozen=True)
class SheetNumbers:
    """What stands on one sheet, and what follows from it.

    found:   the diagnosis of the sheet.
    answers: what was read on each line.
    working: the way to an answer, where one was written.
    key:     the printed key.
    """

    problem: Problem
    found: Diagnosis
    answers: Mapping[Quantity, ReadAnswer]
    working: Mapping[Quantity, Working]
    key: Mapping[Quantity, Decimal]

    @property
    def judged(self) -> Judgement:
        """The batch in which the sheet was judged."""
        return self.found.judged

    @property
    def column(self) -> int:
        """The sheet's place in it."""
        return self.found.column

    @property
    def graph(self) -> StepGraph:
        """The steps under the convention that the sheet follows."""
        return self.judged.sheets.graph

    @cached_property
    def anew(self) -> dict[object, dict[Quantity, Decimal]]:
        """Numbers that were worked out anew, by what was assumed (`grader.feedback.worked_anew`)."""
        return {}

    @cached_property
    def places(self) -> int:
        """The decimal places to which the sheet is worked, where it is places."""
        unit = self.judged.unit[self.column]
        placed = unit.unit if isinstance(unit, LastPlaces) else unit
        return max(0, min(MOST, round(-log10(float(placed)))))

    @cached_property
    def precision(self) -> Precision:
        """The places, or the figures, to which the sheet is worked."""
        unit = self.judged.unit[self.column]
        if isinstance(unit, LastPlaces) and not isnan(unit.figures):
            return Precision(min(MOST, round(float(unit.figures))), significant=True)
        return Precision(self.places)

    def label(self, q: Quantity) -> str:
        """A quantity as the sheet writes it."""
        return self.problem.label(q).text

    def formula(self, q: Quantity) -> Formula:
        """The right formula of a line."""
        return self.graph.by_quantity[q].formula

    def typed(self, q: Quantity) -> Typed | None:
        """The number that was typed on a line, if one can be read there."""
        answer = self.answers.get(q)
        return answer if isinstance(answer, Typed) else None

    def printed(self, q: Quantity) -> bool:
        """Whether the student's convention leaves the number of a line as the key has it."""
        if self.found.convention is None:
            return True
        unit = float(self.judged.lines[q].unit[self.column])
        return abs(float(self.judged.lines[q].key[self.column]) - float(self.key[q])) <= 0.5 * unit

    @cached_property
    def assumed(self) -> dict[Quantity, Explanation]:
        """The blank lines that are taken to have been worked wrongly, and what is thought of each."""
        return {at: e for e in self.found.explained.values() for at in self.unwritten(e)}

    def unwritten(self, explanation: Explanation) -> tuple[Quantity, ...]:
        """The blank lines that an explanation takes to have been worked wrongly."""
        if explanation.held is not None:
            return (explanation.held.at,)
        lines = (h.step.quantity for h in explanation.members)
        return tuple(at for at in lines if at != explanation.quantity and at not in self.standing)

    def mended(self, q: Quantity) -> Quantity | None:
        """The blank line that must be put right for this one to come out right, if there is one."""
        explanation = self.found.explained.get(q)
        at = explanation.at if explanation is not None else q
        return None if at == q else at

    def shows(self, at: Quantity) -> Quantity:
        """The line that shows the break in a blank one."""
        return self.assumed[at].quantity

    def wrongly(self, q: Quantity) -> frozenset[Quantity]:
        """The blank lines that a sentence about this line takes to have been worked wrongly."""
        if q not in self.found.explained or not self.unwritten(self.found.explained[q]):
            return self.taken_wrong
        return self.found.explained[q].after

    @cached_property
    def taken_wrong(self) -> frozenset[Quantity]:
        """All blank lines that are taken to have been worked wrongly."""
        return frozenset(self.assumed)

    def shown(self, q: Quantity, wrongly: frozenset[Quantity] = NONE) -> str:
        """A quantity's number as the student has it: given, typed, or what their lines give where blank."""
        return self.standing_text(q) or self.rounded(self.used(q, wrongly))

    def standing_text(self, q: Quantity) -> str:
        """A quantity's number as it stands on the sheet, given or typed; nothing where it is blank."""
        if q in self.problem.values:
            return typeset.number(self.problem.values[q])
        answer = self.typed(q)
        return neat(answer.text) if answer is not None else ""

    def taken(self, wrongly: frozenset[Quantity]) -> tuple[tuple[Quantity, Decimal], ...]:
        """What blank lines that were worked wrongly are taken to have held, in order of computation."""
        return tuple(
            (at, self.used(at, wrongly)) for at in sorted(wrongly, key=self.graph.position.__getitem__)
        )

    def rounded(self, value: Decimal, precision: Precision | None = None) -> str:
        """A computed number as the sheet is worked, or to three figures where it would vanish."""
        return typeset.number(self.at_places(value, precision)) if value.is_finite() else "no number"

    def at_places(self, value: Decimal, precision: Precision | None = None) -> Decimal:
        """The same as a number."""
        return self.legible(value, precision).rounded(value)

    def legible(self, value: Decimal, precision: Precision | None = None) -> Precision:
        """To what a computed number is rounded."""
        precision = precision or self.precision
        if not value.is_finite():
            return precision
        vanishes = not precision.significant and value and abs(value) < Decimal(5).scaleb(-precision.digits)
        if vanishes and value.adjusted() > -MOST - precision.digits:  # below that nobody needs its figures
            return Precision(2 - value.adjusted())
        return precision

    def used(self, q: Quantity, wrongly: frozenset[Quantity] = NONE) -> Decimal:
        """A quantity's number: given, typed, or worked out, and not rounded, where blank.

        wrongly: the blank lines that are taken as the student seems to have worked them.
        """
        if q in self.standing:
            return self.standing[q]
        if (q, wrongly) not in self._worked_out:
            self._worked_out[q, wrongly] = Decimal("NaN")  # a wrong formula may want what comes of it
            wrong = self.assumed[q] if q in wrongly else None
            value = self.value_of(self.formula(q), wrongly) if wrong is None else self.wrong_value(wrong, q)
            self._worked_out[q, wrongly] = value
        return self._worked_out[q, wrongly]

    def wrong_value(self, explanation: Explanation, at: Quantity) -> Decimal:
        """What a blank line is taken to have held."""
        if explanation.held is not None:
            return explanation.held.number
        wrong = next(h.formula for h in explanation.members if h.step.quantity == at)
        return self.value_of(wrong, explanation.after.union(self.unwritten(explanation)))

    @cached_property
    def _worked_out(self) -> dict[tuple[Quantity, frozenset[Quantity]], Decimal]:
        """The numbers of blank lines, each worked out once."""
        return {}

    @cached_property
    def standing(self) -> dict[Quantity, Decimal]:
        """The numbers that stand on the sheet: given, or typed."""
        typed = {q: answer.value for q, answer in self.answers.items() if isinstance(answer, Typed)}
        return {**typed, **self.problem.values}

    def value_of(self, formula: Formula, wrongly: frozenset[Quantity] = NONE) -> Decimal:
        """A formula's value from the numbers of the sheet."""
        return kept_values.value_on(self.standing, formula, lambda q: self.used(q, wrongly))

    def put_in(
        self, formula: Formula, wrongly: frozenset[Quantity], precision: Precision
    ) -> tuple[tuple[Quantity, Decimal], ...]:
        """The numbers that a sentence puts into a formula: as they stand; of blank lines with digits enough."""
        used = {q: self.used(q, wrongly) for q in leaves(formula)}
        value = self.value_of(formula, wrongly)
        if used.keys() <= self.standing.keys() or not value.is_finite():
            return tuple(used.items())
        return tuple(enough_digits.put_in([(formula, value)], used, self.standing, precision).items())

    def right_value(self, q: Quantity) -> Decimal:
        """What the student's own earlier lines give for a line."""
        return self.value_of(self.formula(q), self.wrongly(q))

    def own_value(self, q: Quantity) -> float:
        """The same, for the record."""
        value = float(self.right_value(q))
        return value if isfinite(value) else nan

    def own(self, q: Quantity) -> str:
        """The same, to as many places as the student writes."""
        return self.rounded(self.right_value(q), self.written(q))

    def written(self, q: Quantity) -> Precision:
        """To what the student writes a line, or would without a slip, or the sheet if that is finer."""
        answer, explanation = self.typed(q), self.found.explained.get(q)
        plain = answer is not None and q not in self.working
        typed = -int(answer.unit.adjusted()) if answer is not None and plain else 0
        if explanation is not None and explanation.slip is not None and explanation.slip.meant:
            typed = min(typed, len(explanation.slip.meant.partition(".")[2]))
        if self.precision.significant and typed and answer is not None:
            typed += answer.value.adjusted() + 1 if answer.value else -typed
        finest = max(self.precision.digits, min(typed, MOST))
        return replace(self.precision, digits=finest)

    def unit(self, q: Quantity) -> Decimal:
        """What one unit in the last place of a line is worth."""
        answer = self.typed(q)
        working = self.precision.unit(self.key[q] if answer is None or not answer.value else answer.value)
        return working if answer is None else min(answer.unit, working)

    def blanks_before(self, q: Quantity) -> list[Quantity]:
        """The blank lines that lead to a line through blank lines only, in order of computation."""
        found: set[Quantity] = set()
        queue = [q]
        while queue:
            parents = [p for p in self.graph.by_quantity[queue.pop()].parents if p in self.graph.by_quantity]
            new = [p for p in parents if p not in found and self.typed(p) is None]
            found.update(new)
            queue += new
        return sorted(found, key=self.graph.position.__getitem__)

    def conditions(self, q: Quantity) -> list[Quantity]:
        """The blank lines whose wrong numbers a sentence about this line rests on."""
        wrongly = self.wrongly(q)
        return [p for p in self.blanks_before(q) if p in wrongly]

    def is_sure(self, explanation: Explanation) -> bool:
        """Whether an explanation is likely enough to point elsewhere, and rests on no other."""
        likely = explanation.held.sure if explanation.held else explanation.causes[0].probability >= SURE
        return likely and not self.conditions(explanation.quantity)

    def is_one_of(self, explanation: Explanation) -> bool:
        """Whether it is one of the mistakes named as fitting alike, and rests on no other."""
        alike = sum(c.probability for c in explanation.causes if c.probability >= TIE)
        return alike >= SURE and not self.conditions(explanation.quantity)

    def somewhere(self, q: Quantity) -> str:
        """The lines among which a break lies, and the likelier of them: what a right line builds on was right."""
        blank = self.blanks_before(q)
        right = [
            p
            for p, line in self.judged.lines.items()
            if self.typed(p) and line.verdict[self.column] == Verdict.CORRECT
        ]
        cleared = {at for p in right for at in self.blanks_before(p)}
        left = [p for p in blank if p not in cleared]
        likely = ", most likely" if left and len(left) < len(blank) else ""
        names = [self.label(p) for p in left or blank]
        which = f" from {names[0]} on" if len(names) > NAMED else f" {listed(names, 'or')}"
        return f"it broke at {self.label(q)} or in a line not written down{likely or ','}{which}"

    def whose(self, q: Quantity) -> str:
        """From which numbers right work gives what it gives on a line."""
        parents = [p for p in self.graph.by_quantity[q].parents if p in self.graph.by_quantity]
        above = self.graph.ancestors[q]
        if self.problem.kind.solution:
            whose = "the printed lines give"
        elif not any(self.typed(p) is not None for p in (above if parents else ())):
            whose = "the given numbers give"
        elif all(self.typed(p) is not None for p in parents):
            whose = "your own lines give"
        else:
            whose = "right work on your lines gives"
        said = [f"{self.label(p)} as said at {self.label(self.shows(p))}" for p in self.conditions(q)]
        return f"with {' and '.join(said)}, {whose}" if said else whose


def neat(typed: str) -> str:
    """Typed text with a true minus sign and a decimal point."""
    return typed.strip().replace("-", typeset.MINUS).replace(",", ".")
