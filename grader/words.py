"""What a student is told about a line: one or two sentences in his own numbers.

The first says what the line shows, the second what his own earlier lines give. With hints only, neither
numbers nor the wrong formula are given away.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING

from exercises import typeset
from exercises.formula import Formula, leaves
from grader.judge import Note, Verdict
from grader.numbers import Typed, Unreadable
from grader.slips import SAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exercises.problem import Problem
    from exercises.quantity import Quantity
    from exercises.steps import StepGraph
    from grader.diagnose import Diagnosis
    from grader.explain import Explanation
    from grader.hypotheses import Hypothesis
    from grader.judge import Judgement
    from grader.sheets import Answer

TIE = 0.75  # below this probability the runner-up is mentioned too


@dataclass(frozen=True)
class Speaker:
    """Finds the words for one student's sheet.

    found:   the diagnosis of the sheet.
    answers: what was read on each line.
    hints:   tell where to look, not what the answer is.
    """

    problem: Problem
    found: Diagnosis
    answers: Mapping[Quantity, Answer]
    hints: bool = False

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
            return answer.text.replace("-", typeset.MINUS)
        return self.rounded(float(self.judged.box(q).mid[self.column]))

    def rounded(self, value: float) -> str:
        """A computed number at the places asked for, or to three figures where it would vanish."""
        if not isfinite(value):
            return "no number"
        exact = Decimal(repr(value))
        places = self.problem.places
        if exact and abs(exact) < Decimal(5).scaleb(-places):
            places = min(30, 2 - exact.adjusted())
        return typeset.number(exact, places)

    def own(self, q: Quantity) -> str:
        """What the student's own earlier lines give for a quantity."""
        return self.rounded(float(self.judged.lines[q].own.mid[self.column]))

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
                reason = answer.reason if isinstance(answer, Unreadable) else "it could not be read"
                return f"Not marked wrong, but a person must look: {reason}."
            case Verdict.NOT_ASSESSED:
                return self.not_assessed(q, note)
        return self.right(note)

    def right(self, note: Note) -> str:
        """A right line that deserves a remark."""
        if note is Note.CUT_OFF:
            return "Right. It looks as if digits were cut off here or earlier; rounding keeps the last digit right."
        if note is Note.COARSE:
            return f"Right, but rounded too early: {self.problem.places} decimal places are asked for."
        return ""

    def not_assessed(self, q: Quantity, note: Note) -> str:
        """A line that tells nothing, with the reason."""
        if note is Note.TRIVIAL:
            earlier = self.earlier_wrong(q)
            named = f" {earlier}" if earlier else ""
            return f"Nothing is left to judge here: an earlier line{named} is 0 or 1, which makes this step trivial."
        if note is Note.TOO_COARSE:
            return f"Written to so few digits, this shows nothing; {self.problem.places} decimal places are asked for."
        if note is Note.HIDDEN:
            return "This cannot be judged, because a line that it builds on could not be read."
        return (
            "This cannot be judged at so few decimal places: rounding alone could change the number by as much "
            "as the number itself."
        )

    def follows(self, q: Quantity) -> str:
        """A right step on wrong numbers."""
        earlier = self.earlier_wrong(q)
        if not earlier:
            return "The right step on your own earlier numbers."
        return f"The right step on your own earlier numbers; it differs only because of {earlier}."

    def earlier_wrong(self, q: Quantity) -> str:
        """The broken lines that this one builds on, nearest last."""
        broken = [
            self.label(step.quantity)
            for step in self.graph.steps
            if step.quantity in self.graph.ancestors[q]
            and self.judged.lines[step.quantity].verdict[self.column] == Verdict.WRONG
        ]
        return " and ".join(broken[-2:])

    def wrong(self, q: Quantity, explanation: Explanation | None) -> str:
        """A broken line."""
        if self.hints:
            return self.hint(q, explanation)
        if explanation is not None and explanation.causes and explanation.copied is None:
            return self.mistake(q, explanation)
        typed, own = f"Your {self.label(q)} = {self.shown(q)}", self.own(q)
        if explanation is not None and explanation.slip is not None:
            slip = explanation.slip
            return f"{typed}, but your own lines give {self.worked(q)}: {SAYS[slip.kind]}."
        if explanation is not None and explanation.copied is not None:
            copied = self.label(explanation.copied)
            return f"{typed} is the number of {copied}; your own lines give {self.worked(q)} here."
        if explanation is not None and len(explanation.segment) > 1:
            among = ", ".join(self.label(p) for p in explanation.segment)
            return f"{typed} does not follow from your own lines, which give {own}; the break lies among {among}."
        return f"{typed} does not follow from your own lines, which give {self.worked(q)}."

    def mistake(self, q: Quantity, explanation: Explanation) -> str:
        """A broken line with a name for what happened."""
        cause = explanation.causes[0]
        at = cause.hypothesis.step.quantity
        says = self.says(cause.hypothesis)
        if at == q:
            wrong = typeset.symbolic(cause.hypothesis.formula, self.problem.label)
            first = f"Your {self.label(q)} = {self.shown(q)} is what {wrong} gives: {says}"
        else:
            first = f"Your {self.label(q)} = {self.shown(q)} fits a slip at {self.label(at)}, which you left blank: {says}"
        second = f" Your own lines give {self.worked(q)}."
        if cause.probability < TIE and len(explanation.causes) > 1:
            other = explanation.causes[1].hypothesis.mistake.name
            second += f" (The same number also fits: {other}.)"
        return first + second

    def worked(self, q: Quantity) -> str:
        """The right formula with the student's own numbers, and what it gives."""
        formula = self.graph.by_quantity[q].formula
        parts = [
            typeset.symbolic(formula, self.problem.label),
            typeset.substituted(formula, self.shown),
            self.own(q),
        ]
        return " = ".join(p for i, p in enumerate(parts) if i == 0 or p != parts[i - 1])

    def says(self, hypothesis: Hypothesis) -> str:
        """The entry's sentence with its words filled in."""
        words = {name: self.word(value) for name, value in hypothesis.change.words.items()}
        return hypothesis.mistake.says.format_map(words)

    def word(self, value: Quantity | Formula | str) -> str:
        """One word of a sentence."""
        if isinstance(value, str):
            return value
        if isinstance(value, Formula):
            return typeset.symbolic(value, self.problem.label)
        return self.label(value)

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
