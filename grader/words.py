"""What a student is told about a line: one or two sentences in his own numbers.

The first says what the line shows, the second what his own earlier lines give. With hints only, neither
numbers nor the wrong formula are given away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from math import isfinite, nan
from typing import TYPE_CHECKING

from exercises import typeset
from exercises.formula import Formula, leaves
from grader import recall
from grader.judge import Note, Verdict
from grader.numbers import Typed, Unreadable
from grader.slips import SAYS
from grader.working import broken_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.problem import Problem
    from exercises.quantity import Quantity
    from exercises.steps import StepGraph
    from grader.answers import Working
    from grader.diagnose import Diagnosis
    from grader.explain import Explanation
    from grader.judge import Judgement
    from grader.sheets import Answer

TIE = 0.08  # a runner-up from this probability on is mentioned too
SURE = 0.5  # a blank line is named only from this probability on
NAMED = 3  # so many broken lines are named one by one


@dataclass(frozen=True)
class Speaker:
    """Finds the words for one student's sheet.

    found:   the diagnosis of the sheet.
    answers: what was read on each line.
    working: the way to an answer, where one was written.
    hints:   tell where to look, not what the answer is.
    """

    problem: Problem
    found: Diagnosis
    answers: Mapping[Quantity, Answer]
    working: Mapping[Quantity, Working]
    hints: bool = False
    blanks: dict[Quantity, Decimal] = field(default_factory=dict, init=False, repr=False, compare=False)

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

    def label(self, q: Quantity) -> str:
        """A quantity as the sheet writes it."""
        return self.problem.label(q).text

    def shown(self, q: Quantity) -> str:
        """A quantity's number as the student has it: given, typed, or what his lines give where blank."""
        if q in self.problem.values:
            return typeset.number(self.problem.values[q])
        answer = self.answers.get(q)
        if isinstance(answer, Typed):
            return answer.text.replace("-", typeset.MINUS).replace(",", ".")
        return typeset.number(self.used(q))

    def rounded(self, value: Decimal, places: int | None = None) -> str:
        """A computed number at the places asked for, or to three figures where it would vanish."""
        if not value.is_finite():
            return "no number"
        places = self.problem.places if places is None else places
        if value and abs(value) < Decimal(5).scaleb(-places):
            places = min(30, 2 - value.adjusted())
        return typeset.number(value, places)

    def used(self, q: Quantity) -> Decimal:
        """A quantity's number as it stands in the sentences: given, typed, or rounded where blank."""
        if q in self.problem.values:
            return self.problem.values[q]
        answer = self.answers.get(q)
        if isinstance(answer, Typed):
            return answer.value
        if q not in self.blanks:
            value = self.value_of(self.formula(q))
            self.blanks[q] = typeset.rounded(value, self.problem.places) if value.is_finite() else value
        return self.blanks[q]

    def value_of(self, formula: Formula) -> Decimal:
        """A formula's value from the very numbers that a sentence shows."""
        return recall.value(formula, self.used)

    def own_value(self, q: Quantity) -> float:
        """What the student's own earlier lines give for a line, for the record."""
        explanation = self.found.explained.get(q)
        if explanation is not None and isfinite(explanation.gives):
            return explanation.gives
        value = self.value_of(self.formula(q))
        return float(value) if value.is_finite() else nan

    def own(self, q: Quantity) -> str:
        """What the student's own earlier lines give for a quantity, to as many places as he writes."""
        answer = self.answers.get(q)
        plain = isinstance(answer, Typed) and q not in self.working
        typed = -int(answer.unit.adjusted()) if isinstance(answer, Typed) and plain else 0
        return self.rounded(self.value_of(self.formula(q)), max(self.problem.places, min(typed, 12)))

    def line(self, q: Quantity, explanation: Explanation | None) -> str:
        """The sentences for one line; empty where nothing needs saying."""
        line = self.judged.lines[q]
        verdict, note = Verdict(line.verdict[self.column]), Note(line.note[self.column])
        match verdict:
            case Verdict.WRONG:
                return self.wrong(q, explanation)
            case Verdict.FOLLOWS:
                return self.follows(q)
            case Verdict.MISSING:
                return "Left blank."
            case Verdict.UNREADABLE:
                answer = self.answers.get(q)
                return answer.told() if isinstance(answer, Unreadable) else "A person must look."
            case Verdict.NOT_ASSESSED:
                return self.not_assessed(q, note)
        return self.right(note)

    def right(self, note: Note) -> str:
        """A right line that deserves a remark."""
        if note is Note.CUT_OFF:
            return "Right. It looks as if digits were cut off rather than rounded."
        if note is Note.COARSE:
            return f"Right, but rounded too far: {self.problem.places} decimal places are asked for."
        return ""

    def not_assessed(self, q: Quantity, note: Note) -> str:
        """A line that tells nothing, with the reason."""
        if note is Note.TRIVIAL:
            return self.trivial(q)
        if note is Note.TOO_COARSE:
            return f"Written to so few digits, this shows nothing; {self.problem.places} decimal places are asked for."
        if note is Note.HIDDEN:
            return "This cannot be judged, because a line that it builds on could not be read; it is not counted."
        return (
            "This cannot be judged at so few decimal places, where rounding alone could change the number by as "
            "much as the number itself; it is not counted."
        )

    def trivial(self, q: Quantity) -> str:
        """A line that an earlier number of the student's leaves nothing to do in."""
        stock = [
            p
            for p in self.graph.by_quantity[q].parents
            if isinstance(answer := self.answers.get(p), Typed) and abs(answer.value) in (0, 1)
        ]
        if not stock:
            return "The same number stands on many lines of this sheet, so this one shows nothing; it is not counted."
        named = f"{self.label(stock[0])} stands at {self.shown(stock[0])} on your sheet"
        return f"{named}, so this line shows nothing more; it is not counted."

    def follows(self, q: Quantity) -> str:
        """A right step on wrong numbers."""
        broken = [
            self.label(step.quantity)
            for step in self.graph.steps
            if step.quantity in self.graph.ancestors[q]
            and self.judged.lines[step.quantity].verdict[self.column] == Verdict.WRONG
        ]
        if self.found.convention is not None:  # the key's number may differ for that alone
            return "The right step on your own earlier numbers."
        behind = {e.causes[0].hypothesis.step.quantity for e in self.found.explained.values() if e.causes}
        blank = {p for p in behind if self.judged.lines[p].blank[self.column]}
        if not broken or blank & self.graph.ancestors[q]:
            return (
                "The right step; it differs from the key because of a break further up, in a line left blank."
            )
        if len(broken) > NAMED:
            because = f"the broken lines before it, the first of them {broken[0]}"
        else:
            because = " and ".join([", ".join(broken[:-1]), broken[-1]] if broken[:-1] else broken)
        return f"The right step on your own earlier numbers; it differs from the key because of {because}."

    def wrong(self, q: Quantity, explanation: Explanation | None) -> str:
        """A broken line."""
        if self.hints:
            return self.hint(q, explanation)
        slipped = self.slipped(q)
        if slipped:
            return slipped
        typed = f"Your {self.label(q)} = {self.shown(q)}"
        if explanation is None:
            return f"{typed} does not follow: {self.gives(q)}."
        if explanation.causes and explanation.copied is None:
            at = explanation.causes[0].hypothesis.step.quantity
            if at == q:
                return self.mistake(q, explanation)
            if explanation.causes[0].probability >= SURE:
                return self.behind(q, explanation)
        if explanation.slip is not None:
            return f"{typed}, but {self.gives(q)}; {SAYS[explanation.slip.kind]}."
        if explanation.copied is not None:
            return f"{typed} is the number of {self.label(explanation.copied)}; {self.gives(q)} here."
        if len(explanation.segment) > 1:
            first = self.label(explanation.segment[0])
            return f"{typed} does not follow from your lines; the break lies somewhere from {first} to {self.label(q)}."
        return f"{typed} does not follow: {self.gives(q)}."

    def slipped(self, q: Quantity) -> str:
        """Working that is right up to a link whose value was not worked out rightly; empty if none is."""
        working = self.working.get(q)
        if working is None or len(working.links) < 2:  # noqa: PLR2004 - a link and the next
            return ""
        unit = float(self.judged.unit[self.column])
        broken = broken_link(working, lambda p: float(self.used(p)), unit)
        if broken is None or broken + 1 >= len(working.shown):
            return ""
        value = self.value_of(working.links[broken])
        own = self.judged.lines[q].own
        low, high = float(own.lo[self.column]) - unit, float(own.hi[self.column]) + unit
        if not value.is_finite() or not low <= float(value) <= high:
            return ""
        return (
            f"Your working for {self.label(q)} is right as far as {_neat(working.shown[broken])}; that is "
            f"{self.rounded(value)}, not {_neat(working.shown[broken + 1])}."
        )

    def gives(self, q: Quantity) -> str:
        """What right work gives here, on the student's own numbers as far as there are any."""
        if self.problem.plan.shows_solution:
            return f"the printed lines give {self.worked(q)}"
        blank = any(
            p in self.graph.by_quantity and not isinstance(self.answers.get(p), Typed)
            for p in self.graph.by_quantity[q].parents
        )
        return f"{'from your numbers follows' if blank else 'your own lines give'} {self.worked(q)}"

    def mistake(self, q: Quantity, explanation: Explanation) -> str:
        """A broken line with a name for what happened."""
        cause = explanation.causes[0]
        wrong = typeset.symbolic(cause.hypothesis.formula, self.problem.label)
        says = cause.hypothesis.says(self.problem.label).removesuffix(".").replace(": ", "; ")
        gives = self.gives(q)
        out = f"Your {self.label(q)} = {self.shown(q)} is what {wrong} gives: {says}. {gives[0].upper()}{gives[1:]}."
        others = [
            c for c in explanation.causes[1:] if c.hypothesis.mistake.name != cause.hypothesis.mistake.name
        ]
        if others and others[0].probability >= TIE:
            out += f" (The same number also fits: {others[0].hypothesis.mistake.name}.)"
        return out

    def again(self, q: Quantity, first: str, name: str) -> str:
        """A mistake that has been explained further up."""
        if self.hints:
            return f"The same as at {first}; it costs a mark only once."
        said = f"The same as at {first} ({name}); it costs a mark only once."
        gives = self.gives(q)
        return f"{said} {gives[0].upper()}{gives[1:]}."

    def behind(self, q: Quantity, explanation: Explanation) -> str:
        """A line that shows a break in one that was left blank."""
        hypothesis = explanation.causes[0].hypothesis
        at = hypothesis.step.quantity
        wrong = typeset.symbolic(hypothesis.formula, self.problem.label)
        right = typeset.symbolic(self.formula(at), self.problem.label)
        there = self.rounded(Decimal(repr(explanation.there))) if isfinite(explanation.there) else "?"
        gives = self.rounded(Decimal(repr(explanation.gives))) if isfinite(explanation.gives) else "?"
        return (
            f"Your {self.label(q)} = {self.shown(q)} fits {self.label(at)} = {wrong}, a line that you did not write "
            f"down. There {right} = {there} belongs, which makes {self.label(q)} = {gives}."
        )

    def worked(self, q: Quantity) -> str:
        """The right formula with the student's own numbers, and what it gives."""
        formula = self.formula(q)
        parts = [
            typeset.symbolic(formula, self.problem.label),
            typeset.substituted(formula, self.shown),
            self.own(q),
        ]
        if not list(leaves(formula)):
            parts = parts[-1:]
        return " = ".join(p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1])

    def hint(self, q: Quantity, explanation: Explanation | None) -> str:
        """Where to look, without giving anything away."""
        first = f"Look at {self.label(q)} again."
        if explanation is not None and explanation.causes:
            return f"{first} {explanation.causes[0].hypothesis.mistake.hint}"
        if explanation is not None and (explanation.slip or explanation.copied):
            return f"{first} Compare what you wrote with what your calculator shows."
        used = ", ".join(self.label(p) for p in dict.fromkeys(leaves(self.formula(q))))
        return f"{first} It is made from {used}."

    def formula(self, q: Quantity) -> Formula:
        """The right formula of a line."""
        return self.graph.by_quantity[q].formula


def _neat(typed: str) -> str:
    """Typed working with a true minus sign and a decimal point."""
    return typed.strip().replace("-", typeset.MINUS).replace(",", ".")
